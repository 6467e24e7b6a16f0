"""One page of each kind, light and dark, on a phone and on a desk: axe's rules of WCAG 2.2 AA, and nothing that moves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from build_tools.bench.search import Host
from tests.pages.test_browser import PAGES

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
KINDS = (*PAGES, "404.html", "coverage/", "commitments/", "series/", "organizations/mee/")
_SHIFTS = """
window.shifts = []
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push([one.value, one.sources.map((s) => s.node?.className || s.node?.nodeName)])
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture(scope="module")
def address(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("kinds")
    (root / "sub").symlink_to(built_site, target_is_directory=True)
    with Host(root) as host:
        yield f"{host.url}/sub/"


def opened(browser: Browser, width: int, scheme: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    return context.new_page()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    page = opened(browser, width, scheme)
    found = {}
    for path in KINDS:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        told = Axe().run(page, options=RULES).response["violations"]
        found |= {f"{path}: {one['id']}": [node["html"][:160] for node in one["nodes"][:3]] for one in told}
    page.context.close()
    assert found == {}


@pytest.mark.parametrize("late", ["", "*.js"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_after_it_is_shown_whichever_script_is_late(
    browser: Browser, address: str, width: int, late: str
) -> None:
    page = opened(browser, width, "light")
    page.add_init_script(_SHIFTS)

    def wait(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    if late:
        page.route(f"**/{late}", wait)
    moved = {}
    for path in KINDS:
        page.goto(address + path)
        page.wait_for_timeout(300)
        shifts = page.evaluate("window.shifts")
        if sum(value for value, _ in shifts) >= 0.05:
            moved[path] = shifts
    page.context.close()
    assert moved == {}
