"""Kind, level, organisation, place, trust and warnings, case by case."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from build_tools.core.article import Block, Cleaned, Evidence, Fact, Line, LineKind, Participant, Role
from build_tools.core.paths import ROOT
from build_tools.core.registry import Raw, Registries
from build_tools.facts.classify import body_of, judge, kind_of, level_of, place_of
from build_tools.facts.extract import extract
from build_tools.facts.fields import Fields
from build_tools.facts.outline import outline
from tests.support.growth import assert_linear

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "classify.yml").read_text("utf-8"))

PAGES = yaml.safe_load((ROOT / "tests" / "cases" / "trust.yml").read_text("utf-8"))
ORGANIZATIONS = yaml.safe_load((ROOT / "tests" / "cases" / "organizations.yml").read_text("utf-8"))


def fact(value: str | None) -> Fact[str] | None:
    return Fact(value, Evidence("test", "meta", value)) if value else None


def read(case: dict[str, Any]) -> dict[str, Any]:
    fields = Fields(
        title=fact(case.get("title")), source=fact(case.get("source")), site=fact(case.get("site"))
    )
    lines = [Line(LineKind.PARAGRAPH, text) for text in case["lines"]]
    shape = outline(lines)
    blocks = [Block(item.id, LineKind.PARAGRAPH, item.text) for item in shape.body]
    people = [Participant(name, tuple(o), tuple(map(Role, r))) for name, o, r in case.get("people", [])]
    dropped = tuple(Line(LineKind.FOOTER, text) for text in case.get("dropped", []))
    text = "\n".join(case["lines"])
    cleaned = Cleaned(case.get("original", text), text, (), tuple(lines), dropped)
    organization, _ = body_of(fields, blocks, cleaned)
    kind = kind_of(fields, blocks)
    owner = organization.value if organization else ""
    trust, warnings = judge(fields, blocks, people, cleaned, kind, organization=owner, gaps=shape.gaps)
    place = place_of(blocks)
    return {
        "organization": organization.value if organization else None,
        "kind": str(kind.value),
        "level": str(level_of(fields, blocks, people, organization).value),
        "place": place.value if place else None,
        "trust": str(trust.value),
        "warnings": list(warnings),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    seen = read(case)
    assert {key: seen[key] for key in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", ORGANIZATIONS, ids=lambda case: f"{case[0][0]}-{case[2]}")
def test_the_body_that_met(case: list[Any]) -> None:
    (title, source, site, *decks), lines, wanted = case
    fields = Fields(
        title=fact(title), source=fact(source), site=fact(site), decks=tuple(decks[0]) if decks else ()
    )
    kept = tuple(Line(LineKind.PARAGRAPH, text) for text in lines)
    blocks = [Block(item.id, LineKind.PARAGRAPH, item.text) for item in outline(kept).body]
    text = "\n".join(lines)
    found, _ = body_of(fields, blocks, Cleaned(text, text, (), kept, ()))
    assert (found.value if found else None) == wanted


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case["label"])
def test_how_far_a_page_may_be_trusted(case: dict[str, str]) -> None:
    article = extract(Raw("page", "page.txt", case["text"].encode()), Registries())
    assert str(article.trust.value) == case["expect"]


def test_an_empty_page_is_no_error() -> None:
    seen = read({"lines": []})
    assert (seen["kind"], seen["level"], seen["organization"]) == ("other", "unknown", None)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["市", "县委书记、", "在", "“", "_"])
def test_the_cost_of_a_hostile_line_grows_as_the_line_does(unit: str) -> None:
    def work(size: int) -> None:
        text = unit * (size // len(unit))
        read({"title": text[:200], "lines": [text, text[:1000]]})

    assert_linear(work, 300_000)
