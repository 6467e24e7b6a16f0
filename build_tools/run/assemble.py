"""Site → every file below docs/, in batches that are made only when what they depend on changed.

A Batch has the key of all that its files depend on; `make` runs in this process, and
a Job instead carries plain data and a module-level function, so that any executor can
run it: articles' pages and PDFs, which are many and take their time.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from build_tools.core.article import Article
from build_tools.core.diagnostics import Report
from build_tools.core.files import key_of
from build_tools.core.site import SHORT, Imprint, Link, Page, archive_of, volume_of
from build_tools.core.vocabulary import load as vocabulary
from build_tools.graph.link import ArticleContext
from build_tools.outputs import feeds, open_data, traditional
from build_tools.outputs.print import compile
from build_tools.outputs.site import mirror
from build_tools.pages import article as render
from build_tools.pages import indexes, plain, redirects, tei
from build_tools.run import packs
from build_tools.run.cache import code_key
from build_tools.run.convert import Loaded

PAGES = "pages/"  # begins the names of batches of pages, before the path of the first
Made = list[tuple[str, bytes]]  # path below docs/, content
Files = Iterable[tuple[str, bytes]]  # path below docs/, content: one in memory at a time


@dataclass(frozen=True)
class Batch:
    """Files that are made together. `key` None: made anew at every build (they speak of the whole corpus)."""

    name: str
    key: str | None
    make: Callable[[], Files]


@dataclass(frozen=True)
class Section:
    """Batches that one list gives: while its `key` is as it was, so are they, and are not even listed."""

    name: str
    key: str
    batches: Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class Job:
    """Files of one article to be made anywhere: `fn(blob, *args)`, where `blob` is the pickled Article.

    When its `stage` (guard.STAGES) fails, `instead(blob)` is published, without it nothing.
    """

    name: str  # the path of the first below docs/
    key: str
    article: str
    stage: str
    fn: Callable[..., Made]
    args: tuple[Any, ...]
    instead: Callable[[bytes], Made] | None = None


def article_page(
    blob: bytes, context: ArticleContext, printed: bool, site_url: str, packed: bool = False
) -> Made:
    """The Markdown of one article's page, and the files of its citations beside it."""
    article: Article = pickle.loads(blob)
    reasons: Mapping[str, str] = vocabulary("apparatus")
    # A page that has no address is cited by where its text was taken from.
    cited = f"{site_url}articles/{article.id}/" if site_url else article.url or ""
    page = render.article(article, context, reasons=reasons, pdf=printed, edition=not packed, address=cited)
    return [(page.path, page.text.encode("utf-8")), *render.files(article, cited, not packed)]


def plain_page(blob: bytes) -> Made:
    """The page of an article whose own could not be made."""
    page = plain.plain(pickle.loads(blob))
    return [(page.path, page.text.encode("utf-8"))]


def no_edits(blob: bytes) -> Made:
    """An empty ledger: its page links to it."""
    article: Article = pickle.loads(blob)
    return [(f"edits/{article.id}.jsonl", b"")]


def article_edits(blob: bytes) -> Made:
    """The whole edit ledger of one article, as JSON Lines."""
    article: Article = pickle.loads(blob)
    return [(f"edits/{article.id}.jsonl", open_data.jsonl(open_data.edit_records(article)))]


SIMPLIFIED, TRADITIONAL = "zh-Hans", traditional.LANG


def _printed(lang: str) -> str:
    """Below docs/, the folder of an edition's PDFs."""
    return f"{mirror.FOLDER}/pdf" if lang == TRADITIONAL else "pdf"


def article_pdf(blob: bytes, options: compile.PrintOptions) -> Made:
    """The PDF of one article."""
    article: Article = pickle.loads(blob)
    return [(f"{_printed(options.lang)}/{article.id}.pdf", compile.print_article(article, options))]


def prints(loaded: Loaded, site_url: str, lang: str = SIMPLIFIED) -> Iterator[Job]:
    """The PDFs of all articles, of one edition."""
    options = compile.PrintOptions(site_url=site_url, lang=lang)
    for one in packs.articles(loaded, options):
        article = one.path.removesuffix(".pdf")
        yield Job(f"{_printed(lang)}/{one.path}", one.key, article, "print", article_pdf, (options,))


def jobs(
    loaded: Loaded, site_url: str, printed: bool, unprinted: Collection[str], packed: bool
) -> Iterator[Job]:
    """The pages and edit ledgers of all articles. The articles `unprinted` have no PDF though others have.

    `packed`: what is for programs is in the archive of the open data alone (a TEI file an article, its long tables).
    """
    code, code_of_edits = code_key("article"), code_key("edits", folders=())
    keys = loaded.converted.keys
    for card in loaded.site.cards:
        context = loaded.site.context(card.id)
        has = printed and card.id not in unprinted
        key = key_of(code, keys[card.id], json.dumps(context), str(has), site_url, str(packed))
        name = f"articles/{card.id}.md"
        yield Job(name, key, card.id, "render", article_page, (context, has, site_url, packed), plain_page)
        ledger = key_of(code_of_edits, keys[card.id])
        yield Job(f"edits/{card.id}.jsonl", ledger, card.id, "edits", article_edits, (), no_edits)


def books(loaded: Loaded, site_url: str, without: Collection[str], lang: str = SIMPLIFIED) -> Iterator[Batch]:
    """The PDFs of packs, each a batch of one file; without the articles that cannot be printed."""
    for one in packs.books(loaded, compile.PrintOptions(site_url=site_url, lang=lang), without):
        path = f"{_printed(lang)}/{one.path}"
        yield Batch(path, one.key, partial(_pack, path, one, loaded))


def batches(
    loaded: Loaded,
    imprint: Imprint,
    printed: bool,
    unprinted: Collection[str] = (),
    packed: bool = False,
) -> Iterator[Batch | Section]:
    """Everything else below docs/. `unprinted`: the packs that have no PDF though others have."""
    keys = loaded.converted.keys
    code = key_of(code_key("lists"), str(printed), *sorted(unprinted))
    volumes = _volumes(loaded) if packed else {}
    linked = {**keys, **{card.id: _linked(loaded, card.id) for card in loaded.site.cards}}

    def key_for(name: str, about: str, cards: Iterable[str]) -> str:
        return key_of(code, name, about, "\n".join([linked[card] for card in cards]))

    def inside(section: indexes.Section) -> Iterator[Batch]:
        for group in section.groups():
            key = None if group.cards is None else key_for(group.name, group.about, group.cards)
            yield Batch(f"{PAGES}{group.name}", key, partial(_pages, group.make))

    for section in indexes.sections(loaded.site, printed, unprinted, tuple(volumes)):
        if section.cards is None:
            yield from inside(section)
        else:
            key = key_for(section.name, section.about, section.cards)
            yield Section(section.name, key, partial(inside, section))
    old = moved(loaded, Report())
    yield Batch("redirects", key_of(code, repr(old)), partial(_pages, partial(redirects.pages, old)))
    raws = {raw.id: raw.data for raw in loaded.corpus.articles}
    for card in loaded.site.cards:
        yield Batch(f"raw/{card.id}", keys[card.id], partial(_raw, card.id, raws[card.id]))
    for feed in feeds.plan(loaded.site, imprint):
        key = key_of(code, *imprint, feed.title, *(keys[card] for card in feed.articles))
        yield Batch(feed.path, key, partial(_feed, feed))
    told = repr(loaded.corpus.registries)
    everything = key_of(
        code,
        told,
        *imprint,
        str(packed),
        *(keys[card.id] for card in loaded.converted.cards),
        "" if volumes else repr(loaded.links),
    )
    volume_of_article = {article: name for name, ids in volumes.items() for article in ids}
    links: dict[str, list[Link]] = {name: [] for name in volumes}
    for one in loaded.links if volumes else ():
        links[volume_of_article[one.source]].append(one)
    spoken = repr(loaded.corpus.registries.formulations)
    for name, ids in volumes.items():
        key = key_of(code, *imprint, spoken, repr(links[name]), *(keys[article] for article in ids))
        yield Batch(f"data/{name}", key, partial(_volume, loaded, name, ids, links[name], imprint))
    yield Batch("open-data", everything, partial(_data, loaded, imprint, volumes))


def moved(loaded: Loaded, report: Report) -> dict[str, str]:
    """Old addresses → the pages that are there now; faults are lines in `report`."""
    told = loaded.corpus.registries.redirects
    if not told:
        return {}
    names = {f"articles/{card.id}" for card in loaded.site.cards}
    return redirects.resolved(told, names | {group.name for group in indexes.groups(loaded.site)}, report)


def _linked(loaded: Loaded, article: str) -> str:
    """A key of an article and of the addresses of the people, themes and organisation that it is linked to."""
    around = loaded.site.context(article)
    told = json.dumps((around.people, around.themes, around.organization))
    return key_of(loaded.converted.keys[article], told)


def _pages(make: Callable[[], Iterator[Page]]) -> Files:
    return ((page.path, page.text.encode("utf-8")) for page in make())


def _raw(article: str, data: bytes) -> Files:
    return ((f"raw/{article}.txt", data),)


def _feed(feed: feeds.Feed) -> Files:
    return feed.files()


def _volumes(loaded: Loaded) -> dict[str, list[str]]:
    """The articles of each volume, newest first, those without a page among them."""
    found: dict[str, list[str]] = {}
    for card in loaded.converted.cards:
        found.setdefault(volume_of(card.date), []).append(card.id)  # of a text that attests none, too
    return dict(sorted(found.items(), reverse=True))


def _volume(loaded: Loaded, name: str, ids: Sequence[str], links: Sequence[Link], imprint: Imprint) -> Files:
    converted, inside = loaded.converted, set(ids)
    cards = [card for card in converted.cards if card.id in inside]
    files = open_data.volume_files(converted.tables(ids), cards, links, loaded.corpus.registries, imprint)
    packed = open_data.with_archive(files, archive_of(name), beside=())
    return ((f"data/{path}", data) for path, data in packed)


def _data(loaded: Loaded, imprint: Imprint, volumes: Mapping[str, Sequence[str]]) -> Files:
    converted = loaded.converted
    converted.forget_excerpts()  # no page is left that quotes them
    shown = sorted(card.id for card in loaded.site.cards)
    edition = shown and not volumes
    corpus = tei.corpus((converted.article(one) for one in shown), imprint.url) if edition else ()
    converted.keep_tables(volumes.values())
    lines = map(converted.tables, volumes.values()) if volumes else converted.lines()
    files = open_data.data_files(
        lines, converted.cards, loaded.links, loaded.corpus.registries, imprint, corpus, tuple(volumes)
    )
    beside = (*SHORT, "dcat.jsonld") if volumes else None
    return ((f"data/{name}", data) for name, data in open_data.with_archive(files, beside=beside))


def _pack(path: str, one: packs.Print, loaded: Loaded) -> Files:
    return ((path, one.make(loaded)),)
