"""Traditional to Simplified by OpenCC's t2s, as edits; text that is Simplified already is never touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import opencc

from build_tools.core.article import Edit
from build_tools.core.edits import diff_edits
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

RUN = re.compile(f"[{HAN}]+")
# OpenCC's Python tree copies the rest of a run at each match, so a run of a million characters is cut;
# its longest phrase has 7. Ordinary runs between two marks have fewer than 60.
CHUNK = 200
BMP = "\uffff"
# Below this share of Traditional among the characters that tell the scripts apart, the base is Simplified:
# a quotation, a name, or a mirror that left some characters behind.
SHARE = 0.2
# 麴 is a family name that Simplified text keeps (麴文泰); t2s makes it 曲 as in 酒曲.
_YEAST = re.compile("(?<=[酒大小红神米麦制製紅麥])麴|麴(?=[霉菌房酒蘖])")
# One or two in a Simplified text are a name (张昇), or mojibake (十四五”詠?): never touched.
MIN_STRAY = 3


class _Tables(NamedTuple):
    definite: frozenset[str]  # changed by t2s and never written in Simplified text
    any_definite: re.Pattern[str]  # one of them, or a character that may be one
    simplified: frozenset[str]  # never written in Traditional text
    stray: dict[int, str]  # one to one, for Traditional characters in Simplified text
    single: dict[int, str]  # OpenCC's own one to one
    known: re.Pattern[str]  # OpenCC's phrases
    converter: Any
    phrases: dict[str, str]
    phrase: re.Pattern[str]
    zhu: re.Pattern[str]
    dry: re.Pattern[str]


@cache
def _tables() -> _Tables:
    """Built from OpenCC's own dictionaries, once a process (15 ms)."""
    folder = Path(opencc.__file__).parent / "dictionary"
    words = load("script")
    keep = frozenset(words["keep"])
    single = {
        key: values[0] for key, values in _entries(folder / "TSCharacters.txt") if key not in values[:1]
    }
    definite = frozenset(single) - keep
    simplified = frozenset(key for key, values in _entries(folder / "STCharacters.txt") if key not in values)
    zhu = "|".join(sorted(words["zhu"].split(), key=len, reverse=True))
    phrases: dict[str, str] = words["phrases"]
    return _Tables(
        definite,
        # Beyond the BMP by range: one such character in a class, and `re` tries its members one by one.
        re.compile(f"[{''.join(sorted(char for char in definite if char <= BMP))}\U00010000-\U0010ffff]"),
        simplified - definite,
        {ord(key): value for key, value in single.items() if key in definite},
        {ord(key): value for key, value in single.items()},
        re.compile("|".join(re.escape(key) for key, _ in _entries(folder / "TSPhrases.txt"))),
        opencc.OpenCC("t2s"),
        phrases,
        re.compile("|".join(phrases)),
        re.compile(
            f"{zhu}|(?<=[{''.join(load('surnames')['single'].split())}])著(?=.?(?:{'|'.join(words['zhu_name'].split())}))|(著)"
        ),
        _dry(folder, words),
    )


def _dry(folder: Path, words: Mapping[str, str]) -> re.Pattern[str]:
    """Where 乾 means dry: the words that Simplified 干 becomes 乾 in, and its neighbours in running text."""
    told = {value for _, values in _entries(folder / "STPhrases.txt") for value in values if "乾" in value}
    told -= {key for key, _ in _entries(folder / "TSPhrases.txt")}
    listed = "|".join(sorted(map(re.escape, told), key=len, reverse=True))
    return re.compile(f"(?:{listed})|[{words['dry_before']}]乾|乾[{words['dry_after']}]")


def _entries(path: Path) -> list[tuple[str, list[str]]]:
    with path.open(encoding="utf-8") as lines:
        return [
            (key, values.split()) for key, _, values in (line.rstrip("\n").partition("\t") for line in lines)
        ]


def traditional() -> str:
    """What a class must hold to find every character that may be Traditional, without its brackets."""
    return _tables().any_definite.pattern[1:-1]


def simplify(text: str) -> list[Edit]:
    """Edits, each a run of code points for as many others, that make Traditional text Simplified.

    >>> from build_tools.core.edits import apply
    >>> [apply(t, simplify(t)) for t in ("環境裡程碑幹到位并後續著力", "乾坤后于麴英达著名", "沿著顯著")]
    ['环境里程碑干到位并后续着力', '乾坤后于麴英达著名', '沿着显著']
    """
    if text.isascii():
        return []
    tables = _tables()
    if tables.any_definite.search(text) is None:
        return []
    seen = set(text)
    traditional = seen & tables.definite
    if not traditional:
        return []
    marks = sum(map(text.count, traditional))
    plain = sum(map(text.count, seen & tables.simplified))
    if plain and marks < MIN_STRAY:
        return []
    if marks < SHARE * (marks + plain):
        return diff_edits(text, text.translate(tables.stray))
    out: list[Edit] = []
    for run in RUN.finditer(text):
        for start in range(run.start(), run.end(), CHUNK):
            before = text[start : min(start + CHUNK, run.end())]
            after = _convert(before, tables)
            if after != before:
                out.extend(diff_edits(before, after, start))
    return out


def _convert(han: str, tables: _Tables) -> str:
    """As long as `han`: OpenCC where one of its phrases stands, else its table, which is what OpenCC does, only faster."""
    out = str(tables.converter.convert(han)) if tables.known.search(han) else ""
    if len(out) != len(han):  # no phrase, or one that changes the length
        out = han.translate(tables.single)
    if "著" in out:
        out = tables.zhu.sub(lambda match: "着" if match.group(1) else match.group(), out)
    if "乾" in han:
        dry = {at for match in tables.dry.finditer(han) for at in range(*match.span())}
        out = "".join(
            "乾" if char == "乾" and at not in dry else new
            for at, (char, new) in enumerate(zip(han, out, strict=True))
        )
    if "麴" in han:
        out = _YEAST.sub("曲", "".join(b if b == "麴" else a for a, b in zip(out, han, strict=True)))
    return tables.phrase.sub(lambda match: tables.phrases[match.group()], out)
