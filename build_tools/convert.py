"""The per-article stages over a corpus, and the linking of the whole: what every command starts from."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from build_tools import corpus as corpus_reader
from build_tools import similarity, work
from build_tools.cache import Cache, code_key, key_of
from build_tools.cards import card_of
from build_tools.diagnostics import CorpusError, Diagnostic, Report
from build_tools.export import Lines, lines_of
from build_tools.extract import extract, verify
from build_tools.link import Site, link
from build_tools.models import Article, Card, Link, Raw, Registries
from build_tools.progress import Progress
from build_tools.work import Settings

CHUNK = 50  # articles a task: 0.4 s of work against some milliseconds to hand it over


def convert_one(raw: Raw, registries: Registries) -> tuple[Article, Card] | Diagnostic:
    """decode → clean → extract for one article; a fault is its diagnostic, never an exception.

    Raises edits.EditError only when the ledger is broken: that stops the build.
    """
    try:
        article = extract(raw, registries)
    except CorpusError as error:
        return error.diagnostic
    verify(article)
    return article, card_of(article, registries.formulations)


def convert_chunk(task: tuple[Sequence[Raw], Registries]) -> list[tuple[bytes, bytes, Card] | Diagnostic]:
    """The task that an executor runs: pickled Article, pickled Lines and Card of each, or its diagnostic."""
    raws, registries = task
    out: list[tuple[bytes, bytes, Card] | Diagnostic] = []
    for raw in raws:
        result = convert_one(raw, registries)
        if isinstance(result, Diagnostic):
            out.append(result)
        else:
            article, card = result
            out.append((pickle.dumps(article, 5), pickle.dumps(lines_of(article), 5), card))
    return out


class Converted:
    """The corpus after the per-article stages: cards in memory, whole Articles on demand."""

    def __init__(
        self, cards: Mapping[str, Card], keys: Mapping[str, str], load: Callable[[str, str], bytes]
    ) -> None:
        self.cards = [cards[article] for article in sorted(cards)]
        self.keys = keys  # article id → content key
        self._load = load
        self.made = 0  # how many were not in the cache
        self.diagnostics: list[Diagnostic] = []

    def blob(self, article_id: str) -> bytes:
        """The pickled Article."""
        return self._load("articles", self.keys[article_id])

    def article(self, article_id: str) -> Article:
        article: Article = pickle.loads(self.blob(article_id))
        return article

    def articles(self) -> list[Article]:
        return [self.article(card.id) for card in self.cards]

    def lines(self) -> Iterator[Lines]:
        """What each article adds to the open data, in the order of `cards`."""
        for card in self.cards:
            yield pickle.loads(self._load("lines", self.keys[card.id]))


def convert(
    corpus: corpus_reader.Corpus, cache: Cache | None, settings: Settings, report: Report, progress: Progress
) -> Converted:
    """Run the per-article stages where the cache does not have them."""
    base = key_of(repr(corpus.registries), code_key("convert"))
    keys = {raw.id: key_of(base, raw.name, raw.data, repr(raw.sidecar)) for raw in corpus.articles}
    blobs: dict[tuple[str, str], bytes] = {}  # without a cache
    known: dict[str, Card | Diagnostic] = (cache.get("cards", base) if cache else None) or {}
    todo = [raw for raw in corpus.articles if keys[raw.id] not in known]
    progress.start("convert", len(todo))
    tasks = [(part, corpus.registries) for part in work.chunks(todo, CHUNK)]
    with work.executor(settings.jobs, settings.scheduler, len(tasks)) as pool:
        for at, results in work.run(pool, convert_chunk, tasks):
            for raw, result in zip(tasks[at][0], results, strict=True):
                key = keys[raw.id]
                if isinstance(result, Diagnostic):
                    known[key] = result
                    continue
                *made, known[key] = result
                for stage, blob in zip(("articles", "lines"), made, strict=True):
                    if cache is None:
                        blobs[stage, key] = blob
                    else:
                        cache.put_bytes(stage, key, blob)
            progress.step(len(results))
    cards: dict[str, Card] = {}
    diagnostics: list[Diagnostic] = []
    for raw in corpus.articles:
        value = known[keys[raw.id]]
        if isinstance(value, Diagnostic):
            report.add(value)
            diagnostics.append(value)
        else:
            cards[raw.id] = value
    if cache is not None and todo:
        cache.put("cards", base, {key: known[key] for key in keys.values()})
        for stage in ("articles", "lines"):
            cache.keep_only(stage, set(keys.values()))
        cache.keep_only("cards", {base})
    progress.end()
    stored = (lambda stage, key: blobs[stage, key]) if cache is None else cache.get_bytes
    done = Converted(cards, keys, stored)
    done.made, done.diagnostics = len(todo), diagnostics
    return done


# --- the whole corpus --------------------------------------------------------


@dataclass
class Loaded:
    """A corpus converted and linked."""

    corpus: corpus_reader.Corpus
    converted: Converted
    links: Sequence[Link]
    site: Site


def load(
    source: Path | corpus_reader.Corpus,
    settings: Settings,
    report: Report,
    progress: Progress,
    cache: Cache | None = None,
) -> Loaded:
    """corpus → convert → link; `source` is a corpus, or the folder of one."""
    corpus = source if isinstance(source, corpus_reader.Corpus) else corpus_reader.read(source, report)
    converted = convert(corpus, cache, settings, report, progress)
    progress.start("link")
    links = similarity.links(converted.cards)
    site = link(converted.cards, corpus.registries, links)
    progress.step(len(converted.cards))
    progress.end()
    return Loaded(corpus, converted, links, site)
