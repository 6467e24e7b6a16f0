"""Nothing named is lost: a line of a person with an office, a sentence or a day is kept, or a warning says that it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.cleaning.engine import clean
from build_tools.core.article import LineKind
from tests.support.growth import assert_linear

TITLE = "县委召开会议研究整改工作"
HEAD = f"{TITLE}\n来源：某报\n3月5日，县委召开会议，研究整改工作。\n"
NAMED = st.sampled_from(
    ["柏文远 市环保局局长", "王伟 局长", "副县长 李小红", "李大河（市长）、王小明（市生态环境局局长）", "欧阳修竹 招生办公室主任",
     "赵六 信访局副局长", "石磊 优惠办主任"]
)  # fmt: skip
SENTENCES = st.sampled_from(
    [
        "会议听取了整改情况汇报，研究部署下一步工作。",
        "市长王伟强调，要压实责任，确保按期完成整改任务。",
        "会议还研究了其他事项。",
    ]
)
DAYS = st.sampled_from(
    ["2024年3月5日下午，会议在市政府召开。", "会议时间：2024年3月5日", "3月6日，县长王伟到现场督办。"]
)
AROUND = st.sampled_from(
    ["首页 > 新闻中心", "会议现场", "相关阅读", "分享到：微信", "【打印】", "", "1.jpg", "上一篇：某会", "一、压实责任", "责任编辑：周密",
     "网友评论", "出席：", "通知公告 领导之窗", "某某网"]
)  # fmt: skip
TOLD = {"sentence_dropped", "named_dropped"}


def kept(text: str) -> tuple[str, set[str]]:
    """All that is kept or read as a field of a page, and the warnings that something was dropped."""
    cleaned = clean(text)
    fields = [line.text for line in cleaned.dropped if line.kind in (LineKind.META, LineKind.BYLINE)]
    return "\n".join([cleaned.text, *fields]), TOLD & set(cleaned.warnings)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(NAMED, SENTENCES, DAYS, AROUND), min_size=1, max_size=12))
def test_no_line_that_names_somebody_or_says_something_is_dropped_unsaid(lines: list[str]) -> None:
    text, told = kept(HEAD + "\n".join(lines))
    plain = text.replace(" ", "")
    for line in lines:
        if ("。" in line or "长" in line or "主任" in line) and not told:
            assert line.replace(" ", "") in plain, line


def table(rows: int) -> str:
    return HEAD + "县区 | 优良天数\n" + "\n".join(f"某县 | {row}" for row in range(rows))


def spaced_table(rows: int) -> str:
    return HEAD + "序号 单位 得分\n" + "\n".join(f"{row} 某县生态环境局 {row % 100}" for row in range(rows))


def names(rows: int) -> str:
    return HEAD + "\n".join(["甲 局长"] * rows)


def names_alone(rows: int) -> str:
    return "\n".join(["王伟 局长"] * rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "rows"), [(table, 10_000), (spaced_table, 10_000), (names, 5_000), (names_alone, 5_000)]
)
def test_a_long_table_or_list_of_names_is_kept_whole(page: Callable[[int], str], rows: int) -> None:
    text = page(rows)
    assert clean(text).text.replace(" ", "").split("\n")[-rows:] == text.replace(" ", "").split("\n")[-rows:]


def days(rows: int) -> str:
    return HEAD + "\n".join(f"{1 + row % 12}月{1 + row % 28}日" for row in range(rows))


def labels(rows: int) -> str:
    return HEAD + "\n".join(("来源：", "作者：", "编辑：", "发布时间：")[row % 4] for row in range(rows))


@pytest.mark.slow
@pytest.mark.parametrize("page", [days, labels])
def test_a_page_of_days_or_of_labels_without_values_keeps_its_article(page: Callable[[int], str]) -> None:
    cleaned = clean(page(5_000))
    assert [line.text for line in cleaned.blocks][:2] == [TITLE, "3月5日，县委召开会议，研究整改工作。"]
    assert len(cleaned.blocks) + len(cleaned.dropped) == 5_003


@pytest.mark.slow
@pytest.mark.parametrize("page", [table, spaced_table, names, days, labels])
def test_the_time_for_such_a_page_grows_with_its_lines(page: Callable[[int], str]) -> None:
    assert_linear(lambda rows: clean(page(rows)), 12_000)
