"""Office phrases: what stands before a name (市委副书记、市长甲) and what they are made of.

Offices are kept as worded in the article, one an entry. Nouns, ranks and the words
that may lead up to an office live in `data/offices.yml`. All functions are pure and
look only at a bounded window, so that a page of any length costs linear time.
"""

from __future__ import annotations

import re
from functools import cache

from build_tools.core.vocabulary import load

_DATA = load("offices")
_NOUNS = frozenset(_DATA["nouns"].split())
_NOT = frozenset(_DATA["not_offices"].split())
_CHIEFS = frozenset(_DATA["chiefs"].split())
# Nouns that go on to another noun: 总工(程师), 委员(长), 主任(科员).
_LONGER = {
    noun: tuple(
        other[len(noun) :]
        for other in _NOUNS | frozenset(_DATA["longer"].split())
        if other.startswith(noun) and other != noun
    )
    for noun in _NOUNS
}
_BODIES = ("办", "制")  # 河长办, 林长制: no family name begins so
LAST = "".join(sorted({noun[-1] for noun in _NOUNS} | {"长"}))
_LONGEST = max(map(len, _NOUNS | _NOT))

# An office phrase longer than this is a sentence: 中央纪委国家监委驻…组组长 has 30.
PHRASE = 48
NOTE = 24  # （河西行政学院院长） has 10
QUOTE = 16  # “长江大保护”工作领导小组组长
_NO_NOTE = re.compile("[，。；：、（）]")
# The last two characters of anything that `head_length` could know: most places are settled by this.
ENDINGS = frozenset({word[-2:] for word in _NOUNS | _NOT} | {chief[-1] + "长" for chief in _CHIEFS})
_BREAKS = '，,；;：:。！？!?“”"‘’《》〈〉【】[]|>\n\t\ue000…—'
_QUOTED = re.compile(r"“[^“”，。！？；：、\n]{1,14}”\Z")
_DATE = re.compile(
    r"^(?:(?:\d{4}年)?(?:\d{1,2}月)?\d{1,3}日(?:至\d{1,2}日)?|\d{4}年(?:\d{1,2}月)?|\d{1,2}月|\d{1,2}[:：]\d{2})"
    r"(?:上午|下午|晚上?|中午|凌晨|当天)?"
)
_LEAD = re.compile(
    "^(?:" + "|".join(sorted(map(re.escape, _DATA["lead"].split()), key=len, reverse=True)) + ")"
)
_KEEPS = re.compile("^(?:" + "|".join(_DATA["lead_keeps"].split()) + ")")
_PLURAL = re.compile(
    "^(?:" + "|".join(_DATA["plural"].split()) + "|全[市省县区州国体]长|[我本该][市省县区州]长)"
)
_COUNTED = re.compile("[0-9一二两三四五六七八九十百数几多余]+[名位个]")
# The last of these in a piece ends what leads up to the office; neither stands inside an office's name.
_INNER = re.compile(
    r"[的了着]|(?<![供补])给|听取|叮嘱|嘱咐|责成|勉励|(?:成立|组建)以|(?<!自)由(?!贸)|(?<!接)受(?!援|理)|出席会议|主持会议|参加会议|并讲话|召开会议|会见了?|陪同|拜会|看望|慰问|邀请|走访"
    r"|(?:精神|要求|讲话|指示|批示|汇报|会议|活动|报告|意见)(?:和|及|以及|与)|委托|每年|先生和|女士和"
    r"|(?:负责同志|负责人)[和与及]|(?:我|我们|他|她)[和与同跟]|(?:领导|同志|人员|嘉宾|代表)(?:还)?(?:有|是|为|包括)"
)


@cache
def _is_noun(word: str) -> bool:
    return word in _NOUNS or (len(word) > 1 and word[-1] == "长" and word[:-1] in _CHIEFS)


def head_length(text: str, end: int, floor: int = 0) -> int:
    """The length of the office noun that ends at `end`, 0 for none.

    >>> head_length("省生态环境厅厅长", 8), head_length("本报记者", 4), head_length("较快增长", 4)
    (2, 0, 0)
    """
    if text[end - 2 : end] not in ENDINGS:
        return 0
    for size in range(min(_LONGEST, end - floor), 1, -1):
        word = text[end - size : end]
        if word in _NOT:
            return 0
        if _is_noun(word):
            goes_on = _LONGER.get(word, _BODIES)
            if (goes_on and text.startswith(goes_on, end)) or (
                word in _CHIEFS and text[end : end + 1] == "长"
            ):
                return 0  # 总工|程师, 董事|长
            return size
    return 0


def is_office(phrase: str) -> bool:
    """Whether a phrase ends with an office noun."""
    return head_length(phrase, len(phrase)) > 0


def _trim(piece: str) -> int:
    """How many characters of a piece lead up to the office (由, 会议听取了, 3日上午)."""
    cut = 0
    for match in _INNER.finditer(piece):
        cut = match.end()
    for _ in range(8):
        rest = piece[cut:]
        lead = _DATE.match(rest) or (None if _KEEPS.match(rest) else _LEAD.match(rest))
        if lead is None or not is_office(rest[lead.end() :]):
            break
        cut += lead.end()
    while cut < len(piece) and piece[cut] in "  、)）·-－□\ue001":
        cut += 1
    return cut


def _break_before(text: str, end: int, floor: int) -> int:
    """The start of the piece that ends at `end`: after the nearest break or 、, parentheses skipped."""
    at = end
    depth = 0
    while at > floor:
        char = text[at - 1]
        if char == "”" and depth == 0 and (quoted := _QUOTED.search(text, max(floor, at - QUOTE), at)):
            at = quoted.start()  # “三北”工程指挥部主任
            continue
        if char in ")）":
            depth += 1
        elif char in "(（":
            if depth == 0:
                return at
            depth -= 1
        elif (depth == 0 and (char in _BREAKS or char in "、 \u3000")) or char in "。\n":
            return at
        at -= 1
    return at


def before_note(text: str, end: int, floor: int = 0) -> int:
    """Where the office ends that a note in parentheses follows: 副厅长（正厅级）; `end` without a note.

    >>> before_note("副厅长（正厅级）", 8), before_note("副厅长", 3)
    (3, 3)
    """
    if text[end - 1 : end] != "）":
        return end
    start = text.rfind("（", max(floor, end - NOTE), end)
    return start if start > floor and not _NO_NOTE.search(text, start + 1, end - 1) else end


def offices_before(text: str, end: int, floor: int = 0) -> tuple[tuple[int, str], ...]:
    """The chain of offices that ends at `end`, as (start, wording), in reading order.

    Empty when what stands there names no single holder (各区县区长).

    >>> text = "会议由市委副书记、市长"
    >>> offices_before(text, len(text))
    ((3, '市委副书记'), (9, '市长'))
    """
    found: list[tuple[int, str]] = []
    at = end
    while at > floor and len(found) < 12:
        head = before_note(text, at, floor)
        if not head_length(text, head, max(floor, head - PHRASE)):
            break
        start = _break_before(text, head, max(floor, head - PHRASE))
        piece = text[start:head]
        cut = _trim(piece)
        phrase = piece[cut:]
        if not phrase or not is_office(phrase):
            break
        phrase += text[head:at]
        if _PLURAL.match(phrase) or _COUNTED.search(piece[:cut] + phrase):
            return tuple(reversed(found))
        found.extend(reversed(_parts(start + cut, phrase)))
        if cut or start == floor or text[start - 1] not in "、，,  \u3000":
            break
        at = start - 1
        while at > floor and text[at - 1] in "  \u3000":
            at -= 1
    return tuple(reversed(found))


_AND_ALSO = re.compile("兼任?(?!职)")


def _parts(at: int, phrase: str) -> list[tuple[int, str]]:
    """Two offices held in one breath are two.

    >>> _parts(0, "副市长兼市公安局局长"), _parts(0, "兼职律师")
    ([(0, '副市长'), (4, '市公安局局长')], [(0, '兼职律师')])
    """
    if "兼" not in phrase:
        return [(at, phrase)]
    out: list[tuple[int, str]] = []
    start = 0
    for match in _AND_ALSO.finditer(phrase):
        if is_office(phrase[start : match.start()]) and is_office(phrase[match.end() :]):
            out.append((at + start, phrase[start : match.start()]))
            start = match.end()
    return [*out, (at + start, phrase[start:])]


AFTER_NAME = tuple(sorted(_DATA["after_name"].split(), key=len, reverse=True))
_AFTER = re.compile(
    "(?:常务副|第一副|副|代)?(?:"
    + "|".join(AFTER_NAME)
    + ")(?!制|办|助理|们|会(?![见谈同晤])|台|团(?![结队])|令(?!狐)|江[大流经保干上中下生岸两沿禁十])"
)


def office_after(text: str, start: int) -> str:
    """The bare office that follows a name directly (甲副市长), or ''.

    >>> office_after("刘伟副市长强调", 2), office_after("刘伟主持", 2)
    ('副市长', '')
    """
    match = _AFTER.match(text, start)
    return match.group() if match else ""
