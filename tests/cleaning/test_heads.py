"""Heads and tails of pages: what a reader sees of them, and what is gone (tests/cases/heads.yml)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.cleaning.oneline import page_head
from build_tools.core.paths import ROOT
from build_tools.facts.fields import read_fields

DATA: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "cases" / "heads.yml").read_text("utf-8"))
BODY: str = DATA["body"].strip()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in DATA["pages"]])
def test_page(case: dict[str, Any]) -> None:
    page = case["page"].strip("\n").replace("{body}", BODY).replace("{flat}", BODY.replace("\n", " "))
    cleaned = clean(page)
    fields = read_fields(cleaned, decode("page.txt", page.encode()))
    have = {
        "title": fields.title and fields.title.value,
        "published": fields.published and fields.published.value,
        "source": fields.source and fields.source.value,
        "authors": [fact.value for fact in fields.authors],
        "editors": [fact.value for fact in fields.editors],
    }
    want = case["expect"]
    assert {key: have[key] for key in want if key in have} == {key: want[key] for key in want if key in have}
    shown = cleaned.text
    assert [string for string in want.get("gone", []) if string in shown] == []
    assert [string for string in want.get("kept", []) if string not in shown] == []
    if "{body}" in case["page"] or "{flat}" in case["page"]:
        assert BODY.partition("。")[0] in shown and BODY.rpartition("\n")[2] in shown
    assert clean(shown).text == shown


@pytest.mark.parametrize("line", DATA["whole_lines"])
def test_no_head_in_a_paragraph(line: str) -> None:
    assert page_head(line) == []
