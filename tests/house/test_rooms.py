"""The house: ten rooms, one contract, one table; and what each stage's key covers."""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from build_tools.core.paths import ROOT
from build_tools.run import cache
from build_tools.run.cache import ROOMS, STAGES, WITHOUT_EFFECT, code_key, code_of

PACKAGE = ROOT / "build_tools"
# Where the making of a stage's results begins.
STARTS = {
    "convert": ("facts/extract.py", "graph/summary.py"),
    "link": ("graph/related.py",),
    "article": ("pages/article.py",),
    "edits": ("outputs/open_data.py",),
    "lists": ("pages/indexes.py", "outputs/feeds.py", "outputs/open_data.py"),
    "search": ("outputs/search/bundle.py",),
    "print": ("outputs/print/compile.py", "outputs/print/pack.py"),
    "html": ("outputs/site/mkdocs.py",),
    "build": ("desk/cli.py",),
}


def imports(path: Path) -> set[Path]:
    """The modules of the package that a module imports, anywhere in it."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "build_tools":
            base = ROOT.joinpath(*(node.module or "").split("."))
            for name in (base, *(base / alias.name for alias in node.names)):
                found |= {one for one in (name.with_suffix(".py"), name / "__init__.py") if one.is_file()}
    return found


def reached(start: Path) -> set[str]:
    seen: set[Path] = set()
    todo = {start}
    while todo:
        one = todo.pop()
        seen.add(one)
        todo |= imports(one) - seen
    return {one.relative_to(PACKAGE).as_posix() for one in seen if one.name != "__init__.py"}


def test_the_packages_the_contract_and_the_table_are_one_list() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.startswith("| `")
    ]
    told = {row[1].strip("`"): row[4] for row in rows[: len(ROOMS)]}
    assert folders == set(ROOMS)
    assert [one["layers"] for one in contract] == [list(reversed(ROOMS))]
    assert list(told) == list(reversed(ROOMS))
    for room, modules in told.items():
        files = (path.relative_to(PACKAGE / room).with_suffix("") for path in (PACKAGE / room).rglob("*.py"))
        assert modules == ", ".join(sorted(one.as_posix() for one in files if one.name != "__init__"))
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"(?:build_tools|tests|docs|\.github)/[\w/.-]*[\w/]", text))
    assert len(named) > 20
    assert not {name for name in named if not (ROOT / name).exists()}


def test_every_test_that_a_promise_of_safety_names_is_there() -> None:
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for page in ("SECURITY.md", "docs/decisions/0011-hostile-inputs.md"):
        text = (ROOT / page).read_text("utf-8")
        tests = set(re.findall(r"`(test_\w+)`", text))
        assert len(tests) > 10 and not {name for name in tests if f"def {name}(" not in written}
        files = set(re.findall(r"`(tests/[\w/.]+)`", text))
        assert len(files) > 5 and not {name for name in files if not (ROOT / name).exists()}


def test_pagefinds_private_format_has_one_door() -> None:
    door = PACKAGE / "outputs" / "search" / "pagefind_format.py"
    users = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if door in imports(path)}
    assert users == {"outputs/search/bundle.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_its_duty_what_comes_in_what_goes_out_and_what_it_may_import(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))
    assert len(tree.body) == 1, "a docstring and no code"
    text = ast.get_docstring(tree) or ""
    assert "\nIn: " in text and " Out: " in text
    below = ROOMS[: ROOMS.index(room)]
    named = (
        "nothing of this package"
        if not below
        else "every room"
        if room == "bench"
        else ", ".join(reversed(below))
    )
    assert text.endswith(f"May import: {named}.")


@pytest.mark.parametrize("stage", STAGES)
def test_the_key_of_a_stage_covers_all_code_that_makes_its_results(stage: str) -> None:
    covered = set(code_of(stage)) | set(WITHOUT_EFFECT)
    for start in STARTS[stage]:
        assert reached(PACKAGE / start) <= covered
    assert STARTS.keys() == STAGES.keys()


def test_editing_the_progress_line_converts_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "build_tools", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "PACKAGE", tmp_path / "build_tools")

    def after(name: str) -> set[str]:
        """The stages whose key changes when a line is added to a file."""
        before = {stage: code_key.__wrapped__(stage) for stage in STAGES}
        with (tmp_path / "build_tools" / name).open("a", encoding="utf-8") as file:
            file.write("\n# a comment\n")
        return {stage for stage in STAGES if code_key.__wrapped__(stage) != before[stage]}

    assert after("core/progress.py") == set()
    assert after("graph/link.py") == {"link", "article", "edits", "lists", "search", "print", "build"}
    assert "convert" in after("facts/extract.py")
    assert "convert" in after("data/offices.yml")
    assert after("outputs/print/book.py") == {"print", "build"}
