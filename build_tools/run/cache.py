"""Stage results keyed by the content hashes of all that they depend on. No mtimes, no clock."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from build_tools.core.files import key_of, sealed, unsealed, write_atomic
from build_tools.core.paths import PACKAGE

# The order of HOUSE: a room imports only from those before it (pyproject.toml, tests/house/test_rooms.py).
ROOMS = ("core", "corpus", "cleaning", "facts", "graph", "pages", "outputs", "run", "desk", "bench")
# What a result depends on: all code up to a room, and single modules or packages above it.
STAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "convert": (
        "facts",
        (
            "graph/summary.py",
            "graph/copies.py",
            "outputs/open_data.py",
            "run/convert.py",
            "run/cache.py",
            "run/registry_keys.py",
        ),
    ),
    "link": ("graph", ()),
    "article": ("pages", ()),
    "edits": ("pages", ("outputs/open_data.py",)),
    "lists": ("pages", ("outputs/open_data.py", "outputs/feeds.py")),
    "search": ("pages", ("outputs/search",)),
    "print": ("pages", ("outputs/print", "outputs/traditional.py")),
    "html": ("core", ("outputs/site", "outputs/traditional.py")),
    "build": ("bench", ()),
}
# Progress, locks and processes: what is shown and how the work is shared, never what comes out.
WITHOUT_EFFECT = ("core/progress.py", "core/workers.py", "core/pool.py", "core/guard.py", "core/paths.py")


def code_of(stage: str) -> tuple[str, ...]:
    """The modules, as paths below the package, whose code decides what a stage of STAGES gives."""
    room, more = STAGES[stage]
    trees = (*ROOMS[: ROOMS.index(room) + 1], *more)
    found = {
        path
        for tree in trees
        for path in ([PACKAGE / tree] if tree.endswith(".py") else (PACKAGE / tree).rglob("*.py"))
    }
    return tuple(sorted({path.relative_to(PACKAGE).as_posix() for path in found} - set(WITHOUT_EFFECT)))


@cache
def code_key(stage: str, folders: tuple[str, ...] = ("data",)) -> str:
    """The version of a stage: a hash of its code and of the files below `folders`."""
    paths = [PACKAGE / name for name in code_of(stage)]
    for folder in folders:
        paths += sorted(
            p for p in (PACKAGE / folder).rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")
        )
    return key_of(
        *(part for path in paths for part in (path.relative_to(PACKAGE).as_posix(), path.read_bytes()))
    )


def versions(*packages: str) -> str:
    """Names and versions of installed packages, for the keys of what they make."""
    return " ".join(f"{name} {version(name)}" for name in packages)


_HEAD = 10_000  # bytes of the line that says which parts there are: of a damaged one no more is read


class Cache:
    """Stage results below a folder, each behind its checksum; an entry of which a bit is another is absent."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, stage: str, key: str) -> Path:
        return self.root / stage / key[:2] / key[2:]

    def get(self, stage: str, key: str) -> Any:
        """The value, or None. Values are never None themselves."""
        try:
            return pickle.loads(self.get_bytes(stage, key))
        except Exception:  # an entry of other versions of the libraries is a miss, whatever it raises
            return None

    def put(self, stage: str, key: str, value: Any) -> None:
        self.put_bytes(stage, key, pickle.dumps(value, protocol=5))

    def get_bytes(self, stage: str, key: str) -> bytes:
        """The stored bytes. Raises OSError (absent), ValueError (damaged)."""
        return unsealed(f"{stage}/{key}", self.path(stage, key).read_bytes())

    def put_bytes(self, stage: str, key: str, data: bytes) -> None:
        write_atomic(self.path(stage, key), sealed(f"{stage}/{key}", data))

    def get_part(self, stage: str, key: str, name: str) -> bytes:
        """One part of an entry that `put_parts` stored. Raises OSError (absent), ValueError (damaged)."""
        with self.path(stage, key).open("rb") as file:
            head = unsealed(f"{stage}/{key}", bytes.fromhex(file.readline(_HEAD).decode("ascii")))
            before = 0
            for part, size in json.loads(head):
                if part == name:
                    file.seek(before, os.SEEK_CUR)
                    return unsealed(f"{stage}/{key}/{name}", file.read(size))
                before += size
        raise ValueError(f"{stage}/{key} has no part {name}")

    def put_parts(self, stage: str, key: str, parts: Mapping[str, bytes]) -> None:
        """Store what is read apart as one file: making a file costs more than writing 100 kB to it."""
        whole = {name: sealed(f"{stage}/{key}/{name}", data) for name, data in parts.items()}
        sizes = json.dumps([(name, len(data)) for name, data in whole.items()]).encode("ascii")
        head = sealed(f"{stage}/{key}", sizes).hex().encode("ascii")
        write_atomic(self.path(stage, key), b"\n".join((head, b"".join(whole.values()))))

    def keep_only(self, stage: str, keys: set[str]) -> None:
        """Drop the entries of a stage that no key names."""
        folder = self.root / stage
        if not folder.is_dir():
            return
        for path in folder.glob("*/*"):
            if path.parent.name + path.name not in keys:
                path.unlink(missing_ok=True)
