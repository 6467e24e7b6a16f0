"""What the last good build left: whose files lie in docs/ and site/, and whether they are what was made.

A file that the state does not know is somebody's: the build refuses before it writes. A state that
cannot be read is an empty one: everything is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Report
from build_tools.core.files import key_of, sealed, unsealed, write_atomic
from build_tools.core.messages import NOTHING, Message, say
from build_tools.core.paths import GENERATED, Foreign, Places, files_below, hand_written, strange
from build_tools.outputs.search import bundle
from build_tools.outputs.site import journal

UNFINISHED = "unfinished"  # there while a build works; what a killed one left in docs/ is ours
State = dict[str, Any]
EMPTY: Mapping[str, Any] = {
    "theme": "", "mirror": "", "sitemap": "", "pages": {}, "assets": [], "hand": [], "sums": {}, "batches": {},
}  # fmt: skip


def begin(places: Places, staging: Path, report: Report) -> State:
    """The state, after what a killed build left is put right and the folder is known to be ours. Raises Foreign."""
    try:
        journal.roll_forward(places.work, places.site, staging)
    except journal.Unreadable:
        journal.abandon(places.work, staging)
        report.warning(
            ".digest/journal.json", say("cannot be read"), say("nothing to do: everything was made again")
        )
    known = (places.work / journal.STATE).exists()
    state = _read(places)
    if state is None:
        state = json.loads(json.dumps(EMPTY))
        if not known:
            store(places, state)  # from here on the folder is ours
    else:
        _refuse_unknown(places, state)
    (places.work / UNFINISHED).touch()
    return state


def end(places: Places) -> None:
    """The build is whole: what it does not know from here on is somebody's."""
    (places.work / UNFINISHED).unlink(missing_ok=True)


def store(places: Places, state: State) -> None:
    """For a build that moves nothing into the site; else the journal stores it."""
    write_atomic(places.work / journal.STATE, sealed(journal.STATE, dump(state)), durable=True)


def dump(state: State) -> bytes:
    """The state as it is stored."""
    return json.dumps(state, sort_keys=True).encode("utf-8")


def _read(places: Places) -> State | None:
    """None for a first build, and for a damaged state or one of another version."""
    try:
        stored = unsealed(journal.STATE, (places.work / journal.STATE).read_bytes())
        state = json.loads(stored)
        state["batches"] = {
            name: (key, {path: (content, date) for path, (content, date) in files.items()})
            for name, (key, files) in state["batches"].items()
        }
        return {name: state[name] for name in EMPTY}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _refuse_unknown(places: Places, state: State) -> None:
    for path in files_below(places.site):
        if path not in state["sums"]:
            raise Foreign(strange(places.site / path))
    if (places.work / UNFINISHED).exists():
        return
    made = {path for _, files in state["batches"].values() for path in files}
    made |= {*state["hand"], *hand_written(places.pages)}
    shared = places.docs.resolve() == places.pages.resolve()
    for path in files_below(places.docs):
        if path not in made and (not shared or path.partition("/")[0] in GENERATED):
            raise Foreign(strange(places.docs / path))


def sums(site: Path, staging: Path, keep: Collection[str], old: Mapping[str, str]) -> dict[str, str]:
    """File of the site → a short key of its bytes, once what is staged has been moved there."""
    found = {}
    for path in keep:
        staged = staging / path
        if staged.exists():
            found[path] = _sum(staged)
        elif path in old or (site / path).exists():
            found[path] = old.get(path) or _sum(site / path)
    return found


def _sum(path: Path) -> str:
    return key_of(path.read_bytes())[:16]


def repair(places: Places, state: State, report: Report) -> None:
    """Compare docs/ and site/ with the state: what is another than was made is told and removed, so it is made again."""
    for path, reason in _damaged(places, state):
        report.warning(path, reason, say("nothing to do: it was made again"))
        (places.docs.parent / path).unlink(missing_ok=True)
        if path.startswith(f"site/{bundle.DATA}/"):  # a bundle is made whole or not at all
            (places.docs.parent / Path(*Path(path).parts[:4]) / "articles.json").unlink(missing_ok=True)


def _damaged(places: Places, state: State) -> Iterator[tuple[str, Message]]:
    for path, wanted in sorted(state["sums"].items()):
        if reason := _fault(places.site / path, wanted, 16):
            yield f"site/{path}", reason
    for _, files in state["batches"].values():
        for path, (wanted, _) in sorted(files.items()):
            if reason := _fault(places.docs / path, wanted, 40):
                yield f"docs/{path}", reason


def _fault(path: Path, wanted: str, size: int) -> Message:
    try:
        good = key_of(path.read_bytes())[:size] == wanted
    except OSError:
        return say("is gone")
    return NOTHING if good else say("is not what was built")
