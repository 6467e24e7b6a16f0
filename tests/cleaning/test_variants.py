"""What was right on a page stays right when another site sets the same page: each of `tests/support/variants`.

Every `EACH`th text page of the working half, rewritten in each way with a seed of its own. A field counts that agrees
with the gold on the original; its paragraphs count where the gold's first sentence is among them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random
from typing import Any

import pytest

from build_tools.cleaning.decode import decode
from build_tools.core.registry import Raw
from tests.eval.gate import convert
from tests.eval.gold import gold, pages
from tests.eval.score import fold
from tests.support.variants import VARIANTS, Rewrite

pytestmark = pytest.mark.slow

EACH = 12
FIELDS = ("title", "published", "source", "authors", "editors", "paragraphs")
# How many of the 37 pages may lose a field, by rewriting: what is lost for good there (a wrap that falls on the end of a
# sentence, a headline of two lines beside its who-line on one). The numbers only fall.
LOST: dict[str, dict[str, int]] = {
    "shares_below": {"paragraphs": 1},
    "wrapped_at_20": {"title": 1, "paragraphs": 11},
    "wrapped_at_40": {"paragraphs": 4},
    "wrapped_flush_at_36": {"title": 2, "paragraphs": 14, "published": 1, "source": 1, "authors": 1},
    "blanks_doubled": {"paragraphs": 1},
    "indented": {"paragraphs": 1},
    "in_traditional": {"paragraphs": 5},
    "names_set_wide": {"title": 1, "published": 1, "source": 1, "authors": 1, "paragraphs": 1},
    "with_a_site_name": {"title": 1},
    "as_html": {"paragraphs": 1, "authors": 1},
    "as_html_with_breaks": {"paragraphs": 1, "authors": 1},
    "on_one_line": {"title": 2, "paragraphs": 5, "published": 1, "source": 1},
}


def shown(record: Any) -> dict[str, Any]:
    """The fields as they are compared."""
    return {
        "title": None if record["title_inferred"] else fold(record["title"]),
        "published": record["published"],
        "source": fold(record["source"]),
        "authors": sorted(map(fold, record["authors"])),
        "editors": sorted(map(fold, record["editors"])),
        "paragraphs": [fold(item["text"]) for item in record["paragraphs"]],
    }


def read(article: str, name: str, text: str) -> dict[str, Any]:
    record = convert(Raw(article, name, text.encode("utf-8", "replace")))[1]
    assert not isinstance(record, str), record
    return shown(record)


LATER = ("ca-", "cb-", "da-", "db-", "ea-", "fa-", "ga-", "ha-")  # sets that came when LOST had been counted


@cache
def sample() -> list[tuple[str, list[str], dict[str, Any]]]:
    """Article, the page's lines, and the fields that are right on it."""
    wanted = gold("work")
    out = []
    counted = [path for path in pages("work") if path.suffix == ".txt" and path.stem[:3] not in LATER]
    for path in counted[::EACH]:
        text = decode(path.name, path.read_bytes()).text.replace("\r\n", "\n")
        have, want = read(path.stem, "a.txt", text), wanted[path.stem]
        whole = "".join(have["paragraphs"])
        right = {
            "title": have["title"] == (fold(want["title"]) if want["title"] else None),
            "published": have["published"] == want["published"],
            "source": have["source"] == fold(want["source"]),
            "authors": have["authors"] == sorted(map(fold, want["authors"] or [])),
            "editors": have["editors"] == sorted(map(fold, want["editors"] or [])),
            "paragraphs": bool(whole) and fold(want["first"]) in whole,
        }
        out.append((path.stem, text.split("\n"), {name: have[name] for name in FIELDS if right[name]}))
    return out


def lost_by(rewrite: Rewrite) -> tuple[Counter[str], list[str]]:
    """How many pages lose each field, and which."""
    count, told = Counter[str](), []
    name = "a.html" if "html" in rewrite.__name__ else "a.txt"
    for article, lines, right in sample():
        rewritten = rewrite(lines, Random(f"{article} {rewrite.__name__}"))
        if rewritten is None:
            continue
        have = read(article, name, "\n".join(rewritten))
        lost = [field for field, value in right.items() if have[field] != value]
        count.update(lost)
        told += [f"{article}: {field} {have[field]!r}"[:200] for field in lost]
    return count, told


@pytest.mark.parametrize("rewrite", VARIANTS, ids=[rewrite.__name__ for rewrite in VARIANTS])
def test_what_is_right_on_a_page_stays_right_when_the_page_is_set_otherwise(rewrite: Rewrite) -> None:
    count, told = lost_by(rewrite)
    assert count <= Counter(LOST.get(rewrite.__name__, {})), "\n".join(told)


def test_nearly_every_rewriting_applies_to_many_pages() -> None:
    for rewrite in VARIANTS:
        applied = [rewrite(lines, Random(0)) for _, lines, _ in sample()]
        assert sum(lines is not None for lines in applied) >= 6, rewrite.__name__
