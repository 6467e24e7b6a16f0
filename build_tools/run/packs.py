"""Which PDFs there are to print: articles, and packs by theme, person, volume and the whole digest.

Each is a Print: its path below `pdf/`, the key of all that it depends on, its articles, and how to make it of them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from build_tools.core.article import Article
from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.files import key_of
from build_tools.core.guard import BUDGET, Budget
from build_tools.core.site import Card
from build_tools.graph.link import PersonEntry, ThemeEntry
from build_tools.outputs.print import compile
from build_tools.pages import themes
from build_tools.run.cache import code_key
from build_tools.run.convert import Loaded

BOOK_LIMIT = 1000  # articles a book: 5 ms and 2 MiB each (FACTS.md, Print); a larger pack is cut by volume
DIGEST = "生态环境会议文摘"


Printed = tuple[bytes, list[Diagnostic]]  # a PDF, and what is to be said of the articles that are not in it


@dataclass(frozen=True)
class Print:
    """A PDF to be: `path` below pdf/, `ids` its articles. `fn` makes it of their pickles, in any process."""

    path: str
    key: str
    ids: tuple[str, ...]
    fn: Callable[[Sequence[bytes]], Printed]

    def make(self, loaded: Loaded) -> bytes:
        """The PDF, made here. Raises CorpusError."""
        return self.fn(self.blobs(loaded))[0]

    def blobs(self, loaded: Loaded) -> list[bytes]:
        """The pickles of its articles."""
        return [loaded.converted.blob(name) for name in self.ids]

    @property
    def budget(self) -> Budget:
        """An article's, and for every hundred articles of a book as much again."""
        share = 1 + len(self.ids) // 100
        return Budget(BUDGET.seconds * share, BUDGET.memory + (share - 1) * (BUDGET.memory >> 3))


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
        yield Print(f"{card.id}.pdf", key, (card.id,), partial(_article, options))


def _article(options: compile.PrintOptions, blobs: Sequence[bytes]) -> Printed:
    return compile.print_article(pickle.loads(blobs[0]), options), []


def theme(
    loaded: Loaded,
    entry: ThemeEntry,
    options: compile.PrintOptions,
    without: Collection[str] = (),
    whole: bool = False,
) -> Iterator[Print]:
    """What the articles about a theme say on it, or the `whole` articles; `without` those named."""
    note = entry.theme.scope_note if entry.theme is not None else ""
    cards = [card for card, _ in entry.hits if card.id not in without]
    yield from _pack(loaded, f"themes/{entry.slug}", entry.label, "theme", cards, options, note, whole)


def person(
    loaded: Loaded, entry: PersonEntry, options: compile.PrintOptions, whole: bool = False
) -> Iterator[Print]:
    """What a person said and where, or the `whole` articles."""
    note = entry.person.summary if entry.person is not None else ""
    cards = [row.card for row in entry.appearances]
    yield from _pack(loaded, f"people/{entry.slug}", entry.name, "person", cards, options, note, whole)


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
    """The packs that `digest build` prints besides the articles: themes and the digest; of the mirror the digest."""
    for entry in loaded.site.themes if options.lang == compile.PrintOptions.lang else ():
        if themes.bound(entry):
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
    whole: bool = True,
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
            _code(options),
            title,
            kind,
            note,
            subtitle,
            str(whole),
            *(loaded.converted.keys[name] for name in ids),
        )
        about = (title, kind, subtitle, note, whole)
        yield Print(f"{path}{suffix}.pdf", key, ids, partial(_book, options, about))


def _book(
    options: compile.PrintOptions, about: tuple[str, str, str, str, bool], blobs: Sequence[bytes]
) -> Printed:
    """The book, without the articles that the compiler refuses by themselves. Raises CorpusError."""
    title, kind, subtitle, note, whole = about

    def printed(some: Sequence[Article]) -> bytes:
        book = compile.book_of(title, kind, some, options, subtitle=subtitle, note=note, whole=whole)
        return compile.print_book(book, options)

    chosen: list[Article] = [pickle.loads(blob) for blob in blobs]
    try:
        return printed(chosen), []
    except CorpusError:
        refused = {one.id: told for one in chosen if (told := _refused(one, options)) is not None}
        if not refused:
            raise
        if len(refused) == len(chosen):
            raise CorpusError(next(iter(refused.values()))) from None
        return printed([one for one in chosen if one.id not in refused]), list(refused.values())


def _refused(one: Article, options: compile.PrintOptions) -> Diagnostic | None:
    try:
        compile.print_article(one, options)
    except CorpusError as error:
        return error.diagnostic
    return None
