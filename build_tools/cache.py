"""Stage results keyed by the content hashes of all that they depend on. No mtimes, no clock."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


def key_of(*parts: str | bytes) -> str:
    """A key of all parts, in order; no two different tuples of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:40]


@cache
def code_key(*names: str) -> str:
    """The version of a stage: a hash of the named modules and data files below build_tools.

    A name ending in `/` stands for every file below that folder.
    """
    root = Path(__file__).parent
    parts: list[str | bytes] = []
    for name in sorted(names):
        paths: Iterable[Path] = [root / name]
        if name.endswith("/"):  # `./` is the whole package
            paths = sorted(p for p in (root / name).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for path in paths:
            parts += [str(path.relative_to(root)), path.read_bytes()]
    return key_of(*parts)


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

    def keep_only(self, stage: str, keys: set[str]) -> None:
        """Drop the entries of a stage that no key names."""
        folder = self.root / stage
        if not folder.is_dir():
            return
        for path in folder.glob("*/*"):
            if path.parent.name + path.name not in keys:
                path.unlink(missing_ok=True)
