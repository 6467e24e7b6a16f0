"""The outline as a reader sees it: headings, key points, documents, commitments, gaps."""

from __future__ import annotations

import pytest
import yaml

from build_tools.cleaning.headings import glued_headings
from build_tools.core.article import BodyItem, Line, LineKind
from build_tools.core.edits import apply
from build_tools.core.paths import ROOT
from build_tools.facts.gaps import gaps_of, read_gaps
from build_tools.facts.outline import outline
from tests.support.growth import assert_linear

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "outline.yml").read_text("utf-8"))


def lines_of(texts: list[str]) -> list[Line]:
    return [
        Line(LineKind.HEADING, text[1:]) if text.startswith("#") else Line(LineKind.PARAGRAPH, text)
        for text in texts
    ]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{number}: {case['label']}",
            marks=[pytest.mark.xfail(strict=True)] if case.get("expect") == "xfail" else [],
        )
        for number, case in enumerate(CASES)
    ],
)
def test_case(case: dict) -> None:
    shape = outline(lines_of(case["lines"]))
    seen = {
        "key_points": [point.value for point in shape.key_points],
        "documents": [document.value for document in shape.documents],
        "commitments": [commitment.text for commitment in shape.commitments],
        "levels": [item.level for item in shape.body],
        "gaps": [[gap.surface, gap.note] for gap in shape.gaps],
    }
    for key, wanted in case.items():
        if key in seen:
            assert seen[key] == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_evidence_quotes_the_text(case: dict) -> None:
    shape = outline(lines_of(case["lines"]))
    texts = {item.id: item.text for item in shape.body}
    for fact in (*shape.key_points, *shape.documents):
        where = fact.evidence
        assert texts[where.where].startswith(where.quote, where.start)
        assert fact.value in where.quote
    for gap in shape.gaps:
        assert texts[gap.paragraph].startswith(gap.surface, gap.start)
    for item in shape.body:
        ends = [0, *(end for _, end in item.lead)]
        assert all(ends[at] <= start < end for at, (start, end) in enumerate(item.lead))


def test_glued_headings_need_a_sibling() -> None:
    text = "（一）压实责任，坚决抓好整改。要深刻吸取教训。\n一是查。\n（二）保持定力。各级各部门要联动。"
    assert apply(text, glued_headings(text)).split("\n") == [
        "（一）压实责任，坚决抓好整改。",
        "要深刻吸取教训。",
        "一是查。",
        "（二）保持定力。",
        "各级各部门要联动。",
    ]
    assert glued_headings("（一）压实责任。要深刻吸取教训。") == []
    assert glued_headings("（一）会议听取汇报\n（二）会议研究事项") == []


def test_a_reading_needs_one_parallel_only() -> None:
    item = BodyItem("p", "推进经济社会发展******绿色转型，高质******落实")
    gaps = gaps_of(item)
    assert [gap.reading for gap in read_gaps(gaps, [item], ["促进经济社会发展全面绿色转型"])] == [
        "全面",
        None,
    ]
    two = ["经济社会发展全面绿色转型", "经济社会发展加快绿色转型"]
    assert [gap.reading for gap in read_gaps(gaps, [item], two)] == [None, None]
    assert [gap.reading for gap in read_gaps(gaps, [item], [item.text])] == [None, None]


def test_redactions_are_never_read() -> None:
    item = BodyItem("p", "会议由市委书记×××同志主持召开")
    assert [g.reading for g in read_gaps(gaps_of(item), [item], ["由市委书记王小明同志主持召开"])] == [None]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["一是", "（", "《", "*", "1."])
def test_the_cost_of_a_hostile_line_grows_as_the_line_does(unit: str) -> None:
    assert_linear(lambda size: outline([Line(LineKind.PARAGRAPH, unit * (size // len(unit)))]), 500_000)
