"""A pack of articles as a Book: by theme, person, volume, or the whole digest."""

from __future__ import annotations

from collections.abc import Sequence
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
    PrintOptions,
    Row,
    chapter_of,
    texts,
)
from build_tools.outputs.print.fonts import edition, lacking
from build_tools.outputs.print.notes import printer
from build_tools.pages import markdown

LONGEST = 30_000  # characters of an article that a pack on a subject prints whole; a work report has 20,000


def book_of(
    title: str,
    kind: str,
    articles: Sequence[Article],
    options: PrintOptions | None = None,
    *,
    subtitle: str = "",
    note: str = "",
    subject: str = "",
) -> Book:
    """A pack of articles, oldest first, undated last.

    `kind` is theme, person, volume or digest; `subject` the theme's label or the person's
    name in the articles (default: `title`); `note` a scope note or summary for the cover.
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
    extracts = [_extract(kind, subject, one, chapter, options) for one, chapter in pairs]
    if kind in ("theme", "person"):
        told = zip(pairs, extracts, strict=True)
        chapters = tuple(_shortened(one, chapter, extract, options) for (one, chapter), extract in told)
    return Book(
        title=show(title),
        kind=kind,
        subtitle=show(subtitle),
        note=show(note),
        extracts=tuple(one for one in extracts if one is not None),
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


def _shortened(article: Article, chapter: Chapter, extract: Extract | None, options: PrintOptions) -> Chapter:
    """Of a very long article a pack on a subject prints the paragraphs that speak of it, and says so.

    An article is in the pack of each of its themes: one of 250 kB was printed whole in ten of them.
    """
    if sum(len(item.text) for item in article.body) <= LONGEST:
        return chapter
    quoted = {place for place, _ in extract.passages} if extract is not None else set()
    items = tuple(item for item in chapter.items if item.id in quoted)
    words = edition(options.lang)
    return replace(
        chapter,
        items=items,
        key_points=(),
        documents=(),
        meta=(*chapter.meta, Row(words["words"]["body"], words["notes"]["shortened"].format(len(items)))),
        people=tuple((name, sort, ()) for name, sort, _ in chapter.people),
        themes=tuple((name, sort, ()) for name, sort, _ in chapter.themes),
    )


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
