"""What a print tells of the text's own state: marks within a paragraph and the notes on them.

Gaps and their readings, corrected wording, characters that the fonts lack.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from build_tools.core.article import Article, Gap, Pass
from build_tools.outputs.print.fonts import BOX, character_name, code_point
from build_tools.pages import markdown

CONTEXT = 4  # characters that a note quotes on each side of a gap
QUOTES = 4  # gaps of a kind that one note quotes
LONGEST = 20  # characters that it quotes on a side to keep a number or a word whole
_WORD = re.compile(r"[A-Za-z0-9.%]{2}")
_PAUSES = "，。；：、！？·…—"
_CLOSES, _OPENS = _PAUSES + "”’》〉）】", _PAUSES + "“‘《〈（【"
_SINGLE = str.maketrans("“”", "‘’")
_BLANK = re.compile(r"[^\S \u00a0\u3000]")  # line feeds, tabs and the rarer ones: one space each


def _spaced(text: str) -> str:
    return text if text.isprintable() else _BLANK.sub(" ", text)


def plain(text: str, gone: frozenset[str]) -> str:
    """`text` with a box for each character that the fonts lack; lengths stay."""
    text = _spaced(text)
    return "".join(BOX if char in gone else char for char in text) if gone else text


def printer(gone: frozenset[str]) -> Callable[[str], str]:
    """For short strings: a box and the code point beside it, for there is no note."""
    if not gone:
        return _spaced

    def show(text: str) -> str:
        boxed = (f"{BOX}（{code_point(char)}）" if char in gone else char for char in _spaced(text))
        return "".join(boxed)

    return show


class Mark(NamedTuple):
    """A place of a text that a footnote speaks of; without words of its own the note before it tells."""

    start: int
    end: int
    note: str


_STYLES = {(False, False): "", (True, False): "lead", (False, True): "mark", (True, True): "lead-mark"}


def runs(text: str, leads: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> tuple[tuple[str, str], ...]:
    """Cut `text` where emphasis or a mark begins or ends.

    >>> runs("一是抓好**工作。", [(0, 4)], [Mark(4, 6, "")])
    (('lead', '一是抓好'), ('mark', '**'), ('', '工作。'))
    """
    if not leads and not marks:
        return (("", text),)
    size = len(text)
    changes: dict[int, list[int]] = {0: [0, 0], size: [0, 0]}
    marked = [(mark.start, mark.end) for mark in marks]
    for style, spans in enumerate((leads, marked)):
        for start, end in spans:
            changes.setdefault(min(max(start, 0), size), [0, 0])[style] += 1
            changes.setdefault(min(max(end, 0), size), [0, 0])[style] -= 1
    lead = mark = 0
    out: list[tuple[str, str]] = []
    for start, end in pairwise(sorted(changes)):
        lead += changes[start][0]
        mark += changes[start][1]
        out.append((_STYLES[lead > 0, mark > 0], text[start:end]))
    return tuple(out)


def gap_marks(text: str, gaps: Sequence[Gap], words: Any, show: Callable[[str], str]) -> Iterable[Mark]:
    """One note for each reading, and one for all other gaps of a kind: 60 × in a speech are one fact."""
    alike: dict[str, list[tuple[int, int]]] = {}
    for gap in gaps:
        start, end = gap.start, gap.start + len(gap.surface)
        why = markdown.labels("gaps").get(gap.note, markdown.label("gaps", "lost"))
        if gap.reading is None:
            alike.setdefault(why, []).append((start, end))
        else:
            quote = _quote(text, start, end, show)
            yield Mark(start, end, words["notes"]["reading"].format(quote, why, show(gap.reading)))
    for why, places in alike.items():
        quotes: dict[str, None] = {}
        for start, end in places:
            quotes[_quote(text, start, end, show)] = None
            if len(quotes) > QUOTES:
                break
        more = words["notes"]["more"].format(len(places)) if len(quotes) > QUOTES else ""
        quoted = "".join(f"“{quote}”" for quote in [*quotes][:QUOTES]) + more
        for start, end in places:
            note = words["notes"]["gap"].format(quoted, why) if (start, end) == places[0] else ""
            yield Mark(start, end, note)


def _quote(text: str, start: int, end: int, show: Callable[[str], str]) -> str:
    """A place with CONTEXT characters around it, as a note quotes it between double marks.

    No number or Latin word is cut in two, no mark stands at its ends that belongs elsewhere,
    quotation marks within it are single (GB/T 15834).

    >>> _quote("好。2020年×月，抓“五个×”，落实", 7, 8, str), _quote("抓“五个×”，落实", 4, 5, str)
    ('2020年×月，抓', '抓‘五个×’，落实')
    >>> _quote("“十四五”和×年远景", 6, 7, str), _quote("见《关于加强×管理》，", 6, 7, str)
    ('和×年远景', '关于加强×管理')
    >>> _quote("（2020年）×月", 7, 8, str), _quote("抓“五个×年规划目标任务”", 4, 5, str)
    ('×月', '五个×年规划目')
    """
    left, right = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    while max(0, start - LONGEST) < left < start and _WORD.fullmatch(text, left - 1, left + 1):
        left -= 1
    while end < right < min(len(text), end + LONGEST) and _WORD.fullmatch(text, right - 1, right + 1):
        right += 1
    left, right = _paired(text, left, right, start, end)
    before, after = text[left:start], text[end:right]
    before, after = before.lstrip(_CLOSES), after.rstrip(_OPENS)
    return show((before + text[start:end] + after).translate(_SINGLE))


_PAIRS = dict(zip("“《（", "”》）", strict=True))
_MARK = re.compile("[“《（”》）]")


def _paired(text: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    """The part of left:right around start:end in which every mark that opens or closes has its other one."""
    if _MARK.search(text, left, right) is None:
        return left, right
    opened: list[int] = []
    loose: list[int] = []
    for at in (*range(left, start), *range(end, right)):
        if text[at] in _PAIRS:
            opened.append(at)
        elif text[at] in _PAIRS.values():
            if opened and _PAIRS[text[opened[-1]]] == text[at]:
                opened.pop()
            else:
                loose.append(at)
    loose += opened
    return max((at + 1 for at in loose if at < start), default=left), min(
        (at for at in loose if at >= end), default=right
    )


def box_marks(text: str, gone: frozenset[str], words: Any) -> Iterable[Mark]:
    for char in dict.fromkeys(text) if gone else ():
        if char in gone:
            at = text.index(char)
            quote = _quote(text, at, at + 1, partial(plain, gone=gone))
            yield Mark(at, at + 1, words["notes"]["missing"].format(quote, character_name(char)))


def corrections(article: Article, words: Any, show: Callable[[str], str]) -> dict[str, list[Mark]]:
    """Item id → marks of the changes of wording that a reader must know of (`noted` in the data)."""
    cleaned = article.cleaned
    noted = [at for at, step in enumerate(cleaned.passes) if step.rule in words["noted"] and step.edits]
    if not noted:
        return {}
    starts = list(accumulate((len(line.text) + 1 for line in cleaned.blocks), initial=0))
    item_of = {item.text: item.id for item in article.body}
    out: dict[str, list[Mark]] = {}
    for at in noted:
        shift = 0
        for edit in cleaned.passes[at].edits:
            place = _carried(edit.start + shift, cleaned.passes[at + 1 :])
            shift += len(edit.after) - len(edit.before)
            block = bisect_right(starts, place) - 1
            line = cleaned.blocks[block].text if block < len(cleaned.blocks) else ""
            if line in item_of and edit.before.strip():
                start = place - starts[block]
                end = min(start + len(edit.after), len(line))
                quote = _quote(line, start, end, show)
                note = words["notes"]["changed"].format(quote, show(edit.before))
                out.setdefault(item_of[line], []).append(Mark(start, end, note))
    return out


def _carried(place: int, passes: Sequence[Pass]) -> int:
    """Where `place` of one pass's output stands after `passes`.

    >>> from build_tools.core.article import Edit
    >>> _carried(3, [Pass("r", (Edit(0, "甲乙", ""),))])
    1
    """
    for step in passes:
        shift = 0
        for edit in step.edits:
            if edit.start + len(edit.before) > place:
                break
            shift += len(edit.after) - len(edit.before)
        place += shift
    return place
