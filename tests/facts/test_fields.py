"""Fields of head and tail (cases in tests/cases/fields.yml)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.cleaning.bylines import split_names
from build_tools.cleaning.labels import parse_meta
from build_tools.core.article import KEPT, Cleaned, Decoded, Line, LineKind
from build_tools.core.paths import ROOT
from build_tools.facts.fields import read_fields
from tests.support.growth import assert_linear

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "cases" / "fields.yml").read_text("utf-8"))


def cleaned(page: str) -> Cleaned:
    rows = [line.partition("|")[::2] for line in page.splitlines()]
    lines = [Line(LineKind(kind.strip()), text.strip(" ")) for kind, text in rows]
    text = "\n".join(line.text for line in lines)
    kept = tuple(line for line in lines if line.kind in KEPT)
    return Cleaned(text, text, (), kept, tuple(line for line in lines if line.kind not in KEPT))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_fields(case: dict[str, Any]) -> None:
    page = cleaned(case["page"])
    fields = read_fields(page, Decoded(page.original, "utf-8"))
    want = case["fields"]
    assert [fact.value for fact in fields.authors] == want.get("authors", [])
    assert [fact.value for fact in fields.editors] == want.get("editors", [])
    found = {
        "published": fields.published,
        "source": fields.source,
        "outlet": fields.dateline_outlet,
        **({"site": fields.site} if "site" in want else {}),
        **({"title": fields.title} if "title" in want else {}),
    }
    for name, fact in found.items():
        assert (fact.value if fact else None) == want.get(name), name
    assert fields.truncated == want.get("truncated", False)
    if "title" in want:
        assert fields.title is not None
        assert fields.title.inferred == want.get("inferred", False)


@pytest.mark.parametrize(
    "line",
    [
        "会议听取了来源：各县区的汇报，并作了部署。",
        "南方日报记者：近期臭氧污染多发，请问下半年有什么措施？",
        "记者从会上获悉，全省优良天数增加。",
        "会议时间从2023年5月6日至5月8日，由市长主持。",
        "一是编辑：完善台账，摸清底数，逐项销号。",
        "2023年5月6日，市政府召开会议，研究整改工作",
    ],
)
def test_sentences_are_no_meta_lines(line: str) -> None:
    assert parse_meta(line) is None


@given(st.text(alphabet="作者来源编辑责任:：（）()【】记者 \u3000、甲乙丙/|2021-03-", max_size=40))
@settings(max_examples=300, deadline=None)
def test_values_come_from_the_line(line: str) -> None:
    for field in parse_meta(line) or ():
        assert field.value in line
    for name in split_names(line):
        assert len(name) > 1


@pytest.mark.slow
def test_the_cost_of_a_hostile_line_grows_as_the_line_does() -> None:
    def work(count: int) -> None:
        page = cleaned("paragraph| " + "（记者 甲" * count + "\nmeta| " + "来源：甲 " * 70)
        read_fields(page, Decoded(page.original, "utf-8"))

    assert_linear(work, 60_000)
