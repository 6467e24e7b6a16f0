"""Commitments of a text: numbers with units and deadlines that a paragraph promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from build_tools.core.article import BodyItem, Commitment
from build_tools.core.text import matches

_CN = "[一二三四五六七八九十百两]"
_N = rf"(?:\d{{1,3}}|(?<!第){_CN}{{1,4}})"
_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_DEADLINE = re.compile(
    r"(?:到|至|在|于|争取|力争|确保)?(?:"
    rf"(?:20\d\d年|今年|明年|当年|本年)?(?:{_MONTH})?"
    r"(?:\d{1,2}日|[上中下]旬|月?底|末|初)?(?:之?前|以前)"
    r"|(?:20\d\d|今|明|当|本)?年(?:年?[底末内]|度内)(?:之?前|以前)?"
    r"|(?:20\d\d年|今年|明年)?(?:\d{1,2}月|[一二三四]季度|[上下]半年|[本当]月|[本当]周|[本当]季度)(?:[底末内]|[上中下]旬(?=完成|之?前|以前))(?:之?前|以前)?"
    r"|(?:本|这|当)(?:月|周|季度)(?:底|末|内)(?:之?前|以前)?"
    r"|第[一二三四]季度(?:[底末内前])?|(?:春节|国庆|采暖季|主?汛期(?=来临|之?[前内]|以前)|雨季|入冬|“?[一二三四五六七八九十]{2,3}五”?(?:期)?末|“[一二三四五六七八九十]{2,3}五”(?:期间|时期|末))(?:来临)?(?:之?前|以前|内)?"
    rf"|{_N}(?:个)?(?:小时|分钟|天|日|工作日|周|个?月|年)(?:之?内|以内)"
    r")|(?:到|至)20\d\d年(?:年?[底末])?|20\d\d年(?=[，,].{0,30}(?:要|达到|完成|实现))"
)
_STARTS = re.compile(
    r"[\d到至在于争力确今明当本这上中下月底末初之前以年第一二三四五六七八九十百两春国汛采主雨入“]"
)
# A class first: `re` finds the places to try in one pass.
_HAS_TIME = re.compile(
    r"[\d底末内初旬汛五季春国采雨入]"
    r"(?:(?<=[\d底末内初旬汛五])|(?<=季)度|(?<=春)节|(?<=国)庆|(?<=采)暖|(?<=雨)季|(?<=入)冬)"
)
_TIMED = re.compile(r"[\d底末内前季期成](?:(?<=[\d底末内前])|(?<=季)度|(?<=期)间|(?<=成)以)")
_NUMBER = r"(?<![\d.,])\d[\d,.]{0,15}[余多]?"
_COUNTED = rf"(?<![第一二三四五六七八九十百千万亿两几]){_CN}{{1,6}}(?:座|家|处|公里|台套?|套|亩|公顷|辆|户)"
_UNITS = (
    "(?:个?百分点|%|％|‰|[万亿千百]?(?:个|座|家|项|条|处|件|次|人次?|辆|台套?|套|户|块|吨|亩|公顷|平方公里|平方米|立方米|公里|千米|米|元|"
    "千瓦时?|标准煤|微克(?:/|每)立方米|毫克(?:/|每)升|[μu]g/m[³3]?|分贝|天|小时|分钟|枚|株|棵|名|支|部|批|期|场|份|艘|头|倍|度|口|度电|成)|[万亿]元?|折)"
)
_QUANTITY = re.compile(
    f"{_NUMBER}{_UNITS}(?:以[上下内])?|{_COUNTED}|[一二三四五六七八九]成(?:以[上下])?|(?:百分之|千分之){'[一二三四五六七八九十百点两]'}+"
)
_FIGURE = re.compile(
    r"[\d百千](?:(?<=\d)|分之)|[一二三四五六七八九十百两](?:座|家|处|公里|台|套|亩|公顷|辆|户|成)"
)
_TARGET = re.compile(
    "达到|不低于|不高于|不少于|不超过|不得?(?:超过|低于|少于)|控制在|稳定在|保持在|力争|确保|提高到|提升到|降低?到|下降到|降至|升至|提高至|"
    "不小于|[新改扩]建|安排(?:专项)?资金|奖励|完成率|以[上内]$|至少|以上$|投入|压减|削减|减少|腾退|淘汰|新增|(?<![主重需首只])要(?![求点素])|建成|兑现|更换"
)
_PAST = re.compile(
    "同比|去年|上年|已(?:经)?(?!纳入)|累计|现有|目前|达到?了|完成了|上升了?|增长了|以来|上半年(?!要)|前三季度|受理|仅|只有|平均|此前|曾|持续了|通报了|靠的|由[^，。]{2,12}提高到"
)
_CLAUSE = re.compile("[^。；;！？!?\n][^。；;！？!?\n]*")
_PART = re.compile("[^，,]+")
_PAIRS = dict(zip("”’》）", "“‘《（", strict=True))
_BRACKET = re.compile("[“‘《（”’》）]")
_WIDER = 40  # characters that a cut may grow by on each side to take in the other mark of a pair


def commitments(item: BodyItem) -> tuple[Commitment, ...]:
    """Every clause of a paragraph that promises by a date or promises a figure.

    A sentence that looks back (同比, 去年, 已完成) promises nothing unless it names
    a deadline. Quantity and deadline are as worded.

    >>> [(c.text, c.quantity, c.deadline) for c in commitments(BodyItem("p",
    ...     "去年完成12件。9月底前完成1274个入河排污口复核，实行“一口一档”。收集率达到75%以上。"))]
    [('9月底前完成1274个入河排污口复核', '1274个', '9月底前'), ('收集率达到75%以上', '75%以上', None)]
    """
    out = []
    for sentence in _CLAUSE.finditer(item.text):
        if not _TIMED.search(sentence[0]):
            continue
        past = _PAST.search(sentence[0])
        pair = _pairs(sentence[0])
        pending: int | None = None  # where the clause before begins, if it is a deadline alone
        deadline: str | None = None
        for part in _PART.finditer(sentence[0]):
            clause = part[0]
            found = None
            if _HAS_TIME.search(clause):
                found = next((m for m in matches(_STARTS, _DEADLINE, clause) if _HAS_TIME.search(m[0])), None)
            rest_of_it = len(clause) - len(found[0]) if found is not None else 0
            ends = part.end() == len(sentence[0])
            if found is not None and rest_of_it < (2 if ends else 4):
                pending, deadline = part.start(), found[0]
                continue
            when = found[0] if found is not None else deadline
            rest = clause.replace(found[0], "", 1) if found is not None else clause
            quantity = _QUANTITY.search(rest) if _FIGURE.search(rest) else None
            if (when and not (past and quantity is None and _PAST.search(clause))) or (
                quantity and not past and _TARGET.search(rest)
            ):
                text = _whole(sentence[0], pair, part.start() if pending is None else pending, part.end())
                out.append(Commitment(item.id, text, quantity[0] if quantity else None, when))
            pending, deadline = None, None
    return tuple(out)


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
