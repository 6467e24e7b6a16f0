"""`digest review next` as a curator uses it: in a terminal, by keys; what he presses is in the corpus."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from build_tools.core.paths import ROOT
from build_tools.desk.ask import correct
from build_tools.desk.cli import main
from build_tools.desk.command import Refused

PAGE = (
    "岱河市召开生态环境保护工作会议\n发布时间：2024-03-05 来源：岱河日报\n"
    "3月4日，岱河市生态环境局召开生态环境保护工作会议，副局长郑重到会。会议强调，要抓好整改，确保水质达标。\n"
)
CALL = (sys.executable, "-m", "build_tools", "review", "next", "--corpus")


def corpus(folder: Path, pages: Sequence[str] = ("a",)) -> Path:
    (folder / "articles").mkdir(parents=True)
    for name in pages:
        (folder / "articles" / f"{name}.txt").write_text(f"{PAGE}（{name}）\n", "utf-8")
    return folder


def pressed(folder: Path, keys: Sequence[str], lang: str = "en") -> str:
    """What the terminal shows when these are typed, each when the one before has been answered."""
    child, terminal = pty.fork()
    if child == 0:
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w", 1), os.fdopen(2, "w", 1)
        code = main(["review", "next", "--corpus", str(folder), "--jobs", "1", "--lang", lang])
        sys.stdout.flush()
        os._exit(code)
    shown, seen, typed, last, asks = "", 0, list(keys), "", "[q]"
    for _ in range(600):
        if not select.select([terminal], [], [], 1)[0]:
            if last in "ynsq":  # pressed before the terminal listened to single keys
                os.write(terminal, last.encode())
            continue
        try:
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # it has ended
            break
        if typed and asks in shown[seen:]:
            seen, last = len(shown), typed.pop(0)
            asks = ("附注" if lang == "zh" else "note") if last in "yn" else "[q]"
            os.write(terminal, last.encode())
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0
    return shown


def sidecar(folder: Path, name: str = "a") -> list[dict[str, object]]:
    path = folder / "articles" / f"{name}.yml"
    return yaml.safe_load(path.read_text("utf-8"))["corrections"] if path.exists() else []


def test_one_key_and_a_note_take_a_body_away_with_the_reason(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus")
    shown = pressed(folder, ["n", "仅为主办方\n", "q"])
    assert "岱河市生态环境局 is not registered, in 1 article(s)" in shown
    assert "“3月4日，岱河市生态环境局召开生态环境保护工作会议，副局长郑重到会。”" in shown
    assert (
        "[y] it met: a stub for the registry  [n] it did not meet: leave it out  [s] skip  [q] quit" in shown
    )
    assert sidecar(folder) == [
        {"field": "organization", "value": None, "reason": "依原文核对后删去此项。仅为主办方。"}
    ]


def test_one_answer_settles_a_body_in_all_its_articles(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus", ("a", "b"))
    pressed(folder, ["n", "\n", "q"])
    assert sidecar(folder, "a") == sidecar(folder, "b") != []


def test_yes_to_a_body_writes_its_stub_and_it_is_not_asked_again(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus")
    assert "+ " in pressed(folder, ["y", "\n", "q"])
    assert "name: 岱河市生态环境局" in (folder / "organizations.yml").read_text("utf-8")
    assert "岱河市生态环境局 is not registered" not in pressed(folder, ["q"])


def test_a_skipped_doubt_writes_nothing_and_it_speaks_chinese(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus")
    shown = pressed(folder, ["s", "q"], "zh")
    assert "[s] 跳过  [q] 退出" in shown and "已答 0 条" in shown
    assert not list(folder.glob("**/*.yml"))


def test_without_a_terminal_it_says_so_in_one_line_before_it_reads_anything(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus")
    call = subprocess.run(
        [*CALL, str(folder)], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT
    )
    assert (call.returncode, call.stdout) == (1, "")
    assert call.stderr == (
        "digest: review next: stdin is not a terminal → digest review lists the doubts, --json for programs\n"
    )


@pytest.mark.parametrize(
    "old",
    [
        "",
        "url: http://a.cn/\n",
        "# 核对过\ncorrections:\n- field: title\n  value: 题\n  reason: 因\n",
        "corrections:\n  - field: title\n    value: 题\n    reason: 因  # 见页首\n\nfetched: 2024-03-05\n",
    ],
)
def test_a_sidecar_keeps_every_line_when_an_answer_is_added(old: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    if old:
        path.write_text(old, "utf-8")
    correct(path, "people", {"郑重": None}, "依原文核对。")
    new = path.read_text("utf-8")
    assert [line for line in old.splitlines() if line not in new.splitlines()] == []
    assert yaml.safe_load(new)["corrections"][-1] == {
        "field": "people",
        "value": {"郑重": None},
        "reason": "依原文核对。",
    }


def test_a_sidecar_of_another_form_is_refused_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("corrections: []\n", "utf-8")
    with pytest.raises(Refused, match="write by hand"):
        correct(path, "organization", None, "因")
    assert path.read_text("utf-8") == "corrections: []\n"
