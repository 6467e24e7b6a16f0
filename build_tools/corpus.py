"""The only reader of `corpus/`: articles, sidecars and registries, each bad input one clear line.

A YAML file is read with the line of every mapping, so that a message names the
place. Whatever is wrong with one entry, the others are still read.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from build_tools.diagnostics import Report
from build_tools.models import (
    Formulation,
    Kind,
    Level,
    Organization,
    Person,
    Post,
    Raw,
    Registries,
    Role,
    Sidecar,
    Source,
    Theme,
    Trust,
)

T = TypeVar("T")

ID_RE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")  # DESIGN: Corpus
EDTF_RE = re.compile(r"(\d{4}|XXXX)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
STATUSES = ("published", "draft", "withdrawn")
TEXT_SUFFIXES = (".txt", ".html")
LINE = "__line__"

# What a curator may correct, and what the value must be.
CORRECTABLE: dict[str, str] = {
    "title": "text or null",
    "subtitle": "text or null",
    "published": "an EDTF date or null",
    "held": "an EDTF date, {start, end} or null",
    "place": "text or null",
    "source": "text or null",
    "authors": "a list of names",
    "editors": "a list of names",
    "organization": "text or null",
    "level": "|".join(Level),
    "kind": "|".join(Kind),
    "trust": "|".join(Trust),
    "people": "a mapping name → null (not a person here) or {offices: […], roles: […]}",
    "themes": "a mapping label → true or false",
    "text": "{before, after}: a wording that stands once in the decoded original",
}


@dataclass(frozen=True)
class Corpus:
    """Everything below `corpus/`: articles by id, registries, and what was found wrong."""

    root: Path
    articles: tuple[Raw, ...] = ()
    registries: Registries = field(default_factory=Registries)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which dates stay text, keys are unique, and a mapping knows its line."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = str(key)
        if key in out:
            raise yaml.MarkedYAMLError(problem=f"key {key!r} stands twice", problem_mark=key_node.start_mark)
        out[key] = loader.construct_object(value_node, deep=True)
    out[LINE] = node.start_mark.line + 1
    return out


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path, name: str, report: Report) -> Any:
    """The file's content, or None after one error line naming the place."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        report.error(name, f"is not UTF-8 (byte {error.start})", "save the file as UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        report.error(
            name, f"is not valid YAML: {problem}", "mend the YAML here", mark.line + 1 if mark else 0
        )
    except OSError as error:
        report.error(name, f"cannot be read: {error.strerror}", "check the file's permissions")
    return None


STARTER = Path(__file__).resolve().parent.parent / "corpus"


def read(root: Path, report: Report) -> Corpus:
    """Read the whole corpus. Every fault goes to `report`; what is sound is returned.

    A corpus without its own themes, formulations or sources starts with the
    project's (DESIGN: themes every site starts with).
    """
    if not (root / "articles").is_dir():
        report.error(f"{root.name}/articles", "is not a folder", "create it and put the scraped pages there")
        return Corpus(root)
    return Corpus(root, tuple(_articles(root, report)), _registries(root, report))


# --- articles ----------------------------------------------------------------


def _articles(root: Path, report: Report) -> Iterator[Raw]:
    texts: dict[str, list[str]] = {}  # id → file names
    sidecars: dict[str, Path] = {}
    with os.scandir(root / "articles") as entries:
        found = sorted((entry.name, entry.is_file()) for entry in entries)
    for file, is_file in found:
        name = f"articles/{file}"
        stem, suffix = Path(file).stem, Path(file).suffix
        if file.startswith("."):
            continue
        if not is_file:
            report.error(name, "is not a file", "put articles straight into articles/")
        elif suffix == ".yml":
            sidecars[stem] = root / "articles" / file
        elif suffix not in TEXT_SUFFIXES:
            report.error(name, f"has the ending {suffix!r}", "name it <id>.txt, <id>.html or <id>.yml")
        elif not ID_RE.fullmatch(stem) or stem == "index":
            report.error(
                name, f"{stem!r} is no id", "rename it: a-z, 0-9 and hyphens, at most 80, not `index`"
            )
        else:
            texts.setdefault(stem, []).append(file)
    for article, path in sidecars.items():
        if article not in texts:
            report.error(
                f"articles/{path.name}",
                "corrects an article that is not there",
                f"add articles/{article}.txt or .html, or remove this file",
            )
    for article, files in texts.items():
        if len(files) > 1:
            names = " and ".join(files)
            report.error(
                f"articles/{files[0]}", f"two articles have the id {article!r}: {names}", "rename one of them"
            )
            continue
        try:
            data = (root / "articles" / files[0]).read_bytes()
        except OSError as error:
            report.error(f"articles/{files[0]}", f"cannot be read: {error.strerror}", "check the file")
            continue
        sidecar = Sidecar()
        if article in sidecars:
            sidecar = _sidecar(sidecars[article], report)
        yield Raw(article, files[0], data, sidecar)


def _sidecar(path: Path, report: Report) -> Sidecar:
    name = f"articles/{path.name}"
    content = load_yaml(path, name, report)
    if content is None:
        return Sidecar()
    if not isinstance(content, dict):
        report.error(name, "is not a mapping", "write url:, fetched:, status:, corrections:", 1)
        return Sidecar()
    known = {"url", "fetched", "status", "corrections", LINE}
    for key in sorted(set(content) - known):
        report.error(
            name, f"unknown key {key!r}", f"use one of {', '.join(sorted(known - {LINE}))}", content[LINE]
        )
    status = content.get("status", "published")
    if status not in STATUSES:
        report.error(
            name, f"status {status!r} is unknown", f"use one of {', '.join(STATUSES)}", content[LINE]
        )
        status = "draft"
    fetched = content.get("fetched")
    if fetched is not None and not EDTF_RE.fullmatch(str(fetched)):
        report.error(name, f"fetched {fetched!r} is no date", "write it as 2024-01-24", content[LINE])
        fetched = None
    url = content.get("url")
    if url is not None and not re.fullmatch(r"https?://[^\s\"'<>]+", str(url)):
        report.error(name, f"url {url!r} is no web address", "write it as https://…", content[LINE])
        url = None
    corrections = content.get("corrections") or []
    if not isinstance(corrections, list):
        report.error(
            name, "corrections is not a list", "write `- field: …`, `value: …`, `reason: …`", content[LINE]
        )
        corrections = []
    good = tuple(c for c in (_correction(entry, name, report) for entry in corrections) if c is not None)
    return Sidecar(url and str(url), fetched and str(fetched), status, good)


def _correction(entry: Any, name: str, report: Report) -> tuple[str, object, str] | None:
    if not isinstance(entry, dict):
        report.error(name, "a correction is not a mapping", "write field:, value: and reason:")
        return None
    line = entry[LINE]
    for key in sorted(set(entry) - {"field", "value", "reason", LINE}):
        report.error(name, f"unknown key {key!r} in a correction", "use field, value, reason", line)
    what = entry.get("field")
    reason = entry.get("reason")
    if what not in CORRECTABLE:
        report.error(
            name, f"field {what!r} cannot be corrected", f"use one of {', '.join(CORRECTABLE)}", line
        )
        return None
    if not isinstance(reason, str) or not reason.strip():
        report.error(
            name, f"the correction of {what} gives no reason", "add `reason:` saying how you know", line
        )
        return None
    if "value" not in entry:
        report.error(
            name, f"the correction of {what} gives no value", "add `value:` (null to say: unknown)", line
        )
        return None
    value = _plain(entry["value"])
    if not _fits(what, value):
        report.error(name, f"the value of {what} does not fit", f"give {CORRECTABLE[what]}", line)
        return None
    return what, _frozen(value), reason.strip()


def _plain(value: Any) -> Any:
    """The value without the line numbers."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != LINE}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _frozen(value: Any) -> object:
    """Mappings as tuples of pairs, lists as tuples: hashable and ordered."""
    if isinstance(value, dict):
        return tuple((key, _frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


def _fits(what: str, value: Any) -> bool:
    def names(item: Any) -> bool:
        return isinstance(item, list) and all(isinstance(name, str) and name for name in item)

    def edtf(item: Any) -> bool:
        return isinstance(item, str) and EDTF_RE.fullmatch(item) is not None

    checks: dict[str, Callable[[Any], bool]] = {
        "published": lambda v: v is None or edtf(v),
        "held": lambda v: (
            v is None
            or edtf(v)
            or (isinstance(v, dict) and set(v) == {"start", "end"} and all(edtf(d) for d in v.values()))
        ),
        "authors": names,
        "editors": names,
        "level": lambda v: v in set(Level),
        "kind": lambda v: v in set(Kind),
        "trust": lambda v: v in set(Trust),
        "people": lambda v: isinstance(v, dict) and all(p is None or _participant(p) for p in v.values()),
        "themes": lambda v: isinstance(v, dict) and all(isinstance(on, bool) for on in v.values()),
        "text": lambda v: (
            isinstance(v, dict)
            and set(v) == {"before", "after"}
            and all(isinstance(part, str) for part in v.values())
            and bool(v["before"])
        ),
    }
    default: Callable[[Any], bool] = lambda v: v is None or (isinstance(v, str) and bool(v.strip()))  # noqa: E731
    return checks.get(what, default)(value)


def _participant(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"offices", "roles"}
        and all(isinstance(item, list) and all(isinstance(s, str) for s in item) for item in value.values())
        and set(value.get("roles", ())) <= set(Role)
    )


# --- registries --------------------------------------------------------------


def _registries(root: Path, report: Report) -> Registries:
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
    if content is None:
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
    if not isinstance(entry, dict):
        report.error(
            name, f"entry {str(entry)[:30]!r} is not a mapping", "write `id:` and the other keys below it"
        )
        return None
    line = entry[LINE]
    fields = {f.name: f for f in dataclasses.fields(kind) if f.name != "line"}  # type: ignore[arg-type]
    bad = False
    for key in sorted(set(entry) - set(fields) - {LINE}):
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
        value = _plain(entry[key])
        want = spec.default
        if key == "posts":
            value = _posts(entry[key], name, line, report)
        elif isinstance(want, Level):
            if value not in set(Level):
                report.error(name, f"level {value!r} is unknown", f"use one of {', '.join(Level)}", line)
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
        at = entry.get(LINE, line) if isinstance(entry, dict) else line
        if not isinstance(entry, dict) or not isinstance(entry.get("office"), str):
            report.error(name, "a post gives no office", "write `- office: …`", at)
            continue
        unknown = sorted(set(entry) - known - {LINE})
        if unknown:
            report.error(
                name, f"unknown key {unknown[0]!r} in a post", f"use one of {', '.join(sorted(known))}", at
            )
            continue
        dates = [entry.get("start"), entry.get("end")]
        if any(date is not None and not EDTF_RE.fullmatch(str(date)) for date in dates):
            report.error(
                name, f"a post of {entry['office']!r} has a date that is no EDTF date", "write 2021-03", at
            )
            continue
        out.append(
            Post(**{key: str(item) for key, item in entry.items() if key in known and item is not None})
        )
    return tuple(out)


def as_mapping(value: object) -> Mapping[str, Any]:
    """A frozen mapping of a correction as a dict again (see `_frozen`)."""
    return dict(value) if isinstance(value, tuple) else {}
