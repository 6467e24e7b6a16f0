"""The per-article stages over a corpus, and the linking of the whole: what every command starts from."""

from __future__ import annotations

import importlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from build_tools.core import workers
from build_tools.core.article import Article, Trust
from build_tools.core.diagnostics import CorpusError, Diagnostic, Report
from build_tools.core.files import key_of
from build_tools.core.guard import BUDGET, Budget, Failed, failed, guarded, without_faulty
from build_tools.core.messages import NOTHING, Message, say
from build_tools.core.pool import Died, Pool
from build_tools.core.progress import Progress
from build_tools.core.registry import Raw, Registries
from build_tools.core.site import Card, Excerpts, Link
from build_tools.core.vocabulary import load as vocabulary
from build_tools.core.workers import Settings
from build_tools.corpus import reader as corpus_reader
from build_tools.corpus.corrections import HOW_TO_OVERRIDE
from build_tools.graph import related
from build_tools.graph.copies import Sketch
from build_tools.graph.link import Site, link
from build_tools.graph.summary import card_of, excerpts_of
from build_tools.outputs.open_data import Lines, joined, lines_of
from build_tools.run.cache import Cache, code_key, versions
from build_tools.run.registry_keys import Trace, bearing_key, traces

EXTRACT = "build_tools.facts.extract"
LIBRARIES = ("trafilatura", "lxml", "charset-normalizer", "opencc-python-reimplemented", "pypinyin", "pyyaml")
EXCERPTS_KEPT = 20_000  # of 3 to 10 kB
T = TypeVar("T")
MANY_REJECTED = 10  # articles; more are told in one line
CHUNK = 50  # articles a task: 0.4 s of work against some milliseconds to hand it over


def convert_one(raw: Raw, registries: Registries) -> tuple[Article, Card] | Diagnostic:
    """decode → clean → extract for one article, or the diagnostic of bytes that are no article.

    Raises edits.EditError when the ledger is broken.
    """
    from build_tools.facts.extract import extract, verify  # noqa: PLC0415  1 s, where nothing is converted for nothing

    try:
        article = extract(raw, registries)
    except CorpusError as error:
        return replace(error.diagnostic, file=f"articles/{raw.name}")
    verify(article)
    return article, card_of(article, registries.formulations)


def convert_alone(raw: Raw, registries: Registries) -> tuple[Article, Card] | Diagnostic:
    """`convert_one` of an article that a command names: whatever it does to a stage is its diagnostic, too."""
    result = guarded(f"articles/{raw.name}", "read", BUDGET, convert_one, raw, registries)
    return result.diagnostic if isinstance(result, Failed) else result


class Made(NamedTuple):
    """What conversion gives for one article, ready to be stored.

    `bearing` is the key of the registry entries that bear on it. Of `parts`, "text" is its clean text in
    lower case; "article", "lines" and "excerpts" are pickled (Article, export.Lines, Excerpts).
    """

    bearing: str
    parts: dict[str, bytes]
    card: Card


Chunk = tuple[Sequence[Raw], Registries, Budget]


def convert_chunk(task: Chunk) -> list[Made | Diagnostic | Failed]:
    """The task that an executor runs: each article converted, or its diagnostic."""
    raws, registries, budget = task
    known = traces(registries)
    return [guarded(f"articles/{raw.name}", "read", budget, _made, raw, registries, known) for raw in raws]


def _made(raw: Raw, registries: Registries, known: frozenset[Trace]) -> Made | Diagnostic:
    result = convert_one(raw, registries)
    if isinstance(result, Diagnostic):
        return result
    article, card = result
    text = article.cleaned.text.lower()
    parts = {
        "text": text.encode("utf-8"),
        "article": pickle.dumps(article, 5),
        "lines": pickle.dumps(lines_of(article), 5),
        "excerpts": pickle.dumps(excerpts_of(article, registries.formulations), 5),
    }
    return Made(bearing_key(known, text, _names(card)), parts, card)


def _singly(task: Chunk) -> list[Chunk]:
    return [((raw,), task[1], task[2]) for raw in task[0]]


def _lost(task: Chunk, error: Died) -> Made | Diagnostic | Failed:
    return failed(f"articles/{task[0][0].name}", "read", say("fails: {}", error.message))


def _names(card: Card) -> frozenset[str]:
    return frozenset(person.name for person in card.people)


class Converted:
    """The corpus after the per-article stages: cards in memory, whole Articles on demand."""

    def __init__(
        self,
        cards: Mapping[str, Card],
        keys: Mapping[str, str],
        load: Callable[[str, str], bytes],
        cache: Cache | None = None,
    ) -> None:
        self._cache = cache
        self.cards = [cards[article] for article in sorted(cards)]
        self.keys = keys  # article id → content key
        self.names: dict[str, str] = {}  # article id → file name
        self._load = load  # (content key, part of Made) → bytes
        # Each theme and person of an article quotes it: read once, it is asked for some forty times.
        self._excerpts = lru_cache(EXCERPTS_KEPT)(lambda article_id: load(keys[article_id], "excerpts"))
        self.made = 0  # how many were not in the cache
        self.reasons: Counter[Message] = Counter()  # why they were made
        self.diagnostics: list[Diagnostic] = []
        self.failed: list[Diagnostic] = []  # those of them whose articles the next build tries again

    def blob(self, article_id: str) -> bytes:
        """The pickled Article."""
        return self._load(self.keys[article_id], "article")

    def article(self, article_id: str) -> Article:
        article: Article = pickle.loads(self.blob(article_id))
        return article

    def articles(self) -> list[Article]:
        return [self.article(card.id) for card in self.cards]

    def excerpts(self, article_id: str) -> Excerpts:
        """What other pages quote of it."""
        found: Excerpts = pickle.loads(self._excerpts(article_id))
        return found

    def leave_out(self, faulty: Iterable[tuple[str, Any, Message]], report: Report) -> None:
        """Tell of the articles, and of the entries of registries, for which linking fails; the articles go."""
        for where, one, why in faulty:
            entry = where != _CARD
            file = f"{where}.yml" if entry else f"articles/{self.names[one.id]}"
            told = failed(file, "link", why, one.line if entry else 0).diagnostic
            report.add(told)
            self.failed.append(told)  # and the next build tries again
            self.cards = [card for card in self.cards if entry or card.id != one.id]

    def settle(self) -> None:
        """Free the memory of what only shared passages are found by, and hold once what many cards say: half a card."""
        same: dict[Any, Any] = {}

        def once(value: T) -> T:
            found: T = same.setdefault(value, value)
            return found

        self.cards = [
            replace(
                card,
                sentences=(),
                people=tuple(map(once, card.people)),
                themes=tuple(map(once, card.themes)),
                spoke=tuple(map(once, card.spoke)),
                formulations=tuple(
                    (once(name), once(said), block) for name, said, block in card.formulations
                ),
            )
            for card in self.cards
        ]

    def forget_excerpts(self) -> None:
        """Free their memory: 100 MB of 10,000 articles."""
        self._excerpts.cache_clear()

    def lines(self, ids: Iterable[str] | None = None) -> Iterator[Lines]:
        """What each article adds to the open data, in the order of `cards`, or those of `ids`."""
        for article in [card.id for card in self.cards] if ids is None else ids:
            yield pickle.loads(self._load(self.keys[article], "lines"))

    def tables(self, ids: Sequence[str]) -> Lines:
        """What some articles, a volume's, add to the open data; kept for the next build."""
        key = self._of_all(ids)
        found: Lines | None = self._cache.get("tables", key) if self._cache is not None else None
        if found is None:
            found = joined(self.lines(ids))
            if self._cache is not None:
                self._cache.put("tables", key, found)
        return found

    def keep_tables(self, volumes: Iterable[Sequence[str]]) -> None:
        """Drop all others."""
        if self._cache is not None:
            self._cache.keep_only("tables", set(map(self._of_all, volumes)))

    def _of_all(self, ids: Iterable[str]) -> str:
        return key_of(*(self.keys[article] for article in ids))


class _Shelf:
    """One of the sixteen files that the cards lie in, by the first digit of the key of an article's inputs."""

    def __init__(self, cache: Cache | None, key: str, now: frozenset[Trace]) -> None:
        self.cache = cache
        self.key = key
        self.now = now
        stored: tuple[frozenset[Trace], dict[str, tuple[str, Card | Diagnostic]]] | None
        stored = cache.get("cards", key) if cache else None
        before, self.cards = stored if stored is not None else (now, {})  # inputs' key → content key, card
        self.changed = before ^ now
        self.stored = stored is not None
        self.fresh = self.stored and not self.changed

    def lacks(self, given: str) -> Message:
        """Why an article must be converted; '' when it need not be."""
        found = self.cards.get(given)
        if found is None:
            return say("new or changed") if self.stored else say("first time by this code")
        if not self.changed or isinstance(found[1], Diagnostic) or self.cache is None:
            return NOTHING
        try:
            text = self.cache.get_part("articles", found[0], "text").decode("utf-8")
        except (OSError, ValueError):
            return say("lost from the cache")
        names = _names(found[1])
        return (
            say("registries changed") if any(trace.bears(text, names) for trace in self.changed) else NOTHING
        )

    def put(self, given: str, key: str, value: Card | Diagnostic) -> None:
        self.cards[given] = (key, value)
        self.fresh = False

    def keep(self, inputs: Iterable[str]) -> bool:
        """Store what the corpus still has, if it is not what was stored; returns whether it was not."""
        kept = {given: self.cards[given] for given in inputs if given in self.cards}
        if len(kept) == len(self.cards) and (self.fresh or not kept):
            return False
        assert self.cache is not None
        self.cache.put("cards", self.key, (self.now, kept))
        return True


def convert(
    corpus: corpus_reader.Corpus,
    cache: Cache | None,
    settings: Settings,
    report: Report,
    progress: Progress,
    ready: Pool | None = None,
) -> Converted:
    """Run the per-article stages where the cache does not have them.

    An article is converted again when its bytes, its sidecar or the code changed, or a registry entry
    that bears on it. `Converted.keys` are of the same things, so a clean build has the same. `ready`: a process that
    has imported EXTRACT; it is ended here.
    """
    base, inputs = _inputs(corpus)
    kept: dict[str, dict[str, bytes]] = {}  # without a cache
    now = traces(corpus.registries)
    shelves = {digit: _Shelf(cache, key_of(base, digit), now) for digit in "0123456789abcdef"}
    todo, reasons = [], Counter[Message]()
    for raw in corpus.articles:
        given = inputs[raw.id]
        if why := shelves[given[0]].lacks(given):
            todo.append(raw)
            reasons[why] += 1
    progress.start(say("convert"), len(todo))
    tasks = [(part, corpus.registries, settings.budget) for part in workers.chunks(todo, CHUNK)]
    failures: list[Diagnostic] = []
    if ready is not None and len(tasks) != 1:
        ready.kill()
    if len(tasks) > 1:
        importlib.import_module(EXTRACT)  # once for all forks
    executor = workers.executor(settings.jobs, settings.scheduler, len(tasks))
    with ready if ready is not None and len(tasks) == 1 else executor as pool:
        again = workers.one_by_one(_singly, _lost)
        for at, results in workers.run(pool, convert_chunk, tasks, again=again):
            for raw, made in zip(tasks[at][0], results, strict=True):
                given = inputs[raw.id]
                if isinstance(made, Failed):
                    failures.append(made.diagnostic)
                    continue
                if isinstance(made, Diagnostic):
                    shelves[given[0]].put(given, given, made)
                    continue
                key = key_of(given, made.bearing)
                shelves[given[0]].put(given, key, made.card)
                if cache is None:
                    kept[key] = made.parts
                else:
                    cache.put_parts("articles", key, made.parts)
            progress.step(len(results))
    cards: dict[str, Card] = {}
    keys: dict[str, str] = {}
    diagnostics = sorted(failures)
    for raw in corpus.articles:
        found = shelves[inputs[raw.id][0]].cards.get(inputs[raw.id])
        if found is None:  # it failed
            continue
        keys[raw.id], value = found
        if isinstance(value, Diagnostic):
            diagnostics.append(value)
        else:
            cards[raw.id] = value
            diagnostics += _idle(value)
    for one in diagnostics:
        report.add(one)
    if cache is not None:
        _keep(cache, base, shelves, inputs, keys)
    progress.end()
    load = (
        (lambda key, part: kept[key][part])
        if cache is None
        else _stored(cache, corpus, keys, settings.budget)
    )
    done = Converted(cards, keys, load, cache)
    for one in _rejected([raw for raw in todo if raw.id in cards], done):
        report.add(one)
    done.names = {raw.id: raw.name for raw in corpus.articles}
    done.made, done.reasons, done.diagnostics, done.failed = len(todo), reasons, diagnostics, failures
    return done


def _keep(
    cache: Cache, base: str, shelves: Mapping[str, _Shelf], inputs: Mapping[str, str], keys: Mapping[str, str]
) -> None:
    """Store what the corpus still has, and drop what it has no more."""
    changed = [shelf.keep(inputs.values()) for shelf in shelves.values()]
    if any(changed) or not cache.path("sketches", base).exists():
        cache.put("sketches", base, _sketched(shelves, inputs.values()))
        cache.keep_only("sketches", {base})
        cache.keep_only("articles", set(keys.values()))
        cache.keep_only("cards", {shelf.key for shelf in shelves.values()})


def _inputs(corpus: corpus_reader.Corpus) -> tuple[str, dict[str, str]]:
    """The key of all code that converts, and of each article what it is converted from (id → key)."""
    base = key_of(code_key("convert"), versions(*LIBRARIES))
    return base, {raw.id: key_of(base, raw.name, raw.data, repr(raw.sidecar)) for raw in corpus.articles}


def sketches(
    corpus: corpus_reader.Corpus, cache: Cache | None, settings: Settings, report: Report, pool: Executor
) -> dict[str, Sketch]:
    """Article id → what tells whether another bears its text; without the cards, where the cache has nearly all.

    `pool` reads what was added since the last build.

    No entry of a registry bears on a text or on its day.
    """
    base, inputs = _inputs(corpus)
    stored: Mapping[str, Sketch] = (cache.get("sketches", base) if cache is not None else None) or {}
    lacking = [raw for raw in corpus.articles if inputs[raw.id] not in stored]
    if cache is not None and 0 < len(lacking) <= CHUNK:
        for raw in lacking:
            made = pool.submit(convert_alone, raw, corpus.registries).result()
            if not isinstance(made, Diagnostic):  # what failed is tried again
                stored = {**stored, inputs[raw.id]: Sketch(made[1].signature, made[1].held)}
        cache.put("sketches", base, stored)
    elif lacking:
        cards = convert(corpus, cache, settings, report, Progress(quiet=True)).cards
        return {card.id: Sketch(card.signature, card.held) for card in cards}
    return {article: stored[given] for article, given in inputs.items() if given in stored}


def _sketched(shelves: Mapping[str, _Shelf], inputs: Iterable[str]) -> dict[str, Sketch]:
    """Inputs' key → sketch, an empty one for what is not an article."""
    out = {}
    for given in inputs:
        if given in shelves[given[0]].cards:
            card = shelves[given[0]].cards[given][1]
            out[given] = Sketch(card.signature, card.held) if isinstance(card, Card) else Sketch((), None)
    return out


def _rejected(new: Sequence[Raw], done: Converted) -> Iterator[Diagnostic]:
    """A note for each new article that gets no page, unless its curator said so; a count of many."""
    cards = {card.id: card for card in done.cards}
    told = [
        raw
        for raw in new
        if cards[raw.id].trust is Trust.REJECTED
        and cards[raw.id].status == "published"
        and not any(name == "trust" for name, *_ in raw.sidecar.corrections)
    ]
    if len(told) > MANY_REJECTED:
        what = say("{} new or changed articles are rejected, not published", len(told))
        yield Diagnostic("articles", 0, "note", what, say("`digest review` lists them, with the reason"))
        return
    for raw in told:
        proof = done.article(raw.id).trust.evidence
        what = say(
            "rejected, not published: {}",
            proof.quote or vocabulary("captions")["unquoted"].get(proof.rule, proof.rule),
        )
        yield Diagnostic(f"articles/{raw.name}", 0, "note", what, HOW_TO_OVERRIDE)


def _idle(card: Card) -> Iterator[Diagnostic]:
    """A warning for each correction that changes nothing."""
    for line, what, remedy in card.idle:
        yield Diagnostic(f"articles/{card.id}.yml", line, "warning", what, remedy)


def _stored(
    cache: Cache, corpus: corpus_reader.Corpus, keys: Mapping[str, str], budget: Budget
) -> Callable[[str, str], bytes]:
    """Reads what conversion stored; an entry that is lost or torn is made once more."""
    raws = {keys[raw.id]: raw for raw in corpus.articles if raw.id in keys}

    def load(key: str, part: str) -> bytes:
        try:
            return cache.get_part("articles", key, part)
        except (OSError, ValueError, TypeError):
            pass
        made = convert_chunk(((raws[key],), corpus.registries, budget))[0]
        if not isinstance(made, Made):  # it was read once
            raise CorpusError(made.diagnostic if isinstance(made, Failed) else made)
        cache.put_parts("articles", key, made.parts)
        return made.parts[part]

    return load


# --- the whole corpus --------------------------------------------------------


def _links(converted: Converted, cache: Cache | None, report: Report) -> list[Link]:
    """The links of the corpus; of what changed little since the last time, those of what changed."""
    key = code_key("link")
    before = cache.get("links", key) if cache is not None else None
    (links, found), faulty = without_faulty(
        converted.cards, lambda cards: related.links(cards, converted.keys, before or related.EMPTY)
    )
    converted.leave_out([(_CARD, card, why) for card, why in faulty], report)
    if cache is not None and found != before:
        cache.put("links", key, found)
        cache.keep_only("links", {key})
    return links


_CARD = "articles"
_LINKED = ("people", "organizations", "themes", "formulations")  # the registries that `link` reads


def _site(converted: Converted, registries: Registries, links: Sequence[Link], report: Report) -> Site:
    """The corpus linked, without the articles and the entries of registries for which linking fails."""

    def linked(some: Sequence[tuple[str, Any]]) -> Site:
        of = {name: tuple(one for where, one in some if where == name) for name in (_CARD, *_LINKED)}
        cards = of.pop(_CARD)
        return link(cards, replace(registries, **of), links, converted.excerpts)

    entries = [(name, entry) for name in _LINKED for entry in getattr(registries, name)]
    site, faulty = without_faulty([*entries, *((_CARD, card) for card in converted.cards)], linked)
    converted.leave_out([(where, one, why) for (where, one), why in faulty], report)
    return site


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
    ready: Pool | None = None,
) -> Loaded:
    """corpus → convert → link; `source` is a corpus, or the folder of one. `ready` as in `convert`."""
    with workers.uncollected():
        corpus = source if isinstance(source, corpus_reader.Corpus) else corpus_reader.read(source, report)
        converted = convert(corpus, cache, settings, report, progress, ready)
        progress.start(say("link"))
        links = _links(converted, cache, report)
        converted.settle()
        site = _site(converted, corpus.registries, links, report)
        progress.step(len(converted.cards))
        progress.end()
    return Loaded(corpus, converted, links, site)
