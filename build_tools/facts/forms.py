"""Persons that the form of a line names: who-lines, rosters, appointments, a speech's speaker, bare family names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from build_tools.core.article import Role
from build_tools.core.text import HAN, matches
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import Is
from build_tools.facts.likelihood import NOBODY, Known, features, score
from build_tools.facts.offices import is_office, office_after
from build_tools.facts.phrases import TITLES, Person, noted
from build_tools.facts.tokens import (
    CHARS,
    FUNCTION,
    GIVEN,
    HARD,
    SHORT,
    SOFT,
    SUFFIX,
    Scanned,
    surname_length,
)

_VERB = "出席|参加|主持|陪同|列席|致辞|讲话|作报告|发言|调研"
_RUN = re.compile(
    rf"(?:^|(?<=[，。；：\s]))((?:(?!{_VERB})[{HAN}]){{2,60}}?)(?:等[{HAN}]{{0,8}})?(?:分别)?(?={_VERB})"
)


def run_together(scan: Scanned, known: Known, *, headline: bool) -> list[Person]:
    """Names that a who-line runs together; below the headlines one of them must be known.

    >>> [who.name for who in run_together(Scanned("胡衡华张轩王炯出席"), {"张轩": 1}, headline=True)]
    ['胡衡华', '张轩', '王炯']
    """
    out: list[Person] = []
    for match in _RUN.finditer(scan.text):
        cut = segment(match[1], known)
        if not cut or (len(cut) < 2 and cut[0] not in known) or not (headline or cut[0] in known):
            continue
        at = match.start(1)
        for name in cut:
            out.append(Person(name, at, at, at + len(name), score=3.0))
            at += len(name)
    return out


def segment(run: str, known: Known) -> list[str]:
    """The cut of a run into likely names that has the best sum of likelihoods; empty when there is none.

    >>> segment("欧阳澈司马亦农仉平安", NOBODY)
    ['欧阳澈', '司马亦农', '仉平安']
    """
    best: list[tuple[float, list[str]] | None] = [(0.0, []), *[None] * len(run)]
    for at in range(len(run)):
        here = best[at]
        if here is None:
            continue
        for size in (2, 3, 4):
            name = run[at : at + size]
            if len(name) < size or (not surname_length(name, 0) and name not in known):
                continue
            logit = score(features(Scanned(name), 0, size, "joined", known))
            before = best[at + size]
            if logit > 0 and (before is None or before[0] < here[0] + min(logit, 8.0) - 7):
                best[at + size] = (here[0] + min(logit, 8.0) - 7, [*here[1], name])
    last = best[-1]
    return last[1] if last else []


def likely(name: str, left: str, known: Known = NOBODY) -> bool:
    """Whether a string that stands alone behind `left` is a name."""
    return logit_of(name, left, known) > 0


def logit_of(name: str, left: str, known: Known = NOBODY) -> float:
    """The logit of a string that stands alone behind `left`."""
    return score(features(Scanned(name + "，"), 0, len(name), left, known))


_ROSTER = re.compile(
    r"(?:会议)?(?:(?P<presides>主[ \u3000]*持)人?|(?P<attends>参[ \u3000]*[会加]|出[ \u3000]*席|[与到][ \u3000]*会)|(?P<sits_in>列[ \u3000]*席)"
    r"|请[ \u3000]*假|缺[ \u3000]*席)(?:会议)?的?(?:人员|领导|同志|单位及人员)?(?:名单)?(?:[：:|][ \u3000]*|[ \u3000]+[|][ \u3000]*|$)"
)
_ROW = re.compile(
    rf"([{HAN}]{{2,4}}|[{HAN}·]{{3,12}}|[{HAN}][ \u3000]+[{HAN}])(?:[ \u3000：:]+([{HAN}、，（）]{{2,60}})|（([{HAN}、，]{{2,60}})）)"
)


def roster(texts: Sequence[str], known: Known) -> Iterator[tuple[int, Person, Role]]:
    """The list of those present, a person a line: 出席：吴恩坤 党组书记、局长, or 吴恩坤（局长）; index of the line, person, role.

    Behind 请假： they are only mentioned.
    """
    role: Role | None = None
    for index, text in enumerate(texts):
        header = _ROSTER.match(text)
        start = header.end() if header is not None else 0
        if header is not None:
            role = Role(header.lastgroup) if header.lastgroup else Role.MENTIONED
        row = _ROW.fullmatch(text, start) if len(text) < 80 and role is not None else None
        if role is None or row is None or not is_office(row[2] or row[3]):
            continue
        name = re.sub(r"\s", "", row[1])
        if likely(name, "joined", known):
            offices = tuple(re.split("[、，]", row[2] or row[3]))
            yield index, Person(name, start, start, len(text), offices, score=5.0), role


_ADDRESS = re.compile(
    r"(?:同志们|各位|尊敬的|女士们|先生们|朋友们|老师们|大家)[^。]{0,30}[：:！，]|^大家[上下]?[午]?好"
    r"|[^。，：]{0,16}(?:各位领导|同志们)[^。]{0,20}[：:]"
)
_HOST = re.compile("主持(?:词|稿|讲话)")
_SPEECH = re.compile(f"讲话|致辞|致词|发言|讲稿|党课|报告|{_HOST.pattern}")
_EDGE = " \t\n\u3000—-（()）"
_BEHIND = re.compile(r"[（(][^（）()]{0,40}$|\d{4}年\d{1,2}月\d{1,2}日$")


def _rest(text: str) -> str:
    """A line without what may stand beside a lone name: dashes, brackets, a day.

    >>> _rest("—— 刘伟（2021年3月1日）"), _rest("刘伟讲话")
    ('刘伟', '刘伟讲话')
    """
    for _ in range(3):
        text = _BEHIND.sub("", text.strip(_EDGE))
    return text.strip(_EDGE)


def speaker(
    texts: Sequence[str], heads: Sequence[bool], persons: Sequence[Sequence[Person]]
) -> tuple[int, Person, list[Role]] | None:
    """The line under a speech's title that names its speaker: 厅党组书记 甲; under a 主持词, who presides."""
    first = next((index for index, text in enumerate(texts[:10]) if _ADDRESS.match(text)), None)
    if first is None:
        return None
    titles = [text for text, head in zip(texts[:10], heads, strict=False) if head or len(text) < 60]
    if not any(map(_SPEECH.search, titles)):
        return None
    roles = [Role.SPEAKS, *([Role.PRESIDES] if any(map(_HOST.search, titles)) else [])]
    for index in range(first):
        text = texts[index]
        if len(persons[index]) == 1 and len(text) < 80:
            who = persons[index][0]
            if not _rest(text[: who.start]) and not _rest(text[who.end :]):
                who.score = max(who.score, 4.0)
                return index, who, roles
        elif not persons[index]:
            name = re.sub(r"[ \u3000—]", "", _rest(text))
            if 2 <= len(name) <= 4 and surname_length(name, 0) and likely(name, "joined"):
                at = max(0, text.find(name[0]))
                return index, Person(name, at, at, len(text), score=4.0), roles
    return None


# --- appointments --------------------------------------------------------------

_VERBS = "任命|聘任|聘请|提名|推选|推举|选举|补选|增补|增选|选任|追认"
ELECTION = re.compile(f"当选|连任|出任|兼任|担任|免去|免除|罢免|撤销|解除|辞去|{_VERBS}")
_BRACKETS = "(?:（[^（）\\n]{1,24}）)?"
_ONE = rf"[{HAN}·]{{2,12}}?{_BRACKETS}"
_NAMES = rf"(?P<names>{_ONE}(?:(?:、|(?<=）)和){_ONE}){{0,20}})"
_OFFICES = r"(?P<offices>[^，。；\n]{2,80}?)(?=[，。；\n]|$)"
_APPOINTED = re.compile(rf"(?:{_VERBS})(?:了)?{_NAMES}(?:等?同志)?(?:为|任|担任|兼任){_OFFICES}")
_REMOVED = re.compile(
    rf"(?:免去|免除|罢免|撤销|解除|同意|接受|批准){_NAMES}(?:同志)?(?:的|辞去(?:的)?){_OFFICES}"
)
_BECAME = re.compile(
    rf"(?:^|(?<=[，。；：\n]))(?!{_VERBS})由?(?P<names>[{HAN}]{{2,4}}?|[{HAN}]{{1,8}}·[{HAN}·]{{1,12}}){_BRACKETS}(?:同志)?"
    rf"(?:全票|高票|再次)?(?:当选为?|连任|出任|兼任|担任|不再(?:担任|兼任)|任|为){_OFFICES}"
)
_HIS = re.compile(rf"(?:免去|免除|撤销|解除)[其他她](?:的)?{_OFFICES}")
_STARTS = re.compile("[任聘提推选补增追免罢撤解同接批]")
_PROBATION = re.compile("（[^（）]*(?:试用|挂职|任职|期)[^（）]*）")


def appointed(text: str, known: Known) -> list[Person]:
    """Who is appointed to or removed from what. The words on both sides bound the name.

    >>> [(who.name, who.offices) for who in appointed("任命阿果阿洛（女，彝族）为副厅长；免去解放的某处处长职务。", NOBODY)]
    [('阿果阿洛', ('副厅长',)), ('解放', ('某处处长',))]
    """
    out: list[Person] = []
    if ELECTION.search(text) is None:
        return out
    for pattern in (_APPOINTED, _REMOVED):
        for match in matches(_STARTS, pattern, text):
            out += _named(match, known, sure=True)
    for match in _BECAME.finditer(text):
        if out or not match[0].split(match["names"], 1)[1].startswith("为"):
            out += _named(match, known, sure=False)
    out.sort(key=lambda who: who.at)
    for match in _HIS.finditer(text):
        before = [who for who in out if who.at < match.start() and "。" not in text[who.at : match.start()]]
        if before:
            before[-1].offices += _posts(match["offices"])
    return out


def _named(match: re.Match[str], known: Known, *, sure: bool) -> Iterator[Person]:
    offices = _posts(match["offices"])
    at = match.start("names")
    for part in re.split("、|(?<=）)和", match["names"]) if offices else ():
        name = re.sub("（.*", "", part)
        start = at
        halves = name.split("和")
        if (
            len(name) > 4
            and len(halves) == 2
            and all(len(one) > 1 and likely(one, "joined", known) for one in halves)
        ):
            names = halves  # 王大有和李小芳
        else:
            names = [name]
        for one in names:
            logit = logit_of(one, "joined", known) if len(one) > 1 else -9.0
            if logit > (-4.0 if sure else 1.0) and not is_office(one) and (sure or surname_length(one, 0)):
                yield Person(one, start, start, start + len(one), offices, score=3.0)
            start += len(one) + 1
        at += len(part) + 1


def _posts(text: str) -> tuple[str, ...]:
    """The offices of a list up to the first piece that is none.

    >>> _posts("某办主任（试用期一年）、兼任某厅督察专员"), _posts("某厅总工程师、一级巡视员职务"), _posts("重要力量")
    (('某办主任', '某厅督察专员'), ('某厅总工程师', '一级巡视员'), ())
    """
    out: list[str] = []
    for piece in re.split("、|兼任?", _PROBATION.sub("", re.sub("(?:职务|一职|的请求|的职务).*$", "", text))):
        if piece and not is_office(re.sub("（[^（）]*）$", "", piece)):
            break
        if piece:
            out.append(piece)
    return tuple(out)


# --- lists with notes, weak mentions --------------------------------------------

_NOTED = re.compile(rf"(?P<name>[{HAN}·]{{2,12}})（(?P<note>[^（）。：\n]{{2,60}})）")


def noted_list(scan: Scanned, known: Known, taken: set[int]) -> list[Person]:
    """列席：水清（市水利局局长），林茂（女，镇长）: names with their offices in brackets.

    At least two of them, or one behind a label or before a verb.

    >>> found = noted_list(Scanned("列席：水清（市水利局局长），林茂（女，镇长）。"), NOBODY, set())
    >>> [(who.name, who.offices) for who in found]
    [('水清', ('市水利局局长',)), ('林茂', ('镇长',))]
    """
    text = scan.text
    rows: list[tuple[bool, list[Person]]] = []
    last = -2
    shared: tuple[str, ...] = ()
    for match in _NOTED.finditer(text):
        offices = noted(match["note"])
        name, lead = match["name"], ""
        for word in ("由", "和", "及", "委员", "代表"):
            if len(name) > len(word) + 1 and name.startswith(word):
                name, lead = name[len(word) :], word
        at = match.end("name") - len(name)
        if not offices or (len(name) > 4 and "·" not in name) or not likely(name, "joined", known):
            continue
        joined = at - len(lead) <= last + 2
        shared = (lead,) if is_office(lead) else shared if joined else ()
        last = match.end()
        who = Person(name, at, at, match.end(), (*shared, *offices), score=3.0)
        label = text[:at].rstrip().endswith(("：", ":"))
        sure = joined or at in taken or label or scan.longest(match.end(), Is.FOLLOW) > 0
        if joined and rows:
            rows[-1][1].append(who)
            rows[-1] = (True, rows[-1][1])
        else:
            rows.append((sure, [who]))
    return [who for sure, row in rows if sure for who in row]


_LEARNED = ("院士", "教授", "委员", "院长", "总", "副总", "先生", "女士", "博士", "研究员", "工程师")
_WEAK_EDGE = re.compile(
    rf"[^{HAN}]|[上了和与及由受的按照请听对向是让经会给跟以为据彻达实习见问望迎谢陪访才厅局委院处部省市县区州盟旗办司]"
)


def weak(scan: Scanned, taken: set[int]) -> list[Person]:
    """晓华市长, 吴局长: a given name or a family name alone with a title.

    >>> [(who.name, who.offices) for who in weak(Scanned("吴局长通报了情况，晓华市长强调"), set())]
    [('吴', ('局长',)), ('晓华', ('市长',))]
    """
    text = scan.text
    out: list[Person] = []
    for match in TITLES.finditer(text):
        at = match.start()
        office = office_after(text, at)
        if match.group() in _LEARNED:
            continue
        if (
            at < 1
            or at - 1 in taken
            or (not office and match.group() != "同志")
            or text.startswith("们", match.end())
        ):
            continue
        name = ""
        for size in (2, 1):
            start = at - size
            if start < 0 or (start and not _WEAK_EDGE.match(text[start - 1])):
                continue
            bits = [CHARS.get(char, 0) for char in text[start:at]]
            given = size == 2 and all(bit & GIVEN and not bit & (SUFFIX | SHORT | FUNCTION) for bit in bits)
            if (
                given
                and not bits[0] & HARD
                and text[start] not in "副老小各原总一两几"
                and not is_word(text[start:at])
            ) or (size == 1 and office and bits[0] & HARD and not bits[0] & SOFT):
                name = text[start:at]
            if name:
                break
        if name:
            out.append(
                Person(
                    name,
                    at - len(name),
                    at - len(name),
                    match.end(),
                    (office,) if office else (),
                    score=2.0,
                    weak=True,
                )
            )
    return out


def is_word(text: str) -> bool:
    """Whether a string is an everyday word."""
    return text in _EVERYDAY


_EVERYDAY = frozenset(
    f"{load('words')['never']} {load('words')['ordinary']} {load('slots')['words']} {load('places')['cities']} {load('places')['provinces']}".split()
)
