"""Who said what: the subject of a clause with a verb of saying, and the words up to where another speaks.

会议指出，… 孙金龙强调，… 他说，… 甲就下步工作提出要求：… A clause without a subject takes that of the clause
before. Where two may have said it, nobody did. A clause whose speaker is not read ends what was said before it.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from build_tools.core.article import Block, LineKind, Participant, Statement
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.clauses import ACTING, Group, Sentence
from build_tools.facts.lexicon import Is
from build_tools.facts.participants import TOP, Passage

_VERBS, _READING = load("verbs"), load("reading")


def _any(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


_SAYS = frozenset(_VERBS["statements"].split())
_DIRECT = frozenset(_READING["direct_verbs"].split())
_DECIDED = frozenset(("决定", "明确"))  # of a clause without a subject, nobody's words
_NOUNS = frozenset(_VERBS["nouns_too"].split())
_COLLECTIVE = re.compile(rf"(?:{_any(_VERBS['collectives'] + ' ' + _READING['collectives'])})")
_LEAD = re.compile(rf"(?:(?:{_any(_READING['leads'])})[，,]?)*")
_ADVERB = _any(_READING["adverbs"])
# 甲|就下步工作|在讲话中|还|强调
_PHRASE = r"(?:在|就|对|向|围绕|针对|结合|为|从|代表|通过|以|与|和|受)[^，。；：“”\n]{1,40}"
_BETWEEN = re.compile(
    rf"(?:{_READING['after_name']})?(?:等(?:人|同志)?)?(?:{_ADVERB})*(?:{_PHRASE})?(?:{_ADVERB})*(?:[{HAN}]{{2,6}}地)?"
)
_TIGHT = re.compile(
    rf"(?:{_READING['after_name']})?(?:{_ADVERB})*(?:在[^，。；：“”\n]{{1,24}}?(?:时|上|中|后|会))?(?:{_ADVERB})*"
)
_AS_NOUN = re.compile(
    r"(?:[的和况作关照据新项]|听取.*|传达.*|学习.*|按照.*|根据.*|贯彻.*|落实.*|书面|符合|达到)$"
)
_DEMAND = re.compile(
    "提[^，。；：]{0,16}(?:要求|意见|建议|希望|倡议)[，：]$"
)  # 提出要求，|强调，… says nothing yet
_ACT = re.compile("(?:(?<!工)[作做][出了]?|进行了?)$")
_UNREAD = re.compile(rf"(?:[{HAN}、（）·]{{0,30}}?)(?:{_any(_READING['speakers'])})[^，。；：\n]{{0,24}}$")
_GOES_ON = re.compile(
    r"会议(?:还|由|审议|听取|传达|书面|印发|宣读|研究|表彰|期间|以[^。，]{0,12}形式)|会前，|会后，|会上，|当天|随后，"
)
_STOP = re.compile(r"[。！？][。！？]*[”’]?[ \u3000]*")
_BORDERS = "。！？；，：\n”“’ \u3000◇△"
_ORDINAL = r"(?:{0}(?:是|要|方面)|第{0}[，、]|（{0}）|{0}、|{1}[.．、])"
_ENUMERATED = re.compile(_ORDINAL.format("[一二三四五六七八九十]+", r"\d{1,2}"))
_FIRST = re.compile(_ORDINAL.format("一", "1"))
_ANNOUNCED = re.compile(r"[：:]$|[二三四五六七八九十两几][个件项条点方][^。]{0,12}[。：]?$")
_QUOTED = re.compile(r"“[^“”\n]{1,4000}”")
_MARK = re.compile(r"[，：:“]|$")
# 提出|四点要求：
_DEMANDED = re.compile(
    r"了?[^，。；：“”\n]{0,14}?(?:要求|意见|建议|希望|倡议|[两二三四五六七八九十几]个“?[^“”，。；：]{1,4}”?)(?=[，：])"
)


@dataclass(frozen=True, slots=True)
class _Saying:
    """text[words:] is what `person` or `collective` said with `verb`; neither: an unread speaker, who only ends the one before."""

    start: int
    person: str | None
    collective: str | None
    verb: str
    words: int
    nested: bool = False


@dataclass(slots=True)
class _Floor:
    """Who has the floor from one paragraph to the next, and whether he is telling an enumeration."""

    speaker: _Saying | None = None
    counting: bool = False
    announced: bool = False  # a list is announced: 提出四点要求：

    def goes_on(self, block: Block) -> Iterator[Statement]:
        """An item that the speaker goes on with: 二要…."""
        if self.speaker is not None:
            who = self.speaker
            yield Statement(block.id, who.person, who.collective, who.verb, block.text)

    def heading(self, block: Block, text: str, sayings: Sequence[_Saying]) -> Iterator[Statement]:
        """A short heading: an item of the speaker's, or a line that announces who speaks next."""
        if self.counting and self.speaker is not None and _ENUMERATED.match(text):
            yield from self.goes_on(block)
        elif sayings and sayings[-1].words >= len(text) and sayings[-1].person not in TOP:
            self.speaker, self.counting, self.announced = sayings[-1], True, True

    def silent(self, block: Block, text: str) -> Iterator[Statement]:
        """A paragraph in which nobody is said to speak."""
        first = _FIRST.match(text)
        if first and first.group()[0] in "1（" and not self.announced:
            first = None
        if self.speaker is not None and (first or (self.counting and _ENUMERATED.match(text))):
            yield from self.goes_on(block)
            self.counting = True
        elif not self.counting or not _ENUMERATED.match(text):
            self.speaker, self.counting = None, False

    def spoken(self, passage: Passage, sayings: Sequence[_Saying]) -> Iterator[Statement]:
        """A paragraph with speakers; the last of them keeps the floor."""
        text = passage.scan.text
        outer = [one for one in sayings if not one.nested]
        yield from _told(passage, sayings, outer)
        if outer and (outer[-1].person or outer[-1].collective):
            self.speaker = outer[-1]
        said = self.speaker.words if outer and self.speaker is not None else 0
        opens = _FIRST.search(text, said) is not None and not text[:1].isdigit()
        self.counting = opens or (self.speaker is not None and self.speaker.words >= len(text.rstrip()))
        self.announced = _ANNOUNCED.search(text[-30:]) is not None


def find_statements(read: Sequence[Passage], people: Iterable[Participant]) -> tuple[Statement, ...]:
    """All attributions of the body to a collective or to one of `people`, in reading order.

    A paragraph that only goes on with an enumeration (一是…) belongs to the last speaker.
    """
    named_there = {person.name for person in people}
    out: list[Statement] = []
    floor = _Floor()
    opened: _Saying | None = None  # whom a line of its own announces: 刘友宾：
    for passage in read:
        block, text = passage.block, passage.scan.text
        heading = block.kind is LineKind.HEADING and len(text) < 24
        if block.kind is not LineKind.PARAGRAPH and not heading:
            continue
        sayings = [
            one if one.person is None or one.person in named_there else replace(one, person=None)
            for one in _sayings(passage)
        ]
        if opened is not None and not heading and not (sayings and sayings[0].start == 0):
            sayings.insert(0, replace(opened, start=0, words=0))
        opened = sayings[-1] if sayings and sayings[-1].words >= len(text.rstrip()) else None
        if heading:
            out += floor.heading(block, text, sayings)
        elif sayings:
            out += floor.spoken(passage, sayings)
        else:
            out += floor.silent(block, text)
    return tuple(out)


def _told(passage: Passage, sayings: Sequence[_Saying], outer: Sequence[_Saying]) -> Iterator[Statement]:
    """What each speaker of a paragraph says: up to the next of `outer`, or to the end of a quotation."""
    block, text = passage.block, passage.scan.text
    ends = {one.start: after.start for one, after in itertools.pairwise(outer)}
    for one in sayings:
        if one.person is None and one.collective is None:
            continue
        if one.nested:
            end = _nested_end(text, one.words)
        else:
            end = _end(passage, one.words, ends.get(one.start, len(text)))
        if words := block.text[one.words : end].strip(" \u3000"):
            yield Statement(block.id, one.person, one.collective, one.verb, words)


def _verbs(passage: Passage) -> list[tuple[int, int, str, bool]]:
    """Every verb of saying: start, where the words begin, the verb, whether a mark follows it."""
    text = _flat(passage.scan.text)
    out: list[tuple[int, int, str, bool]] = []
    last = -1
    for at in sorted(passage.scan.starts):
        for hit in sorted(passage.scan.starts[at], key=lambda hit: -hit.end):
            verb = text[at : hit.end]
            if not hit.kinds & Is.SAY or at < last or verb not in _SAYS:
                continue
            if verb.startswith("提") and verb.endswith("要求"):
                verb = "要求"
            made = _DEMANDED.match(text, hit.end) if verb == "提出" else None
            mark = _MARK.match(text, made.end() if made is not None else hit.end)
            if mark is not None:
                words = mark.start() + (0 if mark.group() in ("“", "") else 1)
                out.append((at, words, verb, True))
            elif verb in _DIRECT and text[hit.end] not in "的和了、。；）":
                out.append((at, hit.end, verb, False))
            else:
                continue
            last = hit.end
            break
    for match in _COUNTED.finditer(text):
        out.append((match.start(), match.end(), "讲", True))
    for match in re.finditer("(?:[说讲称]|(?<![询访慰提顾疑学])问)(?:，|：|(?=“))", text):
        out.append((match.start(), match.end(), match.group()[0], True))
    return sorted(out)


_COUNTED = re.compile("讲了[^，。；：“”\n]{1,8}[。：](?=第一|一是|一要|首先)")  # 讲了三条。第一，…
_TERM = re.compile(r"“[^“”，。；：！？]{1,20}”(?![，。；：])")


def _flat(text: str) -> str:
    """The text with the quotation marks of terms blanked out: 围绕“怎么干”提出要求 is one clause."""
    return _TERM.sub(lambda match: f"〃{match[0][1:-1]}〃", text) if "“" in text else text


def _sayings(passage: Passage) -> list[_Saying]:
    """The attributions of one paragraph, unread speakers among them."""
    text = _flat(passage.scan.text)
    for who in passage.persons:
        if " " in (name := text[who.at : who.end]):  # a blank inside a name is no border: 李 明要求
            text = text[: who.at] + name.replace(" ", "〃") + text[who.end :]
    found: list[_Saying] = []
    opening = passage.persons[0] if passage.persons else None
    if opening is not None and opening.start < 2 and text.startswith("：", opening.end) and opening.name:
        found.append(_Saying(0, opening.name, None, "：", opening.end + 1))  # a transcript
    for at, words, verb, marked in _verbs(passage):
        begin = max(0, at - 90)
        border = max(text.rfind(mark, begin, at) for mark in _BORDERS)
        if border < 0 and begin > 0:
            continue
        start = border + 1 if border >= 0 else 0
        if found and start < found[-1].words and at < found[-1].words:
            continue
        if found and at == found[-1].words and _DEMAND.search(text, max(0, at - 24), at):
            found[-1] = replace(found[-1], verb=verb, words=words)
            continue
        saying = _attributed(passage, text, start, at, words, verb, marked)
        if saying is None or (saying.start < start and found and found[-1].words > saying.start):
            continue  # of a clause without a subject inside what is being said
        saying = _with_quotation_before(text, saying, found[-1].words if found else 0)
        if saying.person in TOP and found and found[-1].person not in TOP:
            if text[words - 1 : words] not in "：“" and text[words : words + 1] != "“":
                continue
            saying = _Saying(saying.start, saying.person, None, verb, saying.words, nested=True)
        found.append(saying)
    return found


def _with_quotation_before(text: str, saying: _Saying, after: int) -> _Saying:
    """“治土要算账。”甲说，…: the words begin with the quotation that its speaker follows."""
    if text[saying.start - 1 : saying.start] != "”" or saying.person in TOP:
        return saying
    opened = text.rfind("“", after, saying.start)
    whole = (
        opened >= 0
        and text[opened - 1 : opened] in ("", *"。！？；\n \u3000")
        and "”" not in text[opened : saying.start - 1]
    )
    return replace(saying, start=opened, words=opened + 1) if whole else saying


_START, _END = attrgetter("start"), attrgetter("end")


def _sentence_at(passage: Passage, at: int) -> Sentence | None:
    """The sentence of the paragraph that has `at`, if it names somebody."""
    after = bisect_right(passage.sentences, at, key=_START)
    return passage.sentences[after - 1] if after and at < passage.sentences[after - 1].end else None


def _attributed(
    passage: Passage, text: str, start: int, at: int, words: int, verb: str, marked: bool
) -> _Saying | None:
    """Whose words follow the verb of saying at `at`, in the clause that begins at `start`."""
    if text[at - 1 : at] == "〃" and verb in _NOUNS:
        return None  # 提出了“三高四新”要求
    if text[words - 1] != "：" and _ACT.search(text, max(0, at - 3), at):
        return None  # 作出批示，… names an act; what follows is not said by it
    sentence = _sentence_at(passage, at)
    groups = sentence.groups[: bisect_left(sentence.groups, at, key=_START)] if sentence else []
    here = groups[bisect_right(groups, start, key=_END) :]
    lead = _LEAD.match(text, start, at)
    head = lead.end() if lead is not None else start
    between = _BETWEEN if marked else _TIGHT
    acting = [group for group in here if group.kind in ACTING]
    if acting:
        group = acting[0]
        if not between.fullmatch(text[group.end : at]) and (not marked or verb in _NOUNS):
            return None
        name = group.persons[0].name if len(group.persons) == 1 else None
        return _Saying(min(start, group.start), name or None, None, verb, words)
    collective = _COLLECTIVE.match(text, head, at)
    if collective is not None:
        if not between.fullmatch(text[collective.end() : at]):
            return None
        return _Saying(start, None, collective.group(), verb, words)
    if verb in _NOUNS and _AS_NOUN.search(text, head, at):
        return None
    if between.fullmatch(text, head, at) and (
        marked or verb in _DIRECT - _DECIDED or text.startswith(("要", "将"), words)
    ):
        return _earlier(text, sentence, groups, start, verb, words)
    if marked and (verb not in _NOUNS or verb in ("建议", "提出")) and _UNREAD.match(text[head:at]):
        return _Saying(start, None, None, verb, words)
    return None


def _earlier(
    text: str, sentence: Sentence | None, groups: Sequence[Group], start: int, verb: str, words: int
) -> _Saying | None:
    """甲出席会议并讲话，强调，…: the subject of the clauses before in the sentence."""
    begin = max(text.rfind(mark, max(0, start - 162), start) for mark in "。！？\n") + 1
    if start - begin > 160 or "“" in text[begin:start] or start == begin:
        return None
    group = next((group for group in reversed(groups) if group.kind == "subject"), None)
    if group is not None:
        if group.persons[0].name in TOP and "“" not in text[words - 1 : words + 1]:
            return None
        if len(group.persons) > 1 or not group.persons[0].name:
            return _Saying(start, None, None, verb, words)
        return _Saying(min(begin, group.start), group.persons[0].name, None, verb, words)
    lead = _LEAD.match(text, begin, start)
    collective = _COLLECTIVE.match(text, lead.end() if lead else begin, start)
    return _Saying(begin, None, collective.group(), verb, words) if collective else None


def _end(passage: Passage, start: int, end: int) -> int:
    """The end of what was said: before 会议还审议了…, 会上,…, 副局长甲列席会议."""
    text = passage.scan.text
    for mark in _STOP.finditer(text, start, end):
        at = mark.end()
        if at >= end:
            break
        if _GOES_ON.match(text, at):
            return at
        sentence = _sentence_at(passage, at)
        if sentence is not None and sentence.groups:
            first = sentence.groups[0]
            opens = first.start - at < 4 and first.persons[0].name not in TOP
            if opens and first.acts and first.kind == "subject":
                return at
    return end


def _nested_end(text: str, start: int) -> int:
    """A leader quoted inside another's words: the quotation, else the sentence."""
    if text[start : start + 1] == "“" and (match := _QUOTED.match(text, start)) is not None:
        return match.end()
    end = text.find("。", start)
    return len(text) if end < 0 else end + 1
