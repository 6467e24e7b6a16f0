"""Small cases from the field: `python -m tests.eval.cases [-v] [id …]` says which pass.

`field/cases.yml`: each case is a text of one page (or two, parted by the line SECOND) and what a reader must see
of it. `field/failing.yml` lists the cases that do not pass yet; a fix takes its case off that list.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from build_tools.core.registry import Raw
from tests.eval.equivalents import fold, one_form
from tests.eval.gate import convert
from tests.eval.gold import HERE

FIELD = HERE / "field"
SECOND = "--- second file of the same corpus ---\n"
Record = Mapping[str, Any]


def cases() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = yaml.safe_load((FIELD / "cases.yml").read_text("utf-8"))
    return told


def failing() -> set[str]:
    """Ids of the cases that do not pass yet."""
    return set(yaml.safe_load((FIELD / "failing.yml").read_text("utf-8")) or ())


def misses(case: Record) -> list[str]:
    """What the tool gets wrong of a case, one line an expectation; empty when it passes."""
    records = []
    for number, text in enumerate(case["text"].split(SECOND)):
        _, record, _ = convert(Raw(f"case-{number}", f"case-{number}.txt", text.encode("utf-8")))
        if isinstance(record, str):
            return [record]
        records.append(record)
    out = []
    for kind, want in case["expect"].items():
        if kind == "organizations.jsonl":
            names = [record["organization"] for record in records]
            told = names if len(set(names)) < len(names) and None not in names else None
        else:
            told = CHECKS[kind](records[0], want)
        if told is not None:
            out.append(f"{kind}: {told!r} want {want!r}")
    return out


# --- one check a kind of expectation: None if it holds, else what the page shows -----


def _equal(name: str) -> Callable[[Record, Any], Any]:
    return lambda have, want: None if have[name] == want else [have[name]]


def _same_text(name: str) -> Callable[[Record, Any], Any]:
    return lambda have, want: None if fold(have[name]) == fold(want) else [have[name]]


def _same_list(name: str) -> Callable[[Record, Any], Any]:
    return lambda have, want: None if list(map(fold, have[name])) == list(map(fold, want)) else have[name]


def _organization(have: Record, want: str | None) -> Any:
    return None if one_form(have["organization"]) == one_form(want) else [have["organization"]]


def _held(have: Record, want: str) -> Any:
    return None if have["held"] == {"start": want, "end": want} else [have["held"]]


def _people(have: Record, want: list[str]) -> Any:
    names = [person["name"] for person in have["people"]]
    return None if sorted(names) == sorted(want) else names


def _of_people(name: str) -> Callable[[Record, Any], Any]:
    """Offices are exact; roles must all be there, and `mentioned` stands alone."""

    def check(have: Record, want: Mapping[str, list[str]]) -> Any:
        ours = {person["name"]: person[name] for person in have["people"]}
        for person, told in want.items():
            got = ours.get(person)
            exact = name == "offices" or told == ["mentioned"]
            if got is None or (got != told if exact else not set(told) <= set(got)):
                return {person: got}
        return None

    return check


def _statements(have: Record, want: list[list[str]]) -> Any:
    got = [[one["person"] or one["collective"], one["verb"]] for one in have["statements"]]
    return None if got == want else got


def _statement_texts(have: Record, want: list[list[str]]) -> Any:
    got = [[one["person"] or one["collective"], fold(one["text"])] for one in have["statements"]]
    return None if all([who, fold(text)] in got for who, text in want) else got


def _title_not(have: Record, want: str) -> Any:
    return [have["title"]] if fold(want) in fold(have["title"]) else None


def _noise(have: Record, want: list[str]) -> Any:
    shown = [have["title"], have["subtitle"], *_paragraphs(have), *_headings(have)]
    return next(([text] for text in shown for string in want if fold(string) in fold(text)), None)


def _sections(have: Record, want: list[str]) -> Any:
    return None if _headings(have) == want else _headings(have)


def _paragraph_count(have: Record, want: int) -> Any:
    return None if len(_paragraphs(have)) == want else len(_paragraphs(have))


def _any_paragraph(holds: Callable[[str, str], bool]) -> Callable[[Record, Any], Any]:
    def check(have: Record, want: str) -> Any:
        return None if any(holds(fold(text), fold(want)) for text in _paragraphs(have)) else _paragraphs(have)

    return check


def _first(have: Record, want: str) -> Any:
    return None if fold(_paragraphs(have)[0]).startswith(fold(want)) else _paragraphs(have)[0]


def _last(have: Record, want: str) -> Any:
    return None if fold(_paragraphs(have)[-1]).endswith(fold(want)) else _paragraphs(have)[-1]


def _paragraphs(have: Record) -> list[str]:
    return [item["text"] for item in have["paragraphs"]] or [""]


def _headings(have: Record) -> list[str]:
    return [item["heading"] for item in have["sections"]]


CHECKS: dict[str, Callable[[Record, Any], Any]] = {
    **{name: _equal(name) for name in ("published", "level", "kind", "trust", "subtitle")},
    **{name: _same_text(name) for name in ("title", "source")},
    **{name: _same_list(name) for name in ("authors", "editors", "key_points")},
    **{name: _of_people(name) for name in ("offices", "roles")},
    "organization": _organization,
    "held": _held,
    "people": _people,
    "statements": _statements,
    "statement_texts": _statement_texts,
    "title_not": _title_not,
    "noise": _noise,
    "sections": _sections,
    "paragraph_count": _paragraph_count,
    "paragraph_starting": _any_paragraph(str.startswith),
    "paragraphs_contain": _any_paragraph(str.__contains__),
    "first": _first,
    "last": _last,
}


def main(arguments: list[str]) -> None:
    chosen = [arg for arg in arguments if not arg.startswith("-")]
    passed = 0
    told = [case for case in cases() if not chosen or case["id"] in chosen]
    for case in told:
        wrong = misses(case)
        passed += not wrong
        print(f"{'fails ' if wrong else 'passes'} {case['id']}: {case['kind']}")
        if chosen or "-v" in arguments:
            print("".join(f"         {line}\n" for line in wrong), end="")
    print(f"{passed} of {len(told)} pass")


if __name__ == "__main__":
    main(sys.argv[1:])
