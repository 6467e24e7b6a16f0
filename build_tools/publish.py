"""Run MkDocs through its public API over the pages that changed, and move the result by a journal.

All files stay in MkDocs's collection, so that every link resolves and is checked;
a File subclass whose `is_modified()` answers from content keys says which are
rendered (FACTS.md, "A subset build works"). The pages are byte-identical to those
of `mkdocs build --strict`. MkDocs writes into an empty staging folder; the journal
then moves each file into `site/`. Killed at any moment, every file is whole, old or
new, and the next `roll_forward` finishes what the journal says.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation

from build_tools import work
from build_tools.cache import write_atomic

PART = 200  # pages: 0.9 s of rendering against the 0.5 s that one more process takes to start
EPOCH = "1980-01-01"  # for pages whose content bears no date; never today's


class PublishError(Exception):
    """MkDocs refused to build; the message holds its warnings, one a line."""


class _Chosen(File):
    """A file that is rendered only when it is among the chosen ones."""

    chosen: bool

    def is_modified(self) -> bool:
        return self.chosen


class _Subset(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Chooses what is rendered, and dates pages by their content."""

    def __init__(self, chosen: Collection[str], dates: Mapping[str, str], whole: bool, theme: bool) -> None:
        self.chosen = chosen
        self.dates = dates
        self.whole = whole  # also the site-wide templates and static files
        self.theme = theme  # also the theme's own files

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self.whole:
            config.theme.static_templates.clear()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        out = []
        for file in files:
            of_theme = file.src_dir != config.docs_dir
            wanted = self.theme if of_theme else file.src_uri in self.chosen
            file.__class__ = _Chosen
            assert isinstance(file, _Chosen)
            file.chosen = wanted and (self.whole or file.is_documentation_page())
            out.append(file)
        return Files(out)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        from mkdocs.structure.pages import Page  # noqa: PLC0415

        for file in files.documentation_pages():
            page = file.page or Page(None, file, config)
            page.update_date = self.dates.get(file.src_uri, EPOCH)
            if not file.is_modified():
                page.present_anchor_ids = _AnyAnchor()
        return nav


class _AnyAnchor(set[str]):
    """Anchors of a page that is not rendered now were checked when it was rendered."""

    def __contains__(self, item: object) -> bool:
        return True


class _Collect(logging.Handler):
    """Keeps MkDocs's warnings for our one clear error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _not_dirty(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("A 'dirty' build")


def configuration(config_file: Path, docs: Path, site: Path, site_url: str | None = None) -> MkDocsConfig:
    """The project's own mkdocs.yml with other folders; strict."""
    overrides: dict[str, Any] = {"docs_dir": str(docs), "site_dir": str(site), "strict": True}
    if site_url:
        overrides["site_url"] = site_url
    return load_config(str(config_file), **overrides)


def render_pages(
    config_file: Path,
    docs: Path,
    staging: Path,
    chosen: Collection[str],
    dates: Mapping[str, str],
    *,
    whole: bool,
    theme: bool = True,
    site_url: str | None = None,
) -> int:
    """Render the chosen `docs/` files into `staging`; returns how many were chosen.

    With `whole`, site-wide templates (404, sitemap) and chosen static files are
    written too, and with `theme` the theme's files; in parallel runs exactly one call has them.

    Raises PublishError with MkDocs's own warnings.
    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")
    logger = logging.getLogger("mkdocs")
    collect = _Collect()
    sources = [logging.getLogger(name) for name in ("mkdocs.commands.build",)]
    for source in sources:
        source.addFilter(_not_dirty)
    propagate = logger.propagate
    logger.propagate = False
    logger.addHandler(collect)
    try:
        config = configuration(config_file, docs, staging, site_url)
        config.plugins["digest/subset"] = _Subset(chosen, dates, whole, theme)
        mkdocs_build(config, dirty=True)
    except (Abort, MkDocsException) as error:
        raise PublishError("\n".join(collect.lines) or str(error)) from error
    finally:
        logger.removeHandler(collect)
        logger.propagate = propagate
        for source in sources:
            source.removeFilter(_not_dirty)
    return len(chosen)


@dataclass(frozen=True)
class Plan:
    """One run of MkDocs over a docs folder: what all its parts share."""

    config: Path
    docs: Path
    staging: Path
    site_url: str | None
    dates: Mapping[str, str]
    theme: bool  # the theme's own files too


def run_part(task: tuple[Plan, Sequence[str], bool]) -> int:
    """The task that an executor runs: render one part of the pages."""
    plan, chosen, whole = task
    return render_pages(
        plan.config, plan.docs, plan.staging, frozenset(chosen), plan.dates,
        whole=whole, theme=plan.theme, site_url=plan.site_url,
    )  # fmt: skip


def run(plan: Plan, changed: Sequence[str], settings: work.Settings) -> Iterator[int]:
    """Render `changed` in as many parts as pay: each has to load the whole collection first.

    Yields how many files each part rendered. The first part also writes static files
    and site-wide templates. Parts on other machines need `docs` and `staging` on a
    file system that they share.
    """
    pages = [name for name in changed if name.endswith(".md")]
    static = [name for name in changed if not name.endswith(".md")]
    count = min(settings.jobs or os.cpu_count() or 1, max(1, len(pages) // PART))
    parts = [pages[at::count] for at in range(count)]
    tasks = [(plan, part if at else part + static, at == 0) for at, part in enumerate(parts)]
    with work.executor(settings.jobs, settings.scheduler, len(tasks)) as pool:
        for _, done in work.run(pool, run_part, tasks):
            yield done


def output_of(name: str) -> str:
    """Where MkDocs puts a docs/ file, with directory URLs.

    >>> output_of("articles/a.md"), output_of("people/index.md"), output_of("raw/a.txt")
    ('articles/a/index.html', 'people/index.html', 'raw/a.txt')
    """
    if not name.endswith(".md"):
        return name
    stem = name.removesuffix(".md")
    return f"{stem}.html" if stem == "index" or stem.endswith("/index") else f"{stem}/index.html"


def versions() -> str:
    """The publisher's parts whose change changes every page."""
    return " ".join(f"{name} {version(name)}" for name in ("mkdocs", "mkdocs-material", "markdown", "jinja2"))


# --- the journal -------------------------------------------------------------


def commit(work: Path, site: Path, staging: Path, remove: Iterable[str], state: bytes) -> None:
    """Move everything in `staging` into `site`, delete `remove`, then store `state`.

    The journal is written whole before the first move, so that a kill at any
    moment is repaired by `roll_forward`.
    """
    moves = sorted(str(path.relative_to(staging)) for path in staging.rglob("*") if path.is_file())
    journal = {"moves": moves, "remove": sorted(set(remove) - set(moves)), "state": state.decode("utf-8")}
    write_atomic(work / "journal.json", json.dumps(journal).encode("utf-8"))
    roll_forward(work, site, staging)


def roll_forward(work: Path, site: Path, staging: Path) -> bool:
    """Finish an interrupted commit, or clear a staging folder that no journal speaks of.

    Returns whether there was a journal.
    """
    path = work / "journal.json"
    if not path.exists():
        shutil.rmtree(staging, ignore_errors=True)
        return False
    journal = json.loads(path.read_bytes())
    made: set[Path] = set()
    for name in journal["moves"]:
        source, target = staging / name, site / name
        if source.exists():  # else it was moved before the kill
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            source.replace(target)
    for name in journal["remove"]:
        target = site / name
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == site or not _rmdir(folder):
                break
    write_atomic(work / "state.json", journal["state"].encode("utf-8"))
    path.unlink()
    shutil.rmtree(staging, ignore_errors=True)
    return True


def _rmdir(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
