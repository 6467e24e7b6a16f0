"""Search as a reader meets it, in real Chromium, on a site hosted below a path."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import opencc
import pytest
import yaml

from build_tools.bench_search import (
    CHROMIUM_ARGUMENTS,
    Grep,
    Host,
    build_site,
    chromium,
    documents,
    substrings,
)
from build_tools.fold import fold, tokens
from build_tools.models import Organization, Person, Registries, Theme
from build_tools.search import Document
from build_tools.text import block_ids

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(chromium() is None, reason="needs a Chromium on PATH")

CASES = yaml.safe_load((Path(__file__).parent / "cases/search.yml").read_text("utf-8"))
SETTLED = "['ready','error','idle'].includes(document.querySelector('#search-results').dataset.state)"
POOL = (
    "会议强调,要增强“四个意识”、坚定“四个自信”、做到“两个维护”。生态环境部党组书记孙金龙出席会议并讲话。",
    "一是深入打好污染防治攻坚战。完整、准确、全面贯彻新发展理念!要保持PM2.5下降?COD、氨氮(NH3-N)减排5.5%;里程碑式的成绩。",
    "会议审议并原则通过《工作方案》。他指出:“着力解决突出问题,显著改善环境。”会后,与会同志干劲很足……",
    "2020年6月19日,生态环境部部长黄润秋列席会议。碳达峰、碳中和工作——从2021年3月起步。",
)


def _document(name: str, title: str, *paragraphs: str, **facts: Any) -> Document:
    made = Document(
        id=name, title=title, date="2021-03-19", kind="meeting", level="central", organization="生态环境部",
        people=(), themes=(), head=(title,),
        blocks=(("", title), *zip(block_ids(list(paragraphs)), paragraphs, strict=True)),
    )  # fmt: skip
    return replace(made, **facts)


BY_HAND = (
    _document(
        "party-group",
        "生态环境部党组召开会议",
        "生态环境部党组书记孙金龙主持召开会议。",
        "要统筹推进北冰洋科考。COD减排。",
        people=(("sun-jinlong", "孙金龙"),),
        themes=("碳达峰碳中和",),
    ),
    _document("sun-title", "孙金龙出席北冰洋论坛", "论坛谈到了水。", date="2015-01-02"),
    _document(
        "hostile",
        "<img src=x onerror=alert(1)>标题",
        "<script>alert(2)</script>与 & 及 &amp; 在此。",
        "𠮷野家与🌏:a.b[c](d)*.^$\\",
        "引号\"内文\"与'单'。",
        date="",
    ),
    _document(
        "border",
        "边界测试",
        "前一段结尾是甲乙",
        "丙丁是后一段开头",
        "全角ＡＢＣ，半角ABC。",
        date="XXXX-02-23",
        level="city",
    ),
    _document(
        "tan", "双碳例会", "推进碳达峰碳中和。", "落实“双碳”目标,碳达峰是硬任务。碳达峰。", date="2022"
    ),
)


@dataclass
class Served:
    url: str
    root: Path
    made: list[Document]
    grep: Grep


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("host")
    made = [*BY_HAND, *documents(POOL, 60)]
    registries = Registries(
        people=(Person("sun-jinlong", "孙金龙"), Person("huang-runqiu", "黄润秋")),
        organizations=(Organization("mee", "生态环境部"),),
        themes=(Theme("tan", "碳达峰碳中和", ("双碳",)), Theme("du", "中央生态环境保护督察")),
    )
    build_site(made, root / "digest", registries)
    with Host(root) as host:
        yield Served(f"{host.url}/digest", root, made, Grep.of(made))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Reader:
    """One tab."""

    page: Any
    served: Served
    faults: list[str]
    requests: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.served.url}/{path}", wait_until="load")

    def ready(self) -> None:
        self.page.wait_for_function("document.querySelector('#search-results')?.dataset.state === 'ready'")

    def settled(self) -> None:
        self.page.wait_for_function(SETTLED, timeout=30_000)

    def search(self, query: str) -> set[str]:
        """Type and press Enter; the ids shown, after checking that the count is theirs."""
        self.page.fill("#digest-search", query)
        self.page.wait_for_selector("#digest-search[role=combobox]")
        self.page.evaluate("document.querySelector('#search-results').dataset.state = 'waiting'")
        self.page.press("#digest-search", "Enter")
        self.settled()
        return self.ids()

    def ids(self) -> set[str]:
        while self.page.is_visible(".ds-more"):
            before = self.page.locator("[data-article]").count()
            self.page.click(".ds-more")
            self.page.wait_for_function(f"document.querySelectorAll('[data-article]').length > {before}")
        shown = self.page.eval_on_selector_all(
            "#search-results [data-article]", "all => all.map(e => e.dataset.article)"
        )
        assert len(shown) == len(set(shown)) == self.count
        return set(shown)

    @property
    def count(self) -> int:
        return int(self.page.get_attribute("#search-results", "data-articles"))

    @property
    def state(self) -> str:
        return str(self.page.get_attribute("#search-results", "data-state"))

    @property
    def order(self) -> list[str]:
        shown: list[str] = self.page.eval_on_selector_all(
            "#search-results [data-article]", "all => all.map(e => e.dataset.article)"
        )
        return shown

    def hrefs(self) -> dict[str, str]:
        """Article → the address that its title links to."""
        found: dict[str, str] = dict(
            self.page.eval_on_selector_all(
                "#search-results [data-article]",
                "all => all.map(e => [e.dataset.article, e.querySelector('a').href])",
            )
        )
        return found


@pytest.fixture
def reader(browser: Any, served: Served) -> Iterator[Reader]:
    yield from _tab(browser, served)


@pytest.fixture(scope="module")
def _warm_tab(browser: Any, served: Served) -> Iterator[Reader]:
    yield from _tab(browser, served)


@pytest.fixture
def warm(_warm_tab: Reader) -> Iterator[Reader]:
    """A tab that has searched before: many questions, quickly."""
    yield _warm_tab
    assert not _warm_tab.faults


def _tab(browser: Any, served: Served) -> Iterator[Reader]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: requests.append(urlsplit(request.url).path))
    reader = Reader(page, served, faults, requests)
    reader.open("search/")
    yield reader
    context.close()
    assert not faults


def _paragraphs_right(reader: Reader, query: str) -> None:
    for article, href in reader.hrefs().items():
        assert urlsplit(href).path == f"/digest/articles/{article}/"
        assert reader.served.grep.holds(article, urlsplit(href).fragment, query), (query, href)


# --- both halves agree ---------------------------------------------------------


def test_browser_folds_and_parses_alike(warm: Reader) -> None:
    answers = warm.page.evaluate(
        """async cases => {
          const { fold, phrase, variants, parse } = await import('../assets/search/fold.js');
          const shown = t => (t.not ? '-' : t.text.startsWith('-') ? '=' : '') + t.text;
          return {
            fold: cases.fold.map(c => fold(c.before)),
            tokens: cases.tokens.map(c => phrase(fold(c.before))),
            variants: cases.variants.map(c => variants(c.before)),
            parse: cases.parse.map(c => parse(c.before).map(shown)),
          };
        }""",
        CASES,
    )
    assert answers["fold"] == [case["after"] for case in CASES["fold"]]
    assert answers["tokens"] == [f'"{case["after"]}"' for case in CASES["tokens"]]
    assert answers["variants"] == [{"now": c["now"], "later": c["later"]} for c in CASES["variants"]]
    assert answers["parse"] == [case["terms"] for case in CASES["parse"]]


def test_browser_folds_every_kind_of_character_alike(warm: Reader) -> None:
    chance = random.Random(9)
    codes = [*range(0x20, 0x600), *chance.sample(range(0x600, 0xD800), 12000), *range(0xF900, 0xFFFE)]
    codes += chance.sample(range(0x10000, 0x32000), 3000)
    chars = [chr(code) for code in codes]
    made = warm.page.evaluate(
        """async chars => {
          const { fold, phrase } = await import('../assets/search/fold.js');
          return chars.map(c => [fold(c), fold(c) ? phrase(fold(c)).slice(1, -1) : '']);
        }""",
        chars,
    )
    assert made == [[fold(char), tokens(char).strip()] for char in chars]


# --- exactness -----------------------------------------------------------------


def test_random_substrings_are_exact(warm: Reader) -> None:
    to_traditional = opencc.OpenCC("s2t")
    for number, wording in enumerate(substrings(warm.served.made, 60)):
        typed = to_traditional.convert(wording) if number % 3 == 0 else wording
        found = warm.search(typed)
        # Typed in Traditional, 著 may be either; then more than the letter of it may be found.
        assert found >= warm.served.grep.articles(wording), (typed, wording)
        if typed == wording:
            assert found == warm.served.grep.articles(wording), wording
            _paragraphs_right(warm, wording)


@pytest.mark.parametrize(
    "query",
    [
        "。", "、", "5", "%", "”", "《", "PM2.5", "pm2.5", "ＰＭ２．５", "cod", "2.", "19日", "9日", "——", "……",
        "𠮷", "🌏", "着", "著", "与 ", "甲乙丙丁", "乙丙", "边界测试前", "全角ABC,半", '引号"内', "a.b[c](d)*.^$\\",
        "<script>alert(2)</script>", "&amp;", "<img src=x onerror=alert(1)>", "3-N", "-N)", "孙金龙", "北冰洋",
    ],
)  # fmt: skip
def test_exact(warm: Reader, query: str) -> None:
    assert warm.search(query) == warm.served.grep.articles(query.strip())
    _paragraphs_right(warm, query.strip())


def test_across_blocks_never(warm: Reader) -> None:
    chance = random.Random(5)
    for _ in range(12):
        blocks = chance.choice(warm.served.made).blocks
        at = chance.randrange(len(blocks) - 1)
        wording = blocks[at][1][-3:] + blocks[at + 1][1][:3]
        assert warm.search(wording) == warm.served.grep.articles(wording)


@pytest.mark.parametrize(
    ("typed", "meant"), [("孫金龍", "孙金龙"), ("碳達峰", "碳达峰"), ("會後", "会后"), ("里程碑", "里程碑")]
)
def test_traditional(warm: Reader, typed: str, meant: str) -> None:
    assert warm.search(typed) == warm.served.grep.articles(meant) != set()


def test_and_quotes_exclusion(warm: Reader) -> None:
    grep = warm.served.grep
    assert warm.search("孙金龙 北冰洋") == {"party-group", "sun-title"}
    assert warm.search("孙金龙　北冰洋 -COD") == {"sun-title"}
    assert warm.search('"孙金龙 出席 北冰洋"') == {"sun-title"}
    assert warm.search('孙金龙 -"出席 北冰洋"') == grep.articles("孙金龙") - {"sun-title"}
    assert warm.search("孙金龙 北冰洋 -水 -COD") == set()


# --- names and themes, told apart ------------------------------------------------


@pytest.mark.parametrize("typed", ["sunjinlong", "sjl", "SUN JINLONG", "sun jin long", "ｓｊｌ"])
def test_pinyin(warm: Reader, typed: str) -> None:
    assert warm.search(typed) == warm.served.grep.articles("孙金龙")
    assert "孙金龙" in warm.page.inner_text(".ds-status")
    assert (
        warm.page.get_attribute(".ds-told [data-person='孙金龙'] a", "href") == "/digest/people/sun-jinlong/"
    )


def test_letters_in_the_text_come_before_pinyin(warm: Reader) -> None:
    assert warm.search("cod") == warm.served.grep.articles("cod")
    assert "拼音" not in warm.page.inner_text(".ds-status")


def test_alt_label_is_told_apart(warm: Reader) -> None:
    assert warm.search("双碳") == {"tan"}
    assert warm.page.inner_text(".ds-told [data-theme]").split() == [
        "主题",
        "碳达峰碳中和（又称",
        "双碳）",
        "0",
        "篇",
    ]
    assert not warm.page.locator("#search-results [data-theme]").count()
    warm.search("北冰洋")
    assert not warm.page.is_visible(".ds-told")


# --- results -------------------------------------------------------------------


def test_titles_first_then_newest(warm: Reader) -> None:
    warm.search("孙金龙")
    assert warm.order[0] == "sun-title"
    warm.page.select_option("[data-facet=sort]", "date")
    dates = warm.page.locator(".ds-facts").all_inner_texts()
    assert dates == sorted(dates, key=lambda text: text[:10], reverse=True)
    assert "sort=date" in warm.page.url


def test_excerpt_as_written_and_marked(warm: Reader) -> None:
    warm.search("孙金龙主持")
    hit = warm.page.locator("[data-article=party-group]")
    assert hit.locator(".ds-excerpt").inner_text() == "生态环境部党组书记孙金龙主持召开会议。"
    assert hit.locator(".ds-excerpt mark").all_inner_texts() == ["孙金龙主持"]
    warm.search("ａｂｃ,")
    assert warm.page.locator("[data-article=border] .ds-excerpt").inner_text() == "全角ＡＢＣ，半角ABC。"


def test_markup_is_shown_not_run(warm: Reader) -> None:
    warm.search("alert(2)")
    assert "<script>alert(2)</script>" in warm.page.inner_text(".ds-excerpt")
    assert warm.page.inner_text(".ds-title") == "<img src=x onerror=alert(1)>标题"
    assert not warm.page.locator("#search-results img, #search-results script").count()


def test_paragraph_is_highlighted_on_arrival(reader: Reader) -> None:
    reader.search("碳達峰")
    reader.page.click("[data-article=tan] .ds-title")
    reader.page.wait_for_function("CSS.highlights.get('digest-search')?.size")
    url = urlsplit(reader.page.url)
    assert url.path == "/digest/articles/tan/"
    assert parse_qs(url.query) == {"hl": ["碳達峰"]}
    shown = reader.page.evaluate(
        "[...CSS.highlights.get('digest-search')].map(r => [r.startContainer.parentElement.id, r.toString()])"
    )
    assert [text for _, text in shown] == ["碳达峰"] * 3
    assert url.fragment in {anchor for anchor, _ in shown}
    texts = [text for name, text in BY_HAND[-1].blocks if name]
    assert reader.page.locator("article p").all_text_contents() == texts


def test_filters_and_address(reader: Reader, served: Served) -> None:
    want = {one.id for one in served.made if one.level == "city" and one.id in served.grep.articles("会议")}
    reader.search("会议")
    reader.page.select_option("[data-facet=level]", "city")
    assert reader.ids() == want
    reader.page.select_option("[data-facet=year]", "2020")
    both = {one.id for one in served.made if one.id in want and one.date[:4] == "2020"}
    assert reader.ids() == both
    reader.page.goto(reader.page.url)
    reader.ready()
    assert reader.ids() == both
    assert reader.page.input_value("#digest-search") == "会议"
    reader.page.go_back()
    reader.page.wait_for_function(
        f"document.querySelector('#search-results').dataset.articles === '{len(want)}'"
    )


def test_filter_alone_lists_its_articles(reader: Reader) -> None:
    reader.open(f"search/?theme={quote('碳达峰碳中和')}")
    reader.ready()
    assert reader.ids() == {"party-group"}


def test_people_filter_by_identity(warm: Reader) -> None:
    warm.search("会议")
    label = warm.page.locator("[data-facet=person] option[value=sun-jinlong]").inner_text()
    assert label == "孙金龙（1）"


def test_more_results_on_demand(reader: Reader) -> None:
    reader.search("会议")  # reads all
    reader.open("search/?q=" + quote("会议"))
    reader.ready()
    assert len(reader.order) == 10 < reader.count


# --- frugal, honest, keyboard ------------------------------------------------------


@pytest.mark.parametrize("path", ["", "search/", "articles/tan/"])
def test_nothing_is_fetched_before_a_reader_searches(reader: Reader, path: str) -> None:
    reader.requests.clear()
    reader.open(path)
    reader.page.wait_for_timeout(300)
    assert [one for one in reader.requests if "/assets/search/" in one or "/search/data/" in one] == []


def test_no_third_party(reader: Reader) -> None:
    hosts: set[str] = set()
    reader.page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    reader.search("孙金龙")
    assert hosts == {urlsplit(reader.served.url).netloc}


def test_failed_download_is_told_and_retried(reader: Reader) -> None:
    reader.page.route("**/2015-*/index/*", lambda route: route.abort())
    reader.page.context.route("**/2015-*/index/*", lambda route: route.abort())
    reader.search("孙金龙")
    assert reader.state == "error"
    assert "不完整" in reader.page.inner_text(".ds-status")
    assert reader.count == len(reader.served.grep.articles("孙金龙")) - sum(
        one.date[:4] == "2015" and one.id in reader.served.grep.articles("孙金龙")
        for one in reader.served.made
    )
    reader.page.unroute("**/2015-*/index/*")
    reader.page.context.unroute("**/2015-*/index/*")
    reader.page.click(".ds-retry")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.state === 'ready'")
    assert reader.ids() == reader.served.grep.articles("孙金龙")


def test_missing_manifest_is_told(reader: Reader) -> None:
    reader.page.route("**/manifest.json", lambda route: route.fulfill(status=404))
    reader.search("孙金龙")
    assert reader.state == "error"
    assert reader.page.is_visible(".ds-retry")


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\u200b",
        '"',
        '""',
        "-",
        "--",
        ".*",
        "(",
        "\\",
        "\ud83d",
        "x" * 500,
        "的" * 500,
        "a b " * 125,
        "。。。。",
    ],
)
def test_bad_input(warm: Reader, query: str) -> None:
    found = warm.search("生态")
    assert found
    found = warm.search(query)
    assert warm.state == ("ready" if fold(query) else "idle")
    if query.strip('"-') and " " not in query:
        assert found == (warm.served.grep.articles(query) if fold(query) else set())
    if not found and fold(query):
        assert "没有找到" in warm.page.inner_text(".ds-status")


def test_suggestions_by_keyboard(reader: Reader) -> None:
    reader.open("")
    reader.page.locator("#head").press_sequentially("sunj")
    option = reader.page.locator("[role=option]").first
    option.wait_for()
    assert option.inner_text().split() == ["人物", "孙金龙", "0", "篇"]
    assert reader.page.get_attribute("#head", "aria-expanded") == "true"
    reader.page.keyboard.press("Escape")
    assert not option.is_visible()
    reader.page.locator("#head").fill("孫")
    option.wait_for()
    reader.page.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert reader.page.get_attribute("#head", "aria-activedescendant") == option.get_attribute("id")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert urlsplit(reader.page.url).path == "/digest/people/sun-jinlong/"


def test_header_box_leads_to_results(reader: Reader) -> None:
    reader.open("articles/tan/")
    reader.page.fill("#head", "北冰洋")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    reader.ready()
    assert reader.ids() == {"party-group", "sun-title"}


def test_results_by_keyboard(reader: Reader) -> None:
    reader.search("北冰洋")
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("ArrowDown")
    active = "document.activeElement.closest('[data-article]')?.dataset.article"
    assert reader.page.evaluate(active) == reader.order[1]
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert f"/articles/{'party-group'}/" in reader.page.url


def test_newer_query_wins(reader: Reader) -> None:
    box = reader.page.locator("#digest-search")
    for query in ("孙", "孙金", "孙金龙", "北冰洋"):
        box.fill(query)
    box.press("Enter")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.articles === '2'")
    reader.page.wait_for_timeout(500)
    assert reader.ids() == {"party-group", "sun-title"}
