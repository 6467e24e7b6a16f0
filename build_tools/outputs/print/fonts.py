"""Typefaces of the printed edition: where they are, and what they cannot show.

Fonts come from a data-only package of the lock and from the Typst wheel itself;
the system's own are never looked at, so that every machine prints the same.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import typst

from build_tools.core.vocabulary import load

# Marks that re-order or hide what follows them: no page may obey those of a source.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def edition(lang: str) -> Any:
    """The words and typefaces of an edition. Raises ValueError for one that is not there."""
    editions = load("print")
    if lang not in editions:
        raise ValueError(f"no printed edition {lang!r}; there is {', '.join(editions)}")
    own = editions[lang]
    if "from" not in own:
        return own
    base = editions[own["from"]]
    return {**base, "fonts": {**base["fonts"], **own["fonts"]}}


def font_paths(lang: str) -> tuple[Path, Path]:
    """The files of the serif and of the sans face."""
    package = import_module(edition(lang)["fonts"]["module"])
    return Path(package.serif_path()), Path(package.sans_path())


def font_version(lang: str) -> str:
    """Name and version of the font package, for content keys.

    >>> font_version("zh-Hans").split()[0]
    'pylopdf_fonts_zh_cn'
    """
    module: str = edition(lang)["fonts"]["module"]
    return f"{module} {version(module)}"


@cache
def fonts(lang: str) -> typst.Fonts:
    """The faces that the compiler may use; read once a process."""
    folders = sorted({str(path.parent) for path in font_paths(lang)})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def cmap(data: bytes) -> frozenset[int]:
    """The code points that an OpenType font maps, read from its format 12 subtable.

    OpenType 1.9, `cmap`: <https://learn.microsoft.com/typography/opentype/spec/cmap>.
    Raises ValueError for a font without one (each Noto CJK face has one).
    """
    for i in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, table, _ = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        if tag == b"cmap":
            break
    else:
        raise ValueError("font without a cmap table")
    for i in range(struct.unpack_from(">H", data, table + 2)[0]):
        start = table + struct.unpack_from(">HHI", data, table + 4 + 8 * i)[2]
        if struct.unpack_from(">H", data, start)[0] == 12:
            count = struct.unpack_from(">I", data, start + 12)[0]
            groups = struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * count])
            return frozenset(point for first, last, _ in groups for point in range(first, last + 1))
    raise ValueError("font without a format 12 cmap")


@cache
def _covered(lang: str) -> frozenset[str]:
    points = frozenset[int]().union(*(cmap(path.read_bytes()) for path in font_paths(lang)))
    return frozenset(map(chr, points)) - _BIDI


@cache
def _uncovered(lang: str) -> re.Pattern[str]:
    # A set of a text's characters takes seven times as long: each is an object of its own.
    points = sorted(map(ord, _covered(lang)))
    starts = [at for at, point in enumerate(points) if not at or points[at - 1] != point - 1]
    runs = (points[one : other or None] for one, other in pairwise([*starts, 0]))
    return re.compile(
        "[^" + "".join(f"{re.escape(chr(run[0]))}-{re.escape(chr(run[-1]))}" for run in runs) + "]"
    )


_PROBE = b"""
#set document(title: "x", date: datetime(year: 1970, month: 1, day: 1))
#text(font: sys.inputs.serif, sys.inputs.shown) #text(font: sys.inputs.sans, sys.inputs.shown)
"""


@cache
def _shows(text: str, lang: str) -> bool:
    """Whether the compiler can set a character or a sequence in both faces: a compile of it alone tells (2 ms)."""
    if any(char in _BIDI or "\ud800" <= char <= "\udfff" for char in text):
        return False
    faces = edition(lang)["fonts"]
    try:
        typst.compile(
            _PROBE,
            font_paths=fonts(lang),
            ignore_system_fonts=True,
            sys_inputs={"shown": text, "serif": faces["serif"], "sans": faces["sans"]},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=0,
        )
    except typst.TypstError:
        return False
    return True


BOX = "□"
MOST = 300  # characters and sequences of an article that are tried; of more, none is trusted
# What may join the character before it: marks, joiners, selectors, modifiers. Wider than Unicode's own classes:
# what is tried needlessly costs 2 ms, what is not tried can fail in the whole book.
_JOINING = (
    "\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1100-\u11ff\u135d-\u135f\u1700-\u18af\u1900-\u1cff\u1dc0-\u1dff\u200b-\u200f"
    "\u20d0-\u20ff\u2cef-\u2cf1\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua6f1\ua800-\uabff\ud7b0-\ud7ff\ufb1e"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U00010000-\U0001ffff\U000e0000-\U000e0fff"
)
_SEQUENCE = re.compile(rf"[^\s{_JOINING}]?[{_JOINING}]{{1,8}}")


def lacking(texts: Iterable[str], lang: str = "zh-Hans") -> frozenset[str]:
    """The characters of `texts` that would not be seen in print, alone or where they stand.

    A keycap (1️⃣) is 1, a selector and a mark: each is in some face, the three in none.
    """
    whole = "\n".join(texts)
    chars = {char for char in _uncovered(lang).findall(whole) if not char.isspace()}
    gone = {char for char in chars if len(chars) > MOST or _foreign_mark(char) or not _shows(char, lang)}
    boxed = whole.translate(dict.fromkeys(map(ord, gone), BOX)) if gone else whole
    sequences = dict.fromkeys(_SEQUENCE.findall(boxed))
    for sequence in sequences:
        gone |= _unset(sequence, lang, trusted=len(sequences) <= MOST)
    return frozenset(gone)


def _foreign_mark(char: str) -> bool:
    """Whether a character that the main faces lack is set onto the one before it: a note may quote it behind any."""
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return unicodedata.category(char).startswith("M") and not selector


@cache
def _unset(sequence: str, lang: str, trusted: bool) -> frozenset[str]:
    """The characters of a sequence without which the rest of it can be set."""
    if trusted and _shows(sequence, lang):
        return frozenset()
    marks = frozenset(sequence[1:] or sequence) - {BOX}
    foreign = marks - _covered(lang)
    for some in (foreign, marks):
        rest = "".join(BOX if char in some else char for char in sequence)
        if trusted and some and _shows(rest, lang):
            return some
    return frozenset(sequence) - {BOX} if trusted else marks


def code_point(char: str) -> str:
    """
    >>> code_point("𠮷")
    'U+20BB7'
    """
    return f"U+{ord(char):04X}"


def character_name(char: str) -> str:
    """Code point and Unicode name, as a note gives them.

    >>> character_name("📞")
    'U+1F4DE TELEPHONE RECEIVER'
    """
    return f"{code_point(char)} {unicodedata.name(char, '')}".rstrip()


def missing_glyphs(text: str, lang: str = "zh-Hans") -> list[tuple[str, str]]:
    """What the fonts lack, in order of first appearance, each once.

    >>> missing_glyphs("生态📞环境𠮷CO₂📞")
    [('📞', 'U+1F4DE'), ('𠮷', 'U+20BB7')]
    """
    gone = lacking([text], lang)
    return [(char, code_point(char)) for char in dict.fromkeys(text) if char in gone]
