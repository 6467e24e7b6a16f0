"""Kind, level, organisation, place, trust and warnings, case by case."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from build_tools.core.article import Block, Cleaned, Evidence, Fact, Line, LineKind, Participant, Role
from build_tools.core.paths import ROOT
from build_tools.core.registry import Raw, Registries
from build_tools.facts.bodies import body_of
from build_tools.facts.classify import kind_of, place_of
from build_tools.facts.extract import extract
from build_tools.facts.fields import Fields
from build_tools.facts.level import level_of, phrase_level
from build_tools.facts.outline import outline
from build_tools.facts.trust import judge
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


BODIES = {
    "central": "国家疾控局 水利部长江水利委员会 生态环境部华南督察局 中国气象局 全国人大环资委 海关总署 教育部 中央组织部 国家发展和改革委员会",
    "province": "省检察院 省税务局 省残联 省文旅厅 自治区党委 兵团生态环境局 河北省纪委 上海市水务局 省级机关事务管理局",
    "city": "市检察院 凉山彝族自治州生态环境局 延边州林草局 锡林郭勒盟行署 大兴安岭地委 兵团第八师石河子市 雄安新区管委会 市残联",
    "county": "区文旅局 区税务局 县公安局 西昌市农业农村局 青岛市黄岛区水务局 鄂温克族自治旗林草局 镇综合执法队 高新区管委会 街道办事处",
}


@pytest.mark.parametrize(
    ("level", "name"), [(level, name) for level, names in BODIES.items() for name in names.split()]
)
def test_whatever_a_unit_s_body_does_its_level_is_the_unit_s(level: str, name: str) -> None:
    assert phrase_level(name) == level


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
