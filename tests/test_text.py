"""The two shortcuts of `text` find what plain regular expressions find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from build_tools import dates, meta, outline, statements
from build_tools.cues import cue
from build_tools.text import Words, matches

LETTERS = st.text(alphabet="甲乙丙丁王伟国·、。", max_size=60)
NASTY = st.text(
    alphabet="一二是要第其（）(①⑳1２0年月日.-: 　来源作者发布时间浏览说强调要求希望指出？?锟斤拷銆锛詠鈥Ãï¼\ue000，。“”会议环境",
    max_size=120,
)
PAIRS = {
    "dates": (dates._DATE_STARTS, dates._DATE),
    "outline": (outline._MARK_STARTS, outline._MARK),
    "statements": (statements._SAID_STARTS, statements._SAID),
    "labels": (meta._label_starts(), meta.label_pattern()),
    "mojibake": (cue("mojibake_starts"), cue("mojibake")),
}


@given(st.lists(st.text(alphabet="甲乙丙丁王伟国", min_size=1, max_size=3), max_size=6, unique=True), LETTERS)
def test_words_are_found_as_an_alternation_finds_them(words: list[str], text: str) -> None:
    longest = sorted(words, key=len, reverse=True)
    plain = re.compile("|".join(longest) if longest else "(?!)")
    assert [(f.start, f.end, f.word) for f in Words(words).finditer(text)] == [
        (m.start(), m.end(), m[0]) for m in plain.finditer(text)
    ]
    at, end = len(text) // 4, len(text) * 3 // 4
    assert [f.start for f in Words(words).finditer(text, at, end)] == [
        m.start() for m in plain.finditer(text, at, end)
    ]


@given(st.sampled_from(sorted(PAIRS)), NASTY)
def test_every_class_of_first_characters_is_complete(name: str, text: str) -> None:
    starts, pattern = PAIRS[name]
    assert [m.span() for m in matches(starts, pattern, text)] == [m.span() for m in pattern.finditer(text)]
