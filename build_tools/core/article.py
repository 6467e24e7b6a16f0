"""The plain types that the parts hand to each other.

Everything here is frozen and holds only str, int, bool, None, tuples and other types of this module, so that it
pickles, hashes and compares by value. Offsets are code points, half open. Dates are EDTF strings at the
precision known: `2022`, `2022-02`, `2022-02-23`, `XXXX-02-23`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from build_tools.core.messages import Message
from build_tools.core.pickled import pickle_compactly, pickled_as_tuple
from build_tools.core.web_address import WebAddress

T = TypeVar("T")


# --- edits -------------------------------------------------------------------


class Edit(NamedTuple):
    """Replace `before`, which stands at `start` of the pass's input, by `after`.

    A tuple: an article has some hundred, and each is made twice (proposed, read back).
    """

    start: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pass:
    """The edits of one rule, sorted by start, not overlapping, against that pass's input."""

    rule: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A cleaning rule proposes edits and never returns text; the engine applies them."""

    id: str
    reason: str
    propose: Callable[[str], Iterable[Edit]]


# --- one article, from bytes to clean blocks ---------------------------------


@dataclass(frozen=True, slots=True)
class Decoded:
    """What `decode` made of a file's bytes.

    `text` is the decoded original that the edit ledger starts from. For HTML it is the text of the recorded
    extraction step `tool` (name and version), and `hints` holds the page's own metadata (`title`, `date`,
    `author`, `sitename`, `url`) as pairs.
    """

    text: str
    encoding: str
    tool: str | None = None
    hints: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


class LineKind(StrEnum):
    """What a line of the laid-out text is. The first six are kept as blocks."""

    EYEBROW = "eyebrow"  # 引题, above the title
    TITLE = "title"
    DECK = "deck"  # 副题 or 提要, below the title
    WHO = "who"  # 甲出席并讲话 乙丙出席
    HEADING = "heading"  # a section heading of the body
    PARAGRAPH = "paragraph"
    META = "meta"  # 日期: 来源: 作者: 编辑: 浏览: …, in head or tail
    BYLINE = "byline"  # (记者 甲 乙), 甲摄 on a line of its own
    BREADCRUMB = "breadcrumb"
    WIDGET = "widget"  # 【字体:大 中 小】 打印 分享
    CAPTION = "caption"
    IMAGE = "image"  # 甲.jpg, 111
    REPEAT = "repeat"  # the title again
    FOOTER = "footer"  # ICP, 扫一扫, copyright
    CONTACT = "contact"
    LINKS = "links"  # 上一篇, 相关阅读, friend links
    COMMENTS = "comments"
    ADVERT = "advert"
    SPAM = "spam"
    JUNK = "junk"  # anti-copy junk, dot-only lines
    SUMMARY = "summary"  # 《…讲话》内容摘要:…
    CRAWL = "crawl"  # crawl time above the title
    BLANK = "blank"


KEPT = frozenset(
    {LineKind.EYEBROW, LineKind.TITLE, LineKind.DECK, LineKind.WHO, LineKind.HEADING, LineKind.PARAGRAPH}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a page: what it is, its content without the line feed, and why it is taken for that.

    `reason` is a key of `data/line_reasons.yml`; it does not count when lines are compared.
    """

    kind: LineKind
    text: str
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The ledger and the result of cleaning one text.

    Applying `passes` to `original` gives `text`; reverting them gives `original` back. `text` is the kept
    lines joined by line feeds, `blocks` the same lines with their kinds, `dropped` the lines that were
    removed (fields are read from them), in order. `level` of headings is left to `outline`.
    """

    original: str
    text: str
    passes: tuple[Pass, ...]
    blocks: tuple[Line, ...]
    dropped: tuple[Line, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A kept line as the readers of facts see it: `id` is `title`, `eyebrow`, `deck`, or a paragraph's id."""

    id: str
    kind: LineKind
    text: str


# --- facts -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands and which rule read it.

    `where` is a paragraph id, `title`, `deck`, `meta` (a dropped line), `hints` (metadata of the HTML page) or
    `sidecar` (a curator's correction); `quote` is the wording there; `start` its offset in that block's text.
    """

    rule: str
    where: str
    quote: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value with its evidence; `inferred` when the text implies it but does not say it."""

    value: T
    evidence: Evidence
    inferred: bool = False


def value_of(fact: Fact[T] | None) -> T | None:
    return None if fact is None else fact.value


@dataclass(frozen=True, slots=True)
class DateRange:
    """EDTF dates, start ≤ end, equal for one day."""

    start: str
    end: str


class Role(StrEnum):
    PRESIDES = "presides"
    SPEAKS = "speaks"
    REPORTS = "reports"
    ATTENDS = "attends"
    SITS_IN = "sits_in"
    INSTRUCTS = "instructs"
    MENTIONED = "mentioned"


class Level(StrEnum):
    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    MEETING = "meeting"
    SPEECH = "speech"
    OTHER = "other"


class Trust(StrEnum):
    ORIGINAL = "original"
    REPOST = "repost"
    TEMPLATE = "template"
    DAMAGED = "damaged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in one article: offices as worded there, one an entry; every role held.

    `weak` is a given-name-only or surname-only mention (晓华市长): it gets no page.
    `person_id` is the registry's, or None for a name that no curator has reviewed.
    """

    name: str
    offices: tuple[str, ...]
    roles: tuple[Role, ...]
    weak: bool = False
    evidence: tuple[Evidence, ...] = ()
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what: a person's name or a collective (会议), the verb, the words after it."""

    paragraph: str
    person: str | None
    collective: str | None
    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is lost stays visibly lost: `surface` at `start` of a paragraph; `reading` a conjecture."""

    paragraph: str
    start: int
    surface: str
    reading: str | None = None
    note: str = ""  # why: the parallel wording, or `redaction`, `mask`, `lost`


@dataclass(frozen=True, slots=True)
class Commitment:
    """A number with a unit or a deadline that a paragraph promises."""

    paragraph: str
    text: str  # the clause
    quantity: str | None = None
    deadline: str | None = None  # as worded


@dataclass(frozen=True, slots=True)
class BodyItem:
    """A heading (level 2 to 4) or a paragraph (level 0) of the body, in reading order.

    `lead` holds the spans of the lead clauses of an enumeration in it, to be emphasised.
    """

    id: str  # p-1a2b3c4d for paragraphs, h-1a2b3c4d for headings
    text: str
    level: int = 0
    lead: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeHit:
    """A theme that an article is about: its label, a local stable score, the passages."""

    label: str
    score: float
    passages: tuple[tuple[str, int, int], ...]  # paragraph id, start, end


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading that is not sure enough to be published: what it would have been, why not, and its sentence.

    `field` is a field of Article (`people`, `statements`), `value` what was read (a name), `reason` a rule's name.
    """

    field: str
    value: str
    reason: str
    evidence: Evidence


@dataclass(frozen=True)
class Article:
    """One article, cleaned and read. Pure function of raw bytes, sidecar, vocabulary and registries."""

    id: str
    raw_sha256: str
    raw_name: str
    encoding: str
    tool: str | None
    url: WebAddress | None
    fetched: str | None
    status: str  # published, draft, withdrawn
    title: Fact[str] | None
    eyebrow: str | None
    decks: tuple[str, ...]
    published: Fact[str] | None
    held: Fact[DateRange] | None
    place: Fact[str] | None
    source: Fact[str] | None
    dateline_outlet: Fact[str] | None
    authors: tuple[Fact[str], ...]
    editors: tuple[Fact[str], ...]
    organization: Fact[str] | None
    level: Fact[Level]
    kind: Fact[Kind]
    trust: Fact[Trust]
    people: tuple[Participant, ...]
    statements: tuple[Statement, ...]
    themes: tuple[ThemeHit, ...]
    key_points: tuple[Fact[str], ...]
    documents: tuple[Fact[str], ...]
    commitments: tuple[Commitment, ...]
    body: tuple[BodyItem, ...]
    gaps: tuple[Gap, ...]
    cleaned: Cleaned
    warnings: tuple[str, ...] = ()
    corrections: tuple[tuple[str, object, str], ...] = ()  # as in Sidecar
    idle: tuple[
        tuple[int, Message, Message], ...
    ] = ()  # line of a correction, what in it changes nothing, what to do
    status_reason: str | None = None
    doubts: tuple[Doubt, ...] = ()  # readings left out as not sure enough

    @property
    def date(self) -> str:
        """The date that files and sorts it: held, else published, else ''."""
        if self.held is not None and not self.held.value.start.startswith("X"):
            return self.held.value.start
        return self.published.value if self.published is not None else ""

    @property
    def trust_label(self) -> str:
        """The name of its trust; `unproved` where nothing but a doubt says that the page is another's."""
        settled = any(field == "trust" for field, _, _ in self.corrections)
        doubted = not settled and any(doubt.field == "trust" for doubt in self.doubts)
        return "unproved" if doubted and self.trust.value is Trust.ORIGINAL else self.trust.value.value

    @property
    def shown(self) -> bool:
        """Whether it has a page: published, and not rejected."""
        return self.status == "published" and self.trust.value is not Trust.REJECTED

    @property
    def paragraphs(self) -> tuple[BodyItem, ...]:
        return tuple(item for item in self.body if item.level == 0)

    @property
    def display_title(self) -> str:
        return self.title.value if self.title is not None else self.id


# --- registries (Popolo, SKOS) -----------------------------------------------


# --- the site ----------------------------------------------------------------


pickle_compactly(globals())
pickled_as_tuple(Edit)
