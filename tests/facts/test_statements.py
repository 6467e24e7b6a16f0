"""Who said what, as a reader would attribute it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from build_tools.core.article import Block, LineKind, Statement
from build_tools.core.paths import ROOT
from build_tools.facts.participants import participants, passages
from build_tools.facts.statements import find_statements
from tests.support.growth import assert_linear

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "statements.yml").read_text("utf-8"))


def said_in(blocks: list[Block], known: list[str]) -> tuple[Statement, ...]:
    read = passages(blocks, known)
    return find_statements(read, participants(read))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_statements(case: dict[str, Any]) -> None:
    blocks = [Block(f"p-{number}", LineKind.PARAGRAPH, text) for number, text in enumerate(case["blocks"])]
    found = [
        [said.person or f"（{said.collective}）", said.verb, said.text]
        for said in said_in(blocks, case["people"])
    ]
    assert found == [[part.strip() for part in want.split("|")] for want in case["said"]]


def test_a_statement_names_its_paragraph_and_quotes_it() -> None:
    blocks = [
        Block("title", LineKind.TITLE, "孙金龙强调，要抓实"),
        Block("p-1", LineKind.PARAGRAPH, "会议由孙金龙主持。"),
        Block("p-2", LineKind.PARAGRAPH, "他指出，要贯彻《条例》（试行）。"),
    ]
    (said,) = said_in(blocks, ["孙金龙"])
    assert (said.paragraph, said.person, said.collective) == ("p-2", "孙金龙", None)
    assert said.text == "要贯彻《条例》（试行）。"


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["会议指出，", "强调", "甲", "孙金龙说“", "。"],
    ids=["meetings", "verbs", "one clause", "open quotes", "stops"],
)
def test_the_cost_of_one_long_line_grows_as_the_line_does(unit: str) -> None:
    def work(size: int) -> None:
        said_in([Block("p", LineKind.PARAGRAPH, unit * (size // len(unit)))], ["孙金龙"])

    assert_linear(work, 200_000)
