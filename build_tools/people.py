"""Who is in an article: names, offices as worded, roles, each with its evidence.

Names are found where the language marks them: after an office (市长甲), before one (甲副市长,
甲同志), in a list after a found name (、乙), at the start of a clause before a verb of
attendance or speech (甲强调), run together in a headline. Then every other place where a
found name stands is read for roles. Pure; linear in the text: at most `MOST` names a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from build_tools import names as nm
from build_tools.models import Block, Evidence, LineKind, Participant, Role
from build_tools.offices import AFTER_NAME, LAST, head_length, is_office, office_after, offices_before
from build_tools.roles import Act, tail_acts
from build_tools.text import HAN

MOST = 500  # names a page; a real one has at most some dozens
PLACES_TRIED = 20_000  # office nouns, and mentions, looked at in one block: bounds a hostile page
TOP = frozenset(
    {"习近平"}
)  # 习近平总书记 is cited everywhere: present only where he is the subject of the report
_HEADLINES = frozenset({LineKind.TITLE, LineKind.EYEBROW, LineKind.DECK, LineKind.WHO})

# Masked before reading, at the same length: documents, bylines, files, and thought named for a person.
_MASK = re.compile(
    r"《[^《》\n]{0,120}》"
    r"|[（(【\[][^（）()【】\[\]\n]{0,12}(?:记者|通讯员|摄影|供稿|文/|图/|责任编辑|责编|编辑|审核|校对|实习生|来源|作者)[^（）()【】\[\]\n]{0,60}[）)】\]]"
    r"|(?:记者|通讯员)[  ]?[\u4e00-\u9fff]{2,4}(?:[  、][\u4e00-\u9fff]{2,4}){0,4}(?=[  ]?(?:\d|报道|摄|文|通讯员))"
    r"|习近平(?:新时代中国特色社会主义|生态文明|法治|强军|外交|经济|文化)[^，。；、\n]{0,6}?思想"
    r"|毛泽东思想|习近平思想|邓小平理论"
)
_FILE = re.compile(r"\.(?:jpe?g|JPE?G|png|PNG|gif|GIF|docx?|pdf|xlsx?|mp4)")
_FILE_BREAKS = " \u3000\n，。；、：（）()"
_MASKED = "\ue000"
_HEAD = re.compile(rf"[{LAST}]( |\u3000){{0,4}}(?=[{HAN}A-Z])")
_JOIN = re.compile(
    r"(?:同志)?(?:（[^（）]{0,40}）)?[  ]?[、和与及暨][  ]?|(?:同志)?以及|(?:同志)?(?:（[^（）]{0,40}）)?[，,]"
)
_POST = re.compile("|".join(sorted({*AFTER_NAME, "同志"}, key=len, reverse=True)))
_BOUND = re.compile(rf"[^{HAN}]|[上了和与及由受的按照请听对向是让经会给跟以为据]|$")
# A name without an office: at the start of a clause, before a verb that only a person takes there.
_BARE = re.compile(rf"(?:^|(?<=[，。；！？\n 　、]))(?=[{nm.START}])")
_BARE_VERB = re.compile(
    r"(?:分别|先后|还|最后|首先|随后|共同|一同)?(?:在[^，。；\n]{1,24}?)?(?:主持(?:召开|会议|并|了|开幕|仪式|$)|主持。|出席|强调|指出，|指出：|表示，|要求，|参加(?:会议|座谈|活动|调研|并)|列席|致辞|讲话|作[^，。；\n]{0,20}(?:报告|发言|讲话|汇报|说明|点评|辅导|致辞)|介绍，|介绍说|说，|说：|认为，|通报了|汇报了|传达了|传达学习|宣读了|陪同|调研|会见|率队|带队|到会)"
)
_PRONOUN = re.compile(
    r"(?:^|(?<=[，。；！？\n]))(?:会上，|最后，|同时，)?([他她])(?=[^们，。；]{0,30}(?:指出|强调|要求|表示|说|认为|希望|提出|介绍|透露|通报|建议|答|讲话))"
)
_LIST_LEAD = re.compile(
    r"(主持|出席|参加|列席|陪同|参会|与会)(?:[^，。；：\n]{0,24})(?:的|者)[^，。；：\n]{0,14}?(?:还)?(?:有|为|是|包括)[：:]?[  ]*(?:[^，。；：]{0,30}：)?$"
)
_LEAD_ROLE = {"主持": Role.PRESIDES, "列席": Role.SITS_IN}
_OBJECT = re.compile(
    r"(?:(?P<instructs>受|受到|经)|(?P<cited>传达学习|学习传达|传达|学习|贯彻|落实|贯彻落实|按照|根据|遵照|认真落实|围绕|深入学习|学习贯彻|重温|领会|结合|以)"
    r"(?:了|好)?|(?P<object>会见|看望|慰问|拜会|陪同|任命|欢迎|感谢|祝贺|表扬|称赞|会前我和|代表|追授|选举|推选|向|和时任|跟随|对))$"
)
_ORDERED = re.compile(r"[^，。；：\n]{0,30}(?:批示|委托)")
_PLAIN_TAIL = re.compile(r"(?:同志|等同志|等|（[^（）]{0,40}）)?[ 　]*(?:[、，；,和与及暨以]|$)")
_SENTENCE = re.compile(r"[。！？\n]+[”’」』]*")


@dataclass(slots=True)
class Mention:
    """A name at a place: `start` counts its offices in, `end` what follows it (同志, 副市长)."""

    name: str
    start: int
    at: int
    end: int
    offices: tuple[str, ...] = ()
    weak: bool = False
    pronoun: bool = False
    group: bool = False  # takes the offices of the name before it
    roles: list[Act] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    offices: list[str] = field(default_factory=list)
    roles: dict[Role, Evidence] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    weak: bool = True


def mask(text: str) -> str:
    """The text with documents, bylines, file names and 习近平…思想 blanked out, offsets kept."""
    text = _MASK.sub(lambda match: _MASKED * len(match.group()), text)
    if "." in text:
        for match in _FILE.finditer(text):
            start = match.start()
            while start and match.start() - start < 20 and text[start - 1] not in _FILE_BREAKS:
                start -= 1
            text = (
                text[:start] + _MASKED * (match.end() - start) + text[match.end() :]
                if len(text) < 20_000
                else text
            )
    return text


def find_people(blocks: Sequence[Block], known: Collection[str] = ()) -> tuple[Participant, ...]:
    """Everybody whom the article names with an office or an act, in order of first mention.

    >>> block = Block("p", LineKind.PARAGRAPH, "市委副书记、市长胡衡华作工作报告，副市长翟青、赵英民出席。")
    >>> for who in find_people([block]):
    ...     print(who.name, who.offices, [role.value for role in who.roles])
    胡衡华 ('市委副书记', '市长') ['speaks', 'reports']
    翟青 ('副市长',) ['attends']
    赵英民 ('副市长',) ['attends']
    """
    people: dict[str, _Person] = {}
    last = ""
    found = find_mentions(blocks, known)
    _speaker(found)
    for block, text, mentions in found:
        if mentions:
            last = _roles(block, text, mentions, last)
        for mention in mentions:
            if mention.name:
                _add(people, block, mention)
    _merge_weak(people)
    return tuple(
        Participant(
            name,
            tuple(person.offices),
            _held(person),
            person.weak,
            tuple([*person.evidence, *person.roles.values()]),
        )
        for name, person in people.items()
    )


def _held(person: _Person) -> tuple[Role, ...]:
    """All roles in the order of `Role`; a headline's 出席 says nothing more of one who presides."""
    roles = tuple(role for role in Role if role in person.roles)
    if Role.PRESIDES in roles and Role.ATTENDS in roles:
        if person.roles[Role.ATTENDS].where in ("title", "eyebrow", "deck", "who"):
            roles = tuple(role for role in roles if role is not Role.ATTENDS)
    return roles or (Role.MENTIONED,)


# --- mentions ----------------------------------------------------------------


def find_mentions(
    blocks: Sequence[Block], known: Collection[str] = ()
) -> list[tuple[Block, str, list[Mention]]]:
    """The mentions of every block in reading order, pronouns (他) included, with an empty name for now."""
    texts = [mask(block.text) for block in blocks]
    whole = "\n".join(texts)
    names = dict.fromkeys(
        name for name in {**dict.fromkeys(known), **dict.fromkeys(TOP)} if len(name) > 1 and name in whole
    )
    found: list[list[Mention]] = []
    for text in texts:
        found.append(_with_offices(text, names, whole) if len(names) < MOST else [])
    for text, mentions in zip(texts, found, strict=True):
        if len(names) < MOST:
            mentions.extend(_before_offices(text, mentions, names))
    for text, mentions in zip(texts, found, strict=True):
        if "当选" in text or "选举" in text or "任" in text:
            taken = _taken(mentions)
            mentions.extend(who for who in _elected(text, names) if who.at not in taken)
    for block, text, mentions in zip(blocks, texts, found, strict=True):
        if len(names) < MOST:
            mentions.extend(_bare(block, text, mentions, names, whole))
    for index, (block, text, mentions) in enumerate(zip(blocks, texts, found, strict=True)):
        if block.kind in _HEADLINES or index < 6:
            mentions.extend(_headline(block, text, mentions, names))
    weak = [_weak(text, mentions, names) for text, mentions in zip(texts, found, strict=True)]
    pattern = _pattern(names)
    out = []
    for block, text, mentions, less in zip(blocks, texts, found, weak, strict=True):
        mentions.extend(less)
        if pattern is not None:
            mentions.extend(_again(text, mentions, pattern, names))
        taken = _taken(mentions)
        mentions.extend(
            Mention("", match.start(1), match.start(1), match.end(1), pronoun=True)
            for match in _PRONOUN.finditer(text)
            if match.start(1) not in taken
        )
        mentions.sort(key=lambda mention: mention.at)
        out.append((block, text, mentions))
    return out


def _taken(mentions: Iterable[Mention]) -> set[int]:
    return {at for mention in mentions for at in range(mention.at, mention.end)}


def _with_offices(text: str, names: dict[str, None], whole: str) -> list[Mention]:
    """市长甲, and the list that goes on from it: 副市长甲、乙."""
    out: list[Mention] = []
    floor = 0
    for match in islice(_HEAD.finditer(text), PLACES_TRIED):
        end = match.start() + 1
        if end <= floor or not head_length(text, end, max(floor, end - 12)):
            continue
        name = nm.read_name(text, match.end(), names, guess=True)
        if name is None:
            name = _unlisted(text, match.end())
        if name is None or not _certain(name, text[name.end : name.end + 6], names, whole):
            continue
        chain = offices_before(text, end, floor)
        if not chain:
            continue
        offices = tuple(phrase for _, phrase in chain)
        mention = Mention(name.text, chain[0][0], match.end(), name.end, offices)
        if not _add_after(text, mention):
            continue
        out.append(mention)
        names.setdefault(name.text)
        out.extend(_list(text, mention, names))
        floor = out[-1].end
        if len(names) >= MOST:
            break
    return out


def _unlisted(text: str, at: int) -> nm.Name | None:
    """A three-character name whose surname no list holds, between an office and 、 or a verb of presence."""
    name = text[at : at + 3]
    if len(name) == 3 and nm.GIVEN.issuperset(name) and nm.plausible(name) and name[:2] not in nm.NEVER:
        if _SUBJECT_VERB.match(text, at + 3) and name[2] not in nm.SUFFIXES:
            return nm.Name(name, at + 3, 2)
    return None


def _certain(name: nm.Name, after: str, names: Collection[str], whole: str) -> bool:
    """Everyday words as names need a settled end; function words as family names need more."""
    text = name.text
    if text in names:
        return True
    if text in nm.ORDINARY:
        return name.strength == 3
    if text[0] in nm.FUNCTION:
        settled = name.strength == 3 and nm.GIVEN.issuperset(text[1:])
        return settled and (len(text) == 3 and text[0] != "和" or whole.count(text, 0, 200_000) > 1)
    if text[0] in nm.TRICKY and text[:2] not in nm.COMPOUND and not nm.FOREIGN.issuperset(text):
        if text[:2] in nm.NEVER and not _SUBJECT_VERB.match(after):
            return False
        return name.strength >= 2 and nm.GIVEN.issuperset(text[1:])
    if text[:2] in nm.NEVER and name.strength < 3:
        return False
    return True


def _add_after(text: str, mention: Mention) -> bool:
    """Take in what follows the name (同志, 副市长); False when it shows that this is no name."""
    if text.startswith("同志", mention.end):
        mention.end += 2
        return not text.startswith("们", mention.end)
    office = office_after(text, mention.end)
    if office and mention.name not in nm.PLACES:
        mention.offices += (office,)
        mention.end += len(office)
    return True


def _list(text: str, first: Mention, names: dict[str, None]) -> list[Mention]:
    """The names that go on after a mention: 、乙、丙和丁."""
    out: list[Mention] = []
    at = first.end
    while len(out) < 200:
        join = _JOIN.match(text, at)
        if join is None:
            break
        name = nm.read_name(text, join.end(), names)
        if name is None or name.strength < 2 or not _listed(text, name, names):
            break
        if "，" in join.group() and not (name.text in names or text[name.end : name.end + 1] == "、"):
            break
        at_name = join.end()
        mention = Mention(name.text, at_name, at_name, name.end, first.offices, group=True)
        _add_after(text, mention)
        if mention.offices != first.offices:
            mention.offices = mention.offices[len(first.offices) :]
        out.append(mention)
        names.setdefault(name.text)
        at = mention.end
    return out


def _listed(text: str, name: nm.Name, names: Collection[str]) -> bool:
    if name.text in names:
        return True
    if (
        name.text[-1] in nm.SUFFIXES
        and not nm.GIVEN.issuperset(name.text[1:])
        and not nm.FOREIGN.issuperset(name.text)
    ):
        return False
    first = re.split("[·•‧]", name.text)[0]
    if len(first) > 3 and any(head_length(first, at) for at in range(2, len(first))):
        return False  # 、美国气候特使约翰·克里
    if is_office(name.text) or text[name.end : name.end + 1] in nm.SUFFIXES:
        return False
    if name.text in nm.ORDINARY or name.text[0] in nm.SOFT:
        return name.strength == 3 and nm.GIVEN.issuperset(name.text[1:])
    return True


def _before_offices(text: str, mentions: list[Mention], names: dict[str, None]) -> list[Mention]:
    """甲副市长, 甲同志: full names that an office or 同志 follows."""
    taken = _taken(mentions)
    out: list[Mention] = []
    for match in islice(_POST.finditer(text), PLACES_TRIED):
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
        if name and at - 1 not in taken:
            offices = (office,) if office else ()
            mention = Mention(name, at - len(name), at - len(name), at + len(office or "同志"), offices)
            if not office and len(name) == 2 and name not in names:
                mention.weak = True  # 毛家同志: may be a given name
            else:
                names.setdefault(name)
            out.append(mention)
            out.extend(_list(text, mention, names))
            taken |= _taken(out[-8:])
    return out


_ELECTED = re.compile(
    rf"(?:^|(?<=[，。；：\n]))([{HAN}]{{2,4}})(?:同志)?(?:全票|高票|再次)?(?:当选为?|连任|出任|兼任|担任|任)([{HAN}]{{2,30}}?)(?=[，。；、\n]|$)"
    rf"|(?:(?<=选举)|(?<=任命)|(?<=推选)|(?<=推举)|(?<=补选)|(?<=聘任)|(?<=提名)|(?<=，))"
    rf"([{HAN}]{{2,4}}(?:、[{HAN}]{{2,4}}){{0,20}})(?:同志)?(?:为|任|担任)([{HAN}]{{2,30}}?)(?=[，。；、\n]|$)"
)


def _elected(text: str, names: dict[str, None]) -> list[Mention]:
    """甲当选工会主席, 任命甲、乙为副局长: the office stands after the verb."""
    out: list[Mention] = []
    for match in _ELECTED.finditer(text):
        group = 1 if match.group(1) else 3
        office, at = match.group(group + 1), match.start(group)
        for name in match.group(group).split("、"):
            read = nm.read_name(name + "，", 0, names)
            usual = name not in nm.ORDINARY and name[0] not in nm.SOFT and nm.GIVEN.issuperset(name[1:])
            if read is not None and read.text == name and is_office(office) and (usual or name in names):
                out.append(Mention(name, at, at, at + len(name), (office,)))
                names.setdefault(name)
            at += len(name) + 1
    return out


def _name_ending(text: str, end: int, names: Collection[str], office: str) -> str:
    run = end
    while end - run < 8 and run and text[run - 1] in nm.FOREIGN:
        run -= 1
    if (
        not office
        and end - run > 2
        and (run == 0 or _BOUND.match(text[run - 1]))
        and nm.plausible(text[run:end])
    ):
        return text[run:end]  # 乌兰其其格同志
    for size in (4, 3, 2):
        name = text[end - size : end] if end >= size else ""
        if not name:
            continue
        if name in names:
            return name
        if end > size and not _BOUND.match(text[end - size - 1]):
            continue
        if not all(char in nm.GIVEN for char in name[1:]) or not nm.plausible(name) or name in nm.ORDINARY:
            continue
        if name[-1] in nm.SUFFIXES and office:
            continue
        surname = 2 if name[:2] in nm.COMPOUND else 1 if name[0] in nm.SINGLE else 0
        if name[0] in nm.SOFT and surname == 1 and (size == 2 or name[:2] in nm.NEVER or not office):
            continue
        if size == 2 and office in ("县长", "区长", "镇长", "乡长", "州长", "村长"):
            continue  # 高邑县长: may be a place
        if surname and 1 <= size - surname <= 2:
            return name
    return ""


def _bare(
    block: Block, text: str, mentions: list[Mention], names: dict[str, None], whole: str
) -> list[Mention]:
    """甲强调,…: a name without an office that opens a clause."""
    taken = _taken(mentions)
    out: list[Mention] = []
    for match in islice(_BARE.finditer(text), PLACES_TRIED):
        at = match.end()
        if at in taken:
            continue
        name = nm.read_name(text, at, names)
        if name is None or name.text in names or name.strength < 2:
            continue
        if name.text in nm.ORDINARY or name.text[0] in nm.SOFT and name.text[:2] not in nm.COMPOUND:
            if block.kind not in _HEADLINES:
                continue
        if not nm.GIVEN.issuperset(name.text[2:]) or name.text[:2] in nm.NEVER:
            continue
        if name.text[-1] in nm.SUFFIXES or name.text[:2] in nm.PLACES or name.text[:3] in nm.PLACES:
            continue
        verb_at = name.end
        listed = _list(text, Mention(name.text, at, at, name.end), dict(names))
        if listed:
            verb_at = listed[-1].end
        if text.startswith("等", verb_at):
            verb_at += 1
        if _BARE_VERB.match(text, verb_at) is None:
            continue
        mention = Mention(name.text, at, at, name.end)
        out.append(mention)
        names.setdefault(name.text)
        out.extend(_list(text, mention, names))
        if len(names) >= MOST:
            break
    return out


def _speaker(found: list[tuple[Block, str, list[Mention]]]) -> None:
    """The line under a speech's title that names its speaker: 厅党组书记 甲."""
    head = found[:10]
    if not any(_ADDRESS.match(block.text) for block, _, _ in head):
        return
    if not any(
        _SPEECH.search(block.text) for block, _, _ in head if block.kind in _HEADLINES or len(block.text) < 60
    ):
        return
    for block, _, mentions in head:
        if _ADDRESS.match(block.text):
            return
        rest = block.text
        if len(mentions) == 1 and len(rest) < 80:
            who = mentions[0]
            if not _ALONE.sub("", rest[: who.start]) and not _ALONE.sub("", rest[who.end :]):
                who.roles.append(Act(Role.SPEAKS, who.name, 0))
        elif not mentions:
            name = re.sub(r"[ \u3000—]", "", _ALONE.sub("", rest))
            read = nm.read_name(name + "，", 0) if 2 <= len(name) <= 4 else None
            if (
                read is not None
                and read.text == name
                and name not in nm.ORDINARY
                and nm.GIVEN.issuperset(name[-1])
            ):
                at = max(0, rest.find(name[0]))
                mentions.append(Mention(name, at, at, len(rest), roles=[Act(Role.SPEAKS, name, 0)]))


_RUN = re.compile(
    rf"(?:^|(?<=[，。；：\s]))((?:(?!出席|参加|主持|陪同|列席|致辞|讲话|作报告|发言|调研)[{HAN}]){{2,60}}?)(?:等[{HAN}]{{0,8}})?(?:分别)?(?=出席|参加|主持|陪同|列席|致辞|讲话|作报告|发言|调研)"
)
_ADDRESS = re.compile(
    r"(?:同志们|各位|尊敬的|女士们|先生们|朋友们|老师们|大家)[^。]{0,30}[：:！，]|^大家[上下]?[午]?好"
)
_SPEECH = re.compile("讲话|致辞|致词|发言|讲稿|党课|报告")
_ALONE = re.compile(
    r"^[—\-\s（(]*|[\s）)]*(?:[（(][^（）()]*[）)])?[\s）)]*(?:\d{4}年\d{1,2}月\d{1,2}日)?[\s）)]*$"
)


def _headline(block: Block, text: str, mentions: list[Mention], names: dict[str, None]) -> list[Mention]:
    """Names that a who-line runs together: 胡衡华张轩王炯出席."""
    taken = _taken(mentions)
    out: list[Mention] = []
    if block.kind in _HEADLINES or len(text) < 60:
        for match in _RUN.finditer(text):
            if match.start(1) in taken:
                continue
            cut = nm.segment(match.group(1), names)
            if not cut or len(cut) < 2 and cut[0] not in names:
                continue
            if block.kind not in _HEADLINES and not any(name in names for name in cut):
                continue
            at = match.start(1)
            for name in cut:
                out.append(Mention(name, at, at, at + len(name)))
                names.setdefault(name)
                at += len(name)
    return out


def _weak(text: str, mentions: list[Mention], names: Collection[str]) -> list[Mention]:
    """晓华市长, 吴局长, 红专书记: a given name or a surname alone with a title."""
    taken = _taken(mentions)
    out: list[Mention] = []
    for match in islice(_POST.finditer(text), PLACES_TRIED):
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
        if len(two) == 2 and (at == 2 or _BOUND.match(text[at - 3])):
            given = nm.GIVEN.issuperset(two) and not nm.SUFFIXES.intersection(two)
            if (
                given
                and nm.plausible(two)
                and two not in nm.ORDINARY
                and (not office or two[0] not in nm.SINGLE)
                and two[0] not in "副老小各原总"
            ):
                name = two
        if not name and office and text[at - 1] in nm.SINGLE and text[at - 1] not in nm.SOFT:
            if at == 1 or _BOUND.match(text[at - 2]):
                name = text[at - 1]
        if name and not text.startswith("们", match.end()):
            end = at + len(office or "同志")
            out.append(
                Mention(name, at - len(name), at - len(name), end, (office,) if office else (), weak=True)
            )
    return out


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    listed = sorted(list(names)[:MOST], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, listed))) if listed else None


_SUBJECT_VERB = re.compile(
    r"(?:同志)?(?:在|指出|强调|要求|表示|说[，：“]|认为|主持|出席|参加|列席|讲话|致辞|通报|传达|汇报|介绍|宣读|作|一行|率|代表|陪同|最后|还|分别|等|、|副|书记|$)"
)


def _again(
    text: str, mentions: list[Mention], pattern: re.Pattern[str], names: Collection[str]
) -> list[Mention]:
    """The other places where a found name stands."""
    taken = _taken(mentions)
    out: list[Mention] = []
    for match in islice(pattern.finditer(text), PLACES_TRIED):
        at, end, name = match.start(), match.end(), match.group()
        if at in taken or end - 1 in taken:
            continue
        if text[end : end + 1] in nm.REDACTED and end < len(text):
            continue
        if (
            name in nm.ORDINARY
            or name in nm.PLACES
            or name[0] in nm.SOFT
            or len(name) == 2
            and not nm.follow(text, end)
        ):
            opens = at == 0 or _BOUND.match(text[at - 1]) or at - 1 in taken
            if name[:2] in nm.COMPOUND or name in nm.ORDINARY or len(name) == 2:
                if not (opens and _SUBJECT_VERB.match(text, end)) and not (
                    name not in nm.ORDINARY and nm.follow(text, end) and opens
                ):
                    continue
        mention = Mention(name, at, at, end)
        _add_after(text, mention)
        out.append(mention)
        taken |= set(range(at, end))
    return out


# --- roles -------------------------------------------------------------------


def _roles(block: Block, text: str, mentions: list[Mention], last: str) -> str:
    """Give every mention its acts; return the person that a following 他 refers to."""
    if block.kind in _HEADLINES:
        text = re.sub(r"[  \u3000]", "\n", text)
    ends = [match.end() for match in _SENTENCE.finditer(text)] + [len(text)]
    at = 0
    previous = 0
    for end in ends:
        here: list[Mention] = []
        while at < len(mentions) and mentions[at].at < end:
            here.append(mentions[at])
            at += 1
        if here:
            last = _sentence(text, previous, end, here, last)
        previous = end
    return last


def _sentence(text: str, start: int, end: int, here: list[Mention], last: str) -> str:
    """Read one sentence that holds mentions."""
    tails: list[str] = []
    listed: list[Role | None] = []
    objects: list[bool] = []
    current: Role | None = _lead_role(text[max(start, here[0].start - 80) : here[0].start])
    for index, mention in enumerate(here):
        stop = here[index + 1].start if index + 1 < len(here) else end
        tail = text[mention.end : max(stop, mention.end)]
        listed.append(current)
        lead = _LIST_LEAD.search(tail[-80:]) if index + 1 < len(here) else None
        if lead is not None:
            tail = tail[: max(0, len(tail) - 80) + lead.start()]
            current = _LEAD_ROLE.get(lead.group(1), Role.ATTENDS)
        before = here[index - 1].end if index else start
        tails.append(tail)
        objects.append(_object(text[max(before, mention.start - 24) : mention.start], tail, mention))
    subject = -1
    for index, mention in enumerate(here):
        if not objects[index]:
            subject = index
            continue
        # What goes on after 受甲委托, 在甲的陪同下 is said of the subject before it.
        if subject >= 0:
            rest = re.split(r"[，,]|下", tails[index], maxsplit=1)
            tails[subject] += "，" + rest[1] if len(rest) == 2 else ""
    following: list[Act] = []
    for index in range(len(here) - 1, -1, -1):
        mention, tail = here[index], tails[index]
        if objects[index]:
            continue
        heard = re.search("听取(?:了)?$", text[max(start, mention.start - 4) : mention.start])
        own = tail_acts("关于" + tail.split("，")[0] if heard and tail[:1] in "的" else tail)
        if heard:
            own = _heard(tail)
        if not own and _PLAIN_TAIL.match(tail):
            own = [Act(act.role, act.quote, act.start) for act in following]
        role = listed[index]
        if not own and role is not None:
            own = [Act(role, "名单", 0)]
        mention.roles.extend(own)
        following = own
    for index, mention in enumerate(here):
        if mention.pronoun:
            mention.name = last
        elif not objects[index] and mention.name not in TOP and (mention.roles or index == 0):
            last = mention.name
    return last


def _lead_role(before: str) -> Role | None:
    match = _LIST_LEAD.search(before)
    return _LEAD_ROLE.get(match.group(1), Role.ATTENDS) if match else None


def _heard(tail: str) -> list[Act]:
    clause = tail.split("，", 1)[0]
    match = re.search("汇报|报告|介绍|说明|通报|发言|意见|建议", clause)
    if match is None:
        return []
    role = Role.SPEAKS if match.group() in ("发言", "意见", "建议") else Role.REPORTS
    return [Act(role, match.group(), match.start())]


def _object(before: str, tail: str, mention: Mention) -> bool:
    """Whether the mention is no subject: 受甲委托, 传达学习甲批示, 陪同甲, 在甲的陪同下."""
    if re.match(r"(?:等)?(?:[^，。；]{0,8})?(?:的)?陪同下", tail):
        mention.roles.append(Act(Role.ATTENDS, "陪同", 0))
        return True
    if re.match(r"(?:的)?委托", tail):
        mention.roles.append(Act(Role.INSTRUCTS, "委托", 0))
        return True
    match = _OBJECT.search(before)
    if match is None:
        return False
    if match.group("object"):
        return not re.match("(?:为|任)", tail) or True
    ordered = _ORDERED.match(tail)
    if ordered is not None:
        mention.roles.append(Act(Role.INSTRUCTS, ordered.group()[-2:], ordered.end() - 2))
    return True


# --- assembly ----------------------------------------------------------------


def _add(people: dict[str, _Person], block: Block, mention: Mention) -> None:
    person = people.setdefault(mention.name, _Person())
    person.weak = person.weak and mention.weak
    for office in mention.offices:
        _add_office(person.offices, office)
    if mention.offices and len(person.evidence) < 8:
        quote = block.text[mention.start : mention.end]
        person.evidence.append(Evidence("people.office", block.id, quote, mention.start))
    elif not person.evidence:
        quote = block.text[mention.at : mention.end]
        person.evidence.append(Evidence("people.name", block.id, quote, mention.at))
    if mention.name in TOP and not _reported(block, mention):
        return
    for act in mention.roles:
        if act.role not in person.roles:
            start = mention.start
            quote = block.text[
                start : min(len(block.text), mention.end + act.start + len(act.quote), start + 160)
            ]
            person.roles[act.role] = Evidence(f"people.role.{act.role.value}", block.id, quote, start)


def _reported(block: Block, mention: Mention) -> bool:
    """Whether a top leader is the subject of the report: in a headline, or with his full titles."""
    return (block.kind in _HEADLINES and mention.at < 3) or len(mention.offices) > 1


def _add_office(offices: list[str], office: str) -> None:
    """Keep the longer wording of one office: 局长 beside 市水务局局长 is the same."""
    for index, old in enumerate(offices):
        if old.endswith(office):
            rest = old[: -len(office)]
            if not rest.endswith(("副", "代", "第一")):
                return
        if office.endswith(old) and not office[: -len(old)].endswith(("副", "代", "第一")):
            offices[index] = office
            return
    offices.append(office)


def _merge_weak(people: dict[str, _Person]) -> None:
    """吴局长 is 局长吴刚 of the same article, 晓华市长 is 张晓华."""
    full = [name for name, person in people.items() if not person.weak]
    for name in [name for name, person in people.items() if person.weak]:
        person = people[name]
        same = [
            other
            for other in full
            if (other.endswith(name) and len(name) > 1)
            or (
                other.startswith(name)
                and (
                    not person.offices
                    or any(old.endswith(person.offices[0]) for old in people[other].offices)
                )
            )
        ]
        if len(same) == 1:
            for role, evidence in person.roles.items():
                people[same[0]].roles.setdefault(role, evidence)
            del people[name]
