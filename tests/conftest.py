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
    """A test that asks for the browser is marked so: `make quick` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


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
