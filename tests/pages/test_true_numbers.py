"""Every number that a reader may quote: counted in units, on evidence, and nothing dated by a model text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from build_tools.core.article import Article, Kind, Role, Statement, ThemeHit, Trust
from build_tools.core.diagnostics import Report
from build_tools.core.paths import ROOT
from build_tools.core.registry import Formulation, Registries, Theme
from build_tools.corpus import reader
from build_tools.facts.extract import extract
from build_tools.graph.link import Site, link
from build_tools.graph.summary import card_of, excerpts_of
from build_tools.pages import article as article_page
from tests.pages.test_article import REGISTRIES, body, visible
from tests.support.factory import fact, make_article, make_body, site_pages


@cache
def founding() -> tuple[tuple[Article, ...], Registries]:
    corpus = reader.read(ROOT / "corpus", Report())
    return tuple(extract(raw, corpus.registries) for raw in corpus.articles), corpus.registries


def site_of(articles: tuple[Article, ...], registries: Registries = REGISTRIES) -> Site:
    quoted = {one.id: excerpts_of(one, registries.formulations) for one in articles}
    cards = [card_of(one, registries.formulations) for one in articles]
    return link(cards, registries, (), quoted.__getitem__)


def text_of(site: Site, path: str) -> str:
    return next(visible(body(page)) for page in site_pages(site) if page.path == path)


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("beautiful-china", "美丽中国"),
        ("new-development-philosophy", "新发展理念"),
        ("four-consciousnesses", "四个意识"),
        ("two-upholds", "两个维护"),
        ("green-transition-overall", "经济社会发展全面绿色转型"),
    ],
)
def test_a_formulation_is_counted_as_a_plain_grep_counts_it(name: str, wording: str) -> None:
    articles, registries = founding()
    counted = [one for one in articles if one.trust.value not in (Trust.TEMPLATE, Trust.DAMAGED)]
    per_article = [
        sum(
            block.count(wording)
            for block in (one.display_title, *one.decks, *(item.text for item in one.body))
        )
        for one in counted
    ]
    text = text_of(site_of(articles, registries), f"formulations/{name}.md")
    assert f"出现 {sum(per_article)} 处，{sum(1 for count in per_article if count)} 篇" in text
    assert text.split("出处", 1)[1].count("处 ") >= sum(1 for count in per_article if count)


def test_every_occurrence_is_shown_between_its_words_with_its_paragraph() -> None:
    one = make_article(
        body=make_body("头。建设美丽中国，推进美丽中国建设。", "美丽中国。"), decks=(), statements=()
    )
    registry = Registries(formulations=(Formulation("bc", "美丽中国", ("美丽中国建设",)),))
    text = text_of(site_of((one,), registry), "formulations/bc.md")
    assert "出现 3 处，1 篇" in text
    assert "头。建设美丽中国，推进美丽中国建设。 第1段" in text and "美丽中国。 第2段" in text
    assert "美丽中国 2 处，1 篇" in text and "美丽中国建设 1 处，1 篇" in text


def test_a_percentage_needs_ten_articles_of_its_year() -> None:
    def shown(count: int) -> str:
        articles = tuple(
            make_article(id=f"a{n}", held=None, body=make_body("增强“四个意识”。" if n < 3 else "别的。"))
            for n in range(count)
        )
        return text_of(site_of(articles), "formulations/four.md")

    assert "%" not in shown(9) and "不足 10 篇" in shown(9)
    assert "2021年 3 处 3 篇 10 篇 30%" in shown(10)


@pytest.mark.parametrize("trust", [Trust.TEMPLATE, Trust.DAMAGED])
def test_a_text_that_attests_nothing_dates_nothing_and_is_nobodys_word(trust: Trust) -> None:
    model = make_article(
        id="model", title=fact("某范文"), published=fact("2019-07-08"), held=None, trust=fact(trust)
    )
    site = site_of((make_article(), model))
    pages = {page.path: visible(body(page)) for page in site_pages(site)}
    assert "timeline/2019.md" not in pages and "某范文" in pages["timeline/undated.md"]
    for path, text in pages.items():
        assert "2019年" not in text, path
    person = pages["people/sun-jinlong.md"]
    assert "收录 1 篇（另有范文或受损文本 1 篇，不计）" in person and "主持 1 次" in person
    assert person.count("要狠抓落实。") == 1  # the original's alone
    assert "1 篇会议与讲话" in pages["index.md"]
    page = article_page.article(model, site.context("model"), address="https://example.org/articles/model/")
    assert '\\"@type\\":\\"CreativeWork\\"' in page.text and "NewsArticle" not in page.text
    cited = visible(body(page)).partition("引文（")[2]
    mark = {"template": "范文：", "damaged": "受损："}[trust.value]
    assert cited.count(mark) == 6  # every form of citation warns


def test_a_theme_names_who_spoke_of_it_and_a_person_the_themes_of_his_words() -> None:
    one = make_article(body=make_body("甲。", "孙金龙指出，要推进碳达峰。", "会议还讨论了噪声。"))
    at = [item.id for item in one.paragraphs]
    one = replace(
        one,
        statements=(Statement(at[1], "孙金龙", None, "指出", "要推进碳达峰。"),),
        themes=(ThemeHit("碳达峰碳中和", 3.0, ((at[1], 9, 12),)), ThemeHit("噪声", 1.0, ((at[2], 6, 8),))),
    )
    site = site_of((one,), replace(REGISTRIES, themes=(*REGISTRIES.themes, Theme("noise", "噪声"))))
    theme = text_of(site, "themes/carbon.md")
    assert "谈及者 孙金龙 1 段" in theme and "黄润秋" not in theme
    assert "谈及者 本站所收文章没有记下谁谈过" in text_of(site, "themes/noise.md")
    person = text_of(site, "people/sun-jinlong.md")
    assert "谈及主题 碳达峰碳中和 1 段" in person and "噪声" not in person


def test_a_persons_page_opens_with_his_words_whole_and_says_when_there_are_none() -> None:
    words = "要" + "狠抓落实、久久为功，" * 60 + "见到实效。"
    one = make_article(body=make_body("甲。", f"孙金龙指出，{words}"))
    where = one.paragraphs[1].id
    one = replace(one, statements=(Statement(where, "孙金龙", None, "指出", words),))
    site = site_of((one,))
    page = text_of(site, "people/sun-jinlong.md")
    assert f"指出：{words} 第2段" in page
    assert page.index("他的话") < page.index("主持 2021") < page.index("任职")
    other = next(entry.slug for entry in site.people if entry.name == "黄润秋")
    assert "没有记下此人自己的话" in text_of(site, f"people/{other}.md")


def test_a_report_is_shown_as_a_report() -> None:
    one = make_article()
    who = replace(one.people[1], roles=(Role.REPORTS,))
    one = replace(one, people=(who,), statements=(), kind=fact(Kind.MEETING))
    site = site_of((one,))
    assert re.search(
        r"孙金龙 报告 生态环境部党组书记", visible(body(article_page.article(one, site.context(one.id))))
    )
    page = text_of(site, "people/sun-jinlong.md")
    assert "报告 1 次" in page and "讲话" not in page.partition("任职")[0].replace("会议与讲话", "")


def test_themes_that_are_broader_or_narrower_are_not_related_as_well() -> None:
    registry = Registries(
        themes=(
            Theme("a", "甲题", related=("b",)),
            Theme("b", "乙题", broader=("a",), related=("a", "c")),
            Theme("c", "丙题"),
        )
    )
    above, below, _ = link([], registry).themes
    assert above.narrower == ("乙题",) and above.related == ()
    assert below.broader == ("甲题",) and below.related == ("丙题",)
