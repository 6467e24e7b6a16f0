"""Dates: formats, publish date, event date, a lost 月 (cases in tests/cases/dates.yml)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from build_tools.cleaning.date_repair import lost_separator_edit
from build_tools.cleaning.dates import parse_date, published_of
from build_tools.core import edits
from build_tools.core.article import Block, LineKind
from build_tools.core.paths import ROOT
from build_tools.facts.held import held_of

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "dates.yml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["text"])
def test_parse(case: dict[str, Any]) -> None:
    assert [span.edtf for span in parse_date(case["text"])] == case["dates"]


@pytest.mark.parametrize("case", CASES["published"], ids=lambda case: case["lines"][0])
def test_published(case: dict[str, Any]) -> None:
    fact = published_of(case["lines"])
    assert (fact.value if fact else None) == case["date"]


@pytest.mark.parametrize("case", CASES["held"], ids=lambda case: (case.get("title") or "") + case["lead"])
def test_held(case: dict[str, Any]) -> None:
    texts = [case["lead"], *([case["second"]] if "second" in case else [])]
    blocks = [Block(f"p-{i}", LineKind.PARAGRAPH, text) for i, text in enumerate(texts)]
    fact = held_of(case.get("title"), case.get("decks", ()), blocks, case["published"])
    assert ([fact.value.start, fact.value.end] if fact else None) == case["held"]
    if fact is not None:
        assert fact.inferred == case.get("inferred", False)
        where = {"title": case.get("title"), "deck": "".join(case.get("decks", ()))}
        where |= {block.id: block.text for block in blocks}
        assert len(fact.evidence.quote) <= len(where[fact.evidence.where] or "")


@pytest.mark.parametrize("case", CASES["lost"], ids=lambda case: f"{case['line']} {case['published']}")
def test_lost_separator(case: dict[str, Any]) -> None:
    edit = lost_separator_edit(case["line"], case["published"])
    assert (edits.apply(case["line"], [edit]) if edit else None) == case["after"]


@given(st.dates(date(2001, 1, 10), date(2039, 1, 1)), st.integers(0, 25))
def test_month_and_day_resolve_to_the_day_meant(published: date, back: int) -> None:
    event = published - timedelta(days=back)
    for lead in (f"{event.month}月{event.day}日,市政府召开会议。", f"{event.day}日上午,市政府召开会议。"):
        fact = held_of(None, (), [Block("p-1", LineKind.PARAGRAPH, lead)], published.isoformat())
        assert fact is not None
        assert fact.value.start == fact.value.end == event.isoformat()


@given(st.text(alphabet="0123456789年月日-./:至~ 昨今天(),,。会议召开", max_size=60))
def test_any_text_gives_valid_dates(text: str) -> None:
    fact = held_of(text, (text,), [Block("p-1", LineKind.PARAGRAPH, text)], "2024-02-29")
    if fact is not None:
        assert fact.value.start <= fact.value.end
        date.fromisoformat(
            fact.value.start.replace("XXXX", "2000") + ("-01" if len(fact.value.start) == 7 else "")
        )
