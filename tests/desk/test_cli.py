"""The command line as a person types it, rightly and wrongly."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from build_tools.bench.corpus import article
from build_tools.core.guard import Budget
from build_tools.core.paths import ROOT
from build_tools.core.workers import Settings
from build_tools.desk import pdf
from build_tools.facts import extract
from build_tools.run import packs
from build_tools.run.cache import Cache
from tests.support.command import here as digest

IDS = [
    "chongqing-rectification-2022",
    "heilongjiang-party-group-2023-21",
    "mee-party-group-2021-03",
    "model-speech-2021",
    "national-conference-2024",
]


@pytest.mark.parametrize(
    "words",
    [
        ["biuld"],
        [],
        ["explain"],
        ["explain", "no-such-article"],
        ["add"],
        ["add", "no-such-file.txt"],
        ["add", "README.md", "--id", "Not An Id"],
        ["add", "README.md", "--url", "javascript:1"],
        ["add", "README.md", "README.zh-CN.md", "--url", "https://example.org/"],
        ["pdf"],
        ["pdf", "--theme", "没有的主题"],
        ["review", "韦一"],
        ["build", "--jobs", "0"],
        ["serve", "--port", "99999"],
        ["export"],
        ["build", "--corpsu", "x"],
        ["build", "--jobs"],
        ["build", "--no-pdf=1"],
        ["build", "--site-url", ""],
        ["build", "x"],
        ["check", "--lang", "fr"],
        ["add", "README.md", "--fetched", "2024-02-31"],
        ["review", "--accept", "poeple"],
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(words: list[str]) -> None:
    said = digest(*words, code=2)
    *work, last = said.stderr.splitlines()
    assert last.startswith("digest") and said.stdout == ""
    assert all(re.fullmatch(r"\w+: \d+ in [\d.]+ s", line) for line in work)


def test_every_command_is_documented() -> None:
    """docs/cli.md is in the words of `--help`: `python -m tests.support.write_cli_docs` writes it."""
    from tests.support.write_cli_docs import markdown

    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == markdown()


def test_explain_lines_says_what_each_line_is_and_why() -> None:
    rows = json.loads(digest("explain", IDS[0], "--lines", "--json").stdout)
    assert {"kind", "kept", "reason", "why", "text"} == set(rows[0])
    assert [row["text"] for row in rows if row["kind"] == "title" and row["kept"]]
    assert all(row["why"] for row in rows)


def test_explain_shows_evidence_and_edits() -> None:
    said = digest("explain", IDS[2]).stdout
    assert "孙金龙: presides" in said
    assert "生态环境部党组书记孙金龙主持" in said  # the evidence
    assert "edit punctuation_width" in said
    assert "status           published" in said
    assert any(line.startswith("rule drop_") and "移出正文" in line for line in said.splitlines())
    told = json.loads(digest("explain", IDS[0], "--json").stdout)
    assert {"rule": "pinyin_gloss"}.items() <= next(
        e for e in told["edits"] if e["rule"] == "pinyin_gloss"
    ).items()
    assert sum(edit["rule"] == "pinyin_gloss" for edit in told["edits"]) == 353
    assert told["corrections"][0]["field"] == "held"


WRITERS = (
    ["build", "--out", "out"],
    ["convert", "--out", "out"],
    ["serve", "--out", "out"],
    ["export", "--out", "out"],
    ["pdf", "--all", "--out", "out"],
    ["review", "--accept", "people"],
    ["add", str(ROOT / "README.md")],
)


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: str(words[0]))
def test_a_folder_that_is_no_corpus_is_refused_before_anything_is_written(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("out/site", "empty", "older"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "out" / "people.jsonl").write_text("昨天的数据", "utf-8")
    (tmp_path / "older" / "a.txt").write_text("甲市召开会议", "utf-8")
    for name in ("docs/articles/a.md", "site/articles/index.html", "site/articles/a/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("甲市召开会议", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    for corpus, told in (
        ("corpsu", "corpsu is not a folder: nothing was changed"),
        ("empty", "empty has no folder articles/: nothing was changed"),
        ("older", "older is of the older layout: nothing was changed; move its pages and their .yml into"),
        ("docs", "docs/articles has no page (.txt, .html): nothing was changed"),
        ("site", "site/articles has no page (.txt, .html): nothing was changed"),
    ):
        said = digest(*words, "--corpus", corpus, code=1)
        assert said.stderr.startswith(f"digest: {told}") and said.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "out" / "people.jsonl").read_text("utf-8") == "昨天的数据"


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: str(words[0]))
def test_a_folder_that_cannot_be_written_is_one_line_before_the_work(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere
    said = digest(*words, "--corpus", "corpus", code=1)
    assert "cannot be written: nothing was changed; check the permissions" in said.stderr
    assert said.stderr.count("\n") == 1 and [path.name for path in tmp_path.rglob("*")] == [
        "corpus",
        "out",
        "articles",
    ]


def test_a_build_date_that_is_no_number_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "x")
    said = digest("build", "--out", tmp_path / "out", code=1)
    assert said.stderr == "digest: SOURCE_DATE_EPOCH=x: write seconds since 1970, or unset it\n"
    assert not (tmp_path / "out").exists()


def test_an_output_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = digest("export", "--out", tmp_path / "file" / "data", code=1)
    assert said.stderr == f"digest: {tmp_path / 'file'} is not a folder: nothing was written\n"


def test_a_registry_that_cannot_be_read_takes_nothing_from_good_data(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    (tmp_path / "corpus" / "people.yml").write_text("- id: a\n name: 甲\n", "utf-8")
    (tmp_path / "data").mkdir()
    good = tmp_path / "data" / "people.jsonl"
    good.write_text("{}", "utf-8")
    said = digest("export", "--corpus", tmp_path / "corpus", "--out", tmp_path / "data", code=1)
    assert "nothing of people.yml can be read: fix it first" in said.stderr
    assert "people.yml:2: error" in said.stderr and good.read_text("utf-8") == "{}"


def test_a_folder_of_articles_that_is_a_link_takes_nothing_from_good_data(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text(article(1)[1], "utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "articles").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "articles.jsonl").write_text("{}", "utf-8")
    said = digest("export", "--corpus", tmp_path / "corpus", "--out", tmp_path / "data", code=1)
    assert "nothing of articles can be read: fix it first" in said.stderr
    assert (tmp_path / "data" / "articles.jsonl").read_text("utf-8") == "{}"


def test_what_steers_a_terminal_or_a_log_is_shown_and_not_sent(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    page = tmp_path / "a\x1b[2J\n::error::x.txt"
    page.write_text("甲市召\x1b[31m开\u202e会议\n会议强调，要抓好\x1b]0;x\x07整改，确保完成。", "utf-8")
    (tmp_path / "corpus" / "people.yml").write_text('- "id\\e[2J": a\n', "utf-8")
    (tmp_path / "corpus" / "articles" / "b\x1b[2J\n::error::x.txt").write_text("会议", "utf-8")
    words = ("--corpus", tmp_path / "corpus")
    told = [digest("add", page, *words, "--id", "a", code=1)]
    told += [
        digest(*call, *words, code=1) for call in (["explain", "a"], ["explain", "a", "--json"], ["check"])
    ]
    told += [digest("review", *words, code=1), digest("review", "--json", *words, code=1)]
    for said in told:
        assert not set("\x1b\x07\u202e") & set(said.stdout + said.stderr)
        assert not any(line.lstrip().startswith("::") for line in (said.stdout + said.stderr).splitlines())
    assert r"a\x1b[2J\n::error::x.txt" in told[0].stdout
    assert r"b\x1b[2J\n::error::x.txt" in told[0].stderr


def test_help_imports_no_stage() -> None:
    code = (
        "import sys; from build_tools.desk.cli import main; main(['--help'])\n"
        "print(*(name for name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    loaded = set(done.stderr.split())
    assert "explain" in done.stdout and "build_tools.desk.command" in loaded
    assert not loaded & {"mkdocs", "yaml", "lxml", "typst", "watchdog", "multiprocessing.pool"}
    assert {name.split(".")[1] for name in loaded if name.startswith("build_tools.")} <= {"core", "desk"}


def test_a_namesake_is_settled_by_the_id_and_a_person_of_two_names_is_one_record(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "articles"
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text(
        "甲市召开生态环境保护大会\n3月5日，甲市召开生态环境保护大会，市长韦一出席并讲话，副市长龙二主持，局长龙贰汇报。",
        "utf-8",
    )
    (folder / "one.yml").write_text(
        "corrections:\n- {field: people, value: {韦一: {id: wei-yi-2}}, reason: 核对}\n", "utf-8"
    )
    (tmp_path / "corpus" / "people.yml").write_text(
        "- {id: wei-yi, name: 韦一, summary: 甲}\n- {id: wei-yi-2, name: 韦一, summary: 乙}\n"
        "- {id: long-er, name: 龙二, other_names: [龙贰]}\n",
        "utf-8",
    )
    digest("export", "--corpus", tmp_path / "corpus", "--out", tmp_path / "data")
    records = {one["person_id"]: one for one in _records(tmp_path / "data" / "people.jsonl")}
    assert records["wei-yi-2"]["articles"] == ["one"] and records["wei-yi"]["articles"] == []
    assert len(records) == 3 and records["long-er"]["name"] == "龙二"
    assert records["long-er"]["articles"] == ["one"]
    assert [one["office"] for one in records["long-er"]["offices"]] == ["副市长", "局长"]


def test_a_doubt_that_a_curator_settled_is_listed_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "articles"
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text(
        "会议指出，要坚决抓好污染防治，确保水质改善。\n会议强调，要压实责任。", "utf-8"
    )

    def fields() -> set[str]:
        told = json.loads(digest("review", "--corpus", tmp_path / "corpus", "--json").stdout)
        return {one["field"] for one in told if one["place"] == "one"}

    assert {"published", "level", "title"} <= fields()
    (folder / "one.yml").write_text(
        "corrections:\n- {field: published, value: null, reason: 原页无日期}\n"
        "- {field: level, value: unknown, reason: 企业}\n",
        "utf-8",
    )
    assert fields() & {"published", "level", "title"} == {"title"}


@pytest.mark.slow
def test_a_registry_that_cannot_be_read_takes_no_page_from_a_site_that_stands(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "articles").mkdir(parents=True)
    (corpus / "articles" / "one.txt").write_text(article(1)[1], "utf-8")
    people = corpus / "people.yml"
    people.write_text("- id: jia\n  name: 贾明远\n", "utf-8")
    page = tmp_path / "out" / "site" / "people" / "jia" / "index.html"
    build = ("build", "--no-pdf", "--corpus", corpus, "--out")
    digest(*build, tmp_path / "out")
    assert page.exists()
    people.write_text("- id: jia\n name: 贾明远\n", "utf-8")
    done = digest(*build, tmp_path / "out", code=1)
    assert "the last good site stays" in done.stderr and "people.yml:2: error" in done.stderr
    assert page.exists()
    digest(*build, tmp_path / "fresh", code=1)  # nothing stands there: the rest is built
    assert (tmp_path / "fresh" / "site" / "articles" / "one" / "index.html").exists()
    people.write_text("- id: jia\n  name: 贾明远\n", "utf-8")
    digest(*build, tmp_path / "out")


@pytest.mark.slow
def test_a_reader_who_has_enough_is_no_fault() -> None:
    words = f"explain {IDS[0]} --all"  # 100 kB, more than a pipe holds
    assert len(digest(*words.split()).stdout.encode()) > 65536
    command = f"{sys.executable} -m build_tools {words} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.startswith(IDS[0]) and done.stderr == ""


def test_drafts_and_withdrawn_articles_are_in_no_file_of_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "articles"
    folder.mkdir(parents=True)
    for number, status in enumerate(("published", "draft", "withdrawn")):
        name, text = article(number)
        (folder / f"{name}.txt").write_text(text, "utf-8")
        (folder / f"{name}.yml").write_text(f"status: {status}\n", "utf-8")
    digest("export", "--corpus", tmp_path / "corpus", "--out", tmp_path / "data")
    for path in (tmp_path / "data").iterdir():
        said = path.read_text("utf-8")
        assert article(1)[0] not in said and article(2)[0] not in said, path.name
    assert article(0)[0] in (tmp_path / "data" / "articles.jsonl").read_text("utf-8")


def test_a_correction_of_a_wording_that_no_longer_fits_is_one_line_and_holds_nothing_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "corpus" / "articles"
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text("甲市召開生態環境保護大會\n會議強調，要堅決抓好整改，確保完成。", "utf-8")
    (folder / "one.yml").write_text(
        "corrections:\n- {field: text, value: {before: 會議强調，要堅決抓好整改, after: 会议}, reason: 核对}\n"
        "- {field: text, value: {before: 確保完成, after: 确保按时完成}, reason: 核对}\n"
        "- {field: text, value: {before: 完成。, after: 完工。}, reason: 核对}\n"
        "- {field: text, value: {before: 會, after: 会}, reason: 核对}\n",
        "utf-8",
    )
    done = digest("export", "--corpus", tmp_path / "corpus", "--out", tmp_path / "data")
    lines = [line for line in done.stderr.splitlines() if line.startswith("articles/one.yml:")]
    assert [line.split(": ")[:2] for line in lines] == [
        [f"articles/one.yml:{at}", "warning"] for at in (2, 4, 5)
    ]
    assert "is 0 times" in lines[0] and "強調，要堅決抓好整改" in lines[0]
    assert "overlaps '確保完成'" in lines[1] and "is 2 times" in lines[2]
    text = (tmp_path / "data" / "articles.jsonl").read_text("utf-8")
    assert "要坚决抓好整改" in text and "确保按时完成" in text
    told = digest("explain", "--corpus", tmp_path / "corpus", "one").stdout
    assert "确保按时完成" in told and "完工" not in told


def test_check_of_the_projects_own_corpus_is_clean() -> None:
    assert "5 articles read; 0 errors, 0 warnings" in digest("check").stdout


def test_add_tells_what_happened_to_each_file_of_a_mixed_folder(tmp_path: Path) -> None:
    inbox, corpus = tmp_path / "inbox", tmp_path / "corpus"
    inbox.mkdir()
    (corpus / "articles").mkdir(parents=True)
    text = article(1)[1]
    (inbox / "a.txt").write_text(text, "utf-8")
    (inbox / "b.htm").write_bytes(
        ("<html><head><meta charset=gbk><title>县委召开生态环境保护工作会议</title></head><body><h1>县委召开生态环境保护工作会议</h1>"
         "<div>发布时间:2024-03-05 来源:某县日报</div><p>3月4日，县委书记张大明主持召开生态环境保护工作会议。</p>"
         "<p>会议强调，要抓好督察整改，确保完成任务。</p></body></html>").encode("gbk")
    )  # fmt: skip
    (inbox / "c.txt").write_bytes(
        "縣政府召開生態環境保護工作會議\n\n發布時間:2022-05-06 來源:某縣政府網\n\n5月5日,縣長陳國強主持召開生態環境保護工作會議。"
        "會議強調,要抓好環境整治,確保按時完成各項任務。\n".encode("big5")
    )
    (inbox / "d.txt").write_bytes(b"")
    (inbox / "e.bin").write_bytes(bytes(range(256)) * 10)
    (inbox / "h.txt").write_text("dGhpcyBpcyBub3QgYSBwYWdl\n" * 20, "utf-8")
    (inbox / "f.txt").write_text(text, "utf-8")
    (inbox / "g.txt").write_text(text + "\n声明:转载\n", "utf-8")
    (inbox / "a_files").mkdir()
    (inbox / "a_files" / "s.css").write_text("body { color: red }", "utf-8")
    said = digest("add", inbox, "--corpus", corpus, "--fetched", "2026-11-21", code=1).stdout
    lines = {line.split()[1]: line for line in said.splitlines() if line.startswith(("added", "refused"))}
    assert (
        lines["a.txt"].startswith("added")
        and lines["b.htm"].startswith("added")
        and lines["c.txt"].startswith("added")
    )
    assert lines["d.txt"].startswith("refused") and "→" in lines["d.txt"]
    assert lines["e.bin"].startswith("refused") and "→" in lines["e.bin"]
    assert lines["h.txt"].startswith("refused") and "there is no Chinese in it" in lines["h.txt"]
    assert "already there, byte for byte" in lines["f.txt"]
    assert lines["g.txt"].startswith("added") and "same text" in said
    assert "its own, and those of" in said
    assert "张大明" in said and "陈国强" in said
    assert lines["s.css"].startswith("refused") and "name the file itself" in lines["s.css"]
    assert "4 added, 5 refused" in said
    stored = sorted(path.name for path in (corpus / "articles").iterdir())
    assert len([name for name in stored if name.endswith(".yml")]) == 4
    html = next((corpus / "articles").glob("*.html"))
    assert html.read_bytes() == (inbox / "b.htm").read_bytes()
    again = digest("add", inbox, "--corpus", corpus, code=1).stdout
    assert "0 added, 9 refused" in again
    digest("check", "--corpus", corpus)


def test_add_looks_at_the_size_and_kind_of_a_file_before_it_opens_it(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    (inbox / "a.txt").write_text(article(1)[1], "utf-8")
    with (inbox / "big.txt").open("wb") as file:
        file.truncate(3 << 30)
    (inbox / "link.txt").symlink_to(inbox / "a.txt")
    os.mkfifo(inbox / "pipe.txt")
    words = ("--corpus", tmp_path / "corpus")
    said = digest("add", inbox, *words, code=1).stdout
    lines = {line.split()[1]: line for line in said.splitlines() if line.startswith(("added", "refused"))}
    assert lines["a.txt"].startswith("added")
    assert "has 3221225 kB, more than 20000 kB → cut it down" in lines["big.txt"]
    assert "is a link, and links are not followed → " in lines["link.txt"]
    assert "is not a file → " in lines["pipe.txt"]
    assert "is not a file → " in digest("add", inbox / "pipe.txt", *words, code=1).stdout


def test_an_article_on_which_reading_fails_is_one_line_of_add_and_of_explain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    words = ("--corpus", tmp_path / "corpus")
    for number, more in enumerate(("此处有异。", "此处有异，亦然。", "")):
        (tmp_path / f"{number}.txt").write_text(f"{article(number)[1]}\n会议要求，{more}\n", "utf-8")
    digest("add", tmp_path / "0.txt", *words, "--id", "old")
    outline = extract.outline

    def fails(blocks: Any) -> Any:
        if any("此处有异" in block.text for block in blocks):
            raise RuntimeError("甲\n乙")
        return outline(blocks)

    monkeypatch.setattr(extract, "outline", fails)
    told = "reading its facts fails: RuntimeError: 甲 乙"
    added = digest("add", tmp_path / "1.txt", tmp_path / "2.txt", *words, code=1)
    assert added.stdout.startswith(f"refused  1.txt  {told}") and "1 added, 1 refused" in added.stdout
    for said in (added, digest("explain", "old", *words, code=1)):
        (line,) = said.stderr.splitlines()
        assert line.startswith(f"articles/old.txt: error: {told}") and " → " in line


def test_add_does_not_read_again_what_the_last_build_of_the_project_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "articles").mkdir(parents=True)
    (corpus / "articles" / "old.txt").write_text(article(2)[1], "utf-8")
    (tmp_path / ".digest" / "cache").mkdir(parents=True)
    whole, read = extract.extract, tmp_path / "read"

    def noted(raw: Any, found: Any) -> Any:
        with read.open("a") as file:  # whichever process reads it
            file.write(f"{raw.id} ")
        return whole(raw, found)

    monkeypatch.setattr(extract, "extract", noted)
    for number in (3, 4):
        (tmp_path / "page.txt").write_text(article(number)[1], "utf-8")
        digest("add", tmp_path / "page.txt", "--corpus", corpus, "--id", f"n-{number}")
    assert read.read_text().split() == ["old", "new", "n-3", "new"]


def test_add_never_overwrites(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(article(1)[1], "utf-8")
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    digest("add", page, "--corpus", tmp_path / "corpus", "--id", "mine")
    other = tmp_path / "other.txt"
    other.write_text(article(2)[1], "utf-8")
    said = digest("add", other, "--corpus", tmp_path / "corpus", "--id", "mine", code=1).stdout
    assert "is taken" in said
    assert (tmp_path / "corpus" / "articles" / "mine.txt").read_bytes() == page.read_bytes()


def test_review_lists_doubts_and_writes_stubs_without_touching_a_curators_line(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(article(5)[1], "utf-8")
    own = "# mine\n- id: wang-er\n  name: 王二\n  summary: 某县县长\n"
    (tmp_path / "people.yml").write_text(own, "utf-8")
    found = json.loads(digest("review", "--corpus", tmp_path, "--json").stdout)
    assert [item["weight"] for item in found] == sorted((item["weight"] for item in found), reverse=True)
    assert any(item["field"] == "people" for item in found)
    digest("review", "--corpus", tmp_path, "--accept", "people")
    text = (tmp_path / "people.yml").read_text("utf-8")
    assert text.startswith(own) and "source: a" in text
    digest("check", "--corpus", tmp_path)
    assert "nothing to add" in digest("review", "--corpus", tmp_path, "--accept", "people").stdout
    for what in ("organizations", "themes"):
        digest("review", "--corpus", tmp_path, "--accept", what)
        assert "nothing to add" in digest("review", "--corpus", tmp_path, "--accept", what).stdout
    assert "碳达峰碳中和" in (tmp_path / "themes.yml").read_text("utf-8")
    digest("check", "--corpus", tmp_path)


def _records(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _conforms(value: Any, field: dict[str, Any]) -> bool:
    """Whether a value is of its field's type, one of the values told, and each inner key is told."""
    types = {
        "string": str,
        "boolean": bool,
        "number": (int, float),
        "integer": int,
        "array": list,
        "object": dict,
    }
    inner = [
        key
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, dict)
        for key in item
    ]
    return (
        (value is None or isinstance(value, types[field["type"]]))
        and value in (*field.get("constraints", {}).get("enum", [value]), None)
        and all(f"{key} " in field["description"] for key in inner)
        and any("\u4e00" <= char <= "\u9fff" for char in field["description"])
    )


def test_export_is_the_contract(tmp_path: Path) -> None:
    digest("export", "--out", tmp_path)
    articles = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text("utf-8").splitlines()]
    assert [one["id"] for one in articles] == IDS
    wanted = {
        "id", "raw_sha256", "path", "title", "title_inferred", "subtitle", "published", "held", "source",
        "dateline_outlet", "authors", "editors", "organization", "level", "kind", "people", "themes", "key_points",
        "documents", "sections", "paragraphs", "gaps", "edits", "warnings", "trust",
    }  # fmt: skip
    assert all(set(one) == wanted for one in articles)
    for name in ("statements", "people", "themes", "organizations", "links"):
        assert (tmp_path / f"{name}.jsonl").stat().st_size > 0
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    for one in package["resources"]:
        if "schema" not in one:  # the TEI edition is no table
            assert one["path"] == "digest-tei.xml"
            continue
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        for record in _records(tmp_path / one["path"]):
            assert list(record) == list(fields), one["path"]
            for name, value in record.items():
                assert _conforms(value, fields[name]), (one["path"], name, value)
    assert {one["path"] for one in package["resources"]} == {
        path.name for path in tmp_path.iterdir() if path.name not in ("datapackage.json", "dcat.jsonld")
    }


@pytest.mark.slow
def test_pdf_prints_what_is_named_and_says_when_a_pack_is_empty(tmp_path: Path) -> None:
    target = tmp_path / "one.pdf"
    digest("pdf", IDS[2], "--out", target)
    assert target.read_bytes().startswith(b"%PDF-")
    said = digest("pdf", "--theme", "双碳", "--person", "黄润秋", "--volume", "2024", "--out", tmp_path)
    assert {path.name for path in tmp_path.rglob("*.pdf")} == {
        "one.pdf",
        "dual-carbon.pdf",
        "huang-runqiu.pdf",
        "2024.pdf",
    }
    assert said.stdout.count("article(s)") == 3
    passages = next(tmp_path.rglob("dual-carbon.pdf")).stat().st_size
    digest("pdf", "--theme", "双碳", "--whole", "--out", tmp_path)
    assert next(tmp_path.rglob("dual-carbon.pdf")).stat().st_size > 1.3 * passages
    empty = digest("pdf", "--theme", "噪声污染防治", "--out", tmp_path, code=1)
    assert "no published article belongs to this pack" in empty.stderr


@pytest.mark.slow
def test_an_article_that_cannot_be_printed_is_named_whether_alone_or_in_a_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    for number, name in enumerate(("bad", "good")):
        text = article(number)[1][:1500] + ("\n会议指出，要" + "a" * 20_000 + "落实。\n") * (name == "bad")
        (tmp_path / "corpus" / "articles" / f"{name}.txt").write_text(text, "utf-8")
    for words in (("bad", "good"), ("--all",)):
        said = digest("pdf", *words, "--corpus", tmp_path / "corpus", "--out", tmp_path / "pdf", code=1)
        (line,) = (line for line in said.stderr.splitlines() if ": error: " in line)
        assert line.startswith("articles/bad.txt: error: ") and "cannot be printed" in line and " → " in line
    assert sorted(path.name for path in (tmp_path / "pdf").iterdir()) == ["digest.pdf", "good.pdf"]


class _Hasty(packs.Print):
    """A pack that may take a moment only."""

    @property
    def budget(self) -> Budget:
        return Budget(0.5)

    def blobs(self, loaded: object) -> list[bytes]:
        return []


def _endless(blobs: Sequence[bytes]) -> packs.Printed:
    return hashlib.pbkdf2_hmac(
        "sha256", b"", b"", 2_000_000_000
    ), []  # compiled code, which no alarm interrupts


def _at_once(blobs: Sequence[bytes]) -> packs.Printed:
    return b"%PDF-", []


@pytest.mark.slow
def test_a_pack_that_takes_too_long_is_one_line_and_the_others_are_printed(tmp_path: Path) -> None:
    wanted = [_Hasty("long.pdf", "a", (), _endless), _Hasty("short.pdf", "b", (), _at_once)]
    printed = pdf._printed(wanted, None, Settings(jobs=2), Cache(tmp_path))  # type: ignore[arg-type]
    made = {one.path: (data, [str(line) for line in lines]) for one, (data, lines, _) in printed}
    assert made["short.pdf"] == (b"%PDF-", [])
    data, (line,) = made["long.pdf"]
    assert data is None and line.startswith("pdf/long.pdf: error: ") and "took too long" in line
