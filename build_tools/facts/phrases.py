"""Person phrases: offices and names in the orders that the field writes them in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import Finder, Is, Name
from build_tools.facts.likelihood import EDGES, Known, name_at
from build_tools.facts.offices import (
    AFTER_NAME,
    ENDINGS,
    LAST,
    head_length,
    is_office,
    office_after,
    offices_before,
)
from build_tools.facts.tokens import (
    CHARS,
    CIVIC,
    COMRADE,
    FAMILIES,
    LOOSE,
    SOFT,
    Scanned,
    redacted,
    right_of,
    surname_length,
)

PLACES = 20_000  # places looked at in one text: bounds a hostile page
MOST = 500  # names a page; a real one has at most some dozens


@dataclass(slots=True)
class Person:
    """A person at a place: `start` counts offices in, text[at:name_end] is the name, `end` counts what follows it."""

    name: str
    start: int
    at: int
    end: int
    offices: tuple[str, ...] = ()
    score: float = 0.0
    weak: bool = False
    pronoun: bool = False
    listed: bool = False  # a registry has this name


OFFICE_END = re.compile(
    rf"[{LAST}](?P<note>（[^（），。；：、\n]{{1,22}}）(?!长))?[ \u3000]{{0,4}}(?=[{HAN}A-ZÀ-Þ])"
)
_BEGIN = f"(?=[{''.join(sorted(FAMILIES))}])"
_JOIN = re.compile(r"[ \u3000]?(?:、|以及|[和与及暨]|，)[ \u3000]?")
_CLAUSE = re.compile(rf"(?:^|(?<=[，。；：！？“”（）\n \u3000、])(?![和与及])){_BEGIN}")
_PREP = re.compile(
    rf"(?:由|请|邀请|受|经|对|向|让|会见|听取了?|陪同|欢迎|感谢|与|同|跟|和|及|以及|委托|代表|的|是|为|组|厅|局|委|部|院|处|市|县|区|省|年|日|午|说|答){_BEGIN}"
)
_STARTS = "".join(sorted({word[0] for word in (*AFTER_NAME, *COMRADE)} | set("常第副代")))
TITLES = re.compile(
    f"(?=[{_STARTS}])(?:(?:常务副|第一副|副|代)?(?:{'|'.join(AFTER_NAME)})|{'|'.join(COMRADE)})"
)
_TAIL = re.compile(
    r"(?P<office>[省市县区州盟旗厅局部院校兵团自治委政党组四套班子在家级副常]{0,12}(?:领导|领导同志|班子成员|常委)"
    rf"|[{HAN}]{{0,12}}?(?:副[{HAN}]{{1,4}}长|副(?:主任|书记|主席|总指挥|院长)))(?=[，。；、分先后共一出参列陪到就作和及以]|$)"
)
# 市政府|花卫平副市长
_OF_BODY = re.compile(rf"(?:(?<=[，、；。：])|^)[{HAN}]{{1,16}}[府局厅委部院校办会组司集团公司中心]$")
# 省经信委有关负责同志，某市局长甲: the first is nobody's office.
_GROUP = re.compile(
    "(?:有关|主要|相关|各|全体|其他|其它)[^，、]{0,4}(?:负责同志|负责人|领导|同志|成员|委员|干部)$|班子成员$|单位(?:主要)?负责人$"
)
_KIND_OF = ("专家代表", "企业代表", "专家学者", "嘉宾")
_LONG = re.compile("长(?:[城期效远春治]|沙[市县龙、，。]|江[大流经保干上中下生岸两沿禁十黄口三源水北和、，])")
_NOTE = re.compile(r"（[^（）\n]{0,40}）")


def slots(scan: Scanned) -> dict[int, str]:
    """Where a name may begin, and what precedes it there."""
    text = scan.text
    if scan.slots is not None:
        return scan.slots
    out = scan.slots = {}
    for match in TITLES.finditer(text):
        end = match.start()
        if match.group() in COMRADE or office_after(text, end):
            for size in (2, 3, 4):
                if end >= size and text[end - size] in FAMILIES:
                    out[end - size] = "before"
    for match in _PREP.finditer(text):
        if may_begin(scan, match.end()):
            out[match.end()] = "prep"
    for match in _CLAUSE.finditer(text):
        at = match.start()
        if may_begin(scan, at):
            out[at] = "listed" if text[at - 1 : at] == "、" else "clause"
    for at, what in scan.tails.items():
        if what == "persons":
            out[at] = "joined"
    for match in re.finditer(f"领导(?=[{HAN}])", text):
        out[match.end()] = "loose"
    for match in OFFICE_END.finditer(text):
        end = match.start() + 1
        if _LONG.match(text, end - 1):
            continue  # 安徽地处长江下游, 易县长城公园
        size = head_length(text, end, max(0, end - 12)) if text[end - 2 : end] in ENDINGS else 0
        if size and not (text[match.end()] == "和" and not offices_before(text, end, max(0, end - 96))):
            noun = text[end - size : end]
            out[match.end()] = "civic" if noun in CIVIC else "loose" if noun in LOOSE else "office"
    return out


def persons(scan: Scanned, known: Known) -> list[Person]:
    """Every person named in the text, in order, lists gone on with; `known` are names found elsewhere.

    >>> [(who.name, who.offices) for who in persons(Scanned("市委副书记、市长胡衡华，副市长翟青、赵英民出席"), {})]
    [('胡衡华', ('市委副书记', '市长')), ('翟青', ('副市长',)), ('赵英民', ('副市长',))]
    """
    where = slots(scan)
    if not where and not scan.named:
        return []
    again = repeated(scan, known, where)
    found: list[tuple[Name, str]] = []
    for at, left in islice(where.items(), PLACES):
        name = name_at(scan, at, left, known)
        if name is None and left == "office":
            name = among(scan, at, known)
        if at in again and (name is None or name.end <= again[at].end):
            name = again.pop(at)
        if name is not None:
            found.append((name, left))
    found += [(name, "other") for name in again.values()]
    # 习近平总书记|在新疆, 青海师范大学|校长裴玉堂: an office belongs to the likelier of the names beside it.
    behind = {name.at: name.score for name, left in found if left in ("office", "loose")}
    titled = {
        name.end + len(office): name.score
        for name, _ in found
        if (office := office_after(scan.text, name.end))
    }
    found = [
        (name, left)
        for name, left in found
        if not (
            (left in ("office", "loose") and titled.get(name.at, -9.0) > name.score)
            or (
                left not in ("office", "loose")
                and behind.get(name.end + len(office_after(scan.text, name.end)), -9.0) >= name.score
            )
        )
    ]
    found.sort(key=lambda one: -one[0].score)
    taken: set[int] = set()
    out: list[Person] = []
    for name, _ in found[: 4 * MOST]:
        if taken.isdisjoint(range(name.at, name.end)):
            taken.update(range(name.at, name.end))
            out.append(Person(name.name, name.at, name.at, name.end, score=name.score))
    out.sort(key=lambda who: who.at)
    return list(_lists(scan, out, where, known))


def repeated(scan: Scanned, known: Known, where: Mapping[int, str]) -> dict[int, Name]:
    """The other places of names that are known: one of two characters needs a border on both sides.

    >>> scan = Scanned("会上刘伟强调")
    >>> scan.named = named(["刘伟"], scan.text).places(scan.text)
    >>> [name.name for name in repeated(scan, {"刘伟": 1}, {}).values()]
    ['刘伟']
    """
    out: dict[int, Name] = {}
    text = scan.text
    for form, at, end in sorted(scan.named, key=lambda one: -len(one[0])):
        name = form.replace(" ", "")
        if len(name) > 2 and not redacted(text, end):
            free = True
        else:
            edge = at in where or at == 0 or text[at - 1] in EDGES
            free = edge and right_of(scan, end) not in ("none", "near", "other") and not scan.cut(at, end)
        if free and at not in out and known[name] > (scan.own.get(at) == name):
            out[at] = Name(at, end, name, 3.0)
    return out


def named(known: Collection[str], whole: str) -> Finder:
    """Finds these names in the parts of `whole`, one of two characters also with a blank inside: 李 明."""
    apart = (f"{name[0]} {name[1]}" for name in known if len(name) == 2) if " " in whole else ()
    return Finder((*known, *apart))


def may_begin(scan: Scanned, at: int) -> bool:
    """Whether a name may begin at `at`, where anything may stand: with a family name, not with an everyday word."""
    if head_length(scan.text, at + 1):
        return False  # 河（湖）|长
    return not scan.longest(at, Is.NEVER | Is.DENIED | Is.FOLLOW) or bool(
        scan.longest(at, Is.GIVEN_TOO | Is.ORDINARY)
    )


def _lists(scan: Scanned, found: list[Person], where: dict[int, str], known: Known) -> Iterator[Person]:
    """The persons with their offices, and those that a list goes on with."""
    text = scan.text
    floor = 0
    front: tuple[str, ...] = ()  # the offices before the first name of the list
    shared: list[Person] = []  # a list without offices so far: 甲、乙、丙等市领导
    queue = list(reversed(found))
    last: Person | None = None
    while queue:
        who = queue.pop()
        if who.at < floor:
            continue
        held = settle(scan, who, where, floor)
        join = _JOIN.fullmatch(text, last.end, who.at) if last is not None and last.end <= who.at else None
        if join is not None and "，" not in join.group() and who.start == who.at:
            who.score += 1.0  # one more of a list of persons
            if not who.offices or (front and front[-1] in LOOSE):
                who.offices = (*front, *who.offices)  # 委员甲（教师）、乙（站长）
        else:
            front = held
        floor = who.end
        yield who
        shared = (
            [*shared, who]
            if shared and last is not None and _JOIN.fullmatch(text, last.end, who.start)
            else [who]
        )
        if text.startswith("等", who.end) and not any(one.offices for one in shared):
            tail = _TAIL.match(text, who.end + 1)
            if tail is not None:
                for one in shared:
                    one.offices = (tail["office"],)
        last = who
        join = _JOIN.match(text, who.end)
        if join is None or "，" in join.group() or where.get(join.end()) in ("office", "loose", "civic"):
            continue
        at = join.end()
        name = _next_member(scan, at, known)
        if name is not None and queue and queue[-1].at == at and queue[-1].end - at >= name.end - name.at:
            queue[-1].score = max(queue[-1].score, name.score)
        elif name is not None and (not queue or name.end <= queue[-1].at):
            queue.append(Person(name.name, name.at, name.at, name.end, score=name.score))
            if name.at > at:
                last = Person("", at, at, name.at - 1, who.offices)


def _next_member(scan: Scanned, at: int, known: Known) -> Name | None:
    """The next of a list of persons; one member that is not read (山清) does not end the list."""
    if scan.tails.get(at) == "bodies":
        return None
    found = name_at(scan, at, "joined", known) or among(scan, at, known)
    if found is None and (match := _MEMBER.match(scan.text, at)) is not None:
        later = name_at(scan, match.end(), "joined", known)
        return later if later is not None and later.score > 2 else None
    return found


_MEMBER = re.compile(rf"([{HAN}]{{2,3}})、")


def among(scan: Scanned, at: int, known: Known) -> Name | None:
    """A word in a list of names is one, where the next one surely is: 副主任温和、仝安民.

    >>> among(Scanned("副主任温和、仝安民参加会议"), 3, {}).name
    '温和'
    """
    match = _MEMBER.match(scan.text, at)
    if (
        match is None
        or not surname_length(scan.text, at)
        or scan.longest(at, Is.DENIED)
        or scan.tails.get(at) == "bodies"
    ):
        return None
    following = name_at(scan, match.end(), "joined", known)
    sure = following is not None and following.score > 3
    return Name(at, match.end(1), match[1], 1.0) if sure else None


def settle(scan: Scanned, who: Person, where: dict[int, str], floor: int) -> tuple[str, ...]:
    """Take in the offices before and behind the name, 同志, and a note; return those that the list shares."""
    text = scan.text
    if where.get(who.at) in ("office", "loose", "civic"):
        end = who.at
        while end > floor and text[end - 1] in " \u3000":
            end -= 1
        chain = offices_before(text, end, floor)
        if chain and scan.longest(chain[0][0], Is.FOLLOW | Is.DENIED) > 1 and who.score < 4:
            who.score -= 4  # 关心困难职工和基层护林员|生活: an office that begins with a verb
        if chain:
            who.start = chain[0][0]
            who.offices = tuple(phrase for _, phrase in chain if not _GROUP.search(phrase)) or tuple(
                phrase for _, phrase in chain[-1:]
            )
            if len(chain) > 1 and who.offices[0].endswith(_KIND_OF):
                who.offices = who.offices[1:] or who.offices
    elif (body := _OF_BODY.search(text, max(floor, who.at - 24), who.at)) is not None:
        who.start = body.start()
    front = who.offices
    if text.startswith(COMRADE, who.end):
        who.score += 1.5
        who.weak = not who.offices and len(who.name) == 2 and CHARS[who.name[0]] & SOFT > 0  # 毛家同志
        who.end += 2
    elif office := office_after(text, who.end):
        who.offices += (office,)
        who.end += len(office)
    note = _NOTE.match(text, who.end)
    if note is not None:
        who.offices += noted(note.group()[1:-1], callings=not who.offices)
        who.end = note.end()
    return front or who.offices


_OF_HIM = re.compile(rf"男|女|[{HAN}]{{1,4}}族|\d{{2,4}}岁|[{HAN}]{{0,6}}党员|无党派人士")  # 女，苗族
_SCHOOL = re.compile("[中小大]学|学[校院]|医院|公司")
_CALLINGS = tuple(load("offices")["callings"].split())


def noted(note: str, *, callings: bool = True) -> tuple[str, ...]:
    """The offices of a note that begins with one, but for sex, people and age.

    >>> noted("苗族，合作社理事长"), noted("女，藏族"), noted("县第一中学教师"), noted("正处级")
    (('合作社理事长',), (), ('县第一中学教师',), ())
    """
    pieces = [re.sub("^(?:时任|现任|兼任?)", "", one) for one in re.split("[、，,；]", note)]
    posts = [one for one in pieces if not _OF_HIM.fullmatch(one)]
    found = tuple(one for one in posts if is_office(one) or one.endswith(_CALLINGS))
    if not callings and any(one.endswith(_CALLINGS) and not _SCHOOL.search(one) for one in posts):
        return ()
    return found if found[:1] == tuple(posts[:1]) else ()
