"""A small corpus, what a curator may do to it, and its site."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from build_tools.bench.corpus import article
from tests.support.command import Done, digest
from tests.support.once import Once

PERSON = "- id: {id}\n  name: {name}\n"
# Few entries: a build of the whole starter vocabulary makes eighty pages more, all of the same kinds.
REGISTRIES = {
    "themes": "- id: t\n  pref_label: 中央生态环境保护督察\n- id: w\n  pref_label: 污染防治攻坚战\n  alt_labels: [攻坚战]\n",
    "formulations": "- id: f\n  label: 四个意识\n  variants: [“四个意识”]\n  parts: [政治意识, 大局意识]\n",
}


class Built(NamedTuple):
    """A corpus and where its site was built: `out/docs`, `out/site`, `out/.digest`."""

    corpus: Path
    out: Path


def make(root: Path, numbers: range = range(4)) -> Path:
    """Articles of the bench below `root`, cut short."""
    (root / "articles").mkdir(parents=True)
    for number in numbers:
        name, text = article(number)
        (root / "articles" / f"{name}.txt").write_text(text[:1500], "utf-8")
    for name, text in REGISTRIES.items():
        (root / f"{name}.yml").write_text(text, "utf-8")
    return root


def tree(folder: Path) -> dict[str, str]:
    """Path below `folder` → digest of the file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build(corpus: Path, out: Path, code: int | None = 0, *more: object) -> Done:
    return digest("build", "--corpus", corpus, "--out", out, "--no-pdf", *more, code=code)


@pytest.fixture
def built(once: Once, tmp_path: Path) -> Built:
    """A copy of a corpus and its built site, to do with as one likes."""
    made = once("built", lambda folder: build(make(folder / "corpus"), folder / "a"))
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Built(tmp_path / "corpus", tmp_path / "a")


def _forget(redirects: Path, gone: str) -> None:
    """Drop the addresses that lead to a page which goes, by whatever steps."""
    kept: list[str] = []
    nowhere = {gone}
    for line in reversed(redirects.read_text("utf-8").splitlines() if redirects.exists() else []):
        old, _, new = line.partition(": ")
        if new in nowhere:
            nowhere.add(old)
        else:
            kept.insert(0, f"{line}\n")
    if redirects.exists():
        redirects.write_text("".join(kept), "utf-8")


def change(corpus: Path, rng: random.Random) -> str:
    """One random thing that a curator may do."""
    pages = sorted((corpus / "articles").glob("*.txt"))
    page = rng.choice(pages)
    what = rng.choice(("add", "edit", "rename", "withdraw", "correct", "register", "remove", "theme"))
    if what == "add":
        name, text = article(rng.randrange(100, 10_000))
        (corpus / "articles" / f"{name}.txt").write_text(text[:1500], "utf-8")
    elif what == "edit":
        page.write_text(page.read_text("utf-8") + f"  会议要求,抓好第{rng.randrange(99)}项任务。\n", "utf-8")
    elif what == "rename":
        side = page.with_suffix(".yml")
        new = f"renamed-{rng.randrange(10**6)}"
        if side.exists():
            side.rename(side.with_stem(new))
        page.rename(page.with_stem(new))
        with (corpus / "redirects.yml").open("a", encoding="utf-8") as file:
            file.write(f"articles/{page.stem}: articles/{new}\n")
    elif what == "withdraw":
        page.with_suffix(".yml").write_text("status: withdrawn\n", "utf-8")
    elif what == "correct":
        page.with_suffix(".yml").write_text(
            "corrections:\n  - field: held\n    value: 2020-02-0"
            + str(rng.randint(1, 9))
            + "\n    reason: 核对\n",
            "utf-8",
        )
    elif what == "register":
        names = rng.sample(["马龙春", "罗立霞", "何梅丽", "胡杰凤"], 2)
        (corpus / "people.yml").write_text(
            "".join(PERSON.format(id=f"p{i}", name=name) for i, name in enumerate(names)), "utf-8"
        )
    elif what == "remove" and len(pages) > 2:
        page.with_suffix(".yml").unlink(missing_ok=True)
        page.unlink()
        _forget(corpus / "redirects.yml", f"articles/{page.stem}")
    elif what == "theme":
        (corpus / "themes.yml").write_text(
            f"- id: t{rng.randrange(3)}\n  pref_label: 尾矿库治理{rng.choice('甲乙')}\n  alt_labels: [尾矿库]\n",
            "utf-8",
        )
    return what
