"""What a curator sees of a correction: its effect, the warning where it has none, what a page says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools.core.diagnostics import Report
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.desk.add import Outcome, table
from build_tools.desk.explain import as_text, explain
from build_tools.desk.review import doubts
from build_tools.run.cache import Cache
from build_tools.run.convert import Loaded, load
from tests.support.factory import site_pages

PAGE = (
    "某市召开水污染防治工作会议\n\n发布时间:2021-03-22 来源:某市日报\n\n"
    "3月19日,市长张大明主持召开水污染防治工作会议。副市长李国强出席会议。\n"
    "会议强调,要抓好水污染防治,确保断面水质达标,完成水污染防治各项任务。\n"
)
RECIPE = "红烧肉的做法\n\n五花肉切块,焯水,炒糖色,加酱油和料酒,小火炖一个小时。\n\n出锅前大火收汁,撒上葱花。\n"


def read(root: Path, sidecar: str, page: str = PAGE, cache: Cache | None = None) -> tuple[Loaded, list[str]]:
    (root / "articles").mkdir(parents=True, exist_ok=True)
    (root / "articles" / "a.txt").write_text(page, "utf-8")
    (root / "articles" / "a.yml").write_text(sidecar, "utf-8")
    report = Report()
    loaded = load(root, Settings(jobs=1), report, Progress(quiet=True), cache)
    return loaded, report.lines()


def test_a_correction_that_takes_away_what_is_not_there_is_a_warning_of_every_build(tmp_path: Path) -> None:
    sidecar = (
        "corrections:\n  - field: people\n    value: {张大鸣: null, 李国强: null}\n    reason: 不是人名\n"
        "  - {field: themes, value: {核与辐射安全: false}, reason: 未谈}\n"
    )
    cache = Cache(tmp_path / "cache")
    for made in (1, 0):
        loaded, lines = read(tmp_path / "corpus", sidecar, cache=cache)
        assert loaded.converted.made == made
        assert [person.name for person in loaded.converted.article("a").people] == ["张大明"]
        assert [line.partition(", so")[0] for line in lines] == [
            "articles/a.yml:2: warning: people: '张大鸣' is not read in this article",
            "articles/a.yml:5: warning: themes: '核与辐射安全' is not read in this article",
        ]
        assert "did you mean 张大明?" in lines[0] and "digest explain a" in lines[0].partition("→")[2]
        assert [one.line for one in loaded.converted.diagnostics] == [2, 5]  # told again when nothing changed
    _, lines = read(tmp_path / "corpus", f"# 校对\n{sidecar}", cache=cache)
    assert lines[0].startswith("articles/a.yml:3:")


def test_a_theme_by_another_of_its_names_makes_no_new_one(tmp_path: Path) -> None:
    sidecar = "corrections:\n  - {field: themes, value: {双碳: true, 水污染防治: false, 没有的主题: true}, reason: 乙}\n"
    loaded, lines = read(tmp_path, sidecar)
    assert [hit.label for hit in loaded.converted.article("a").themes] == ["碳达峰碳中和"]
    assert "没有的主题" not in {theme.label for theme in loaded.site.themes}
    assert len(lines) == 1 and "articles/a.yml:2: error: no theme '没有的主题'" in lines[0]


@pytest.mark.parametrize("broken", ["status: withdrawn\n url: https://a.cn/\n", "\tstatus: draft\n"])
def test_an_article_that_was_withdrawn_is_not_published_by_a_broken_sidecar(
    broken: str, tmp_path: Path
) -> None:
    loaded, lines = read(tmp_path, broken)
    assert loaded.site.cards == () and len(lines) == 1


def test_the_way_to_publish_a_rejected_page_is_told_whole_and_is_right(tmp_path: Path) -> None:
    loaded, _ = read(tmp_path, "", RECIPE)
    article = loaded.converted.article("a")
    assert article.trust.value == "rejected"
    advice = "- {field: trust, value: original, reason: …}"
    places = {
        "review": [item.remedy for item in doubts([article], loaded.corpus.registries, [], Report())],
        "explain": list(as_text(explain(article))),
        "add": list(table([Outcome("a.txt", "a", True, "", article)])),
    }
    for place, told in places.items():
        assert any(advice in line and "below `corrections:`" in line for line in told), place
    again, lines = read(tmp_path, f"corrections:\n  {advice.replace('…', '编者所知')}\n", RECIPE)
    assert lines == [] and again.converted.article("a").trust.value == "original"


def test_the_reason_of_a_withdrawal_reaches_its_page(tmp_path: Path) -> None:
    loaded, lines = read(tmp_path, "status: withdrawn\nreason: 原发布机构已撤下\n")
    pages = {page.path: page.text for page in site_pages(loaded.site)}
    assert lines == [] and "编者说明：原发布机构已撤下" in pages["articles/a.md"]
