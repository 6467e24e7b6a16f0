"""Where a personal name starts and ends in running Chinese text.

A name has no border of its own: 郭芳出席 could be 郭芳 or 郭芳出. The end is settled by
what follows (a mark, a verb of the predicate, 同志, 等), surnames and everyday words by
`data/surnames.yml` and `data/words.yml`. Guaranteed: bounded look-ahead, no state.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.offices import AFTER_NAME, is_office

_SURNAMES, _WORDS, _VERBS, _PLACES = (load(name) for name in ("surnames", "words", "verbs", "places"))


def _chars(value: str) -> frozenset[str]:
    return frozenset("".join(value.split()))


SINGLE = _chars(_SURNAMES["single"])
CLANS = frozenset(_SURNAMES["clans"].split())
JAPANESE = frozenset(_SURNAMES["japanese"].split())
COMPOUND = frozenset(_SURNAMES["compound"].split()) | CLANS | JAPANESE
SOFT = _chars(_SURNAMES["soft"])
TITLED = _chars(_SURNAMES["titled"])  # of the soft ones, those that a title alone makes a person
TRICKY = _chars(_SURNAMES["tricky"])  # of the soft ones, those that doubt even an office before them
GIVEN = _chars(_SURNAMES["given"])
FOREIGN = _chars(_SURNAMES["transliteration"])
FOREIGN_LONG = FOREIGN | _chars(_SURNAMES["transliteration_long"])
NEVER = frozenset(_WORDS["never"].split())
# 马上, 成功: a name only where a mark follows it.
ADVERBIAL = frozenset(_WORDS["adverbial"].split())
GIVEN_TOO = frozenset(_WORDS["given_too"].split())
ORDINARY = frozenset(_WORDS["ordinary"].split())
PLACES = frozenset(f"{_PLACES['provinces']} {_PLACES['cities']}".split())
SUFFIXES = frozenset(_PLACES["suffixes"])
# Function words first of all; a family name only on more evidence.
FUNCTION = frozenset("和从向对同经与及")
# Never inside a name.
NOT_IN_NAME = frozenset("的了们着是不这那很把被让你我它她他些什么吗呢某每此该")
# A short word after a two-character name rather than the last character of a three-character one.
HARD_SHORT = frozenset("任在到就将的等说率赴以从因于也还已了及作把受由要曾坐站走看笑则均却仍再又便")
REDACTED = frozenset("×＊*〇○□XxＸ某")

_LONG = sorted(_VERBS["follow"].split(), key=len, reverse=True)
_TITLES = "(?:常务)?副?(?:" + "|".join(AFTER_NAME) + ")"
_FOLLOW = re.compile(
    rf"(?:[^{HAN}·•‧]|$|{'|'.join(_LONG)}|{_TITLES})()|[{''.join(_VERBS['follow_short'].split())}]"
)
_RUN = re.compile(f"[{HAN}]*")
_DOT = "·•‧"
_DOTS = re.compile(f"[{_DOT}]")
# Words of the predicate that are written as names are: 玛依拉·努尔丁|参加; not 巴哈提·叶尔特别克.
_PREDICATE = re.compile("参加|[再多]次(?!仁)|特别(?!克)")
# One dot at least; hyphens between parts of a part: 玛丽亚·桑切斯-洛佩斯, 安妮-玛丽·勒克莱尔.
_DOTTED = re.compile(
    rf"[{HAN}]{{1,8}}(?:-[{HAN}]{{1,8}})?(?:[{_DOT}][{HAN}]{{1,8}}(?:-[{HAN}]{{1,8}})?){{1,4}}"
)
_UPPER, _LETTER = "A-ZÀ-ÖØ-ÞĀ-Ž", "A-Za-zÀ-ÖØ-öø-ÿĀ-ž'’"
_WORD = rf"[{_UPPER}][{_LETTER}]*(?:-[{_LETTER}]+)*\.?"
_LATIN = re.compile(
    rf"{_WORD}(?:[ {_DOT}](?:(?:van|von|der|den|de|da|di|la|le|al|bin|del|dos) ){{0,2}}{_WORD}){{1,4}}"
)
_SPACED = re.compile(rf"([{HAN}])[  \u3000]{{1,4}}([{HAN}])(?=[^{HAN}]|$|{'|'.join(_LONG)})")
_SPREAD = re.compile(rf"([{HAN}])[ \u3000]{{1,2}}([{HAN}])[ \u3000]{{1,2}}([{HAN}])(?=[、，。；）\n]|$)")
_AFTER_PADDED = re.compile(
    r"[、，。；（\n]|$|出席|参加|列席|主持|陪同|讲话|致辞|汇报|发言|分别|请假|因[公病事]"
)

_OPENS = SINGLE | FOREIGN_LONG | {word[0] for word in COMPOUND}  # what any other name begins with
START = "".join(sorted(SINGLE | FOREIGN | {word[0] for word in COMPOUND - JAPANESE}))


class Name(NamedTuple):
    """A reading: `strength` is 3 when what follows settles the end, 2 when a short word does, 1 a guess."""

    text: str
    end: int
    strength: int


def follow(text: str, at: int) -> int:
    """How surely a name ends at `at`: 3 a mark or a verb, 2 a short word, 0 no sign.

    >>> follow("郭芳出席会议", 2), follow("郭芳在京", 2), follow("郭芳出席", 3)
    (3, 3, 0)
    """
    match = _FOLLOW.match(text, at)
    if match is None:
        return 0
    return 3 if match.group(1) is not None else 2


def plausible(name: str) -> bool:
    """Whether a string may be a name at all: no everyday word, place, office or function character in it."""
    if name in NEVER or name in PLACES or is_office(name[1:]) or is_office(name):
        return False
    if name[1:] in NEVER and (name[1:] not in GIVEN_TOO or name[0] in FUNCTION):
        return False
    return not NOT_IN_NAME.intersection(name) or (len(name) > 2 and FOREIGN_LONG.issuperset(name))


def surname_length(text: str, at: int) -> int:
    if text[at : at + 2] in COMPOUND:
        return 2
    if text[at : at + 3] in COMPOUND or text[at : at + 4] in COMPOUND:
        return 3
    return 1 if text[at : at + 1] in SINGLE else 0


def _dotted(text: str, at: int) -> Name | None:
    if text[at : at + 1] < "\u2000":  # before all Han
        latin = _LATIN.match(text, at)
        return Name(latin.group(), latin.end(), 3) if latin else None
    match = _DOTTED.match(text, at) if _DOTS.search(text, at, at + 18) else None
    if match is None:
        return None
    last = max(match.group().rfind(dot) for dot in _DOT) + at + 1
    run = last
    while run < match.end() and text[run] in FOREIGN_LONG:
        run += 1
    verb = _PREDICATE.search(text, last + 1, run)
    run = verb.start() if verb else run
    ends = [*range(run, last, -1), *range(last + 1, match.end() + 1)]
    for end in ends:
        if follow(text, end) == 3 and not text.startswith("-", end):
            cut = int(end - 1 > last and text[end - 1] in HARD_SHORT)  # 安娜·凯斯基宁以|视频方式
            return Name(text[at : end - cut], end - cut, 3)
    return Name(match.group(), match.end(), 2)


def read_name(text: str, at: int, known: Collection[str] = (), *, guess: bool = False) -> Name | None:
    """The name that starts at `at`, or None. `known` names win where they end well.

    With `guess`, a name that nothing settles is taken by its usual characters.

    >>> read_name("刘伟主持召开会议", 0)
    Name(text='刘伟', end=2, strength=3)
    >>> read_name("阿不都热合曼·买买提出席", 0).text, read_name("欧阳颂主持", 0).text
    ('阿不都热合曼·买买提', '欧阳颂')
    >>> read_name("高度重视", 0) is read_name("张某某说", 0) is None
    True
    """
    dotted = _dotted(text, at)
    if dotted is not None:
        return dotted
    found: list[Name] = []
    for size in (4, 3, 2):
        name = text[at : at + size]
        if len(name) == size and name in known:
            strength = follow(text, at + size)
            if strength == 3:
                return Name(name, at + size, 3)
            found.append(Name(name, at + size, max(strength, 1)))
    if not found and text[at : at + 1] not in _OPENS:
        return None
    surname = surname_length(text, at)
    sizes = [surname + 1, surname + 2] if surname else []
    run = at + surname
    while run - at < 8 and text[run : run + 1] in FOREIGN_LONG and run < len(text):
        run += 1
    if surname or text[at : at + 1] in FOREIGN_LONG:
        short = 2 if FOREIGN.issuperset(text[at : at + 2]) else 3
        sizes += [size for size in range(max(short, surname + 1), run - at + 1) if size not in sizes]
        sizes.sort()
    stop = _RUN.match(text, at, at + 12).end() if sizes else at  # type: ignore[union-attr]
    for size in sizes:
        name = text[at : at + size]
        end = at + size
        if end > stop:
            break
        if text[end : end + 1] in REDACTED and end < len(text):
            return None
        strength = follow(text, end)
        if name in ADVERBIAL and text[end : end + 1] not in "、，；。":
            continue
        if not strength or not (plausible(name) or name in ADVERBIAL):
            continue
        if strength == 2 and text[end] == "兼" and is_office(name):
            continue
        if name[-1] in HARD_SHORT and (
            any(other.end == end - 1 for other in found) or (size > 2 and follow(text, end - 1) == 3)
        ):
            continue  # 古树|作表态发言
        found.append(Name(name, end, strength))
    if found:
        return max(found, key=lambda name: (name.strength, name.text in known, -name.end))
    spread = _SPREAD.match(text, at)  # 乜 永 平, 巴 特 尔
    if spread is not None:
        name = "".join(spread.groups())
        usual = surname == 1 and GIVEN.issuperset(name[1:])
        if plausible(name) and (usual or FOREIGN.issuperset(name)):
            return Name(name, spread.end(), 3)
    spaced = _SPACED.match(text, at)
    if spaced is not None and surname == 1:
        name = spaced.group(1) + spaced.group(2)
        padded = _AFTER_PADDED.match(text, spaced.end()) is not None  # 安　康，: set as wide as three
        if (padded or (plausible(name) and name[0] not in SOFT)) and spaced.group(2) in GIVEN:
            return Name(name, spaced.end(), 3)
    if guess and 3 <= run - at <= 6 and FOREIGN.issuperset(text[at : at + 3]) and plausible(text[at:run]):
        if text[run - 1] in SUFFIXES or text[run : run + 1] in SUFFIXES:
            return None  # 达拉特|旗
        return Name(text[at:run], run, 1)  # 扎西泽仁轻车简从
    if guess and surname and text[at] not in SOFT:
        for size in (surname + 2, surname + 1):
            name = text[at : at + size]
            if (
                len(name) == size
                and GIVEN.issuperset(name[surname:])
                and plausible(name)
                and name[:2] not in NEVER
                and name[:2] not in ADVERBIAL
                and name not in ORDINARY
                and text[at + size : at + size + 1] not in SUFFIXES
            ):
                return Name(name, at + size, 1)
    return None


def segment(run: str, known: Collection[str]) -> list[str] | None:
    """Cut names that a headline runs together; None when the run is not all names.

    >>> segment("胡衡华张轩王炯", {"张轩"})
    ['胡衡华', '张轩', '王炯']
    >>> segment("欧阳澈司马亦农仉平安", ())
    ['欧阳澈', '司马亦农', '仉平安']
    """
    if not 2 <= len(run) <= 120:
        return None
    # best[i] is the cheapest cut of run[:i]: a known name costs least, three characters less than two.
    best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(run)
    for at in range(len(run)):
        here = best[at]
        if here is None:
            continue
        for size in (2, 3, 4, 5, 6):
            name = run[at : at + size]
            if len(name) < size:
                break
            cost = _cost(name, known)
            if cost is None:
                continue
            before = best[at + size]
            if before is None or here[0] + cost < before[0]:
                best[at + size] = (here[0] + cost, [*here[1], name])
    last = best[-1]
    return last[1] if last else None


def _cost(name: str, known: Collection[str]) -> float | None:
    if name in known:
        return 0.1
    surname = surname_length(name, 0)
    given = name[surname:]
    if not surname or not 1 <= len(given) <= 2 or not plausible(name):
        return None
    odd = sum(char not in GIVEN for char in given) + (name[0] in SOFT and surname == 1)
    size = 1.0 if len(given) == 2 else 1.2
    return size + 0.8 * odd - (0.2 if surname == 2 else 0)
