"""Every pattern of the code and of its data, read as a tree: none can try one run of characters in two ways.

Two unbounded repeats over characters that both accept, one inside the other or side by side, cost the square of
a text's length or more. Python's own parser gives the tree (OWASP calls the kind ReDoS).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import warnings
from functools import cache
from typing import Any

import pytest

import build_tools

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from re import _constants as tree
    from re import _parser as parser

REPEATS = (tree.MAX_REPEAT, tree.MIN_REPEAT)
SINGLE = (tree.IN, tree.LITERAL, tree.NOT_LITERAL, tree.ANY)
# One of each kind of character that the field's texts have: two sets that share none of them share nothing.
SAMPLE = "一二十千年月日第会记者局市王甲aZ09 \t\n\u3000，。、；：“”《》（）()【】·ʼ'-—…!?%.,/\\|*#<>&=_@[]{}\"\x00é🙂①②㈠１Ａ"
MANY = 200  # a repeat that may take more than this counts as unbounded


def compiled() -> dict[str, re.Pattern[Any]]:
    """module.name → pattern of every module of the package, also those in tuples, lists and dicts and behind a cache."""
    found: dict[str, re.Pattern[Any]] = {}

    def take(name: str, value: object) -> None:
        if isinstance(value, re.Pattern):
            found[name] = value
        elif isinstance(value, tuple | list | dict | frozenset):
            for at, one in enumerate(value.values() if isinstance(value, dict) else value):
                take(f"{name}[{at}]", one)

    for module in pkgutil.walk_packages(build_tools.__path__, "build_tools."):
        if module.name.endswith("__main__") or ".bench" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            take(f"{module.name}.{name}", value)
            if hasattr(value, "cache_info") and value.__module__ == module.name:
                try:
                    take(f"{module.name}.{name}()", value())
                except TypeError:  # needs arguments
                    continue
    return found


PATTERNS = compiled()


@cache
def accepts(kind: Any, argument: Any) -> frozenset[str]:
    """The characters of SAMPLE that one node of a tree can consume first."""
    if kind is tree.LITERAL:
        return frozenset(char for char in SAMPLE if ord(char) == argument)
    if kind is tree.NOT_LITERAL:
        return frozenset(char for char in SAMPLE if ord(char) != argument)
    return frozenset(SAMPLE)


def first(items: Any) -> frozenset[str]:
    """Characters that any part of a sequence can consume: a wide guess, so that nothing is missed."""
    out: frozenset[str] = frozenset()
    for kind, argument in items:
        if kind is tree.IN:
            out |= members(argument)
        elif kind in REPEATS or kind is tree.POSSESSIVE_REPEAT:
            out |= first(argument[2])
        elif kind is tree.SUBPATTERN:
            out |= first(argument[3])
        elif kind is tree.BRANCH:
            for branch in argument[1]:
                out |= first(branch)
        elif kind in (tree.LITERAL, tree.NOT_LITERAL, tree.ANY):
            out |= accepts(kind, argument)
    return out


def members(listed: Any) -> frozenset[str]:
    out: set[str] = set()
    inverse = False
    for kind, argument in listed:
        if kind is tree.NEGATE:
            inverse = True
        elif kind is tree.LITERAL:
            out |= accepts(kind, argument)
        elif kind is tree.RANGE:
            out |= {char for char in SAMPLE if argument[0] <= ord(char) <= argument[1]}
        else:
            name = str(argument).lower()
            test = {"digit": r"\d", "space": r"\s", "word": r"\w"}
            for key, form in test.items():
                if key in name:
                    wanted = form.upper() if "not" in name else form
                    out |= {char for char in SAMPLE if re.match(wanted, char)}
    return frozenset(SAMPLE) - out if inverse else frozenset(out)


def scan(items: Any, before: list[frozenset[str]], out: list[str]) -> list[frozenset[str]]:
    """Walk a sequence; `before` are the repeats that touch its beginning, the result those that touch its end."""
    touching = before
    for kind, argument in items:
        if kind in REPEATS:
            least, most, inside = argument
            skipped = touching if least == 0 else []
            if most > MANY and len(inside) == 1 and inside[0][0] in SINGLE:
                own = first(inside)
                shared = [other & own for other in touching if other & own]
                if shared:
                    out.append(f"two repeats over {''.join(sorted(shared[0]))[:12]!r}")
                touching = [*skipped, own]
            else:
                after = scan(inside, touching, out)
                if most > MANY:
                    after = scan(inside, after, out)  # the next round
                touching = [*skipped, *after]
        elif kind is tree.SUBPATTERN:
            touching = scan(argument[3], touching, out)
        elif kind is tree.BRANCH:
            touching = [one for branch in argument[1] for one in scan(branch, touching, out)]
        elif kind in SINGLE:
            touching = []
    return touching


def told(pattern: re.Pattern[Any]) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out: list[str] = []
        scan(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), [], out)
        return out


@pytest.mark.parametrize(
    "bad",
    [r"(a+)+b", r"(?:a*)*b", r"\d+\d*x", r"[一-龥]*第?\w+。", r"\s*\s+x", r"(?:a+b?)+c", r"a+(?:b|a*)c"],
)
def test_the_check_finds_a_pattern_that_explodes(bad: str) -> None:
    assert told(re.compile(bad))


@pytest.mark.parametrize("good", [r"\d+年\d*", r"(?:一+，)+", r"[^。]*。", r"\s*[甲乙]+", r"a{1,40}a{1,40}b"])
def test_the_check_lets_a_linear_pattern_pass(good: str) -> None:
    assert not told(re.compile(good))


def test_no_pattern_of_the_code_can_explode() -> None:
    assert len(PATTERNS) > 150
    found = {name: faults for name, pattern in PATTERNS.items() if (faults := told(pattern))}
    assert found == {}
