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

from build_tools.core.files import key_of, write_atomic

PACKAGE = Path(__file__).parents[1]


@cache
def code_key(*modules: str, folders: tuple[str, ...] = ("data",)) -> str:
    """The version of a stage: a hash of the code and of the files below `folders`.

    While the modules move into rooms this is all code; the rooms bring keys of their own.
    """
    paths = sorted(PACKAGE.rglob("*.py"))
    for folder in folders:
        paths += sorted(
            p for p in (PACKAGE / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts
        )
    return key_of(*(part for path in paths for part in (str(path.relative_to(PACKAGE)), path.read_bytes())))


def versions(*packages: str) -> str:
    """Names and versions of installed packages, for the keys of what they make."""
    return " ".join(f"{name} {version(name)}" for name in packages)


class Cache:
    """Pickled stage results below a folder; a damaged or unreadable entry counts as absent."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, stage: str, key: str) -> Path:
        return self.root / stage / key[:2] / key[2:]

    def get(self, stage: str, key: str) -> Any:
        """The value, or None. Values are never None themselves."""
        try:
            return pickle.loads(self.path(stage, key).read_bytes())
        except Exception:  # a torn or foreign entry is a miss, whatever it raises
            return None

    def put(self, stage: str, key: str, value: Any) -> None:
        self.put_bytes(stage, key, pickle.dumps(value, protocol=5))

    def get_bytes(self, stage: str, key: str) -> bytes:
        """The stored bytes. Raises FileNotFoundError."""
        return self.path(stage, key).read_bytes()

    def put_bytes(self, stage: str, key: str, data: bytes) -> None:
        write_atomic(self.path(stage, key), data)

    def get_part(self, stage: str, key: str, name: str) -> bytes:
        """One part of an entry that `put_parts` stored. Raises FileNotFoundError, ValueError for a torn entry."""
        with self.path(stage, key).open("rb") as file:
            before = 0
            for part, size in json.loads(file.readline()):
                if part == name:
                    file.seek(before, os.SEEK_CUR)
                    data = file.read(size)
                    if len(data) == size:
                        return data
                before += size
        raise ValueError(f"the cache entry {stage}/{key} is torn")

    def put_parts(self, stage: str, key: str, parts: Mapping[str, bytes]) -> None:
        """Store what is read apart as one file: making a file costs more than writing 100 kB to it."""
        sizes = json.dumps([(name, len(data)) for name, data in parts.items()]).encode("ascii")
        self.put_bytes(stage, key, b"\n".join((sizes, b"".join(parts.values()))))

    def keep_only(self, stage: str, keys: set[str]) -> None:
        """Drop the entries of a stage that no key names."""
        folder = self.root / stage
        if not folder.is_dir():
            return
        for path in folder.glob("*/*"):
            if path.parent.name + path.name not in keys:
                path.unlink(missing_ok=True)
