"""Everything that a curator sees is Chinese where Chinese is asked for, and English else."""

from __future__ import annotations

import ast
import json
import pickle
import re
import string
from functools import cache
from pathlib import Path

import pytest

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.messages import Message, say
from build_tools.core.paths import ROOT
from build_tools.corpus.reader import read
from build_tools.corpus.yaml_source import load_yaml
from build_tools.desk import language
from build_tools.desk.cli import COMMANDS, digest
from build_tools.desk.command import rows
from tests.support.command import here

PACKAGE = ROOT / "build_tools"
TECHNICAL = {
    "digest",
    "articles",
    "themes",
    "people",
    "organizations",
    "corpus",
    "index",
    "html",
    "txt",
    "https",
    "http",
}
HAN = re.compile("[\u4e00-\u9fff]")
# Where a message is made of what is no literal: words of other programs, and messages that were stored.
NOT_LITERAL = {"core/messages.py", "desk/command.py", "desk/language.py"}


@pytest.fixture(autouse=True)
def english_after() -> object:
    yield
    language.speak("en")


def call(*words: str, locale: str = "C") -> tuple[int, str, str]:
    done = here(*words, code=None, locale=locale)
    return done.returncode, done.stdout, done.stderr


@cache
def templates() -> tuple[set[str], set[str]]:
    """Every template of the code, and the modules that make a message of something else."""
    found, others = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(first.value)
                else:
                    others.add(path.relative_to(PACKAGE).as_posix())
    return found, others


def places(template: str) -> list[str | None]:
    return [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]


def test_every_message_of_the_code_has_its_chinese_and_no_other_has() -> None:
    """mypy takes only Messages where a curator is told something, so this list is whole."""
    found, others = templates()
    assert others == NOT_LITERAL
    report = Report()
    own = load_yaml(PACKAGE / "desk" / "zh.yml", "zh.yml", report)["own"]
    assert not report.lines()  # no key twice
    worded = {template for template in found if re.search("[A-Za-z]", re.sub("{[^{}]*}", "", template))}
    assert sorted(worded - own.keys()) == []
    assert sorted(own.keys() - found) == []


def test_a_chinese_message_takes_the_same_arguments() -> None:
    found, _ = templates()
    for english, chinese in language.catalogue().items():
        if english not in found:
            continue
        if "{}" not in english and "{:" not in english and "{!" not in english:
            continue  # without arguments braces stand for themselves
        numbers = [int(name) if name else at for at, name in enumerate(places(chinese))]
        assert sorted(numbers) == list(range(len(places(english)))), english
        assert re.search("[\u4e00-\u9fff：“；]", chinese), english


@pytest.mark.parametrize(
    "words",
    ["", "biuld", "build --corpsu x", "build --jobs", "build --jobs 0", "build --no-pdf=1", "build x", "explain",
     "explain nobody", "add", "add nofile", "add README.md --id No", "add README.md --url javascript:1",
     "add README.md --fetched 2024-02-31", "add README.md README.md --id a", "review 韦一", "review --accept poeple", "pdf",
     "pdf --theme 无此主题", "serve --port 99999", "export", "check --corpus TYPO", "export --corpus TYPO --out x"],
)  # fmt: skip
def test_a_wrong_call_is_told_in_chinese_in_one_line(words: str) -> None:
    code, out, err = call(*words.split(), locale="zh_CN.UTF-8")
    assert code == (1 if "TYPO" in words else 2) and out == ""
    for path in (str(ROOT), str(ROOT / "corpus")):
        err = err.replace(path, "")
    english = set(re.findall("(?<![-`a-zA-Z_])[a-z]{3,}", err)) - TECHNICAL - set(re.findall("[a-z]+", words))
    assert HAN.search(err) and english <= set(COMMANDS), err


def test_the_locale_and_the_option_choose_the_language() -> None:
    for words, locale, chinese in (
        (["--help"], "zh_TW.UTF-8", True),
        (["--help"], "en_GB.UTF-8", False),
        (["--lang", "zh", "build", "--help"], "C", True),
        (["build", "--help", "--lang=zh"], "C", True),
        (["build", "--lang", "en", "--help"], "zh_CN", False),
    ):
        code, out, _ = call(*words, locale=locale)
        assert code == 0 and out.startswith("用法：" if chinese else "usage: ")


def test_each_page_of_help_is_chinese_throughout() -> None:
    for name in COMMANDS:
        _, out, _ = call(name, "--help", "--lang", "zh")
        told = [line.split("  ")[-1] for line in out.splitlines() if line.startswith("  ")]
        command = digest.get_command(digest.make_context("digest", [name]), name)
        assert command is not None and len(told) == len(list(rows(command))) + 2
        assert [line for line in told if not HAN.search(line)] == []


def test_a_stored_diagnostic_holds_no_language() -> None:
    one = Diagnostic("a.yml", 3, "error", say("no theme {!r}; the line has no effect", "水"), say("use one of {}{}", "甲", say("; did you mean {}?", "水")))  # fmt: skip
    report = Report()
    report.extend([json.loads(json.dumps(one.as_data()))])
    for again in (report.diagnostics[0], pickle.loads(pickle.dumps(one))):
        assert again == one and isinstance(again.what, Message)
        language.speak("zh")
        assert language.line_of(again) == "a.yml:3: 错误: 没有主题“水”，本行无效 → 可用：甲；是否指 水？"
        language.speak("en")
        assert language.line_of(again) == str(one)


def test_a_fault_of_the_corpus_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("甲市召开会议\n会议强调，要抓好整改。", "utf-8")
    (tmp_path / "articles" / "a.yml").write_text("stauts: draft\nurl: ftp://a\n", "utf-8")
    (tmp_path / "people.yml").write_text("- id: a\n name: 甲\n", "utf-8")
    report = Report()
    read(tmp_path, report)
    language.speak("zh")
    assert [language.line_of(one) for one in sorted(report.diagnostics)] == [
        "articles/a.yml:1: 错误: 不识的键“stauts” → 可用：url, fetched, status, reason, corrections；是否指 status？；改好之前，此文暂不发布（按草稿处理）",
        "articles/a.yml:2: 错误: url：“ftp://a”不以 https:// 或 http:// 开头 → 请写完整网址：https://…",
        "people.yml:2: 错误: 不是正确的 YAML：此处应为“-” → 请改本行或上一行的缩进：同一条目的各键左端对齐，列表的每一条以 `- ` 开头",
    ]
    code, out, err = call("check", "--corpus", str(tmp_path), "--lang", "zh")
    assert code == 1 and "读入 1 篇；3 处错误，0 处提醒" in out
    assert not re.search("error|read|link|convert", err)


def test_what_add_explain_and_review_report_is_chinese(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    page = tmp_path / "page.txt"
    page.write_text(
        "某市召开水污染防治工作会议\n\n3月19日，市长张大明主持召开会议。会议强调，要抓好整改，确保完成。\n",
        "utf-8",
    )
    words = ("--corpus", str(tmp_path), "--lang", "zh")
    _, out, _ = call("add", str(page), "--id", "a", *words)
    assert out.startswith("已收入   page.txt  → a.txt") and "收入 1 篇，未收 0 个" in out
    assert re.search("title 标题 +某市召开", out) and "（市级）" in out
    _, out, _ = call("explain", "a", *words)
    assert "held 召开" in out and "presides（主持）" in out
    _, out, _ = call("review", *words)
    assert "没有发布日期 → 请在 articles/a.yml 中更正 `published` 并写明理由" in out and "处疑点" in out
