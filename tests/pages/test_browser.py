"""Pages as a real Chromium shows them: exact text, no requests elsewhere, no overflow, citing, printing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from build_tools.bench.search import Host
from build_tools.core.paths import ROOT
from build_tools.pages import bars
from tests.pages.test_escape import HOSTILE
from tests.support.factory import PARAGRAPHS
from tests.support.site import HOSTILE_TITLE

ARTICLE, PERSON = "articles/mee-2021-03-19/", "people/sun-jinlong/"
PAGES = ("", ARTICLE, "articles/hostile/", PERSON, "themes/carbon/", "themes/", "timeline/2021/", "search/",
         "formulations/four/", "data/", "about/")  # fmt: skip


@pytest.fixture(scope="module")
def address(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("served")
    (root / "sub").symlink_to(built_site, target_is_directory=True)
    with Host(root) as host:
        yield f"{host.url}/sub/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_the_reader_sees_every_paragraph_exactly_and_nothing_runs(page: Page, address: str) -> None:
    said: list[str] = []

    def heard(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    texts = "[...document.querySelectorAll('.md-content p[id^=p-]')].map(p => p.textContent)"
    page.goto(address + ARTICLE)
    assert page.evaluate(texts) == list(PARAGRAPHS)
    page.goto(address + "articles/hostile/")
    assert page.evaluate(texts) == [line.strip() for line in HOSTILE]
    assert page.locator("h1").text_content() == HOSTILE_TITLE
    assert page.title().startswith(HOSTILE_TITLE)
    assert said == []


def test_no_page_asks_another_host_or_for_a_file_that_is_not_there(page: Page, address: str) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.extend([line.text] if line.type == "error" else []))
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert [url for url in asked if "sitemap" in url or "search_index" in url] == []


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_over_the_edge(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(address + path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path
    context.close()


def test_a_line_holds_about_forty_characters(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    measure = page.evaluate(
        "(() => { const p = document.querySelector('p[id^=p-]'); const s = getComputedStyle(p);"
        " return [p.clientWidth / parseFloat(s.fontSize), parseFloat(s.lineHeight) / parseFloat(s.fontSize)] })()"
    )
    assert 38 <= measure[0] <= 42
    assert measure[1] >= 1.8


def test_a_paragraph_can_be_cited_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    mark = page.locator(".digest-anchor").nth(1)
    mark.focus()
    page.keyboard.press("Enter")
    area = page.locator(".digest-cite textarea")
    paragraph = page.locator(".md-content p[id^=p-]").nth(1).get_attribute("id")
    assert page.url.endswith(f"#{paragraph}")
    for name, sample in (
        ("GB/T 7714—2025", "杜宣逸. 生态环境部党组召开会议[EB/OL]. 中国环境报, (2021-03-22)[20"),
        ("APA", "(2021, March 22). 生态环境部党组召开会议 (para. 2). 中国环境报."),
        ("BibTeX", "@online{mee-2021-03-19-p-"),
        ("RIS", "TY  - ELEC\nAU  - 杜宣逸\nTI  - 生态环境部党组召开会议\nPB  - 中国环境报"),
        ("RIS", "\nN1  - 第2段\nY2  - 20"),
        ("CSL-JSON", '"note": "第2段"'),
        ("BibTeX", "  note = {第2段},\n  urldate = {20"),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        assert sample in area.input_value(), name
        assert str(paragraph) in area.input_value(), name
    page.keyboard.press("Escape")
    assert not page.locator(".digest-cite").is_visible()


def test_a_citation_of_a_damaged_text_says_so(page: Page, address: str) -> None:
    page.goto(address + "articles/hostile/")
    page.get_by_role("button", name="引用本文").click()
    assert "受损" in page.locator(".digest-cite__caution").inner_text()
    area = page.locator(".digest-cite textarea")
    for name, line in (
        ("GB/T 7714—2025", "（受损：采集到的文字已受损"),
        ("BibTeX", "  note = {受损：采集到的文字已受损"),
        ("RIS", "\nN1  - 受损：采集到的文字已受损"),
        ("CSL-JSON", '"note": "受损：采集到的文字已受损'),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        assert line in area.input_value(), name
    page.goto(address + ARTICLE)
    page.get_by_role("button", name="引用本文").click()
    assert page.locator(".digest-cite__caution").count() == 0
    page.get_by_role("button", name="BibTeX", exact=True).click()
    assert "note" not in area.input_value()


def test_the_slash_key_leads_to_the_search_box_and_enter_to_the_results(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    page.keyboard.press("/")
    page.keyboard.type("督察")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sub/search/?q=*")


def test_a_printed_page_is_the_text_alone_with_addresses(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    page.emulate_media(media="print")
    for hidden in (
        ".md-header",
        ".digest-menu",
        ".md-footer",
        ".digest-tools",
        ".digest-button",
        ".md-sidebar",
    ):
        assert page.evaluate(
            f"[...document.querySelectorAll('{hidden}')].every(e => e.getClientRects().length === 0)"
        ), hidden
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('.md-content a[href^=http]'), '::after').content"
    )
    assert "https://example.org/a" in shown or "attr(href)" in shown
    assert page.locator(".digest-address").inner_text() == f"https://example.org/sub/{ARTICLE}"
    assert page.locator(".digest-anchor").all_inner_texts() == [
        "1",
        "2",
        "3",
        "4",
    ]  # the 第N段 of 人物 and 主题


def test_the_sheet_is_white_in_a_dark_room(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address + ARTICLE)
    page.wait_for_timeout(300)
    page.emulate_media(media="print", color_scheme="dark")
    style = "(name) => { const s = getComputedStyle(document.querySelector(name)); return [s.backgroundColor, s.colorScheme] }"
    for name in ("html", "body"):
        assert page.evaluate(style, name) == ["rgb(255, 255, 255)", "light only"]
    context.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(251, 250, 246)"), ("dark", "rgb(22, 26, 24)")])
def test_without_scripts_the_page_follows_the_system(
    browser: Browser, address: str, scheme: str, ground: str
) -> None:
    context = browser.new_context(
        java_script_enabled=False, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(address + ARTICLE)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    context.close()


def test_one_speaker_can_be_read_alone_and_the_text_can_be_plain(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    side = page.locator(".digest-side").nth(1)
    assert side.locator(".digest-who").all_inner_texts() == ["会议", "孙金龙"]
    texts = "[...document.querySelectorAll('.md-content p[id^=p-]')].map(p => p.textContent)"
    linked = page.locator("p[id^=p-] a").all_inner_texts()
    assert "孙金龙" in linked and len(linked) == len(set(linked))  # first mentions alone
    page.get_by_role("button", name="孙金龙").click()
    assert page.locator("p[id^=p-]:visible").count() == 1
    page.get_by_role("button", name="孙金龙").click()
    assert page.locator("p[id^=p-]:visible").count() == len(PARAGRAPHS)
    page.get_by_role("button", name="文内链接").click()
    page.reload()
    assert page.evaluate("document.body.classList.contains('digest-plain')")
    assert page.evaluate(texts) == list(PARAGRAPHS)


_FOCUSED = """(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return {
    name: one.getAttribute("aria-label") || one.textContent.trim() || one.title,
    seen: box.width > 0 && box.right > 0 && box.left < innerWidth && style.visibility === "visible",
  };
})()"""


@pytest.mark.parametrize("path", [*PAGES, "timeline/", "404.html"])
def test_the_first_tab_stop_leads_to_the_text(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED) == {"name": "跳到正文", "seen": True}
    page.keyboard.press("Enter")
    at = page.evaluate(
        "[document.activeElement.id, document.querySelector('h1').getBoundingClientRect().top,"
        " document.querySelector('.md-header').getBoundingClientRect().bottom]"
    )
    assert at[0] == "digest-main"
    assert at[2] <= at[1] < 450  # the title is in sight, not behind the header
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.md-header, .digest-menu')")


def _stops(page: Page) -> list[dict[str, object]]:
    """Every stop of the Tab key from the top of the page on."""
    found: list[dict[str, object]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None or (found and stop["name"] == found[0]["name"]):
            break
        found.append(stop)
    return found


@pytest.mark.parametrize("width", [390, 768])
def test_the_menu_opens_and_closes_by_keyboard(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(address + "themes/")
    page.wait_for_timeout(400)
    stops = _stops(page)
    assert "菜单" in [one["name"] for one in stops]
    assert [one for one in stops if not one["seen"]] == []
    menu = page.get_by_role("button", name="菜单")
    for key in ("Enter", "Space"):
        menu.focus()
        assert menu.get_attribute("aria-expanded") == "false"
        page.keyboard.press(key)
        assert menu.get_attribute("aria-expanded") == "true"
        page.wait_for_timeout(400)
        assert page.evaluate(_FOCUSED) == {"name": "首页", "seen": True}
        page.keyboard.press("Tab")
        assert page.evaluate(_FOCUSED) == {"name": "文章", "seen": True}
        page.keyboard.press("Escape")
        assert menu.get_attribute("aria-expanded") == "false"
        assert page.evaluate(_FOCUSED) == {"name": "菜单", "seen": True}
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sub/")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_menu_opens_by_touch_with_and_without_scripts(
    browser: Browser, address: str, script: bool
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=script, has_touch=True
    )
    page = context.new_page()
    page.goto(address + ARTICLE)
    page.locator('.md-header__button[for="__drawer"]').tap()
    page.wait_for_timeout(400)
    page.locator(".digest-menu").get_by_role("link", name="人物").tap()
    page.wait_for_url("**/people/")
    context.close()


def test_without_scripts_no_tab_stop_is_out_of_sight(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ARTICLE)
    names = []
    for _ in range(18):
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
        stop = page.evaluate(_FOCUSED)
        assert stop["seen"], stop
        names.append(stop["name"])
    assert names[0] == "跳到正文"
    assert "人物" in names
    context.close()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_light_and_dark_change_by_keyboard(page: Page, address: str, key: str) -> None:
    page.goto(address + ARTICLE)
    page.wait_for_timeout(300)
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    page.get_by_role("button", name="换成深色").focus()
    page.keyboard.press(key)
    assert page.evaluate(scheme) == "slate"
    assert page.evaluate(_FOCUSED) == {"name": "换成浅色", "seen": True}
    page.reload()
    assert page.evaluate(scheme) == "slate"
    page.wait_for_timeout(300)
    page.get_by_role("button", name="换成浅色").focus()
    page.keyboard.press(key)
    assert page.evaluate(scheme) == "default"


def test_a_wide_table_is_stacked_on_a_phone_and_one_that_scrolls_is_scrolled_by_keyboard(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 844})
    page = context.new_page()
    page.goto(address + "coverage/")
    cell = page.locator(".md-content td").nth(1)
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"篇数"'
    page.goto(address + ARTICLE)
    page.locator("details.digest-apparatus summary").first.click()
    table = page.locator("details.digest-apparatus [role=region]").first
    assert str(table.get_attribute("aria-label", timeout=3000)).endswith("表格，可左右滚动")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert table.evaluate("one => one.scrollLeft") > 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_timeout(400)
    page.goto(address + "data/")
    page.wait_for_timeout(400)
    assert page.locator(".md-typeset__scrollwrap[tabindex]").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_finger_finds_the_marks_and_links(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        has_touch=True,
        is_mobile=True,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address + ARTICLE)
    sizes = """(chosen) => [...document.querySelectorAll(chosen)].flatMap((one) => {
      const box = one.getBoundingClientRect();
      return box.height ? [[box.left, box.right, box.width, box.height]] : [];
    })"""
    marks = page.evaluate(sizes, ".digest-anchor")
    assert len(marks) == len(PARAGRAPHS)
    for left, right, wide, high in marks:
        assert left >= 0 and right <= width and wide >= 24 and high >= 24
    # The mark does not lie on the text: the first character stands behind it.
    over = page.evaluate("""[...document.querySelectorAll(".digest-anchor")].map((mark) => {
      const range = document.createRange();
      const words = document.createTreeWalker(mark.parentElement.nextElementSibling, NodeFilter.SHOW_TEXT);
      range.setStart(words.nextNode(), 0);
      range.setEnd(range.startContainer, 1);
      return range.getBoundingClientRect().left - mark.getBoundingClientRect().right;
    })""")
    assert min(over) >= 0
    ink, ground, opacity = page.evaluate("""(() => {
      const style = getComputedStyle(document.querySelector(".digest-anchor"));
      const numbers = (text) => text.match(/[0-9.]+/g).map(Number);
      return [numbers(style.color), numbers(getComputedStyle(document.body).backgroundColor), Number(style.opacity)];
    })()""")
    mixed = [opacity * one + (1 - opacity) * other for one, other in zip(ink, ground, strict=True)]
    dark, light = sorted(_luminance(colour) for colour in (mixed, ground))
    assert (light + 0.05) / (dark + 0.05) >= 3
    links = page.evaluate(sizes, ".digest-crumbs a, .digest-at a")
    assert links and min(high for *_, high in links) >= 24
    context.close()


def _luminance(colour: list[float]) -> float:
    parts = [one / 255 for one in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_number_of_every_paragraph_is_in_sight_and_is_the_one_that_the_tables_name(
    page: Page, address: str
) -> None:
    page.goto(address + ARTICLE)
    marks = page.locator(".digest-anchor")
    assert marks.all_inner_texts() == [str(at + 1) for at in range(len(PARAGRAPHS))]
    for link in page.locator(".md-content .digest-at a", has_text="第").all():
        where, number = link.get_attribute("href"), link.inner_text().strip("第段")
        assert marks.nth(int(number) - 1).get_attribute("href") == where
    assert page.evaluate(
        "[...document.querySelectorAll('.digest-anchor')].every(one => one.getClientRects().length)"
    )


_TORN = """(() => {
  const torn = [];
  const walker = document.createTreeWalker(document.querySelector(".md-content__inner"), NodeFilter.SHOW_TEXT);
  let before = null;
  for (let node; (node = walker.nextNode()); ) {
    if (node.parentElement.closest("p[id^=p-], details")) continue;
    const block = node.parentElement.closest("p, li, td, th, h1, h2, h3");
    for (let at = 0; at < node.data.length; at++) {
      const letter = node.data[at];
      if (/[\\s\\u2060]/.test(letter)) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getClientRects()[0];
      if (!box) continue;
      const broken = before && before.block === block && box.left < before.left && box.top > before.top + 6;
      const pair = before && before.letter + letter;
      const whole = /·$|[0-9][年月日篇次位个处段]|第[0-9]/.test(pair) || (/\\w\\w/.test(pair) && node.parentElement.closest("td > code"));
      if (broken && whole) {
        torn.push(block.textContent.slice(0, 60));
      }
      before = { letter, block, left: box.left, top: box.top };
    }
  }
  return torn;
})()"""


@pytest.mark.parametrize("width", [360, 390, 768])
def test_no_line_begins_with_a_point_or_the_unit_of_a_number_and_no_fields_name_is_broken(
    browser: Browser, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    for path in (
        "",
        ARTICLE,
        PERSON,
        "themes/",
        "themes/carbon/",
        "timeline/",
        "formulations/four/",
        "people/",
        "commitments/",
        "data/",
    ):
        page.goto(address + path)
        page.wait_for_timeout(200)
        assert page.evaluate(_TORN) == [], path
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_number_above_the_highest_bar_is_whole_and_years_are_below_the_bars(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    shown = bars.bars("逐年篇数", [(str(year), year % 4) for year in range(2013, 2025)])
    page.set_content(
        f"<style>{(ROOT / 'build_tools/theme/assets/digest.css').read_text('utf-8')}</style>{shown}"
    )
    tops = page.evaluate(
        "[...document.querySelectorAll('text')].map(one => one.y.baseVal[0].value"
        " - .74 * parseFloat(getComputedStyle(one).fontSize))"  # as high as the figures of the fonts that are named
    )
    assert len(tops) == 24 and min(tops) > 0
    assert min(tops[1::2]) > bars.HEIGHT
