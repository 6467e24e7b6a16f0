"""What a researcher comes for, click by click from the home page: the founding articles and two invented ones, built as
the command builds them. A click is a link or a button by its visible name; the answer is on the screen."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import feedparser
import pikepdf
import pytest
from playwright.sync_api import Browser, Locator, Page

from build_tools.bench.search import Host
from build_tools.core.paths import ROOT
from tests.pages.test_readers import zotero
from tests.pages.test_theme import _Page
from tests.support.corpus import build
from tests.support.once import Once

DECISION = "数据质量是碳市场的生命线，要坚决打击弄虚作假，推进碳达峰碳中和。"
INVENTED = {
    "mee-standing-2024": f"""生态环境部召开部常务会议

发布时间:2024年06月13日 来源:生态环境部

6月13日,生态环境部部长黄润秋主持召开部常务会议,研究碳市场数据质量监管工作。

黄润秋指出,{DECISION}

会议强调,要健全长效机制,抓好工作落实。
""",
    "national-conference-2025": """2025年全国生态环境保护工作会议在京召开

发布时间:2025年01月15日 信息来源:生态环境部

1月14日至15日,生态环境部在京召开2025年全国生态环境保护工作会议。生态环境部党组书记孙金龙出席会议并讲话。

会议确定,2025年要抓好以下重点任务。一是持之以恒打好污染防治攻坚战。加强固体废物治理。二是开展新一轮督察。三是确保核与辐射安全。
""",
}
PARTY_GROUP = "生态环境部党组召开会议"


@pytest.fixture(scope="module")
def site(once: Once) -> Path:
    def made(folder: Path) -> None:
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        for name, text in INVENTED.items():
            (folder / "corpus" / "articles" / f"{name}.txt").write_text(text, "utf-8")
        build(folder / "corpus", folder / "out", 0, "--no-mirror")

    return once("tasks", made) / "out" / "site"


@pytest.fixture(scope="module")
def home(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("tasks")
    (root / "digest").symlink_to(site, target_is_directory=True)
    with Host(root) as host:
        yield f"{host.url}/digest/"


class Reader:
    """One who sits at the home page, and counts the clicks."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.clicks = page, 0
        page.goto(home)

    def seen(self, role: Literal["link", "button"], name: str) -> Locator:
        """The first in sight of this name."""
        return self.page.get_by_role(role, name=name, exact=True).locator("visible=true").first

    def click(self, name: str, role: Literal["link", "button"] = "link") -> None:
        self.seen(role, name).click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def key(self, name: str, tab: str = "Tab") -> None:
        """Tab (back: Shift+Tab) until the link or button of this name has the focus, then Enter."""
        focused = "(one => one.getAttribute('aria-label') || one.textContent.trim())(document.activeElement)"
        for _ in range(200):
            self.page.keyboard.press(tab)
            if self.page.evaluate(focused) == name:
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"no stop is named {name}")

    def under(self, heading: str) -> str:
        """The text from a heading to the next of its level or above."""
        return str(
            self.page.evaluate(
                """(heading) => {
                const own = [...document.querySelectorAll("h1, h2, h3")].find((one) => one.innerText.trim() === heading)
                const said = []
                for (let one = own.nextElementSibling; one && !(one.tagName <= own.tagName && /^H/.test(one.tagName)); )
                  [said[said.length], one] = [one.innerText, one.nextElementSibling]
                return said.join("\\n")
                }""",
                heading,
            )
        )


@pytest.fixture
def reader(browser: Browser, home: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield Reader(context.new_page(), home)
    context.close()


def in_sight(paragraph: Locator) -> bool:
    box = paragraph.bounding_box()
    return box is not None and 0 <= box["y"] < 900


def test_what_a_minister_said_in_a_year_and_its_paragraph(reader: Reader) -> None:
    reader.click("黄润秋")
    assert DECISION in reader.under("2024年") and "生态环境部召开部常务会议" in reader.under("2024年")
    reader.page.locator("blockquote", has_text=DECISION).get_by_role("link", name="第2段").click()
    paragraph = reader.page.locator("p:target")
    assert reader.clicks + 1 == 2 and paragraph.inner_text() == f"黄润秋指出，{DECISION}"
    assert in_sight(paragraph)


def test_one_paragraph_is_cited_by_gb_t_7714(reader: Reader) -> None:
    reader.click(PARTY_GROUP)
    reader.click("第2段")
    told = reader.page.get_by_role("textbox", name="引文").input_value()
    assert reader.clicks == 2
    assert told.startswith("杜宣逸. 生态环境部党组召开会议[EB/OL]. 中国环境报, (2021-03-22)[20")
    assert told.endswith("（第2段）") and reader.page.url.rpartition("#")[2] in told


def test_zotero_takes_an_article_from_its_page(reader: Reader) -> None:
    reader.click(PARTY_GROUP)
    item = zotero(_Page(reader.page.content()).meta)
    assert reader.clicks == 1
    assert (item["itemType"], item["title"], item["creators"], item["date"]) == (
        "webpage", PARTY_GROUP, ["杜宣逸"], "2021/03/22",
    )  # fmt: skip
    assert item["publisher"] == "中国环境报" and "碳达峰碳中和" in item["tags"]
    assert item["url"] == "https://wenzhai.test/digest/articles/mee-party-group-2021-03/"


def test_a_theme_by_date_newest_first_and_oldest_first(reader: Reader) -> None:
    dates = reader.page.locator("h2#articles ~ ul > li > .digest-date")
    reader.click("碳达峰碳中和")
    newest = dates.all_inner_texts()
    assert newest == ["2024年1月23日", "2022年2月23日", "2021年3月19日", "不计日期"]
    reader.click("从早到晚", "button")
    assert dates.all_inner_texts() == newest[::-1] and reader.clicks == 2


def test_two_national_conferences_are_side_by_side(reader: Reader) -> None:
    reader.click("历次对照")
    reader.click("全国生态环境保护工作会议")
    rows = [
        [cell.strip() for cell in row.split("\t")]
        for row in reader.page.locator("table:visible tr").all_inner_texts()
    ]
    assert reader.clicks == 2 and ["异同", "2024年1月23日", "2025年1月14日"] in rows
    same, new = "持之以恒打好污染防治攻坚战", "开展新一轮督察"
    assert ["保留", same, same] in rows and ["新增", "—", new] in rows
    assert ["未再提", "大力推进生态环境领域科技创新", "—"] in rows


def test_where_a_formulation_is_first_met_and_every_place(reader: Reader, site: Path) -> None:
    reader.click("提法")
    reader.click("四个意识")
    text = reader.page.locator("article").inner_text()
    assert reader.clicks == 2 and "始见 2021年3月19日 生态环境部党组召开会议" in text
    places = reader.page.locator("h2#articles ~ ul li li")
    count = re.search(r"出现\s(\d+)\s处", text)
    assert count is not None and places.count() >= int(
        count[1]
    )  # those of the model text are shown, too, and not counted
    assert all("四个意识" in one for one in places.locator("strong").all_inner_texts())


def test_all_data_are_one_file(reader: Reader) -> None:
    reader.click("开放数据")
    with reader.page.expect_download() as given:
        reader.click("digest-data.zip")
    with zipfile.ZipFile(given.value.path()) as archive:
        lines = archive.read("digest-data/articles.jsonl").decode().splitlines()
    assert reader.clicks == 2 and len(lines) == len(INVENTED) + len(
        [*(ROOT / "corpus/articles").glob("*.txt")]
    )


def test_an_article_is_printed_whole_and_without_what_is_for_the_screen(reader: Reader) -> None:
    reader.click(PARTY_GROUP)
    paragraphs = reader.page.locator("p[id^=p-]").all_inner_texts()
    reader.page.emulate_media(media="print")
    assert reader.clicks == 1 and reader.page.locator("p[id^=p-]:visible").all_inner_texts() == paragraphs
    for hidden in ("banner", "navigation", "search", "button"):
        assert reader.page.get_by_role(hidden).locator("visible=true").count() == 0, hidden  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(reader.page.pdf(format="A4"))) as printed:
        assert 2 <= len(printed.pages) <= 8


def test_a_paragraphs_address_leads_another_reader_to_it(reader: Reader, browser: Browser) -> None:
    reader.click(PARTY_GROUP)
    reader.click("第3段")
    other = browser.new_page(viewport={"width": 1440, "height": 900})
    other.goto(reader.page.url)
    paragraph = other.locator("p:target")
    assert reader.clicks == 2 and in_sight(paragraph)
    assert paragraph.inner_text() == reader.page.locator("p[id^=p-]").nth(2).inner_text()
    other.close()


def test_by_keyboard_from_home_to_a_ministers_words_and_their_citation(reader: Reader) -> None:
    reader.key("黄润秋")
    reader.page.wait_for_url("**/people/huang-runqiu*/")
    reader.key("第2段")
    reader.page.wait_for_url("**/articles/mee-standing-2024/#p-*")
    assert reader.page.locator("p:target").inner_text() == f"黄润秋指出，{DECISION}"
    reader.key("第2段", "Shift+Tab")  # its number is before it
    assert "第2段" in reader.page.get_by_role("textbox", name="引文").input_value()
    reader.page.keyboard.press("Escape")
    assert reader.page.get_by_role("dialog").count() == 0


def test_without_scripts_the_words_and_the_citation_are_there(browser: Browser, home: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    reader = Reader(context.new_page(), home)
    reader.click("黄润秋")
    assert reader.page.get_by_text(DECISION).locator("visible=true").count() == 1
    reader.page.locator("blockquote", has_text=DECISION).get_by_role("link", name="第2段").click()
    assert in_sight(reader.page.locator("p:target"))
    reader.page.get_by_text("引文（").click()
    told: list[Any] = reader.page.locator("pre:visible").all_inner_texts()
    assert told[0].startswith("生态环境部召开部常务会议[EB/OL]. 生态环境部, (2024-06-13)")
    file = reader.page.get_by_role("link", name="BibTeX").evaluate("one => one.href")
    assert reader.page.request.get(file).text().startswith("@online{mee-standing-2024,")
    reader.click("检索")
    assert reader.page.get_by_text("检索需要浏览器运行脚本").is_visible()
    context.close()


def test_a_phone_reader_goes_to_a_heading_within_the_text(browser: Browser, home: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{home}articles/model-speech-2021/")
    page.get_by_text("本页目录").click()
    page.get_by_role("link", name="二、综合施策推动生态环境保护取得新成绩新辉煌").click()
    box = page.get_by_role("heading", name="二、综合施策推动生态环境保护取得新成绩新辉煌").bounding_box()
    assert box is not None and 0 < box["y"] < 200
    page.close()


def test_the_text_of_lists_is_in_the_middle_of_a_tablet(browser: Browser, home: str) -> None:
    page = browser.new_page(viewport={"width": 768, "height": 1024})
    for path in ("articles/", "formulations/dual-carbon/", "articles/national-conference-2024/", "search/"):
        page.goto(home + path)
        box = page.locator("h1").bounding_box()
        assert box is not None and abs(box["x"] - (768 - box["x"] - box["width"])) < 2, path
    page.close()


# --- what a researcher missed --------------------------------------------------


def test_a_reader_finds_the_feeds_and_reads_key_points_in_them(reader: Reader, site: Path) -> None:
    reader.page.goto(reader.page.url + "themes/dual-carbon/")
    feed = reader.seen("link", "Atom")
    assert feed.is_visible()
    address = reader.page.evaluate("(one) => one.href", feed.element_handle())
    entries = feedparser.parse(site / address.partition("/digest/")[2]).entries
    assert {one.title for one in entries} >= {"2024年全国生态环境保护工作会议在京召开"}
    assert any("积极推进美丽中国先行区建设" in one.content[0].value for one in entries if "content" in one)


def test_the_one_emendation_comes_before_the_punctuation(reader: Reader) -> None:
    reader.page.goto(reader.page.url + "articles/heilongjiang-party-group-2023-21/")
    reader.page.get_by_text("校勘记", exact=False).last.click()
    told = reader.page.locator(".digest-apparatus").last.inner_text()
    assert 0 < told.index("61日6月1日") < told.index("恢复为全角")
    reader.click("原文与校订对照")
    told = reader.page.locator("body").inner_text()
    assert told.index("61日6月1日") < told.index("全文对照") < told.index("环保新闻")


def test_the_date_of_the_content_is_on_the_home_page_and_on_the_page_of_what_is_there(reader: Reader) -> None:
    told = "收录的会议截至2025年1月14日"  # that on which its newest one began
    assert told in re.sub(r"\s", "", reader.page.locator("main").inner_text())
    reader.click("收录")
    assert told in re.sub(r"\s", "", reader.page.locator("main").inner_text())
