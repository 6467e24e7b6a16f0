"""The one reader of `build_tools/data/*.yml`: words live in data, logic in Python."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> Any:
    """The content of `data/<name>.yml`, read once a process.

    Raises FileNotFoundError for a name that is not there.
    """
    text = files("build_tools").joinpath("data", f"{name}.yml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of one list of `classify.yml`; raises KeyError for a name that is not there.

    >>> bool(cue("press").search("举行新闻发布会")), bool(cue("press").search("召开推进会"))
    (True, False)
    """
    return re.compile("|".join(f"(?:{pattern})" for pattern in load("classify")[name]))


@cache
def _cues(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, load("classify")[name]))


def distinct(name: str, text: str) -> list[str]:
    """Which of the list's wordings stand in the text, each once, in order of appearance.

    >>> distinct("novel_marks", "上一章 求月票 上一章")
    ['上一章', '求月票']
    """
    # One pattern at a time: `re` looks for its first characters, which it does not for an alternation of all.
    found = [(match.start(), match[0]) for pattern in _cues(name) for match in pattern.finditer(text)]
    return list(dict.fromkeys(word for _, word in sorted(found)))
