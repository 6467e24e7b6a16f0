"""Measure extraction against gold: `python -m tests.eval.gate [work|measured|DIR …] [-v] [--pin]`.

DIR is any directory with articles/ and gold/. Each set's table is printed, then its row for blind.md.
`-v` prints every miss and every false fact; `--pin` writes the digests of both halves to pins.yml.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.registry import Raw, Registries
from build_tools.core.site import Card
from build_tools.corpus.reader import read
from build_tools.graph.copies import near_duplicates
from build_tools.outputs.open_data import article_record, statement_records
from build_tools.run.convert import convert_one
from tests.eval.gold import HERE, digest, folder, gold, pages
from tests.eval.score import NOTHING, Page, Tally, compare

TABLE = "accuracy"  # the property of the test that reports it
PINS = HERE / "pins.yml"
CORES = 2
# Fields that are counted one by one are told as precision and recall.
APART = ("people", "statements", "themes", "commitments")
COLUMNS = (
    "title", "published", "held", "source", "authors", "organization", "level", "kind", "trust", "people_precision",
    "people_recall", "roles", "offices", "statements_precision", "statements_recall", "key_points", "first_last",
)  # fmt: skip
# People of unseen articles are in no registry.
REGISTRIES = Registries(themes=read(HERE.parent.parent / "corpus", Report()).registries.themes)

Converted = tuple[str, dict[str, Any] | str, Card | None]


def convert(raw: Raw) -> Converted:
    """Article id, its record (all that its page shows) or the diagnostic, its card."""
    result = convert_one(raw, REGISTRIES)
    if isinstance(result, Diagnostic):
        return raw.id, str(result), None
    article, card = result
    record = article_record(article) | {
        "statements": statement_records(article),
        "place": None if article.place is None else article.place.value,
        "commitments": [{"quantity": one.quantity, "deadline": one.deadline} for one in article.commitments],
    }
    return raw.id, record, card


@cache
def converted(half: str) -> tuple[Converted, ...]:
    """Every page of a set, converted once a run, on both cores."""
    raws = [Raw(path.stem, path.name, path.read_bytes()) for path in pages(half)]
    with ProcessPoolExecutor(CORES) as pool:
        return tuple(pool.map(convert, raws, chunksize=8))


def cards(half: str) -> list[Card]:
    """The cards of one set's pages that can be read."""
    return [card for _, _, card in converted(half) if card is not None]


@cache
def measure(half: str) -> tuple[Page, ...]:
    """Every page of a set against its gold."""
    tied = {frozenset((link.source, link.target)) for link in near_duplicates(cards(half))}
    records = {article: record for article, record, _ in converted(half)}
    out = []
    for article, want in gold(half).items():
        have = records[article]
        if isinstance(have, str):
            print(f"{article}: {have}")
            have = dict(NOTHING)
        out.append(compare(article, have, want, tied))
    return tuple(out)


def fields(measured: Sequence[Page]) -> dict[str, Tally]:
    """The tallies of all pages together."""
    out: dict[str, Tally] = {}
    for page in measured:
        for name, tally in page.fields.items():
            out.setdefault(name, Tally()).join(tally)
    return out


def table(measured: Sequence[Page]) -> dict[str, float]:
    """Field → share, with `pages_right` (share) and `false_facts` (published per 100 pages)."""
    out = {}
    for name, tally in fields(measured).items():
        if name in APART:
            out[f"{name}_precision"], out[f"{name}_recall"] = tally.precision, tally.recall
        else:
            out[name] = tally.value
    out["pages_right"] = sum(page.right for page in measured) / len(measured)
    out["false_facts"] = 100 * sum(len(page.false) for page in measured) / len(measured)
    return {name: round(value, 4) for name, value in out.items()}


def blind_row(half: str, measured: Sequence[Page]) -> str:
    """The set's row for blind.md."""
    scores = table(measured)
    shares = [f"{scores[name]:.2f}" if name in scores else "–" for name in COLUMNS]
    right, false = f"{scores['pages_right']:.2f}", f"{scores['false_facts']:.0f}"
    cells = (folder(half).name, date.today().isoformat(), str(len(measured)), right, false, *shares, "")
    return f"| {' | '.join(cells)} |".replace("  |", " |")


def show(half: str, verbose: bool) -> None:
    measured = measure(half)
    print(half, len(measured), "pages")
    for name, number in table(measured).items():
        print(f"  {name:22} {number:.3f}")
    kinds = Counter(kind for page in measured for kind, _ in page.false)
    print("  false facts:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    if verbose:
        for name, tally in fields(measured).items():
            for miss in tally.misses:
                print(f"  {name}: {miss}")
        for page in measured:
            for kind, told in page.false:
                print(f"  false {kind}: {page.article}: {told}")
    print(blind_row(half, measured))


def pin() -> None:
    lines = [f"{half}: {digest(half)}\n" for half in ("measured", "work")]
    PINS.write_text(
        "# python -m tests.eval.gate --pin, after a page or its gold has changed\n" + "".join(lines), "utf-8"
    )


if __name__ == "__main__":
    options = [arg for arg in sys.argv[1:] if arg.startswith("-")]
    sets = [arg for arg in sys.argv[1:] if not arg.startswith("-")]
    if "--pin" in options:
        pin()
    elif missing := [name for name in sets if not (folder(name) / "gold").is_dir()]:
        sys.exit(
            f"{Path(missing[0])}: has no gold/ beside articles/. Give work, measured or a directory with both."
        )
    else:
        try:
            for name in sets or ["work"]:
                show(name, "-v" in options)
        except ValueError as error:
            sys.exit(str(error))
