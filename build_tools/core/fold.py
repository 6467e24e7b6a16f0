"""What search takes for the same, and how a text becomes tokens.

One table serves both sides: `digest` indexes with it, and the browser folds what a reader types
with `theme/assets/search/fold-table.js`, which is this table written out (`python -m
build_tools.core.fold` writes it, a test compares). Folding maps one character to one character, so an
offset in the folded text is an offset in the text:

- full-width forms to ASCII, half-width kana punctuation to its usual form,
- Latin, Greek and Cyrillic capitals to small letters,
- a radical to the character that it looks like,
- a Traditional character to its Simplified one (OpenCC's TSCharacters and regional variants),
  unless Simplified text uses it too: 著, 乾, 於, 瞭 stay as they are, so that searching 着 does not
  find 著名. What a reader may mean by one of these stands in `AMBIGUOUS`; the browser tries it
  when the query is typed in Traditional, or when the wording as typed finds nothing.

White space and invisible format characters do not count.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc

from build_tools.core.paths import PACKAGE
from build_tools.core.vocabulary import load

BORDER = "xborderx"
"""Stands between blocks, so that no phrase runs across. No character's token is spelt like it."""

MARK = "xmarkx"
"""The word whose places are those of all punctuation marks (`postings`); no token is spelt like it either."""

MARKS = "、。,;:?!·・‧•…‥⋯—–―‐‑‒─-~_/\"'“”‘’„‟‚‛«»‹›〈〉《》「」『』()[]{}〔〕【】〖〗"
"""What a search without punctuation passes over, as folded: the marks of GB/T 15834 in every shape.

Not `.` and `%`, which numbers are read by, and not `*`, which stands for text that is lost.
"""

WHITE = "".join(
    map(
        chr,
        (
            *range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0xAD, 0x1680, 0x180E,
            *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070), 0x3000, 0xFEFF,
            *range(0xFE00, 0xFE10), *range(0xE0100, 0xE0120),  # which form of a character is meant
        ),
    )
)  # fmt: skip
"""White space of Unicode and the characters that show nothing."""

_HALF = {0xFF61: "。", 0xFF62: "「", 0xFF63: "」", 0xFF64: "、", 0xFF65: "・"}
_DICTIONARY = Path(opencc.__file__).parent / "dictionary"


def _in_use(char: str) -> bool:
    """Whether Simplified text uses it: it is in GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _pairs(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (_DICTIONARY / f"{name}.txt").read_text("utf-8").splitlines():
        left, _, right = line.partition("\t")
        if len(left) == 1 and right:
            yield left, [char for char in right.split() if len(char) == 1]


@cache
def tables() -> tuple[dict[str, str], dict[str, str]]:
    """(`FOLD`: character → what it counts as; `AMBIGUOUS`: character in use → what else it may mean)."""
    simple = dict(_pairs("TSCharacters"))
    for name in ("TWVariantsRev", "HKVariantsRev"):  # 裡 → 裏 → 里, 為 → 爲 → 为
        for char, forms in _pairs(name):
            if char not in simple:
                simple[char] = [simple.get(form, [form])[0] for form in forms]
    fold = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    fold.update({chr(code): char for code, char in _HALF.items()})
    for code in range(0x2F00, 0x2FD6):  # radicals that PDFs have in place of Han
        fold[chr(code)] = unicodedata.normalize("NFKC", chr(code))
    fold.update(load("script")["radicals"].split())
    ambiguous: dict[str, str] = {}
    for char, forms in simple.items():
        kept = char if _in_use(char) else forms[0]
        if kept != char:
            fold[char] = kept
        others = "".join(dict.fromkeys(form for form in forms if form not in (kept, char) and _in_use(form)))
        if others:
            ambiguous[char] = others
    for code in (*range(0x41, 0x250), *range(0x370, 0x530)):
        small = chr(code).lower()
        if len(small) == 1 and small != chr(code):
            fold[chr(code)] = small
    for code in range(0xFF21, 0xFF3B):
        fold[chr(code)] = chr(code - 0xFEE0).lower()
    return {char: fold.get(to, to) for char, to in fold.items()}, ambiguous  # 薴 → 苧 → 苎


@cache
def _changes() -> tuple[frozenset[str], dict[str, str]]:
    table = {**tables()[0], **dict.fromkeys(WHITE, "")}
    return frozenset(table), table


def fold(text: str) -> str:
    """The text as search compares it: folded, without white space.

    >>> fold("孫金龍 ＣＯＤ：５０%")
    '孙金龙cod:50%'
    >>> fold("顯著")
    '显著'
    """
    changing, table = _changes()
    # A third of the time of str.translate, which looks up every character. No character is folded to one
    # that is folded itself, so the order does not matter.
    for char in changing.intersection(text):
        text = text.replace(char, table[char])
    return text


class _Tokens(dict[int, str]):
    """Code point → its token and a blank; nothing for white space."""

    def __missing__(self, code: int) -> str:
        char = fold(chr(code))
        plain = "0" <= char <= "9" or "a" <= char <= "z" or "一" <= char <= "鿿"
        self[code] = token = f"{char} " if plain else f"u{ord(char):x}z " if char else ""
        return token


_TOKENS = _Tokens()


def tokens(text: str) -> str:
    """Every character its own token, each followed by a blank.

    Pagefind drops punctuation and takes off accents, so that all but digits, Latin letters and
    the common Han characters have stand-ins.

    >>> tokens("第19条、VOCs")
    '第 1 9 条 u3001z v o c s '
    """
    return text.translate(_TOKENS)


def javascript() -> str:
    """The table as an ES module: strings of pairs, because they load fastest."""
    folded, ambiguous = tables()
    rows = {
        "WHITE": WHITE,
        "FROM": "".join(folded),
        "TO": "".join(folded.values()),
        "AMBIGUOUS": ambiguous,
        "BORDER": BORDER,
        "MARK": MARK,
        "MARKS": MARKS,
    }
    lines = [
        f"export const {name} = {json.dumps(value, ensure_ascii=name == 'WHITE')};"
        for name, value in rows.items()
    ]
    return "// Written by `python -m build_tools.core.fold`; do not edit.\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = PACKAGE / "theme" / "assets" / "search" / "fold-table.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(javascript(), "utf-8", newline="\n")
