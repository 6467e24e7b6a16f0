"""Simplified to Traditional (OpenCC's s2tw), character for character, with names by a rule of their own.

The same dictionaries and the same longest match from the left as OpenCC's; its Python port takes a second
for what this does in a few milliseconds. As long as the text itself, so that offsets hold in both scripts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs
import opencc

from build_tools.core.vocabulary import load

LANG = "zh-Hant"


class _Tables(NamedTuple):
    phrases: ahocorasick_rs.AhoCorasick
    written: list[str]  # a phrase's number → its Traditional form
    single: dict[int, str]


def _entries(name: str) -> list[tuple[str, str]]:
    lines = (Path(opencc.__file__).parent / "dictionary" / name).read_text("utf-8").splitlines()
    return [(key, values.split()[0]) for key, _, values in (line.partition("\t") for line in lines)]


@cache
def _tables() -> _Tables:
    """Once a process (60 ms)."""
    usual = load("traditional")["usual"]
    taiwan = {ord(old): usual.get(new, new) for old, new in _entries("TWVariants.txt")}
    single = {ord(old): new.translate(taiwan) for old, new in _entries("STCharacters.txt")}
    listed = {old: new.translate(taiwan) for old, new in _entries("STPhrases.txt") if len(old) == len(new)}
    phrases = {**listed, **load("traditional")["phrases"]}
    found = ahocorasick_rs.AhoCorasick([*phrases], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return _Tables(found, [*phrases.values()], {**taiwan, **single})


@cache
def _raw() -> re.Pattern[str]:
    return re.compile("|".join(load("traditional")["raw"]))


def traditional(text: str, names: Collection[str] = ()) -> str:
    """The text in Traditional characters; `names` are converted as names wherever they are.

    >>> traditional("于会文强调，要干净、关于里程碑，底本作“里程碑”", ["于会文"])
    '于會文強調，要乾淨、關於里程碑，底本作“里程碑”'
    """
    kept = "|".join((_raw().pattern, *sorted(map(re.escape, names), key=len, reverse=True)))
    out: list[str] = []
    at = 0
    for match in re.finditer(kept, text):
        found = match.group()
        out += (_plain(text[at : match.start()]), name(found) if found in names else found)
        at = match.end()
    out.append(_plain(text[at:]))
    return "".join(out)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    tables = _tables()
    out: list[str] = []
    at = 0
    for number, start, end in tables.phrases.find_matches_as_indexes(text):
        out += (text[at:start].translate(tables.single), tables.written[number])
        at = end
    out.append(text[at:].translate(tables.single))
    return "".join(out)


def name(text: str) -> str:
    """A person's name, each character by itself.

    >>> name("于会文"), name("范仲里"), name("钟云")
    ('于會文', '范仲里', '鍾雲')
    """
    words, single = load("traditional"), _tables().single
    kept = {0: words["family"]}
    return "".join(
        char if char in kept.get(at, words["given"]) else char.translate(single)
        for at, char in enumerate(text)
    )


def hard(names: Iterable[str]) -> tuple[str, ...]:
    """The names that would be written wrongly where they are taken for words, in order.

    >>> hard(["于会文", "孙金龙"])
    ('于会文',)
    """
    return tuple(sorted({one for one in names if len(one) > 1 and _plain(one) != name(one)}))
