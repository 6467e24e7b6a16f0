"""Who said what: 会议指出,… 孙金龙强调,… 他说,… 习近平总书记指出“…”.

A statement is a subject at the head of a clause, a verb of saying in the same clause, and
the words after it, up to the next attribution or the end of the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from build_tools.models import Block, LineKind, Participant, Statement
from build_tools.people import TOP, mask
from build_tools.text import HAN
from build_tools.vocabulary import load

_DATA = load("verbs")
_COLLECTIVES = sorted(_DATA["collectives"].split(), key=len, reverse=True)
_VERBS = "|".join(sorted(_DATA["statements"].split(), key=len, reverse=True))
# Between subject and verb: 在讲话中, 在听取汇报后, 还, 同时, 最后, 对此, 就…问题.
_BETWEEN = rf"(?:同志|总书记|主席|总理|(?:常务)?副?(?:书记|省长|市长|县长|区长|厅长|局长|部长|主任))?[^，。；：:！？“”\n]{{0,40}}?"
_TIGHT = r"(?:同志|总书记|(?:常务)?副?(?:书记|省长|市长|县长|区长|厅长|局长|部长|主任))?(?:还|又|也|同时|最后|首先|特别|再次|反复|进一步|着重|明确|当场|现场|并|在[^，。；：:“”\n]{1,20}(?:时|上|中|后))?"
_HEAD = r"(?:^|(?<=[。！？；，：\n”’ 　◇△]))(?P<lead>(?:会上|最后|同时|随后|其中|会前|会后|座谈中|调研中|会议期间|此外|对此|为此)，?)?"
_AFTER = r"(?P<mark>[，：:]|(?=“))"
_ENUMERATED = re.compile(r"(?:[一二三四五六七八九十]+(?:是|要|方面)|第[一二三四五六七八九十]+[，、]|（[一二三四五六七八九十]+）|\d{1,2}[.．、])")
_FIRST = re.compile(r"(?:一(?:是|要|方面)|第一|（一）|1[.．、])")
_QUOTED = re.compile(r"“[^“”\n]{1,4000}”")
_BODY = frozenset({LineKind.PARAGRAPH, LineKind.HEADING})


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

    >>> block = Block("p", LineKind.PARAGRAPH, "会议指出，形势严峻。孙金龙在讲话中强调，要抓实。他说：“好。”")
    >>> for said in find_statements([block], [Participant("孙金龙", (), ())]):
    ...     print(said.person, said.collective, said.verb, said.text)
    None 会议 指出 形势严峻。
    孙金龙 None 强调 要抓实。
    孙金龙 None 说 “好。”
    """
    pattern = _pattern([person.name for person in people if len(person.name) > 1])
    anybody = re.compile("|".join(sorted(map(re.escape, (p.name for p in people)), key=len, reverse=True)) or r"(?!)")
    out: list[Statement] = []
    last: str | None = None
    running: Statement | None = None
    for block in blocks:
        if block.kind not in _BODY:
            continue
        text = mask(block.text)
        sayings, last = _sayings(text, pattern, anybody, last)
        if block.kind is LineKind.HEADING:
            continue
        if not sayings:
            first, enumerated = _FIRST.match(text), _ENUMERATED.match(text)
            if running is not None and (first or (enumerated and running.paragraph == "")):
                out.append(Statement(block.id, running.person, running.collective, running.verb, block.text))
                running = Statement("", running.person, running.collective, running.verb, "")
            elif not enumerated:
                running = None
            continue
        outer = [saying for saying in sayings if not saying.nested]
        ends = {
            saying.start: nxt.start for saying, nxt in zip(outer, outer[1:], strict=False)
        }
        for saying in sayings:
            end = _nested_end(text, saying.words) if saying.nested else ends.get(saying.start, len(text))
            words = block.text[saying.words : end].strip(" 　")
            if words:
                out.append(Statement(block.id, saying.person, saying.collective, saying.verb, words))
        if outer:
            final = outer[-1]
            running = Statement("lead", final.person, final.collective, final.verb, "")
    return tuple(out)


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    persons = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"
    collectives = "|".join(map(re.escape, _COLLECTIVES))
    office = rf"[{HAN}、（）]{{0,40}}?"
    return re.compile(
        rf"{_HEAD}(?:(?P<he>[他她])|(?P<who>{collectives})|(?:{office})(?P<person>{persons}))"
        rf"(?:{_BETWEEN}(?P<verb>{_VERBS}){_AFTER}|{_TIGHT}(?P<direct>要求|希望|强调|指出|表示|认为|提出|决定|明确)(?=[{HAN}“]))"
    )


def _sayings(
    text: str, pattern: re.Pattern[str], anybody: re.Pattern[str], last: str | None
) -> tuple[list[_Saying], str | None]:
    """The attributions of one paragraph, and the person that 他 refers to after it."""
    found: list[_Saying] = []
    at = 0
    seen = 0
    for match in pattern.finditer(text):
        for person in anybody.finditer(text, seen, match.start()):
            if person.group() not in TOP:
                last = person.group()
        seen = match.end()
        verb = match.group("verb") or match.group("direct")
        words = match.end()
        who: str | None = match.group("person")
        if match.group("he"):
            who = last
            if who is None:
                continue
        if match.group("direct") and _noun(text, match.start("direct"), words):
            continue
        nested = who in TOP and bool(found) and found[-1].person not in TOP
        found.append(_Saying(match.start(), who, match.group("who"), verb, words, nested))
        if who is not None and who not in TOP:
            last = who
        at = words
    for person in anybody.finditer(text, max(at, seen)):
        if person.group() not in TOP:
            last = person.group()
    return found, last


def _noun(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] in ("的", "和", "了") and text[start:end] in ("要求", "希望") or text[start - 1 : start] == "的"


def _nested_end(text: str, start: int) -> int:
    """A leader quoted inside another's words: the quotation, else the sentence."""
    if text[start : start + 1] == "“":
        match = _QUOTED.match(text, start)
        if match is not None:
            return match.end()
    end = text.find("。", start)
    return len(text) if end < 0 else end + 1
