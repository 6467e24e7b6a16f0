"""What the whole corpus knows of its articles, and a page to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from build_tools.core.article import DateRange, Kind, Level, Participant, ThemeHit, Trust
from build_tools.core.messages import Message
from build_tools.core.pickled import pickle_compactly


@dataclass(frozen=True, slots=True)
class Link:
    """Why two articles stand together: near_duplicate, related or shared_passage."""

    kind: str
    source: str
    target: str
    score: float
    reason: str = ""


@dataclass(frozen=True)
class Card:
    """What the whole corpus needs to know of one article: small, so that 10,000 load in a second."""

    id: str
    title: str
    date: str
    published: str | None
    held: DateRange | None
    volume: str
    organization: str | None
    level: Level
    kind: Kind
    trust: Trust
    source: str | None
    status: str
    people: tuple[Participant, ...]  # without evidence
    themes: tuple[ThemeHit, ...]  # without passages
    sentences: tuple[str, ...]  # long ones of passages that themes cite: shared with another article?
    signature: tuple[int, ...]  # MinHash of shingles, for near-duplicates
    formulations: tuple[tuple[str, str, str], ...] = ()  # formulation id, variant, paragraph id
    documents: tuple[str, ...] = ()
    idle: tuple[tuple[int, Message], ...] = ()  # as in Article
    status_reason: str | None = None
    fetched: str | None = None

    @property
    def shown(self) -> bool:
        """Whether it has a page: published, and not rejected."""
        return self.status == "published" and self.trust is not Trust.REJECTED


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What the pages of people and themes quote of one article; read only when such a page is made.

    `spoken`: person → how many statements, first ones (verb, paragraph id, words); `passages`: theme → paragraphs.
    """

    spoken: Mapping[str, tuple[int, tuple[tuple[str, str, str], ...]]] = field(default_factory=dict)
    passages: Mapping[str, tuple[int, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    acting: Mapping[str, tuple[str, int]] = field(default_factory=dict)  # person → id, number of a paragraph


@dataclass(frozen=True)
class Page:
    """A Markdown page to be written: path below docs/, front matter, body."""

    path: str
    text: str


def volume_of(date: str) -> str:
    """The year that files an article.

    >>> volume_of("2021-03-19"), volume_of("XXXX-02-23"), volume_of("")
    ('2021', 'undated', 'undated')
    """
    return date[:4] if date[:4].isdigit() else "undated"


pickle_compactly(globals())
