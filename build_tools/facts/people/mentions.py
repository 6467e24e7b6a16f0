"""All places of an article where persons are named.

Names are found where the language marks them: after an office (市长甲), before one (甲副市长,
甲同志), in a list after a found name (、乙), at the start of a clause before a verb of
attendance or speech (甲强调), run together in a headline. Then every other place where a
found name stands is read. Linear in the text: at most `MOST` names a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import chain, islice

from build_tools.core.article import Block
from build_tools.core.text import HAN, Words
from build_tools.facts.offices import ENDINGS, LAST, head_length, offices_before
from build_tools.facts.people import names as nm
from build_tools.facts.people.appointments import ELECTION, appointed, join_appointed
from build_tools.facts.people.headlines import headline, roster
from build_tools.facts.people.mention import (
    BOUND,
    HEADLINES,
    MOST,
    PLACES_TRIED,
    POST,
    SUBJECT_VERB,
    Mention,
    add_after,
    list_on,
    mask,
    taken_by,
)
from build_tools.facts.people.slots import CIVIC, denied, loose, slot_name
from build_tools.facts.people.titled import before_offices, noted_offices, weak_mentions

# 省经信委有关负责同志，某市局长甲; 督察组全体成员，市委副书记乙: the first is nobody's office.
_GROUP = re.compile(
    "(?:有关|主要|相关|各|全体)[^，、]{0,4}(?:负责同志|负责人|领导|同志|成员|委员|干部)$|班子成员$|单位(?:主要)?负责人$"
)
_GAP = re.compile("[、，；和与及]|以及")
# General secretaries are cited everywhere: present only where they are the subject of the report.
TOP = frozenset({"习近平", "胡锦涛", "江泽民"})


OFFICE_END = re.compile(
    rf"[{LAST}](?P<note>（[^（），。；：、\n]{{1,22}}）)?[ \u3000]{{0,4}}(?=[{HAN}A-ZÀ-Þ])"
)


# A name without an office: at the start of a clause, before a verb that only a person takes there.
_BARE = re.compile(rf"[，。；！？\n 　、](?=[{nm.START}])")
_STARTS = frozenset(nm.START)
_BARE_VERB = re.compile(
    r"(?:分别|先后|还|最后|首先|随后|共同|一同)?(?:在[^，。；\n]{1,24}?)?(?:主持(?:召开|会议|并|了|开幕|仪式|$)|主持。|出席|强调|指出，|指出：|表示，|要求，|参加(?:会议|座谈|活动|调研|并)|列席|致辞|讲话|作[^，。；\n]{0,20}(?:报告|发言|讲话|汇报|说明|点评|辅导|致辞)|介绍，|介绍说|说，|说：|认为，|通报了|汇报了|传达了|传达学习|宣读了|陪同|调研|会见|率队|带队|到会)"
)
_QUOTED_SAY = re.compile("说[，：道“]|告诉")
_PRONOUN = re.compile(
    r"(?:^|(?<=[，。；！？\n]))(?:会上，|最后，|同时，)?([他她])(?=[^们，。；]{0,30}(?:指出|强调|要求|表示|说|认为|希望|提出|介绍|透露|通报|建议|答|讲话|叮嘱|嘱咐|勉励|询问))"
)


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
    posts = [list(islice(POST.finditer(text), PLACES_TRIED)) for text in texts]
    for text, here, mentions in zip(texts, posts, found, strict=True):
        if here and len(names) < MOST:
            mentions.extend(before_offices(text, here, mentions, names))
    for text, mentions in zip(texts, found, strict=True):
        if ELECTION.search(text):
            join_appointed(mentions, appointed(text, names))
        if "（" in text and len(names) < MOST:
            mentions.extend(noted_offices(text, mentions, names))
    for block, text, mentions in zip(blocks, texts, found, strict=True):
        if len(names) < MOST:
            mentions.extend(_bare(block, text, mentions, names, whole))
    for index, (block, text, mentions) in enumerate(zip(blocks, texts, found, strict=True)):
        if block.kind in HEADLINES or index < 6:
            mentions.extend(headline(block, text, mentions, names))
    roster(blocks, found, names)
    weak = [
        weak_mentions(text, here, mentions, names) if here else []
        for text, here, mentions in zip(texts, posts, found, strict=True)
    ]
    listed = Words(list(names)[:MOST])
    out = []
    for block, text, mentions, less in zip(blocks, texts, found, weak, strict=True):
        mentions.extend(less)
        mentions.extend(_again(text, mentions, listed, names))
        taken = taken_by(mentions)
        mentions.extend(
            Mention("", match.start(1), match.start(1), match.end(1), pronoun=True)
            for match in (_PRONOUN.finditer(text) if "他" in text or "她" in text else ())
            if match.start(1) not in taken
        )
        mentions.sort(key=lambda mention: mention.at)
        out.append((block, text, mentions))
    return out


def _with_offices(text: str, names: dict[str, None], whole: str) -> list[Mention]:
    """市长甲, and the list that goes on from it: 副市长甲、乙."""
    out: list[Mention] = []
    floor = 0
    for match in islice(OFFICE_END.finditer(text), PLACES_TRIED):
        end = match.start() + 1
        if (
            end <= floor
            or text[end - 2 : end] not in ENDINGS
            or not head_length(text, end, max(floor, end - 12))
        ):
            continue
        chain = offices_before(text, match.end("note") if match.group("note") else end, floor)
        chain = tuple(one for one in chain if not _GROUP.search(one[1])) or chain
        if not chain:
            continue
        gap = text[out[-1].end : chain[0][0]][:3] if out else ""
        name = _after_office(text, match, chain[-1][1], names, whole=whole, gap=gap)
        if name is None:
            continue
        offices = tuple(phrase for _, phrase in chain)
        mention = Mention(name.text, chain[0][0], match.end(), name.end, offices)
        if not add_after(text, mention):
            continue
        out.append(mention)
        names.setdefault(name.text)
        out.extend(list_on(text, mention, names))
        floor = out[-1].end
        if len(names) >= MOST:
            break
    return out


def _after_office(
    text: str,
    match: re.Match[str],
    office: str,
    names: Collection[str],
    *,
    whole: str,
    gap: str,
) -> nm.Name | None:
    """The name that follows an office: by its characters, else by the slot alone."""
    at = match.end()
    noted = match.group("note") is not None
    civic = office.endswith(CIVIC)
    name = nm.read_name(text, at, names, guess=not (noted or civic))
    if civic:  # 渔民于得水说, 渔民转产
        if name is None or denied(text, name, at) or not nm.GIVEN.issuperset(name.text[1:]):
            return None
        return name if name.strength == 3 or _QUOTED_SAY.match(text, name.end) else None
    if name is None:
        name = _unlisted(text, at)
    if name is not None and name.text not in names:
        if not _certain(name, text[name.end : name.end + 6], names, whole) or denied(text, name, at):
            name = None
        elif not name.text[0] < "㐀" and _with_office(name.text):
            name = None  # 首席|谈判代表安妮·玛丽
    if name is not None and (name.strength == 3 or name.text in names or not text[at] >= "㐀"):
        return name
    listed = gap if _GAP.fullmatch(gap) else ""
    return slot_name(text, at, names, sure=not loose(office), listed=listed) or name


def _with_office(name: str) -> bool:
    first = re.split("[·•‧-]", name, maxsplit=1)[0] if len(name) > 3 else name
    return len(first) > 3 and any(head_length(first, at) for at in range(2, len(first)))


def _unlisted(text: str, at: int) -> nm.Name | None:
    """A three-character name whose surname no list holds, between an office and 、 or a verb of presence."""
    name = text[at : at + 3]
    usual = len(name) == 3 and nm.GIVEN.issuperset(name) and nm.plausible(name) and name[:2] not in nm.NEVER
    if usual and SUBJECT_VERB.match(text, at + 3) and name[2] not in nm.SUFFIXES:
        return nm.Name(name, at + 3, 2)
    return None


def _certain(name: nm.Name, after: str, names: Collection[str], whole: str) -> bool:
    """Everyday words as names need a settled end; function words as family names need more."""
    text = name.text
    if text in names or "·" in text:
        return True
    if text in nm.ORDINARY:
        return name.strength == 3 or after[:1] in ("等", "和", "及")
    if text[0] in nm.FUNCTION:
        settled = name.strength == 3 and nm.GIVEN.issuperset(text[1:])
        return settled and ((len(text) == 3 and text[0] != "和") or whole.count(text, 0, 200_000) > 1)
    if text[0] in nm.TRICKY and text[:2] not in nm.COMPOUND and not nm.FOREIGN.issuperset(text):
        if text[:2] in nm.NEVER and not SUBJECT_VERB.match(after):
            return False
        return name.strength >= 2 and nm.GIVEN.issuperset(text[1:])
    return not (text[:2] in nm.NEVER and name.strength < 3)


def _bare(
    block: Block, text: str, mentions: list[Mention], names: dict[str, None], whole: str
) -> list[Mention]:
    """甲强调,…: a name without an office that opens a clause."""
    taken = taken_by(mentions)
    out: list[Mention] = []
    read = 0  # up to here stands a list of names that no verb follows: its tails have none either
    opens = (match.end() for match in _BARE.finditer(text))
    for at in islice(chain([0] if text[:1] in _STARTS else [], opens), PLACES_TRIED):
        if at < read or at in taken or text[at : at + 2] in nm.NEVER:
            continue
        name = nm.read_name(text, at, names)
        if name is None or name.text in names or name.strength < 2:
            continue
        soft = name.text[0] in nm.SOFT and name.text[:2] not in nm.COMPOUND
        if (soft or name.text in nm.ORDINARY) and block.kind not in HEADLINES:
            continue
        if not nm.GIVEN.issuperset(name.text[2:]) or name.text[:2] in nm.NEVER:
            continue
        if name.text[-1] in nm.SUFFIXES or name.text[:2] in nm.PLACES or name.text[:3] in nm.PLACES:
            continue
        verb_at = name.end
        listed = list_on(text, Mention(name.text, at, at, name.end), dict(names))
        if listed:
            verb_at = listed[-1].end
        if text.startswith("等", verb_at):
            verb_at += 1
        if _BARE_VERB.match(text, verb_at) is None:
            read = listed[-1].at if listed else read
            continue
        mention = Mention(name.text, at, at, name.end)
        out.append(mention)
        names.setdefault(name.text)
        out.extend(list_on(text, mention, names))
        if len(names) >= MOST:
            break
    return out


def _again(text: str, mentions: list[Mention], listed: Words, names: Collection[str]) -> list[Mention]:
    """The other places where a found name stands."""
    taken = taken_by(mentions)
    out: list[Mention] = []
    for at, end, name in islice(listed.finditer(text), PLACES_TRIED):
        if at in taken or end - 1 in taken:
            continue
        if text[end : end + 1] in nm.REDACTED and end < len(text):
            continue
        if name in nm.ORDINARY or (len(name) == 2 and (name[0] in nm.SOFT or not nm.follow(text, end))):
            opens = at == 0 or BOUND.match(text[at - 1]) or at - 1 in taken
            ends = SUBJECT_VERB.match(text, end) or (name not in nm.ORDINARY and nm.follow(text, end))
            if not (opens and ends):
                continue
        mention = Mention(name, at, at, end)
        add_after(text, mention)
        out.append(mention)
        taken |= set(range(at, end))
    return out
