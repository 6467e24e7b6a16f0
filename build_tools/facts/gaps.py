"""What a text has lost, marked and never repaired: masks, redactions, lost characters.

The surface stays in the text; a reading, where parallel wording supports exactly
one, is an editorial note beside it (TEI: gap, supplied).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from build_tools.core.article import BodyItem, Gap
from build_tools.core.text import HAN

_REDACTED_PERSON = "(?:同志|书记|副?[省市县区局厅部处科主]?[长任席]|某|为(?:核心|班长|总书记))"
_GAP = re.compile(
    rf"(?P<mask>[*＊]{{2,}}|[*＊](?={_REDACTED_PERSON})|(?<=以)[*＊](?=同志))"
    # × between figures multiplies (1024×768); 20××年, ×月×日, PM× do not.
    r"|(?P<cross>[×✕╳]+(?!\d)|(?<!\d)[×✕╳]+|(?<=\d)[×✕╳]+(?=\d年))"
    r"|(?P<latin>(?<=20)[xX]{2}(?=年)|(?<=20\d)[xX](?=年)|(?<![A-Za-z0-9])(?:x{2,}|X{2,}|Ｘ{2,})(?![A-Za-z0-9]))"
    r"|(?P<some>某某+|某(?=[省市县区州盟旗镇乡村部厅局委])(?!部分))"
    r"|(?P<replacement>[\ufffd\ue000-\uf8ff□■]+)"
    rf"|(?P<query>(?<=[{HAN}])[?？]{{2,}}(?=[{HAN}])|(?<=[A-Za-zμ]/[A-Za-z])[?？]|(?<=[A-Za-zμ]/)[?？])"
    r"|(?P<name>以同志为(?:核心|班长|总书记))"
    r"|(?P<era>党的以来)"
)
# Where a gap may start; a class first, so that `re` passes over what is none at once.
_QUICK = re.compile("[*＊×✕╳xXＸ某\ufffd\ue000-\uf8ff□■?？以党](?:(?<![以党])|(?<=以)同志为|(?<=党)的以来)")

_DOTS = re.compile(r"[.。·…•\s]{3,}")
_NOTE = {"mask": "mask", "cross": "redaction", "latin": "redaction", "some": "redaction", "name": "redaction"}


def gaps_of(item: BodyItem) -> tuple[Gap, ...]:
    """The gaps of one paragraph or heading, in order; `note` is mask, redaction or lost.

    >>> [(g.start, g.surface, g.note) for g in gaps_of(BodyItem("p", "由×同志报告，思想的******观，35ug/m?"))]
    [(1, '×', 'redaction'), (10, '******', 'mask'), (24, '?', 'lost')]
    >>> gaps_of(BodyItem("p", "分辨率1024×768，会议怎么开？为谁开？"))
    ()
    """
    text = item.text
    if _DOTS.fullmatch(text):
        return (Gap(item.id, 0, text, note="redaction"),)
    out = []
    end = 0
    for sign in _QUICK.finditer(text):
        match = _GAP.match(text, sign.start()) if sign.start() >= end else None
        if match is None:
            continue
        end = match.end()
        note = _NOTE.get(match.lastgroup or "", "lost")
        if note == "mask" and re.compile(_REDACTED_PERSON).match(text, match.end()):
            note = "redaction"
        if match.lastgroup == "mask" and text[match.start() - 1 : match.start()].isdigit():
            note = "redaction"  # 138****0000
        out.append(Gap(item.id, match.start(), match[0], note=note))
    return tuple(out)


_CONTEXT = 4  # characters of identical wording wanted on each side of a conjecture
# So many wordings are looked for, in so many places: masks without end stay bounded.
_CONTEXTS = _PLACES = 200
_READING = re.compile(f"[{HAN}]{{1,6}}")


def read_gaps(gaps: Sequence[Gap], body: Sequence[BodyItem], parallels: Iterable[str]) -> tuple[Gap, ...]:
    """Fill `reading` where parallel wording supports exactly one; all else is left as it is.

    `parallels` are texts with the same wording unmasked: other articles, or the
    fixed formulations of the registry. At least four characters on both sides must
    agree within one sentence, and all parallels must agree on what stands between.
    Redactions (a name, a figure) are never read.

    >>> item = BodyItem("p", "把握中国特色社会主义思想的******观、方法论和立场")
    >>> read_gaps(gaps_of(item), [item], ["社会主义思想的世界观、方法论和贯穿其中的"])[0].reading
    '世界'
    >>> read_gaps(gaps_of(item), [item], ["思想的世界观、方法论", "思想的价值观、方法论"])[0].reading
    """
    wanted = {at for at, gap in enumerate(gaps) if gap.note == "mask" and gap.reading is None}
    if not wanted:
        return tuple(gaps)
    texts = {item.id: item.text for item in body}
    sides: dict[tuple[str, str], list[int]] = {}
    for at in sorted(wanted):
        text, end = texts[gaps[at].paragraph], gaps[at].start + len(gaps[at].surface)
        left = text[max(0, gaps[at].start - _CONTEXT) : gaps[at].start]
        right = text[end : end + _CONTEXT]
        whole = len(left) == len(right) == _CONTEXT and not re.search("[。；！？*×]", left + right)
        if whole and ((left, right) in sides or len(sides) < _CONTEXTS):
            sides.setdefault((left, right), []).append(at)
    readings: dict[tuple[str, str], set[str]] = {side: set() for side in sides}
    for parallel in parallels:
        for left, right in sides:
            found, tried = parallel.find(left), 0
            while found >= 0 and tried < _PLACES:
                begin = found + len(left)
                stop = parallel.find(right, begin + 1, begin + 6 + len(right))
                if stop > 0 and _READING.fullmatch(parallel, begin, stop):
                    readings[left, right].add(parallel[begin:stop])
                found, tried = parallel.find(left, found + 1), tried + 1
    out = list(gaps)
    for (left, right), values in readings.items():
        if len(values) == 1:
            for at in sides[left, right]:
                out[at] = replace(gaps[at], reading=next(iter(values)), note=f"parallel: {left}…{right}")
    return tuple(out)
