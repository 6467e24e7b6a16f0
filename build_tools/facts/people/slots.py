"""Names where the place alone says so: between an office noun and a mark or a verb of presence.

The more certain the slot, the less the characters matter: 研究生院院长全面、环境学院党委书记杭州
names two persons. What follows office nouns otherwise (会议, 热线, 还要求) is listed in
`data/slots.yml`. Guaranteed: bounded look-ahead, no state.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.offices import head_length
from build_tools.facts.people import names as nm

_DATA, _VERBS = load("slots"), load("verbs")
_ADVERBS = frozenset(_DATA["adverbs"].split())
_LOOSE = tuple(_DATA["loose"].split())
CIVIC = tuple(_DATA["civic"].split())
_DENIED = frozenset({*_DATA["chars"], *_DATA["words"].split(), *_VERBS["follow"].split()}) - _ADVERBS
_LONGEST = max(map(len, _DENIED))
_BODIES = frozenset(_DATA["bodies"].split())
_RUN = re.compile(f"[{HAN}]{{1,8}}")
_MARK = re.compile(r"[、，；。（）！\n]|$")
_END = re.compile("|".join(_DATA["ends"].split()))
_WEAK_END = re.compile("|".join(_DATA["weak_ends"].split()))
_NEXT = re.compile(r"(?:[、，；和与及]|以及|暨)(?=([^、，；。：\n]{2,40}))")
# A name that only a mark follows needs a verb of presence in its sentence.
_PRESENT = re.compile(
    r"[^。\n]{0,240}?(?:出席|参加|列席|陪同|参会|主持|到会|座谈|分别|一同|汇报|通报|介绍|宣读|传达|发言|等[^，。]{0,8}领导|[作做][了出]?[^，。]{0,12}(?:发言|报告|汇报|讲话))"
)
# A post of a named body: 北京大学教授, 某公司董事.
_OF_BODY = re.compile(
    r"(?:大学|学院|研究院|研究所|公司|集团|协会|学会|中心|常委会)[^，、]{0,2}$|(?:市|县|区|省|州)委常委$"
)
_PRESENT_BEFORE = re.compile(r"(?:出席|参加|列席|陪同|参会|与会|主持)[^。\n]{0,160}$")
_MOST = 6
_NO_LAST = frozenset("等和及与说的在了们会就对是任作向率由将")
# Between a name and its verb: 仲长安|要牵头, 管彤|则通过.
_AUXILIARY = frozenset("要以则也还就又均却仍即将")
_FOREIGN = nm.FOREIGN | nm.FOREIGN_LONG
_HAN_PAIR = re.compile(f"[{HAN}]{{2}}")


def denied(text: str, name: nm.Name, at: int) -> bool:
    """Whether the words at `at` are none of a name: 随后, 包点; 应当先 stays one.

    >>> denied("随后补充", nm.Name("随后", 2, 3), 0), denied("应当先参加", nm.Name("应当先", 3, 3), 0)
    (True, False)
    """
    size = _denied(text, at)
    if size < 2:
        return size == 1 and name.strength < 3 and name.text[:2] not in nm.COMPOUND
    return size >= len(name.text) or name.strength < 3 or not nm.GIVEN.issuperset(name.text[1:])


def _denied(text: str, at: int) -> int:
    """The length of the longest word at `at` that is none of a name, 0 for none."""
    return next((size for size in range(_LONGEST, 0, -1) if text[at : at + size] in _DENIED), 0)


def loose(phrase: str) -> bool:
    """Whether an office is often followed by other nouns: 专家(论证), 代表(大会)."""
    return phrase.endswith(_LOOSE) and not _OF_BODY.search(phrase)


def office_next(text: str, at: int) -> bool:
    """Whether a list goes on at `at` with an office.

    >>> office_next("甲、副局长乙丙", 1), office_next("甲、乙", 1)
    (True, False)
    """
    match = _NEXT.match(text, at)
    if match is None:
        return False
    end = match.end(1)
    return any(
        head_length(text, stop, match.end()) and (stop == end or _HAN_PAIR.match(text, stop))
        for stop in range(match.end() + 2, end + 1)
    )


def slot_name(
    text: str, at: int, names: Collection[str], *, sure: bool = True, listed: str = ""
) -> nm.Name | None:
    """The name that fills the slot at `at`, right after an office or a 、 of a list of persons.

    `sure` when the office is one that only names follow; `listed` is what joins it to a person before.

    >>> [slot_name(text, 0, ()) and slot_name(text, 0, ()).text for text in ("云鹤参加会议", "曲比阿乌同志", "会议强调")]
    ['云鹤', '曲比阿乌', None]
    """
    run = _RUN.match(text, at)
    if run is None or len(run.group()) < 2:
        return None
    word = run.group()
    if _denied(word, 0) and not any(word.startswith(name) for name in names if len(name) > 1):
        return None
    for size in range(2, min(len(word), _MOST) + 1):
        end = at + size
        name = word[:size]
        if size == 4 and name[:2] in nm.ADVERBIAL:
            return None  # 郑重承诺
        mark = _MARK.match(text, end) is not None
        strong = not mark and _END.match(text, end) is not None
        if not mark and not strong and _WEAK_END.match(text, end) is None:
            continue
        if text[end : end + 1] in nm.REDACTED and end < len(text):
            return None
        if not mark and size > 2 and name[-1] in _AUXILIARY:
            name, end = name[:-1], end - 1  # 仲长安要|牵头
        if not _fits(text, name, at, mark=mark, strong=strong, sure=sure, listed=listed):
            return None
        return nm.Name(name, end, 3)
    return None


def _fits(text: str, name: str, at: int, *, mark: bool, strong: bool, sure: bool, listed: str) -> bool:
    """Whether these characters may fill a slot that `mark`, or a `strong` or other verb, ends."""
    end = at + len(name)
    if any(head_length(text, stop, at) for stop in range(at + 2, end + 1)) or any(
        head_length(text, stop, at) == stop - at for stop in (end + 1, end + 2)
    ):
        return False  # 书记区长出席, 首席|谈判代表
    if nm.REDACTED.intersection(name):
        return False
    surname = nm.surname_length(name, 0)
    usual = (
        0 < surname < len(name)
        and nm.GIVEN.issuperset(name[surname:])
        and nm.plausible(name)
        and name not in nm.ORDINARY
    )
    if len(name) > 2 and (name[-1] in _NO_LAST or name[0] in nm.FUNCTION) and not usual:
        return False
    if len(name) > 3:
        return _long(name, surname, mark)
    roster = listed != "" or (mark and office_next(text, end))
    if not sure and not usual:
        return surname > 0 and nm.plausible(name) and (roster or not mark)
    if name in _ADVERBS:
        return listed == "、" or (roster and mark)
    if name[-1] in _BODIES and not usual:
        return roster and mark and name[0] in nm.SINGLE and len(name) == 2
    if text.startswith("同志", end):
        return True
    everyday = name in nm.NEVER or name in nm.ORDINARY or name in nm.PLACES or name[:2] in nm.NEVER
    if everyday:
        return roster or (not mark and (name in nm.ORDINARY or name in nm.PLACES or name in nm.GIVEN_TOO))
    return usual or strong or listed != "" or _present(text, at, end)


def _present(text: str, at: int, end: int) -> bool:
    """Whether the sentence says of persons that they were there."""
    return (
        _PRESENT.match(text, end) is not None
        or _PRESENT_BEFORE.search(text, max(0, at - 160), at) is not None
    )


def _long(name: str, surname: int, mark: bool) -> bool:
    """Four characters and more: a compound family name, a transliteration, or a rare double given name."""
    if name[:2] in nm.NEVER or name[:2] in nm.PLACES or name[-2:] in nm.NEVER or name[-1] in "旗县市州盟":
        return False
    if 1 < surname < len(name) <= surname + 2 + (name[:surname] in nm.JAPANESE):
        return True
    odd = sum(char not in _FOREIGN for char in name)
    if odd * 4 <= len(name) or name[:2] in nm.CLANS:
        return True
    return (
        len(name) == 4 and surname == 1 and mark and name[0] not in nm.SOFT and nm.GIVEN.issuperset(name[1:])
    )
