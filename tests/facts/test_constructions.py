"""Every construction of the table reads its example, and its counter-example differently."""

from __future__ import annotations

import pytest

from build_tools.core.paths import ROOT
from build_tools.facts.constructions import TABLE, Construction, facts, page


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.name)
def test_an_example_gives_what_the_table_says(one: Construction) -> None:
    assert facts(one.example) == one.facts


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.name)
def test_a_counter_example_gives_what_the_table_says(one: Construction) -> None:
    assert facts(one.counter) == one.counter_facts


def test_the_page_in_docs_is_the_table() -> None:
    assert (ROOT / "docs" / "reading.md").read_text("utf-8") == page()
