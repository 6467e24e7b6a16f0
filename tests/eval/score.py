"""One page against its gold: what is right in each field, and what is published that the gold contradicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.eval.equivalents import fold, one_form

Record = Mapping[str, Any]
NOTHING: Record = {
    "title": None, "title_inferred": False, "subtitle": None, "published": None, "held": None, "source": None,
    "authors": [], "editors": [], "organization": None, "level": "unknown", "kind": "other", "trust": "rejected",
    "people": [], "key_points": [], "documents": [], "paragraphs": [], "sections": [], "statements": [],
    "place": None, "themes": [], "commitments": [],
}  # fmt: skip
PUBLISHED = ("published", "held", "level", "source", "organization", "place")  # a wrong value is a false fact
SOUND = ("original", "repost")
ITEM = re.compile(r"[（(]?(?:第?[一二三四五六七八九十]|\d{1,2})[是要、.．）)，个]")


@dataclass
class Tally:
    """How many were found, were wanted, and are both. A field of one value has one of each.

    >>> tally = Tally()
    >>> tally.add(1, 2, 1, "p: extra"), tally.add(1, 1, 1, "")
    (None, None)
    >>> round(tally.precision, 2), tally.recall, tally.value, tally.misses
    (0.67, 1.0, 0.8, ['p: extra'])
    """

    hit: int = 0
    found: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, hit: int, found: int, wanted: int, miss: str) -> None:
        self.hit, self.found, self.wanted = self.hit + hit, self.found + found, self.wanted + wanted
        if not hit == found == wanted:
            self.misses.append(miss)

    def join(self, other: Tally) -> None:
        self.hit += other.hit
        self.found += other.found
        self.wanted += other.wanted
        self.misses += other.misses

    @property
    def precision(self) -> float:
        return self.hit / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.wanted if self.wanted else 1.0

    @property
    def value(self) -> float:
        both = self.found + self.wanted
        return 2 * self.hit / both if both else 1.0


@dataclass
class Page:
    """One page's tallies by field, and its false facts as (field, what is published)."""

    article: str
    fields: dict[str, Tally] = field(default_factory=dict)
    false: list[tuple[str, str]] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not any(tally.misses for tally in self.fields.values())

    def one(self, name: str, ok: bool, miss: str) -> None:
        self.fields.setdefault(name, Tally()).add(int(ok), 1, 1, f"{self.article}: {miss}")

    def many(
        self, name: str, found: Iterable[str], wanted: Iterable[str], either: Iterable[str] = ()
    ) -> list[str]:
        """Counts two lists, repeats apart; what is in `either` counts on neither side. Gives the extras."""
        have, want = Counter(list(found)), Counter(list(wanted))
        for item in set(either) - want.keys():
            del have[item]
        both = have & want
        lost, extra = sorted((want - both).elements()), sorted((have - both).elements())
        tally = self.fields.setdefault(name, Tally())
        tally.add(both.total(), have.total(), want.total(), f"{self.article}: lost {lost} extra {extra}")
        return extra


def compare(article: str, have: Record, want: Record, tied: set[frozenset[str]]) -> Page:
    """Everything that `want` has gold for. `tied`: pairs of articles that are told to be copies."""
    page = Page(article)
    _values(page, have, want)
    _people(page, have, want)
    _lists(page, have, want)
    _text(page, have, want)
    if "statements" in want:
        _statements(page, have["statements"], want["statements"] or [])
    if want["same_as"]:
        page.one("reposts", frozenset((article, want["same_as"])) in tied, f"is {want['same_as']}")
    if have["trust"] == "rejected":
        page.false.clear()  # it has no page and no line on any other
    return page


def _values(page: Page, have: Record, want: Record) -> None:
    inferred = have["title"] is None or have["title_inferred"]
    same = {name: have[name] == want[name] for name in ("published", "held", "level", "kind", "trust")}
    same["title"] = inferred if want["title"] is None else fold(have["title"]) == fold(want["title"])
    same["source"] = fold(have["source"]) == fold(want["source"])
    same["organization"] = one_form(have["organization"]) == one_form(want["organization"])
    for name in ("authors", "editors"):
        same[name] = sorted(map(fold, have[name])) == sorted(map(fold, want[name] or []))
        page.false += [(name, one) for one in have[name] if fold(one) not in map(fold, want[name] or [])]
    if "place" in want:
        same["place"] = fold(have["place"]) == fold(want["place"])
    if "paragraphs" in want:
        count = sum(" | " not in item["text"] for item in have["paragraphs"])  # rows of tables are none
        page.one("paragraphs", count == int(want["paragraphs"]), f"{count} want {want['paragraphs']}")
    for name, ok in same.items():
        page.one(name, ok, f"{have[name]!r} want {want[name]!r}")
    for name in PUBLISHED:
        if not same.get(name, True) and have[name] not in (None, "unknown"):
            page.false.append((name, str(have[name])))
    if not same["title"] and not inferred:
        page.false.append(("title", have["title"]))
    if have["trust"] in SOUND and want["trust"] not in SOUND:
        page.false.append(("trust", f"{have['trust']}, is {want['trust']}"))


def _people(page: Page, have: Record, want: Record) -> None:
    ours = {person["name"]: person for person in have["people"]}
    gold = {person["name"]: person for person in want["people"] or []}
    page.false += [("people", name) for name in page.many("people", ours, gold)]
    both = [name for name in ours if name in gold]
    roles = page.many(
        "roles",
        [f"{name} {role}" for name in both for role in ours[name]["roles"]],
        [f"{name} {role}" for name in both for role in gold[name]["roles"]],
    )
    page.false += [("roles", extra) for extra in roles if not extra.endswith(" mentioned")]
    for name in both:
        offices = [fold(office) for office in ours[name]["offices"]]
        wanted = [fold(office) for office in gold[name]["offices"] or []]
        page.one("offices", offices == wanted, f"{name} {offices} want {wanted}")
        page.false += [("offices", f"{name} {office}") for office in offices if office not in wanted]
    for name in want["not_people"] or []:
        page.one("not_people", name not in ours, name)


def _lists(page: Page, have: Record, want: Record) -> None:
    for name in ("key_points", "documents"):
        extra = page.many(name, set(map(fold, have[name])), set(map(fold, want[name] or [])))
        page.false += [(name, one) for one in extra]
    if "themes" in want:
        page.many("themes", have["themes"], want["themes"] or [], want.get("themes_also") or [])
    if "commitments" in want:
        either = _figures(want.get("commitments_also") or [])
        page.many(
            "commitments",
            set(_figures(have["commitments"])),
            set(_figures(want["commitments"] or [])),
            either,
        )


def _figures(commitments: Sequence[Record]) -> list[str]:
    """The figures and the deadlines, each by itself, without the prepositions before a deadline."""
    return [
        re.sub("^(?:到|至|在|于|力?争取?|确保)", "", fold(one[key]))
        for one in commitments
        for key in ("quantity", "deadline")
        if one[key]
    ]


def _text(page: Page, have: Record, want: Record) -> None:
    paragraphs = [fold(item["text"]) for item in have["paragraphs"]]
    shown = [fold(have["title"]), fold(have["subtitle"]), *paragraphs]
    shown += [fold(item["heading"]) for item in have["sections"]]
    for string in want["noise"] or []:
        page.one("noise", not any(fold(string) in text for text in shown), string)
    for side in ("first", "last"):
        if want[side]:
            page.one(
                "first_last", any(fold(want[side]) in text for text in paragraphs), f"{side}: {want[side]}"
            )


def _statements(page: Page, have: Sequence[Record], want: Sequence[Record]) -> None:
    """A statement is right when the gold has one of the same speaker whose words begin alike.

    A later item of the same speaker's list (二要…) belongs to the statement before: neither right nor wrong.
    """
    left = [(one["who"] or one["collective"], _words(one["starts"])) for one in want]
    wrong, before = [], None
    for one in have:
        who, words = one["person"] or one["collective"], _words(one["text"])
        match = next((gold for gold in left if gold[0] == who and words.startswith(gold[1])), None)
        if match is not None:
            left.remove(match)
        elif who != before or not ITEM.match(words):
            wrong.append(f"{who}：{words[:14]}")
            continue
        before = who
    hit = len(want) - len(left)
    lost = [f"{who}：{words}" for who, words in left]
    page.fields["statements"] = tally = Tally()
    tally.add(hit, hit + len(wrong), len(want), f"{page.article}: lost {lost} extra {wrong}")
    page.false += [("statements", one) for one in wrong]


def _words(text: str) -> str:
    """Where a statement's words begin is not decided by a mark."""
    return re.sub("[“”‘’「」]", "", fold(text)).lstrip("，：；、。")
