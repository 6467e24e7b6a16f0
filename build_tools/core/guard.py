"""Whatever a stage does with one article becomes that article's diagnostic, and no article takes more than its budget.

A stage runs through `guarded`: here and nowhere else an exception becomes a line. What is no matter of
the article (a full disk, Ctrl-C) goes through.
"""

from __future__ import annotations

import contextlib
import errno
import faulthandler
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.edits import EditError
from build_tools.core.messages import Message, say

R = TypeVar("R")
T = TypeVar("T")

PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"
# Stage → what it does, and what is left out when it fails.
STAGES = {
    "decode": (say("decoding it"), say("the article is left out")),
    "clean": (say("cleaning it"), say("the article is left out")),
    "read": (say("reading its facts"), say("the article is left out")),
    "link": (say("linking it with the others"), say("it is left out")),
    "render": (say("making its page"), say("its page shows the plain text alone")),
    "edits": (say("writing its ledger"), say("the file of its edits is empty")),
    "print": (say("printing it"), say("it is in no PDF")),
    "pack": (say("printing it"), say("this PDF is left out, and no page links to it")),
    "list": (say("making this list"), say("its pages stay as they were, or say that they were not made")),
    "html": (say("turning it into HTML"), say("the page says that it was not made")),
    "index": (say("indexing it"), say("search does not find it")),
}
REMEDY = say("all else is built; send this line and the file to the maintainers, or take the article out")
FAULTY = 20  # more than that is no matter of single articles
GRACE = 5  # seconds more before a worker that does not answer its alarm ends itself
# Faults of the machine: they meet every article alike.
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}

in_worker = False  # set by core.pool in its processes: a worker may end itself, the main process may not


class Budget(NamedTuple):
    """What a stage may take for one article: seconds, and bytes of memory beyond what the process had before."""

    seconds: float = 60
    memory: int = 2 << 30


BUDGET = Budget()


class OverBudget(BaseException):
    """An article took too long. No `except Exception` on the way catches it."""


class Failed(NamedTuple):
    """A stage failed for one article. Never cached: the next build tries again."""

    diagnostic: Diagnostic


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Note the stage on what is raised inside, for `guarded` further out."""
    try:
        yield
    except (Exception, OverBudget) as error:
        error.__dict__.setdefault("stage", name)
        raise


def guarded(file: str, name: str, budget: Budget, fn: Callable[..., R], *args: object) -> R | Failed:
    """`fn(*args)`, or the diagnostic of `file` that stage `name` failed.

    Raises KeyboardInterrupt, and OSError for what is the machine's fault.

    >>> guarded("articles/甲.txt", "print", Budget(), lambda: 1 // 0).diagnostic.what
    'printing it fails: ZeroDivisionError: integer division or modulo by zero'
    """
    try:
        with _within(budget):
            return fn(*args)
    except CorpusError as error:
        return Failed(error.diagnostic)
    except OverBudget as error:
        return failed(
            file, _stage(error, name), say("takes more than {:g} s{}", budget.seconds, _where(error))
        )
    except MemoryError as error:
        return failed(
            file, _stage(error, name), say("takes more than {} MiB{}", budget.memory >> 20, _where(error))
        )
    except EditError as error:
        what = say("would alter the text: THE LEDGER DOES NOT LEAD BACK TO THE SOURCE ({})", _told(error))
        return failed(file, _stage(error, name), what)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in MACHINE:
            raise
        return failed(file, _stage(error, name), say("fails: {}{}", _told(error), _where(error)))


def failed(file: str, name: str, what: Message, line: int = 0) -> Failed:
    """The one line of a stage that failed for the article in `file`, or for the entry of a registry at `line`."""
    doing, loss = STAGES[name]
    return Failed(Diagnostic(file, line, "error", say("{} {}", doing, what), say("{}, {}", loss, REMEDY)))


def without_faulty(items: Sequence[T], work: Callable[[Sequence[T]], R]) -> tuple[R, list[tuple[T, Message]]]:
    """`work(items)` of a stage that looks at all at once, and those items, with why, without which it does not fail.

    Raises what `work` raises for no items, or still without the FAULTY that it fails for first.

    >>> without_faulty([1, 0, 2], lambda some: sum(4 // one for one in some))[0]
    6
    """
    faulty: list[tuple[T, Message]] = []
    while True:
        try:
            return work(items), faulty
        except Exception as error:
            if not items or len(faulty) == FAULTY or (isinstance(error, OSError) and error.errno in MACHINE):
                raise
            least, most = (
                0,
                len(items),
            )  # it does not fail for so many of the first ones, and does for so many
            while most - least > 1:
                half = (least + most) // 2
                try:
                    work(items[:half])
                    least = half
                except Exception as again:
                    most, error = half, again
            faulty.append((items[least], say("fails: {}{}", _told(error), _where(error))))
            items = [*items[:least], *items[most:]]


def _stage(error: BaseException, name: str) -> str:
    told: str = error.__dict__.get("stage", name)
    return told


def _told(error: BaseException) -> str:
    """The error on one line, control characters shown."""
    text = f"{type(error).__name__}: {error}".strip(": ")
    text = "".join(char if char.isprintable() else " " for char in text)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _where(error: BaseException) -> str:
    """The innermost place in this package that the error went through."""
    places = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(PACKAGE)
    ]
    inner = [frame for frame in places if frame.filename != __file__]
    return f" ({inner[-1].filename.removeprefix(PACKAGE)}:{inner[-1].lineno})" if inner else ""


@contextlib.contextmanager
def _within(budget: Budget) -> Iterator[None]:
    """Raise OverBudget or MemoryError in what goes on inside for too long or takes too much.

    An alarm also interrupts a regular expression, but no compiled library: there a worker is ended.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _late)
    limits = _limit_memory(budget.memory)
    try:
        signal.setitimer(signal.ITIMER_REAL, budget.seconds, 1)  # again: what __del__ raises is lost
        if in_worker:
            faulthandler.dump_traceback_later(budget.seconds + GRACE, exit=True, file=_nowhere())
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if in_worker:
            faulthandler.cancel_dump_traceback_later()
        if limits is not None:
            resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGALRM, before)


def _late(*_: object) -> None:
    raise OverBudget


def _limit_memory(more: int) -> tuple[int, int] | None:
    """Allow this process `more` bytes; returns the limits before, None where the system has no such limit."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        limits = resource.getrlimit(resource.RLIMIT_AS)
        wanted = pages * resource.getpagesize() + more
        if limits[0] != resource.RLIM_INFINITY and limits[0] <= wanted:
            return None
        resource.setrlimit(resource.RLIMIT_AS, (wanted, limits[1]))
    except (OSError, ValueError):
        return None
    return limits


_files: list[int] = []


def _nowhere() -> int:
    """A descriptor that takes the watchdog's traceback: the parent says the one line."""
    if not _files:
        _files.append(os.open(os.devnull, os.O_WRONLY))
    return _files[0]


class Stopped(KeyboardInterrupt):
    """TERM or HUP: the build ends as it does on Ctrl-C. `code` is the exit code, 128 and the signal's number."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.code = 128 + number


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Have TERM and HUP raise Stopped inside, and Ctrl-C too. A signal that is ignored (nohup) stays so."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    here = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in numbers if here}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    for number, handler in before.items():
        if handler in usual:
            signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _: object) -> None:
    raise Stopped(number)


word: Callable[[str], str] = str  # how the desk words a message


def tell(line: Message) -> None:
    """One line on standard error, in place of a living line of progress."""
    clear = "\r\033[K" if sys.stderr.isatty() else ""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{clear}digest: {word(line)}\n")
        sys.stderr.flush()
