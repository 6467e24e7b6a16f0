"""`digest add`: take scraped pages into the corpus, and tell at once what was understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

from build_tools.core import workers
from build_tools.core.article import Article, Trust
from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import unfit, write_atomic
from build_tools.core.messages import NOTHING, Message, foreign, say
from build_tools.core.paths import WORK
from build_tools.core.registry import Raw, Sidecar
from build_tools.core.site import Card
from build_tools.core.text import HAN_RE, sha256
from build_tools.core.web_address import WebAddress
from build_tools.core.workers import Settings
from build_tools.corpus import reader as corpus_reader
from build_tools.corpus.corrections import HOW_TO_OVERRIDE
from build_tools.corpus.yaml_source import date_fault
from build_tools.desk.command import Value, a_command, corpus, writable
from build_tools.desk.language import captioned, out, padded, word
from build_tools.graph import copies
from build_tools.graph.addresses import read
from build_tools.run.cache import Cache
from build_tools.run.convert import EXTRACT, convert_alone, sketches

# What a crawler saves pages as; in a folder of saved pages lie scripts and styles too.
PAGES = (".txt", ".text", ".md", ".html", ".htm", ".shtml", ".xhtml", ".asp", ".aspx", ".jsp", ".php", "")
ID_SYLLABLES = 8  # of the title, in a proposed id
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What happened to one file: `article` is None when it could not be read as one."""

    file: str
    id: str | None
    added: bool
    why: Message
    article: Article | None = None
    twins: tuple[str, ...] = ()
    touched: Message = NOTHING


def existing(text: str) -> Path:
    if not Path(text).exists():
        raise ValueError(say("{}: no such file", text))
    return Path(text)


def free_id(text: str) -> str:
    if not corpus_reader.ID_RE.fullmatch(text):
        raise ValueError(say("{!r} is not an id: a-z, 0-9 and hyphens, at most 80, not `index`", text))
    return text


def day(text: str) -> str:
    if fault := date_fault(text):
        raise ValueError(say("{}; {}", *fault))
    return text


@a_command
@corpus
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=Value(existing),
    metavar="FILE…",
    help=say("a .txt or .html page, or a folder of them"),
)
@click.option("--url", type=Value(WebAddress), metavar="URL", help=say("where the page was obtained"))
@click.option("--fetched", type=Value(day), metavar="DATE", help=say("when, as 2024-01-24"))
@click.option(
    "--id",
    "article_id",
    type=Value(free_id),
    metavar="ID",
    help=say("the article's id (default: proposed from its title and date)"),
)
def command(
    report: Report,
    corpus: Path,
    files: tuple[Path, ...],
    url: str | None,
    fetched: str | None,
    article_id: str | None,
) -> int:
    for name, value in (("--id", article_id), ("--url", url)):
        if value is not None and (len(files) > 1 or files[0].is_dir()):
            raise click.UsageError(say("{} goes with one file", name), click.get_current_context())
    writable(corpus / "articles")
    outcomes = add(files, corpus, report, url=url, fetched=fetched, article_id=article_id)
    out(*table(outcomes))
    return 0 if all(outcome.added for outcome in outcomes) else 1


def add(
    files: Sequence[Path],
    root: Path,
    report: Report,
    *,
    url: str | None = None,
    fetched: str | None = None,
    article_id: str | None = None,
) -> list[Outcome]:
    """Copy each page that reads as an article into `root/articles`, byte for byte.

    Nothing is overwritten: an id that is taken, or bytes that are already there,
    are refused. The sidecar is written only when `url` or `fetched` is given.
    """
    settings = Settings()
    with workers.ready(EXTRACT, settings.jobs, settings.scheduler) as ready:
        return _add(files, root, report, ready or workers.Inline(), settings, url, fetched, article_id)


def _add(
    files: Sequence[Path],
    root: Path,
    report: Report,
    pool: Executor,
    settings: Settings,
    url: str | None,
    fetched: str | None,
    article_id: str | None,
) -> list[Outcome]:
    corpus = corpus_reader.read(root, report)
    names = {raw.id for raw in corpus.articles} | {path.stem for path in (root / "articles").glob("*")}
    hashes = {sha256(raw.data): raw.id for raw in corpus.articles}
    # What the project's last build read is not read again.
    built = root.parent / WORK / "cache"
    cache = Cache(built) if built.is_dir() else None
    texts = sketches(corpus, cache, settings, report, pool)
    outcomes = []

    def refuse(path: Path, why: Message, article: Article | None = None) -> None:
        outcomes.append(Outcome(path.name, None, False, why, article))

    for path, named in _expand(files):
        if not named and path.suffix.lower() not in PAGES:
            refuse(path, say("no page by its name ({}) → name the file itself to take it in", path.suffix))
            continue
        if fault := unfit(path.resolve() if named else path, corpus_reader.LARGEST):
            refuse(path, say("{} → {}", *fault))
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            refuse(path, say("cannot be read: {}", foreign(error.strerror)))
            continue
        if sha256(data) in hashes:
            refuse(path, say("already there, byte for byte: {}", hashes[sha256(data)]))
            continue
        suffix = ".html" if path.suffix.lower() in (".html", ".htm") or HTML.search(data[:4096]) else ".txt"
        raw = Raw("new", f"new{suffix}", data, Sidecar())
        result = pool.submit(convert_alone, raw, corpus.registries).result()
        if isinstance(result, Diagnostic):
            refuse(path, say("{} → {}", result.what, result.remedy))
            continue
        article, card = result
        if not HAN_RE.search(article.cleaned.text):
            refuse(
                path, say("there is no Chinese in it → fetch the page again, or paste its text into a .txt")
            )
            continue
        name = article_id or proposed_id(article, path, names)
        if name in names:
            refuse(path, say("the id {!r} is taken → give another with --id", name), article)
            continue
        mine = copies.Sketch(card.signature, card.held)
        twins = tuple(copies.twins(mine, texts))
        target = root / "articles" / f"{name}{suffix}"
        write_atomic(target, data)
        if url or fetched:
            told = {key: value for key, value in (("url", url and str(url)), ("fetched", fetched)) if value}
            write_atomic(
                target.with_suffix(".yml"),
                yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode("utf-8"),
            )
        names.add(name)
        hashes[sha256(data)] = name
        texts[name] = mine
        outcomes.append(
            Outcome(path.name, name, True, say("→ {}", target.name), article, twins, _touched(card))
        )
    return outcomes


def _expand(files: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named itself rather than its folder."""
    for path in files:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.is_symlink() or not p.is_dir())
            inside = sorted(p for p in found if not p.name.startswith("."))
            yield from ((one, False) for one in inside)
        else:
            yield path, True


def _touched(card: Card) -> Message:
    """Whose pages the next build makes again for this article, besides its own."""
    if not card.shown:
        return NOTHING
    people = {who.person_id or who.name for who in card.people if not who.weak}
    return say(
        "its own, and those of {} people, {} themes, {} formulations, {} organizations; its year, the lists, and its neighbours",
        len(people),
        len(card.themes),
        len({name for name, _, _ in card.formulations}),
        int(card.organization is not None),
    )


def proposed_id(article: Article, path: Path, taken: set[str]) -> str:
    """An id that a curator can read: pinyin of the title's beginning, then the date; `-2` when taken."""
    title = article.title.value if article.title else unicodedata.normalize("NFKD", path.stem)
    words = re.findall("[a-z0-9]+", " ".join(read(title)).lower())[:ID_SYLLABLES]
    date = article.date.replace("X", "")
    stem = "-".join([*words, *([date] if date.strip("-") else [])]) or "article"
    stem = re.sub(r"[^a-z0-9-]+", "-", stem.lower()).strip("-")[:70].strip("-") or "article"
    name, number = stem, 2
    while name in taken or not corpus_reader.ID_RE.fullmatch(name):
        name, number = f"{stem}-{number}", number + 1
    return name


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What was understood of each file, what is doubtful, and whether it stands there already."""
    for outcome in outcomes:
        done = say("added") if outcome.added else say("refused")
        yield f"{padded(word(done), 9)}{outcome.file}  {word(outcome.why)}"
        if outcome.article is not None:
            for name, value in _understood(outcome.article, outcome.twins, outcome.touched):
                yield f"{'':9}{padded(word(name), 10)} {word(value)}"
    added = sum(outcome.added for outcome in outcomes)
    yield say("{} added, {} refused", added, len(outcomes) - added)


def _understood(article: Article, twins: tuple[str, ...], touched: Message) -> Iterator[tuple[Message, str]]:
    title, held = article.title, article.held.value if article.held else None
    yield say("organization"), article.organization.value if article.organization else "—"
    yield (
        say("title"),
        say("{}{}", title.value, say(" (inferred)") if title.inferred else NOTHING) if title else "—",
    )
    yield say("published"), article.published.value if article.published else "—"
    yield say("held"), "—" if held is None else "/".join(dict.fromkeys((held.start, held.end)))
    yield say("source"), article.source.value if article.source else "—"
    level, kind = captioned("level", article.level.value), captioned("kind", article.kind.value)
    yield say("body"), say("{} paragraphs, {}, {}", len(article.paragraphs), level, kind)
    yield say("people"), "、".join(person.name for person in article.people if not person.weak) or "—"
    yield say("themes"), "、".join(hit.label for hit in article.themes) or "—"
    yield say("trust"), captioned("trust", article.trust.value)
    if article.trust.value is Trust.REJECTED:
        yield NOTHING, HOW_TO_OVERRIDE
    if article.warnings:
        yield say("doubts"), ", ".join(captioned("warning", code) for code in article.warnings)
    if twins:
        yield say("same text"), ", ".join(twins)
    if touched:
        yield say("pages"), touched
