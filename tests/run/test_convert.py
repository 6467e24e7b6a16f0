"""Stages and their keys: what depends on what."""

from __future__ import annotations

import pickle
from pathlib import Path

from build_tools.bench import corpus as bench_corpus
from build_tools.cleaning.engine import RULES
from build_tools.core.article import KEPT, Article, LineKind
from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.progress import Progress
from build_tools.core.registry import Raw, Registries, Theme
from build_tools.core.vocabulary import load as words
from build_tools.core.workers import Settings
from build_tools.graph.summary import excerpts_of
from build_tools.run.cache import Cache
from build_tools.run.convert import convert_one, load


def test_every_rule_of_the_ledger_is_told_to_readers_in_chinese() -> None:
    ids = {rule.id for rule in RULES}
    ids |= {f"drop_{kind.value}" for kind in LineKind if kind not in KEPT and kind is not LineKind.BLANK}
    ids |= {"blank_lines", "trim_line", "date_lost_separator", "brand_substitution", "correction"}
    told = words("apparatus")
    assert ids - set(told) == set()
    assert all(any("\u4e00" <= char <= "\u9fff" for char in text) for text in told.values())


def test_articles_come_from_the_cache_and_a_damaged_entry_is_made_again(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    bench_corpus.write(corpus, 3)

    def run() -> tuple[int, list[str]]:
        loaded = load(corpus, Settings(jobs=1), Report(), Progress(quiet=True), Cache(tmp_path / "cache"))
        return loaded.converted.made, [article.display_title for article in loaded.converted.articles()]

    made, titles = run()
    assert made == 3 and run() == (0, titles)
    for path in (tmp_path / "cache" / "cards").rglob("*"):
        if path.is_file():
            path.write_bytes(b"torn")
    assert run() == (3, titles)
    stored = [path for path in (tmp_path / "cache" / "articles").rglob("*") if path.is_file()]
    whole = [path.read_bytes() for path in stored]
    stored[0].unlink()
    stored[1].write_bytes(b"torn")
    stored[2].write_bytes(whole[2][: len(whole[2]) // 2])
    assert run() == (0, titles)
    assert [path.read_bytes() for path in stored] == whole


def test_models_pickle_by_value() -> None:
    article, card = convert_one(Raw("a", "a.txt", bench_corpus.article(1)[1].encode()), Registries())  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(article)) == article
    assert pickle.loads(pickle.dumps(card)) == card
    assert isinstance(article, Article)


def test_a_corpus_without_themes_starts_with_the_projects(tmp_path: Path) -> None:
    bench_corpus.write(tmp_path, 1)
    loaded = load(tmp_path, Settings(jobs=1), Report(), Progress(quiet=True))
    labels = {theme.pref_label for theme in loaded.corpus.registries.themes}
    design = "习近平生态文明思想 美丽中国建设 碳达峰碳中和 碳排放权交易市场 应对气候变化 绿色低碳发展 污染防治攻坚战 大气污染防治 水污染防治 土壤污染防治 固体废物与新污染物治理 危险废物 重金属污染防治 尾矿库治理 噪声污染防治 农业农村污染治理 海洋生态环境保护 中央生态环境保护督察 生态环境执法 环境应急与风险防范 生态环境监测 自动监测数据质量 核与辐射安全 生物多样性保护 生态保护修复 长江保护 黄河保护 河湖长制 林长制 生态环境分区管控 环评与排污许可 生态产品价值实现 生态文明体制改革 法规标准政策 科技创新 全民行动与公众参与 国际合作 北京冬奥会 党史学习教育 主题教育 全面从严治党 环保铁军"
    assert set(design.split()) <= labels
    assert loaded.corpus.registries.people == ()


def test_a_card_holds_the_long_sentences_and_the_excerpts_hold_what_pages_quote() -> None:
    long = "要以更高标准打好蓝天碧水净土保卫战持续深入推进污染防治攻坚战不断改善全市生态环境质量满足人民期待"
    text = f"市政府召开污染防治攻坚战会议\n3月1日，市政府召开会议。{long}。市长王建国主持会议。王建国强调，{long}。要治理好噪声。\n"
    registries = Registries(
        themes=(Theme("w", "污染防治攻坚战", ("攻坚战",)), Theme("n", "噪声污染防治", ("噪声",)))
    )
    result = convert_one(Raw("a", "a.txt", text.encode()), registries)
    assert not isinstance(result, Diagnostic)
    article, card = result
    assert any(long in sentence for sentence in card.sentences)
    assert all(not person.evidence for person in card.people) and article.people[0].evidence
    told = excerpts_of(article)
    said = told.spoken["王建国"][0]
    assert said.verb == "强调" and said.words.startswith(long) and said.number == 1
    assert "污染防治攻坚战" in said.themes and ("王建国", "污染防治攻坚战", 1) in card.spoke
    count, places = told.passages["污染防治攻坚战"]
    assert count == len(places) >= 1 and "攻坚战" in places[0][1]


def test_a_new_article_that_gets_no_page_is_told_once_and_many_in_one_line(tmp_path: Path) -> None:
    def told() -> list[str]:
        report = Report()
        load(tmp_path / "corpus", Settings(jobs=1), report, Progress(quiet=True), Cache(tmp_path / "cache"))
        return report.lines()

    articles = tmp_path / "corpus" / "articles"
    articles.mkdir(parents=True)
    (articles / "one.txt").write_text("你好\n", "utf-8")
    (articles / "meant.txt").write_text("你好\n", "utf-8")
    (articles / "meant.yml").write_text(
        "corrections:\n- {field: trust, value: rejected, reason: 权利人要求}\n", "utf-8"
    )
    (line,) = told()
    assert line.startswith("articles/one.txt: note: rejected, not published: 通篇未谈生态环境工作 → ")
    assert told() == []
    for number in range(11):
        (articles / f"more-{number}.txt").write_text(f"你好{number}\n", "utf-8")
    (line,) = told()
    assert line.startswith("articles: note: 11 new or changed articles are rejected, not published → ")
