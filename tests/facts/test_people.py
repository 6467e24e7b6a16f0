"""People, offices and roles as a reader would name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.core.article import Block, LineKind, Participant
from build_tools.core.paths import ROOT
from build_tools.core.text import block_ids
from build_tools.facts.forms import segment
from build_tools.facts.likelihood import NOBODY, name_at
from build_tools.facts.offices import head_length, offices_before
from build_tools.facts.participants import participants, passages
from build_tools.facts.statements import find_statements
from build_tools.facts.tokens import Scanned
from tests.support.growth import assert_linear

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "people.yml").read_text("utf-8"))


NAMES = yaml.safe_load((ROOT / "tests" / "cases" / "people_names.yml").read_text("utf-8"))


def find_people(blocks: Sequence[Block], known: Collection[str] = ()) -> tuple[Participant, ...]:
    return participants(passages(blocks, known))


def blocks_of(case: dict[str, Any]) -> list[Block]:
    pairs = case.get("blocks") or [["paragraph", case["text"]]]
    ids = block_ids([text for _, text in pairs])
    return [
        Block(kind if kind in ("title", "deck") else ident, LineKind(kind), text)
        for (kind, text), ident in zip(pairs, ids, strict=True)
    ]


def line(person: Participant) -> list[str]:
    fields = [person.name, "; ".join(person.offices), " ".join(role.value for role in person.roles)]
    return [*fields, "weak"] if person.weak else fields


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_people(case: dict[str, Any]) -> None:
    found = [line(person) for person in find_people(blocks_of(case))]
    wanted = [[part.strip() for part in want.split("|")] for want in case["people"]]
    assert found == [want for want in wanted if want[0] not in case.get("doubtful", ())]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, marks=[pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
        )
        for case in NAMES
    ],
    ids=[case["text"][:16] for case in NAMES],
)
def test_names(case: dict[str, Any]) -> None:
    found = find_people([Block("p", LineKind.PARAGRAPH, case["text"])])
    assert {person.name for person in found} == set(case["names"]) - set(case.get("doubtful", ()))


def test_evidence_quotes_the_text() -> None:
    text = "3月1日，市委副书记、市长胡衡华主持会议并讲话。"
    (person,) = find_people([Block("p-1", LineKind.PARAGRAPH, text)])
    assert {evidence.rule for evidence in person.evidence} == {
        "people.office",
        "people.role.presides",
        "people.role.speaks",
    }
    for evidence in person.evidence:
        assert evidence.where == "p-1"
        assert text.startswith(evidence.quote, evidence.start)
        assert "胡衡华" in evidence.quote


def test_registry_names_are_found_without_any_office() -> None:
    block = Block("p", LineKind.PARAGRAPH, "当天活动中爨不二与群众交流。")
    assert find_people([block]) == ()
    assert [person.name for person in find_people([block], {"爨不二"})] == ["爨不二"]


def test_order_is_first_mention() -> None:
    first = Block("title", LineKind.TITLE, "王炯出席全市大会")
    second = Block("p", LineKind.PARAGRAPH, "市委书记陈敏尔讲话，市政协主席王炯出席。")
    assert [person.name for person in find_people([first, second])] == ["王炯", "陈敏尔"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("郭芳出席会议", "郭芳"),
        ("李明就通报情况作说明", "李明"),
        ("党育民主持", "党育民"),
        ("欧阳颂主持", "欧阳颂"),
        ("满都拉主持", "满都拉"),
        ("方向东主持", "方向东"),
        ("Peter·Lang介绍了要点", "Peter·Lang"),
    ],
)
def test_where_a_name_ends(text: str, name: str) -> None:
    found = name_at(Scanned(text), 0, "office")
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("run", ["高度重视环境", "生态环境保护", "一二三四"])
def test_a_run_of_words_is_no_run_of_names(run: str) -> None:
    assert segment(run, NOBODY) == []


def test_office_nouns_that_go_on() -> None:
    assert head_length("厅总工程师麴文澜", 3) == 0
    assert head_length("厅总工程师麴文澜", 5) == 4


def test_office_phrase_is_not_a_sentence() -> None:
    text = "会议听取了分管领域整改工作的市水务局局长"
    assert offices_before(text, len(text)) == ((14, "市水务局局长"),)


PIECES = (
    *"、，。王伟·（）《》他等受 ×A1\u3000\n\ud800",
    *(
        "市长",
        "党组书记",
        "欧阳",
        "主持",
        "会议",
        "指出",
        "同志",
        "习近平",
        "委托",
        "出席的有：",
        "分别",
        "当选",
    ),
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=40), max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_evidence_lies_in_it(paragraphs: list[list[str]]) -> None:
    blocks = [Block(f"p-{n}", LineKind.PARAGRAPH, "".join(words)) for n, words in enumerate(paragraphs)]
    texts = {block.id: block.text for block in blocks}
    people = find_people(blocks)
    assert len({person.name for person in people}) == len(people)
    for person in people:
        assert person.roles
        assert not set("×，。、（《") & set(person.name)
        for evidence in person.evidence:
            assert texts[evidence.where].startswith(evidence.quote, evidence.start)
    for said in find_statements(passages(blocks), people):
        assert said.text in texts[said.paragraph]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("（", 200_000),
        ("局长张三、", 40_000),
        ("书记、", 66_000),
        ("市长", 100_000),
        ("·", 200_000),
        ("甲乙强调，", 40_000),
        ("局长王{}{}出席，", 20_000),
        ("，王{}{}（局长）", 20_000),
        ("王（女，局长）、", 24_000),
    ],
    ids=["parentheses", "list", "chain", "nouns", "dots", "statements", "many names", "noted", "notes"],
)
def test_the_cost_of_a_line_of_up_to_200_000_characters_grows_as_the_line_does(unit: str, count: int) -> None:
    def work(some: int) -> None:
        text = "".join(unit.format(chr(0x4E00 + at % 9000), chr(0x4E00 + at // 9000)) for at in range(some))
        find_people([Block("p", LineKind.PARAGRAPH, text)])

    assert_linear(work, count)
