"""How likely it is that some characters are a person's name: the one answer that every construction uses.

A candidate is described by features: what precedes it, what follows it, its family name, its given name,
the words that it is, begins, ends or cuts. Their weights (`data/weights.yml`, logits) are fitted from the gold
by `python -m tests.eval.fit`. Guaranteed: bounded look-ahead; linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import Is, Name, words
from build_tools.facts.offices import head_length, is_office
from build_tools.facts.tokens import (
    CHARS,
    DENIED,
    FUNCTION,
    GIVEN,
    IS_HAN,
    LONG,
    NEVER_IN,
    REDACTED,
    SHORT,
    SOFT,
    SUFFIX,
    TRICKY,
    WHOLE,
    Scanned,
    redacted,
    right_of,
    surname_length,
)

_PLACES = load("places")
_PLACE_NAMES = frozenset(f"{_PLACES['provinces']} {_PLACES['cities']}".split())
UNITS = frozenset("省市县区州盟旗乡镇村")
_TOWNS = ("苏木", "嘎查")  # of a banner, with names of any length
EDGES = frozenset(
    "上了和与及由受的按照请听对向是让经会给跟以为据彻达实习见问望迎谢陪访才厅局委院处部省市县区州盟旗办司校所站组队"
)
_WORD = words()
_RUN = re.compile(f"[{HAN}]*")
WEIGHTS: dict[str, float] = load("weights")["name"]

_DOT = "·•‧"
_UPPER, _LETTER = "A-ZÀ-ÖØ-ÞĀ-Ž", "A-Za-zÀ-ÖØ-öø-ÿĀ-ž'’"
_PART = rf"[{_UPPER}][{_LETTER}]*(?:-[{_LETTER}]+)*\.?"
_LATIN = re.compile(
    rf"{_PART}(?:[ {_DOT}](?:(?:van|von|der|den|de|da|di|la|le|al|bin|del|dos) ){{0,2}}{_PART}){{1,4}}"
)
_DOTTED = re.compile(
    rf"[{HAN}]{{1,8}}(?:-[{HAN}]{{1,8}})?(?:[{_DOT}][{HAN}]{{1,8}}(?:-[{HAN}]{{1,8}})?){{1,4}}"
)
_SPREAD = re.compile(
    rf"([{HAN}])[ \u3000]{{1,4}}([{HAN}])(?:[ \u3000]{{1,2}}([{HAN}]))?(?=[^{HAN} \u3000]|$|出席|参加|列席|主持|对|就|陪同|讲话|汇报|请假|分别|因|通报|介绍)"
)
# Names found elsewhere in the article → at how many places.
Known = Mapping[str, int]
NOBODY: Known = {}


def features(scan: Scanned, at: int, end: int, left: str, known: Known) -> list[str]:
    """The features of text[at:end] as a name behind `left`."""
    text, size = scan.text, end - at
    bits = [CHARS.get(char, 0) for char in text[at:end]]
    surname = surname_length(text, at)
    if surname >= size:
        surname = 0 if surname > 1 else surname
    family = "none" if not surname else "compound" if surname > 1 else _family(bits[0])
    usual = sum(1 for bit in bits[surname:] if bit & GIVEN)
    given = "all" if usual == size - surname else "some" if usual else "odd"
    right = right_of(scan, end)
    out = [
        f"size {min(size - max(0, surname - 1), 5)}",
        f"left {left}",
        f"right {f'short {text[end]}' if right == 'short' else right}",
        f"{family} {given} {min(size, 4)}",
        f"{left} > {right}",
        f"{left} {family} {given}",
        f"{family} {given} > {right}",
    ]
    if left in ("before", "prep", "other"):
        edge = text[at - 1 : at]
        free = not edge or edge in EDGES or not IS_HAN.match(edge)
        out.append("edge free" if free else f"edge bound {left}")
    out += _as_words(scan, at, end, f"{left} > {right}", given)
    out += _characters(scan, at, end, bits, family, given)
    if all(bit & LONG for bit in bits):
        out += [f"foreign {min(size, 4)}", f"foreign {left}", f"foreign {family} {right}"]
    if bits[0] & FUNCTION and surname < 2:
        out += ["function first", f"function first {given} {min(size, 3)}"]
    if known.get(text[at:end], 0) > (scan.own.get(at) == text[at:end]):
        settled = right not in ("none", "near", "short", "other")
        out += [
            "known",
            f"known {'settled' if settled else right}",
            f"known {left}",
            f"known {family} {size}",
        ]
    elif scan.counted(text[at:end]) > 1:
        out.append(f"again {family}")
    return out


def _family(bits: int) -> str:
    return "tricky" if bits & TRICKY else "soft" if bits & SOFT else "hard"


def _characters(
    scan: Scanned, at: int, end: int, bits: Sequence[int], family: str, given: str
) -> Iterator[str]:
    """The features of single characters in a name and behind it, and of an office in it."""
    text = scan.text
    if bits[0] & DENIED:
        yield "denied start"
    if any(bit & NEVER_IN for bit in bits):
        yield "function inside foreign" if all(bit & LONG for bit in bits) else "function inside"
    if any(bit & REDACTED for bit in bits) or redacted(text, end):
        yield "redacted"
    if bits[-1] & SUFFIX:
        yield f"suffix {'usual' if bits[-1] & GIVEN else 'odd'} {family}"
    if CHARS.get(text[end : end + 1], 0) & SUFFIX and right_of(scan, end) == "none":
        yield "suffix follows"
    if (
        bits[-1] & SHORT and end - at > surname_length(text, at) + 1
    ):  # a family name alone is no name: 谭笑|出席
        yield f"short last {given}"
    if any(head_length(text, stop, at) for stop in range(at + 2, end + 1)):
        yield "office inside"
    if any(head_length(text, stop, at) == stop - at for stop in (end + 1, end + 2)):
        yield "office around"


def _kind_of_word(kinds: int) -> str:
    """What kind of everyday word a string is, '' for none."""
    if kinds & (Is.NEVER | Is.DENIED | Is.FOLLOW):
        for bit, word in ((Is.GIVEN_TOO, "given too"), (Is.DENIED, "denied"), (Is.FOLLOW, "verb")):
            if kinds & bit:
                return word
        return "never"
    for bit, word in ((Is.ORDINARY, "ordinary"), (Is.PLACE, "place"), (Is.ADVERB, "adverb")):
        if kinds & bit:
            return word
    return ""


def _as_words(scan: Scanned, at: int, end: int, slot: str, given: str) -> list[str]:
    """The features that tell which words text[at:end] is, begins, ends or cuts; `slot` is what is beside it."""
    name, size = scan.text[at:end], end - at
    left, right = slot.split(" > ")
    out: list[str] = []
    if word := _kind_of_word(_WORD.get(name, 0)):
        out += [
            f"word {word}",
            f"word {word} right {right}",
            f"word {word} left {left}",
            f"word {word} {slot}",
        ]
    rest = _WORD.get(name[1:], 0)
    if rest & (Is.NEVER | Is.FOLLOW) and not rest & Is.GIVEN_TOO:
        out.append(f"rest is a word {given}")
    begins = _WORD.get(name[:2], 0) if size > 2 else 0
    if begins & (Is.NEVER | Is.DENIED | Is.FOLLOW):
        out += ["begins with a word", f"begins with a word {given}"]
    if begins & Is.PLACE:
        out.append("begins with a place")
    if scan.longest(at, Is.NEVER | Is.DENIED) > size:
        out.append("begins a longer word")
    if scan.cut(at, end):
        out.append("cuts a word")
    if size > 2 and scan.longest(end - 2, Is.FOLLOW | Is.SAY) == 2:
        out.append("ends with a verb")
    if size > 3 and any(
        scan.longest(inner, Is.FOLLOW | Is.SAY | Is.PLACE) for inner in range(at + 1, end - 1)
    ):
        out.append("verb or place inside")
    return out


def score(told: list[str]) -> float:
    """The sum of the weights: the logit of its being a name."""
    weights = WEIGHTS
    total = weights.get("bias", 0.0)
    for one in told:
        total += weights.get(one, 0.0)
    return total


def sizes(scan: Scanned, at: int, left: str) -> list[int]:
    """The lengths that a name at `at` may have; without a family name only where the place alone says so."""
    text = scan.text
    room = len(_RUN.match(text, at, at + 8)[0])  # type: ignore[index]
    surname = surname_length(text, at)
    found: list[int] = []
    if surname:
        found += [surname + 1, surname + 2]
    run = surname
    while run < room and CHARS.get(text[at + run], 0) & LONG:
        run += 1
    if surname or run > 2 or (run > 1 and left != "clause"):
        found += range(max(2, surname + 1), run + 1)
    if left in ("office", "loose", "joined"):
        found += [2, 3] if surname == 1 else [2, 3, 4]
    return sorted({size for size in found if 1 < size <= room})


def dotted(text: str, at: int, scan: Scanned) -> Name | None:
    """玛依拉·努尔丁, John Smith: its end is where a verb begins, else where the characters end."""
    if text[at : at + 1] < "\u2000":
        latin = _LATIN.match(text, at)
        return Name(at, latin.end(), latin.group(), 6.0) if latin else None
    if not any(dot in text[at : at + 18] for dot in _DOT):
        return None
    match = _DOTTED.match(text, at)
    if match is None:
        return None
    first = re.split(f"[{_DOT}-]", match.group(), maxsplit=1)[0]
    if any(head_length(first, stop) for stop in range(2, len(first) + 1)) or re.search(".[与对向]", first):
        return None  # 首席谈判代表安妮·玛丽, 唐敖与本米·坎莫
    last = max(match.group().rfind(dot) for dot in _DOT) + at + 1
    run = last + 1
    while run < match.end() and CHARS.get(text[run], 0) & LONG:
        run += 1
    settled = [
        end
        for end in range(last + 1, match.end() + 1)
        if right_of(scan, end) not in ("none", "near", "short")
    ]
    inside = [end for end in settled if end <= run and not scan.ends_with_verb(last, end)]
    end = inside[-1] if inside else settled[0] if settled and right_of(scan, run) != "short" else run
    if end - 1 > last and CHARS.get(text[end - 1], 0) & SHORT:
        end -= 1  # 安娜·凯斯基宁以|视频方式
    return Name(at, end, text[at:end], 6.0 if settled else 4.0)


def name_at(scan: Scanned, at: int, left: str, known: Known = NOBODY) -> Name | None:
    """The likeliest name that starts at `at` behind `left` (office, loose, civic, joined, listed, clause, before), or None.

    >>> name_at(Scanned("刘伟主持召开会议"), 0, "clause").name
    '刘伟'
    >>> name_at(Scanned("郭芳出席会议"), 0, "office").name, name_at(Scanned("会议强调"), 0, "office")
    ('郭芳', None)
    """
    text = scan.text
    if not any(text[at : at + size] in known for size in (2, 3, 4)) and not any(
        dot in text[at : at + 18] for dot in _DOT
    ):
        if (at, left) not in scan.read:
            scan.read[at, left] = _name_at(scan, at, left, NOBODY)
        return scan.read[at, left]
    return _name_at(scan, at, left, known)


_DEPARTMENT = re.compile("生态环境|环境保护|水利|水务|自然资源|农业农村")
_OPEN = ("clause", "listed", "prep")  # where anything may stand: a name there needs a settled end


def _name_at(scan: Scanned, at: int, left: str, known: Known) -> Name | None:
    text = scan.text
    whole = dotted(text, at, scan)
    if whole is not None:
        return (
            whole
            if left in ("office", "loose", "joined", "clause", "listed") or whole.name in known
            else None
        )
    if left in ("listed", "joined", "clause", "prep") and scan.tails.get(at) == "bodies":
        return None
    best: Name | None = None
    for size in sizes(scan, at, left):
        right = right_of(scan, at + size)
        if (left in _OPEN and right in ("none", "other")) or _denied(text[at : at + size], left, right):
            continue
        if right == "none" and _DEPARTMENT.match(text, at + size):
            continue  # 松塔尔|生态环境分局
        logit = score(features(scan, at, at + size, left, known))
        short = best is not None and best.end == at + size - 1 and CHARS.get(text[at + size - 1], 0) & SHORT
        short = short and right in ("verb", "near", "none") and text[at + size - 1] != "任"
        if best is None or logit > best.score + (6.0 if short else 0.0):  # 仲长安|要牵头
            best = Name(at, at + size, text[at : at + size], logit)
    spread = _SPREAD.match(text, at)
    if spread is not None and (best is None or best.score < 0):
        name = "".join(filter(None, spread.groups()))
        lone = Scanned(name + text[spread.end() : spread.end() + 6], scan.whole)
        logit = score(features(lone, 0, len(name), left, known))
        if best is None or logit > best.score:
            best = Name(at, spread.end(), name, logit)
    if best is None or best.score <= 0 or (left not in ("office", "loose") and _placed(scan, best)):
        return None
    return best


def _denied(name: str, left: str, right: str) -> bool:
    """Whether a string is none for certain: 任组长, 任命隆冬, 和群众; an everyday word unless an office precedes it.

    >>> _denied("任组长", "office", "stop"), _denied("和群众", "listed", "verb"), _denied("高山", "office", "verb")
    (True, True, False)
    >>> _denied("马上", "office", "verb"), _denied("马上", "office", "list")
    (True, False)
    """
    if (
        is_office(name[1:])
        or is_office(name)
        or (len(name) > 2 and name.endswith(_TOWNS))
        or name.startswith(("任命", "免去", "聘任"))
        or (name[0] in "一两几" and right not in ("comma", "list", "stop", "note"))
        or (len(name) > 2 and _WORD.get(name, 0) & (Is.NEVER | Is.DENIED))
        or (CHARS.get(name[0], 0) & SHORT and not CHARS[name[0]] & LONG and not surname_length(name, 0))
        or (name[0] in "和与及" and _WORD.get(name[1:], 0) & Is.NEVER)
    ):
        return True
    if _WORD.get(name, 0) & Is.ADVERB and right in ("verb", "near", "short", "none"):
        return True
    if left in ("office", "joined"):
        return False
    if name[0] == "由" and left in _OPEN and surname_length(name, 1):
        return True  # 由|劳安担任组长
    rest = _WORD.get(name[1:], 0)
    words = rest & (Is.NEVER | Is.DENIED) and not rest & (Is.GIVEN_TOO | Is.ORDINARY)
    return bool(words) or bool(_WORD.get(name, 0) & (Is.NEVER | Is.DENIED) and not _WORD[name] & Is.GIVEN_TOO)


def _placed(scan: Scanned, name: Name) -> bool:
    """Whether the text shows a name to be a place's: 龙岩 where 龙岩市 is, 铁厂乡.

    >>> _placed(Scanned("龙岩市长"), Name(0, 2, "龙岩", 3.0)), _placed(Scanned("刘伟市长"), Name(0, 2, "刘伟", 3.0))
    (True, False)
    """
    if name.name[-1] in UNITS and not CHARS[name.name[-1]] & GIVEN:
        return True
    after = scan.text[name.end : name.end + 3]
    if after[1:2] == "长" and after[0] in UNITS and scan.counted(name.name) == 1:
        return name.name in _PLACE_NAMES
    at = scan.whole.find(name.name, 0, WHOLE)
    tried = 0
    while at >= 0 and tried < 20:
        tail = scan.whole[at + len(name.name) : at + len(name.name) + 2]
        if tail[:1] in UNITS and tail[1:2] != "长":
            return True
        at = scan.whole.find(name.name, at + 1, WHOLE)
        tried += 1
    return False
