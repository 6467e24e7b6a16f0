"""The theme registry as shipped, and what an article is about."""

from __future__ import annotations

import pytest

from build_tools.core.article import BodyItem
from build_tools.core.diagnostics import Report
from build_tools.core.paths import ROOT
from build_tools.corpus import reader
from build_tools.facts.themes import Thesaurus, find_themes, mentions

DESIGN_THEMES = [
    "习近平生态文明思想",
    "美丽中国建设",
    "碳达峰碳中和",
    "碳排放权交易市场",
    "应对气候变化",
    "绿色低碳发展",
    "污染防治攻坚战",
    "大气污染防治",
    "水污染防治",
    "土壤污染防治",
    "固体废物与新污染物治理",
    "危险废物",
    "重金属污染防治",
    "尾矿库治理",
    "噪声污染防治",
    "农业农村污染治理",
    "海洋生态环境保护",
    "中央生态环境保护督察",
    "生态环境执法",
    "环境应急与风险防范",
    "生态环境监测",
    "自动监测数据质量",
    "核与辐射安全",
    "生物多样性保护",
    "生态保护修复",
    "长江保护",
    "黄河保护",
    "河湖长制",
    "林长制",
    "生态环境分区管控",
    "环评与排污许可",
    "生态产品价值实现",
    "生态文明体制改革",
    "法规标准政策",
    "科技创新",
    "全民行动与公众参与",
    "国际合作",
    "北京冬奥会",
    "党史学习教育",
    "主题教育",
    "全面从严治党",
    "环保铁军",
]


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    report = Report()
    registries = reader.read(ROOT / "corpus", report).registries
    assert not [line for line in report.lines() if "themes.yml" in line]
    return Thesaurus(registries.themes)


def test_every_theme_of_the_design_is_there_with_a_scope_note(thesaurus: Thesaurus) -> None:
    themes = {theme.pref_label: theme for theme in thesaurus.themes}
    assert set(DESIGN_THEMES) <= set(themes)
    assert all(len(theme.scope_note) >= 12 and theme.alt_labels for theme in themes.values())


@pytest.mark.parametrize(
    ("title", "paragraphs", "expected"),
    [
        ("市政府召开噪声污染防治会议", ["会议研究了有关工作。"], ["噪声污染防治"]),
        (None, ["会议研究“双碳”工作。", "要推进碳达峰，调整用能。"], ["碳达峰碳中和"]),
        (None, ["会议研究了有关工作，传达学习习近平生态文明思想。"], []),
        (None, ["会议研究尾矿库。要逐座排查头顶库，加快锰渣搬迁，对尾矿库闭库销号。"], ["尾矿库治理"]),
        (None, ["会议研究财政预算。", "会议还听取了春耕汇报。"], []),
    ],
)
def test_what_an_article_is_about(
    thesaurus: Thesaurus, title: str | None, paragraphs: list[str], expected: list[str]
) -> None:
    body = [BodyItem(f"p-{at}", text) for at, text in enumerate(paragraphs)]
    assert [hit.label for hit in find_themes(title, body, thesaurus)] == expected


def test_passages_quote_the_labels_and_passing_mentions_are_kept(thesaurus: Thesaurus) -> None:
    body = [BodyItem("p-1", "传达学习习近平生态文明思想，研究PM2.5和vocs治理。")]
    found = mentions(body, thesaurus)
    words = {label: [body[0].text[start:end] for _, start, end in places] for label, places in found.items()}
    assert words["习近平生态文明思想"] == ["习近平生态文明思想"]
    assert words["大气污染防治"] == ["PM2.5", "vocs"]
    assert find_themes(None, body, thesaurus) == () or "习近平生态文明思想" not in {
        hit.label for hit in find_themes(None, body, thesaurus)
    }


def test_scores_do_not_depend_on_other_themes(thesaurus: Thesaurus) -> None:
    body = [BodyItem("p-1", "要管好施工噪声。"), BodyItem("p-2", "要治理交通噪声。")]
    alone = Thesaurus(tuple(theme for theme in thesaurus.themes if theme.pref_label == "噪声污染防治"))
    assert find_themes(None, body, alone) == find_themes(None, body, thesaurus)
