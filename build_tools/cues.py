"""Alternations of `data/classify.yml`, compiled once: what kind and trust are told by (layer 2)."""

from __future__ import annotations

import re
from functools import cache

from build_tools.vocabulary import load


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of one list of `classify.yml`; raises KeyError for a name that is not there.

    >>> bool(cue("press").search("举行新闻发布会")), bool(cue("press").search("召开推进会"))
    (True, False)
    """
    return re.compile("|".join(f"(?:{pattern})" for pattern in load("classify")[name]))


def distinct(name: str, text: str) -> list[str]:
    """Which of the list's wordings stand in the text, each once, in order of appearance.

    >>> distinct("novel_marks", "上一章 求月票 上一章")
    ['上一章', '求月票']
    """
    return list(dict.fromkeys(match[0] for match in cue(name).finditer(text)))
