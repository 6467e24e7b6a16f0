"""What a reader sees on an article's page, a person's, a theme's; and that nothing in a text can act there."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.core.article import Article, Doubt, Evidence, Fact, Kind, Participant, Role, ThemeHit, Trust
from build_tools.core.registry import Formulation, Organization, Person, Post, Registries, Theme
from build_tools.core.site import Imprint, Link, Page
from build_tools.graph.link import ArticleContext, Neighbour, Site, link
from build_tools.graph.summary import excerpts_of
from build_tools.outputs import feeds
from build_tools.pages import apparatus, article, indexes, lists
from tests.pages.test_escape import CLEAN, HOSTILE, convert, shown
from tests.support.factory import (
    PARAGRAPHS,
    fact,
    make_article,
    make_body,
    make_card,
    make_cleaned,
    site_pages,
)

CONTEXT = ArticleContext(
    people=(("孙金龙", "sun-jinlong"), ("黄润秋", "huang-runqiu"), ("库热西", "ku-rexi-d3ab")),
    themes=(("碳达峰碳中和", "carbon"),),
    organization="mee",
    related=(Neighbour("b", "某会", "2022-01-01", "同一机构"),),
    variants=(Neighbour("c", "某会(转载)", "2021-03-20", "文字相同"),),
    earlier=Neighbour("d", "前会", "2020-01-01"),
)
REGISTRIES = Registries(
    people=(Person("sun-jinlong", "孙金龙", posts=(Post("生态环境部党组书记", "生态环境部", "2020-04"),)),),
    organizations=(Organization("mee", "生态环境部", ("环境保护部",)),),
    themes=(
        Theme("climate", "应对气候变化"),
        Theme("carbon", "碳达峰碳中和", ("双碳",), ("climate",), (), "范围。"),
    ),
    formulations=(Formulation("four", "四个意识", ("“四个意识”",), ("政治意识", "大局意识")),),
)


def head(page: Page) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(page.text.split("---\n")[1])
    return loaded


def body(page: Page) -> str:
    return convert(page.text.split("---\n", 2)[2])


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def site_of(*articles: Article, links: tuple[Link, ...] = ()) -> Site:
    quoted = {one.id: excerpts_of(one) for one in articles}
    return link([make_card(one) for one in articles], REGISTRIES, links, quoted.__getitem__)


# --- the article -------------------------------------------------------------


def test_the_page_shows_who_when_where_and_links_them() -> None:
    html = body(article.article(make_article(place=fact("北京")), CONTEXT))
    assert "2021年3月19日" in html and "2021年3月22日" in html and "北京" in html
    for target in (
        "../people/sun-jinlong.md",
        "../organizations/mee.md",
        "../themes/carbon.md",
        "../timeline/2021.md",
        "../raw/mee-2021-03-19.txt",
    ):
        assert f'href="{target}"' in html
    assert 'href="https://example.org/a?x=1&amp;y=2"' in html
    text = visible(html)
    assert "孙金龙 主持 生态环境部党组书记" in text
    assert "黄润秋 列席 生态环境部部长" in text
    assert text.index("孙金龙 主持") < text.index("黄润秋 列席")  # by role, not by order of mention


def test_the_card_of_facts_tells_what_is_only_implied() -> None:
    base = make_article()
    named = ("held", "level", "kind", "trust", "published", "organization")
    one = replace(base, **{name: replace(getattr(base, name), inferred=True) for name in named})
    card = visible(body(article.article(one, CONTEXT)).split("<h2")[0])
    assert card.count("（推定）") == len(named)
    assert "（推定）" not in visible(body(article.article(base, CONTEXT)).split("<h2")[0])


def test_weak_mentions_are_named_and_lead_nowhere() -> None:
    html = body(article.article(make_article(), CONTEXT))
    assert re.search(r"不立人物页.晓华", html)
    assert "xiao-hua" not in html


def test_every_paragraph_is_shown_exactly_under_its_id() -> None:
    one = make_article()
    html = body(article.article(one, CONTEXT))
    assert [shown(html, item.id) for item in one.paragraphs] == list(PARAGRAPHS)


def test_key_points_documents_commitments_and_gaps_point_to_their_paragraphs() -> None:
    one = make_article()
    html = body(article.article(one, CONTEXT))
    ids = [item.id for item in one.paragraphs]
    for anchor, at in (("key-points", 2), ("documents", 3), ("commitments", 1), ("gaps", 2)):
        section = html.split(f'id="{anchor}"')[1].split("<h2")[0]
        assert f'href="#{ids[at]}"' in section, anchor


def test_headings_of_the_text_are_headings() -> None:
    items = make_body("今天开会,我讲三点意见。", "准确把握新形势", "要准确把握。")
    items = (items[0], replace(items[1], level=2, id="h-00000001"), items[2])
    html = body(article.article(make_article(body=items), ArticleContext()))
    assert '<h3 id="h-00000001">准确把握新形势</h3>' in html


def test_a_sentence_that_another_article_has_too_is_told_beside_its_paragraph() -> None:
    one, other = make_article(), make_article(id="other", title=fact("另一次会议"))
    here = one.paragraphs[1]
    sentence = here.text.split("。")[0]
    tie = Link("shared_passage", one.id, "other", 0.5, "同句", ((sentence, here.id, "p-there"),))
    site = site_of(one, other, links=(tie,))
    html = body(article.article(one, site.context(one.id)))
    shown = (
        html.index(f'id="{here.id}"'),
        html.index('class="digest-shared"'),
        html.index(f'id="{one.paragraphs[2].id}"'),
    )
    assert sorted(shown) == list(shown)
    assert '又见：<a href="other.md#p-there">另一次会议</a>（2021年3月19日）' in html
    assert "digest-shared" not in body(
        article.article(other, site.context("other"))
    )  # p-there is not its paragraph


def test_related_articles_are_shown_with_their_reason() -> None:
    text = visible(body(article.article(make_article(), CONTEXT)))
    assert "某会 2022年1月1日 · 同一机构" in text
    assert "某会(转载) 2021年3月20日 · 文字相同" in text
    assert "前会" in text


@pytest.mark.parametrize(
    ("trust", "words"), [(Trust.TEMPLATE, "不能当作某次真实会议的记录"), (Trust.DAMAGED, "请勿直接引用")]
)
def test_a_text_that_cannot_be_trusted_says_so(trust: Trust, words: str) -> None:
    assert words in visible(body(article.article(make_article(trust=fact(trust)), CONTEXT)))


def test_a_text_that_may_be_a_repost_is_not_called_original() -> None:
    doubt = Doubt("trust", "repost", "trust.no_owner", Evidence("source", "meta", "某市日报"))
    text = visible(body(article.article(make_article(doubts=(doubt,)), CONTEXT)))
    assert "可信度 待核" in text and "引用前请核对" in text and "原发 " not in text


def test_warnings_are_told_in_chinese_and_unknown_ones_are_not_hidden() -> None:
    text = visible(body(article.article(make_article(warnings=("truncated", "brand_new_code")), CONTEXT)))
    assert "原文不完整" in text and "brand_new_code" in text


def test_the_ledger_shows_rule_reason_and_each_edit_and_counts_the_rest() -> None:
    comma = "\uff0c"
    one = make_article(cleaned=make_cleaned(f"甲乙{comma}丙丁" * 20))
    html = body(article.article(one, CONTEXT, reasons={"full_width_punctuation": "恢复全角标点"}))
    assert "恢复全角标点" in html
    assert f"甲乙<del>,</del><ins>{comma}</ins>丙丁" in html
    more = f"另 {20 - apparatus.EDITS_PER_RULE} 处"
    assert f'<a href="../../edits/{one.id}.jsonl">{more}</a>' in html
    assert f'<a href="../edits/{one.id}.jsonl">全部改动' in html


def test_a_curators_correction_is_told_in_chinese_with_its_reason() -> None:
    one = make_article(
        corrections=(
            ("held", "2022-02-23", "同日报道可证"),
            ("people", (("张三", (("roles", ("presides", "speaks")),)), ("江山", None)), "核对"),
            ("themes", (("危险废物", True), ("噪声污染防治", False)), "通读"),
            ("trust", "repost", "见原刊"),
            ("text", (("before", "推进推进"), ("after", "推进")), "衍文"),
        )
    )
    text = visible(body(article.article(one, CONTEXT)))
    assert "会议时间 2022年2月23日 同日报道可证" in text
    assert "人物 张三（角色：主持、讲话）、江山（不作人物） 核对" in text
    assert "主题 列入：危险废物；不列入：噪声污染防治 通读" in text
    assert "可信度 转载 见原刊" in text
    assert "字句 “推进推进”改为“推进” 衍文" in text
    assert not re.search("presides|True|False|None|repost|people|themes", text)


def test_a_fact_without_a_wording_says_in_chinese_what_it_rests_on() -> None:
    trust = Fact(Trust.ORIGINAL, Evidence("trust.original", "meta", ""))
    assert "没有相反的迹象" in body(article.article(make_article(trust=trust), CONTEXT))


def test_a_withdrawn_page_tells_the_curators_reason_if_there_is_one() -> None:
    card = make_card(status="withdrawn", status_reason="原发布机构已*更正*")
    assert "编者说明：原发布机构已*更正*" in visible(body(article.withdrawn(card)))
    assert "编者说明" not in article.withdrawn(make_card(status="withdrawn")).text


def test_the_pdf_is_linked_only_when_it_was_printed() -> None:
    one = make_article()
    assert "../pdf/mee-2021-03-19.pdf" not in article.article(one, CONTEXT).text
    assert "../pdf/mee-2021-03-19.pdf" in article.article(one, CONTEXT, pdf=True).text


def test_front_matter_and_json_ld_tell_machines_the_same() -> None:
    meta = head(article.article(make_article(), CONTEXT))
    assert meta["title"] == "生态环境部党组召开会议"
    assert (meta["held"], meta["published"], meta["updated"]) == ("2021-03-19", "2021-03-22", "2021-03-22")
    ld = json.loads(meta["jsonld"])
    assert ld["@type"] == "NewsArticle" and ld["datePublished"] == "2021-03-22"
    assert ld["author"] == [{"@type": "Person", "name": "杜宣逸"}]
    assert {"@type": "Person", "name": "孙金龙"} in ld["mentions"]


def test_an_unknown_year_stays_unknown() -> None:
    held = make_article().held
    assert held is not None
    one = make_article(
        held=replace(held, value=replace(held.value, start="XXXX-02-23", end="XXXX-02-23")), published=None
    )
    page = article.article(one, ArticleContext())
    assert "2月23日" in visible(body(page)) and "年份不详" in visible(body(page))
    assert "startDate" not in page.text and 'href="../timeline/undated.md"' in body(page)


def test_an_article_of_almost_nothing_has_a_page() -> None:
    nothing = dict.fromkeys(
        ("title", "published", "held", "source", "organization", "url", "fetched", "place")
    )
    empty: dict[str, Any] = dict.fromkeys(
        ("decks", "authors", "editors", "people", "statements", "themes", "key_points", "documents",
         "commitments", "gaps", "body"), ()
    )  # fmt: skip
    page = article.article(make_article(**nothing, **empty, cleaned=make_cleaned("")), ArticleContext())
    assert '<h1 id="title">mee-2021-03-19</h1>' in body(page)


# --- nothing acts --------------------------------------------------------------


@pytest.mark.parametrize("text", [line.strip() for line in HOSTILE])
def test_hostile_text_in_every_field_is_only_text(text: str) -> None:
    one = make_article(
        title=fact(text),
        decks=(text,),
        eyebrow=text,
        source=fact(text, "meta", text),
        authors=(fact(text),),
        organization=fact(text),
        body=make_body(text),
        people=(Participant(text, (text,), (Role.SPEAKS,)),),
        themes=(ThemeHit(text, 1.0, ()),),
        key_points=(fact(text),),
        documents=(fact(text),),
        corrections=(("title", text, text),),
        cleaned=make_cleaned(f"{text}\uff0c{text}"),
        warnings=(text,),
    )
    page = article.article(
        one, ArticleContext(people=((text, "x"),), themes=((text, "y"),), organization="z")
    )
    html = body(page)
    assert shown(html, one.paragraphs[0].id) == text
    tags = {name.lower() for name in re.findall(r"<(\w+)", html)}
    assert not tags & {"script", "b", "img", "iframe", "style", "input"}
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    meta = head(page)
    assert "<" not in meta["title"] and "<" not in meta["description"]
    assert json.loads(meta["jsonld"])["headline"] == text


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(CLEAN, min_size=1, max_size=6), CLEAN)
def test_whole_pages_show_every_paragraph_exactly(texts: list[str], title: str) -> None:
    one = make_article(title=fact(title), body=make_body(*texts), cleaned=make_cleaned("\n".join(texts)))
    html = body(article.article(one, ArticleContext()))
    assert [shown(html, item.id) for item in one.paragraphs] == texts


# --- the other pages ------------------------------------------------------------


def pages(site: Site) -> dict[str, Page]:
    out: dict[str, Page] = {}
    for page in site_pages(site):
        assert page.path not in out
        out[page.path] = page
    return out


def targets(path: str, page: Page) -> Iterator[str]:
    """What a page's Markdown links lead to, below docs/."""
    for target in re.findall(r"\]\(([^)#]+)", page.text):
        if "://" not in target:
            yield (Path("/") / path).parent.joinpath(target).resolve().relative_to("/").as_posix()


def test_every_link_between_pages_leads_to_a_page_or_file() -> None:
    articles = [
        make_article(id=f"a{n}", title=fact(f"会议{n}"), published=fact(f"20{n % 5 + 10}-01-01"), held=None)
        for n in range(130)
    ]
    site = site_of(*articles, links=(Link("related", "a1", "a2", 0.5, "同题"),))
    made = pages(site) | {
        page.path: page for page in (article.article(one, site.context(one.id)) for one in articles)
    }
    known = (
        set(made) | {f"raw/{one.id}.txt" for one in articles} | {f"data/{name}" for name, *_ in indexes.FILES}
    )
    known |= {f"edits/{one.id}.jsonl" for one in articles}
    known |= {path for one in articles for path, _ in article.files(one, "")}
    known |= {"about.md", "feeds/site.atom"}
    missing = {(path, to) for path, page in made.items() for to in targets(path, page) if to not in known}
    assert not missing
    assert any(path.startswith("people/sun-jinlong/20") for path in made)  # 130 articles fill shelves


def test_a_persons_page_has_posts_offices_meetings_by_role_and_statements() -> None:
    text = visible(body(pages(site_of(make_article()))["people/sun-jinlong.md"]))
    assert "生态环境部党组书记 生态环境部 2020年4月" in text
    assert re.search(r"主持 .*生态环境部党组召开会议", text)
    assert "要狠抓落实。" in text
    assert "黄润秋 1 次" in text


def test_an_appearance_leads_to_the_paragraph_of_its_role() -> None:
    one = make_article()
    ids = [item.id for item in one.paragraphs]
    named, presides = (
        Evidence("people.office", ids[0], "孙金龙"),
        Evidence("people.role.presides", ids[2], "孙金龙主持"),
    )
    who = Participant(
        "孙金龙", ("书记",), (Role.ATTENDS, Role.PRESIDES), False, (named, presides), "sun-jinlong"
    )
    html = body(pages(site_of(replace(one, people=(who,))))["people/sun-jinlong.md"])
    assert f'articles/{one.id}.md#{ids[2]}">第3段</a>' in html
    elsewhere = replace(who, evidence=(Evidence("people.role.presides", "deck", "孙金龙主持"),))
    page = body(pages(site_of(replace(one, people=(elsewhere,))))["people/sun-jinlong.md"])
    assert "段</a>" not in page.partition('id="role-presides"')[2].partition("<h2")[0]


def test_the_sources_of_a_post_are_named_by_title_and_date() -> None:
    posts = tuple(Post("书记", "生态环境部", source=name) for name in ("a", "b"))
    registries = replace(REGISTRIES, people=(Person("sun-jinlong", "孙金龙", posts=posts),))
    cards = [make_card(make_article(id="a", title=fact("甲会"))), make_card(make_article(id="b", held=None))]
    html = body(pages(link(cards, registries))["people/sun-jinlong.md"])
    assert "甲会（2021年3月19日）</a>、<a" in html
    assert "生态环境部党组召开会议（2021年3月22日）</a></td>" in html


def test_a_name_that_nobody_reviewed_says_so() -> None:
    made = pages(site_of(make_article()))
    path = next(path for path in made if path.startswith("people/ku-rexi-"))
    assert "未审校" in visible(body(made[path]))
    assert "未审校" not in visible(body(made["people/sun-jinlong.md"]))


def test_a_themes_page_has_scope_place_and_passages() -> None:
    html = body(pages(site_of(make_article()))["themes/carbon.md"])
    text = visible(html)
    assert "范围。" in text and "双碳" in text and "应对气候变化" in text
    assert f"articles/mee-2021-03-19.md#{make_article().paragraphs[1].id}" in html


def test_of_many_editions_of_a_text_a_page_lists_some_and_says_where_the_rest_are() -> None:
    many = tuple(Neighbour(f"v{n}", f"刊本{n}", "2021-03-20", "文字相同") for n in range(60))
    text = article.article(make_article(), CONTEXT._replace(variants=many)).text
    assert text.count("](v") == 20 and "另有 40 篇，见[开放数据](../data/index.md)" in text


def test_a_formulation_has_first_last_variants_and_denominators() -> None:
    cards = [
        make_card(
            make_article(id=f"a{n}", held=None, published=fact(f"{2020 + n}-05-01")),
            formulations=(("four", "“四个意识”", "p-1"),) if n else (),
        )
        for n in range(3)
    ]
    text = visible(body(pages(link(cards, REGISTRIES))["formulations/four.md"]))
    assert "始见 2021年5月1日" in text and "末见 2022年5月1日" in text
    assert "出现 2 处，2 篇" in text
    table = text.split("当年收录")[1]
    assert "占篇数" not in text  # too few for any: a column that says nothing is left out
    assert "2022年 1 处 1 篇 1 篇" in table and "2020年" not in table and "%" not in text
    assert "政治意识" in text


def test_a_model_texts_day_dates_no_formulation() -> None:
    cards = [
        make_card(
            make_article(id=f"a{n}", held=None, published=fact(f"{2020 + n}-05-01"), trust=fact(trust)),
            formulations=(("four", "“四个意识”", "p-1"),),
        )
        for n, trust in enumerate((Trust.TEMPLATE, Trust.REPOST, Trust.TEMPLATE))
    ]
    unseen = Formulation("unseen", "两个维护", ("两个维护",))
    made = pages(link(cards, replace(REGISTRIES, formulations=(*REGISTRIES.formulations, unseen))))
    text = visible(body(made["formulations/four.md"]))
    assert "始见 2021年5月1日" in text and "末见 2021年5月1日" in text
    assert "出现 1 处，1 篇；范文或受损文本中另有 2 处，2 篇，不计" in text
    rows = " ".join(visible(body(made["formulations/index.md"])).split())
    assert "四个意识 2021年5月1日 2021年5月1日 1 处 1 篇 这些文章中没有的：两个维护。" in rows


def test_every_list_marks_a_text_that_is_not_its_publishers_own() -> None:
    articles = [
        make_article(id="model", title=fact("某范文"), trust=fact(Trust.TEMPLATE)),
        make_article(id="plain", title=fact("某原文")),
    ]
    hit = (("four", "四个意识", articles[0].paragraphs[1].id),)
    cards = [make_card(one, formulations=hit) for one in articles]
    quoted = {one.id: excerpts_of(one) for one in articles}
    site = link(cards, REGISTRIES, (Link("related", "plain", "model", 0.5, "同题"),), quoted.__getitem__)
    made = pages(site)
    made["articles/plain.md"] = article.article(articles[1], site.context("plain"))
    for path in (
        "articles/index.md", "timeline/undated.md", "people/sun-jinlong.md", "themes/carbon.md",
        "organizations/mee.md", "formulations/four.md", "articles/plain.md",
    ):  # fmt: skip
        text = visible(body(made[path]))
        assert "某范文 范文" in text, path
        assert "某原文 原发" not in text, path


def test_an_empty_corpus_still_has_its_pages() -> None:
    made = pages(link([], Registries()))
    for path in ("index.md", "articles/index.md", "people/index.md", "themes/index.md", "data/index.md"):
        assert "<h1" in body(made[path])


def test_a_withdrawn_article_leaves_a_page_and_no_text() -> None:
    site = site_of(make_article(status="withdrawn"))
    page = pages(site)["articles/mee-2021-03-19.md"]
    assert "撤回" in page.text and PARAGRAPHS[0] not in page.text
    assert site.cards == ()


def test_no_page_grows_with_the_corpus_beyond_its_shelf() -> None:
    paragraph = "会议强调,要深入学习贯彻习近平生态文明思想。" * 12
    articles = [
        make_article(
            id=f"a{n}", body=make_body(paragraph), published=fact(f"2021-{n % 12 + 1:02}-01"), held=None
        )
        for n in range(700)
    ]
    for page in site_pages(site_of(*articles)):
        assert len(page.text.encode()) < 200_000, page.path


def test_a_group_names_every_article_that_its_pages_show() -> None:
    articles = [make_article(id=f"a{n}", title=fact(f"会议甲{n}乙")) for n in range(4)]
    for group in indexes.groups(site_of(*articles)):
        if group.cards is not None:
            for page in group.make():
                assert set(re.findall(r"articles/(a\d)\.md", page.text)) <= set(group.cards), group.name


# --- feeds -----------------------------------------------------------------------


def test_feeds_are_whole_valid_and_bear_no_clock() -> None:
    site = site_of(
        make_article(title=fact("<b>会议&\x0b")),
        make_article(id="b", published=None, held=None, fetched=None),
    )
    made = dict(feeds.feeds(site, Imprint("文摘", "https://example.org/sub/")))
    assert {"feeds/site.atom", "feeds/people/sun-jinlong.atom", "feeds/themes/carbon.atom"} <= set(made)
    root = ET.fromstring(made["feeds/site.atom"])
    atom = "{http://www.w3.org/2005/Atom}"
    assert [e.findtext(f"{atom}id") for e in root.iter(f"{atom}entry")] == [
        "https://example.org/sub/articles/mee-2021-03-19/",
        "https://example.org/sub/articles/b/",
    ]
    assert root.findtext(f"{atom}updated") == "2021-04-01T00:00:00Z"  # the day it was added
    items = json.loads(made["feeds/site.json"])["items"]
    assert [item["date_published"] for item in items] == ["2021-03-22T00:00:00Z", "1970-01-01T00:00:00Z"]
    assert "孙金龙主持" in items[0]["summary"] and "<li>加强顶层设计</li>" in items[0]["content_html"]


def test_an_older_article_that_is_added_later_comes_first_and_a_corrected_one_shows_as_updated() -> None:
    many = [
        make_article(id=f"n{n:02}", published=fact("2024-05-01"), held=None, fetched="2024-05-02")
        for n in range(feeds.ENTRIES)
    ]
    old = make_article(id="old", published=fact("2011-01-05"), held=None, fetched="2025-02-03")
    site = site_of(*many, old)
    items = json.loads(dict(feeds.feeds(site, Imprint("文摘", "https://example.org/")))["feeds/site.json"])[
        "items"
    ]
    assert items[0]["url"].endswith("/articles/old/") and len(items) == feeds.ENTRIES
    corrected = replace(old, corrections=(("title", "新题", "原题有误"),))
    site = site_of(*many, corrected)
    again = json.loads(dict(feeds.feeds(site, Imprint("文摘", "https://example.org/")))["feeds/site.json"])[
        "items"
    ][0]
    assert again["id"] == items[0]["id"] and again["date_modified"] > items[0]["date_modified"]
    assert again["date_published"] == items[0]["date_published"] == "2011-01-05T00:00:00Z"


def test_a_list_line_tells_kind_only_when_it_is_no_meeting() -> None:
    speech = make_card(make_article(kind=fact(Kind.SPEECH)))
    assert "讲话" in lists.card_line(speech, "")
    assert "会议通稿" not in lists.card_line(make_card(), "")
