"""`digest` as a person types it: each time a process of its own, forked from one that has the imports behind it.

An interpreter that imports everything takes longer than most of the commands that the tests run.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from build_tools.core.paths import ROOT
from build_tools.desk.cli import main

PATIENCE = 300  # seconds until a command that hangs fails its test
WRITES = os.O_WRONLY | os.O_RDWR
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [*(f"build_tools.desk.{name}" for name in ("build", "review", "explain", "pdf")), "mkdocs.commands.build",
     "materialx.emoji", "pymdownx.superfences", "opencc", "trafilatura", "tests.support.command"]
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A process that has ended: its exit code (minus the signal that killed it) and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


class Moment(NamedTuple):
    """Just before the `time`-th change of the disk of this kind: an audit event of Python whose path matches.

    `Moment("os.rename", "journal.json$")` is when the journal is whole beside its place and not yet there.
    """

    event: str
    path: str
    time: int = 1


def digest(
    *words: object,
    code: int | None = 0,
    before: Callable[[], None] | None = None,
    killed: Moment | None = None,
) -> Done:
    """Run `digest` with these words in the checkout, in English; `code` is the exit code wanted, None for any.

    `before` is called in the process first; at the moment `killed` it kills itself and all that it started.
    """
    done = forked(_digest, tuple(map(str, words)), before, killed)
    assert code is None or done.returncode == code, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done


def here(*words: object, code: int | None = 0, locale: str = "C") -> Done:
    """Run `digest` in this process, so that what a test changed in it (folder, environment, functions) holds."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, LC_ALL=locale), redirect_stdout(out), redirect_stderr(err):
        got = main([*map(str, words)])
    done = Done(got, out.getvalue(), err.getvalue())
    assert code is None or got == code, done
    assert "Traceback" not in done.stderr, done
    return done


def forked(work: Callable[..., object], *args: object) -> Done:
    """Call a function of a module in a process of its own; what it prints is kept. Arguments are pickled."""
    with ExitStack() as stack:
        out, err = (Path(stack.enter_context(tempfile.NamedTemporaryFile()).name) for _ in range(2))
        child: BaseProcess = _PROCESSES.Process(target=_call, args=((out, err), work, args))
        child.start()
        child.join(PATIENCE)
        if child.exitcode is None:
            child.kill()
            child.join()
        assert child.exitcode is not None
        return Done(child.exitcode, out.read_text("utf-8", "replace"), err.read_text("utf-8", "replace"))


def _call(files: tuple[Path, Path], work: Callable[..., object], args: tuple[object, ...]) -> None:
    """In the child: a session of its own, so that its whole family can be killed at once."""
    os.setsid()
    for number, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    os.chdir(ROOT)
    try:
        work(*args)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _digest(words: tuple[str, ...], before: Callable[[], None] | None, killed: Moment | None) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"
    if before is not None:
        before()
    if killed is not None:
        _kill_at(killed)

    sys.exit(main(words))


def _kill_at(moment: Moment) -> None:
    pattern, seen = re.compile(moment.path), 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event == moment.event and any(pattern.search(str(path)) for path in args[:2]):
            seen += event != "open" or bool(int(str(args[2])) & WRITES)
            if seen == moment.time:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)
