"""Commitments of a text: how much is to be done, and by when, in the clauses that oblige or plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from build_tools.core.article import BodyItem, Commitment
from build_tools.core.text import NUMERALS
from build_tools.core.vocabulary import load


def _words(name: str) -> str:
    return "|".join(load("commitments")[name])


_TENS = f"{NUMERALS}百两"
_NUMERALS = f"{_TENS}半"
_N = rf"(?:(?<!\d)\d{{1,3}}|(?<![第{_NUMERALS}])[{_NUMERALS}]{{1,4}})"
_YEAR = r"(?:20\d\d年|[今明当本]年|[今明]冬)"
_MONTH = rf"{_N}月份?"
# A time is a row of units, the largest first. An event has a season in its name, or is one of the list.
_TIME = rf"""(?:{_YEAR}|(?<![\d{_NUMERALS}几多近今明当本×])年度?|{_MONTH}[底初]?|{_N}[日号]|[上中下]旬|第?[一二三四]季度|[上下]半年
    |[本当这下](?:月|周[一二三四五六日末]?|季度)|(?<![个\d{_NUMERALS}几半])[月周](?=[底末内])
    |(?:{_words("events")}|[主入]?[春夏秋冬汛雨节])[^\W\d前]{{0,3}}?(?=之?前|以前))"""
_DEADLINE = re.compile(
    rf"""(?:到|至|在|于|争取|力争|确保)?(?<!每)(?<!每[月季])(?<!季度)(?:
      {_TIME}{{1,5}}(?:[底末内](?:之?前|以前|(?![岁考绩述评总才]))|(?:之?前|以前)(?![后期]|[一二三四\d]+个?[季月名]))
    | {_YEAR}?{_MONTH}(?:[上中下]旬|[底初])(?=完成)
    | “?[{NUMERALS}]{{2,3}}五”?(?:期?末|期间|时期)
    | (?<![每连]){_N}个?半?(?:小时|分钟|天|日|工作日|周|月|年)[之以]?内
    )|[到至](?:20\d\d年(?:年?[底末])?|明年(?:{_MONTH})?)(?!\d)""",
    re.VERBOSE,
)
_HAS_TIME = re.compile("[前底末内年期旬]")
# A year as such is a deadline only of a quantity in its own clause: 今年新增18公里.
_YEAR_ALONE = re.compile(
    rf"(?:(?<!对)20\d\d年|(?<!从)今年|明年|全年)(?=[^\d第度来以前底末的初内夏冬春秋])(?!{_MONTH})"
)
# How much: a qualifier, a number with any measure, a bound.
_QUANTITY = re.compile(
    rf"""(?:不(?:低于|高于|少于|超过|小于|大于|得(?:低于|超过|少于))|(?<![低高]于))(?:
      (?<![\d.,:：·A-Za-z第号由从—-])(?:\d{{1,9}}|\d?[xX×]{{2}}(?=[家处吨亩户座]))(?:[.,，]\d{{1,4}}){{0,3}}[余多]?(?:[%％‰]|[万亿千百]*(?:{_words("measures")}|[^\W\dA-Za-z公的与和及至到为是在对以万亿千{_NUMERALS}]))
    | (?<![第前{_TENS}千万亿几每])[{_TENS}]{{0,5}}
      [{_TENS[1:]}](?:座|处|公里|台套?|套|亩|公顷|辆|户|轮(?!车|水)|支)
    | (?<![第{_NUMERALS}])[{NUMERALS[:9]}]?[百千][{NUMERALS}百]{{0,4}}[条家项个件场次名]
    | (?<!个)(?:百分之|千分之)[{_TENS}点]+|[{NUMERALS[:9]}]成(?![立为功])|(?<=[缩减降少])一半
    )(?:以[上下内])?(?!{_words("counted")})""",
    re.VERBOSE,
)
_FIGURE = re.compile(
    rf"\d|[xX×]{{2}}|[百千][条家项个件场次名]|[{_TENS[1:]}](?:[座处台套亩辆户轮支成]|公[里顷])|分之|一半"
)
_NO_QUANTITY = re.compile(rf"(?:不[低高少小大得]于)?[\d.,]+[余多]?(?:{_words('no_measures')})")
_ITEM = re.compile(r"\d{1,2}[.．、]")
_OFTEN = re.compile("每[日天周旬月季年吨次]")
_AHEAD = re.compile(_words("ahead"))
_BACK = re.compile(_words("back"))
_CLAUSE = re.compile("[^。；;！？!?\n][^。；;！？!?\n]*")
_PART = re.compile("[^，,]+")
_PAIRS = dict(zip("”’》）", "“‘《（", strict=True))
_BRACKET = re.compile("[“‘《（”’》）]")
_NEXT = 30  # characters behind a clause in which the words that oblige may follow
_WIDER = 40  # characters that a cut may grow by on each side to take in the other mark of a pair


def commitments(item: BodyItem) -> tuple[Commitment, ...]:
    """Every figure and deadline of the clauses of a paragraph that oblige or plan.

    A clause obliges by its own words (要, 将, 确保, 不低于), or behind one that does, until a
    clause looks back (已, 同比, 截至). Quantity and deadline are as worded.

    >>> [(c.text, c.quantity, c.deadline) for c in commitments(BodyItem("p",
    ...     "去年完成12件。9月底前完成1274个入河排污口复核，实行“一口一档”。要新建泵站6座，收集率不低于75%。"))]
    [('9月底前完成1274个入河排污口复核', '1274个', '9月底前'), ('要新建泵站6座', '6座', None), ('收集率不低于75%', '不低于75%', None)]
    """
    out = []
    ahead = _ITEM.match(item.text) is not None
    for sentence in _CLAUSE.finditer(item.text):
        told = sentence[0]
        figures = _HAS_TIME.search(told) or _FIGURE.search(told)
        compared = "同比" in told
        pair = _pairs(told) if figures else {}
        pending: int | None = None  # where the clause before begins, if it is a deadline alone
        deadline: str | None = None
        for part in _PART.finditer(told):
            clause = part[0]
            back = compared or _BACK.search(clause) is not None
            ahead = (ahead and not back) or _AHEAD.search(clause) is not None
            if not figures:
                continue
            found = _DEADLINE.search(clause) if _HAS_TIME.search(clause) else None
            when = found[0] if found is not None else deadline
            if found is not None and len(clause) - len(found[0]) < 2 and not back:
                pending, deadline = part.start(), found[0]
                continue
            # 对核心区两座小水电，要…: the object comes first.
            turned = clause[0] == "对" and _AHEAD.search(told, part.end(), part.end() + _NEXT) is not None
            obliges = not back and (ahead or when is not None or turned)
            ahead |= obliges
            amounts = _amounts(clause, found) if obliges and _FIGURE.search(clause) else []
            if amounts and when is None and (year := _YEAR_ALONE.search(clause)) is not None:
                when = year[0]
            if amounts or (when is not None and not back):
                text = _whole(told, pair, part.start() if pending is None else pending, part.end())
                out += [Commitment(item.id, text, amount, when) for amount in amounts or [None]]
            pending, deadline = None, None
    return tuple(out)


def _amounts(clause: str, deadline: re.Match[str] | None) -> list[str | None]:
    """The last quantity of each member of 、: what stands before it describes it.

    >>> _amounts("对出栏500头以上的67家养殖场提标", None), _amounts("新建管网150公里、污水厂6座", None)
    (['67家'], ['150公里', '6座'])
    """
    if deadline is not None:
        clause = clause[: deadline.start()] + "、" + clause[deadline.end() :]
    out: list[str | None] = []
    for member in clause.split("、"):
        found = [m[0] for m in _QUANTITY.finditer(member) if not _NO_QUANTITY.match(m[0])]
        out += [last for last in found[-1:] if not _OFTEN.search(member)]
    return out


def _whole(sentence: str, pair: Mapping[int, int], start: int, end: int) -> str:
    """The cut without lone marks: widened to the pair, else the mark is left out; never in quotes as a whole.

    `pair` is `_pairs(sentence)`.

    >>> def whole(text, start, end): return _whole(text, _pairs(text), start, end)
    >>> whole("“十四五”期间要明确", 0, 10), whole("他说：“到明年底", 0, 8), whole("“到明年底”", 0, 6)
    ('“十四五”期间要明确', '他说：到明年底', '到明年底')
    >>> whole("《规划（一，二）》要在年底前印发", 6, 16), whole("“到年底，要完成”", 5, 9)
    ('《规划（一，二）》要在年底前印发', '要完成')
    """
    while True:
        while start < end and sentence[start].isspace():
            start += 1
        while start < end and sentence[end - 1].isspace():
            end -= 1
        if start >= end:
            return ""
        if pair.get(start, -1) >= end - 1 and sentence[start] in "“‘":
            start += 1
        elif sentence[end - 1] in "”’" and pair.get(end - 1, end) < start:
            end -= 1
        else:
            lone = [at for at in range(start, end) if at in pair and not start <= pair[at] < end]
            wider = [pair[at] for at in lone if start - _WIDER <= pair[at] < end + _WIDER]
            if not wider:
                break
            start, end = min(start, *wider), max(end, *(at + 1 for at in wider))
    marks = {*_PAIRS, *_PAIRS.values()}
    kept = (at for at in range(start, end) if sentence[at] not in marks or start <= pair.get(at, -1) < end)
    return "".join(sentence[at] for at in kept).strip()


def _pairs(text: str) -> dict[int, int]:
    """Position of each mark → that of its other; lone ones are not there."""
    out: dict[int, int] = {}
    opened: list[int] = []
    waiting = Counter[str]()  # marks of `opened`
    for found in _BRACKET.finditer(text):
        at, char = found.start(), found[0]
        if char not in _PAIRS:
            opened.append(at)
            waiting[char] += 1
        elif waiting[_PAIRS[char]]:
            start = -1
            while start < 0 or text[start] != _PAIRS[char]:  # those opened inside stay alone
                start = opened.pop()
                waiting[text[start]] -= 1
            out[start], out[at] = at, start
    return out
