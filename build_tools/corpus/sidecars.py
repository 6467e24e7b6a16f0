"""Sidecars, `corpus/articles/<id>.yml`: an article's origin and status, and what a curator corrects in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Report
from build_tools.core.messages import NOTHING, say
from build_tools.core.registry import Sidecar, Theme
from build_tools.corpus.corrections import CORRECTABLE, DATE, RANGE, frozen
from build_tools.corpus.yaml_source import (
    UNREADABLE,
    Entry,
    date_fault,
    load_yaml,
    near,
    plain,
    web_address,
)

STATUSES = ("published", "draft", "withdrawn")
KEYS = ("url", "fetched", "status", "reason", "corrections")
LARGEST = 100_000  # bytes; one that corrects every field of a long readout has 3,000
MOST_FAULTS = 20  # lines on one sidecar
HELD_BACK = say("until then the article is held back (as a draft)")


def theme_labels(themes: Iterable[Theme]) -> dict[str, tuple[str, ...]]:
    """Every name of a theme (preferred label, id, other label) → the preferred labels that it may mean.

    A preferred label or an id means its own theme, whatever other labels say.

    >>> found = theme_labels([Theme("water", "水污染防治", ("治水",)), Theme("rivers", "河湖长制", ("治水", "water"))])
    >>> found["water"], found["治水"]
    (('水污染防治',), ('水污染防治', '河湖长制'))
    """
    out: dict[str, tuple[str, ...]] = {}
    for theme in themes:
        out[theme.pref_label] = out[theme.id] = (theme.pref_label,)
    own = frozenset(out)
    for theme in themes:
        for label in theme.alt_labels:
            if label not in own and theme.pref_label not in out.get(label, ()):
                out[label] = (*out.get(label, ()), theme.pref_label)
    return out


def read_sidecar(path: Path, report: Report, themes: Mapping[str, tuple[str, ...]]) -> Sidecar:
    """The sidecar, each fault an error line in `report`; themes stand in it by their preferred labels.

    `themes` is of `theme_labels`. Where the status cannot be known, it is `draft`: nothing that a curator
    withdrew or holds back may be published by a slip of the pen. Of more faults than MOST_FAULTS the last line
    says how many.
    """
    own = Report()
    sidecar = _read(path, own, themes)
    for one in own.diagnostics[:MOST_FAULTS]:
        report.add(one)
    if (more := len(own.diagnostics) - MOST_FAULTS) > 0:
        report.error(
            f"articles/{path.name}", say("{} more faults", more), say("fix those above, then check again")
        )
    return sidecar


def _read(path: Path, report: Report, themes: Mapping[str, tuple[str, ...]]) -> Sidecar:
    name = f"articles/{path.name}"
    content = load_yaml(path, name, report, HELD_BACK, LARGEST)
    if content is None:
        return Sidecar()
    if content is UNREADABLE:
        return Sidecar(status="draft")
    if not isinstance(content, Entry):
        wide = say(" with a half-width colon and a blank") if isinstance(content, str) else NOTHING
        keys = ", ".join(f"{key}:" for key in KEYS)
        report.error(name, say("is not a mapping"), say("write {}{}; {}", keys, wide, HELD_BACK), 1)
        return Sidecar(status="draft")
    status = _status(content, name, report)
    fetched = content.get("fetched")
    if fetched is not None and (fault := date_fault(fetched)):
        report.error(name, say("fetched: {}", fault[0]), fault[1], content.at("fetched"))
        fetched = None
    url = content.get("url")
    address, fault = web_address(url)
    if fault:
        report.error(name, say("url: {}", fault[0]), fault[1], content.at("url"))
    reason = content.get("reason")
    if reason is not None and not (isinstance(reason, str) and reason.strip()):
        report.error(
            name, say("reason {!r} is not text", reason), say("put it in quotes"), content.at("reason")
        )
        reason = None
    corrections = content.get("corrections") or []
    if not isinstance(corrections, list):
        remedy = say("write `- field: …`, `value: …`, `reason: …`")
        report.error(name, say("corrections is not a list"), remedy, content.at("corrections"))
        corrections = []
    good: list[tuple[str, object, str]] = []
    lines: list[int] = []
    seen: dict[tuple[str, str], int] = {}
    for entry in corrections:
        made = _correction(entry, name, report, themes)
        if made is None:
            continue
        what, value, why = made
        twice = _twice(what, value, entry.line, seen, name, report)
        value = plain(value)
        if CORRECTABLE[what].by_name:
            value = {key: item for key, item in value.items() if key not in twice}
        if value == {} or (twice and not CORRECTABLE[what].by_name):
            continue
        good.append((what, frozen(value), why))
        lines.append(entry.line)
    return Sidecar(
        address,
        fetched and str(fetched),
        status,
        tuple(good),
        tuple(lines),
        reason and reason.strip(),
    )


def _status(content: Entry, name: str, report: Report) -> str:
    """The status, `draft` where it is unknown or a key may be a slip for it; tells unknown keys as well."""
    status = content.get("status", "published")
    for key in sorted(set(content) - set(KEYS)):
        remedy = say("use one of {}{}", ", ".join(KEYS), near(key, KEYS))
        if "status" not in content and near(key.lower(), ["status"]):
            status, remedy = "draft", say("{}; {}", remedy, HELD_BACK)
        report.error(name, say("unknown key {!r}", key), remedy, content.at(key))
    if status in STATUSES:
        return str(status)
    what = say("status is empty") if status is None else say("status {!r} is unknown", status)
    remedy = say("use one of {}{}; {}", ", ".join(STATUSES), near(str(status), STATUSES), HELD_BACK)
    report.error(name, what, remedy, content.at("status"))
    return "draft"


def _correction(
    entry: Any, name: str, report: Report, themes: Mapping[str, tuple[str, ...]]
) -> tuple[str, Any, str] | None:
    if not isinstance(entry, Entry):
        report.error(name, say("a correction is not a mapping"), say("write field:, value: and reason:"))
        return None
    line = entry.line
    for key in sorted(set(entry) - {"field", "value", "reason"}):
        report.error(
            name, say("unknown key {!r} in a correction", key), say("use field, value, reason"), line
        )
    what = entry.get("field")
    reason = entry.get("reason")
    if not isinstance(what, str) or what not in CORRECTABLE:
        remedy = say("use one of {}{}", ", ".join(CORRECTABLE), near(str(what), CORRECTABLE))
        report.error(name, say("field {!r} cannot be corrected", what), remedy, line)
        return None
    if not isinstance(reason, str) or not reason.strip():
        report.error(
            name,
            say("the correction of {} gives no reason", what),
            say("add `reason:` saying how you know"),
            line,
        )
        return None
    if "value" not in entry:
        report.error(
            name,
            say("the correction of {} gives no value", what),
            say("add `value:` (null to say: unknown)"),
            line,
        )
        return None
    value = entry["value"]
    shape = CORRECTABLE[what]
    faults = list(shape.faults(what, value, shape))
    for fault in faults:
        report.error(name, fault.what, fault.remedy, fault.line or line)
    if faults:
        return None
    if "value" in entry.empty:
        told = say("the value of {} is empty, read as null: unknown", what)
        report.warning(name, told, say("write null, if that is meant"), entry.at("value"))
    if what == "people":
        for person in sorted(value.empty):
            told = say("{!r} is empty, read as null: not a person here", person)
            remedy = say("write null, if that is meant; else {offices: […], roles: […]}")
            report.warning(name, told, remedy, value.at(person))
    if what == "themes":
        value = _resolved(value, name, report, themes)
    if shape in (DATE, RANGE):  # a year alone is a number to YAML
        value = _as_text(value)
    return what, value, reason.strip()


def _resolved(value: Entry, name: str, report: Report, themes: Mapping[str, tuple[str, ...]]) -> Entry:
    """The mapping with preferred labels; what means no theme, or several, is an error and left out."""
    out = Entry()
    out.line, out.lines = value.line, {}
    for label, on in value.items():
        meant = themes.get(label, ())
        if not meant:
            remedy = say("use a label of themes.yml, or add it there{}", near(label, themes))
            report.error(name, say("no theme {!r}; the line has no effect", label), remedy, value.at(label))
        elif len(meant) > 1:
            what = say("{!r} may mean the themes {}; the line has no effect", label, " and ".join(meant))
            report.error(name, what, say("name one of them"), value.at(label))
        elif meant[0] in out:
            what = say("{!r} is the theme {!r}, which is in line {}", label, meant[0], out.at(meant[0]))
            report.error(name, what, say("leave one of the two; until then the first holds"), value.at(label))
        else:
            out[meant[0]] = on
            out.lines[meant[0]] = value.at(label)
    return out


def _twice(
    what: str, value: Any, line: int, seen: dict[tuple[str, str], int], name: str, report: Report
) -> frozenset[str]:
    """What of a correction an earlier one has corrected, each an error: names, a wording, else '' for the field.

    Names may be spread over several corrections, each with its own reason.
    """
    if CORRECTABLE[what].by_name:
        parts = {key: value.at(key) for key in value}
    else:
        parts = {value["before"] if what == "text" else "": line}
    twice = frozenset(part for part in parts if (what, part) in seen)
    for part in sorted(twice):
        told = say("{} {!r}", what, part[:20]) if part else what
        report.error(
            name,
            say("{} is corrected twice, first in line {}", told, seen[what, part]),
            say("leave one of the two; until then the first holds"),
            parts[part],
        )
    for part in parts.keys() - twice:
        seen[what, part] = parts[part]
    return twice


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    return value if value is None else str(value)
