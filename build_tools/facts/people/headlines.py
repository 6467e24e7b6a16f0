"""Names in headlines (胡衡华张轩王炯出席) and the line under a speech's title that names its speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from build_tools.core.article import Block, Role
from build_tools.core.text import HAN
from build_tools.facts.offices import is_office
from build_tools.facts.people import names as nm
from build_tools.facts.people.mention import HEADLINES, Mention, taken_by
from build_tools.facts.roles import Act

_RUN = re.compile(
    rf"(?:^|(?<=[，。；：\s]))((?:(?!出席|参加|主持|陪同|列席|致辞|讲话|作报告|发言|调研)[{HAN}]){{2,60}}?)(?:等[{HAN}]{{0,8}})?(?:分别)?(?=出席|参加|主持|陪同|列席|致辞|讲话|作报告|发言|调研)"
)
_ADDRESS = re.compile(
    r"(?:同志们|各位|尊敬的|女士们|先生们|朋友们|老师们|大家)[^。]{0,30}[：:！，]|^大家[上下]?[午]?好"
)
_HOST = re.compile("主持(?:词|稿|讲话)")
_SPEECH = re.compile(f"讲话|致辞|致词|发言|讲稿|党课|报告|{_HOST.pattern}")
_ALONE = re.compile(
    r"^[—\-\s（(]*|[\s）)]*+(?:[（(][^（）()]*[）)])?[\s）)]*+(?:\d{4}年\d{1,2}月\d{1,2}日)?[\s）)]*$"
)


def mark_speaker(found: list[tuple[Block, str, list[Mention]]]) -> None:
    """The line under a speech's title that names its speaker: 厅党组书记 甲; under a 主持词, who presides."""
    head = found[:10]
    if not any(_ADDRESS.match(block.text) for block, _, _ in head):
        return
    heads = [block.text for block, _, _ in head if block.kind in HEADLINES or len(block.text) < 60]
    if not any(map(_SPEECH.search, heads)):
        return
    roles = [Role.SPEAKS, *([Role.PRESIDES] if any(map(_HOST.search, heads)) else [])]
    for block, _, mentions in head:
        if _ADDRESS.match(block.text):
            return
        rest = block.text
        if len(mentions) == 1 and len(rest) < 80:
            who = mentions[0]
            if not _ALONE.sub("", rest[: who.start]) and not _ALONE.sub("", rest[who.end :]):
                who.roles.extend(Act(role, who.name, 0) for role in roles)
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
                acts = [Act(role, name, 0) for role in roles]
                mentions.append(Mention(name, at, at, len(rest), roles=acts))


_ROSTER = re.compile(
    r"(?:参会|出席|参加|与会|列席|到会)(?:会议)?(?:的)?(?:人员|领导|同志|单位及人员)?(?:名单)?[：:]?"
)
_ROW = re.compile(rf"([{HAN}]{{2,4}}|[{HAN}][ \u3000]+[{HAN}])[ \u3000：:]+([{HAN}、，（）]{{2,60}})")


def roster(blocks: Sequence[Block], found: list[list[Mention]], names: dict[str, None]) -> None:
    """The list of those present at the end of minutes, a person a line: 吴恩坤 党组书记、局长."""
    role: Role | None = None
    for block, mentions in zip(blocks, found, strict=True):
        header = _ROSTER.fullmatch(block.text)
        if header is not None:
            role = Role.SITS_IN if block.text.startswith("列席") else Role.ATTENDS
            continue
        row = _ROW.fullmatch(block.text) if len(block.text) < 80 else None
        if role is None or row is None or not is_office(row.group(2)):
            continue
        name = re.sub(r"\s", "", row.group(1))
        read = nm.read_name(name + "，", 0, names)
        if read is not None and read.text == name:
            offices = tuple(re.split("[、，]", row.group(2)))
            mentions[:] = [Mention(name, 0, 0, len(block.text), offices, roles=[Act(role, name, 0)])]
            names.setdefault(name)


def headline(block: Block, text: str, mentions: list[Mention], names: dict[str, None]) -> list[Mention]:
    """Names that a who-line runs together: 胡衡华张轩王炯出席."""
    taken = taken_by(mentions)
    out: list[Mention] = []
    if block.kind in HEADLINES or len(text) < 60:
        for match in _RUN.finditer(text):
            if match.start(1) in taken:
                continue
            cut = nm.segment(match.group(1), names)
            if not cut or (len(cut) < 2 and cut[0] not in names):
                continue
            if block.kind not in HEADLINES and not any(name in names for name in cut):
                continue
            at = match.start(1)
            for name in cut:
                out.append(Mention(name, at, at, at + len(name)))
                names.setdefault(name)
                at += len(name)
    return out
