"""How much a short line is worded like the frame of a page (buttons, appeals, notices) and not like its text.

The weights of its characters and pairs of characters are fitted from pages (`python -m tests.eval.fit_frame`), so that
a line is known whose words are on no list: 觉得不错,点个赞再走!
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from build_tools.cleaning.dates import fold
from build_tools.core.vocabulary import load

# Longer lines are text, or lists that other signs tell.
LIMIT = 160
_ALIKE = ((re.compile(r"\d[\d.,:]*"), "0"), (re.compile("[A-Za-z]+"), "a"), (re.compile(r"\s+"), "_"))


def features(text: str) -> Iterator[str]:
    """A line's characters and pairs of them, its edges among them; all numbers, and all Latin words, are one.

    >>> list(features("第 12页"))
    ['第', '_', '0', '页', '^第', '第_', '_0', '0页', '页$']
    """
    text = fold(text).strip()
    for pattern, sign in _ALIKE:
        text = pattern.sub(sign, text)
    yield from text
    edged = f"^{text}$"
    yield from map(str.__add__, edged, edged[1:])


@cache
def _weights() -> dict[str, float]:
    return {feature: weight for weight, told in load("frame").items() for feature in told.split(" ")}


@lru_cache(maxsize=2048)
def framed(text: str) -> float:
    """The logarithm of the odds that a line is of the frame; very low for long lines.

    >>> framed("觉得不错,点个赞再走!") > 1, framed("会议指出,要抓好整改。") < -1
    (True, True)
    """
    if not text or len(text) > LIMIT:
        return -9.0
    told = list(features(text))
    known = [_weights()[feature] for feature in told if feature in _weights()]
    # 浼氳寮鸿皟锛: signs that no line was fitted on tell nothing.
    return _weights()["bias"] + sum(known) if 12 * len(known) > len(told) else -9.0
