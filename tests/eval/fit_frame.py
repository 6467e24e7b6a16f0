"""Fit the weights of `data/frame.yml`: `python -m tests.eval.fit_frame [--check]`.

A row is a line: one of a frame (what the rules drop of the working half, the `taught` lines of `tests/cleaning/frame_lines.yml`,
the words of `data/noise.yml`) or one of a text (what they keep, sentence by sentence). Fitted twice, the second time
with those features alone that weigh much. `--check` leaves out a quarter of the pages besides
the `unseen` frame lines, and says how many of these are told. Deterministic: one seed, sorted pages.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import yaml

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.cleaning.frame import LIMIT, features
from build_tools.cleaning.trim import is_news
from build_tools.core.article import KEPT, LineKind
from build_tools.core.paths import ROOT
from build_tools.core.vocabulary import load
from tests.eval.fit import Row, Weights, fit, logit
from tests.eval.gold import gold, pages

OUT = ROOT / "build_tools" / "data" / "frame.yml"
LINES = ROOT / "tests" / "cleaning" / "frame_lines.yml"
SHRINK = 2e-4
LEAST = 0.6  # what a feature must weigh to be kept
FRAME = (LineKind.WIDGET, LineKind.BREADCRUMB, LineKind.LINKS, LineKind.FOOTER, LineKind.ADVERT, LineKind.COMMENTS,
         LineKind.CONTACT, LineKind.CAPTION)  # fmt: skip
# Told by their place; their words are those of texts.
PLACED = ("over_headline", "above_headline", "names_and_deeds", "no_headline", "under_title", "far_above")


def frame_lines(part: str) -> list[str]:
    """The lines of a part of `frame_lines.yml` without what comes from articles."""
    told = yaml.safe_load(LINES.read_text("utf-8"))[part]
    return [
        re.sub(r"\{[tu]\}", "", line).replace("{p}", "云溪市") for lines in told.values() for line in lines
    ]


def rows() -> Iterator[Row]:
    wanted = gold("work")
    for path in pages("work"):
        want = wanted[path.stem]
        if want["trust"] == "rejected":
            continue
        yield from _row(want["title"] or "", False, path.stem)
        cleaned = clean(decode(path.name, path.read_bytes()).text)
        for line in cleaned.blocks:
            known = any(noise in line.text for noise in want["noise"] or ())
            for sentence in re.split("(?<=[。！？；])", line.text) if line.kind in KEPT and not known else ():
                yield from _row(sentence, False, path.stem)
        dropped = {line.text for line in cleaned.dropped if line.kind in FRAME and line.reason not in PLACED}
        dropped = {text for text in dropped if not is_news(text)}  # not the headlines of other articles
        for text in sorted(dropped):
            yield from _row(text, True, path.stem)
    noise = load("noise")
    literal = re.compile("[\u4e00-\u9fff、,!]{3,}")
    said = [
        word
        for group in noise["patterns"]
        if LineKind(group["kind"]) in FRAME
        for word in literal.findall(group["any"])
    ]
    taught = yaml.safe_load(LINES.read_text("utf-8"))["words"].split()
    for word in (*noise["widget"].split(), *said, *taught):
        yield from _row(word, True, "words")
    for part in ("taught", "unseen"):
        for line in frame_lines(part):
            yield from _row(line, True, part)


def _row(text: str, frame: bool, page: str) -> Iterator[Row]:
    if 2 <= len(text) <= LIMIT:
        yield from [Row(tuple(features(text)), frame, page, 0, 0, text)] * (
            1 + frame
        )  # of frames there are few


def twice(given: Sequence[Row]) -> Weights:
    first = fit(given, SHRINK)
    kept = frozenset(feature for feature, weight in first.items() if abs(weight) >= LEAST)
    again = fit([row._replace(told=tuple(f for f in row.told if f in kept)) for row in given], SHRINK)
    return {f: round(weight * 5) / 5 for f, weight in again.items() if abs(weight) >= 0.1}


def check(given: Sequence[Row]) -> None:
    held = set(sorted({row.page for row in given if row.page not in ("taught", "unseen", "words")})[::4]) | {
        "unseen"
    }
    weights = twice([row for row in given if row.page not in held])
    print(len(weights), "weights")
    for least in (0, 1, 2):
        seen, right = Counter[str](), Counter[str]()
        for row in given:
            if row.page in held:
                kind = row.page if row.page == "unseen" else "dropped" if row.right else "text"
                seen[kind] += 1
                right[kind] += (logit(weights, row) > least) is row.right
        print(
            f"above {least}:", ", ".join(f"{kind} {right[kind]} of {n}" for kind, n in sorted(seen.items()))
        )
    if "-v" in sys.argv:
        for row in given:
            if row.page in held and (logit(weights, row) > 1) is not row.right:
                print(row.page, row.name, round(logit(weights, row), 1))


def main() -> None:
    given = list(rows())
    if "--check" in sys.argv:
        return check(given)
    given = [row for row in given if row.page != "unseen"]
    told: dict[float, list[str]] = defaultdict(list)
    for feature, weight in sorted(twice(given).items()):
        told[weight].append(feature)
    head = "# Logits of `cleaning/frame.py`, by weight. Written by `python -m tests.eval.fit_frame`; not set by hand.\n"
    body = {weight: " ".join(told[weight]) for weight in sorted(told)}
    OUT.write_text(head + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=118), "utf-8")
    return None


if __name__ == "__main__":
    main()
