"""Cleaning: each rule's cases, and what holds for every text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.cleaning.rules import CHARACTER_RULES, LINE_RULES
from build_tools.core.article import KEPT
from build_tools.core.edits import apply, replay, revert
from build_tools.core.paths import ROOT
from tests.support.growth import assert_linear

RULES = {rule.id: rule for rule in CHARACTER_RULES + LINE_RULES}
CASES = yaml.safe_load((ROOT / "tests" / "cases" / "rules.yml").read_text("utf-8"))
WORK = ROOT / "tests" / "eval" / "work" / "articles"
ARTICLES = sorted(ROOT.glob("corpus/articles/*.txt")) + sorted(WORK.glob("*"))
# Every sign a rule looks for, and halves of what it looks for.
SIGNS = (
    "会议 指出 强调 環境 書 記 huán jìng men ( ) （ ） , ， 、 。 。。 ： : ; ? ？ ! “ ” 《 》 < > </span> <span <rp <script>"
    " </script> & &nbsp; &amp;lt; &#x200b; \n \r \r\n \t \u3000 \u00a0 \u200b \ufeff \u202e \u2028 \ufffd * ****** × xx"
    " 第1页共3页 - 1 - 作者： 来源: (记者 甲 乙) 责编 http://a.cn/ 9:30 1,000 3.5% 甲.jpg 111 首页 > 打印 【字体：大"
    " 一是 （一） 、。 ⽣ 7 w) s3 t+ b) 2021-03-22 同志们： 2月23日 a b 1 _ | … —— 召开"
)
NASTY = st.lists(
    st.one_of(
        st.sampled_from(SIGNS.split(" ")),
        st.sampled_from(["会议指出,要抓好生态环境保护督察整改,推动绿色发展。", "\n\n", " ", "  "]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['label']}")
def test_rule(case: dict[str, str], request: pytest.FixtureRequest) -> None:
    if "known" in case:
        request.applymarker(pytest.mark.xfail(reason=case["known"], strict=True))
    edits = list(RULES[case["rule"]].propose(case["before"]))
    assert apply(case["before"], edits) == case.get("after", case["before"])
    assert all(edit.before != edit.after for edit in edits)


def test_every_rule_has_a_case_and_a_negative() -> None:
    positive = {case["rule"] for case in CASES if "after" in case}
    assert positive == set(RULES)
    settled = {"line_ends", "radical_han", "outer_spaces"}  # whatever they match is theirs
    assert {case["rule"] for case in CASES if "after" not in case} >= set(RULES) - settled


@given(NASTY)
@settings(max_examples=500, deadline=None)
@example("&lt;span&gt;甲&lt;/span&gt;")
@example("環(huán)(huán)(huán)境")
@example("\n\u3000\n?\n")
def test_any_text_reverts_and_is_clean_once(text: str) -> None:
    cleaned = clean(text)
    assert revert(cleaned.text, cleaned.passes) == text
    assert replay(text, cleaned.passes) == cleaned.text
    assert cleaned.text == "\n".join(block.text for block in cleaned.blocks)
    assert all(block.kind in KEPT and block.text.strip() == block.text != "" for block in cleaned.blocks)
    assert clean(cleaned.text).text == cleaned.text


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_articles_revert_and_are_clean_once(path: Path) -> None:
    text = decode(path.name, path.read_bytes()).text
    cleaned = clean(text)
    assert revert(cleaned.text, cleaned.passes) == text
    assert clean(cleaned.text).text == cleaned.text


def _article(part: str) -> Path:
    for path in ARTICLES:
        if part in path.read_bytes().decode("utf-8", "ignore"):
            return path
    raise AssertionError(f"no article holds {part!r}")


def test_founding_article_is_freed_of_its_353_glosses() -> None:
    path = _article("陳敏爾出席并講話")
    cleaned = clean(path.read_bytes().decode())
    counts = {step.rule: len(step.edits) for step in cleaned.passes}
    assert counts["pinyin_gloss"] == 353
    assert cleaned.warnings == ("pinyin_gloss", "traditional")
    assert cleaned.text.startswith("中央生态环境保护督察整改推进会议暨全市生态环境保护工作会议召开\n")
    assert "着力完善绿色金融市场体系" in cleaned.text
    assert "（记者 杨帆 张珺）2月23日，" in cleaned.text


def test_simplified_articles_are_not_converted() -> None:
    for part in ("生态环境部党组召开会议", "兵团政务网", "第21次会议", "同志们:"):
        cleaned = clean(_article(part).read_bytes().decode())
        assert not any(step.rule in ("script", "pinyin_gloss") for step in cleaned.passes)
        assert "," not in cleaned.text and "(" not in cleaned.text


def test_masks_stay_and_are_told() -> None:
    cleaned = clean("会议强调,要******把握形势,推进高质******落实,确保完成任务。")
    assert "要******把握形势，推进高质******落实" in cleaned.text
    assert cleaned.warnings == ("lost_characters",)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("(", 500_000),
        ("(甲)", 100_000),
        ("环(", 100_000),
        ("<", 500_000),
        ("<script>", 40_000),
        ("“?", 100_000),
        (" ", 500_000),
        ("環境", 50_000),
        ("甲.乙", 60_000),
        ("第1页共2页", 40_000),
        ("7 w) s3 ", 40_000),
        ("\n", 200_000),
        ("甲?乙", 60_000),
    ],
    ids=lambda value: (value.strip() or "blank") if isinstance(value, str) else "",
)
def test_the_cost_of_a_bomb_grows_as_it_does(unit: str, count: int) -> None:
    def work(some: int) -> None:
        cleaned = clean(unit * some)
        assert revert(cleaned.text, cleaned.passes) == unit * some

    assert_linear(work, count)
