"""Worker processes that end with their parent, hold nothing of it, and whose death costs one task.

`concurrent.futures` gives up all work when one worker is killed, leaves the others waiting when the
parent is, and lets them hold the parent's lock. Here a thread each waits for one process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import ForkContext, SpawnContext
from types import TracebackType
from typing import Any, TypeVar

from build_tools.core import guard
from build_tools.core.messages import Message, Stop, say

R = TypeVar("R")
PDEATHSIG = 1  # prctl(2)


class Died(Stop):
    """A worker process ended while it had a task; the message says how."""


class Pool(Executor):
    """`count` processes. With `fresh` ones begin empty, else they are forked."""

    def __init__(self, count: int, *, fresh: bool = False) -> None:
        context = get_context("spawn") if fresh else get_context("fork")
        self._workers = [_Worker(context) for _ in range(count)]  # before any thread: forks
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count)
        self._over = False

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        return self._threads.submit(self._run, fn, args, kwargs)

    def _run(self, fn: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        worker = self._idle.get()
        try:
            result: R = worker.call(fn, args, kwargs)
            return result
        except Died:
            if not self._over:
                self._workers.remove(worker)
                worker = _Worker(get_context("spawn"))  # a fork beside threads may hang
                self._workers.append(worker)
            raise
        finally:
            self._idle.put(worker)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._over = True
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            worker.end()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is not None:  # Ctrl-C, or a task failed: the rest is not waited for
            self.kill()
        self.shutdown()

    def kill(self) -> None:
        """End the processes whatever they do."""
        self._over = True
        for worker in self._workers:
            worker.process.kill()
        self.shutdown(cancel_futures=True)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, context: ForkContext | SpawnContext) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()

    def call(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Raises Died, or what the task raised."""
        try:
            self.pipe.send((fn, args, kwargs))
            good, value = self.pipe.recv()
        except (EOFError, OSError) as error:
            self.process.join(1)
            raise Died(self._death()) from error
        if not good:
            raise value
        return value

    def _death(self) -> Message:
        code = self.process.exitcode
        if code is not None and code < 0:
            return say("worker process {} was ended by {}", self.process.pid, signal.Signals(-code).name)
        return say(
            "worker process {} ended itself (code {}): it took too long, or a library gave up",
            self.process.pid,
            code,
        )

    def end(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.pipe.send(None)
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def library_threads() -> bool:
    """Whether a library has threads in this process: in a fork they are gone, and the library waits for them.

    Typst does, once it has printed here. Where it cannot be known the answer is yes.
    """
    try:
        return len(os.listdir("/proc/self/task")) > threading.active_count()  # noqa: PTH208
    except OSError:
        return True


def _work(pipe: connection.Connection, parent: int) -> None:
    """What a worker process does: tasks, one after the other."""
    _end_with(parent)
    guard.in_worker = True
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent's to answer; it ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        if task is None:
            return
        fn, args, kwargs = task
        answer: tuple[bool, Any]
        try:
            answer = (True, fn(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        try:
            pipe.send(answer)
        except OSError:
            return  # the parent is gone
        except Exception as error:  # what cannot be pickled
            pipe.send((False, RuntimeError(f"{type(error).__name__}: {error}; {answer[1]!r:.300}")))


def _end_with(parent: int) -> None:
    """Have this process end when its parent does, whatever ends that."""
    if not _signalled_by_the_system():
        threading.Thread(target=_watch, daemon=True).start()
    elif os.getppid() != parent:  # it ended before the system was asked
        os._exit(1)


def _signalled_by_the_system() -> bool:
    """Linux: the system kills this process when its parent ends, even in the midst of a regular expression."""
    if sys.platform != "linux":
        return False
    try:
        done: int = ctypes.CDLL(None).prctl(PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return done == 0


def _watch() -> None:
    """Elsewhere: the end of a pipe that the parent held is readable when it is gone."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
