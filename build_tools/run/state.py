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
from build_tools.core.paths import (
    GENERATED,
    Foreign,
    Places,
    Tree,
    files_below,
    hand_written,
    strange,
    tree_below,
)
from build_tools.outputs.search import bundle
from build_tools.outputs.site import journal

UNFINISHED = "unfinished"  # there while a build works; what a killed one left in docs/ is ours
State = dict[str, Any]
EMPTY: Mapping[str, Any] = {
    "theme": "", "mirror": "", "sitemap": "", "pages": {}, "assets": [], "hand": [], "files": {}, "batches": {}, "sections": {},
}  # fmt: skip


def begin(
    places: Places,
    staging: Path,
    report: Report,
    noted: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {}),
) -> tuple[State, tuple[Tree, Tree]]:
    """The state and what lies in docs/ and site/, after what a killed build left is put right and the folder is known
    to be ours.

    `noted`: the times of the folders of docs/ and site/ when the last good build ended. Raises Foreign.
    """
    try:
        journal.roll_forward(places.work, places.site, staging)
    except journal.Unreadable:
        journal.abandon(places.work, staging)
        report.warning(
            ".digest/journal.json", say("cannot be read"), say("nothing to do: everything was made again")
        )
    known = (places.work / journal.STATE).exists()
    found = _read(places)
    state = found or json.loads(json.dumps(EMPTY))
    if found is None:
        if not known:
            store(places, state)  # from here on the folder is ours
        noted = {}, {}
    docs = tree_below(places.docs, Tree({*_made(state), *state["hand"]}, dict(noted[0])))
    site = tree_below(places.site, Tree(set(state["files"]), dict(noted[1])))
    if found is not None:
        _refuse_unknown(places, state, docs.files, site.files)
    (places.work / UNFINISHED).touch()
    return state, (docs, site)


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


def _made(state: State) -> set[str]:
    return {path for _, files in state["batches"].values() for path in files}


def _refuse_unknown(places: Places, state: State, docs: set[str], site: set[str]) -> None:
    for path in sorted(site.difference(state["files"])):
        raise Foreign(strange(places.site / path))
    if (places.work / UNFINISHED).exists():
        return
    unknown = docs - _made(state) - {*state["hand"], *hand_written(places.pages)}
    shared = places.docs.resolve() == places.pages.resolve()
    for path in sorted(unknown):
        if not shared or path.partition("/")[0] in GENERATED:
            raise Foreign(strange(places.docs / path))


def files(site: Path, staging: Path, keep: Collection[str], old: Mapping[str, str]) -> dict[str, str]:
    """File of the site → a short key of its bytes and how many they are, once what is staged has been moved there."""
    made = set(files_below(staging))
    found = {path: old[path] for path in keep if path in old and path not in made}
    for path in keep:
        if path not in found and (where := (staging if path in made else site) / path).exists():
            data = where.read_bytes()
            found[path] = f"{key_of(data)[:16]} {len(data)}"
    return found


def sizes(state: State) -> dict[str, int]:
    """File of the site → how many bytes it has."""
    return {path: int(told.partition(" ")[2]) for path, told in state["files"].items()}


def repair(places: Places, state: State, report: Report) -> bool:
    """Compare docs/ and site/ with the state: what is another than was made is told and removed, so it is made again.

    Returns whether something was.
    """
    damaged = list(_damaged(places, state))
    for path, reason in damaged:
        report.warning(path, reason, say("nothing to do: it was made again"))
        (places.docs.parent / path).unlink(missing_ok=True)
        if path.startswith(f"site/{bundle.DATA}/"):  # a bundle is made whole or not at all
            (places.docs.parent / Path(*Path(path).parts[:4]) / "articles.json").unlink(missing_ok=True)
    return bool(damaged)


def _damaged(places: Places, state: State) -> Iterator[tuple[str, Message]]:
    for path, told in sorted(state["files"].items()):
        if reason := _fault(places.site / path, told.partition(" ")[0], 16):
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
