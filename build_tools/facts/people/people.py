"""Who is in an article: names, offices as worded, roles, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from build_tools.core.article import Block, Evidence, LineKind, Participant, Role
from build_tools.core.text import HAN
from build_tools.facts.people.headlines import mark_speaker
from build_tools.facts.people.mention import HEADLINES, Mention
from build_tools.facts.people.mentions import TOP, find_mentions
from build_tools.facts.roles import Act, tail_acts

_LIST_LEAD = re.compile(
    r"(主持|出席|参加|列席|陪同|参会|与会|就座)(?:[^，。；：\n]{0,24})(?:的|者)[^，。；：\n]{0,14}?(?:还)?(?:有|为|是|包括)"
    r"[：:]?[  ]*(?:[^，。；：]{0,30}：)?$"
    r"|(?:^|[。；\n 　])(出席|参加|参会|与会|列席|主持)(?:会议)?(?:的)?"
    rf"(?:[{HAN}]{{0,8}}?(?:人员|领导|同志|干部|嘉宾|代表)|人)?(?:（[^（）]*）)?[：:][  ]*$"
)
_ATTRIBUTE = re.compile(r"(陪同|随同|随行|出席|参加|列席|莅临|前来|到会|到场|远道而来)[^，。；：\n]{0,10}的$")
# One of several whose reports were heard: 听取了甲关于…的汇报，乙关于…的汇报.
_HEARD = re.compile(r"(?:就|关于)[^，。；\n]{2,60}(?:汇报|报告|介绍|说明|通报|发言|意见|建议)[、，；和]$")
_LEAD_ROLE = {"主持": Role.PRESIDES, "列席": Role.SITS_IN}
_OBJECT = re.compile(
    r"(?:受|受到|经|(?:宣读|传达|学习|贯彻|落实|按照|根据|遵照|围绕|重温|领会|结合|以)(?:了|好)?"
    r"|(?P<object>会见|看望|慰问|拜会|陪同|任命|欢迎|感谢|祝贺|表扬|称赞|我和|代表|追授|选举|推选|向|跟随|对))$"
)
_ORDERED = re.compile(r"[^，。；：\n]{0,30}(?:批示|委托)")
_PLAIN_TAIL = re.compile(
    r"(?:同志|等同志|等|（[^（）]{0,40}）|先生|女士|博士|阁下)?(?:代表[^，。；\n]{1,14}(?=[，、；]))?[ 　]*(?:[、，；,和与及暨以]|$)"
)
# What a notice announces has not been done: 关于举办…培训班的通知 … 邀请某教授甲授课.
_NOTICE = re.compile("(?:通知|预告|邀请函)$")
_INVITED = re.compile(r"邀请[^。；\n]*$")
_SENTENCE = re.compile(r"[。！？\n][。！？\n]*[”’」』]*")


@dataclass(slots=True)
class _Person:
    offices: list[str] = field(default_factory=list)
    roles: dict[Role, Evidence] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    weak: bool = True


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
    planned = any(block.kind is LineKind.TITLE and _NOTICE.search(block.text) for block in blocks)
    role: Role | None = None  # of a list that a line 参加会议的有： announces
    found = find_mentions(blocks, known)
    mark_speaker(found)
    for block, text, mentions in found:
        if mentions:
            last = _roles(block, text, mentions, last)
            for mention in mentions if planned else ():
                if _INVITED.search(text[max(0, mention.start - 200) : mention.start]):
                    mention.roles.clear()
            if role is not None and mentions[0].start < 3:
                _announced(text, mentions, role)
        if text.endswith("：") or not mentions or mentions[0].start > 2:
            role = _lead_role(text[-80:]) if text.endswith("：") else None
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
            (*person.evidence, *person.roles.values()),
        )
        for name, person in people.items()
    )


def _announced(text: str, mentions: list[Mention], role: Role) -> None:
    """Give the role of the line before to those of a bare list; a sentence with a verb is none."""
    if any(mention.roles for mention in mentions) or len(text) > 60 * len(mentions):
        return
    for mention in mentions:
        mention.roles.append(Act(role, mention.name, 0))


def _held(person: _Person) -> tuple[Role, ...]:
    """All roles in the order of `Role`."""
    return tuple(role for role in Role if role in person.roles) or (Role.MENTIONED,)


def _roles(block: Block, text: str, mentions: list[Mention], last: str) -> str:
    """Give every mention its acts; return the person that a following 他 refers to."""
    if block.kind in HEADLINES:
        text = re.sub(r"[  \u3000]", "\n", text)
    elif (
        mentions[0].start == 0 and text.startswith("：", mentions[0].end) and len(text) > mentions[0].end + 8
    ):
        mentions[0].roles.append(Act(Role.SPEAKS, "：", 0))  # a transcript: 刘友宾：……
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
            current = _role_of(lead)
        free = here[index - 1].end if index else start
        tails.append(tail)
        objects.append(_object(text[max(free, mention.start - 24) : mention.start], tail, mention))
    subject = -1
    for index in range(len(here)):
        if not objects[index]:
            subject = index
            continue
        # What goes on after 受甲委托, 在甲的陪同下 is said of the subject before it.
        if subject >= 0:
            rest = re.split(r"[，,]|下|委托", tails[index], maxsplit=1)
            tails[subject] += "，" + rest[1] if len(rest) == 2 else ""
    heard: list[bool] = []
    for index, mention in enumerate(here):
        before = text[max(start, mention.start - 4) : mention.start].removesuffix("\n")
        direct = before.endswith(("听取", "听取了"))
        again = (
            index > 0
            and heard[-1]
            and (_PLAIN_TAIL.match(tails[index - 1]) or _HEARD.match(tails[index - 1]))
        )
        heard.append(direct or bool(again))
    following: list[Act] = []
    for index in range(len(here) - 1, -1, -1):
        mention, tail = here[index], tails[index]
        if objects[index]:
            continue
        own = _heard(tail) if heard[index] else tail_acts(tail)
        same_list = index + 1 == len(here) or listed[index] == listed[index + 1]
        if not own and same_list and _PLAIN_TAIL.match(tail):
            own = [Act(act.role, act.quote, act.start) for act in following]
        role = listed[index]
        if not own and role is not None:
            own = [Act(role, "名单", 0)]
        mention.roles.extend(own)
        following = own
    for index, mention in enumerate(here):
        if mention.pronoun:
            mention.name = last
        elif (
            not (objects[index] or heard[index]) and mention.name not in TOP and (mention.roles or index == 0)
        ):
            last = mention.name
    return last


def _lead_role(before: str) -> Role | None:
    match = _LIST_LEAD.search(before)
    return _role_of(match) if match else None


def _role_of(lead: re.Match[str]) -> Role:
    return _LEAD_ROLE.get(lead.group(1) or lead.group(2), Role.ATTENDS)


def _heard(tail: str) -> list[Act]:
    clause = tail.split("，", 1)[0]
    match = re.search("汇报|报告|介绍|说明|通报|发言|意见|建议", clause)
    if match is None:
        return [Act(Role.REPORTS, "关于", 0)] if clause.startswith("关于") else []
    role = Role.SPEAKS if match.group() in ("发言", "意见", "建议") else Role.REPORTS
    return [Act(role, match.group(), match.start())]


def _object(before: str, tail: str, mention: Mention) -> bool:
    """Whether the mention is no subject: 受甲委托, 传达学习甲批示, 陪同甲, 在甲的陪同下."""
    if "陪同下" in tail[:13] and re.match(r"(?:等)?(?:[^，。；]{0,8})?(?:的)?陪同下", tail):
        mention.roles.append(Act(Role.ATTENDS, "陪同", 0))
        return True
    if tail.startswith(("委托", "的委托")):
        mention.roles.append(Act(Role.INSTRUCTS, "委托", 0))
        return True
    attribute = _ATTRIBUTE.search(before)
    if attribute is not None:  # 陪同调研的局长甲
        mention.roles.append(Act(_LEAD_ROLE.get(attribute.group(1), Role.ATTENDS), attribute.group(1), 0))
        if before[: attribute.start()].endswith(("向", "对")):
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
    return (block.kind in HEADLINES and mention.at < 3) or len(mention.offices) > 1


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


def _same(name: str, person: _Person, other: str, full: _Person) -> bool:
    if other.startswith(f"{name}·") or (other.endswith(name) and len(name) > 1):
        return True
    held = not person.offices or any(old.endswith(person.offices[0]) for old in full.offices)
    return other.startswith(name) and held


def _merge_weak(people: dict[str, _Person]) -> None:
    """吴局长 is 局长吴刚 of the same article, 晓华市长 is 张晓华."""
    full = [name for name, person in people.items() if not person.weak]
    short = [name for name, person in people.items() if not person.offices and "·" not in name]
    dotted = {other.partition("·")[0] for other in full if "·" in other}
    for name in [
        name for name, person in people.items() if person.weak or (name in short and name in dotted)
    ]:
        person = people[name]
        same = [other for other in full if other != name and _same(name, person, other, people[other])]
        if len(same) == 1:
            for role, evidence in person.roles.items():
                people[same[0]].roles.setdefault(role, evidence)
            del people[name]
