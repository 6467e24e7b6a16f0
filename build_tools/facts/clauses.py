"""Sentences as chains of clauses: who is the subject of which words, and who is only named in them.

A sentence is cut into clauses. A group of persons (甲、乙) at a place is the subject of what follows it, unless
the words before it make it an object (受甲委托, 听取乙汇报, 在丙陪同下) or it belongs to what is passed on or
studied (传达丁在某地调研时的讲话精神). A clause without a subject goes on with that of the clause before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from build_tools.core.article import Role
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.phrases import Person
from build_tools.facts.roles import Act, tail_acts

_READING = load("reading")


def words_of(key: str) -> str:
    """The words of a list of `reading.yml` as an alternation, the longest first."""
    return "|".join(sorted(map(re.escape, _READING[key].split()), key=len, reverse=True))


SENTENCE = re.compile(r"[。！？\n][。！？\n]*[”’」』]*")
# What makes the person behind it an object: he does not act in this clause.
_OBJECT = re.compile(rf"(?:{words_of('object_verbs')})(?:了|过|好)?$|在$")
_STUDIED = re.compile(rf"(?:{words_of('studied_verbs')})(?:了|好)?[^，。；\n]{{0,60}}$")
_STUDIED_ON = re.compile(rf"[^，。；：\n]{{0,40}}?(?:{words_of('studied_nouns')})")
_HEARD = re.compile(r"听取(?:了|过)?(?P<words>[^，。；\n]{0,80})$")
_HEARD_ON = re.compile(
    r"(?:同志)?(?:就|关于)[^，。；\n]{2,80}(?:汇报|报告|介绍|说明|通报|发言|意见|建议)[、，；和]"
)
_GREETED = re.compile(r"(?:向|对)[^，。；]{0,24}的$")
_TALKED = re.compile(
    r"(?:[、和][^，。；]{2,24}|等[^，。；]{0,12})?(?:拉家常|交谈|攀谈|聊|谈心|座谈|会谈)"
)  # 与护林员甲|拉家常
_ORDERED = re.compile(r"[^，。；：\n]{0,30}(?:批示|委托)")
_PLAIN = re.compile(
    r"(?:等(?:[^，。；：、]{0,14}?(?:领导同志|领导|同志|成员|人|常委|委员))?|先生|女士|博士|阁下)?"
    r"(?:代表(?:(?!发言|表态|讲话|致辞)[^，。；\n]){1,14}(?=[，、；]))?[ \u3000]*(?:[、，；,和与及暨以]|$)"
)
_ATTRIBUTE = re.compile(r"(陪同|随同|随行|出席|参加|列席|莅临|前来|到会|到场|远道而来)[^，。；：\n]{0,10}的$")
_LIST_LEAD = re.compile(
    r"(主持|出席|参加|列席|陪同|参会|与会|就座)(?:[^，。；：\n]{0,24})(?:的|者)[^，。；：\n]{0,14}?(?:还)?(?:有|为|是|包括)"
    r"[：:，]?[ \u3000]*(?:[^，。；：]{0,30}：)?$"
    rf"|(?:^|[。；\n \u3000])(出席|参加|参会|与会|列席|主持)(?:会议)?(?:的)?"
    rf"(?:[{HAN}]{{0,8}}?(?:人员|领导|同志|干部|嘉宾|代表)|人)?(?:（[^（）]*）)?[：:][ \u3000]*$"
)
ACTING = frozenset({"subject", "agent", "guest"})  # kinds of groups that act themselves
_LEAD_ROLE = {"主持": Role.PRESIDES, "列席": Role.SITS_IN}
_GIVEN = {"company": Act(Role.ATTENDS, "陪同", 0), "orders": Act(Role.INSTRUCTS, "委托", 0)}
_CLAUSE_END = re.compile("[，；]")
_ABSENT = re.compile(
    r"(?:[因受][^，。；]{1,20}，)?[^，。；]{0,16}?(?:未能?|没有?|不能|无法|未克)(?:参加|出席|列席|到会)|[^，。；]{0,4}(?:因[病公事故]|请假|缺席)"
)


@dataclass(slots=True)
class Group:
    """Persons named together, and what the sentence says of them.

    `kind`: subject, object (受甲委托), studied (传达甲讲话), heard (听取甲汇报), agent (由甲主持), guest (邀请甲授课).
    """

    persons: list[Person]
    kind: str = "subject"
    acts: list[Act] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.persons[0].start

    @property
    def end(self) -> int:
        return self.persons[-1].end


@dataclass(slots=True)
class Sentence:
    """text[start:end] with its groups in order."""

    start: int
    end: int
    groups: list[Group]


CLAUSE = 400  # characters before a person that may be his clause; a longer one is a page without marks


def sentences(text: str, persons: Sequence[Person], *, headline: bool = False) -> list[Sentence]:
    """The sentences of a text that name somebody, each person in his group."""
    spaced = re.sub(r"[ \u3000]", "\n", text) if headline else text
    out: list[Sentence] = []
    at = previous = 0
    for end in [*(match.end() for match in SENTENCE.finditer(spaced)), len(text)]:
        here = []
        while at < len(persons) and persons[at].at < end:
            here.append(persons[at])
            at += 1
        if here:
            out.append(Sentence(previous, end, _groups(spaced, previous, end, here)))
        previous = end
    return out


def _groups(text: str, start: int, end: int, here: Sequence[Person]) -> list[Group]:
    groups: list[Group] = []
    for person in here:
        kind = _kind(text, start, person, groups)
        last = groups[-1] if groups else None
        if (
            last is not None
            and last.kind == kind
            and not person.pronoun
            and _PLAIN.fullmatch(text, last.end, person.start)
        ):
            last.persons.append(person)
        else:
            groups.append(Group([person], kind))
    _say(text, start, end, groups)
    return groups


def _kind(text: str, start: int, person: Person, groups: Sequence[Group]) -> str:
    """What the words before and behind a person make him."""
    floor = max(start, groups[-1].end if groups else start)
    before = text[max(floor, person.start - 80) : person.start].removesuffix("\n")
    after = text[person.end : person.end + 60]
    last = groups[-1] if groups else None
    if person.pronoun:
        return "subject"
    plain = last is not None and _PLAIN.fullmatch(text, last.end, person.start) is not None
    if plain and last is not None and last.kind in ("object", "studied", "heard") and "，" not in before:
        return last.kind
    near = max(start, person.start - CLAUSE)
    border = max(text.rfind(mark, near, person.start) for mark in "，；")
    clause = text[max(near, border + 1) : person.start]
    if _HEARD.search(clause) and not clause.endswith("后"):
        return "heard"
    if last is not None and last.kind == "heard" and _HEARD_ON.fullmatch(text, last.end, person.start):
        return "heard"
    if _GREETED.search(before):
        return "object"
    if _STUDIED.search(clause) and _STUDIED_ON.match(after):
        return "studied"
    if before.endswith(("与", "同", "和", "跟")) and _TALKED.match(after):
        return "object"
    if re.match(r"(?:等[^，。；在]{0,10}|同志)?的?陪同下", after[:16]):
        return "company"
    if after.startswith(("委托", "的委托")) and before.endswith("受"):
        return "orders"
    if before.endswith(("请", "特邀")) or (plain and last is not None and last.kind == "guest"):
        return "guest"
    if before.endswith(("由", "委托", "派")):
        return "agent"
    if _OBJECT.search(before):
        return "studied" if _STUDIED_ON.match(after) else "object"
    return "subject"


def lead_role(before: str) -> Role | None:
    """The role that the lead of a list gives: 出席会议的有：."""
    match = _LIST_LEAD.search(before)
    return _LEAD_ROLE.get(match.group(1) or match.group(2), Role.ATTENDS) if match else None


def _say(text: str, start: int, end: int, groups: list[Group]) -> None:
    """Give each group its acts, from the last to the first: what a list ends with is said of all."""
    role = lead_role(text[max(start, groups[0].start - 80) : groups[0].start])
    roles: list[Role | None] = []
    tails: list[str] = []
    for index, group in enumerate(groups):
        stop = groups[index + 1].start if index + 1 < len(groups) else end
        tail = text[group.end : max(stop, group.end)]
        roles.append(role)
        if index + 1 < len(groups) and (lead := _LIST_LEAD.search(tail[-80:])):
            role = lead_role(tail[-80:])
            tail = tail[: max(0, len(tail) - 80) + lead.start()]
        tails.append(tail)
    subject = -1
    for index, group in enumerate(groups):
        if group.kind in ACTING:
            subject = index if group.kind == "subject" else subject
        elif subject >= 0:  # what goes on after 受甲委托, 在甲的陪同下 is said of the subject before it
            rest = re.split(r"[，,；]|下|委托|(?:后|时)(?=[，对])", tails[index], maxsplit=1)
            tails[subject] += "，".join(["", *rest[1:]])
    following: list[Act] = []
    for index in range(len(groups) - 1, -1, -1):
        group, tail = groups[index], tails[index]
        if group.kind in _GIVEN:
            group.acts.append(_GIVEN[group.kind])
        elif group.kind == "heard":
            group.acts.extend(_reported(tail))
        elif group.kind == "studied":
            if ordered := _ORDERED.match(tail):
                group.acts.append(Act(Role.INSTRUCTS, ordered.group()[-2:], ordered.end() - 2))
        elif group.kind != "object":
            own = tail_acts(tail)
            if own and group.kind == "guest":  # 邀请甲出席，|介绍…: what follows is the host's
                border = _CLAUSE_END.search(tail, own[0].start)
                own = [act for act in own if border is None or act.start < border.start()]
            if _ABSENT.match(tail):
                own = [act for act in own if act.role not in (Role.ATTENDS, Role.SITS_IN)]
                following = []
            same = len(set(roles[index : index + 2])) == 1
            if not own and same and _PLAIN.match(tail):
                own = list(following)
            if not own and (given := roles[index]) is not None:
                own = [Act(given, "名单", 0)]
            group.acts.extend(own)
            following = own
        attribute = _ATTRIBUTE.search(text[max(start, group.start - 24) : group.start])
        if attribute is not None:
            group.acts.append(Act(_LEAD_ROLE.get(attribute.group(1), Role.ATTENDS), attribute.group(1), 0))


def _reported(tail: str) -> list[Act]:
    """What one did whom others heard: 听取了甲关于…的汇报."""
    clause = re.split("[，。；]", tail, maxsplit=1)[0]
    match = re.search("汇报|报告|介绍|说明|通报|发言|意见|建议", clause)
    if match is None:
        return [Act(Role.REPORTS, "关于", 0)] if clause.startswith(("关于", "所作的\ue000")) else []
    role = Role.SPEAKS if match.group() in ("发言", "意见", "建议") else Role.REPORTS
    return [Act(role, match.group(), match.start())]
