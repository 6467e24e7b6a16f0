"""Headings by their ordinals: which level, and where one is glued to its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from build_tools.core.article import Edit, Line, LineKind
from build_tools.core.text import CN, NUMERALS, number_of

ORDINAL = re.compile(
    rf"\s*(?:(?P<two>{CN}[、．.]|第{CN}[章节部]分?)|(?P<three>[（(]{CN}[）)]、?)"
    r"|(?P<four>\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]、?|[①-⑳]))\s*"
)


_LEVEL = {"two": 2, "three": 3, "four": 4}


GLUED_LIMIT = 40  # characters of a lead sentence that may be a heading (article 004's longest is 20)


def heading_levels(lines: Sequence[Line]) -> list[int]:
    """Level 2 for 一、, 3 for （一）, 4 for 1. and bare 2, or 3 below a 一、; 0 for paragraphs.

    >>> texts = ("一、形势", "（一）压实责任", "1.大气", "会议指出")
    >>> heading_levels([Line(LineKind.HEADING, text) for text in texts])
    [2, 3, 4, 3]
    """
    levels = []
    below = False
    for line in lines:
        if line.kind is not LineKind.HEADING:
            levels.append(0)
            continue
        match = ORDINAL.match(line.text)
        kind = match.lastgroup if match else None
        below = below or kind == "two"
        levels.append(_LEVEL[kind] if kind else 3 if below else 2)
    return levels


_GLUED = re.compile(
    rf"\s*(?:{CN}、|[（(]{CN}[）)]、?)(?![{NUMERALS}]、)([^。！？!?；;\n]{{2,{GLUED_LIMIT}}}。)(?=.)"
)


def glued_headings(text: str) -> list[Edit]:
    """Line feeds to insert behind headings that the source glued to their paragraphs (rule `glued_heading`).

    Only `一、` and `（一）` at the start of a line, with a lead sentence of at most
    GLUED_LIMIT characters and more text behind it, and only if a sibling of the same
    form stands before or after it (an ordinal that runs on).

    >>> glued_headings("（一）压实责任。要抓。\\n（二）保持定力。要稳。")
    [Edit(start=8, before='', after='\\n'), Edit(start=20, before='', after='\\n')]
    """
    forms: dict[int, tuple[str, int]] = {}
    at = 0
    for row in text.split("\n"):
        if (form := _form(row)) is not None:
            forms[at] = form
        at += len(row) + 1
    known = frozenset(forms.values())
    glued = {at: _GLUED.match(text, at) for at, form in forms.items() if _has_sibling(form, known)}
    return [Edit(match.end(), "", "\n") for match in glued.values() if match is not None]


def settle_headings(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Make headings of paragraphs that are one short numbered sentence and have a numbered sibling.

    >>> [line.kind.value for line in settle_headings([Line(LineKind.PARAGRAPH, t) for t in
    ...  ("一、认清形势，抓好整治", "去年难。", "二、压实责任", "每周调度。")])]
    ['heading', 'paragraph', 'heading', 'paragraph']
    """
    forms = [_form(line.text) for line in lines]
    known = frozenset(forms)
    out = []
    for line, form in zip(lines, forms, strict=True):
        text = line.text.rstrip("。 ")
        short = len(text) <= GLUED_LIMIT + 6 and not re.search("[。！？!?；;]", text)
        settled = line.kind is LineKind.PARAGRAPH and short and form is not None and _has_sibling(form, known)
        out.append(Line(LineKind.HEADING, line.text) if settled else line)
    return tuple(out)


def _has_sibling(form: tuple[str, int], known: AbstractSet[tuple[str, int] | None]) -> bool:
    """Whether `一、` or `（一）` has one of its form before or after it."""
    kind, number = form
    return kind in ("two", "three") and not known.isdisjoint({(kind, number - 1), (kind, number + 1)})


def _form(text: str) -> tuple[str, int] | None:
    """The kind and number of the ordinal that a line starts with."""
    match = ORDINAL.match(text)
    if match is None or match.lastgroup is None:
        return None
    return match.lastgroup, number_of(re.sub(rf"[^{NUMERALS}\d①-⑳]", "", match[0]))
