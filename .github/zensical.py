"""Would Zensical, the successor of Material for MkDocs, publish the same addresses? `python .github/zensical.py`

It builds the docs/ that `digest build` left, with mkdocs.yml as it is, and compares with site/: which pages are there, and
which anchors of the text are on them. Differences are printed; the exit code is 1 if there are any.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Anchors(HTMLParser):
    """The ids within a page's <article>; those of the theme (`__…`) are not ours."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.inside = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside |= tag == "article"
        name = dict(attrs).get("id")
        if self.inside and name and not name.startswith("__"):
            self.found.add(name)

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "article"


def pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def differences(ours: Path, theirs: Path) -> Iterator[str]:
    """One line a page or anchor that only one of the two sites has."""
    here, there = pages(ours), pages(theirs)
    for what, some in (("only by MkDocs", here - there), ("only by Zensical", there - here)):
        yield from (f"{what}: {page}" for page in sorted(some))
    for page in sorted(here & there):
        own, other = Anchors(ours / page).found, Anchors(theirs / page).found
        for what, ids in (("only by MkDocs", own - other), ("only by Zensical", other - own)):
            if ids:
                yield f"{what}: {page} {' '.join(f'#{one}' for one in sorted(ids))}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix=".zensical-", dir=ROOT) as folder:
        out = Path(folder) / "site"
        config = ROOT / f"{Path(folder).name}.yml"  # paths in it are relative to where it is
        told = (ROOT / "mkdocs.yml").read_text("utf-8")
        config.write_text(re.sub(r"(?m)^site_dir: .*$", f"site_dir: {Path(folder).name}/site", told), "utf-8")
        try:
            command = [str(Path(sys.executable).with_name("zensical")), "build", "--config-file", str(config)]
            done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
        finally:
            config.unlink()
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], sep="\n")
            return 1
        found = list(differences(ROOT / "site", out))
        print(f"{len(pages(ROOT / 'site'))} pages by MkDocs, {len(pages(out))} by Zensical", *found, sep="\n")
        return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
