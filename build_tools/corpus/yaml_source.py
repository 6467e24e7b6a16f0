"""YAML that a curator wrote: the line of everything in it, faults in plain words, dates of the calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from build_tools.core.diagnostics import Report
from build_tools.core.files import unfit
from build_tools.core.messages import NOTHING, Message, foreign, say
from build_tools.core.vocabulary import load
from build_tools.core.web_address import WebAddress

# DESIGN: Corpus. `index` is a list's page; Windows has devices of the other names and cannot hold such a file.
ID_RE = re.compile(r"(?!(?:index|con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9-]{0,79}")
EDTF_RE = re.compile(r"(\d{4}|XXXX)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LARGEST = 20_000_000  # bytes of a file: 5,000 people with their posts are 1.5 MB
DEEPEST = 12  # lists and mappings in one another; a sidecar needs five
UNREADABLE = object()  # what `load_yaml` gives for a file that is none, after its error line


class Entry(dict[str, Any]):
    """A mapping that knows the line it begins in, and the line of each of its keys."""

    line: int = 0
    lines: dict[str, int]
    empty: frozenset[str] = frozenset()  # keys behind whose colon nothing stands

    def at(self, key: str) -> int:
        """The line of a key; the mapping's own line for a key that is not there."""
        return self.lines.get(key, self.line)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which dates stay text, keys are unique, and a mapping knows its lines."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Entry:
    out = Entry()
    out.line, out.lines = node.start_mark.line + 1, {}
    empty = set()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = str(key)
        if key in out:
            raise yaml.MarkedYAMLError(
                problem=f"key {key!r} appears twice, first in line {out.lines[key]}",
                problem_mark=key_node.start_mark,
            )
        out[key] = loader.construct_object(value_node, deep=True)
        out.lines[key] = key_node.start_mark.line + 1
        if isinstance(value_node, yaml.ScalarNode) and not value_node.value and not value_node.style:
            empty.add(key)
    out.empty = frozenset(empty)
    return out


def _number(loader: Any, node: yaml.ScalarNode) -> int | float | str:
    """The number, or the text as it is where it is no number that is meant: 5,000 digits, `0x_`."""
    try:
        if len(node.value) <= 20:
            number: int | float = (
                loader.construct_yaml_int(node)
                if node.tag.endswith(":int")
                else loader.construct_yaml_float(node)
            )
            return number
    except ValueError:
        pass
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}

# What is likely wrong, by the words of libyaml and of PyYAML's own parser; the line is the parser's, which
# may be the line behind the fault.
_COLON = say(
    "fix this line: a colon inside a text wants the whole text in quotes (reason: '甲: 乙'), a key wants a blank "
    "behind its half-width colon (status: draft), and all keys of one entry begin in the same column"
)
_INDENT = say(
    "fix the indentation of this line or of the one above it: all keys of one entry begin in the same column, "
    "and `- ` begins an entry of a list"
)
_LIKELY = (
    ("not allowed", _COLON),
    ("could not find expected ':'", say("fix this line or the one above it: a key wants a half-width colon and a blank (status: draft)")),
    ("tab character", say("fix this line: put blanks for the tab at its beginning")),
    ("cannot start any token", say("fix this line: put blanks for a tab; put a text that begins with @, % or ` in quotes")),
    ("expected key", _INDENT),
    ("expected '-' indicator", _INDENT),
    ("expected <block end>", _INDENT),
    ("end of stream", say("fix the quotes: one of them is opened and never closed")),
    ("expected ','", say("fix the brackets: a comma, `]` or `}` is missing, or a text with a comma or colon wants quotes")),
    ("appears twice", say("fix: leave one of the two")),
    ("control characters", say("remove the control characters: an editor that shows them finds them")),
    ("nested", say("fix the brackets or the indentation")),
    ("aliases", say("write the value out where it is used; put a text that begins with * or & in quotes")),
    ("alias", say("fix this line: put a text that begins with * or & in quotes")),
    ("tag", say("fix this line: put a text that begins with ! in quotes")),
    ("another document", say("fix: remove the line `---`")),
)  # fmt: skip


def load_yaml(
    path: Path, name: str, report: Report, consequence: Message = NOTHING, largest: int = LARGEST
) -> Any:
    """The file's content, None for an empty file, or UNREADABLE after one error line.

    The line names the place, what is likely wrong, and the `consequence` of leaving it.
    """

    def fault(what: Message, remedy: Message, line: int = 0) -> None:
        report.error(name, what, say("{}; {}", remedy, consequence) if consequence else remedy, line)

    if wrong := unfit(path, largest):
        fault(*wrong)
        return UNREADABLE
    try:
        text = path.read_text("utf-8")
        _bounded(text)
        return yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault(say("is not UTF-8 (byte {})", error.start), say("save the file as UTF-8"), line)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = foreign(
            getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        )
        likely = next((remedy for words, remedy in _LIKELY if words in problem), say("fix the YAML here"))
        fault(say("is not valid YAML: {}", problem), likely, mark.line + 1 if mark else 0)
    except OSError as error:
        fault(say("cannot be read: {}", foreign(error.strerror)), say("check the file's permissions"))
    return UNREADABLE


# What an escape ("\\x1b", "\\u202e") brings past the parser: no XML holds it, or it shows a name as another one.
_UNSEEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def _bounded(text: str) -> None:
    """Raise MarkedYAMLError where YAML could grow or nest beyond what a curator writes.

    An alias can multiply what it stands for, a tag can ask for any type, a deep nesting ends the parser's stack.

    >>> _bounded("people: &a [甲, *a]")
    Traceback (most recent call last):
    yaml.error.MarkedYAMLError: anchors and aliases are not read here
      in "<unicode string>", line 1, column 9
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        what = NOTHING
        if getattr(event, "anchor", None) is not None:
            what = say("anchors and aliases are not read here")
        elif getattr(event, "tag", None) is not None:
            what = say("a tag (!…) is not read here")
        elif isinstance(event, yaml.ScalarEvent) and _UNSEEN.search(event.value):
            what = say("control characters, and marks that turn a line's direction, are not read here")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                what = say("lists and mappings are nested more than 12 deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if what:
            raise yaml.MarkedYAMLError(problem=what, problem_mark=event.start_mark)  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """The value without the line numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


# --- dates -------------------------------------------------------------------

FORM = say("write an EDTF date: 2024, 2024-01, 2024-01-05, or XXXX-01-05 where the year is unknown")


def web_address(value: object) -> tuple[WebAddress | None, tuple[Message, Message] | None]:
    """The address, and what is wrong with it and how to write it.

    >>> web_address("ftp://a.cn/")
    (None, ("'ftp://a.cn/' does not begin with https:// or http://", 'write the whole address: https://…'))
    >>> web_address(None)
    (None, None)
    """
    try:
        return None if value is None else WebAddress(str(value)), None
    except ValueError as error:
        shown = str(value) if len(str(value)) < 80 else f"{str(value)[:79]}…"
        return None, (say("{!r} {}", shown, error.args[0]), say("write the whole address: https://…"))


def date_fault(value: object) -> tuple[Message, Message] | None:
    """What is wrong with a date and how to write it, or None for a day, month or year of the calendar.

    >>> date_fault("2021-02-28"), date_fault("XXXX-02-29"), date_fault("2024")
    (None, None, None)
    >>> date_fault("2021-02-31")
    ('2021-02-31 is not a day of the calendar', '2021-02 has 28 days')
    >>> date_fault("2024-1-5")
    ("'2024-1-5' is not an EDTF date", 'write 2024-01-05')
    >>> date_fault("2024年1月5日")[1], date_fault("2026-13-40")[1], date_fault("三月")[1]
    ('write 2024-01-05', 'months are 01 to 12, days 01 to 31', 'write an EDTF date: 2024, 2024-01, 2024-01-05, or XXXX-01-05 where the year is unknown')
    """
    text = str(value)
    if not EDTF_RE.fullmatch(text):
        numbers = not isinstance(value, float) and re.fullmatch(
            r"(\d{4})\s*[-./年](\d{1,2})\s*(?:[-./月](\d{1,2})日?|月)?", text
        )
        meant = "-".join(part.zfill(2) for part in numbers.groups() if part) if numbers else ""
        if EDTF_RE.fullmatch(meant) and meant != text and date_fault(meant) is None:
            return say("{!r} is not an EDTF date", text), say("write {}", meant)
        if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
            return say("{} is not a day of the calendar", text), say("months are 01 to 12, days 01 to 31")
        return say("{!r} is not an EDTF date", text), FORM
    year, month, day = [*text.split("-"), "", ""][:3]
    if day:
        leap = 2000 if year == "XXXX" else int(year)
        days = monthrange(leap, int(month))[1] if leap else 31
        if int(day) > days:
            return say("{} is not a day of the calendar", text), say("{}-{} has {} days", year, month, days)
    return None


# --- words that may stand ----------------------------------------------------


def near(word: str, known: Iterable[str]) -> Message:
    """`; did you mean …?` with the known words most like one, or nothing.

    >>> near("presids", ["presides", "speaks"])
    '; did you mean presides?'
    """
    # Of long words, and among thousands, it would take minutes.
    likely = [one for one in dict.fromkeys(known) if abs(len(one) - len(word)) <= 8]
    found = get_close_matches(word, likely[:2000], 3, 0.5) if len(word) <= 60 else []
    return say("; did you mean {}?", ", ".join(found)) if found else NOTHING


def one_of(group: str, written: object) -> Message:
    """`use one of …`, each value with its Chinese meaning, the likeliest named; `group` is one of data/captions.yml.

    >>> one_of("kinds", "speach")
    'use one of meeting (会议通稿), speech (讲话), other (其他); did you mean speech?'
    """
    told = {
        value: word if isinstance(word, str) else word[0] for value, word in load("captions")[group].items()
    }
    listed = ", ".join(f"{value} ({word})" for value, word in told.items())
    return say("use one of {}{}", listed, near(str(written), told))
