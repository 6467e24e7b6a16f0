"""Where a build reads and writes, whose files lie there, and the lock on it."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from build_tools.core.diagnostics import Diagnostic
from build_tools.core.files import unfit
from build_tools.core.messages import NOTHING, Message, Stop, say

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent  # the checkout, if the package is in one: ask `project`
CONFIG = "mkdocs.yml"
WORK = ".digest"  # the cache, the state and the lock

# Folders below docs/ that belong to the generator (git-ignored); all else there is hand-written.
GENERATED = (
    "articles",
    "people",
    "themes",
    "organizations",
    "timeline",
    "series",
    "commitments",
    "coverage",
    "formulations",
    "data",
    "raw",
    "edits",
    "feeds",
    "pdf",
    "zh-hant",
)
GENERATED_TOP = ("index.md",)
LARGEST = 100_000_000  # bytes of a hand-written file, as on GitHub
PRIVATE = (
    "decisions",
    "handbook",
    "architecture.md",
    "cli.md",
    "reading.md",
)  # for maintainers and curators, not for readers


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
        return cls(corpus, base / "docs", base / "site", base / WORK, home / CONFIG, home / "docs")


class Busy(Stop):
    """Another build works in the same folder."""


class Foreign(Stop):
    """What lies in the folder is somebody else's."""


def strange(path: Path) -> Message:
    """What is said of a file that lies where ours do, and is not one of them."""
    return say("{} was not made here: move it away, or give another --out", path)


def refuse_foreign(places: Places) -> None:
    """Raise Foreign for a folder in which no build has been and something lies, and for one that is a link.

    Looked at before even the lock is made. What a build made in a folder of its own is state.begin's to tell.
    """
    shared = places.docs.resolve() == places.pages.resolve()
    for folder in (places.docs, places.site):
        if folder.is_symlink():
            raise Foreign(say("{} is a link: give the folder itself, or another --out", folder))
        for path in folder.iterdir() if folder.is_dir() else ():
            ours = not (shared and folder == places.docs) or path.name in GENERATED
            if ours and path.is_symlink() and path.is_dir():
                raise Foreign(say("{} is a link: remove it, or give another --out", path))
    if (places.work / "state.json").exists() or (places.work / "journal.json").exists():
        return
    for folder in (places.docs, places.site):
        for name in files_below(folder):
            if folder == places.site or not shared or name.partition("/")[0] in GENERATED:
                raise Foreign(
                    say("{}; if {} was deleted, delete {} too", strange(folder / name), WORK, _made(places))
                )


def _made(places: Places) -> str:
    """What builds made here, as a shell reads it: to be deleted by who deleted the record of it."""
    docs = str(places.docs)
    if places.docs.resolve() == places.pages.resolve():
        docs += "/{" + ",".join(name for name in GENERATED if (places.docs / name).exists()) + "}"
    return " ".join([str(places.site)] * places.site.exists() + [docs] * places.docs.exists())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process dies. Raises Busy.

    The lock holds the process's number and command, for whoever finds it taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            told = os.pread(file, 1000, 0).decode("utf-8", "replace").strip()
            raise Busy(
                say(
                    "another build works in {}{}; wait for it to end, or give another --out",
                    folder.parent,
                    say(" (process {})", told) if told else NOTHING,
                )
            ) from error
        _held.add(file)
        os.ftruncate(file, 0)
        command = "".join(char if char.isprintable() else "?" for char in " ".join(sys.argv))
        os.pwrite(file, f"{os.getpid()}: {command[:300]}\n".encode("utf-8", "replace"), 0)
        yield
        os.ftruncate(file, 0)
    finally:
        _held.discard(file)
        os.close(file)


_held: set[int] = set()


def _let_go() -> None:
    """A forked worker holds no lock: it would outlive the build's."""
    for file in _held:
        os.close(file)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


def hand_written(source: Path) -> Iterator[str]:
    """Paths below the hand-written docs that go into the site; generated ones may be among those at the top."""
    return (name for name, fault in _by_hand(source) if fault is None)


def left_out(source: Path) -> list[Diagnostic]:
    """What lies among the hand-written docs and is not published: a link would publish a file of the host."""
    return [
        Diagnostic(f"{source.name}/{name}", 0, "error", *fault) for name, fault in _by_hand(source) if fault
    ]


def _by_hand(source: Path) -> Iterator[tuple[str, tuple[Message, Message] | None]]:
    for name in files_below(source, (*GENERATED, *PRIVATE, *GENERATED_TOP)):
        yield name, unfit(source / name, LARGEST)


class Tree(NamedTuple):
    """What lies below a folder: its files, and of each folder ('' is itself) when an entry of it last came, went or
    was replaced (ns)."""

    files: set[str]
    times: dict[str, int]


UNSEEN = Tree(set(), {})


def tree_below(root: Path, before: Tree = UNSEEN) -> Tree:
    """The files below a folder as `files_below` finds them; a folder that has its time of `before` holds what it held.

    A file that is written to in place leaves its folder's time as it is: that is not seen.
    """
    held: dict[str, list[str]] = {}
    inside: dict[str, list[str]] = {}
    for path in before.files:
        held.setdefault(path.rpartition("/")[0], []).append(path)
    for folder in before.times:
        if folder:
            inside.setdefault(folder.rpartition("/")[0], []).append(folder)
    files, times = set[str](), dict[str, int]()
    todo = [""]
    while todo:
        here = todo.pop()
        try:
            time = os.stat(f"{root}/{here}").st_mtime_ns  # noqa: PTH116  28,000 of them, a third of Path's time
            if before.times.get(here) == time:
                files.update(held.get(here, ()))
                todo += inside.get(here, ())
            else:
                for path, is_folder in _entries(str(root), here):
                    if is_folder:
                        todo.append(path)
                    else:
                        files.add(path)
        except FileNotFoundError:
            continue
        times[here] = time
    return Tree(files, times)


def files_below(root: Path, without: Collection[str] = ()) -> Iterator[str]:
    """Paths of all files below a folder, relative to it, with slashes; hidden ones are their owner's.

    `without`: entries of the folder itself that are left out.
    """
    todo = [""]
    while todo:
        try:
            for path, is_folder in _entries(str(root), todo.pop()):
                if path in without:
                    continue
                if is_folder:
                    todo.append(path)
                else:
                    yield path
        except FileNotFoundError:
            continue


def _entries(root: str, folder: str) -> Iterator[tuple[str, bool]]:
    """Each entry of a folder below `root` by its path, and whether it is a folder. Raises FileNotFoundError."""
    prefix = f"{folder}/" if folder else ""
    with os.scandir(f"{root}/{folder}") as entries:
        for entry in entries:
            if entry.name.startswith(".") and not entry.name.startswith(".tmp-"):
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder or not (entry.is_symlink() and entry.is_dir()):  # a linked folder is its owner's
                yield prefix + entry.name, is_folder
