"""Pinyin glosses behind Han characters: `環(huán)境`, as mirrors against copying insert them.

A gloss is one Han character, a parenthesis and one syllable. Other parentheses
stay: `(記者 甲)`, `(VOCs)`, `(中心)`, `分钟(min)`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from build_tools.core.article import Edit
from build_tools.core.text import HAN, SPACES
from build_tools.core.vocabulary import load

LETTERS = "A-Za-züÜêÊāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ\u0300\u0301\u0304\u030c\u0308ɑɡ"
# A mirror may set blanks around the parentheses too: `江陽 （yang） 省`.
# A line may be wrapped before a gloss or in it.
GLOSS = re.compile(rf"(?:(?<=[{HAN}])|(?<=[{HAN}]\n))( ?)[(（] ?([{LETTERS}]{{1,10}})([1-5]?) ?\n?[)）]( ?)")
OPENED = re.compile(rf"[(（] ?[{LETTERS}]")
CUT = re.compile(rf"(?<=[{HAN}])[(（] ?([{LETTERS}]{{0,10}})[{SPACES}]*$", re.MULTILINE)
TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
# ɑ and ɡ are the single-storey letters of pinyin fonts.
FOLD = str.maketrans({"ɑ": "a", "ɡ": "g"})


@cache
def _syllables() -> frozenset[str]:
    return frozenset(load("pinyin")["syllables"].replace("v", "ü").split())


def _plain(letters: str) -> tuple[str, bool]:
    """The syllable without its tone, and whether it bore one.

    >>> _plain("huán"), _plain("men")
    (('huan', True), ('men', False))
    """
    wide = unicodedata.normalize("NFD", letters.lower().translate(FOLD))
    bare = wide.translate(TONES)
    return unicodedata.normalize("NFC", bare).replace("v", "ü"), bare != wide


def _reads(han: str, syllable: str) -> bool:
    """Whether a character has that reading in pypinyin's table; needed for untoned syllables only."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - 0.2 s to import, for the odd article only

    readings = PINYIN_DICT.get(ord(han), "").split(",")
    return any(_plain(reading)[0] == syllable for reading in readings)


def glosses(text: str) -> list[Edit]:
    """Edits that strip every gloss. A toned syllable is one behind any Han; a plain one must be its reading.

    >>> [e.before for e in glosses("環(huán)境我们(men)(記者 甲)VOCs(VOCs)钟(min)")]
    ['(huán)', '(men)']
    >>> [e.before for e in glosses("生態 (tai) 環 (huan) 境(huan)")]
    [' (tai) ', ' (huan) ']
    """
    if OPENED.search(text) is None:
        return []
    out: list[Edit] = []
    for match in GLOSS.finditer(text):
        syllable, toned = _plain(match.group(2))
        if syllable not in _syllables():
            continue
        if (toned and not match.group(3)) or _reads(
            text[match.start() - 1 - (text[match.start() - 1] == "\n")], syllable
        ):
            gloss = match.group() if match.group(1) else match.group().removesuffix(match.group(4))
            out.append(Edit(match.start(), gloss, ""))
    # A line may end inside a gloss; only a glossed page says that it is one.
    for cut in CUT.finditer(text) if len(out) >= 3 else ():
        part = _plain(cut.group(1))[0]
        if all(edit.start != cut.start() for edit in out) and any(s.startswith(part) for s in _syllables()):
            out.append(Edit(cut.start(), cut.group().rstrip(), ""))
    return sorted(out, key=lambda edit: edit.start)
