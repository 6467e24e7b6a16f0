"""The lines of one page while its readers propose what each is, and the one place that decides."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from build_tools.cleaning.bylines import surnamed
from build_tools.cleaning.dates import fold
from build_tools.core.article import KEPT, Cleaned, Line, LineKind
from build_tools.core.edits import replay
from build_tools.core.text import HAN

# Longer lines are paragraphs (or spam) whatever they say: no pattern is tried on them.
LONG = 400


# What a line of name and office may be: kept, a field, a byline.
_NAMED_KINDS = (KEPT - {LineKind.HEADING}) | {LineKind.META, LineKind.BYLINE, LineKind.BLANK}
# What a line of an attendance list may look like.
_NAME = rf"[甲乙丙丁戊己庚辛]|[{HAN}]{{2,4}}|[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+|[{HAN}] [{HAN}]"
_OFFICE = rf"[{HAN}、()]{{1,30}}(?: [{HAN}、()]{{1,12}}){{0,2}} ?[长记任员席师理监裁授士官表委][)]?"
_BRACKETED_ONE = re.compile(rf"(?P<name>{_NAME})[(]{_OFFICE}[)]")
_BRACKETED = re.compile(rf"(?:(?:{_NAME})[(]{_OFFICE}[)][、, ]{{0,3}}){{1,20}}")
_NAMED = re.compile(rf"(?P<first>{_NAME}) {{1,6}}{_OFFICE}|{_OFFICE} {{1,6}}(?P<last>{_NAME})")


def names_only(text: str) -> bool:
    """Whether a line is nothing but names: `李大河 王小明、赵六`."""
    names = re.split("[ 、,]+", text.strip())
    return len(text) <= 200 and all(re.fullmatch(_NAME, name) and surnamed(name) for name in names)


def names_person(text: str) -> bool:
    """Whether a line is a name and an office set apart: `柏文远 市环保局局长`, `各科室、监测站站长 蓝天`.

    >>> texts = ("柏文远 市环保局局长", "李大河(市长)、王小明(市生态环境局局长)", "会议现场", "通知公告 领导之窗")
    >>> [names_person(text) for text in texts]
    [True, True, False, False]
    """
    if len(text) <= 120 and "(" in text and _BRACKETED.fullmatch(text):
        return all(surnamed(match["name"]) for match in _BRACKETED_ONE.finditer(text))
    if len(text) > 44 or " " not in text:
        return False
    match = _NAMED.fullmatch(text)
    if match is None:
        return False
    name = (match["first"] or match["last"]).replace(" ", "")
    return len(name) == 1 or surnamed(name)


class Proposal(NamedTuple):
    """What a reader takes a line for, and why: a key of `data/line_reasons.yml`."""

    kind: LineKind
    reason: str


class Rows:
    """A page as rows: `texts` are its lines folded and stripped, `kinds` what is decided, None while nothing is.

    >>> rows = Rows(["会议现场"])
    >>> rows.propose(0, LineKind.CAPTION, "caption_words")
    >>> rows.lines(["会议现场"])
    (Line(kind=<LineKind.CAPTION: 'caption'>, text='会议现场', reason='caption_words'),)
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.texts = [fold(line[: LONG + 1]).strip("\ufeff\u200b ") for line in lines]
        self.kinds: list[LineKind | None] = [None] * len(lines)
        self.reasons = [""] * len(lines)

    def propose(self, at: int, kind: LineKind, reason: str) -> None:
        """Take a line for `kind`; a later reader knows more, but none may drop a line of name and office."""
        if kind not in _NAMED_KINDS and names_person(self.texts[at]):
            kind, reason = LineKind.PARAGRAPH, "named"
        self.kinds[at] = kind
        self.reasons[at] = reason

    def reopen(self, at: int) -> None:
        """Leave a line to its place on the page."""
        self.kinds[at] = None

    def lines(self, lines: Sequence[str]) -> tuple[Line, ...]:
        """The lines as they are, with kind and reason; one that nobody took is a paragraph."""
        return tuple(
            Line(kind or LineKind.PARAGRAPH, line, reason if kind else "undecided")
            for kind, line, reason in zip(self.kinds, lines, self.reasons, strict=True)
        )


def rows_of(cleaned: Cleaned) -> list[Line]:
    """Every line of a page in order, the dropped ones among the kept, each with its kind and reason.

    >>> from build_tools.cleaning.engine import clean
    >>> [(row.kind.value, row.text) for row in rows_of(clean("县委召开会议\\n来源:某报\\n会议指出,要抓好整改,确保完成。"))]
    [('title', '县委召开会议'), ('meta', '来源：某报'), ('paragraph', '会议指出，要抓好整改，确保完成。')]
    """
    dropping = ("drop_", "blank_lines", "trim_")
    laid_out = tuple(takewhile(lambda step: not step.rule.startswith(dropping), cleaned.passes))
    dropped: dict[str, deque[Line]] = {}
    for line in cleaned.dropped:
        dropped.setdefault(line.text, deque()).append(line)
    kept = deque(cleaned.blocks)
    rows = []
    for text in filter(None, replay(cleaned.original, laid_out).split("\n")):
        if dropped.get(text) and not (kept and kept[0].text == text):
            rows.append(dropped[text].popleft())
        elif kept:
            rows.append(kept.popleft())
    return [*rows, *kept]
