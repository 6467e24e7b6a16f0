"""Options of the test run: golden files are written only when asked, and never in CI. Shared fixtures."""

from __future__ import annotations

import os

import pytest

from tests.eval.gate import TABLE
from tests.support.search_reader import browser, reader, served, warm, warm_tab

__all__ = ["browser", "reader", "served", "warm", "warm_tab"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew; the reviewed diff approves it"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError(
            "CI does not write golden files: run with --update-golden on your machine, review the diff"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(TABLE, None)
    if lines:
        terminalreporter.section("accuracy on unseen pages (tests/eval)")
        terminalreporter.write_line("\n".join(lines))
