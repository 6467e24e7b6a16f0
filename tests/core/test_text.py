"""The two shortcuts of `text` find what plain regular expressions find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from build_tools.cleaning import dates, engine, labels
from build_tools.cleaning.trim import vocabulary_re
from build_tools.core.text import Words, matches, pairs
from build_tools.core.vocabulary import cue
from build_tools.facts import outline

LETTERS = st.text(alphabet="甲乙丙丁王伟国·、。", max_size=60)
NASTY = st.text(
    alphabet="底末前内个季度到春节天小时/m*□本今明一二是要第其（）(①⑳1２0年月日.-: 　来源作者发布时间浏览说强调要求希望指出？?锟斤拷銆锛詠鈥Ãï¼\ue000，。“”会议环境",
    max_size=120,
)
PAIRS = {
    "dates": (dates._DATE_STARTS, dates._DATE),
    "outline": (outline._MARK_STARTS, outline._MARK),
    "labels": (labels._label_starts(), labels.label_pattern()),
    "broken": (cue("mojibake_starts"), cue("mojibake")),
    "lost": (engine._LOST_STARTS, engine.LOST),
}


@given(st.lists(st.text(alphabet="甲乙丙丁王伟国", min_size=1, max_size=3), max_size=6, unique=True), LETTERS)
def test_words_are_found_as_an_alternation_finds_them(words: list[str], text: str) -> None:
    longest = sorted(words, key=len, reverse=True)
    plain = re.compile("|".join(longest) if longest else "(?!)")
    assert [(f.start, f.end, f.word) for f in Words(words).finditer(text)] == [
        (m.start(), m.end(), m[0]) for m in plain.finditer(text)
    ]
    assert Words(words).within(text).search(text) == next(Words(words).finditer(text), None)
    at, end = len(text) // 4, len(text) * 3 // 4
    assert Words(words).search(text, at, end) == next(Words(words).finditer(text, at, end), None)
    assert [f.start for f in Words(words).finditer(text, at, end)] == [
        m.start() for m in plain.finditer(text, at, end)
    ]


@given(st.sampled_from(sorted(PAIRS)), NASTY)
def test_every_class_of_first_characters_is_complete(name: str, text: str) -> None:
    starts, pattern = PAIRS[name]
    assert [m.span() for m in matches(starts, pattern, text)] == [m.span() for m in pattern.finditer(text)]


@given(
    st.text(alphabet="甲乙丙\U00020000王", max_size=40), st.text(alphabet="甲乙丙\U00020000王", max_size=4)
)
def test_a_word_that_stands_in_a_text_has_no_pair_of_its_own(text: str, word: str) -> None:
    assert word not in text or set(pairs(text)).issuperset(pairs(word))


WORDINGS = """
凡 本网 注明 作品 转载自 其他 互联网 不代表本站 版权 归作者 如有侵权 请 与 联系 我们 删除 仅供参考 Note : 备注 附注 本文由 会员 本文档
文档C2C 您现在阅读的是 请支持正版 视频加载 刷新 再试 浏览器不支持 最新章节 求收藏 一秒记住 伪原创 感谢您的阅读 更多相关内容请
免责声明 特别说明 ： 会议指出
"""


@given(st.lists(st.sampled_from(WORDINGS.split()), max_size=6).map("".join))
def test_every_disclaimer_has_a_sign(text: str) -> None:
    assert not vocabulary_re("disclaimer").search(text) or vocabulary_re("disclaimer_signs").search(text)
