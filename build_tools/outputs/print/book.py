"""What is printed, as plain data: an article is a Chapter, a pack of them a Book.

Both turn into JSON for the Typst template, which gets strings and numbers only, never markup.
Every string here is printable: what the fonts lack has become a visible □ with its code point.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from build_tools.core.article import Article, BodyItem, Fact, Gap, Participant, Role
from build_tools.graph.addresses import person_pinyin, text_slug
from build_tools.graph.link import once_each
from build_tools.outputs.print.fonts import character_name, edition, lacking
from build_tools.outputs.print.notes import box_marks, corrections, gap_marks, plain, printer, runs
from build_tools.pages import cite, markdown

EXCERPT = 160
_THOUGHT = re.compile(r"[^，。；：、“”《》]{0,16}?思想")  # 习近平…思想 is no mention of him
# Facts with a row of the table on top: a correction of one is a footnote there.
_ROWS: tuple[str, ...] = (
    "held",
    "place",
    "organization",
    "level",
    "kind",
    "source",
    "published",
    "authors",
    "editors",
)
_ROLES = (
    Role.PRESIDES,
    Role.SPEAKS,
    Role.REPORTS,
    Role.INSTRUCTS,
    Role.ATTENDS,
    Role.SITS_IN,
)


@dataclass(frozen=True)
class PrintOptions:
    """What a printing depends on besides its articles.

    `site_url` is the address of the site's root, with or without a slash at its end,
    empty for none. `lang` names an edition of `data/print.yml`. `standards` are Typst's.
    """

    site_url: str = ""
    site_title: str = "生态环境会议文摘"
    lang: str = "zh-Hans"
    standards: tuple[str, ...] = ("a-2a", "ua-1")

    def address(self, article_id: str) -> str:
        """
        >>> PrintOptions("https://example.org/digest/").address("a1")
        'https://example.org/digest/articles/a1/'
        """
        return f"{self.site_url.rstrip('/')}/articles/{article_id}/"


Note = tuple[int, str]  # number in its chapter, words


@dataclass(frozen=True)
class Item:
    """A heading (level 1 to 3 below the article's title), a numbered paragraph (level 0) or what is left out (-1).

    `runs` are (style, text): joined they are the item's text; style is ``, `lead`, `mark` or `lead-mark`.
    """

    id: str
    number: int
    level: int
    runs: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of a table: its label, its value, the notes on it."""

    label: str
    value: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """An article as it is printed. `people` and `themes` are (name, sort key, ids of the places)."""

    id: str
    title: str
    eyebrow: str
    decks: tuple[str, ...]
    date: str  # EDTF or ''
    shown_date: str
    meta: tuple[Row, ...]
    key_points: tuple[str, ...]
    roles: tuple[Row, ...]
    items: tuple[Item, ...]
    documents: tuple[str, ...]
    end: tuple[Row, ...]
    url: str
    until: str  # the latest date that it tells of
    source: str
    authors: tuple[str, ...]
    people: tuple[tuple[str, str, tuple[str, ...]], ...]
    themes: tuple[tuple[str, str, tuple[str, ...]], ...]
    lacking: tuple[str, ...] = ()  # code points and names of the characters that are printed as a box


@dataclass(frozen=True)
class Extract:
    """What one chapter of a pack says on the pack's subject: (paragraph id, words)."""

    chapter: str
    head: str
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Book:
    """A pack: chapters oldest first, extracts on its subject, what the colophon tells."""

    title: str
    kind: str  # theme, person, volume, digest
    subtitle: str
    note: str
    extracts: tuple[Extract, ...]
    chapters: tuple[Chapter, ...]
    passages: bool = False  # chapters hold what is said on the subject; in a large book too they follow one another on a page

    @property
    def until(self) -> str:
        return max((chapter.until for chapter in self.chapters), default="")

    @property
    def sources(self) -> tuple[tuple[str, int], ...]:
        """Sources with the number of their articles, most first."""
        counts = Counter(chapter.source for chapter in self.chapters if chapter.source)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def jsonable(value: object) -> Any:
    """For `json.dumps(default=…)`: a dataclass of this module as its fields."""
    return vars(value)


# --- an article --------------------------------------------------------------


def chapter_of(article: Article, options: PrintOptions | None = None) -> Chapter:
    """The article as data to print. Pure; raises ValueError for an unknown `options.lang`."""
    options = options or PrintOptions()
    words = edition(options.lang)
    gone = lacking(texts(article), options.lang)
    show = printer(gone)
    labels = {item.id for item in article.body}
    gaps: dict[str, list[Gap]] = {}
    for gap in article.gaps:
        gaps.setdefault(gap.paragraph, []).append(gap)
    changed = corrections(article, words, show)
    numbers = count(1)
    meta = tuple(_meta(article, words, show, numbers))
    items: list[Item] = []
    number = depth = 0
    for item in article.body:
        if item.level:
            depth = max(1, min(item.level - 1, depth + 1, 3))
        else:
            number += 1
        here = sorted(
            [
                *gap_marks(item.text, gaps.get(item.id, ()), words, show),
                *box_marks(item.text, gone, words),
                *changed.get(item.id, ()),
            ]
        )
        items.append(
            Item(
                item.id,
                0 if item.level else number,
                depth if item.level else 0,
                runs(plain(item.text, gone), item.lead, here),
                tuple((next(numbers), mark.note) for mark in here if mark.note),
            )
        )
    published = article.published.value if article.published else ""
    known = [date for date in (published, article.date) if date and not date.startswith("X")]
    return Chapter(
        id=article.id,
        title=show(article.display_title),
        eyebrow=show(article.eyebrow or ""),
        decks=tuple(map(show, article.decks)),
        date=article.date,
        shown_date=markdown.date_range(article.held.value) if article.held else markdown.date(published),
        meta=meta,
        key_points=tuple(show(fact.value) for fact in article.key_points),
        roles=tuple(_roles(article.people, show)),
        items=tuple(items),
        documents=tuple(show(fact.value) for fact in article.documents),
        end=tuple(_end(article, options, words, show)),
        url=options.address(article.id) if options.site_url else "",
        until=max(known, default=""),
        source=show(article.source.value) if article.source else "",
        authors=tuple(show(fact.value) for fact in article.authors),
        people=tuple(
            (show(one.name), person_pinyin(one.name), _places(one, article, labels))
            for one in article.people
            if not one.weak
        ),
        themes=tuple(
            (
                show(hit.label),
                text_slug(hit.label),
                _in_order({place for place, _, _ in hit.passages}, article),
            )
            for hit in article.themes
        ),
        lacking=tuple(character_name(char) for char in sorted(gone)),
    )


def texts(article: Article) -> Iterable[str]:
    """All strings of an article that reach the page."""
    yield article.display_title
    yield article.eyebrow or ""
    yield from article.decks
    for fact in (article.place, article.source, article.dateline_outlet, article.organization):
        yield fact.value if fact else ""
    for several in (article.authors, article.editors, article.key_points, article.documents):
        yield from (fact.value for fact in several)
    for one in article.people:
        yield one.name
        yield from one.offices
    yield from (hit.label for hit in article.themes)
    yield from (item.text for item in article.body)
    yield from (gap.reading or "" for gap in article.gaps)
    for field, value, reason in article.corrections:
        yield markdown.corrected(field, value)
        yield reason
    yield article.url or ""


def _meta(article: Article, words: Any, show: Callable[[str], str], numbers: Iterator[int]) -> Iterable[Row]:
    reasons: dict[str, list[str]] = {}
    for field, _, reason in article.corrections:
        reasons.setdefault(field, []).append(words["notes"]["correction"].format(show(reason)))

    def row(field: str, value: str, inferred: bool = False) -> Row:
        mark = words["notes"]["inferred"] if inferred else ""
        label = words["facts"].get(field) or markdown.label("facts", field)
        return Row(label, show(value) + mark, tuple((next(numbers), note) for note in reasons.get(field, ())))

    def fact(field: str, one: Fact[str] | None) -> Iterable[Row]:
        if one is not None:
            yield row(field, one.value, one.inferred)

    if article.held is not None:
        yield row("held", markdown.date_range(article.held.value), article.held.inferred)
    yield from fact("place", article.place)
    yield from fact("organization", article.organization)
    level, kind = article.level.value.value, article.kind.value.value
    yield row("level", markdown.label("levels", level), article.level.inferred)
    yield row("kind", markdown.label("kinds", kind), article.kind.inferred)
    yield from fact("source", article.source)
    yield from fact("dateline_outlet", article.dateline_outlet)
    if article.published is not None:
        yield row("published", markdown.date(article.published.value), article.published.inferred)
    for field, several in (("authors", article.authors), ("editors", article.editors)):
        if several:
            yield row(field, "、".join(one.value for one in several))
    if article.themes:
        yield row("themes", "、".join(hit.label for hit in article.themes))
    shown, explained = markdown.labels("trust")[article.trust_label]
    yield row("trust", f"{shown}。{explained}")


def _roles(people: Sequence[Participant], show: Callable[[str], str]) -> Iterable[Row]:
    for role in _ROLES:
        named = [
            names[0] + (f"（{'、'.join(one.offices)}）" if one.offices else "")
            for names, one in once_each(people)
            if role in one.roles
        ]
        if named:
            yield Row(markdown.label("roles", role.value), show("；".join(named)))


def _end(article: Article, options: PrintOptions, words: Any, show: Callable[[str], str]) -> Iterable[Row]:
    labels, notes = words["end"], words["notes"]
    address = options.address(article.id)
    if options.site_url:
        yield Row(labels["url"], address)
    if article.url:
        yield Row(labels["origin"], show(article.url))
    yield Row(labels["cite"], show(cite.gbt(article, address if options.site_url else article.url or "")))
    yield Row(labels["paragraphs"], notes["paragraphs"])
    for field, value, reason in article.corrections:
        if field != "text" and not (field in (*_ROWS, "themes", "trust") and getattr(article, field)):
            told = notes["corrected"].format(
                markdown.label("facts", field), show(markdown.corrected(field, value)), show(reason)
            )
            yield Row(labels["correction"], told)
    made = sum(len(step.edits) for step in article.cleaned.passes)
    yield Row(labels["edits"], notes["edits"].format(made) if made else notes["unedited"])
    yield Row(labels["raw"], f"SHA-256 {article.raw_sha256[:16]}")


def _places(one: Participant, article: Article, labels: set[str]) -> tuple[str, ...]:
    """Where the index sends for a person: paragraphs that name him, are evidence, or hold his words."""
    named = {item.id for item in article.body if _names(item, one.name)}
    named.update(evidence.where for evidence in one.evidence if evidence.where in labels)
    named.update(said.paragraph for said in article.statements if said.person == one.name)
    return _in_order(named, article)


def _in_order(places: set[str], article: Article) -> tuple[str, ...]:
    """Those that are paragraphs or headings, as they follow one another: an index has rising page numbers."""
    return tuple(item.id for item in article.body if item.id in places)


def _names(item: BodyItem, name: str) -> bool:
    """
    >>> [_names(BodyItem("p", text), "习近平") for text in ("学习习近平生态文明思想", "习近平指出")]
    [False, True]
    """
    at = item.text.find(name)
    while at >= 0:
        if not _THOUGHT.match(item.text, at + len(name)):
            return True
        at = item.text.find(name, at + len(name))
    return False


# --- a pack ------------------------------------------------------------------
