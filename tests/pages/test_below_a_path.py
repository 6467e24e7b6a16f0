"""The site as Chromium shows it at a host's root and below two paths: 404, feeds, OpenSearch, JSON-LD."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from build_tools.desk.serve import _Handler
from tests.support.once import Once
from tests.support.site import build_site

HERE = "https://example.org"  # what the pages call their host


class Served(NamedTuple):
    host: str
    base: str  # the path that the site is below


@pytest.fixture(scope="module", params=["/", "/wenzhai/", "/user/repo/"])
def served(
    request: pytest.FixtureRequest, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A host that answers what is not there with the site's 404.html, at any depth, as GitHub Pages does."""
    base: str = request.param
    name = f"site-{base.strip('/').replace('/', '-') or 'root'}"
    site = once(name, lambda folder: build_site(folder, HERE + base)) / "site"
    root = site
    if base != "/":
        root = tmp_path_factory.mktemp("host")
        (root / base.strip("/")).parent.mkdir(exist_ok=True)
        (root / base.strip("/")).symlink_to(site, target_is_directory=True)
        (root / "404.html").symlink_to(site / "404.html")
    handler = functools.partial(_Handler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Served(f"http://127.0.0.1:{server.server_port}", base)
        server.shutdown()


def test_an_address_that_is_not_there_shows_the_styled_404_and_its_links_lead_home(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page()
    answers: list[tuple[str, int]] = []
    page.on("response", lambda one: answers.append((one.url, one.status)))
    asked = f"{served.host}{served.base}articles/none/such/"
    page.goto(asked)
    page.wait_for_load_state("networkidle")
    assert [url for url, status in answers if status != 200] == [asked]
    assert page.locator("h1").inner_text() == "没有这一页"
    assert sum(url.endswith(".css") for url, _ in answers) >= 2
    home = f"{served.host}{served.base}"
    page.get_by_role("link", name="年表").last.click()
    page.wait_for_url(f"{home}timeline/")
    page.goto(asked)
    page.locator("form.digest-front input").fill("碳达峰")
    page.locator("form.digest-front button").click()
    page.wait_for_url(f"{home}search/?q=*")
    page.close()


def test_feeds_opensearch_and_structured_data_name_addresses_that_answer(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page()
    page.goto(f"{served.host}{served.base}articles/mee-2021-03-19/")

    def here(address: str) -> str:
        """Where an address of the pages is on this host."""
        assert address.startswith(f"{HERE}{served.base}"), address
        return served.host + urlsplit(address).path

    def text(address: str) -> str:
        answer = page.request.get(address)
        assert answer.status == 200, address
        return answer.text()

    links = page.locator("link[rel*=alternate], link[rel=search], link[rel=describedby]")
    hrefs = [urljoin(page.url, str(one.get_attribute("href"))) for one in links.all()]
    assert (
        len(hrefs) >= 5
    )  # search, the feed, three files of the citation; the JSON Feed is named on the home page
    for href in hrefs:
        assert href.startswith(served.host + served.base) and text(href)
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert here(str(canonical)) == page.url
    told = json.loads(page.locator("script[type='application/ld+json']").first.text_content() or "")
    assert told["url"] == canonical
    feed = json.loads(text(f"{served.host}{served.base}feeds/site.json"))
    for address in (feed["home_page_url"], feed["feed_url"], *(one["url"] for one in feed["items"])):
        text(here(address))
    template = text(f"{served.host}{served.base}opensearch.xml").split('template="')[1].split('"')[0]
    page.goto(here(template) + "?q=碳达峰")
    expect(page.locator("#digest-search")).to_have_value("碳达峰")  # a script fills it
    page.close()
