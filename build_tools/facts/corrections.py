"""What a curator corrects: the wording before cleaning, the facts after reading, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, cast

from build_tools.core import edits
from build_tools.core.article import (
    Article,
    DateRange,
    Edit,
    Evidence,
    Fact,
    Participant,
    Pass,
    Role,
    ThemeHit,
)
from build_tools.core.messages import Message, say
from build_tools.core.registry import Raw, Registries
from build_tools.corpus.corrections import CORRECTABLE, NAMES, PEOPLE, RANGE, WORDING, Shape, as_mapping
from build_tools.corpus.yaml_source import near

Idle = tuple[
    int, Message, Message
]  # of a correction that changes nothing: line of the sidecar, why, what to do


def correct_text(text: str, raw: Raw) -> tuple[str, Pass | None, Raw, tuple[Idle, ...]]:
    """Make the curator's corrections of the wording: the first pass of the ledger.

    One that no longer fits the text changes nothing and holds nothing back. Returns the text, the pass, the article
    with the corrections that fit, and a line for each of the others.
    """
    made: list[Edit] = []
    kept: list[int] = []
    idle: list[Idle] = []
    told = raw.sidecar.corrections
    lines = raw.sidecar.lines or (0,) * len(told)
    for at, (what, value, _) in enumerate(told):
        if what == "text":
            pair = as_mapping(value)
            edit = Edit(text.find(pair["before"]), pair["before"], pair["after"])
            if why := _unfit(edit, text, made):
                idle.append((lines[at], *why))
                continue
            made.append(edit)
        kept.append(at)
    sidecar = replace(
        raw.sidecar, corrections=tuple(told[at] for at in kept), lines=tuple(lines[at] for at in kept)
    )
    step = Pass("correction", tuple(sorted(made, key=lambda edit: edit.start))) if made else None
    text = edits.apply(text, step.edits) if step else text
    return text, step, replace(raw, sidecar=sidecar), tuple(idle)


def _unfit(edit: Edit, text: str, made: Sequence[Edit]) -> tuple[Message, Message] | None:
    """Why a correction of the wording cannot be made, and what to do."""
    count = text.count(edit.before)
    if count != 1:
        what = say(
            "the wording {!r} is {} times in the article, so it is not corrected", edit.before[:20], count
        )
        if count:
            return what, say("quote more of it, so that it is there once")
        return what, say("write `before` as the raw file has it, say {!r}", _nearest(edit.before, text))
    for one in made:
        if edit.start < one.start + len(one.before) and one.start < edit.start + len(edit.before):
            what = say(
                "the wording {!r} overlaps {!r}, so it is not corrected", edit.before[:20], one.before[:20]
            )
            return what, say("join them in one")
    return None


def _nearest(wording: str, text: str) -> str:
    """The stretch of the raw text that shares the longest run of characters with the wording."""
    text = text[:200_000]
    one, other, size = SequenceMatcher(None, wording, text, autojunk=False).find_longest_match()
    start = max(0, other - one)
    return text[start : max(start + len(wording), other + size)][:60]


def corrected(article: Article, raw: Raw, registries: Registries, unfit: Sequence[Idle] = ()) -> Article:
    """The article with the curator's corrections of facts; each has its reason as evidence. `unfit`: of the wording."""
    changes: dict[str, Any] = {}
    idle = [*unfit]
    lines = raw.sidecar.lines or (0,) * len(raw.sidecar.corrections)
    for (what, value, reason), line in zip(raw.sidecar.corrections, lines, strict=True):
        shape, seen = CORRECTABLE[what], Evidence("correction", "sidecar", reason)
        if shape is WORDING:
            continue
        if shape.by_name:
            read = changes.get(what, getattr(article, what))
            told = as_mapping(value)
            away = [name for name, change in told.items() if change is None or change is False]
            names = [one.name if shape is PEOPLE else one.label for one in read]
            idle += _idle(
                raw.id,
                line,
                what,
                away,
                [*names, *(left.value for left in article.doubts if left.field == what)],
            )
            changes[what] = _people(read, told, seen, registries) if shape is PEOPLE else _themes(read, told)
        elif what == "subtitle":
            changes["decks"] = tuple(str(value).split("\n")) if value else ()
        elif shape is NAMES:
            changes[what] = tuple(Fact(name, seen) for name in cast("tuple[str, ...]", value))
        else:
            changes[what] = None if value is None else Fact(_value(shape, value), seen)
    return replace(article, corrections=raw.sidecar.corrections, idle=tuple(idle), **changes)


def _value(shape: Shape, value: object) -> object:
    if shape is RANGE:
        return DateRange(**(as_mapping(value) or {"start": value, "end": value}))
    return shape.choice(str(value)) if shape.choice else value


def _idle(article: str, line: int, what: str, away: Sequence[str], read: Sequence[str]) -> list[Idle]:
    """Names that a correction takes away though none of them is read."""
    remedy = say("write the name as `digest explain {}` shows it, or remove it here", article)
    return [
        (
            line,
            say(
                "{}: {!r} is not read in this article, so nothing is taken away{}",
                what,
                name,
                near(name, read),
            ),
            remedy,
        )
        for name in away
        if name not in read
    ]


def _people(
    people: tuple[Participant, ...], changes: dict[str, Any] | Any, seen: Evidence, registries: Registries
) -> tuple[Participant, ...]:
    by_name = {person.name: person for person in people}
    for name, change in changes.items():
        if change is None:
            by_name.pop(name, None)
            continue
        told = as_mapping(change)
        old = by_name.get(name, Participant(name, (), (Role.MENTIONED,)))
        roles = tuple(Role(role) for role in told["roles"]) if "roles" in told else old.roles
        new = replace(
            old,
            offices=tuple(told.get("offices", old.offices)),
            roles=roles,
            weak=False,
            evidence=(*old.evidence, seen),
        )
        known = {person.id for person in registries.people}
        by_name[name] = replace(new, person_id=told["id"]) if told.get("id") in known else new
    return tuple(by_name.values())


def _themes(themes: tuple[ThemeHit, ...], changes: Any) -> tuple[ThemeHit, ...]:
    out = [hit for hit in themes if changes.get(hit.label, True)]
    have = {hit.label for hit in out}
    out += [ThemeHit(label, 1.0, ()) for label, on in changes.items() if on and label not in have]
    return tuple(out)
