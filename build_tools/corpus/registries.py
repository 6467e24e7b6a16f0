"""Registries, `corpus/people.yml` and its like. Whatever is wrong with one entry, the others are still read."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from build_tools.core.article import Level
from build_tools.core.diagnostics import Report
from build_tools.core.messages import Message, say
from build_tools.core.paths import PACKAGE
from build_tools.core.registry import (
    Formulation,
    Organization,
    Person,
    Post,
    Redirect,
    Registries,
    Source,
    Theme,
)
from build_tools.core.text import before
from build_tools.core.web_address import WebAddress, looks_like_address
from build_tools.corpus.yaml_source import (
    ID_RE,
    UNREADABLE,
    Entry,
    date_fault,
    load_yaml,
    near,
    one_of,
    web_address,
)

T = TypeVar("T")
LONGEST = 2_000  # characters of one text
FOLDERS = (
    "articles",
    "people",
    "themes",
    "organizations",
    "formulations",
    "series",
)  # of pages that may move

STARTER = PACKAGE / "starter" / "corpus"


def read_registries(root: Path, report: Report) -> tuple[Registries, tuple[str, ...]]:
    """All registries, and the names of the files of which nothing could be read.

    Each fault is an error line in `report`; what is sound is returned.
    """
    lost: list[str] = []
    organizations = _registry(root, "organizations", Organization, report, lost)
    themes = _registry(root, "themes", Theme, report, lost)
    people = _registry(root, "people", Person, report, lost)
    formulations = _registry(root, "formulations", Formulation, report, lost)
    sources = _registry(root, "sources", Source, report, lost)
    _themes_above(themes, report)
    _organizations_above(organizations, report)
    _shared_names(organizations, "organizations.yml", report)
    _shared_names(people, "people.yml", report)
    _employers(people, organizations, report)
    redirects = _redirects(root, report, lost)
    return Registries(people, organizations, themes, formulations, sources, redirects), tuple(lost)


def _themes_above(themes: tuple[Theme, ...], report: Report) -> None:
    by_name = {name: theme for theme in themes for name in (theme.id, theme.pref_label)}
    for theme in themes:
        for label in (*theme.broader, *theme.related):
            if label not in by_name:
                remedy = say("add it or fix the name{}", near(label, by_name))
                report.error("themes.yml", say("{}: no theme {!r}", theme.id, label), remedy, theme.line)
    above = {t.id: [by_name[label].id for label in t.broader if label in by_name] for t in themes}
    for theme in themes:
        if _circular(theme.id, above):
            what = say("{} is broader than itself", theme.id)
            report.error("themes.yml", what, say("break the circle"), theme.line)


def _organizations_above(organizations: tuple[Organization, ...], report: Report) -> None:
    by_name = {name: item.id for item in organizations for name in (item.name, *item.other_names)}
    by_name |= {item.id: item.id for item in organizations}
    above: dict[str, list[str]] = {}
    for item in organizations:
        if item.parent is None:
            continue
        if item.parent not in by_name:
            remedy = say(
                "add it or fix `parent:`{}",
                near(item.parent, [name for name in by_name if by_name[name] != item.id]),
            )
            what = say("{}: no organization {!r}", item.id, item.parent)
            report.error("organizations.yml", what, remedy, item.line)
        else:
            above[item.id] = [by_name[item.parent]]
    for item in organizations:
        if _circular(item.id, above):
            what = say("{} is above itself", item.id)
            report.error("organizations.yml", what, say("break the circle: fix `parent:`"), item.line)


def _circular(start: str, above: Mapping[str, Sequence[str]]) -> bool:
    """Whether going up from an entry leads back to it.

    >>> _circular("a", {"a": ["b"], "b": ["a"]}), _circular("c", {"a": ["b"], "b": ["a"], "c": ["a"]})
    (True, False)
    """
    seen: set[str] = set()
    todo = list(above.get(start, ()))
    while todo:
        one = todo.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            todo.extend(above.get(one, ()))
    return False


def _shared_names(entries: Sequence[Person | Organization], file: str, report: Report) -> None:
    """Other names that another entry bears too.

    For organisations an error: it would be chance whose page they lead to. For people a warning: namesakes
    are told apart by the offices of their posts, and left open where those do not fit.
    """
    owners: dict[str, list[Person | Organization]] = {}
    for entry in entries:
        for name in {entry.name, *entry.other_names}:
            owners.setdefault(name, []).append(entry)
    for entry in entries:
        for name in entry.other_names:
            for other in owners[name]:
                # Two that share another name: told once, at the later one.
                if other is entry or (name in other.other_names and other.line > entry.line):
                    continue
                what = say(
                    "{}: the other name {!r} is borne by {} too, in line {}",
                    entry.id,
                    name,
                    other.id,
                    other.line,
                )
                if isinstance(entry, Person):
                    remedy = say(
                        "leave it with the one that it means, or give both `posts` that tell them apart"
                    )
                    report.warning(file, what, remedy, entry.line)
                else:
                    report.error(file, what, say("leave it with the one that it means"), entry.line)


def _employers(people: tuple[Person, ...], organizations: tuple[Organization, ...], report: Report) -> None:
    """A warning for posts in organisations that are not registered, where any is."""
    known = {name for item in organizations for name in (item.name, *item.other_names)}
    for person in people if known else ():
        for post in person.posts:
            if post.organization and post.organization not in known:
                report.warning(
                    "people.yml",
                    say(
                        "{}: the organization {!r} of a post is not registered", person.id, post.organization
                    ),
                    say("add it to organizations.yml or fix the name{}", near(post.organization, known)),
                    person.line,
                )


def _registry(root: Path, name: str, kind: type[T], report: Report, lost: list[str]) -> tuple[T, ...]:
    path = root / f"{name}.yml"
    if not os.path.lexists(path) and name in ("themes", "formulations", "sources"):
        path = (STARTER / f"{name}.yml").resolve()  # a link to the checkout's own
    if not os.path.lexists(path):
        return ()
    content = load_yaml(path, path.name, report)
    if content is UNREADABLE:
        lost.append(path.name)
        return ()
    if content is None:
        return ()
    if not isinstance(content, list):
        lost.append(path.name)
        report.error(path.name, say("is not a list"), say("write one `- id: …` entry for each"), 1)
        return ()
    out: list[T] = []
    taken: dict[str, T] = {}
    for entry in content:
        made = _entry(entry, path.name, kind, report)
        if made is None:
            continue
        line, label = made.line, _label(made)  # type: ignore[attr-defined]
        clash = next((key for key in (made.id, _identity(made)) if key in taken), None)  # type: ignore[attr-defined]
        if clash is not None:
            first = taken[clash]
            if _identity(made) in taken:
                what = say("{!r} appears twice, first in line {}", label, first.line)  # type: ignore[attr-defined]
                remedy = say("merge the two entries")
            else:
                taker = _label(first), first.line  # type: ignore[attr-defined]
                what = say("the id {!r} of {!r} is taken by {!r} in line {}", clash, label, *taker)
                remedy = say("give one of them another id, or merge the two entries")
            if kind is Person:
                remedy = say("{}; give namesakes different ids and other `summary`s", remedy)
            report.error(path.name, what, remedy, line)
            continue
        taken[made.id] = taken[_identity(made)] = made  # type: ignore[attr-defined]
        out.append(made)
    return tuple(out)


def _redirects(root: Path, report: Report, lost: list[str]) -> tuple[Redirect, ...]:
    path = root / "redirects.yml"
    content = load_yaml(path, path.name, report) if os.path.lexists(path) else None
    if content is None:
        return ()
    if not isinstance(content, Entry):
        lost.append(path.name)
        if content is not UNREADABLE:
            report.error(
                path.name,
                say("is not a mapping"),
                say("write a line `articles/old: articles/new` for each"),
                1,
            )
        return ()
    out = []
    for key, value in content.items():
        old, new = (str(one).strip("/") for one in (key, value))
        wrong = [one for one in (old, new) if not _page(one)]
        if wrong:
            remedy = say(
                "write what stands behind the site's address, as articles/mee-2021; one of {}",
                ", ".join(FOLDERS),
            )
            report.error(
                path.name, say("{!r} is no address of a page", wrong[0][:80]), remedy, content.at(key)
            )
        else:
            out.append(Redirect(old, new, content.at(key)))
    return tuple(out)


def _page(address: str) -> bool:
    """
    >>> _page("people/wang-wei"), _page("people/../wang"), _page("https://a.test/people/wang")
    (True, False, False)
    """
    folder, _, name = address.partition("/")
    return folder in FOLDERS and ID_RE.fullmatch(name) is not None


def _label(entry: Any) -> str:
    return str(getattr(entry, "name", None) or getattr(entry, "pref_label", None) or entry.label)


def _identity(entry: Any) -> str:
    """Two entries with one identity are a duplicate; people of one name differ by their summary."""
    label = _label(entry)
    return f"{label}\0{entry.summary}" if isinstance(entry, Person) else f"{label}\0"


def _entry(entry: Any, name: str, kind: type[T], report: Report) -> T | None:
    if not isinstance(entry, Entry):
        report.error(
            name,
            say("entry {!r} is not a mapping", str(entry)[:30]),
            say("write `id:` and the other keys below it"),
        )
        return None
    line = entry.line
    fields = {f.name: f for f in dataclasses.fields(kind) if f.name != "line"}  # type: ignore[arg-type]
    bad = False
    for key in sorted(set(entry) - set(fields)):
        report.error(
            name,
            say("unknown key {!r}", key),
            say("use one of {}{}", ", ".join(fields), near(key, fields)),
            line,
        )
        bad = True
    for key, spec in fields.items():
        required = spec.default is dataclasses.MISSING
        if required and not (isinstance(entry.get(key), str) and entry[key].strip()):
            report.error(name, say("{!r} is missing or not text", key), say("add `{}:`", key), line)
            bad = True
    if bad:
        return None
    if not ID_RE.fullmatch(entry["id"]):
        report.error(
            name,
            say("{!r} is not an id", entry["id"]),
            say("a-z, 0-9 and hyphens, at most 80, not `index`"),
            line,
        )
        return None
    values: dict[str, Any] = {}
    for key in fields:
        if key not in entry or entry[key] is None:
            continue
        try:
            values[key] = READERS[key](entry[key], Where(name, entry.at(key), report))
        except ValueError as error:
            what, remedy = error.args
            report.error(name, what if key == "level" else say("{!r} {}", key, what), remedy, entry.at(key))
            if key != "url":
                return None
    values["line"] = line
    return kind(**values)


class Where(NamedTuple):
    """The place of a value, for the faults of its parts."""

    file: str
    line: int
    report: Report


def _text(value: Any, where: Where) -> str:
    if not isinstance(value, str):
        raise ValueError(say("is not text"), say("put it in quotes"))
    if len(value) > LONGEST:
        raise ValueError(say("has {} characters, more than {}", len(value), LONGEST), say("shorten it"))
    return value


def _texts(value: Any, where: Where) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(say("is not a list of texts"), say("write a list: [甲, 乙]"))
    return tuple(_text(item, where) for item in value)


def _level(value: Any, where: Where) -> Level:
    if value not in set(Level):
        raise ValueError(say("level {!r} is unknown", value), one_of("levels", value))
    return Level(value)


def _address(value: Any, where: Where) -> WebAddress | None:
    address, fault = web_address(_text(value, where))
    if fault:
        raise ValueError(*fault)
    return address


def _posts(value: Any, where: Where) -> tuple[Post, ...]:
    name, line, report = where
    if not isinstance(value, list):
        report.error(name, say("'posts' is not a list"), say("write `- office: …` for each"), line)
        return ()
    known = {f.name for f in dataclasses.fields(Post)}
    out = []
    for entry in value:
        at = entry.line if isinstance(entry, Entry) else line
        if not isinstance(entry, Entry) or not isinstance(entry.get("office"), str):
            report.error(name, say("a post gives no office"), say("write `- office: …`"), at)
            continue
        unknown = sorted(set(entry) - known)
        if unknown:
            remedy = say("use one of {}{}", ", ".join(sorted(known)), near(unknown[0], known))
            report.error(name, say("unknown key {!r} in a post", unknown[0]), remedy, at)
            continue
        told = {key: str(item) for key, item in entry.items() if item is not None}
        fault = _term_fault(entry)
        if not fault and looks_like_address(told.get("source", "")):
            address, fault = web_address(told["source"])
            told["source"] = address or ""
        if fault:
            report.error(name, say("a post of {!r}: {}", entry["office"], fault[0]), fault[1], at)
            continue
        out.append(Post(**told))
    return tuple(out)


def _term_fault(post: Entry) -> tuple[Message, Message] | None:
    """What is wrong with the dates of a post, and what to do."""
    dates = {key: str(post[key]) for key in ("start", "end") if post.get(key) is not None}
    for key in dates:
        if fault := date_fault(post[key]):
            return say("{}: {}", key, fault[0]), fault[1]
    if len(dates) == 2 and before(dates["end"], dates["start"]):
        return say("the end {} is before the start {}", dates["end"], dates["start"]), say(
            "fix one of the two"
        )
    return None


# What each key of an entry must be: its reader gives the value, or raises ValueError(what is wrong, what to do).
READERS: dict[str, Callable[[Any, Where], Any]] = {
    **dict.fromkeys(
        ("id", "name", "pref_label", "label", "summary", "parent", "place", "scope_note", "note", "kind"),
        _text,
    ),
    **dict.fromkeys(("other_names", "alt_labels", "broader", "related", "variants", "parts"), _texts),
    "level": _level,
    "url": _address,
    "posts": _posts,
}
