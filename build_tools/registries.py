"""Registries, `corpus/people.yml` and its like. Whatever is wrong with one entry, the others are still read."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, TypeVar

from build_tools.diagnostics import Report
from build_tools.models import Formulation, Level, Organization, Person, Post, Registries, Source, Theme
from build_tools.yaml_source import (
    ID_RE,
    UNREADABLE,
    Entry,
    allowed,
    before,
    date_fault,
    load_yaml,
    near,
    plain,
)

T = TypeVar("T")

STARTER = Path(__file__).resolve().parent.parent / "corpus"


def read_registries(root: Path, report: Report) -> Registries:
    organizations = _registry(root, "organizations", Organization, report)
    themes = _registry(root, "themes", Theme, report)
    registries = Registries(
        people=_registry(root, "people", Person, report),
        organizations=organizations,
        themes=themes,
        formulations=_registry(root, "formulations", Formulation, report),
        sources=_registry(root, "sources", Source, report),
    )
    labels = {theme.id for theme in themes} | {theme.pref_label for theme in themes}
    for theme in themes:
        for label in (*theme.broader, *theme.related):
            if label not in labels:
                report.error(
                    "themes.yml", f"{theme.id}: no theme {label!r}", "add it or mend the name", theme.line
                )
    _cycles(themes, report)
    return registries


def _cycles(themes: tuple[Theme, ...], report: Report) -> None:
    by_name = {name: theme for theme in themes for name in (theme.id, theme.pref_label)}
    for theme in themes:
        seen: set[str] = set()
        todo = list(theme.broader)
        while todo:
            above = by_name.get(todo.pop())
            if above is None or above.id in seen:
                continue
            if above.id == theme.id:
                report.error(
                    "themes.yml", f"{theme.id} is broader than itself", "break the circle", theme.line
                )
                break
            seen.add(above.id)
            todo.extend(above.broader)


def _registry(root: Path, name: str, kind: type[T], report: Report) -> tuple[T, ...]:
    path = root / f"{name}.yml"
    if not path.exists() and name in ("themes", "formulations", "sources"):
        path = STARTER / f"{name}.yml"
    if not path.exists():
        return ()
    content = load_yaml(path, path.name, report)
    if content is None or content is UNREADABLE:
        return ()
    if not isinstance(content, list):
        report.error(path.name, "is not a list", "write one `- id: …` entry for each", 1)
        return ()
    out: list[T] = []
    taken: dict[str, int] = {}
    for entry in content:
        made = _entry(entry, path.name, kind, report)
        if made is None:
            continue
        line, label = made.line, _label(made)  # type: ignore[attr-defined]
        clash = next((key for key in (made.id, _identity(made)) if key in taken), None)  # type: ignore[attr-defined]
        if clash is not None:
            report.error(
                path.name,
                f"{label!r} stands twice, first in line {taken[clash]}",
                "merge the two entries; give namesakes different ids and other `summary`s",
                line,
            )
            continue
        taken[made.id] = taken[_identity(made)] = line  # type: ignore[attr-defined]
        out.append(made)
    return tuple(out)


def _label(entry: Any) -> str:
    return str(getattr(entry, "name", None) or getattr(entry, "pref_label", None) or entry.label)


def _identity(entry: Any) -> str:
    """Two entries with one identity are a duplicate; people of one name differ by their summary."""
    label = _label(entry)
    return f"{label}\0{entry.summary}" if isinstance(entry, Person) else f"{label}\0"


def _entry(entry: Any, name: str, kind: type[T], report: Report) -> T | None:
    if not isinstance(entry, Entry):
        report.error(
            name, f"entry {str(entry)[:30]!r} is not a mapping", "write `id:` and the other keys below it"
        )
        return None
    line = entry.line
    fields = {f.name: f for f in dataclasses.fields(kind) if f.name != "line"}  # type: ignore[arg-type]
    bad = False
    for key in sorted(set(entry) - set(fields)):
        report.error(name, f"unknown key {key!r}", f"use one of {', '.join(fields)}", line)
        bad = True
    for key, spec in fields.items():
        required = spec.default is dataclasses.MISSING
        if required and not (isinstance(entry.get(key), str) and entry[key].strip()):
            report.error(name, f"{key!r} is missing or not text", f"add `{key}:`", line)
            bad = True
    if bad:
        return None
    if not ID_RE.fullmatch(entry["id"]):
        report.error(name, f"{entry['id']!r} is no id", "a-z, 0-9 and hyphens, at most 80", line)
        return None
    values: dict[str, Any] = {}
    for key, spec in fields.items():
        if key not in entry or entry[key] is None:
            continue
        value = plain(entry[key])
        want = spec.default
        if key == "posts":
            value = _posts(entry[key], name, line, report)
        elif isinstance(want, Level):
            if value not in set(Level):
                report.error(
                    name,
                    f"level {value!r} is unknown",
                    allowed("levels") + near(str(value), Level),
                    entry.at(key),
                )
                return None
            value = Level(value)
        elif isinstance(want, tuple):
            if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
                report.error(name, f"{key!r} is not a list of texts", f"write `{key}: [甲, 乙]`", line)
                return None
            value = tuple(value)
        elif not isinstance(value, str):
            report.error(name, f"{key!r} is not text", "put it in quotes", line)
            return None
        values[key] = value
    values["line"] = line
    return kind(**values)


def _posts(value: Any, name: str, line: int, report: Report) -> tuple[Post, ...]:
    if not isinstance(value, list):
        report.error(name, "'posts' is not a list", "write `- office: …` for each", line)
        return ()
    known = {f.name for f in dataclasses.fields(Post)}
    out = []
    for entry in value:
        at = entry.line if isinstance(entry, Entry) else line
        if not isinstance(entry, Entry) or not isinstance(entry.get("office"), str):
            report.error(name, "a post gives no office", "write `- office: …`", at)
            continue
        unknown = sorted(set(entry) - known)
        if unknown:
            remedy = f"use one of {', '.join(sorted(known))}{near(unknown[0], known)}"
            report.error(name, f"unknown key {unknown[0]!r} in a post", remedy, at)
            continue
        if fault := _term_fault(entry):
            report.error(name, f"a post of {entry['office']!r}: {fault[0]}", fault[1], at)
            continue
        out.append(
            Post(**{key: str(item) for key, item in entry.items() if key in known and item is not None})
        )
    return tuple(out)


def _term_fault(post: Entry) -> tuple[str, str] | None:
    """What is wrong with the dates of a post, and what to do."""
    dates = {key: str(post[key]) for key in ("start", "end") if post.get(key) is not None}
    for key in dates:
        if fault := date_fault(post[key]):
            return f"{key}: {fault[0]}", fault[1]
    if len(dates) == 2 and before(dates["end"], dates["start"]):
        return f"the end {dates['end']} is before the start {dates['start']}", "mend one of the two"
    return None
