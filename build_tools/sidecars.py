"""Sidecars, `corpus/articles/<id>.yml`: an article's origin and status, and what a curator corrects in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from build_tools.diagnostics import Report
from build_tools.models import Kind, Level, Role, Sidecar, Trust
from build_tools.yaml_source import EDTF_RE, LINE, load_yaml, plain

STATUSES = ("published", "draft", "withdrawn")

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


def read_sidecar(path: Path, report: Report) -> Sidecar:
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
    value = plain(entry["value"])
    if not _fits(what, value):
        report.error(name, f"the value of {what} does not fit", f"give {CORRECTABLE[what]}", line)
        return None
    return what, _frozen(value), reason.strip()


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


def as_mapping(value: object) -> Mapping[str, Any]:
    """A frozen mapping of a correction as a dict again (see `_frozen`)."""
    return dict(value) if isinstance(value, tuple) else {}
