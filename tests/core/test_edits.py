"""The ledger: what is applied can be reverted, and nothing is applied to the wrong place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.core.article import Edit, Pass
from build_tools.core.edits import EditError, apply, diff_edits, replay, revert, substitutions


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    text = draw(st.text(alphabet="会议，,。 a\n", max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    edits = tuple(
        Edit(start, text[start:end], draw(st.text(alphabet="甲乙，\n", max_size=4)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return text, edits


@given(st.lists(texts_with_edits(), min_size=1, max_size=1), st.data())
@settings(max_examples=500, deadline=None)
def test_revert_undoes_several_passes(first: list[tuple[str, tuple[Edit, ...]]], data: st.DataObject) -> None:
    text, edits = first[0]
    after = apply(text, edits)
    stars = substitutions(re.compile("[，,]"), after, "*")
    passes = [Pass("first", edits), Pass("second", tuple(stars))]
    final = replay(text, passes)
    assert revert(final, passes) == text
    assert "，" not in final and "," not in final


def test_insertions_at_one_place_are_undone_in_order() -> None:
    passes = [Pass("split", (Edit(2, "", "\n"), Edit(2, " ", "")))]
    assert apply("甲乙 丙", passes[0].edits) == "甲乙\n丙"
    assert revert("甲乙\n丙", passes) == "甲乙 丙"


@pytest.mark.parametrize(
    ("edits", "complaint"),
    [
        ([Edit(0, "乙", "甲")], "expects '乙', finds '甲'"),
        ([Edit(1, "乙丙", ""), Edit(2, "丙", "")], "overlaps"),
        ([Edit(2, "", "甲"), Edit(1, "", "乙")], "overlaps"),
        ([Edit(9, "", "甲")], "edit at 9"),
    ],
)
def test_wrong_edits_are_refused(edits: list[Edit], complaint: str) -> None:
    with pytest.raises(EditError, match=re.escape(complaint)):
        apply("甲乙丙", edits)


def test_diff_of_unequal_lengths_is_refused() -> None:
    with pytest.raises(EditError, match="lengths differ"):
        diff_edits("乾坤", "干")
