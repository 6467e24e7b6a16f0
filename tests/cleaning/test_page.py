"""Layout: what each line of a page is (cases in tests/cases/layout.yml), its promises on any input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.cleaning.engine import clean
from build_tools.cleaning.page import layout, trim_line
from build_tools.core import edits
from build_tools.core.article import KEPT, LineKind
from build_tools.core.paths import ROOT
from build_tools.core.vocabulary import load
from tests.support.growth import assert_linear

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "cases" / "layout.yml").read_text("utf-8"))
_PIECES = st.sampled_from(
    [
        *"。，：！？（）【】|>-  \t\u3000×*1.、《》“”",
        "来源", "2021-03-22 13:51", "会议指出", "市政府召开会议", "编辑", "记者", "首页", "甲.jpg", "同志们", "一、",
        "3月19日", "打印", "上一篇", "传达学习精神", "出席并讲话", "标题：", " - 某网", "(原标题：", "版权所有", "△",
    ]
)  # fmt: skip
_LINE = st.lists(_PIECES, max_size=12).map("".join)


def pages() -> list[Any]:
    return [
        pytest.param(
            case["page"],
            id=case["label"],
            marks=[pytest.mark.xfail(reason=case["label"])] if case.get("expect") == "fail" else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("page", pages())
def test_kinds(page: str) -> None:
    rows = [line.partition("|")[::2] for line in page.splitlines()]
    lines = [text.strip(" ") for _, text in rows]
    got = [f"{line.kind}| {line.text}" for line in layout(lines)]
    assert got == [f"{kind.strip()}| {line}" for (kind, _), line in zip(rows, lines, strict=True)]


def kept_lines(lines: list[str]) -> list[str]:
    return [
        edits.apply(line.text, trim_line(line.kind, line.text)) for line in layout(lines) if line.kind in KEPT
    ]


@pytest.mark.parametrize("page", pages())
def test_a_second_pass_drops_nothing(page: str) -> None:
    kept = kept_lines([line.partition("|")[2].strip(" ") for line in page.splitlines()])
    assert kept_lines(kept) == kept


@given(st.lists(_LINE, max_size=12))
@settings(max_examples=200, deadline=None)
def test_every_line_gets_a_kind_and_cuts_apply(lines: list[str]) -> None:
    rows = layout(lines)
    assert [row.text for row in rows] == lines
    for row in rows:
        cut = edits.apply(row.text, trim_line(row.kind, row.text))
        assert len(cut) <= len(row.text)
        assert row.reason in load("line_reasons")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("市政府召开会议研究整改 - 某市政府网", "市政府召开会议研究整改"),
        ("前沿资讯!市政府召开会议研究整改", "市政府召开会议研究整改"),
        ("[转帖] 在全县环保会上的讲话", "在全县环保会上的讲话"),
        ("市政府召开会议研究整改(原标题：市长开会)", "市政府召开会议研究整改"),
        ("市政府召开会议研究整改【字体：大 中 小】", "市政府召开会议研究整改"),
        ("市政府召开会议研究整改_临沅要闻_临沅市人民政府", "市政府召开会议研究整改"),
        ("岷江上下守一江清水——全省立法执法联动会议召开", "岷江上下守一江清水——全省立法执法联动会议召开"),
        ("我省举行“2021-2025”规划新闻发布会", "我省举行“2021-2025”规划新闻发布会"),
        ("生态环境部-中国环境报社座谈会召开", "生态环境部-中国环境报社座谈会召开"),
    ],
)
def test_headline_cuts(before: str, after: str) -> None:
    assert edits.apply(before, trim_line(LineKind.TITLE, before)) == after


def test_anti_copy_prefix_is_cut_from_a_paragraph() -> None:
    line = "4 H: d* L# }6 p( ^1 u 下一步怎么干？我提四条。"
    assert clean(line).text == "下一步怎么干？我提四条。"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "size"),
    [
        (lambda size: ["甲" * size], 1_000_000),
        (lambda size: ["(" * size], 1_000_000),
        (lambda size: ["来源:" * size], 300_000),
        (lambda size: ["会议召开 " * 20] * size, 10_000),
        (lambda size: ["(责编:甲"] * size, 50_000),
    ],
    ids=["one line", "parentheses", "labels", "many lines", "unclosed"],
)
def test_the_cost_of_hostile_lines_grows_as_they_do(lines: Callable[[int], list[str]], size: int) -> None:
    assert_linear(lambda some: layout(lines(some)), size)
