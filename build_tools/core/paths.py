"""Where a build reads and writes, whose files lie there, and the lock on it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from build_tools.core.messages import Stop, say

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent  # the checkout, if the package is in one: ask `project`
CONFIG = "mkdocs.yml"

# Folders below docs/ that belong to the generator (git-ignored); all else there is hand-written.
GENERATED = (
    "articles",
    "people",
    "themes",
    "organizations",
    "timeline",
    "series",
    "formulations",
    "data",
    "raw",
    "edits",
    "feeds",
    "pdf",
)
GENERATED_TOP = ("index.md",)
PRIVATE = ("decisions", "architecture.md", "cli.md")  # for maintainers, not for readers


class NoProject(Stop):
    """The corpus belongs to no project: what a site is called, and its hand-written pages, are nowhere."""


def project(corpus: Path | None = None) -> Path:
    """The folder that has `mkdocs.yml`, `corpus/` and `docs/`: the parent of `corpus`, without one the current folder.

    If that has no `mkdocs.yml`, the checkout is the project, when the package is in one.
    """
    here = corpus.resolve().parent if corpus is not None else Path.cwd()
    return ROOT if not (here / CONFIG).is_file() and (ROOT / CONFIG).is_file() else here


@dataclass(frozen=True)
class Places:
    """Where a build reads and writes. In a project: docs/, site/, .digest/."""

    corpus: Path
    docs: Path
    site: Path
    work: Path
    config: Path = ROOT / CONFIG
    pages: Path = ROOT / "docs"  # the hand-written ones

    @classmethod
    def of(cls, corpus: Path, out: Path | None) -> Places:
        """The places of a corpus; `out`: write there instead of into its project. Raises NoProject."""
        home = project(corpus)
        if not (home / CONFIG).is_file():
            raise NoProject(
                say("{} has no {}: `digest init` makes a project in an empty folder", home, CONFIG)
            )
        base = out if out is not None else home
        return cls(corpus, base / "docs", base / "site", base / ".digest", home / CONFIG, home / "docs")


class Busy(Stop):
    """Another build works in the same folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process dies. Raises Busy."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(
                say("another build works in {}; wait for it to end, or give another --out", folder.parent)
            ) from error
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def hand_written(source: Path) -> Iterator[str]:
    """Paths below the hand-written docs that go into the site; generated ones may be among those at the top."""
    for name in files_below(source):
        if name.partition("/")[0] not in (*GENERATED, *PRIVATE) and name not in GENERATED_TOP:
            yield name


def files_below(folder: Path) -> Iterator[str]:
    """Paths of all files below a folder, relative to it, with slashes."""
    todo = [("", str(folder))]
    while todo:
        prefix, where = todo.pop()
        try:
            entries = os.scandir(where)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append((f"{prefix}{entry.name}/", entry.path))
                elif not (entry.is_symlink() and entry.is_dir()):  # a linked folder is its owner's
                    yield prefix + entry.name
