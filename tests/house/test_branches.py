"""No function does so much that it cannot be held in mind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from build_tools.core.paths import ROOT

MOST = 25
BRANCHES = (
    ast.If, ast.For, ast.While, ast.IfExp, ast.BoolOp, ast.ExceptHandler, ast.comprehension, ast.match_case,
)  # fmt: skip


def branches(source: str) -> Iterator[tuple[str, int]]:
    """Each function with how often it branches, what is nested in it included."""
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield one.name, sum(isinstance(inner, BRANCHES) for inner in ast.walk(one))


def test_branches_are_counted() -> None:
    assert dict(branches("def a(b):\n if b and 1:\n  return [c for c in b]\n")) == {"a": 3}


def test_no_function_branches_more_than_25_times() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name} {count}"
        for path in sorted((ROOT / "build_tools").rglob("*.py"))
        for name, count in branches(path.read_text("utf-8"))
        if count > MOST
    ]
    assert not found
