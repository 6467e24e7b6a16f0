"""What one article may cost: pumped inputs, each four times as long as the last, through all that an article goes through."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from build_tools.core.article import Article
from build_tools.core.registry import Raw, Registries, Sidecar
from build_tools.graph.summary import excerpts_of
from build_tools.outputs.open_data import edit_records, jsonl, lines_of
from build_tools.outputs.print.book import chapter_of
from build_tools.pages import escape
from build_tools.run.convert import convert_one
from tests.support.growth import assert_linear

HEAD = "全市生态环境保护会议召开\n发布时间：2024-03-05 来源：某市生态环境局\n"
# What is repeated, from attacks that once took minutes and from the vocabulary.
LINES = (
    "到2025年下降3%，", "会议强调，一要抓，二要抓，", "题为《", "题为", "aʼ", "a-", "Aʼb ", "王·伟·", "1", "1.", "·", "—", "“", "”",
    "（", "》", "《（", "，", "。", " ", "\u3000", "\t", "记者", "议员", "局长", "王伟、", "王伟（", "市长王伟、", "指出，", "会议指出",
    "2024年3月5日", "3月5日至", "来源：", "要抓好落实", "在以前", "第一", "一是", "一是在以上，", "市省县", "某市生态环境局",
    "<b>", "&amp;", "附件：", "http://a.cn/", "××", "****", "责任编辑：", "》《", "”“", "第十五", "二〇二四年", "李明强调，要抓好整改，", "“甲说", "局长市长主任", "王李张",
)  # fmt: skip
UNITS = {
    **{f"{unit} in one line": lambda n, unit=unit: unit * (n // len(unit)) for unit in LINES},
    **{f"{unit} as lines": lambda n, unit=unit: f"{unit}\n" * (n // (len(unit) + 1)) for unit in LINES},
    "（一）抓。 as lines": lambda n: "（一）抓。\n" * (n // 6),
    "ordinals as lines": lambda n: "一、\n二、\n" * (n // 6),
    "lists within a line": lambda n: "一是稳。二是进。\n" * (n // 9),
    "brackets that never close": lambda n: "到2025年完成" + "（" * (n // 2) + "》" * (n // 2),
    "quotes in quotes": lambda n: "到2025年完成" + "“" * (n // 2) + "”" * (n // 2) + "。",
    "names that are all different": lambda n: "出席会议的有" + "、".join(f"王{chr(0x4E00 + at % 20000)}" for at in range(n // 3)),
    "leads without a stop": lambda n: ("一是在A上，" + "甲" * 90 + "，二是进") * (n // 104),
}  # fmt: skip


def through(text: str) -> None:
    """Read, store and lay out one article: all but the compiler of PDFs."""
    made = convert_one(Raw("a", "a.txt", (HEAD + text).encode(), Sidecar()), Registries())
    if isinstance(made, tuple):
        article: Article = made[0]
        lines_of(article), excerpts_of(article), jsonl(edit_records(article)), chapter_of(article)
        for item in article.body:
            escape.markdown(item.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_an_article_costs_what_its_length_is(name: str) -> None:
    unit: Callable[[int], str] = UNITS[name]
    assert_linear(lambda n: through(unit(n)), 16_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<p>会议强调，", "<a href=x>", "</p>", "&#", "<!--", "<"],
)
def test_a_page_costs_what_its_length_is(unit: str) -> None:
    def page(n: int) -> None:
        html = f"<html><body><p>{HEAD}</p>{unit * (n // len(unit))}</body></html>"
        convert_one(Raw("a", "a.html", html.encode(), Sidecar()), Registries())

    assert_linear(page, 16_000)
