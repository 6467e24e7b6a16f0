"""Write `docs/`: a file only when its bytes changed, and nothing left over from a former build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from build_tools.cache import write_atomic

# Folders and files below docs/ that belong to the generator (git-ignored); all else is hand-written.
GENERATED = (
    "articles", "people", "themes", "organizations", "timeline", "formulations",
    "search", "data", "raw", "feeds", "volumes",
)  # fmt: skip


def write_docs(docs: Path, files: Mapping[str, bytes], known: Mapping[str, str], keys: Mapping[str, str]) -> int:
    """Make the generated part of `docs` hold exactly `files` (path below docs → bytes).

    `known` and `keys` are the content keys of the last build and of this one: a file
    whose key did not change and which is there is not read again. Returns how many
    files were written. Hand-written files are never touched.
    """
    written = 0
    for name, data in files.items():
        path = docs / name
        if known.get(name) == keys[name] and path.exists():
            continue
        if not path.exists() or path.read_bytes() != data:
            write_atomic(path, data)
            written += 1
    for folder in GENERATED:
        root = docs / folder
        if not root.is_dir():
            continue
        for path in sorted(root.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(docs).as_posix() not in files:
                path.unlink()
        if not any(root.iterdir()):
            root.rmdir()
    return written
