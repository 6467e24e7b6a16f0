"""Small cases of what failed in the field: each passes, or is on the list of those that do not yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.eval import cases

CASES = cases.cases()
FAILING = cases.failing()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_passes_unless_it_is_listed_as_failing(case: dict[str, Any]) -> None:
    wrong = cases.misses(case)
    if case["id"] in FAILING:
        assert wrong, f"{case['id']} passes now: take it off tests/eval/field/failing.yml"
    else:
        assert not wrong, f"{case['kind']}: {wrong}"


def test_the_list_of_failing_cases_names_cases_only() -> None:
    assert {case["id"] for case in CASES} >= FAILING


def test_every_kind_of_expectation_can_fail_and_can_hold() -> None:
    """A check that always holds would let a case off the list for nothing."""
    text = "云溪市召开河长制会议\n2022-06-04 来源:云溪日报\n6月3日,云溪市召开河长制会议,市长阮青山主持会议并讲话。\n阮青山强调,要压实责任。"
    holds: dict[str, Any] = {
        "title": "云溪市召开河长制会议", "title_not": "阮青山", "subtitle": None, "published": "2022-06-04",
        "held": "2022-06-03", "source": "云溪日报", "authors": [], "editors": [], "organization": "云溪市",
        "level": "city", "kind": "meeting", "trust": "original", "people": ["阮青山"],
        "offices": {"阮青山": ["市长"]}, "roles": {"阮青山": ["presides"]}, "statements": [["阮青山", "强调"]],
        "statement_texts": [["阮青山", "要压实责任。"]], "key_points": [], "noise": ["来源"], "sections": [],
        "paragraph_count": 2, "paragraph_starting": "阮青山强调", "paragraphs_contain": "河长制",
        "first": "6月3日", "last": "压实责任。",
    }  # fmt: skip
    fails: dict[str, Any] = {
        "title": "河长制会议", "title_not": "云溪市", "subtitle": "河长制", "published": None, "held": "2022-06-04",
        "source": None, "authors": ["李川"], "editors": ["李川"], "organization": None, "level": "province",
        "kind": "speech", "trust": "damaged", "people": [], "offices": {"阮青山": ["市委书记"]},
        "roles": {"阮青山": ["mentioned"]}, "statements": [], "statement_texts": [["阮青山", "要压实"]],
        "key_points": ["压实责任"], "noise": ["主持"], "sections": ["责任"], "paragraph_count": 1,
        "paragraph_starting": "强调", "paragraphs_contain": "林长制", "first": "云溪市", "last": "责任",
    }  # fmt: skip
    assert set(holds) == set(fails) == set(cases.CHECKS)
    assert cases.misses({"text": text, "expect": holds}) == []
    assert len(cases.misses({"text": text, "expect": fails})) == len(fails)
