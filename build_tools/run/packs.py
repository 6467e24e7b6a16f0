"""Which PDFs there are to print: articles, and packs by theme, person, volume and the whole digest.

Each is a Print: its path below `pdf/`, the key of all that it depends on, and how to make it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from build_tools.core.diagnostics import CorpusError
from build_tools.core.files import key_of
from build_tools.core.site import Card
from build_tools.graph.link import PersonEntry, ThemeEntry
from build_tools.outputs.print import compile
from build_tools.run.cache import code_key
from build_tools.run.convert import Loaded

BOOK_LIMIT = 1000  # articles a book: 5 ms and 2 MiB each (FACTS.md, Print); a larger pack is cut by volume
DIGEST = "生态环境会议文摘"


@dataclass(frozen=True)
class Print:
    """A PDF to be: `path` below pdf/, `articles` how many are in it."""

    path: str
    key: str
    make: Callable[[], bytes]
    articles: int


def _code(options: compile.PrintOptions) -> str:
    fonts = " ".join(version(name) for name in ("typst", "pylopdf-fonts-zh-cn"))
    return key_of(code_key("print", folders=("data", "outputs/print/template")), fonts, repr(options))


def articles(
    loaded: Loaded, options: compile.PrintOptions, cards: Sequence[Card] | None = None
) -> Iterator[Print]:
    """A PDF of each article that has a page."""
    code = _code(options)
    for card in cards if cards is not None else loaded.site.cards:
        key = key_of(code, loaded.converted.keys[card.id])
        yield Print(f"{card.id}.pdf", key, partial(_article, loaded, card.id, options), 1)


def _article(loaded: Loaded, article_id: str, options: compile.PrintOptions) -> bytes:
    return compile.print_article(loaded.converted.article(article_id), options)


def theme(
    loaded: Loaded, entry: ThemeEntry, options: compile.PrintOptions, without: Collection[str] = ()
) -> Iterator[Print]:
    """The articles about a theme, with the passages that speak of it; `without` those named."""
    note = entry.theme.scope_note if entry.theme is not None else ""
    cards = [card for card, _ in entry.hits if card.id not in without]
    yield from _pack(loaded, f"themes/{entry.slug}", entry.label, "theme", cards, options, note=note)


def person(loaded: Loaded, entry: PersonEntry, options: compile.PrintOptions) -> Iterator[Print]:
    """The meetings and statements of a person."""
    note = entry.person.summary if entry.person is not None else ""
    cards = [row.card for row in entry.appearances]
    yield from _pack(loaded, f"people/{entry.slug}", entry.name, "person", cards, options, note=note)


def volume(
    loaded: Loaded, name: str, cards: Sequence[Card], options: compile.PrintOptions
) -> Iterator[Print]:
    """The articles of one year."""
    title = f"{name}年" if name.isdigit() else "日期不详"
    yield from _pack(loaded, f"volumes/{name}", f"{DIGEST}·{title}", "volume", cards, options)


def digest(loaded: Loaded, options: compile.PrintOptions, without: Collection[str] = ()) -> Iterator[Print]:
    """The whole digest, `without` the articles named; a book a volume once it is too large for one."""
    if len(loaded.site.cards) > BOOK_LIMIT:
        for name, cards in loaded.site.volumes:
            yield from volume(loaded, name, cards, options)
    elif loaded.site.cards:
        some = [card for card in loaded.site.cards if card.id not in without]
        yield from _pack(loaded, "digest", DIGEST, "digest", some, options)


def books(loaded: Loaded, options: compile.PrintOptions, without: Collection[str] = ()) -> Iterator[Print]:
    """The packs that `digest build` prints besides the articles: themes and the digest."""
    for entry in loaded.site.themes:
        if entry.hits:
            yield from theme(loaded, entry, options, without)
    yield from digest(loaded, options, without)


def _pack(
    loaded: Loaded,
    path: str,
    title: str,
    kind: str,
    cards: Sequence[Card],
    options: compile.PrintOptions,
    note: str = "",
) -> Iterator[Print]:
    """One book, or several of at most BOOK_LIMIT articles by date."""
    ordered = sorted(
        {card.id: card for card in cards}.values(), key=lambda card: (card.date or "9999", card.id)
    )
    parts = [ordered[at : at + BOOK_LIMIT] for at in range(0, len(ordered), BOOK_LIMIT)] or [[]]
    for number, part in enumerate(parts, 1):
        suffix = f"-{number}" if len(parts) > 1 else ""
        subtitle = f"第{number}册·共{len(parts)}册" if len(parts) > 1 else ""
        ids = tuple(card.id for card in part)
        key = key_of(
            _code(options), title, kind, note, subtitle, *(loaded.converted.keys[name] for name in ids)
        )
        make = partial(_book, loaded, title, kind, ids, options, subtitle, note)
        yield Print(f"{path}{suffix}.pdf", key, make, len(ids))


def _book(
    loaded: Loaded,
    title: str,
    kind: str,
    ids: Sequence[str],
    options: compile.PrintOptions,
    subtitle: str,
    note: str,
) -> bytes:
    chosen = [loaded.converted.article(name) for name in ids]
    try:
        return compile.print_book(
            compile.book_of(title, kind, chosen, options, subtitle=subtitle, note=note), options
        )
    except CorpusError:
        for one in chosen:  # the article at fault, if it is one
            compile.print_article(one, options)
        raise
