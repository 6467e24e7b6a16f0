"""`digest add`: take scraped pages into the corpus, and tell at once what was understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pypinyin import lazy_pinyin

from build_tools.core.article import Article, Trust
from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import write_atomic
from build_tools.core.registry import Raw, Sidecar
from build_tools.core.site import Card
from build_tools.core.text import sha256
from build_tools.corpus import reader as corpus_reader
from build_tools.corpus.yaml_source import web_address
from build_tools.facts.trust import HOW_TO_OVERRIDE
from build_tools.graph.copies import near_duplicates
from build_tools.run.convert import convert_one

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
    why: str
    article: Article | None = None
    twins: tuple[str, ...] = ()


def usage_error(
    files: Sequence[Path], article_id: str | None, url: str | None, fetched: str | None
) -> str | None:
    """What is wrong with the words of the call, or None."""
    for option, value in (("--id", article_id), ("--url", url)):
        if value is not None and (len(files) > 1 or files[0].is_dir()):
            return f"{option} goes with one file"
    if article_id is not None and (not corpus_reader.ID_RE.fullmatch(article_id) or article_id == "index"):
        return f"{article_id!r} is no id: a-z, 0-9 and hyphens, at most 80, not `index`"
    if fetched is not None and not corpus_reader.EDTF_RE.fullmatch(fetched):
        return f"--fetched {fetched!r} is no date: write it as 2024-01-24"
    if fault := web_address(url)[1]:
        return f"--url: {fault[0]}; {fault[1]}"
    missing = next((path for path in files if not path.exists()), None)
    return f"{missing}: no such file" if missing else None


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
    (root / "articles").mkdir(parents=True, exist_ok=True)
    corpus = corpus_reader.read(root, report)
    names = {raw.id for raw in corpus.articles} | {path.stem for path in (root / "articles").iterdir()}
    hashes = {sha256(raw.data): raw.id for raw in corpus.articles}
    cards: list[Card] = []
    for raw in corpus.articles:
        result = convert_one(raw, corpus.registries)
        if not isinstance(result, Diagnostic):
            cards.append(result[1])
    outcomes = []
    for path, named in _expand(files):
        if not named and path.suffix.lower() not in PAGES:
            why = f"no page by its name ({path.suffix}) → name the file itself to take it in"
            outcomes.append(Outcome(path.name, None, False, why))
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            outcomes.append(Outcome(path.name, None, False, f"cannot be read: {error.strerror}"))
            continue
        if sha256(data) in hashes:
            outcomes.append(
                Outcome(path.name, None, False, f"already there, byte for byte: {hashes[sha256(data)]}")
            )
            continue
        suffix = ".html" if path.suffix.lower() in (".html", ".htm") or HTML.search(data[:4096]) else ".txt"
        result = convert_one(Raw("new", f"new{suffix}", data, Sidecar()), corpus.registries)
        if isinstance(result, Diagnostic):
            outcomes.append(Outcome(path.name, None, False, f"{result.what} → {result.remedy}"))
            continue
        article, card = result
        name = article_id or proposed_id(article, path, names)
        if name in names:
            why = f"the id {name!r} is taken → give another with --id"
            outcomes.append(Outcome(path.name, name, False, why, article))
            continue
        twins = _twins(card, cards)
        target = root / "articles" / f"{name}{suffix}"
        write_atomic(target, data)
        if url or fetched:
            told = {key: value for key, value in (("url", url), ("fetched", fetched)) if value}
            write_atomic(
                target.with_suffix(".yml"),
                yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode("utf-8"),
            )
        names.add(name)
        hashes[sha256(data)] = name
        cards.append(_renamed(card, name))
        outcomes.append(Outcome(path.name, name, True, f"→ {target.name}", article, twins))
    return outcomes


def _expand(files: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named itself rather than its folder."""
    for path in files:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            yield from ((one, False) for one in inside)
        else:
            yield path, True


def _renamed(card: Card, name: str) -> Card:
    return replace(card, id=name)


def _twins(card: Card, cards: Sequence[Card]) -> tuple[str, ...]:
    probe = _renamed(card, "\0new")
    return tuple(
        sorted(
            link.target if link.source == probe.id else link.source
            for link in near_duplicates([*cards, probe])
            if probe.id in (link.source, link.target)
        )
    )


def proposed_id(article: Article, path: Path, taken: set[str]) -> str:
    """An id that a curator can read: pinyin of the title's beginning, then the date; `-2` when taken."""
    title = article.title.value if article.title else unicodedata.normalize("NFKD", path.stem)
    words = re.findall("[a-z0-9]+", " ".join(lazy_pinyin(title)).lower())[:ID_SYLLABLES]
    date = article.date.replace("X", "")
    stem = "-".join([*words, *([date] if date.strip("-") else [])]) or "article"
    stem = re.sub(r"[^a-z0-9-]+", "-", stem.lower()).strip("-")[:70].strip("-") or "article"
    name, number = stem, 2
    while name in taken or name == "index":
        name, number = f"{stem}-{number}", number + 1
    return name


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What was understood of each file, what is doubtful, and whether it stands there already."""
    for outcome in outcomes:
        yield f"{'added  ' if outcome.added else 'refused'}  {outcome.file}  {outcome.why}"
        article = outcome.article
        if article is None:
            continue
        held = article.held.value if article.held else None
        rows = [
            (
                "title",
                (article.title.value + (" (inferred)" if article.title.inferred else ""))
                if article.title
                else "—",
            ),
            ("published", article.published.value if article.published else "—"),
            (
                "held",
                "—" if held is None else held.start if held.start == held.end else f"{held.start}/{held.end}",
            ),
            ("source", article.source.value if article.source else "—"),
            ("body", f"{len(article.paragraphs)} paragraphs, {article.level.value}, {article.kind.value}"),
            ("people", "、".join(person.name for person in article.people if not person.weak) or "—"),
            ("themes", "、".join(hit.label for hit in article.themes) or "—"),
            ("trust", str(article.trust.value)),
        ]
        if article.trust.value is Trust.REJECTED:
            rows.append(("", HOW_TO_OVERRIDE))
        if article.warnings:
            rows.append(("doubts", ", ".join(article.warnings)))
        if outcome.twins:
            rows.append(("same text", ", ".join(outcome.twins)))
        for name, value in rows:
            yield f"         {name:10} {value}"
    added = sum(outcome.added for outcome in outcomes)
    yield f"{added} added, {len(outcomes) - added} refused"
