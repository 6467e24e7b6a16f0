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
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme

from build_tools.core import workers
from build_tools.core.diagnostics import Diagnostic
from build_tools.core.files import gzipped, sealed, unsealed, write_atomic
from build_tools.core.guard import BUDGET, MACHINE, Budget, Failed, guarded
from build_tools.core.messages import Message, Stop, foreign, say
from build_tools.core.paths import PACKAGE
from build_tools.core.site import FAILED, UNLISTED
from build_tools.outputs.site.shortcuts import Shortcuts

PART = 60  # pages: a second of rendering against the half that one more process takes to start
MOST = 1000  # pages: MkDocs holds the HTML of all that it is given; half of 10,000 articles' took 2.2 GB a process
SITEMAP = "sitemap.xml"
ABSOLUTE = (SITEMAP, "opensearch.xml")  # hold whole addresses: a site without one has neither
SITEMAPS = (SITEMAP, f"{SITEMAP}.gz")
THEME = str(PACKAGE / "theme")
# 964 kB of Material's search, where ours is Pagefind, and 1,076 kB for those who debug its bundle.
UNUSED = re.compile(r"assets/javascripts/(?:lunr|workers)/|assets/.*\.map$")


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


class _Linked(_Chosen):
    """A file that is only linked to: MkDocs knows its address and makes no page object for it."""

    chosen = False

    def is_documentation_page(self) -> bool:
        return False


class _Files(Files):
    """Looks a path up as it is before MkDocs's way over PurePath: six in ten links of a page are to another."""

    def get_file_from_path(self, path: str) -> File | None:
        return self.src_uris.get(path) or super().get_file_from_path(path)


class _Page(Page):
    """A page that cannot stop the build: what Markdown raises on it is its diagnostic, and a reader is told."""

    failed: list[Diagnostic]
    budget: Budget

    def render(self, config: MkDocsConfig, files: Files) -> None:
        made = guarded(f"docs/{self.file.src_uri}", "html", self.budget, super().render, config, files)
        if isinstance(made, Failed):
            self.failed.append(made.diagnostic)
            self.markdown = FAILED
            super().render(config, files)
            self.present_anchor_ids = _Any()


class _Subset(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Chooses what is known and what is rendered, and dates pages by their content."""

    def __init__(self, part: Part, plan: Plan) -> None:
        self.part = part
        self.plan = plan
        self.docs = plan.docs
        self.asked: set[tuple[str, str]] = set()
        self.failed: list[Diagnostic] = []

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        config.theme.__class__ = _Kept
        assert isinstance(config.theme, _Kept)
        config.theme.compiled = _Compiled(self.plan.compiled)
        if self.part.theme:
            config.theme.static_templates.discard(SITEMAP)
            if not config.site_url:
                config.theme.static_templates.difference_update(ABSOLUTE)
        else:
            config.theme.static_templates.clear()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for file in list(files):  # of the theme
            file.__class__ = _Chosen
            assert isinstance(file, _Chosen)
            file.chosen = self.part.theme
            if UNUSED.match(file.src_uri) or (not config.site_url and file.src_uri in ABSOLUTE):
                files.remove(file)
        pages = {*self.part.pages, *_menu(config.nav)}
        for name in sorted(_reached(self.docs, self.part.pages, pages), key=_in_order):
            where = (name, str(self.docs), config.site_dir, config.use_directory_urls)
            if name in pages:
                page = _Chosen(*where)
                page.chosen = name in self.part.pages
            else:
                page = _Linked(*where, dest_uri=output_of(name), inclusion=InclusionLevel.INCLUDED)
                page.page = SimpleNamespace(present_anchor_ids=_Asked(name, self.asked))  # type: ignore[assignment]
            files.append(page)
        files.__class__ = _Files
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        for file in files.documentation_pages():
            page = file.page
            assert page is not None
            day = self.part.dates.get(file.src_uri, "")
            page.update_date = "" if day == UNLISTED else day  # none: the sitemap has no <lastmod>
            if file.is_modified():
                page.__class__ = _Page
                assert isinstance(page, _Page)
                page.failed, page.budget = self.failed, self.plan.budget
            else:
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


class _Any(set[str]):
    """The anchors of a page that failed: nothing is said of links to them."""

    def __contains__(self, item: object) -> bool:
        return True


class _Kept(Theme):
    """The theme as MkDocs has it, its compiled templates kept, its 12,000 icons not listed: they are no files of a site."""

    compiled: BytecodeCache

    def get_env(self) -> Environment:
        env = super().get_env()
        env.loader = _Visible(self.dirs)
        env.bytecode_cache = self.compiled
        return env


class _Visible(FileSystemLoader):
    """Lists no hidden folder: MkDocs would sort them out one name after the other."""

    def list_templates(self) -> list[str]:
        found = set()
        for root in self.searchpath:
            for folder, inside, names in os.walk(root):
                inside[:] = [name for name in inside if not name.startswith(".")]
                found |= {posixpath.relpath(posixpath.join(folder, name), root) for name in names}
        return sorted(found)


class _Compiled(BytecodeCache):
    """Compiled templates as files, each behind its checksum; Jinja compares the source with what it was made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, ValueError):
            bucket.bytecode_from_string(unsealed(bucket.key, (self.folder / bucket.key).read_bytes()))

    def dump_bytecode(self, bucket: Bucket) -> None:
        write_atomic(self.folder / bucket.key, sealed(bucket.key, bucket.bytecode_to_string()))


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
    config_file: Path,
    docs: Path,
    site: Path,
    site_url: str | None = None,
    extra: Mapping[str, object] = MappingProxyType({}),
) -> MkDocsConfig:
    """The project's own mkdocs.yml with other folders and with our theme, behind a `custom_dir` of its own; strict.

    `extra` is what the theme is told. `traditional`: pages lead to their twins in the mirror; `packed`: the long tables
    are in the archive alone; `editor` and `contact`: as in core.site.Imprint.
    """
    config = load_config(
        str(config_file), docs_dir=str(docs), site_dir=str(site), strict=True, site_url=site_url or ""
    )
    if THEME not in config.theme.dirs:  # mkdocs.yml of the checkout names it, so that plain MkDocs finds it
        config.theme.dirs.insert(config.theme.custom_dir is not None, THEME)
    config.extra |= extra
    return config


# What Markdown can link to: the target of an inline link or of a reference, without title and anchor.
_TARGET = re.compile(r"(?:\]\(|^ {0,3}\[[^\]\n]+\]:[ \t]*)<?([^)\s>#]+)", re.MULTILINE)


def _reached(docs: Path, pages: Collection[str], more: Collection[str]) -> set[str]:
    """The files of `docs` that `pages` link to, and those of `more`."""
    found = set(more)
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
    """One run of MkDocs over a docs folder: what all its parts share.

    `site` has the pages of former runs, `compiled` the theme's templates as Jinja compiled them.
    """

    config: Path
    docs: Path
    staging: Path
    site: Path
    compiled: Path
    budget: Budget = BUDGET
    site_url: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """Pages that one process renders. `dates` are those of the pages, ISO.

    `theme`: also the theme's own files and site-wide templates; of parallel parts one has them.
    """

    pages: frozenset[str]
    dates: Mapping[str, str]
    theme: bool = False


class Rendered(NamedTuple):
    """What a part gives: its number of pages, those that failed, and the anchors that they link to on others:
    (page below docs/, anchor)."""

    pages: int
    failed: list[Diagnostic]
    asked: set[tuple[str, str]]


def run_part(task: tuple[Plan, Part]) -> Rendered:
    """The task that an executor runs: render one part into staging.

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
            config = configuration(plan.config, Path(nothing), plan.staging, plan.site_url, plan.extra)
            config.markdown_extensions.append(Shortcuts())  # type: ignore[arg-type]
            subset = config.plugins["digest/subset"] = _Subset(part, plan)
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
    return Rendered(len(part.pages), subset.failed, subset.asked)


def run(
    plan: Plan,
    changed: Sequence[str],
    dates: Mapping[str, str],
    settings: workers.Settings,
    *,
    assets: bool,
) -> Iterator[tuple[int, list[Diagnostic]]]:
    """Render the changed pages in as many parts as pay, and lay the changed static files beside them.

    With `assets` the theme's own files are made too. Yields how many files each step made, and the pages that
    failed. Raises PublishError.
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
        yield len(static), []
    with workers.executor(settings.jobs, settings.scheduler, len(parts), fresh=len(pages) > MOST) as pool:
        asked: set[tuple[str, str]] = set()
        failed: set[str] = set()
        for _, done in workers.run(pool, run_part, [(plan, part) for part in parts]):
            asked |= done.asked
            failed.update(one.file.removeprefix("docs/") for one in done.failed)
            yield done.pages, done.failed
    _check_anchors(plan, {one for one in asked if one[0] not in failed}, pages)


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
