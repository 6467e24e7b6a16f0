"""Who said what: 会议指出,… 孙金龙强调,… 他说,… 习近平总书记指出“…”.

A statement is a subject at the head of a clause, a verb of saying in the same clause (or in
a later clause without a subject: 甲出席会议并讲话,强调,…), and the words after it, up to the
next attribution, to where the report goes on, or to the end of the paragraph.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from build_tools.core.article import Block, LineKind, Participant, Statement
from build_tools.core.text import HAN, Words, matches
from build_tools.core.vocabulary import load
from build_tools.facts.people.mention import mask
from build_tools.facts.people.mentions import TOP

_DATA = load("verbs")
_COLLECTIVES = "|".join(sorted(map(re.escape, _DATA["collectives"].split()), key=len, reverse=True))
_VERBS = sorted(_DATA["statements"].split(), key=len, reverse=True)
_DIRECT = ("要求", "希望", "强调", "指出", "表示", "认为", "提出", "决定", "明确")
_SAID = re.compile(
    rf"(?P<marked>{'|'.join(_VERBS)})(?:[，：:]|(?=“))"
    rf"|(?P<direct>{'|'.join(_DIRECT)})(?=[{HAN}])(?![的和了])"
)
# The first two characters tell most places apart: 说明 and 讲究 are no verbs of saying.
_SAID_STARTS = re.compile(
    "|".join(
        f"{first}(?=[{''.join(sorted({verb[1:2] or '，：:“' for verb in verbs}))}])"
        for first, verbs in itertools.groupby(sorted({*_VERBS, *_DIRECT}), key=lambda verb: verb[0])
    )
)
_CROSS = frozenset({"强调", "指出", "要求"})
_CROSS_LEAD = re.compile(r"(?:并)?(?:多次|反复|再次|还)?$")
_CROSS_ON = re.compile(r"[，：“]|要|必须")
_BORDERS = "。！？；，：\n”’ 　◇△"
_LEAD = re.compile(r"(?:(?:会上|最后|同时|随后|其中|会前|会后|座谈中|调研中|此外|对此|为此)，?)?")
_COLLECTIVE = re.compile(rf"(?:{_COLLECTIVES})")
_OFFICE_AFTER = r"(?:同志|总书记|主席|总理|(?:常务)?副?(?:书记|省长|市长|县长|区长|厅长|局长|部长|主任))?"
_TIGHT = re.compile(
    _OFFICE_AFTER + r"(?:还|又|也|同时|最后|首先|特别|再次|反复|进一步|着重|明确|当场|现场|并"
    r"|在[^，。；：:“”\n]{1,20}(?:时|上|中|后))?"
)
_AS_NOUN = re.compile(r"(?:[的和况作关照据新项]|听取.*|传达.*|学习.*|按照.*|根据.*|贯彻.*|落实.*|书面)$")
_GOES_ON = re.compile(
    r"会议(?:还|由|审议|听取|传达|书面|印发|宣读|研究|表彰|期间，|以[^。，]{0,12}形式)|会前，|会后，|会上，"
)
_ACTS = re.compile(
    r"[^。]{0,60}?(?:主持|出席|参加|列席|陪同|通报|汇报|宣读|作了?[^。，；]{0,12}(?:报告|发言|说明|汇报))"
)
_SENTENCE = re.compile(r"[。！？][。！？]*[”’]?[  \u3000]*")
_ORDINAL = r"(?:{0}(?:是|要|方面)|第{0}[，、]|（{0}）|{1}[.．、])"
_ENUMERATED = re.compile(_ORDINAL.format("[一二三四五六七八九十]+", r"\d{1,2}"))
_FIRST = re.compile(_ORDINAL.format("一", "1"))
_ANNOUNCED = re.compile(r"[：:]$|[二三四五六七八九十两几][个件项条点方][^。]{0,12}[。：]?$")
_QUOTED = re.compile(r"“[^“”\n]{1,4000}”")
_OFFICES = re.compile(rf"[{HAN}、（）]{{0,40}}")


@dataclass(frozen=True, slots=True)
class _Saying:
    start: int
    person: str | None
    collective: str | None
    verb: str
    words: int
    nested: bool = False


def find_statements(blocks: Sequence[Block], people: Sequence[Participant]) -> tuple[Statement, ...]:
    """All attributions of the body, in reading order.

    A paragraph that only goes on with an enumeration (一是…) belongs to the last speaker.

    >>> block = Block("p", LineKind.PARAGRAPH, "会议指出，形势严峻。孙金龙在讲话中强调，要抓实。他说：“好。”")
    >>> for said in find_statements([block], [Participant("孙金龙", (), ())]):
    ...     print(said.person, said.collective, said.verb, said.text)
    None 会议 指出 形势严峻。
    孙金龙 None 强调 要抓实。
    孙金龙 None 说 “好。”
    """
    everybody = Words(person.name for person in people)
    out: list[Statement] = []
    last: str | None = None
    speaker: _Saying | None = None
    counting = announced = False
    for block in blocks:
        if block.kind is not LineKind.PARAGRAPH:
            continue
        text = mask(block.text)
        names = everybody.within(text)
        sayings, last = _sayings(text, names, last)
        if not sayings:
            first = _FIRST.match(text)
            if first and first.group()[0] in "1（" and not announced:
                first = None
            if speaker is not None and (first or (counting and _ENUMERATED.match(text))):
                out.append(Statement(block.id, speaker.person, speaker.collective, speaker.verb, block.text))
                counting = True
            elif not counting or not _ENUMERATED.match(text):
                speaker, counting = None, False
            continue
        outer = [saying for saying in sayings if not saying.nested]
        ends = {saying.start: after.start for saying, after in itertools.pairwise(outer)}
        for saying in sayings:
            if saying.nested:
                end = _nested_end(text, saying.words)
            else:
                end = _report_goes_on(text, saying.words, ends.get(saying.start, len(text)), names)
            words = block.text[saying.words : end].strip(" 　")
            if words:
                out.append(Statement(block.id, saying.person, saying.collective, saying.verb, words))
        speaker = outer[-1] if outer else speaker
        counting = (
            bool(_FIRST.search(text, speaker.words if outer and speaker else 0)) and not text[:1].isdigit()
        )
        announced = _ANNOUNCED.search(text[-30:]) is not None
    return tuple(out)


def _sayings(text: str, names: Words, last: str | None) -> tuple[list[_Saying], str | None]:
    """The attributions of one paragraph, and the person that 他 refers to after it."""
    found: list[_Saying] = []
    seen = 0
    opening = names.search(text, 0, 60)
    if (
        opening is not None
        and text.startswith("：", opening.end)
        and _OFFICES.fullmatch(text, 0, opening.start)
    ):
        found.append(_Saying(0, opening.word, None, "：", opening.end + 1))  # a transcript
    for match in matches(_SAID_STARTS, _SAID, text):
        group = "marked" if match.group("marked") else "direct"
        verb, at = match.group(group), match.start()
        start = _clause(text, at)
        if start is None or (found and start < found[-1].words and at < found[-1].words):
            continue
        for person in names.finditer(text, seen, max(seen, start)):
            last = _refer(person.word, last)
        seen = max(seen, start)
        subject = _subject(text, start, match, names, last)
        if subject is not None:
            saying = _Saying(start, *subject, verb, match.end())
        elif (
            verb in _CROSS
            and _CROSS_LEAD.fullmatch(text, start, at)
            and _CROSS_ON.match(text, at + len(verb))
        ):
            earlier = _earlier(text, start, names)
            if earlier is None:
                continue
            saying = _Saying(*earlier, verb, match.end())
        else:
            continue
        if saying.person in TOP and found and found[-1].person not in TOP:
            saying = _Saying(saying.start, saying.person, None, verb, saying.words, nested=True)
        found.append(saying)
        last = _refer(saying.person, last)
    for person in names.finditer(text, seen):
        last = _refer(person.word, last)
    return found, last


def _refer(name: str | None, last: str | None) -> str | None:
    return last if name is None or name in TOP else name


def _clause(text: str, at: int) -> int | None:
    """Where the clause that holds `at` starts; None when it is too long for an attribution."""
    begin = max(0, at - 90)
    window = text[begin:at]
    last = max(map(window.rfind, _BORDERS))
    return begin + last + 1 if last >= 0 or begin == 0 else None


def _subject(
    text: str, start: int, verb: re.Match[str], names: Words, last: str | None
) -> tuple[str | None, str | None] | None:
    """The person or the collective that opens the clause of a verb of saying."""
    at, direct = verb.start(), verb.group("direct") is not None
    lead = _LEAD.match(text, start, at)
    head = lead.end() if lead is not None else start
    person: str | None = None
    collective: str | None = None
    if text[head : head + 1] in ("他", "她") and text[head + 1 : head + 2] != "们":
        person, end = last, head + 1
    elif (found := names.search(text, head, at)) and _OFFICES.fullmatch(text, head, found.start):
        person, end = found.word, found.end
    elif match := _COLLECTIVE.match(text, head, at):
        collective, end = match.group(), match.end()
    else:
        return None
    if person is None and collective is None:
        return None
    between = text[end:at]
    if len(between) > 45 or _AS_NOUN.search(between) or (direct and not _TIGHT.fullmatch(between)):
        return None
    return person, collective


def _earlier(text: str, start: int, names: Words) -> tuple[int, str | None, str | None] | None:
    """甲出席会议并讲话，强调，…: the subject opens the sentence."""
    begin = max((text.rfind(mark, max(0, start - 160), start) for mark in "。！？\n"), default=-1) + 1
    if start - begin > 150 or "“" in text[begin:start] or start == begin:
        return None
    persons = [person.word for person in names.finditer(text, begin, start)]
    if persons:
        return begin, persons[-1], None
    collective = _COLLECTIVE.match(text, begin, start)
    return (begin, None, collective.group()) if collective else None


def _report_goes_on(text: str, start: int, end: int, names: Words) -> int:
    """The end of what was said: before 会议还审议了…, 会上,…, 副局长甲列席会议."""
    for mark in _SENTENCE.finditer(text, start, end):
        at = mark.end()
        if at < end and _GOES_ON.match(text, at):
            return at
        who = names.search(text, at, min(end, at + 50))
        opens = who is not None and who.word not in TOP and _OFFICES.fullmatch(text, at, who.start)
        if who is not None and opens and _ACTS.match(text, who.end, end):
            return at
    return end


def _nested_end(text: str, start: int) -> int:
    """A leader quoted inside another's words: the quotation, else the sentence."""
    if text[start : start + 1] == "“":
        match = _QUOTED.match(text, start)
        if match is not None:
            return match.end()
    end = text.find("。", start)
    return len(text) if end < 0 else end + 1
