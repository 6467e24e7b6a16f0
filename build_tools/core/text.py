"""Character classes and small text functions that every layer may use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

# CJK Unified Ideographs with extension A, compatibility ideographs, 〇 and the supplementary planes.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RE = re.compile(f"[{HAN}]")
CLOSERS = "”’」』\uff09)】》〉"
_STOP = "。\uff01\uff1f!?"
# Ordinals and days: 十二, 二十三.
NUMERALS = "一二三四五六七八九十"
CN = f"[{NUMERALS}]{{1,3}}"
_DIGITS = {char: at for at, char in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零O", 0)
SPACES = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"


def is_han(char: str) -> bool:
    """
    >>> is_han("环"), is_han(","), is_han("〇")
    (True, False, True)
    """
    return bool(HAN_RE.match(char))


def number_of(numeral: str) -> int:
    """The number below 100 that `CN` finds, a circled one, or digits by place.

    >>> [number_of(one) for one in ("十二", "七", "二十", "③", "11", "二〇二三")]
    [12, 7, 20, 3, 11, 2023]
    """
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    tens, ten, ones = numeral.rpartition("十")
    if ten:
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS.get(char, char)) for char in numeral))


def matches(starts: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """`pattern.finditer(text)` for a pattern that matches only where a character of the class `starts` stands.

    `re` scans for a class in one pass, but tries a pattern that opens with a group or a
    lookbehind at every character: on prose this is three to ten times as fast.

    >>> [match[0] for match in matches(re.compile("[一二]"), re.compile("(?<!第)[一二](?=是)"), "第一是，二是")]
    ['二']
    """
    at = 0
    while (start := starts.search(text, at)) is not None:
        match = pattern.match(text, start.start())
        if match is None:
            at = start.end()
        else:
            yield match
            at = max(match.end(), start.end())


def finder(wordings: Sequence[str]) -> Callable[[str], bool]:
    """Whether any of these patterns is in a text.

    `re` tries a pattern bound to the beginning at every character, and looks for first characters in one pass only
    where every alternative begins with one: apart, `data/noise.yml` takes a quarter of the time.

    >>> [finder(["^甲", "乙丙", "[丁戊]己"])(text) for text in ("甲", "丁甲", "丁乙丙", "戊己")]
    [True, False, True, True]
    """
    bound = [one for one in wordings if one.startswith("^")]
    plain = [one for one in wordings if one[:1] not in ("^", "(", "[")]
    joined = (re.compile("|".join(some)).search for some in (plain, bound) if some)
    tries = (*joined, *(re.compile(one).search for one in wordings if one[:1] in ("(", "[")))

    def found(text: str) -> bool:
        for search in tries:  # noqa: SIM110 - half the time of any()
            if search(text):
                return True
        return False

    return found


def pairs(text: str) -> list[int]:
    """Every two neighbouring UTF-16 units: a word with a pair that a text has not does not stand in it.

    >>> set(pairs("环境保护")).issuperset(pairs("境保")), set(pairs("环境保护")).issuperset(pairs("环保"))
    (True, False)
    """
    units = memoryview(text.encode("utf-16-le", "surrogatepass"))
    even = len(units) // 4 * 4
    odd = max(0, len(units) - 2) // 4 * 4
    return units[:even].cast("I").tolist() + units[2 : odd + 2].cast("I").tolist()


class Found(NamedTuple):
    """A word at text[start:end]."""

    start: int
    end: int
    word: str


class Words:
    """Finds words as `re.compile("|".join(words))` would, the longest first at a place.

    For the names of one article: compiling the alternation costs ten times as much as finding them.

    >>> list(Words(["王伟", "王伟国", "李强"]).finditer("王伟国、李强和王伟"))
    [Found(start=0, end=3, word='王伟国'), Found(start=4, end=6, word='李强'), Found(start=7, end=9, word='王伟')]
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(filter(None, words), key=len, reverse=True)

    def finditer(self, text: str, at: int = 0, end: int | None = None) -> Iterator[Found]:
        """Every word of text[at:end], in order, none overlapping the one before."""
        stop = len(text) if end is None else min(end, len(text))
        places: list[tuple[int, int]] = []
        for rank, word in enumerate(self._words):
            start = text.find(word, at, stop)
            while start >= 0:
                places.append((start, rank))
                start = text.find(word, start + 1, stop)
        for start, rank in sorted(places):
            if start >= at:
                word = self._words[rank]
                at = start + len(word)
                yield Found(start, at, word)

    def search(self, text: str, at: int = 0, end: int | None = None) -> Found | None:
        """The first of them, or None."""
        stop = len(text) if end is None else min(end, len(text))
        found: Found | None = None
        for word in self._words:  # the longest first: another one counts only where it begins before
            start = text.find(word, at, stop if found is None else min(stop, found.start + len(word) - 1))
            if start >= 0:
                found = Found(start, start + len(word), word)
        return found

    def within(self, text: str) -> Words:
        """Those that stand in the text: to be looked for in its parts."""
        return Words(word for word in self._words if word in text)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=256)  # two readers number the paragraphs of an article
def short_hash(text: str, digits: int = 8) -> str:
    """The first hex digits of the SHA-256 of a text's UTF-8 form."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def block_ids(texts: list[str], prefix: str = "p") -> list[str]:
    """Ids by content: `p-` + 8 hex, with `-2`, `-3` for repeats (DESIGN: stable contract).

    >>> block_ids(["甲", "乙", "甲"])
    ['p-33e3580c', 'p-71530d4c', 'p-33e3580c-2']
    """
    seen: dict[str, int] = {}
    out = []
    for text in texts:
        base = f"{prefix}-{short_hash(text)}"
        seen[base] = seen.get(base, 0) + 1
        out.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return out


def sentences(text: str) -> list[str]:
    """Split at 。!? and …… with the closing marks that follow.

    >>> sentences("会议指出,要抓紧。他说:“好。”完")
    ['会议指出,要抓紧。', '他说:“好。”', '完']
    """
    return re.findall(rf"[^{_STOP}]*[{_STOP}]+[{CLOSERS}]*|[^{_STOP}]+$", text)


def cut(text: str, limit: int) -> str:
    """
    >>> cut("推进美丽中国建设", 5)
    '推进美丽…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def before(one: str, other: str) -> bool:
    """Whether an EDTF date is surely before another one; of an unknown year nothing is sure.

    >>> before("2023-01-01", "2024-05"), before("2024-05-03", "2024-05"), before("XXXX-12-31", "XXXX-01-01")
    (True, False, False)
    """
    return "X" not in one + other and one[: len(other)] < other[: len(one)]
