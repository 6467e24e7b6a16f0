"""The site behind the web servers of deploy/, in Chromium under their Content-Security-Policy."""

from __future__ import annotations

import functools
import http.server
import re
import shlex
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from build_tools.bench import serve
from build_tools.core.paths import ROOT
from tests.support.corpus import build, make
from tests.support.once import Once
from tests.support.site import kinds

PATIENCE = 60_000  # ms: a busy machine
BASE = "digest"  # the path below which tests build their sites


@pytest.fixture(scope="module")
def site(once: Once) -> Path:
    return once("built", lambda folder: build(make(folder / "corpus"), folder / "a")) / "a" / "site"


@pytest.fixture(scope="module", params=serve.SERVERS)
def address(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    root = tmp_path_factory.mktemp("root")
    (root / BASE).symlink_to(site, target_is_directory=True)
    (root / "404.html").symlink_to(site / "404.html")
    with serve.served(request.param, root) as found:
        yield f"{found}/{BASE}/"


def _watched(browser: Browser) -> tuple[Page, list[str]]:
    """A tab, and all that goes wrong in it: violations of the policy, errors, files that are not there."""
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda one: wrong.append(one.url))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective, e.blockedURI, e.sample))"
    )
    return page, wrong


def test_no_page_of_any_kind_breaks_the_policy_that_forbids_inline_scripts(
    browser: Browser, address: str, site: Path
) -> None:
    page, wrong = _watched(browser)
    names = kinds(site)
    assert len(names) >= 15
    for name in names:
        answer = page.goto(address + name)
        assert answer is not None and answer.status == 200, name
        policy = answer.header_value("content-security-policy") or ""
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy and "unsafe-inline" not in policy
        page.wait_for_load_state("networkidle")
        assert page.evaluate(
            "!document.scripts.length || document.documentElement.classList.contains('js')"
        ), name  # Material's bundle runs
        inline = page.locator(
            "script:not([src]):not([type='application/json']):not([type='application/ld+json'])"
        )
        assert inline.count() == 0, name
        assert wrong == [], name
    page.close()


def test_under_the_policy_search_finds_and_colours_change(browser: Browser, address: str) -> None:
    page, wrong = _watched(browser)
    page.goto(address + "search/?q=会议")
    expect(page.locator("#search-results")).to_have_attribute("data-state", "ready", timeout=PATIENCE)
    assert page.locator("[data-article]").count() > 0
    page.get_by_role("button", name="换成深色").click()
    page.locator("[data-article] a").first.click()
    page.wait_for_url("**/articles/**")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "slate"
    page.wait_for_function("CSS.highlights.size > 0")  # what was sought is marked
    assert wrong == []
    page.close()


def test_a_server_sends_the_404_page_says_what_may_be_kept_and_names_the_sitemap(
    browser: Browser, address: str
) -> None:
    page, wrong = _watched(browser)
    answer = page.goto(address + "articles/none/such/")
    assert answer is not None and answer.status == 404
    assert page.locator("h1").inner_text() == "没有这一页"
    assert [one for one in wrong if "404" not in one] == []
    ask = page.request.get
    home = ask(address)
    assert home.headers["cache-control"] == "no-cache" and home.headers["x-content-type-options"] == "nosniff"
    assert ask(address, headers={"If-None-Match": home.headers["etag"]}).status == 304
    bundle = re.findall(r"assets/javascripts/bundle\.\w+\.min\.js", home.text())[0]
    assert "immutable" in ask(address + bundle).headers["cache-control"]
    assert ask(address + "search/data/manifest.json").headers["cache-control"] == "no-cache"
    robots = ask(address + "robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Sitemap: https://wenzhai.test/digest/sitemap.xml" in robots.text()
    assert ask(address + "articles", max_redirects=0).headers["location"].endswith("/articles/")
    page.close()


@pytest.mark.parametrize(
    "policy", ["default-src 'self'", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"]
)
def test_where_webassembly_may_not_run_the_search_page_says_so(
    browser: Browser, site: Path, tmp_path: Path, policy: str
) -> None:
    (tmp_path / BASE).symlink_to(site, target_is_directory=True)

    class Under(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Under, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{host.server_port}/{BASE}/search/?q=会议")
        state = "ready" if "wasm" in policy else "error"
        expect(page.locator("#search-results")).to_have_attribute("data-state", state, timeout=PATIENCE)
        told = page.locator(".ds-status").inner_text()
        assert ("WebAssembly" in told) == (state == "error") and "网络" not in told
        page.close()
        host.shutdown()


def test_from_a_disk_the_search_page_says_why_it_cannot_search(browser: Browser, site: Path) -> None:
    page, _ = _watched(browser)
    page.goto((site / "search" / "index.html").as_uri() + "?q=会议")
    told = page.locator("#search-results")
    expect(told).to_have_attribute("data-state", "error", timeout=PATIENCE)
    assert "从磁盘上打开" in told.inner_text() and "digest serve" in told.inner_text()
    assert page.locator("#digest-search").is_disabled()
    assert page.locator("h1").inner_text() == "检索"
    page.close()


def test_a_page_from_a_disk_still_has_its_styles_and_colours(browser: Browser, site: Path) -> None:
    page, wrong = _watched(browser)
    page.goto((site / "about" / "index.html").as_uri())
    page.get_by_role("button", name="换成深色").click()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "slate"
    assert wrong == []
    page.close()


@pytest.mark.slow  # needs `make hosts`, which `make quick` does not do
def test_the_containers_command_serves_with_the_caddyfile_that_it_copies() -> None:
    lines = (ROOT / "deploy" / "Containerfile").read_text("utf-8").splitlines()
    steps = [line for line in lines if line.startswith("RUN ") and not line.startswith("RUN apt-get")]
    assert steps == ["RUN make site"]  # the workflow `site` runs it, and so does its test
    told = {line.split()[0]: line for line in lines if line and not line.startswith("#")}
    assert "COPY deploy/Caddyfile /etc/caddy/Caddyfile" in lines and "/etc/caddy/Caddyfile" in told["CMD"]
    env = dict(one.split("=", 1) for one in shlex.split(told["ENV"])[1:])
    assert f"COPY --from=build /src/site {env['DIGEST_ROOT']}" in lines
    done = subprocess.run(
        [serve.program("caddy"), "adapt", "--config", str(ROOT / "deploy" / "Caddyfile")],
        env={"HOME": "/tmp", **env}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0 and env["DIGEST_ROOT"] in done.stdout and env["DIGEST_ADDRESS"] in done.stdout
