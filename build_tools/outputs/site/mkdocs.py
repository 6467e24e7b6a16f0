"""Run MkDocs through its public API over the pages that changed, and move the result by a journal.

MkDocs gets some hundred of the changed pages at a time and what they link to, so that every link
resolves and is checked at a cost, in time and in memory, that does not grow with the corpus; a File
subclass whose `is_modified()` says which are rendered (FACTS.md, "A subset build works"). The pages
are byte-identical to those of `mkdocs build --strict`, and so is the sitemap, which speaks of all
pages and is written here.

MkDocs writes into an empty staging folder; the journal then moves each file into `site/`. Killed
at any moment, every file is whole, old or new, and the next `roll_forward` finishes what the
journal says.
"""

from __future__ import annotations

import logging
import math
import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation

from build_tools.core import workers
from build_tools.core.files import gzipped
from build_tools.core.guard import MACHINE
from build_tools.core.messages import Message, Stop, foreign, say
from build_tools.core.paths import PACKAGE
from build_tools.core.site import UNLISTED
from build_tools.outputs.site.inline import Inline

PART = 60  # pages: a second of rendering against the half that one more process takes to start
MOST = 1000  # pages: MkDocs holds the HTML of all that it is given; half of 10,000 articles' took 2.2 GB a process
SITEMAP = "sitemap.xml"
ABSOLUTE = (SITEMAP, "opensearch.xml")  # hold whole addresses: a site without one has neither
SITEMAPS = (SITEMAP, f"{SITEMAP}.gz")
THEME = str(PACKAGE / "theme")
UNUSED = (
    "assets/javascripts/lunr/",
    "assets/javascripts/workers/",
)  # 964 kB of Material's search; ours is Pagefind


class PublishError(Stop):
    """The site cannot be built; the message holds MkDocs's warnings, one a line."""

    def __init__(self, why: Message) -> None:
        super().__init__(say("the build stopped, the last good site stays: {}", why))
        self.why = why

    def __reduce__(self) -> tuple[Any, ...]:  # from a worker: its message has the words above already
        return PublishError, (self.why,)


class _Chosen(File):
    """A file that is rendered only when it is among the chosen ones."""

    chosen: bool

    def is_modified(self) -> bool:
        return self.chosen


class _Subset(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Chooses what is known and what is rendered, and dates pages by their content."""

    def __init__(self, part: Part, docs: Path) -> None:
        self.part = part
        self.docs = docs
        self.asked: set[tuple[str, str]] = set()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if self.part.theme:
            config.theme.static_templates.discard(SITEMAP)
            if not config.site_url:
                config.theme.static_templates.difference_update(ABSOLUTE)
        else:
            config.theme.static_templates.clear()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for name in sorted(_reached(self.docs, self.part.pages, config), key=_in_order):
            files.append(File(name, str(self.docs), config.site_dir, config.use_directory_urls))
        unused = UNUSED if config.site_url else (*UNUSED, *ABSOLUTE)
        for file in [file for file in files if file.src_uri.startswith(unused)]:
            files.remove(file)
        for file in files:
            of_theme = file.src_dir != str(self.docs)
            file.__class__ = _Chosen
            assert isinstance(file, _Chosen)
            file.chosen = self.part.theme if of_theme else file.src_uri in self.part.pages
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        from mkdocs.structure.pages import Page  # noqa: PLC0415

        for file in files.documentation_pages():
            page = file.page or Page(None, file, config)
            day = self.part.dates.get(file.src_uri, "")
            page.update_date = "" if day == UNLISTED else day  # none: the sitemap has no <lastmod>
            if not file.is_modified():
                page.present_anchor_ids = _Asked(file.src_uri, self.asked)
        return nav


class _Asked(set[str]):
    """The anchors of a page that this part does not render: noted, for all parts' pages are looked at in the end."""

    def __init__(self, page: str, asked: set[tuple[str, str]]) -> None:
        super().__init__()
        self.page = page
        self.asked = asked

    def __contains__(self, item: object) -> bool:
        self.asked.add((self.page, str(item)))
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


def configuration(
    config_file: Path, docs: Path, site: Path, site_url: str | None = None, traditional: bool = False
) -> MkDocsConfig:
    """The project's own mkdocs.yml with other folders and with our theme, behind a `custom_dir` of its own; strict.

    `traditional`: pages lead to their twins in the mirror.
    """
    config = load_config(
        str(config_file), docs_dir=str(docs), site_dir=str(site), strict=True, site_url=site_url or ""
    )
    if THEME not in config.theme.dirs:  # mkdocs.yml of the checkout names it, so that plain MkDocs finds it
        config.theme.dirs.insert(config.theme.custom_dir is not None, THEME)
    config.extra["traditional"] = traditional
    return config


# What Markdown can link to: the target of an inline link or of a reference, without title and anchor.
_TARGET = re.compile(r"(?:\]\(|^ {0,3}\[[^\]\n]+\]:[ \t]*)<?([^)\s>#]+)", re.MULTILINE)


def _reached(docs: Path, pages: Collection[str], config: MkDocsConfig) -> set[str]:
    """The pages themselves, those of the menu, and every file of `docs` that they link to."""
    found = {*pages, *_menu(config.nav)}
    for name in pages:
        folder = name.rpartition("/")[0]
        for target in set(_TARGET.findall((docs / name).read_text("utf-8"))):
            if "://" not in target:
                found.add(posixpath.normpath(posixpath.join(folder, unquote(target))))
    return {name for name in found if (docs / name).is_file()}


def _menu(entries: Any) -> Iterator[str]:
    """The paths in `nav` of mkdocs.yml, at any depth."""
    if isinstance(entries, str):
        yield entries
    elif isinstance(entries, Mapping):
        yield from _menu(list(entries.values()))
    elif isinstance(entries, Sequence):
        for entry in entries:
            yield from _menu(entry)


def _in_order(name: str) -> tuple[tuple[str, ...], bool, str]:
    """MkDocs's own order of files: folder by folder, the index first.

    >>> sorted(["b/x.md", "b/index.md", "a.md"], key=_in_order)
    ['a.md', 'b/index.md', 'b/x.md']
    """
    parts = tuple(name.split("/"))
    return parts[:-1], parts[-1] not in ("index.md", "README.md"), parts[-1]


@dataclass(frozen=True)
class Plan:
    """One run of MkDocs over a docs folder: what all its parts share. `site` has the pages of former runs."""

    config: Path
    docs: Path
    staging: Path
    site: Path
    site_url: str | None = None
    traditional: bool = False


@dataclass(frozen=True)
class Part:
    """Pages that one process renders. `dates` are those of the pages, ISO.

    `theme`: also the theme's own files and site-wide templates; of parallel parts one has them.
    """

    pages: frozenset[str]
    dates: Mapping[str, str]
    theme: bool = False


def run_part(task: tuple[Plan, Part]) -> tuple[int, set[tuple[str, str]]]:
    """The task that an executor runs: render one part into staging.

    Returns its number of pages, and the anchors that they link to on other pages: (page below docs/, anchor).

    Raises PublishError with MkDocs's own warnings.
    """
    plan, part = task
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"  # whatever it was: no page shows a time of the build
    logger = logging.getLogger("mkdocs")
    collect = _Collect()
    source = logging.getLogger("mkdocs.commands.build")
    source.addFilter(_not_dirty)
    propagate = logger.propagate
    logger.propagate = False
    logger.addHandler(collect)
    try:
        with tempfile.TemporaryDirectory() as nothing:
            config = configuration(plan.config, Path(nothing), plan.staging, plan.site_url, plan.traditional)
            config.markdown_extensions.append(Inline())  # type: ignore[arg-type]
            subset = config.plugins["digest/subset"] = _Subset(part, plan.docs)
            mkdocs_build(config, dirty=True)
    except (Abort, MkDocsException) as error:
        raise PublishError(foreign("\n".join(collect.lines) or error)) from error
    except Exception as error:  # MkDocs names the page that it failed on, and raises what it met
        if isinstance(error, OSError) and error.errno in MACHINE:
            raise
        told = "\n".join((*collect.lines, f"{type(error).__name__}: {error}"))
        raise PublishError(foreign(told)) from error
    finally:
        logger.removeHandler(collect)
        logger.propagate = propagate
        source.removeFilter(_not_dirty)
    return len(part.pages), subset.asked


def run(
    plan: Plan,
    changed: Sequence[str],
    dates: Mapping[str, str],
    settings: workers.Settings,
    *,
    assets: bool,
) -> Iterator[int]:
    """Render the changed pages in as many parts as pay, and lay the changed static files beside them.

    With `assets` the theme's own files are made too. Yields how many files each step made. Raises PublishError.
    Workers of a cluster need `docs` and `staging` on a file system that they share.
    """
    pages = [name for name in changed if name.endswith(".md")]
    static = [name for name in changed if not name.endswith(".md")]
    jobs = workers.processes(settings.jobs)
    size = max(PART, min(MOST, math.ceil(len(pages) / (2 * jobs))))
    parts = [
        Part(frozenset(mine), {name: dates[name] for name in mine if name in dates}, theme=assets and at == 0)
        for at, mine in enumerate(workers.chunks(pages, size) or [()] * assets)
    ]
    for name in static:
        place(plan.docs / name, plan.staging / name)
    if static:
        yield len(static)
    with workers.executor(settings.jobs, settings.scheduler, len(parts), fresh=len(pages) > MOST) as pool:
        asked: set[tuple[str, str]] = set()
        for _, (done, some) in workers.run(pool, run_part, [(plan, part) for part in parts]):
            asked |= some
            yield done
    _check_anchors(plan, asked, pages)


def _check_anchors(plan: Plan, asked: Collection[tuple[str, str]], pages: Sequence[str]) -> None:
    """Raise PublishError for anchors that the finished pages, new or of former builds, lack."""
    missing = []
    for target, group in groupby(sorted(asked), key=itemgetter(0)):
        folders = (folder / output_of(target) for folder in (plan.staging, plan.site))
        if page := next((path for path in folders if path.exists()), None):  # none: a page for maintainers
            html = page.read_bytes()
            missing += [
                (target, anchor) for _, anchor in group if f'id="{escape(anchor)}"'.encode() not in html
            ]
    told = []
    for target, anchor in missing:
        link = f"{target.rpartition('/')[2]}#{anchor}"
        by = next(
            (name for name in pages if link in unquote((plan.docs / name).read_text("utf-8"))), "a page"
        )
        told.append(f"Doc file '{by}' contains a link to '{target}#{anchor}', but there is no such anchor.")
    if told:
        raise PublishError(foreign("\n".join(told)))


def place(source: Path, target: Path) -> None:
    """Put a finished file into the site: the same file under a second name where the disk can, else a copy.

    Both trees only ever replace files by renaming, so neither changes under the other.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def sitemap(config: MkDocsConfig, dates: Mapping[str, str]) -> dict[str, bytes]:
    """`sitemap.xml`, plain and packed, of the pages named in `dates` (path below docs/ → ISO date or '').

    MkDocs's own template, without loading every page for it. A page whose content bears no date has
    no `<lastmod>`: neither today's nor an invented one. None for a site without an address: a sitemap names whole ones.
    """
    if not config.site_url:
        return {}
    root = config.site_url  # ends in a slash
    pages = []
    for name in sorted((name for name, day in dates.items() if day != UNLISTED), key=_in_order):
        url = root + quote(output_of(name).removesuffix("index.html"))
        pages.append({"page": {"canonical_url": url, "update_date": dates[name]}})
    text = config.theme.get_env().get_template(SITEMAP).render(pages=pages)
    data = text.encode("utf-8")
    return dict(zip(SITEMAPS, (data, gzipped(data)), strict=True))


def output_of(name: str) -> str:
    """Where MkDocs puts a docs/ file, with directory URLs.

    >>> output_of("articles/a.md"), output_of("people/index.md"), output_of("raw/a.txt")
    ('articles/a/index.html', 'people/index.html', 'raw/a.txt')
    """
    if not name.endswith(".md"):
        return name
    stem = name.removesuffix(".md")
    return f"{stem}.html" if stem == "index" or stem.endswith("/index") else f"{stem}/index.html"


# --- the journal -------------------------------------------------------------
