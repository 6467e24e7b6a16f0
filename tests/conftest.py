"""Options of the test run: golden files are written only when asked, and never in CI. Shared fixtures."""

from __future__ import annotations

import os

import pytest

from tests.eval.gate import TABLE
from tests.support.corpus import built
from tests.support.once import once
from tests.support.search_reader import browser, reader, served, warm, warm_tab
from tests.support.site import built_site

__all__ = ["browser", "built", "built_site", "once", "reader", "served", "warm", "warm_tab"]

# The files that take longest, by `--durations`: they start first, so that no worker ends alone with one of them.
LONGEST = (
    "test_workflows", "test_every_kind", "test_fuzz", "test_pipeline", "test_killed", "test_cli", "test_browser",
    "test_stages_fail", "test_hosts", "test_search_page", "test_wheel", "test_gate", "test_variants",
)  # fmt: skip

# The sites that tests build have an address, unless a test takes it away.
os.environ["DIGEST_SITE_URL"] = "https://wenzhai.test/digest/"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew; the reviewed diff approves it"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError(
            "CI does not write golden files: run with --update-golden on your machine, review the diff"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the browser is marked so: `make quick` leaves it out. The longest files come first."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    place = {name: at for at, name in enumerate(LONGEST)}
    slow = {
        item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")
    }
    items.sort(key=lambda item: (place.get(item.path.stem, len(place)), item.path not in slow))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the gate measured, whichever worker measured it."""
    told = {
        name: lines
        for report in terminalreporter.stats.get("passed", ())
        for name, lines in getattr(report, "user_properties", ())
    }
    if TABLE in told:
        terminalreporter.section("accuracy on unseen pages (tests/eval)")
        terminalreporter.write_line(told[TABLE])
