"""The same page in other words gives the same facts: what hangs on a word is counted, and only becomes less."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from tests.facts.rewrite import KINDS, Outcome, places, run

pytestmark = pytest.mark.slow

# The least share of right facts that each kind of rewriting must leave, and the most false facts a hundred pages that
# it may bring; one page of ten of the working half. A floor only rises, a ceiling only falls.
FLOORS = dict.fromkeys(KINDS, 0.997) | {"names": 0.994}
NEW_FALSE = 4.0


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, Outcome]:
    return run(every=10)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_in_other_words_gives_the_same_facts(kind: str, outcomes: Mapping[str, Outcome]) -> None:
    one = outcomes[kind]
    assert one.pages >= 3
    assert one.kept >= FLOORS[kind], one.lost


def test_other_words_bring_few_false_facts(outcomes: Mapping[str, Outcome]) -> None:
    false = [told for one in outcomes.values() for told in one.false]
    assert 100 * len(false) / sum(one.pages for one in outcomes.values()) <= NEW_FALSE, false


def test_a_place_is_renamed_everywhere_and_by_one_of_its_province() -> None:
    text = "长沙市生态环境局召开会议。长沙市市长出席。"
    want = dict.fromkeys(("organization", "title", "source", "documents"), "") | {"first": text}
    say = places(text, want, random.Random(1))
    assert say(text) == text.replace("长沙", say("长沙")) != text
    assert say("长沙") in "株洲、湘潭、衡阳、邵阳、岳阳、常德、益阳、郴州、永州、怀化、娄底、湘西"
