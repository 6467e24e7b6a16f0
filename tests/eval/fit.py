"""Fit the weights of `data/weights.yml` from the gold: `python -m tests.eval.fit [--check]`.

A row is a candidate at a place where a name may begin; it is right when the page's gold has that name. The rows
come from the working half, from copies of it in which every name is replaced by an invented one (so that names
are not learned by heart), and from the sentences of `tests/cases`. Fitted twice: first without, then with what the
first fit read elsewhere on the page. `--check` fits on three quarters of the pages and scores the fourth.
Deterministic: one seed, sorted pages.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.core.paths import ROOT
from build_tools.facts.extract import blocks_of
from build_tools.facts.likelihood import dotted, features, sizes
from build_tools.facts.outline import outline
from build_tools.facts.participants import ELSEWHERE
from build_tools.facts.phrases import _JOIN, _NOTE, COMRADE, slots
from build_tools.facts.tokens import Scanned, mask, surname_length
from tests.eval.gold import gold, pages

OUT = ROOT / "build_tools" / "data" / "weights.yml"
COPIES = 2
EPOCHS, RATE, SHRINK = 8, 0.5, 1e-3
TITLES = ("委员", "副市长", "局长", "教授", "常委", "副局长", "同志", "院士", "厅长", "副县长")
SAID = "指出|强调|要求|表示|说|认为|建议|提出|介绍|通报|汇报"
Weights = Mapping[str, float]
Page = tuple[str, Sequence[str], frozenset[str]]  # id, masked texts, names


class Row(NamedTuple):
    told: tuple[str, ...]
    right: bool
    page: str
    text: int
    at: int
    name: str


def join_after(text: str, end: int) -> int | None:
    """Where a list may go on behind a name that ends at `end`: 同志, a note and 、 skipped; None when it does not.

    >>> join_after("刘伟同志、张强", 2), join_after("刘伟主持", 2)
    (5, None)
    """
    if text.startswith(COMRADE, end):
        end += 2
    note = _NOTE.match(text, end)
    join = _JOIN.match(text, note.end() if note else end)
    return join.end() if join is not None and "，" not in join.group() else None


def sources() -> Iterator[Page]:
    """The working half, its copies with other names, the sentences of the tests."""
    wanted = gold("work")
    chance = random.Random(5)
    real = []
    for path in pages("work"):
        want = wanted[path.stem]
        if want["trust"] != "rejected":
            shape = clean(decode(path.name, path.read_bytes()).text)
            texts = [mask(block.text) for block in blocks_of(shape, outline(shape.blocks).body)]
            real.append((path.stem, texts, frozenset(person["name"] for person in want["people"] or ())))
    yield from real
    plain = [
        name
        for _, _, names in real
        for name in sorted(names)
        if len(name) < 4 and surname_length(name, 0) == 1
    ]
    families, given = [name[0] for name in plain], [char for name in plain for char in name[1:]]
    for copy in range(COPIES):
        for page, texts, names in real:
            other = {
                name: chance.choice(families) + "".join(chance.choices(given, k=1 + (chance.random() < 0.72)))
                for name in sorted(names)
                if len(name) in (2, 3)
            }
            changed = [_replaced(text, other) for text in texts]
            new = frozenset(other.get(name, name) for name in names)
            if copy:  # 甲强调 → 甲委员强调
                ends = "|".join(sorted(map(re.escape, new), key=len, reverse=True)) or "〇"
                opening = re.compile(rf"(?:^|(?<=[，。；\n]))({ends})(?={SAID})")
                changed = [
                    opening.sub(lambda match: match[1] + chance.choice(TITLES), text) for text in changed
                ]
            yield f"{page} {copy}", changed, new
    cases = ROOT / "tests" / "cases"
    for at, case in enumerate(yaml.safe_load((cases / "people.yml").read_text("utf-8"))):
        texts = [text for _, text in case.get("blocks") or [["paragraph", case.get("text")]]]
        yield (
            f"case {at}",
            list(map(mask, texts)),
            frozenset(one.split("|")[0].strip() for one in case["people"]),
        )
    for at, case in enumerate(yaml.safe_load((cases / "people_names.yml").read_text("utf-8"))):
        if "xfail" not in case:
            yield f"name {at}", [mask(case["text"])], frozenset(case["names"])


def _replaced(text: str, other: Mapping[str, str]) -> str:
    for name in sorted(other, key=len, reverse=True):
        text = text.replace(name, other[name])
    return text


def rows(page: Page, elsewhere: Mapping[str, set[tuple[int, int]]] | None = None) -> Iterator[Row]:
    """The candidates of a page; with `elsewhere`, what was read there (name → text, offset) counts as known."""
    ident, texts, names = page
    whole = "\n".join(texts)
    for index, text in enumerate(texts):
        scan = Scanned(text, whole)
        where = slots(scan)
        for name in names:
            for match in re.finditer(re.escape(name), text):
                joined = join_after(text, match.end())
                if joined is not None and where.get(joined) not in ("office", "loose"):
                    where[joined] = "joined"
        for name in elsewhere or ():
            for match in re.finditer(re.escape(name), text):
                where.setdefault(match.start(), "other")
        for at, left in where.items():
            if dotted(text, at, scan):
                continue
            for size in sizes(scan, at, left):
                name = text[at : at + size]
                places = (elsewhere or {}).get(name, set()) - {(index, at)}
                told = tuple(features(scan, at, at + size, left, {name: 2} if places else {}))
                yield Row(told, name in names, ident, index, at, name)


def logit(weights: Weights, row: Row) -> float:
    return weights.get("bias", 0.0) + sum(weights.get(one, 0.0) for one in row.told)


def fit(given: Sequence[Row], shrink: float = SHRINK) -> Weights:
    """Logistic regression by AdaGrad; the mean of the later epochs."""
    weights: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1e-8)
    total: dict[str, float] = defaultdict(float)
    chance, order = random.Random(1), list(range(len(given)))
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for index in order:
            row = given[index]
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit(weights, row))))) - row.right
            if abs(error) < 1e-3:
                continue
            for one in ("bias", *row.told):
                slope = error + shrink * weights[one]
                steps[one] += slope * slope
                weights[one] -= RATE * slope / math.sqrt(steps[one])
        if epoch > 1:
            for one, value in weights.items():
                total[one] += value
    return {one: value / (EPOCHS - 2) for one, value in total.items()}


def best(weights: Weights, given: Iterable[Row]) -> dict[tuple[str, int, int], tuple[float, Row]]:
    """The likeliest candidate of each place."""
    out: dict[tuple[str, int, int], tuple[float, Row]] = {}
    for row in given:
        key, value = (row.page, row.text, row.at), logit(weights, row)
        if key not in out or out[key][0] < value:
            out[key] = (value, row)
    return out


def twice(sources: Sequence[Page]) -> tuple[Weights, list[Row]]:
    """The weights, and the rows of the second fit."""
    first = [row for page in sources for row in rows(page)]
    weights = fit(first)
    return fit(first + (second := again(weights, sources, first))), second


def again(weights: Weights, sources: Sequence[Page], first: Sequence[Row]) -> list[Row]:
    read: dict[str, dict[str, set[tuple[int, int]]]] = defaultdict(lambda: defaultdict(set))
    for (page, text, at), (value, row) in best(weights, first).items():
        if value > ELSEWHERE:
            read[page][row.name].add((text, at))
    return [row for page in sources for row in rows(page, read[page[0]])]


def check(sources: Sequence[Page]) -> None:
    """Fit on three quarters of the pages, score the fourth: precision and recall of names at a place."""
    held = {page[0].split(" ")[0] for page in sources if not page[0].startswith(("case", "name"))}
    held = set(sorted(held)[::4])
    weights, _ = twice([page for page in sources if page[0].split(" ")[0] not in held])
    rest = [page for page in sources if page[0] in held]
    first = [row for page in rest for row in rows(page)]
    found = best(weights, again(weights, rest, first))
    wanted = {(row.page, row.text, row.at) for row in first if row.right}
    read = {key for key, (value, _) in found.items() if value > 0}
    right = {key for key in read if found[key][1].right}
    print(f"precision {len(right) / len(read):.3f} recall {len(right & wanted) / len(wanted):.3f}")


def main() -> None:
    given = list(sources())
    if "--check" in sys.argv:
        check(given)
        return
    weights, _ = twice(given)
    kept = {one: round(value, 2) for one, value in sorted(weights.items()) if abs(value) >= 0.05}
    head = "# Logits of `facts/likelihood.py`. Written by `python -m tests.eval.fit`; not set by hand.\n"
    OUT.write_text(head + yaml.dump({"name": kept}, allow_unicode=True, width=100), "utf-8")
    print(f"{len(kept)} weights written to {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
