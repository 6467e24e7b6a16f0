"""Search: folding, tokens, shards, bundles, manifest. What a reader sees: test_search_browser.py."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools.bench.search import documents
from build_tools.core import fold
from build_tools.core.paths import ROOT
from build_tools.core.registry import Organization, Person, Registries, Theme
from build_tools.graph.link import link
from build_tools.outputs.search import bundle
from tests.support.factory import make_article, make_body

CASES = yaml.safe_load((ROOT / "tests/cases/search.yml").read_text("utf-8"))
SOURCE = ("会议强调,要深入学习贯彻习近平生态文明思想。要坚决打好污染防治攻坚战,确保完成年度任务。",)


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("case", CASES["fold"], ids=lambda c: c["label"])
def test_fold(case: dict[str, str]) -> None:
    assert fold.fold(case["before"]) == case["after"]


@pytest.mark.parametrize("case", CASES["tokens"], ids=lambda c: c["before"])
def test_tokens(case: dict[str, str]) -> None:
    assert fold.tokens(case["before"]).split() == case["after"].split()


def test_browser_has_the_same_table() -> None:
    written = ROOT / "build_tools/theme/assets/search/fold-table.js"
    assert written.read_text("utf-8") == fold.javascript(), "run python -m build_tools.core.fold"


def test_folding_keeps_one_character_one() -> None:
    folded, ambiguous = fold.tables()
    assert all(len(char) == len(to) == 1 for char, to in folded.items())
    assert not set(fold.WHITE) & {*folded, *folded.values()}
    assert not any(char in to for char, to in ambiguous.items())
    assert not set(folded) & set(folded.values())


def test_no_two_characters_share_a_token() -> None:
    chars = [
        chr(code) for code in (*range(0x20, 0x3100), *range(0x4E00, 0x4F00), *range(0xFE00, 0xFFFF), 0x20BB7)
    ]
    by_token: dict[str, set[str]] = {}
    for char in chars:
        if fold.fold(char):
            by_token.setdefault(fold.tokens(char), set()).add(fold.fold(char))
    assert all(len(same) == 1 for same in by_token.values())
    assert fold.BORDER + " " not in by_token


def test_document_holds_all_that_is_read() -> None:
    article = make_article(eyebrow="引题在上")
    made = bundle.document(article)
    texts = [text for _, text in made.blocks]
    assert texts[:3] == [article.display_title, "引题在上", article.decks[0]]
    assert made.blocks[3:] == tuple((item.id, item.text) for item in article.body)
    assert article.body[2].text[:9] in made.head


def test_one_more_article_moves_few_others() -> None:
    ids = [f"article-{n}" for n in range(3000)]
    before = bundle.cut(ids)
    assert sorted(name for shard in before for name in shard) == sorted(ids)
    assert max(map(len, before)) <= bundle.SHARD
    assert before == bundle.cut(random.Random(1).sample(ids, len(ids)))
    changed = set(before) - set(bundle.cut([*ids, "one-more"]))
    assert len(changed) == 1


def test_same_documents_same_bytes(tmp_path: Path) -> None:
    made = [bundle.part_of(one)[0] for one in documents(SOURCE, 60)]
    for name in ("one", "two"):
        bundle.build_bundle(made, tmp_path / name)
    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_bundle_made_anew_keeps_nothing(tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    made = [bundle.part_of(one)[0] for one in documents(SOURCE, 5)]
    bundle.build_bundle(made, out)
    files = len(_contents(out))
    bundle.build_bundle(made[:2], out)
    assert len(_contents(out)) <= files
    assert len(json.loads((out / "articles.json").read_bytes())["articles"]) == 2


@pytest.mark.parametrize("text", ["", "\ud800 半个", "<script>&amp;</script>", "\x00\x02", " "])
def test_any_text_is_indexed(tmp_path: Path, text: str) -> None:
    one = bundle.document(make_article(id="a", title=None, decks=(), body=make_body("正文。", text)))
    part, packed = bundle.part_of(one)
    bundle.build_bundle([part], tmp_path / "bundle")
    shown = json.loads(gzip.decompress(packed).decode("utf-8", "surrogatepass"))
    assert text in [block for _, block in shown]


def _manifest(tmp_path: Path, **registries: Any) -> dict[str, Any]:
    bundles = [
        bundle.Bundle("2021", "b" * 64, 1),
        bundle.Bundle("undated", "a" * 64, 1),
        bundle.Bundle("2024", "c" * 64, 1),
    ]
    bundle.write_manifest(bundles, link([], Registries(**registries)), tmp_path)
    made: dict[str, Any] = json.loads((tmp_path / "manifest.json").read_bytes())
    return made


def test_newest_volume_first(tmp_path: Path) -> None:
    made = _manifest(tmp_path)
    assert [volume for _, volume, _ in made["bundles"]] == ["2024", "2021", "undated"]
    assert (tmp_path / made["engine"] / "pagefind.js").exists()


def test_names_by_the_letter(tmp_path: Path) -> None:
    made = _manifest(
        tmp_path,
        people=(Person("sun-jinlong", "孙金龙", ("金龙同志",)), Person("lyu-lyu", "吕旅")),
        organizations=(Organization("mee", "生态环境部", ("环境部",)),),
        themes=(Theme("tan", "碳达峰碳中和", ("双碳",)),),
    )
    shelf = json.loads((tmp_path / "names/s.json").read_bytes())
    assert [
        "person",
        "孙金龙",
        "孙金龙",
        "sunjinlong",
        "sjl",
        "people/sun-jinlong/",
        "sun-jinlong",
        0,
    ] in shelf
    assert "孙" in made["names"]["s"][1]
    assert "金" in made["names"]["j"][1]
    assert json.loads((tmp_path / "names/l.json").read_bytes())[0][3:5] == ["lvlv", "ll"]
    assert made["themes"] == [["碳达峰碳中和", "themes/tan/", 0, ["双碳"]]]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("孙金龙", {("sunjinlong", "sjl")}),
        ("单长青", {("shanzhangqing", "szq"), ("shanchangqing", "scq")}),
        ("欧阳修", {("ouyangxiu", "oyx")}),
        ("吕旅", {("lvlv", "ll")}),
        ("库热西·买买提", {("kureximaimaiti", "krxmmt")}),
        ("", {("", "")}),
    ],
)
def test_ways_to_type_a_name(name: str, typed: set[tuple[str, str]]) -> None:
    assert set(bundle.spellings(name)) == typed


def test_organisation_is_read_as_words_are() -> None:
    assert bundle.spellings("重庆市", person=False) == (("chongqingshi", "cqs"),)
