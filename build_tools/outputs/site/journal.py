"""What is rendered moves from staging into the site so that a build killed at any moment leaves every file whole.

It holds for a machine that loses its power, too: what the journal speaks of is on the disk before the
journal is, and what it moved before the journal goes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from build_tools.core.files import sealed, sync, sync_all, unsealed, write_atomic

JOURNAL, STATE = "journal.json", "state.json"


class Unreadable(ValueError):
    """The journal is damaged: what it moved, and what not, is not known."""


def commit(work: Path, site: Path, staging: Path, remove: Iterable[str], state: bytes) -> None:
    """Move everything in `staging` into `site`, delete `remove`, then store `state`.

    The journal is written whole before the first move, so that a kill at any
    moment is repaired by `roll_forward`.
    """
    files = [os.path.join(folder, name) for folder, _, names in os.walk(staging) for name in names]  # noqa: PTH118
    moves = sorted(os.path.relpath(path, staging) for path in files)
    journal = {"moves": moves, "remove": sorted(set(remove) - set(moves)), "state": state.decode("utf-8")}
    sync_all([*files, *{os.path.dirname(path) for path in files}, staging, work])  # noqa: PTH120
    write_atomic(work / JOURNAL, sealed(JOURNAL, json.dumps(journal).encode("utf-8")), durable=True)
    roll_forward(work, site, staging)


def roll_forward(work: Path, site: Path, staging: Path) -> bool:
    """Finish an interrupted commit, or clear a staging folder that no journal speaks of.

    Returns whether there was a journal. Raises Unreadable; all is left as it is then.
    """
    path = work / JOURNAL
    if not path.exists():
        shutil.rmtree(staging, ignore_errors=True)
        return False
    try:
        journal = json.loads(unsealed(JOURNAL, path.read_bytes()))
    except ValueError as error:
        raise Unreadable(str(error)) from error
    touched: set[Path] = set()
    for name in journal["moves"]:
        source, target = staging / name, site / name
        if source.exists():  # else it was moved before the kill
            if target.parent not in touched:
                target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        touched.add(target.parent)
    for name in journal["remove"]:
        target = site / name
        target.unlink(missing_ok=True)
        touched.add(target.parent)
        for folder in target.parents:
            if folder == site or not _rmdir(folder):
                break
            touched.add(folder.parent)
    sync_all(
        {*touched, *(above for one in touched for above in one.parents if above.is_relative_to(site.parent))}
    )
    write_atomic(work / STATE, sealed(STATE, journal["state"].encode("utf-8")), durable=True)
    path.unlink()
    sync(work)
    shutil.rmtree(staging, ignore_errors=True)
    return True


def abandon(work: Path, staging: Path) -> None:
    """Forget a journal that cannot be read, and the state with it: all is made anew."""
    (work / STATE).write_bytes(b"")
    (work / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)


def _rmdir(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
