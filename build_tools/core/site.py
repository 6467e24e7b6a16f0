"""What the whole corpus knows of its articles, and a page to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from build_tools.core.article import DateRange, Kind, Level, Participant, ThemeHit, Trust
from build_tools.core.messages import Message
from build_tools.core.pickled import pickle_compactly, pickled_as_tuple

SEARCH_DATA = (
    "search/data"  # where all that search reads is, below site/; the browser code knows the same path
)
ARCHIVE = "digest-data.zip"  # all open data in one file; of a large corpus without LONG
# Of a large corpus in an archive a volume: what has lines an article.
LONG = ("articles.jsonl", "statements.jsonl", "formulations.jsonl", "links.jsonl")
# What stays beside the archive when a large corpus's tables are in it alone: small, or read by a page of the site.
SHORT = ("articles.csv", "commitments.jsonl", "people.jsonl", "themes.jsonl", "organizations.jsonl")
FAILED = "# 这一页没有做成\n\n做这一页时出了错，编者已得到报告。请过些时候再来。\n"  # a page that could not be made
UNLISTED = "noindex"  # in place of a page's date: search engines are not to list it
UNATTESTED = frozenset({Trust.TEMPLATE, Trust.DAMAGED})  # they date nothing and are nobody's words


@dataclass(frozen=True, slots=True)
class Link:
    """Why two articles stand together: near_duplicate, related or shared_passage."""

    kind: str
    source: str
    target: str
    score: float
    reason: str = ""
    passages: tuple[
        tuple[str, str, str], ...
    ] = ()  # shared: the sentence, its paragraph in source and in target


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
    sentences: tuple[
        tuple[str, str], ...
    ]  # long ones of passages that themes cite, with their paragraph: shared?
    signature: tuple[int, ...]  # MinHash of shingles, for near-duplicates
    formulations: tuple[tuple[str, str, str], ...] = ()  # each occurrence: formulation id, variant, block id
    spoke: tuple[tuple[str, str, int], ...] = ()  # person, theme, how many paragraphs he speaks of it in
    documents: tuple[str, ...] = ()
    idle: tuple[tuple[int, Message, Message], ...] = ()  # as in Article
    status_reason: str | None = None
    fetched: str | None = None
    promises: int = 0  # numbers and deadlines
    promised: tuple[tuple[str, int], ...] = ()  # theme, how many of them are in paragraphs that speak of it

    @property
    def shown(self) -> bool:
        """Whether it has a page: published, and not rejected."""
        return self.status == "published" and self.trust is not Trust.REJECTED

    @property
    def attests(self) -> bool:
        """Whether the text is evidence of what was said and when: a model text or a damaged one is not."""
        return self.trust not in UNATTESTED

    @property
    def filed(self) -> str:
        """The date that it has in lists, spans and counts: '' for a text that attests nothing."""
        return self.date if self.attests else ""


class Said(NamedTuple):
    """A statement as other pages quote it: whole, with the themes that it speaks of."""

    verb: str
    where: str  # paragraph id
    number: int
    words: str
    themes: tuple[str, ...]


class Occurrence(NamedTuple):
    """A wording of a formulation where it is read: `before` and `after` are what stands around it."""

    variant: str
    where: str  # paragraph id, heading id, `title` or `deck`
    number: int  # of the paragraph, else 0
    before: str
    after: str


class Promise(NamedTuple):
    """A number or a deadline, as `core.article.Commitment`, with its place and the themes of its paragraph."""

    text: str
    quantity: str | None
    deadline: str | None
    where: str  # paragraph id
    number: int
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What other pages quote of one article; read only when such a page is made.

    `passages`: theme → how many paragraphs, the first ones (id, words).
    """

    spoken: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)  # by person
    passages: Mapping[str, tuple[int, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    acting: Mapping[str, tuple[str, int]] = field(default_factory=dict)  # person → id, number of a paragraph
    formulations: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)  # by formulation id
    key_points: tuple[tuple[str, str], ...] = ()  # wording, block id
    corrections: int = 0  # how many a curator made
    promises: tuple[Promise, ...] = ()


class Imprint(NamedTuple):
    """What a site says of itself, '' for what it does not: its address, who edits it, and where to report an error
    (an address of the web, or `mailto:…`)."""

    name: str
    url: str = ""
    editor: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Page:
    """A Markdown page to be written: path below docs/, front matter, body."""

    path: str
    text: str


def archive_of(volume: str) -> str:
    """The archive that has a volume's LONG tables, where the corpus is large.

    >>> archive_of("2024")
    'digest-data-2024.zip'
    """
    return f"{ARCHIVE.removesuffix('.zip')}-{volume}.zip"


def volume_of(date: str) -> str:
    """The year that files an article.

    >>> volume_of("2021-03-19"), volume_of("XXXX-02-23"), volume_of("")
    ('2021', 'undated', 'undated')
    """
    return date[:4] if date[:4].isdigit() else "undated"


pickle_compactly(globals())
pickled_as_tuple(Said)
pickled_as_tuple(Occurrence)
pickled_as_tuple(Promise)
