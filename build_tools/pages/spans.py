"""Elements put around spans of a text: nested or apart, the text between them shown by the caller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """What comes before and after text[start:end]."""

    start: int
    end: int
    before: str
    after: str
    inner: str | None = None  # in place of the text, where an element says it otherwise


def nested(text: str, spans: Sequence[Span], show: Callable[[str, int], str]) -> str:
    """The text with its spans, an inner one inside the outer; of two on one place the first is the outer.

    `show(part, at)` gives a part of the text that begins at `at`.

    >>> nested("刘伟指出", [Span(0, 2, "<b>", "</b>"), Span(0, 4, "<p>", "</p>")], lambda part, at: part)
    '<p><b>刘伟</b>指出</p>'
    """
    return _within(text, 0, len(text), sorted(spans, key=lambda one: (one.start, -one.end)), show)


def _within(text: str, start: int, end: int, spans: Sequence[Span], show: Callable[[str, int], str]) -> str:
    out, at = [], start
    for number, one in enumerate(spans):
        if one.start < at:
            continue  # inside the one before
        inner = [other for other in spans[number + 1 :] if other.end <= one.end]
        held = one.inner if one.inner is not None else _within(text, one.start, one.end, inner, show)
        out += [show(text[at : one.start], at), one.before, held, one.after]
        at = one.end
    return "".join([*out, show(text[at:end], at)])
