"""The word lists of `build_tools/data`: shapes, words told twice, lists that exclude each other, patterns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest
import yaml

from build_tools.core.paths import ROOT

DATA = ROOT / "build_tools" / "data"
FILES = sorted(path.stem for path in DATA.glob("*.yml"))
LONGEST = 100  # a longer pattern is verbose, `(?x)`, so that it can be read
# How many are longer and not verbose yet: a list is split or made verbose, and its number only falls.
LONG = {"classify": 8}
# Files that are words for readers, key by key, and no lists to look things up in.
TOLD = {"apparatus", "captions", "line_reasons", "print", "schema", "weights", "frame"}
# Strings in which each character is an entry.
CHARACTERS = {"surnames.single", "surnames.given", "surnames.tricky", "surnames.titled", "surnames.transliteration",
              "surnames.transliteration_long", "han.simplified", "han.traditional", "script.keep", "slots.chars",
              "places.suffixes"}  # fmt: skip
# Lists of patterns.
PATTERNS = {"slots.ends", "slots.weak_ends"} | {f"noise.{name}" for name in (
    "link_sections", "caption_whole", "caption_verbs", "caption_scene", "title_prefix", "disclaimer_signs", "disclaimer", "brand")}  # fmt: skip
# Of these lists of one file no two share a word.
APART = {
    "offices": [("nouns", "not_offices"), ("nouns", "longer")],
    "labels": [("published", "crawled", "source", "authors", "editors", "views", "tags")],
    "documents": [("media", "show_endings"), ("media_endings", "show_endings")],
}


def read(name: str) -> Mapping[str, Any]:
    """One file. Raises ValueError for a key that is told twice, which YAML lets pass."""

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = Counter(key.value for key, _ in node.value)
            if twice := [key for key, count in keys.items() if count > 1]:
                raise ValueError(f"{name}.yml: told twice: {twice}")
            return super().construct_mapping(node, deep)

    told: Mapping[str, Any] = yaml.load((DATA / f"{name}.yml").read_text("utf-8"), Loader)
    return told


def words(name: str, key: str, value: Any) -> list[str]:
    """The entries of a list, however it is written."""
    if f"{name}.{key}" in CHARACTERS:
        return list("".join(value.split()))
    return value.split() if isinstance(value, str) else list(value)


def patterns(name: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(where, pattern) of each pattern of a file."""
    for key, value in told.items():
        where = f"{name}.{key}"
        if where in PATTERNS or (name in {"classify", "enumerations"} and isinstance(value, list)):
            yield from ((where, one) for one in (value.split() if isinstance(value, str) else value))
        elif where == "noise.patterns":
            for group in value:
                yield from ((f"{where}.{group['kind']}", line) for line in group["any"].split("\n") if line)


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_text_and_no_key_is_told_twice(name: str) -> None:
    told = read(name)
    for key, value in told.items():
        assert isinstance(key, str) or name == "frame"  # a weight and what has it
        if name not in TOLD and f"{name}.{key}" != "noise.patterns":
            inner = (
                value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
            )
            for one in inner:
                assert isinstance(one, str | list) and one, f"{name}.{key}: {one!r}"


@pytest.mark.parametrize("name", [name for name in FILES if name not in TOLD])
def test_no_word_is_told_twice_in_a_list(name: str) -> None:
    twice = {
        key: again
        for key, value in read(name).items()
        if isinstance(value, str | list) and key != "patterns"
        if (again := [one for one, count in Counter(words(name, key, value)).items() if count > 1])
    }
    assert not twice


@pytest.mark.parametrize("name", APART)
def test_lists_that_exclude_each_other_share_no_word(name: str) -> None:
    told = read(name)
    for group in APART[name]:
        for one, other in combinations(group, 2):
            both = set(words(name, one, told[one])) & set(words(name, other, told[other]))
            assert not both, f"{name}.{one} and {name}.{other}"


@pytest.mark.parametrize("name", FILES)
def test_every_pattern_compiles_and_a_long_one_is_verbose(name: str) -> None:
    every = list(patterns(name, read(name)))
    flags = [re.compile(pattern).flags for _, pattern in every]
    long = [where for (where, pattern), flag in zip(every, flags, strict=True)
            if len(pattern) > LONGEST and not flag & re.VERBOSE and "(?x:" not in pattern]  # fmt: skip
    assert len(long) == LONG.get(name, 0), long
