"""Measure extraction against the gold of tests/eval: `python -m tests.eval.gate [work|measured] [-v]`.

Scores are shares from 0 to 1. Lists of names are right or wrong a page; people, roles,
key points and documents are counted one by one (F1, or precision and recall apart).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.registry import Raw, Registries
from build_tools.core.site import Card
from build_tools.corpus.reader import read
from build_tools.graph.copies import near_duplicates
from build_tools.outputs.open_data import article_record
from build_tools.run.convert import convert_one

TABLE = pytest.StashKey[list[str]]()
HERE = Path(__file__).parent
PAIRS = str.maketrans(",:;?!()", "，：；？！（）")


def fold(text: str | None) -> str:
    """Punctuation width and blanks do not decide a comparison."""
    return re.sub(r"\s+", "", text or "").translate(PAIRS)


@dataclass
class Score:
    good: float = 0
    of: float = 0
    misses: list[str] = field(default_factory=list)

    def add(self, ok: bool, miss: str) -> None:
        self.of += 1
        self.good += ok
        if not ok:
            self.misses.append(miss)

    @property
    def value(self) -> float:
        return self.good / self.of if self.of else 1.0


@dataclass
class F1:
    hit: int = 0
    found: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, found: Iterable[str], wanted: Iterable[str]) -> None:
        found, wanted = set(found), set(wanted)
        self.hit += len(found & wanted)
        self.found += len(found)
        self.wanted += len(wanted)
        if found != wanted:
            extra, lost = sorted(found - wanted), sorted(wanted - found)
            self.misses.append(f"{name}: lost {lost} extra {extra}")

    @property
    def precision(self) -> float:
        return self.hit / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.wanted if self.wanted else 1.0

    @property
    def value(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def cards(half: str) -> list[Card]:
    """The cards of one half's pages that can be read."""
    results = (convert_one(Raw(p.stem, p.name, p.read_bytes()), REGISTRIES) for p in _pages(half))
    return [result[1] for result in results if not isinstance(result, Diagnostic)]


def _pages(half: str) -> list[Path]:
    return sorted((HERE / half / "articles").iterdir())


def records(half: str) -> tuple[dict[str, dict[str, Any]], dict[str, str], set[frozenset[str]]]:
    """Article id → record, article id → diagnostic, pairs tied as near-duplicates."""
    found, failed, made = {}, {}, []
    for path in _pages(half):
        result = convert_one(Raw(path.stem, path.name, path.read_bytes()), REGISTRIES)
        if isinstance(result, Diagnostic):
            failed[path.stem] = str(result)
        else:
            found[path.stem] = article_record(result[0])
            made.append(result[1])
    return found, failed, {frozenset((link.source, link.target)) for link in near_duplicates(made)}


def gold(half: str) -> dict[str, dict[str, Any]]:
    loader = yaml.BaseLoader  # dates stay text
    out = {}
    for path in sorted((HERE / half / "gold").glob("*.yml")):
        out[path.stem] = _typed(yaml.load(path.read_text("utf-8"), loader))
    return out


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return {"null": None, "~": None, "": None, "true": True, "false": False}.get(value, value)


def measure(half: str) -> dict[str, Score | F1]:
    """Every field's score over one half."""
    found, failed, tied = records(half)
    names = ("title", "published", "held", "source", "authors", "editors", "organization", "level", "kind", "trust",
             "noise", "first_last", "not_people", "reposts", "offices")  # fmt: skip
    scores: dict[str, Any] = {name: Score() for name in names}
    scores |= {name: F1() for name in ("people", "roles", "key_points", "documents")}
    for article, want in gold(half).items():
        have = found.get(article)
        if have is None:
            have = {"title": None, "published": None, "held": None, "source": None, "authors": [], "editors": [],
                    "organization": None, "level": "unknown", "kind": "other", "trust": "rejected", "people": [],
                    "key_points": [], "documents": [], "paragraphs": [], "sections": [], "subtitle": None,
                    "title_inferred": False}  # fmt: skip
            print(f"{article}: {failed.get(article)}")

        def compare(name: str, ok: bool, article: str = article, have: Any = have, want: Any = want) -> None:
            scores[name].add(ok, f"{article}: {have.get(name)!r} want {want.get(name)!r}")

        if want["title"] is None:
            compare("title", have["title"] is None or have["title_inferred"])
        else:
            compare("title", fold(have["title"]) == fold(want["title"]))
        for name in ("published", "held", "level", "kind", "trust"):
            compare(name, have[name] == want[name])
        for name in ("source", "organization"):
            compare(name, fold(have[name]) == fold(want[name]))
        for name in ("authors", "editors"):
            compare(name, sorted(map(fold, have[name])) == sorted(map(fold, want[name] or [])))
        people = {person["name"]: person for person in have["people"]}
        gold_people = {person["name"]: person for person in want["people"] or []}
        scores["people"].add(article, people, gold_people)
        both = people.keys() & gold_people.keys()
        scores["roles"].add(
            article,
            [f"{name} {role}" for name in both for role in people[name]["roles"]],
            [f"{name} {role}" for name in both for role in gold_people[name]["roles"]],
        )
        for name in both:
            offices = [fold(o) for o in gold_people[name]["offices"] or []]
            ours = [fold(o) for o in people[name]["offices"]]
            scores["offices"].add(ours == offices, f"{article}: {name} {ours} want {offices}")
        for name in ("key_points", "documents"):
            scores[name].add(article, map(fold, have[name]), map(fold, want[name] or []))
        paragraphs = [fold(item["text"]) for item in have["paragraphs"]]
        shown = [fold(have["title"]), fold(have["subtitle"]), *paragraphs]
        shown += [fold(item["heading"]) for item in have["sections"]]
        for string in want["noise"] or []:
            scores["noise"].add(not any(fold(string) in text for text in shown), f"{article}: {string}")
        for side in ("first", "last"):
            if want[side]:
                scores["first_last"].add(
                    any(fold(want[side]) in text for text in paragraphs), f"{article} {side}: {want[side]}"
                )
        for name in want["not_people"] or []:
            scores["not_people"].add(name not in people, f"{article}: {name}")
        if want["same_as"]:
            scores["reposts"].add(
                frozenset((article, want["same_as"])) in tied, f"{article} = {want['same_as']}"
            )
    return scores


def table(scores: dict[str, Score | F1]) -> dict[str, float]:
    """Field → score, people split in precision and recall."""
    out = {}
    for name, score in scores.items():
        if name == "people" and isinstance(score, F1):
            out["people_precision"], out["people_recall"] = score.precision, score.recall
        else:
            out[name] = score.value
    return {name: round(value, 4) for name, value in out.items()}


REGISTRIES = read(HERE.parent.parent / "corpus", Report()).registries
REGISTRIES = Registries(themes=REGISTRIES.themes)  # people of unseen articles are in no registry


if __name__ == "__main__":
    chosen = [arg for arg in sys.argv[1:] if not arg.startswith("-")] or ["work"]
    for part in chosen:
        result = measure(part)
        print(part, len(gold(part)), "pages")
        for label, number in table(result).items():
            print(f"  {label:18} {number:.3f}")
        if "-v" in sys.argv:
            for label, score in result.items():
                for miss in score.misses:
                    print(f"  {label}: {miss}")
