"""Appointments and removals: 任命甲为某局局长, 免去乙的某处处长职务, 丙不再担任某职.

The words on both sides bound the name, so its characters hardly matter: 免去解放的…职务.
Guaranteed: bounded look-ahead, no state.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from build_tools.core.text import HAN, matches
from build_tools.facts.offices import head_length, is_office
from build_tools.facts.people import names as nm
from build_tools.facts.people.mention import Mention

_VERBS = "任命|聘任|聘请|提名|推选|推举|选举|补选|增补|增选|选任|追认"
ELECTION = re.compile(f"当选|连任|出任|兼任|担任|免去|免除|罢免|撤销|解除|辞去|{_VERBS}")
_NOTE = "(?:（[^（）\\n]{1,24}）)?"
_ONE = rf"[{HAN}·]{{2,12}}?{_NOTE}"
_NAMES = rf"(?P<names>{_ONE}(?:(?:、|(?<=）)和){_ONE}){{0,20}})"
_OFFICES = r"(?P<offices>[^，。；\n]{2,80}?)(?=[，。；\n]|$)"
_APPOINTED = re.compile(rf"(?:{_VERBS})(?:了)?{_NAMES}(?:等?同志)?(?:为|任|担任|兼任){_OFFICES}")
_REMOVED = re.compile(
    rf"(?:免去|免除|罢免|撤销|解除|同意|接受|批准){_NAMES}(?:同志)?(?:的|辞去(?:的)?){_OFFICES}"
)
_HIS = re.compile(rf"(?:免去|免除|撤销|解除)[其他她](?:的)?{_OFFICES}")
_BECAME = re.compile(
    rf"(?P<names>[{HAN}]{{2,4}}?|[{HAN}]{{1,8}}·[{HAN}·]{{1,12}}){_NOTE}(?:同志)?(?:全票|高票|再次)?"
    rf"(?:当选为?|连任|出任|兼任|担任|不再(?:担任|兼任)|任){_OFFICES}"
)
_NEXT = re.compile(rf"{_NAMES}(?:同志)?(?:为|任|担任){_OFFICES}")
_VERB_STARTS = re.compile("[任聘提推选补增追]")
_OUT_STARTS = re.compile("[免罢撤解同接批]")
_CLAUSES = re.compile("[，。；：\\n]")
_PROBATION = re.compile("（[^（）]*(?:试用|挂职|任职|期)[^（）]*）")
_JOIN = re.compile("、|兼任?")


def appointed(text: str, names: dict[str, None]) -> list[Mention]:
    """Who is appointed to or removed from what; `names` takes them in.

    >>> [(who.name, who.offices) for who in appointed("任命阿果阿洛（女，彝族）为副厅长；免去解放的某处处长职务。", {})]
    [('阿果阿洛', ('副厅长',)), ('解放', ('某处处长',))]
    """
    out: list[Mention] = []
    for match in matches(_VERB_STARTS, _APPOINTED, text):
        out.extend(_read(match, names, sure=True))
    for match in matches(_OUT_STARTS, _REMOVED, text):
        out.extend(_read(match, names, sure=True))
    for start in (0, *(mark.end() for mark in _CLAUSES.finditer(text))):
        opened = _BECAME.match(text, start) or (start and out and _NEXT.match(text, start)) or None
        if opened is not None:
            out.extend(_read(opened, names, sure=False))
    out.sort(key=lambda who: who.at)
    for match in matches(_OUT_STARTS, _HIS, text):
        last = bisect_left(out, match.start(), key=lambda who: who.at) - 1
        if last >= 0 and "。" not in text[out[last].at : match.start()]:
            out[last].offices += _offices(match["offices"])
    return out


def join_appointed(mentions: list[Mention], more: list[Mention]) -> None:
    """Add them to the mentions; the offices to the mention that stands there already."""
    at = {mention.at: mention for mention in mentions}
    taken = {place for mention in mentions for place in range(mention.at, mention.end)}
    for who in more:
        if who.at in at:
            at[who.at].offices += tuple(office for office in who.offices if office not in at[who.at].offices)
        elif who.at not in taken:
            mentions.append(who)


def _read(match: re.Match[str], names: dict[str, None], *, sure: bool) -> Iterator[Mention]:
    offices = _offices(match["offices"])
    if not offices:
        return
    fits = _slotted if sure else _usual
    at = match.start("names")
    for part in re.split("、|(?<=）)和", match["names"]):
        whole = re.sub("（.*", "", part)
        start = at
        for name in [whole] if fits(whole, names) else whole.split("和"):  # 苏和; 甲和乙
            if len(name) > 1 and fits(name, names):
                yield Mention(name, start, start, start + len(name), offices)
                names.setdefault(name)
            start += len(name) + 1
        at += len(part) + 1


def _offices(text: str) -> tuple[str, ...]:
    """The offices of a list up to the first piece that is none.

    >>> _offices("某办主任（试用期一年）、兼任某厅督察专员"), _offices("某厅总工程师、一级巡视员职务"), _offices("重要力量")
    (('某办主任', '某厅督察专员'), ('某厅总工程师', '一级巡视员'), ())
    """
    out: list[str] = []
    for piece in _JOIN.split(_PROBATION.sub("", re.sub("(?:职务|一职|的请求|的职务).*$", "", text))):
        if piece and not is_office(re.sub("（[^（）]*）$", "", piece)):
            break
        if piece:
            out.append(piece)
    return tuple(out)


def _slotted(name: str, names: Collection[str]) -> bool:
    """Whether what stands between 任命 and 为 can be a person.

    >>> [_slotted(name, ()) for name in ("解放", "欧冶子平", "白玛央金", "群众", "专家", "企业家代表", "环保小卫士")]
    [True, True, True, False, False, False, False]
    """
    if name in names:
        return True
    if nm.REDACTED.intersection(name) or (
        nm.NOT_IN_NAME.intersection(name) and not nm.FOREIGN.issuperset(name)
    ):
        return False
    if any(head_length(name, end) for end in range(2, len(name) + 1)):
        return False
    everyday = name in nm.NEVER or name in nm.PLACES
    if everyday and not (name in nm.ORDINARY or name in nm.GIVEN_TOO):
        return False
    if "·" in name:
        return True
    surname = nm.surname_length(name, 0)
    if surname and surname < len(name) <= surname + 2:
        return name[-1] not in nm.SUFFIXES or nm.GIVEN.issuperset(name[surname:])
    return (
        len(name) > 2 and nm.FOREIGN_LONG.issuperset(name[1:]) and (surname > 0 or name[0] in nm.FOREIGN_LONG)
    )


def _usual(name: str, names: Collection[str]) -> bool:
    """Whether the opening words of a clause (甲当选…, 甲任…) are surely a name.

    >>> [_usual(name, ()) for name in ("陈明远", "王芳", "由他", "方案")]
    [True, True, False, False]
    """
    if name in names:
        return True
    read = nm.read_name(name + "，", 0, names)
    settled = read is not None and read.text == name and nm.plausible(name)
    return (
        settled
        and name not in nm.ORDINARY
        and not (name[0] in nm.TRICKY or name[0] in nm.FUNCTION or name[:2] in nm.NEVER)
        and nm.GIVEN.issuperset(name[1:])
    )
