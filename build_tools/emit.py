"""Write `docs/`: a file only when its content changed, and nothing left over from a former build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from build_tools.assemble import Target
from build_tools.cache import write_atomic
from build_tools.progress import Progress

# Folders below docs/ that belong to the generator (git-ignored); all else there is hand-written.
GENERATED = ("articles", "people", "themes", "organizations", "timeline", "formulations", "data", "raw", "feeds", "pdf")
PRIVATE = ("decisions", "architecture.md")  # for maintainers, not for readers


def write_docs(
    docs: Path, hand_written: Path, wanted: Mapping[str, Target], known: Mapping[str, str], progress: Progress
) -> int:
    """Make the generated part of `docs` hold exactly `wanted`; returns how many files were written.

    `known` holds the keys of the last good build: a file whose key did not change and
    which is there is not made again. Hand-written files are copied when `docs` is
    another folder, and never touched when it is the same.
    """
    written = 0
    for name, target in wanted.items():
        path = docs / name
        if known.get(name) != target.key or not path.exists():
            written += _write(path, target.make())
        progress.step()
    own = set(wanted)
    if docs.resolve() != hand_written.resolve():
        for path in sorted(hand_written.rglob("*")):
            name = path.relative_to(hand_written).as_posix()
            if path.is_file() and name.partition("/")[0] not in (*GENERATED, *PRIVATE) and name not in wanted:
                written += _write(docs / name, path.read_bytes())
                own.add(name)
        _sweep(docs, docs, own)
    else:
        for folder in GENERATED:
            _sweep(docs / folder, docs, own)
    return written


def _write(path: Path, data: bytes) -> bool:
    if path.exists() and path.read_bytes() == data:
        return False
    write_atomic(path, data)
    return True


def _sweep(folder: Path, docs: Path, keep: set[str]) -> None:
    """Remove every file below `folder` that is not wanted, and the folders that this empties."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(docs).as_posix() not in keep:
            path.unlink()
