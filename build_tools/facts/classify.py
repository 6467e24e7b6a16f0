"""Kind and place of one article, each a fact with its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from build_tools.cleaning.dates import SALUTES
from build_tools.core.article import Block, Evidence, Fact, Kind, Line, LineKind
from build_tools.core.text import HAN
from build_tools.core.vocabulary import cue
from build_tools.facts.fields import Fields
from build_tools.facts.place_names import admin
from build_tools.facts.trust import advert_marks, fiction_marks

_SENTENCE = re.compile("[^。！？!?\n]*")
_NUMBERED = re.compile(
    r"\s*(?:\d{1,2}[.．、]|[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]{1,2}[）)])"
)


def paragraphs_of(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind in (LineKind.PARAGRAPH, LineKind.HEADING)]


def first_sentence(blocks: Sequence[Block]) -> tuple[str, str]:
    """The id and the first sentence of the first paragraph that has one (salutations have none)."""
    for block in paragraphs_of(blocks):
        match = _SENTENCE.match(block.text)
        if match and len(match[0]) >= 12:
            return block.id, match[0]
    return "title", ""


# --- kind --------------------------------------------------------------------

_FIRST_PERSON = re.compile("我(?=讲|们|就|代表|再|强调|想|宣布|先|受|来|提|要|市|县|省)|刚才")


_TURN = 24  # characters of a line that names who speaks next


def kind_of(fields: Fields, blocks: Sequence[Block]) -> Fact[Kind]:
    """Meeting readout, speech in the first person, or other (visits, press, several meetings, fiction …).

    >>> blocks = [Block("p-1", LineKind.PARAGRAPH, "5月3日上午，市政府召开第5次常务会议，研究水污染防治。")]
    >>> kind_of(Fields(), blocks).value
    <Kind.MEETING: 'meeting'>
    """
    title = fields.title.value if fields.title and not fields.title.inferred else ""
    where, first = first_sentence(blocks)
    paragraphs = paragraphs_of(blocks)
    head, at, rule = (title, "title", "title") if title else (first, where, "first_sentence")

    def fact(kind: Kind, rule: str, at: str, quote: str) -> Fact[Kind]:
        return Fact(kind, Evidence(f"kind.{rule}", at, quote[:80]))

    if marks := fiction_marks(fields, blocks):
        return fact(Kind.OTHER, "fiction", where, "、".join(marks))
    if marks := advert_marks(fields, blocks):
        return fact(Kind.OTHER, "advert", where, "、".join(marks))
    if listed := _listed_meeting(paragraphs):
        return fact(Kind.OTHER, "several_meetings", where, listed)
    if match := cue("several").search(title):
        return fact(Kind.OTHER, "several_meetings", "title", match[0])
    if told := _told_in_person(title, paragraphs):
        return fact(*told)
    if match := cue("press").search(head) or cue("press").search(first[:60]):
        return fact(Kind.OTHER, "press", at, match[0])
    visit, meeting = cue("visit").search(head[:60]), cue("meeting").search(head)
    if visit and (meeting is None or visit.start() < meeting.start()):
        return fact(Kind.OTHER, "visit", at, visit[0])
    if (match := cue("notice").search(title)) and not re.search(
        "召开|举行|在.{2,8}开班|会议$|[^工]会$", title
    ):
        return fact(Kind.OTHER, "notice", "title", match[0])
    if meeting:
        return fact(Kind.MEETING, rule, at, meeting[0])
    if (visit := cue("visit").search(first[:50])) and not re.search("召开|主持", first[:60]):
        return fact(Kind.OTHER, "visit", where, visit[0])
    if match := cue("meeting").search(first + paragraphs[0].text[:200] if paragraphs else ""):
        return fact(Kind.MEETING, "first_sentence", where, match[0])
    return fact(Kind.OTHER, "default", where, head)


def _told_in_person(title: str, paragraphs: Sequence[Block]) -> tuple[Kind, str, str, str] | None:
    """A speech, by its title or its salutation; a transcript is of several persons. Kind, rule, where, quote."""
    held = re.search("召开|举行|出席|主持(?!词|稿|讲话)", title)
    if not held and (match := cue("speech_title").search(title.strip())):
        return Kind.SPEECH, "title", "title", match[0]
    turns = [
        block
        for block, below in pairwise(paragraphs)
        if len(block.text) < _TURN and block.text.endswith("：") and "。" in below.text
    ]
    if len(turns) > 2:  # 甲：, each turn on lines of its own; below 参加人员： stand names
        return Kind.OTHER, "transcript", turns[0].id, turns[0].text
    opening = "".join(block.text for block in paragraphs[:8])
    for block in paragraphs[:3] if len(_FIRST_PERSON.findall(opening)) >= 2 else ():
        if match := SALUTES.match(block.text):
            return Kind.SPEECH, "salutation", block.id, match[0]
    return None


def _listed_meeting(paragraphs: Sequence[Block]) -> str:
    """The first meeting of a numbered list most of which are meetings; '' if there is no such list."""
    items = [block.text for block in paragraphs if _NUMBERED.match(block.text)]
    meetings = [text for text in items if _is_meeting_item(text)]
    return meetings[0] if len(meetings) >= max(2, len(items) / 2) else ""


def _is_meeting_item(text: str) -> bool:
    head = _NUMBERED.sub("", text, count=1)
    lead = re.split("[。！？；：:]", head, maxsplit=1)[0][:40]
    return bool(
        re.search(
            r"会议?$|(?:召开|举行).{0,20}会|会议?(?:召开|举行)|主持召开|会研究|会部署|会传达|换届$", lead
        )
    )


# --- place -------------------------------------------------------------------

_PLACE = re.compile(
    rf"在([{HAN}\d]{{1,20}}?[市县]?)(?:联合|共同|组织|主持|隆重|胜利|顺利)*(?:召开|举行|举办|开幕)"
)
_PLACE_LABEL = re.compile(rf"(?:会议)?地 *点 *[:：|] *([{HAN}\d]{{2,20}})$", re.M)
_NO_PLACE = re.compile(
    "^[我本全]|^会议$|视频|现场|期间|主会场|线上|形式|会上|基础|[前后中时]$|[为以和与的了]|机关$|同一|一[地起]|领导下|[该此]|这里"
)


def place_of(blocks: Sequence[Block], dropped: Sequence[Line] = ()) -> Fact[str] | None:
    """The town or the hall where the meeting was held (在京召开 → 北京), or None when no one says.

    >>> place_of([Block("title", LineKind.TITLE, "全国生态环境保护工作会议在京召开")]).value
    '北京'
    """
    short: dict[str, str] = admin()["short"]
    heads = [block for block in blocks if block.kind in (LineKind.TITLE, LineKind.DECK)]
    read = [(_PLACE, block.id, block.text[:300]) for block in [*paragraphs_of(blocks)[:2], *heads]]
    read += [(_PLACE_LABEL, block.id, block.text[:300]) for block in blocks[:_LABELLED]]
    read += [(_PLACE_LABEL, "meta", line.text[:300]) for line in dropped if line.kind is LineKind.META]
    for pattern, where, text in read:
        for match in pattern.finditer(text):
            name = match[1]
            if _NO_PLACE.search(name) or (len(name) == 1 and name not in short):
                continue
            return Fact(short.get(name, name), Evidence("place", where, match[0], match.start()))
    return None


_LABELLED = 20  # lines in which a label may say where
