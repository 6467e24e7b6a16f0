"""What is rendered moves from staging into the site so that a build killed at any moment leaves every file whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from build_tools.core.files import write_atomic


def commit(workers: Path, site: Path, staging: Path, remove: Iterable[str], state: bytes) -> None:
    """Move everything in `staging` into `site`, delete `remove`, then store `state`.

    The journal is written whole before the first move, so that a kill at any
    moment is repaired by `roll_forward`.
    """
    moves = sorted(str(path.relative_to(staging)) for path in staging.rglob("*") if path.is_file())
    journal = {"moves": moves, "remove": sorted(set(remove) - set(moves)), "state": state.decode("utf-8")}
    write_atomic(workers / "journal.json", json.dumps(journal).encode("utf-8"))
    roll_forward(workers, site, staging)


def roll_forward(workers: Path, site: Path, staging: Path) -> bool:
    """Finish an interrupted commit, or clear a staging folder that no journal speaks of.

    Returns whether there was a journal.
    """
    path = workers / "journal.json"
    if not path.exists():
        shutil.rmtree(staging, ignore_errors=True)
        return False
    journal = json.loads(path.read_bytes())
    made: set[Path] = set()
    for name in journal["moves"]:
        source, target = staging / name, site / name
        if source.exists():  # else it was moved before the kill
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            source.replace(target)
    for name in journal["remove"]:
        target = site / name
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == site or not _rmdir(folder):
                break
    write_atomic(workers / "state.json", journal["state"].encode("utf-8"))
    path.unlink()
    shutil.rmtree(staging, ignore_errors=True)
    return True


def _rmdir(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
