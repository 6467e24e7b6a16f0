"""The lines of one page while its readers propose what each is, and the one place that decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from build_tools.cleaning.dates import fold
from build_tools.core.article import Line, LineKind

# Longer lines are paragraphs (or spam) whatever they say: no pattern is tried on them.
LONG = 400


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
        """Take a line for `kind`; a later reader knows more than an earlier one."""
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
