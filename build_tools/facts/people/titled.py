"""Names with the office after them (甲副市长, 甲同志), and bare given names or surnames so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.offices import is_office, office_after
from build_tools.facts.people import names as nm
from build_tools.facts.people.mention import BOUND, PLACES_TRIED, Mention, list_on, taken_by

_BODIES = frozenset("厅局委院处部省市县区州盟旗办会司")


def before_offices(
    text: str, posts: Iterable[re.Match[str]], mentions: list[Mention], names: dict[str, None]
) -> list[Mention]:
    """甲副市长, 甲同志: full names that an office or 同志 follows; `posts` are the places of `POST`."""
    taken = taken_by(mentions)
    out: list[Mention] = []
    for match in posts:
        at = match.start()
        if at and at - 1 in taken:
            continue
        office = ""
        if match.group() != "同志":
            for prefix in ("常务副", "第一副", "副", "代"):
                if text.startswith(prefix, at - len(prefix)) and at >= len(prefix):
                    at -= len(prefix)
                    break
            office = office_after(text, at)
            if not office:
                continue
        elif text.startswith("们", match.end()):
            continue
        name = _name_ending(text, at, names, office)
        if name and at - 1 not in taken and at - len(name) not in taken:
            offices = (office,) if office else ()
            mention = Mention(name, at - len(name), at - len(name), at + len(office or "同志"), offices)
            if not office and len(name) == 2 and name not in names and name[0] in nm.SOFT:
                mention.weak = True  # 毛家同志: may be a given name
            else:
                names.setdefault(name)
            if not office:
                out.extend(_before_in_list(text, mention.start, names, taken))
            out.append(mention)
            out.extend(list_on(text, mention, names))
            taken |= taken_by(out[-8:])
    return out


def _before_in_list(text: str, at: int, names: dict[str, None], taken: set[int]) -> list[Mention]:
    """The names before the last of a list that ends with 同志: 甲、乙同志."""
    out: list[Mention] = []
    while at > 2 and text[at - 1] == "、" and at - 2 not in taken and len(out) < 50:
        name = _name_ending(text, at - 1, names, "同志")
        if not name:
            break
        at -= len(name) + 1
        out.append(Mention(name, at, at, at + len(name)))
        names.setdefault(name)
    return out


def _name_ending(text: str, end: int, names: Collection[str], office: str) -> str:
    run = end
    while end - run < 8 and run and text[run - 1] in nm.FOREIGN:
        run -= 1
    if (
        not office
        and end - run > 2
        and (run == 0 or BOUND.match(text[run - 1]))
        and nm.plausible(text[run:end])
    ):
        return text[run:end]  # 乌兰其其格同志
    for size in (4, 3, 2):
        name = text[end - size : end] if end >= size else ""
        if not name:
            continue
        if name in names:
            return name
        before = text[end - size - 1] if end > size else "，"
        of_body = size == 3 and before in _BODIES and bool(office) and name[0] not in nm.SOFT  # 我厅甲副厅长
        if not BOUND.match(before) and not of_body:
            continue
        if not all(char in nm.GIVEN for char in name[1:]) or not nm.plausible(name) or name in nm.ORDINARY:
            continue
        if name[-1] in nm.SUFFIXES and office:
            continue
        surname = 2 if name[:2] in nm.COMPOUND else 1 if name[0] in nm.SINGLE else 0
        doubtful = name[0] in nm.TRICKY or name[:2] in nm.NEVER or (size == 2 and not office)
        if name[0] in nm.SOFT and surname == 1 and doubtful:
            continue
        if size == 2 and office in ("县长", "区长", "镇长", "乡长", "州长", "村长"):
            continue  # 高邑县长: may be a place
        if surname and 1 <= size - surname <= 2:
            return name
    return ""


_NOTED = re.compile(r"（([^（）。：\n]{2,60})）")
_OF_HIM = re.compile(rf"男|女|[{HAN}]{{1,4}}族|\d{{2,4}}岁|[{HAN}]{{0,6}}党员|无党派人士")  # 女，苗族
_CALLINGS = tuple(load("offices")["callings"].split())
_ACTS = re.compile(
    "主持|出席|参加|列席|汇报|通报|介绍|讲话|发言|致辞|分别|先后|依次|表示|指出|强调|要求|说[，：“]"
)
# 出席：甲（副市长），乙（县长）; 参会人员名单：甲（局长）
_LABEL = re.compile(
    r"(?:出席|列席|参加|参会|与会|到会|主持|发言)(?:会议)?(?:的)?(?:人员|领导|同志|代表|嘉宾|人|者)?(?:名单)?(?:有|还有)?[：:][ \u3000]*$"
)
_NAMED = re.compile(
    rf"(?:^|）和|[^{HAN}·]由?|[议会]由)(?P<name>[{HAN}]{{2,4}}|[{HAN}]{{1,8}}·[{HAN}·]{{1,12}})$"
)


def noted_offices(text: str, mentions: list[Mention], names: dict[str, None]) -> list[Mention]:
    """Offices in parentheses behind the name: those of mentions are added, names of such a list returned.

    A name that nothing else marks counts behind a label (列席：), before a verb, or next to another of this form.

    >>> [(who.name, who.offices) for who in noted_offices("列席：水清（市水利局局长），林茂（女，镇长）。", [], {})]
    [('水清', ('市水利局局长',)), ('林茂', ('镇长',))]
    >>> noted_offices("县水利局（牵头负责人），清江镇（镇长）落实。", [], {})
    []
    """
    by_end = {mention.end: mention for mention in mentions}
    out: list[Mention] = []
    row: list[Mention] = []  # names joined by 、, of which none is sure yet
    shared: tuple[str, ...] = ()
    last = -1
    sure = False
    for match in islice(_NOTED.finditer(text), PLACES_TRIED):
        offices = _noted(match[1])
        if not offices:
            continue
        at = match.start()
        if (who := by_end.get(at)) is not None:
            shared = who.offices
            who.offices += tuple(one for one in offices if one not in who.offices)
            who.end = match.end()
            start = who.start
        else:
            named = _NAMED.search(text, max(0, at - 22), at)
            name = named["name"] if named else ""
            if not name or not _fits_list(name, names):
                continue
            start = at - len(name)
        joined = start == last + 1 and text[last] in "、，；和"
        if not joined:
            row, sure = [], _LABEL.search(text, max(0, start - 24), start) is not None
        sure = sure or joined or who is not None or _ACTS.match(text, match.end()) is not None
        if who is None:  # 委员甲（镇长）、乙（教师）: an office before the first is of all
            shared = shared if joined and text[last] == "、" else ()
            row.append(Mention(name, start, start, match.end(), (*shared, *offices)))
        if sure:
            out.extend(row)
            names.update(dict.fromkeys(one.name for one in row))
            row = []
        last = match.end()
    return out


def _noted(note: str) -> tuple[str, ...]:
    """The offices of a note that begins with one, but for sex, people and age.

    >>> _noted("苗族，合作社理事长"), _noted("女，藏族"), _noted("县第一中学教师"), _noted("正处级")
    (('合作社理事长',), (), ('县第一中学教师',), ())
    """
    pieces = [re.sub("^(?:时任|现任|兼任?)", "", one) for one in re.split("[、，,；]", note)]
    posts = [one for one in pieces if not _OF_HIM.fullmatch(one)]
    found = tuple(one for one in posts if is_office(one) or one.endswith(_CALLINGS))
    return found if found[:1] == tuple(posts[:1]) else ()


def _fits_list(name: str, names: Collection[str]) -> bool:
    """Whether what stands before a bracketed office in a list is a person, and no body or place."""
    if name in names:
        return True
    if not nm.plausible(name.replace("·", "")) or nm.REDACTED.intersection(name):
        return False
    if "·" in name or (len(name) > 2 and nm.FOREIGN.issuperset(name)):
        return True
    surname = nm.surname_length(name, 0)
    usual = nm.GIVEN.issuperset(name[surname:])
    return 0 < surname < len(name) <= surname + 2 and (usual or name[-1] not in nm.SUFFIXES | _BODIES)


def weak_mentions(
    text: str, posts: Iterable[re.Match[str]], mentions: list[Mention], names: Collection[str]
) -> list[Mention]:
    """晓华市长, 吴局长, 红专书记: a given name or a surname alone with a title."""
    taken = taken_by(mentions)
    out: list[Mention] = []
    for match in posts:
        at = match.start()
        if match.group() == "同志":
            office = ""
        else:
            for prefix in ("常务副", "副", "代"):
                if at >= len(prefix) and text.startswith(prefix, at - len(prefix)):
                    at -= len(prefix)
                    break
            office = office_after(text, at)
            if not office:
                continue
        if at < 1 or at - 1 in taken:
            continue
        name = ""
        two = text[at - 2 : at] if at >= 2 else ""
        if len(two) == 2 and (at == 2 or BOUND.match(text[at - 3])):
            given = nm.GIVEN.issuperset(two) and not nm.SUFFIXES.intersection(two)
            if (
                given
                and nm.plausible(two)
                and two not in nm.ORDINARY
                and (not office or two[0] not in nm.SINGLE)
                and two[0] not in "副老小各原总"
            ):
                name = two
        surname = bool(office) and text[at - 1] in nm.SINGLE
        if surname and text[at - 1] in nm.SOFT:  # 林局长通报了; not 高校|长期, 易县|长城, 任局长期间
            surname = text[at - 1] in nm.TITLED and nm.follow(text, at + len(office)) == 3
        if not name and surname and (at == 1 or text[at - 2] in _BODIES or BOUND.match(text[at - 2])):
            name = text[at - 1]
        if name and not text.startswith("们", match.end()):
            end = at + len(office or "同志")
            out.append(
                Mention(name, at - len(name), at - len(name), end, (office,) if office else (), weak=True)
            )
    return out
