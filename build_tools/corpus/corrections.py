"""What a curator may correct, as a table: field → the shape of its value, with what is wrong with another one.

Sidecars check by the shape, facts apply by it (`facts/corrections.py`), pages tell by it (`markdown.corrected`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from build_tools.core.article import Kind, Level, Role, Trust
from build_tools.core.messages import NOTHING, Message, foreign, say
from build_tools.core.text import before
from build_tools.corpus.yaml_source import Entry, date_fault, one_of

HOW_TO_OVERRIDE = say(
    "to publish it, add below `corrections:` in its .yml: - {field: trust, value: original, reason: …}"
)
MOST = 300  # names in a list; the longest signed report of the field has nine authors


class Fault(NamedTuple):
    """What is wrong with a value, what to do, and the line; 0 for the line of its correction."""

    what: Message
    remedy: Message
    line: int = 0


@dataclass(frozen=True)
class Shape:
    """The form of a value: what to give, what is wrong with a given one, and for a choice its words.

    `faults(field, value, shape)`; `by_name`: a mapping that several corrections may share, name by name.
    """

    name: str
    hint: Message
    faults: Callable[[str, Any, Shape], Iterator[Fault]]
    choice: type[StrEnum] | None = None
    group: str = ""  # of data/captions.yml: the Chinese of the choice
    by_name: bool = False

    def unfit(self, field: str, more: Message = NOTHING) -> Fault:
        return Fault(say("the value of {} does not fit", field), say("give {}{}", self.hint, more))


def _text(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    if value is not None and not (isinstance(value, str) and value.strip()):
        yield shape.unfit(
            field, say("") if isinstance(value, dict | list) else say("; put the text in quotes")
        )


def _date(field: str, value: Any, shape: Shape | None = None, line: int = 0) -> Iterator[Fault]:
    if value is not None and (fault := date_fault(value)):
        yield Fault(say("{}: {}", field, fault[0]), fault[1], line)


def _range(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    if not isinstance(value, Entry):
        yield from _date(field, value)
        return
    if set(value) != {"start", "end"} or None in value.values():
        yield shape.unfit(field)
        return
    faults = [fault for key in value for fault in _date(f"{field}: {key}", value[key], line=value.at(key))]
    yield from faults
    start, end = str(value["start"]), str(value["end"])
    if not faults and before(end, start):
        what = say("{}: the end {} is before the start {}", field, end, start)
        yield Fault(what, say("fix one of the two"), value.at("end"))


def _names(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    if not _texts(value):
        yield shape.unfit(field, say(": [甲, 乙]"))


def _choice(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    assert shape.choice is not None
    if value not in set(shape.choice):
        yield Fault(say("{} {!r} is unknown", field, value), one_of(shape.group, value))


def _people(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    if not isinstance(value, Entry):
        yield shape.unfit(field)
        return
    for name, told in value.items():
        if told is None:
            continue
        if not isinstance(told, Entry) or not set(told) <= {"offices", "roles", "id"}:
            yield Fault(
                say("people: the value of {!r} does not fit", name),
                say("give {}", shape.hint),
                value.at(name),
            )
            continue
        for key, listed in told.items():
            yield from (Fault(what, remedy, told.at(key)) for what, remedy in _of_person(name, key, listed))


def _of_person(name: str, key: str, listed: Any) -> Iterator[tuple[Message, Message]]:
    if key == "id":
        if not isinstance(listed, str):
            yield say("people: id of {!r} is not text", name), say("write an id of people.yml")
    elif not _texts(listed):
        shape = "[presides, speaks]" if key == "roles" else "[某市市长]"
        yield say("people: {} of {!r} is not a list of texts", key, name), say("write `{}: {}`", key, shape)
    elif key == "roles":
        for role in listed:
            if role not in set(Role):
                yield say("people: role {!r} of {!r} is unknown", role, name), one_of("roles", role)


def _themes(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    if not isinstance(value, Entry):
        yield shape.unfit(field)
        return
    for label, on in value.items():
        if not isinstance(on, bool):
            what = say("theme {!r}: {!r} is neither true nor false", label, on)
            yield Fault(what, say("write true or false"), value.at(label))


def _wording(field: str, value: Any, shape: Shape) -> Iterator[Fault]:
    fits = isinstance(value, Entry) and set(value) == {"before", "after"}
    if not (fits and all(isinstance(part, str) for part in value.values()) and value["before"]):
        yield shape.unfit(field)


def _texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST
        and all(isinstance(item, str) and item for item in value)
    )


TEXT = Shape("text", say("text or null"), _text)
DATE = Shape("date", say("an EDTF date or null"), _date)
RANGE = Shape("range", say("an EDTF date, {start, end} or null"), _range)
NAMES = Shape("names", say("a list of names"), _names)
LEVEL = Shape("choice", foreign(", ".join(Level)), _choice, Level, "levels")
KIND = Shape("choice", foreign(", ".join(Kind)), _choice, Kind, "kinds")
TRUST = Shape("choice", foreign(", ".join(Trust)), _choice, Trust, "trust")
PEOPLE = Shape(
    "people",
    say("a mapping name → null (not a person here) or {offices: […], roles: […], id: of people.yml}"),
    _people,
    by_name=True,
)
THEMES = Shape("themes", say("a mapping label → true or false"), _themes, by_name=True)
WORDING = Shape("wording", say("{before, after}: a wording that is once in the decoded original"), _wording)

CORRECTABLE: Mapping[str, Shape] = {
    "title": TEXT,
    "subtitle": TEXT,
    "published": DATE,
    "held": RANGE,
    "place": TEXT,
    "source": TEXT,
    "authors": NAMES,
    "editors": NAMES,
    "organization": TEXT,
    "level": LEVEL,
    "kind": KIND,
    "trust": TRUST,
    "people": PEOPLE,
    "themes": THEMES,
    "text": WORDING,
}


def frozen(value: Any) -> object:
    """Mappings as tuples of pairs, lists as tuples: hashable and ordered."""
    if isinstance(value, dict):
        return tuple((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return value


def as_mapping(value: object) -> Mapping[str, Any]:
    """A frozen mapping as a dict again.

    >>> as_mapping(frozen({"start": "2024-01-23", "end": "2024-01-24"}))
    {'start': '2024-01-23', 'end': '2024-01-24'}
    """
    return dict(value) if isinstance(value, tuple) else {}
