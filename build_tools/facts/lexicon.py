"""All words of `data/*.yml` that the reading knows, in one automaton: word → what it may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from build_tools.core.vocabulary import load


class Is:
    """What a word may be, as bits: one word may be several."""

    NEVER = 1  # an everyday word, no person wherever it is
    ORDINARY = 2  # an everyday word that is also a name
    PLACE = 4
    DENIED = 8  # what follows an office without being a name: 市长热线
    FOLLOW = 16  # the first word of a predicate after a name: 甲主持
    COLLECTIVE = 32  # who says something, apart from persons: 会议
    SAY = 64
    GIVEN_TOO = 128  # an everyday word that is also a given name: 国庆
    ADVERB = 256  # a name only where a mark follows it: 马上


class Hit(NamedTuple):
    """A word at text[start:end]."""

    start: int
    end: int
    kinds: int


class Name(NamedTuple):
    """A reading of text[at:end]: `name` without inner blanks, `score` a logit (0: as likely as not)."""

    at: int
    end: int
    name: str
    score: float


_LISTS = (
    ("words", "never", Is.NEVER),
    ("words", "ordinary", Is.ORDINARY),
    ("words", "given_too", Is.GIVEN_TOO),
    ("words", "adverbial", Is.ADVERB),
    ("places", "provinces", Is.PLACE),
    ("places", "cities", Is.PLACE),
    ("slots", "words", Is.DENIED),
    ("slots", "adverbs", Is.ADVERB),
    ("verbs", "follow", Is.FOLLOW),
    ("reading", "adverbs", Is.FOLLOW),
    ("verbs", "collectives", Is.COLLECTIVE),
    ("verbs", "statements", Is.SAY),
)


_LONE = re.compile("[\ud800-\udfff]")  # half a character: the automaton takes none


@cache
def words() -> dict[str, int]:
    """Every word of two characters and more, with its kinds.

    >>> words()["主持"] & Is.FOLLOW > 0, words()["会议"] & Is.COLLECTIVE > 0
    (True, True)
    """
    out: dict[str, int] = {}
    for name, key, kind in _LISTS:
        for word in load(name)[key].split():
            if len(word) > 1:
                out[word] = out.get(word, 0) | kind
    return out


def whole(text: str) -> str:
    """The text with halves of characters replaced, at the same length: what an automaton takes."""
    return text if text.isascii() else _LONE.sub("?", text)


class Finder:
    """All places of many words in one pass, overlapping ones too.

    >>> Finder(["王伟", "王伟国"]).places("王伟国强调")
    [('王伟', 0, 2), ('王伟国', 0, 3)]
    """

    def __init__(self, listed: Iterable[str]) -> None:
        self._words = [word for word in listed if not _LONE.search(word)]
        self._automaton = ahocorasick_rs.AhoCorasick(self._words)

    def places(self, text: str) -> list[tuple[str, int, int]]:
        """Word, start and end of each, by where they end."""
        if not self._words:
            return []
        found = self._automaton.find_matches_as_indexes(whole(text), overlapping=True)
        return [(self._words[which], start, end) for which, start, end in found]


@cache
def _finder() -> Finder:
    return Finder(words())


def find(text: str) -> list[Hit]:
    """All words of the text, overlapping ones too, by where they end.

    >>> ["主持召开会议"[hit.start:hit.end] for hit in find("主持召开会议")]
    ['主持', '召开', '会议']
    """
    kinds = words()
    return [Hit(start, end, kinds[word]) for word, start, end in _finder().places(text)]
