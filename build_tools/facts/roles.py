"""What the words after a name say of its bearer: presides, speaks, reports, attends, sits in, instructs.

The unit is the tail: the text from the end of a name to the next person or the end of
the sentence. Its first clause with a verb counts, later clauses only when they go on with
a verb of their own (…，并作讲话), never when another subject begins (…，各县负责人列席).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from build_tools.core.article import Role
from build_tools.core.vocabulary import load

_DATA = load("verbs")
_BY_VERB: dict[str, set[Role]] = {}
for _role in Role:
    for _verb in str(_DATA.get(_role.value, "")).split():
        _BY_VERB.setdefault(_verb, set()).add(_role)

# Verbs of saying, but for those that report, instruct or decide.
_SAID = frozenset(
    verb for verb in _DATA["statements"].split() if _BY_VERB.get(verb, {Role.SPEAKS}) == {Role.SPEAKS}
)
_SAID -= frozenset(_DATA["decided"].split())

_SPEAKS, _REPORTS = frozenset({Role.SPEAKS}), frozenset({Role.REPORTS})
# 作(…)报告: the noun after 作 decides.
_MADE = dict.fromkeys(_DATA["made_speaks"].split(), _SPEAKS) | dict.fromkeys(
    _DATA["made_reports"].split(), _REPORTS
)
_VERB = re.compile(
    r"(?P<made>(?<!工)[作做](?!好)(?:了|出|的)?(?P<what>(?:\ue000++|[^，。；：\n\ue000]){0,40}?)(?P<noun>"
    + "|".join(sorted(_MADE, key=len, reverse=True))
    + "))"
    r"|(?P<gave>发表(?:了)?[^，。；：\n]{0,12}?(?:讲话|演讲|致辞|意见|看法)"
    r"|交流(?:了)?[^，。；：\n]{0,12}?(?:体会|经验|心得|做法|感受|感悟)|(?:提|谈)(?:了|出)(?:了)?[^，。；：\n]{0,16}?(?:意见|建议|要求|希望|倡议|看法))"
    rf"|(?P<said>{'|'.join(sorted(_SAID - _BY_VERB.keys(), key=len, reverse=True))})(?=[，：“])"
    r"|(?P<verb>" + "|".join(sorted(_BY_VERB, key=len, reverse=True)) + ")"
)
# The same word as a noun, or another word: 工作要求, 汇报会, 主持人; behind 的 every verb is one.
_HEARD = r"听取[^，。；]{0,60}"
_NOT_BEFORE = {
    "要求": re.compile(r"(?:[作照据关署项准新总体高达合质量法规策术]|符合|按照|根据|批示|指示|讲话|部署)$"),
    "说": re.compile(r"[小传听据虽学再]$"),
    "汇报": re.compile(rf"(?:[况作展题项果]|{_HEARD})$"),
    "通报": re.compile(rf"(?:[况案作题]|{_HEARD}|学习[^，。；]{{0,20}})$"),
    **dict.fromkeys(("介绍", "说明"), re.compile(rf"(?:[况这充]|{_HEARD})$")),
    "批示": re.compile(
        r"(?:(?<!作出)(?<!作了)(?<!出重要)(?:指示|重要)|[了学习彻和、]|(?:宣读|传达|学习|贯彻|落实|按照|根据)[^，。；作]{0,24})$"
    ),
    "委托": re.compile(r"受[^，。；]{0,40}$"),
    "讲话": re.compile(r"(?:传达|学习|重要|贯彻|落实|(?:宣读|代读)[^，。；并和]{0,12})$"),
    **dict.fromkeys(("反馈", "参与", "发言"), re.compile(r"(?:督察|巡视|公众|群众|新闻)$")),
    "提出": re.compile(r"会议$"),
    **dict.fromkeys(("问，", "问："), re.compile("[询访慰提顾疑学]$")),
}
_WORK = "工作(?!会|推进|部署|座谈|专题|调度|汇报|例会|报告)"
_MEMBERS = re.compile("代表|人员|者|同志|专家|领导|各方|单位|企业|嘉宾|干部|委员|群众|学员")
_DONE_TOGETHER = re.compile("主持|研究|部署|推进|学习|印发|下发|开展|防线|关口|工序|门槛|屏障")
_OTHER_NOUN = re.compile("[会材稿片批信书人室意问]")  # 汇报|会, 介绍|信
_NOT_AFTER = {
    "主持": re.compile(rf"人(?!民)|词|(?!会议|召开)[^，。；]{{0,10}}{_WORK}"),
    "说": re.compile(r"[明服法教]|了算"),
    **dict.fromkeys(_DATA["made_reports"].split(), _OTHER_NOUN),
    "发言": _OTHER_NOUN,
    **dict.fromkeys(("讲话", "批示"), re.compile(r"精神|和|要求|指示")),
    **dict.fromkeys(("与会", "参会"), _MEMBERS),
    **dict.fromkeys(("一同", "一道"), _DONE_TOGETHER),
    "参加": re.compile(rf"革命|{_WORK}"),
    "要求": re.compile(r"的|和|是|，?(?:相比|相符|不符|差距)"),
    **dict.fromkeys(("提出", "指出"), re.compile("[的了]")),
    **dict.fromkeys(("座谈", "会谈", "在座"), re.compile("[会时中谈]")),
    **dict.fromkeys(("签约", "签署", "揭牌"), re.compile(r"(?:仪式|活动)")),  # 主持签约仪式
}
_ATTENDED = ("列席", "参加", "出席")
_OR_ATTENDED = frozenset(mark + word for mark in "或、" for word in _ATTENDED)
_STATES = _SAID | {"问：", "问，", "答问", "补充"}
# DESIGN: 传达 makes a reporter only of one who holds no other role in that clause.
_PASSED_ON = frozenset({"传达", "转达", "宣读"})
_WHILE = re.compile("中$|在[^，。]{1,16}时$")
_STATED = re.compile(r"：|(?<=指出|强调|表示|要求|认为|说道|问道|讲到|谈到)“|(?<=[说称问答])“")
_GOES_ON = re.compile(
    rf"(?:而后|在会上|{'|'.join(load('reading')['adverbs'].split())}|[就对向为从以与同]|代表|围绕|结合|针对|在[^，。；]{{0,20}}[时后中上])"
)
_OTHER_BODY = tuple("镇乡县市区局委办厅处部院校司组队站会员人位者")  # 军庄镇|汇报
_OTHERS = re.compile(r"(?:与会|参会|大家|各|全体|其他|有关|相关|会议)")
# The meeting is the subject: what it did is nobody's act.
_MEETING = re.compile(
    "(?:会议|大会|会上)(?:还|又|并)?(?:通报|强调|指出|听取|传达|审议|要求|宣读|学习|研究|讨论)"
)
_CLAUSE = re.compile(r"[，；;,]")
_REASON = re.compile(r"^(?:同志)?因[^，。；：]{1,40}")  # 因参加培训，…: what keeps him away is no act


class Act(NamedTuple):
    """A role with the words that give it and their offset in the tail."""

    role: Role
    quote: str
    start: int


def acts(clause: str, offset: int = 0) -> list[Act]:
    """The role verbs of one clause, in order.

    >>> [act.role.value for act in acts("出席会议并作工作报告")]
    ['attends', 'reports']
    >>> acts("听取了有关情况的汇报")
    []
    """
    out: list[Act] = []
    for match in _VERB.finditer(clause):
        word = match.group()
        if word[0] == "作" and clause[: match.start()].endswith("工"):
            continue  # 工作|安排
        if match.group("made"):
            roles = _MADE[match.group("noun")]
            if "听取" in match.group("what"):
                continue
        elif match.group("gave") or match.group("said"):
            roles = _SPEAKS
        else:
            roles = _of_verb(clause, match)
        out.extend(Act(role, word, offset + match.start()) for role in sorted(roles))
    if not out:
        return out
    if any(act.quote == "列席" for act in out) and re.search("(?:列席(?:或|、)(?:参加|出席))", clause):
        out = [act for act in out if act.role is not Role.SITS_IN]
    if any(act.role is not Role.REPORTS for act in out):
        out = [act for act in out if act.quote not in _PASSED_ON]
    return out


def _of_verb(clause: str, match: re.Match[str]) -> frozenset[Role]:
    """The roles of a bare verb; none where what is around it makes it another word."""
    word = match.group()
    before, after = _NOT_BEFORE.get(word), _NOT_AFTER.get(word)
    if clause[match.start() - 1 : match.start()] == "的" and word not in ("发言", "讲话"):
        return frozenset()
    if before is not None and before.search(clause[max(0, match.start() - 64) : match.start()]):
        return frozenset()
    if after is not None and after.match(clause, match.end(), match.end() + 24):
        return frozenset()
    if word in _ATTENDED and clause[match.end() : match.end() + 3] in _OR_ATTENDED:
        return frozenset()
    if word == "列席" and re.search("(?:参加|出席)(?:或|、)$", clause[: match.start()]):
        return frozenset({Role.ATTENDS})
    return frozenset(_BY_VERB[word])


def tail_acts(tail: str) -> list[Act]:
    """What a tail says of the persons before it.

    >>> [act.role.value for act in tail_acts("主持召开会议，传达学习有关精神，听取汇报")]
    ['presides']
    >>> [act.role.value for act in tail_acts("主持会议并讲话，各县负责人列席会议")]
    ['presides', 'speaks']
    >>> [act.role.value for act in tail_acts("、各处室负责同志，各市局负责同志列席会议")]
    ['sits_in']
    """
    found: list[Act] = []
    at = 0
    tail = _REASON.sub(lambda reason: "〃" * len(reason[0]), tail, count=1)
    clauses = _CLAUSE.split(tail)
    for index, clause in enumerate(clauses):
        here = acts(clause + "，" * (index + 1 < len(clauses)), at)
        if index and _MEETING.match(clause):
            break
        if found and not _goes_on(clause, here, at, found):
            break
        if stated := _STATED.search(clause):
            here = [act for act in here if act.start - at < stated.start()]
        said = next((act for act in here if act.quote in _STATES), None)
        if said is not None:  # what follows is what was said
            here = [act for act in here if act.start <= said.start]
            # 在报告中|说, 在汇报时|说 is speech besides, 介绍说 is the report
            in_it = _WHILE.search(clause[: said.start - at])
            if any(act.role is Role.REPORTS for act in here) and said.quote in ("说", "透露") and not in_it:
                here = [act for act in here if act.role is not Role.SPEAKS]
        found.extend(here)
        at += len(clause) + 1
        if stated or said or at > 400:
            break
    if any(act.role is Role.INSTRUCTS for act in found):
        found = [act for act in found if act.role is not Role.SPEAKS]  # 作出批示，要求…: in writing
    return found


def _goes_on(clause: str, here: list[Act], at: int, found: list[Act]) -> bool:
    """Whether the clause that begins at `at` is still of those whose acts were `found`."""
    convened = any(act.role is Role.PRESIDES for act in found)
    talks = here and all(act.role is Role.SPEAKS for act in here)
    if convened and not talks and not clause.startswith(("并", "还")):
        return False
    before = clause[: here[0].start - at] if here else ""
    begins = bool(here) and len(before) <= 4 and not before.endswith(_OTHER_BODY)
    return bool(begins or _GOES_ON.match(clause)) and not _OTHERS.match(clause)
