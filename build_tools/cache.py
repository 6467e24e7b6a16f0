"""Stage results keyed by the content hashes of all that they depend on. No mtimes, no clock."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent


def key_of(*parts: str | bytes) -> str:
    """A key of all parts, in order; no two different tuples of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:40]


# Read by pattern: parsing seventy modules costs every build 0.35 s. tests/test_convert.py compares with the parser.
_IMPORT = re.compile(r"^[ ]*from build_tools(?:\.(\w+))? import (?:\(([^)]*)\)|([^\n#]*))", re.MULTILINE)


@cache
def imports(name: str) -> frozenset[str]:
    """The modules of this package that a module imports, anywhere in it."""
    found: set[str] = set()
    for module, several, line in _IMPORT.findall((PACKAGE / f"{name}.py").read_text("utf-8")):
        found |= (
            {module} if module else {part.split()[0] for part in (several or line).split(",") if part.strip()}
        )
    return frozenset(found)


def reach(*modules: str) -> frozenset[str]:
    """The modules themselves and all of this package that they import, directly or not.

    >>> sorted(reach("edits"))
    ['edits', 'models', 'pickled', 'text']
    """
    seen: set[str] = set()
    todo = list(modules)
    while todo:
        name = todo.pop()
        if name not in seen and (PACKAGE / f"{name}.py").exists():
            seen.add(name)
            todo += imports(name)
    return frozenset(seen)


@cache
def code_key(*modules: str, folders: tuple[str, ...] = ("data",)) -> str:
    """The version of a stage: a hash of the modules that it reaches and of the files below `folders`."""
    paths = [PACKAGE / f"{name}.py" for name in sorted(reach(*modules))]
    for folder in folders:
        paths += sorted(
            p for p in (PACKAGE / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts
        )
    return key_of(*(part for path in paths for part in (str(path.relative_to(PACKAGE)), path.read_bytes())))


def versions(*packages: str) -> str:
    """Names and versions of installed packages, for the keys of what they make."""
    return " ".join(f"{name} {version(name)}" for name in packages)


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads it sees the old bytes or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


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
