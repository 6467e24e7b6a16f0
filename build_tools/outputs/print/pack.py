"""A pack of articles as a Book: by theme, person, volume, or the whole digest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from build_tools.core.article import Article, Statement
from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.messages import say
from build_tools.core.workers import uncollected
from build_tools.outputs.print.book import (
    EXCERPT,
    Book,
    Chapter,
    Extract,
    Item,
    PrintOptions,
    Row,
    chapter_of,
    texts,
)
from build_tools.outputs.print.fonts import edition, lacking
from build_tools.outputs.print.notes import printer
from build_tools.pages import markdown

Entry = tuple[str, str, tuple[str, ...]]  # of an index: name, sort key, ids of the places
_PASSAGE_ROWS = (
    "held",
    "organization",
    "source",
    "published",
    "trust",
)  # told of an article in a pack of passages


def book_of(
    title: str,
    kind: str,
    articles: Sequence[Article],
    options: PrintOptions | None = None,
    *,
    subtitle: str = "",
    note: str = "",
    subject: str = "",
    whole: bool = True,
) -> Book:
    """A pack of articles, oldest first, undated last.

    `kind` is theme, person, volume or digest; `subject` the theme's label or the person's
    name in the articles (default: `title`); `note` a scope note or summary for the cover. A pack on a theme or
    a person prints what is said there on the subject, unless the `whole` articles are asked for.
    Raises CorpusError for a pack without articles: there is nothing to print.
    """
    options = options or PrintOptions()
    if not articles:
        raise CorpusError(
            Diagnostic(
                f"pdf/{kind}/{title}",
                0,
                "error",
                say("no published article belongs to this pack, so there is nothing to print"),
                say("check the name, or take in an article on it first"),
            )
        )
    show = printer(lacking([title, subtitle, note], options.lang))
    ordered = sorted(articles, key=lambda one: (one.date or "9999", one.id))
    with uncollected():
        chapters = tuple(chapter_of(one, options) for one in ordered)
    subject = subject or title
    pairs = list(zip(ordered, chapters, strict=True))
    extracts = tuple(_extract(kind, subject, one, chapter, options) for one, chapter in pairs)
    if kind in ("theme", "person") and not whole:
        told = zip(chapters, extracts, strict=True)
        chapters = tuple(_passages(chapter, extract, kind, options) for chapter, extract in told)
        extracts = ()  # they would say the same once more
    return Book(
        title=show(title),
        kind=kind,
        subtitle=show(subtitle),
        note=show(note),
        extracts=tuple(one for one in extracts if one is not None),
        passages=not whole and kind in ("theme", "person"),
        chapters=chapters,
    )


def _extract(
    kind: str, subject: str, article: Article, chapter: Chapter, options: PrintOptions
) -> Extract | None:
    """What the article says on the subject: passages on a theme, the words and offices of a person."""
    if kind not in ("theme", "person"):
        return None
    show = printer(lacking(texts(article), options.lang))
    passages: list[tuple[str, str]] = []
    head = chapter.title
    text_of = {item.id: item.text for item in article.body}
    if kind == "theme":
        places = [hit.passages for hit in article.themes if hit.label == subject]
        spans: dict[str, tuple[int, int]] = {}
        for place, start, end in (passage for group in places for passage in group):
            spans.setdefault(place, (start, end))
        passages = [
            (place, show(_around(text_of[place], *span))) for place, span in spans.items() if place in text_of
        ]
    else:
        for one in article.people:
            if one.name == subject:
                roles = "、".join(markdown.label("roles", role.value) for role in one.roles)
                held = "、".join(one.offices)
                head = f"{chapter.title}：{show(held)}{'·' if held and roles else ''}{roles}"
        passages = [
            (said.paragraph, show(_said(said)))
            for said in article.statements
            if said.person == subject and said.paragraph in text_of
        ]
    return Extract(chapter.id, head, tuple(passages))


def _passages(chapter: Chapter, extract: Extract | None, kind: str, options: PrintOptions) -> Chapter:
    """Of an article the paragraphs that speak of the subject, whole, below their headings.

    An article is in the pack of each of its themes: printed whole, one of 250 kB filled ten packs.
    """
    words = edition(options.lang)
    quoted = {place for place, _ in extract.passages} if extract is not None else set()
    items: list[Item] = []
    headings: list[Item] = []
    skipped: list[int] = []

    def left_out() -> None:
        if skipped:
            told = words["notes"]["left_out" if len(skipped) > 1 else "left_out_one"]
            said = told.format(skipped[0], skipped[-1])
            items.append(Item("", 0, -1, (("", said),)))
            skipped.clear()

    for item in chapter.items:
        if item.level:
            headings = [*(above for above in headings if above.level < item.level), item]
        if item.id in quoted:  # a heading too may speak of a theme
            left_out()
            items += headings if item.level else [*headings, item]
            headings = []
        elif not item.level:
            skipped.append(item.number)
    if quoted:
        left_out()
    kept = {words["facts"].get(name) or markdown.label("facts", name) for name in _PASSAGE_ROWS}
    meta = [row for row in chapter.meta if row.label in kept]
    if kind == "person" and extract is not None and extract.head != chapter.title:
        meta.append(Row(words["words"]["roles"], extract.head.removeprefix(f"{chapter.title}：")))
    told = words["notes"]["passages" if quoted else f"no_{kind}_passages"]
    meta.append(Row(words["words"]["body"], told.format(len(quoted))))
    return replace(
        chapter,
        items=tuple(items),
        key_points=(),
        roles=(),
        documents=(),
        decks=(),
        meta=tuple(meta),
        end=tuple(row for row in chapter.end if row.label == words["end"]["cite"]),
        people=_kept(chapter.people, quoted),
        themes=_kept(chapter.themes, quoted),
    )


def _kept(entries: tuple[Entry, ...], quoted: Collection[str]) -> tuple[Entry, ...]:
    """Of the entries of an index those that are read in what is printed."""
    found = ((name, sort, tuple(one for one in places if one in quoted)) for name, sort, places in entries)
    return tuple(entry for entry in found if entry[2])


def _said(said: Statement) -> str:
    return _cut(f"{said.verb}：{said.text}" if said.verb else said.text)


def _around(text: str, start: int, end: int) -> str:
    """The sentence or sentences that hold a passage, cut to EXCERPT.

    >>> _around("今年开局好。要深入打好污染防治攻坚战，持续用力。明年再来。", 10, 17)
    '要深入打好污染防治攻坚战，持续用力。'
    """
    left = max(text.rfind(mark, 0, start) for mark in "。！？；") + 1
    stops = [at for at in (text.find(mark, end) for mark in "。！？") if at >= 0]
    right = min(stops) + 1 if stops else len(text)
    return _cut(text[left:right])


def _cut(text: str) -> str:
    """EXCERPT characters at most, with the ellipsis of GB/T 15834, which no pause mark precedes."""
    return text if len(text) <= EXCERPT else text[: EXCERPT - 2].rstrip("，、；：") + "……"
