"""The five founding articles: every fact that issue 2 names, and golden files of all that comes out."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

import pytest

from build_tools.cleaning.decode import decode
from build_tools.core import edits
from build_tools.core.article import Article, Trust
from build_tools.core.diagnostics import Report
from build_tools.core.paths import ROOT
from build_tools.core.progress import Progress
from build_tools.core.registry import Raw, Registries, Sidecar
from build_tools.core.workers import Settings
from build_tools.facts.extract import extract
from build_tools.outputs.open_data import article_record, statement_records
from build_tools.pages import markdown
from build_tools.pages.article import article as page_of
from build_tools.run import assemble
from build_tools.run.convert import Loaded, load

GOLDEN = ROOT / "tests" / "golden"
MEE, NATIONAL, CHONGQING = (
    "mee-party-group-2021-03",
    "national-conference-2024",
    "chongqing-rectification-2022",
)
HEILONGJIANG, MODEL = "heilongjiang-party-group-2023-21", "model-speech-2021"
ALL = (MEE, NATIONAL, CHONGQING, HEILONGJIANG, MODEL)


@cache
def loaded() -> Loaded:
    report = Report()
    out = load(ROOT / "corpus", Settings(jobs=1), report, Progress(quiet=True))
    assert report.lines() == []
    return out


@cache
def article(name: str) -> Article:
    return loaded().converted.article(name)


@cache
def record(name: str) -> dict[str, Any]:
    return article_record(article(name))


def roles(name: str) -> dict[str, set[str]]:
    return {person["name"]: set(person["roles"]) for person in record(name)["people"] if not person["weak"]}


def offices(name: str, person: str) -> list[str]:
    return next(one["offices"] for one in record(name)["people"] if one["name"] == person)


def test_the_corpus_holds_the_founding_articles_byte_for_byte() -> None:
    hashes = {
        CHONGQING: "ebb2bc98ae3ea59e", HEILONGJIANG: "63d3b8f084c982c3", MEE: "76b44c09e8caaee8",
        MODEL: "10ab8a5abb330c1b", NATIONAL: "3419506447b73d80",
    }  # fmt: skip
    for name, start in hashes.items():
        assert record(name)["raw_sha256"].startswith(start)


def test_mee_party_group() -> None:
    one = record(MEE)
    assert one["title"] == "生态环境部党组召开会议" and not one["title_inferred"]
    assert one["published"] == "2021-03-22" and one["held"] == {"start": "2021-03-19", "end": "2021-03-19"}
    assert (one["source"], one["authors"], one["editors"]) == ("中国环境报", ["杜宣逸"], ["雪儿"])
    assert (one["level"], one["kind"], one["organization"]) == ("central", "meeting", "生态环境部")
    assert one["subtitle"].startswith("传达学习习近平总书记近期重要讲话") and one["subtitle"].endswith(
        "情况的汇报"
    )
    who = roles(MEE)
    assert who["孙金龙"] == {"presides"} and offices(MEE, "孙金龙") == ["生态环境部党组书记"]
    assert who["黄润秋"] == {"sits_in"} and offices(MEE, "黄润秋") == ["生态环境部部长"]
    assert who["库热西"] == {"attends"}
    assert offices(MEE, "库热西") == ["中央纪委国家监委驻生态环境部纪检监察组组长", "部党组成员"]
    for name in ("翟青", "赵英民"):
        assert who[name] == {"attends"} and offices(MEE, name) == ["生态环境部党组成员", "副部长"]
    assert set(who) == {"习近平", "孙金龙", "黄润秋", "库热西", "翟青", "赵英民"}
    assert one["key_points"] == [
        "加强生态环境保护工作顶层设计",
        "积极推进碳达峰、碳中和工作",
        "切实做好北京冬奥会和冬残奥会生态环境保护工作",
        "激励党员干部发扬党的光荣传统和优良作风",
    ]
    assert one["documents"] == [
        "《生态环境部党组关于开展党史学习教育的实施工作方案》",
        "《生态环境部党组关于开展党史学习教育的宣传工作方案》",
    ]


def test_national_conference() -> None:
    one = record(NATIONAL)
    assert one["title"] == "2024年全国生态环境保护工作会议在京召开"
    assert one["published"] == "2024-01-24" and one["held"] == {"start": "2024-01-23", "end": "2024-01-24"}
    assert (one["source"], one["authors"], one["editors"]) == (
        "生态环境部",
        ["生态环境部"],
        ["自然生态保护处"],
    )
    assert (one["level"], one["trust"]) == ("central", "repost")
    who = roles(NATIONAL)
    assert "speaks" in who["孙金龙"] and who["黄润秋"] == {"attends", "reports"}  # 作工作报告
    assert who["赵英民"] == {"presides"}
    for name in ("郭芳", "廖西元", "董保同", "刘炳江"):
        assert who[name] == {"attends"}
    assert len(one["key_points"]) == 8
    assert one["key_points"][0] == "积极推进美丽中国先行区建设"
    assert one["key_points"][6] == "大力推进生态环境领域科技创新"  # its 。 is lost
    text = "\n".join(item["text"] for item in one["paragraphs"])
    assert not re.search("111|222|333", text)


def test_chongqing() -> None:
    one = record(CHONGQING)
    assert one["title"] == "中央生态环境保护督察整改推进会议暨全市生态环境保护工作会议召开"
    assert one["subtitle"].split("\n") == [
        "深学笃用习近平生态文明思想 推动经济社会发展全面绿色转型",
        "陈敏尔出席并讲话 胡衡华张轩王炯出席",
    ]
    assert (one["source"], one["authors"]) == ("重庆日报", ["杨帆", "张珺"])
    assert {"rule": "pinyin_gloss", "count": 353} in one["edits"]
    who = roles(CHONGQING)
    assert "speaks" in who["陈敏尔"] and {"reports", "speaks"} <= who["胡衡华"]
    assert who["张轩"] == who["王炯"] == {"attends"} and who["吴存荣"] == {"presides"}
    assert set(who) == {"习近平", "陈敏尔", "胡衡华", "张轩", "王炯", "吴存荣"}
    assert one["level"] == "province"  # docs/decisions/0003
    assert one["held"] == {"start": "2022-02-23", "end": "2022-02-23"}  # by correction
    assert article(CHONGQING).corrections[0][0] == "held"


def test_chongqing_without_the_curator_has_no_year() -> None:
    from dataclasses import replace

    from build_tools.core.registry import Sidecar
    from build_tools.facts.extract import extract

    raw = next(one for one in loaded().corpus.articles if one.id == CHONGQING)
    bare = extract(replace(raw, sidecar=Sidecar()), loaded().corpus.registries)
    assert bare.held is not None and bare.held.value.start == "XXXX-02-23"


def test_heilongjiang() -> None:
    one = record(HEILONGJIANG)
    assert one["title"] == "省生态环境厅党组召开第21次会议"
    assert one["published"] == "2023-06-02" and one["held"] == {"start": "2023-06-01", "end": "2023-06-01"}
    assert (one["source"], one["organization"]) == ("省生态环境厅官网", "黑龙江省生态环境厅")
    who = roles(HEILONGJIANG)
    assert who["刘伟"] == {"presides"}
    for name in ("孟凡领", "林奇昌", "马健", "赵振伟", "马云"):
        assert who[name] == {"attends"}
    assert who["迟晓德"] == who["陈家厚"] == {"sits_in"}
    masks = [gap for gap in one["gaps"] if set(gap["surface"]) == {"*"}]
    assert len(masks) == 10
    assert [gap["reading"] for gap in masks][2] == "世界"
    text = "\n".join(item["text"] for item in one["paragraphs"])
    assert "△" not in text and "思想的******观" in text  # the conjecture is a note, not the text
    assert text.startswith("6月1日下午，")
    assert one["subtitle"].startswith("传达学习习近平总书记有关主题教育")


def test_model_speech() -> None:
    one = record(MODEL)
    assert (one["kind"], one["published"], one["held"]) == ("speech", "2021-03-12", None)
    assert (one["source"], one["trust"]) == ("党课素材网", "template")
    assert [(item["level"], item["heading"][:3]) for item in one["sections"]] == [
        (2, "一、准"), (2, "二、综"), (3, "（一）"), (3, "（二）"), (3, "（三）"), (3, "（四）"), (2, "三、以"),
    ]  # fmt: skip
    assert {person["name"] for person in one["people"] if person["weak"]} == {"毛家", "红专", "晓华"}
    assert set(roles(MODEL)) == {"习近平"}
    text = "\n".join(item["text"] for item in one["paragraphs"])
    assert "×同志" in text and "党的xx全会" in text
    slugs = {entry.name for entry in loaded().site.people}
    assert not slugs & {"毛家", "红专", "晓华"}


def test_people_and_themes_are_shared_and_linked() -> None:
    site = loaded().site
    appearances = {entry.name: {row.card.id for row in entry.appearances} for entry in site.people}
    for name in ("孙金龙", "黄润秋", "赵英民"):
        assert {MEE, NATIONAL} <= appearances[name]
    assert len(appearances["习近平"]) >= 4
    about = {entry.label: {card.id for card, _ in entry.hits} for entry in site.themes}
    for label in (
        "习近平生态文明思想",
        "污染防治攻坚战",
        "碳达峰碳中和",
        "中央生态环境保护督察",
        "美丽中国建设",
    ):
        assert len(about[label]) >= 2, label


@pytest.mark.parametrize("name", ALL)
def test_reverting_all_edits_gives_the_decoded_original(name: str) -> None:
    raw = next(one for one in loaded().corpus.articles if one.id == name)
    cleaned = article(name).cleaned
    assert edits.revert(cleaned.text, cleaned.passes) == decode(raw.name, raw.data).text


@pytest.mark.parametrize("name", ALL)
def test_the_published_edits_lead_from_the_raw_file_to_the_edited_text(name: str) -> None:
    """With nothing but what the page of open data tells."""
    [(_, data)] = assemble.article_edits(loaded().converted.blob(name))
    head, *lines = map(json.loads, data.splitlines())
    raw = next(one for one in loaded().corpus.articles if one.id == name)
    assert {*head, *(key for line in lines for key in line)} == {
        field for field, *_ in markdown.fields("edits/<id>.jsonl")
    }
    assert head["pass"] == 0 and head["raw_sha256"] == hashlib.sha256(raw.data).hexdigest()
    text = raw.data.decode() if head["original"] is None else head["original"]
    assert text == decode(raw.name, raw.data).text
    assert lines == sorted(lines, key=lambda line: line["pass"])
    for line in lines:
        assert line["edits"] == sorted(line["edits"], key=lambda edit: edit[0])
        for start, before, after in reversed(line["edits"]):
            assert text[start : start + len(before)] == before
            text = text[:start] + after + text[start + len(before) :]
    assert text == article(name).cleaned.text
    assert head["text_sha256"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ALL)
def test_golden(name: str, request: pytest.FixtureRequest) -> None:
    """`pytest tests/facts/test_founding.py --update-golden` writes them; the reviewed diff is the approval."""
    made = {
        "article.json": json.dumps(record(name), ensure_ascii=False, indent=1) + "\n",
        "statements.json": json.dumps(statement_records(article(name)), ensure_ascii=False, indent=1) + "\n",
        "page.md": page_of(article(name), loaded().site.context(name)).text,
    }
    folder = GOLDEN / name
    for file, text in made.items():
        if request.config.getoption("--update-golden"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, "utf-8")
        assert (folder / file).read_text("utf-8") == text, (
            f"{name}/{file}: --update-golden writes it, if this is meant"
        )


@pytest.mark.parametrize("sidecar", [Sidecar(), Sidecar(fetched="2024-03-07")])
def test_a_meeting_after_its_page_was_published_or_fetched_is_a_doubt_and_no_fact(sidecar: Sidecar) -> None:
    line = "" if sidecar.fetched else "2024-03-06 来源:某市水利局\n"
    text = f"某市召开水污染防治工作会议\n{line}2024年12月31日,市长张大明主持召开水污染防治工作会议。"
    article = extract(Raw("a", "a.txt", text.encode(), sidecar), Registries())
    assert article.held is None
    assert [(one.field, one.value) for one in article.doubts] == [("held", "2024-12-31")]
    on_time = extract(Raw("a", "a.txt", text.replace("12月31日", "3月5日").encode(), sidecar), Registries())
    assert on_time.held is not None and on_time.held.value.start == "2024-03-05" and not on_time.doubts


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("时间:2024年3月6日14:30 地点:某厅", ("published", "2024-03-06", "published.head")),
        ("2024-03-06 来源:某市日报", ("trust", "repost", "trust.no_owner")),
    ],
)
def test_what_a_page_does_not_prove_is_a_doubt_that_review_shows(
    line: str, doubt: tuple[str, str, str]
) -> None:
    text = f"{line}\n某市召开水污染防治工作会议\n3月5日,市长张大明主持召开水污染防治工作会议。"
    article = extract(Raw("a", "a.txt", text.encode(), Sidecar()), Registries())
    assert [(one.field, one.value, one.reason) for one in article.doubts] == [doubt]
    assert doubt[0] != "published" or article.published is None
    assert article.trust.value is Trust.ORIGINAL
    assert article.trust_label == ("unproved" if doubt[0] == "trust" else "original")
    settled = Sidecar(corrections=(("trust", "original", "asked the paper"),))
    assert extract(Raw("a", "a.txt", text.encode(), settled), Registries()).trust_label == "original"
