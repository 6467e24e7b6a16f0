"""Whether two names name one body: the table of equivalents.yml decides, nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PAIRS = str.maketrans(",:;?!()", "，：；？！（）")


def fold(text: str | None) -> str:
    """Punctuation width and blanks do not decide a comparison.

    >>> fold("市委, 市政府")
    '市委，市政府'
    """
    return re.sub(r"\s+", "", text or "").translate(PAIRS)


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """The table's rows, each `written` compiled."""
    table = yaml.safe_load((Path(__file__).parent / "equivalents.yml").read_text("utf-8"))
    return tuple({**row, "written": re.compile(row["written"])} for row in table)


def one_form(name: str | None) -> str:
    """The form in which names of bodies are compared.

    >>> one_form("中共方山县委"), one_form("岱河市政府"), one_form("杭州市临平区政府"), one_form(None)
    ('方山县委', '岱河市人民政府', '临平区人民政府', '')
    """
    text = fold(name)
    for row in rows():
        text = row["written"].sub(row["as"], text)
    return text
