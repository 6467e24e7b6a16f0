"""Pages as a real Chromium shows them: exact text, no requests elsewhere, no overflow, citing, printing."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.factory import PARAGRAPHS
from tests.site import HOSTILE_TITLE, build_site
from tests.test_escape import HOSTILE

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTICLE, PERSON = "articles/mee-2021-03-19/", "people/sun-jinlong/"
PAGES = ("", ARTICLE, "articles/hostile/", PERSON, "themes/carbon/", "themes/", "timeline/2021/", "search/",
         "formulations/four/", "data/", "about/")  # fmt: skip


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("served")
    site: Path = build_site(tmp_path_factory.mktemp("built"), "https://example.org/sub/")
    site.rename(root / "sub")
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sub/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield one
        one.close()


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
        ("GB/T 7714", "杜宣逸. 生态环境部党组召开会议[EB/OL]. 中国环境报, (2021-03-22)["),
        ("APA", "(2021, March 22). 生态环境部党组召开会议 (para. 2). 中国环境报."),
        ("BibTeX", "@online{mee-2021-03-19-p-"),
        ("RIS", "TY  - NEWS\nAU  - 杜宣逸\nTI  - 生态环境部党组召开会议"),
        ("CSL-JSON", '"date-parts": ['),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        assert sample in area.input_value(), name
        assert str(paragraph) in area.input_value(), name
    page.keyboard.press("Escape")
    assert not page.locator(".digest-cite").is_visible()


def test_the_slash_key_leads_to_the_search_box_and_enter_to_the_results(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    page.keyboard.press("/")
    page.keyboard.type("督察")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sub/search/?q=*")


def test_everything_that_matters_is_there_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ARTICLE)
    assert page.locator("p[id^=p-]").count() == len(PARAGRAPHS)
    page.goto(address + "search/")
    assert page.get_by_text("检索需要浏览器运行脚本").is_visible()
    context.close()


def test_a_printed_page_is_the_text_alone_with_addresses(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    page.emulate_media(media="print")
    for hidden in (".md-header", ".md-tabs", ".md-footer", ".digest-anchor", ".digest-button", ".md-sidebar"):
        assert page.evaluate(
            f"[...document.querySelectorAll('{hidden}')].every(e => e.getClientRects().length === 0)"
        ), hidden
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('.md-content a[href^=http]'), '::after').content"
    )
    assert "https://example.org/a" in shown or "attr(href)" in shown
