"""Where work runs: in this process, in processes of this machine, or on an existing Dask cluster.

All three are a `concurrent.futures.Executor`, and tasks are module-level functions
of plain data that return plain data, so that the same work gives the same bytes anywhere.
"""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from build_tools.core.guard import BUDGET, Budget, tell
from build_tools.core.messages import Stop, say
from build_tools.core.pool import Died, Pool

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the garbage collector off while millions of small objects without cycles are made, then freeze them.

    Each full collection walks them all: with it, linking 10,000 articles takes three times as long, and the
    chapters of 1,000 a third longer.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


@dataclass(frozen=True)
class Settings:
    """What a run may be told. `pdf_limit`: print PDFs while there are at most so many articles; `mirror_limit`: make
    the Traditional mirror while there are; `plain_limit`: publish the open data as plain files while there are.

    `editor`, `contact`: who edits the site and where to report an error (core.site.Imprint).
    `budget`: what a stage may take for one article. `host_limit`: MB of a site that its host takes.
    """

    jobs: int | None = None
    scheduler: str | None = None
    site_url: str | None = None
    editor: str = ""
    contact: str = ""
    pdf_limit: int = 300
    mirror_limit: int = 300
    plain_limit: int = 300
    host_limit: int = 1000
    budget: Budget = BUDGET


def processes(jobs: int | None) -> int:
    """How many processes `--jobs` gives: one a core without it."""
    return jobs or os.cpu_count() or 1


class Inline(Executor):
    """Runs each task at once in this process: for little work, starting processes costs more."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class SchedulerError(Stop):
    """The cluster at the address given cannot be used; the message says what to do."""


@contextmanager
def executor(
    jobs: int | None, scheduler: str | None, tasks: int, *, fresh: bool = False
) -> Iterator[Executor]:
    """An executor for `tasks` tasks. Raises SchedulerError.

    `fresh` processes begin empty: slower to start, but without the memory of this one.
    """
    if scheduler is not None:
        with _cluster(scheduler) as pool:
            yield pool
        return
    count = min(processes(jobs), tasks)
    if count <= 1:
        yield Inline()
        return
    with Pool(count, fresh=fresh) as processes_here:
        yield processes_here


@contextmanager
def ready(module: str, jobs: int | None, scheduler: str | None) -> Iterator[Pool | None]:
    """A process that imports a module while this one does something else; None where it would not be beside this one.

    Whoever has it ends it before other processes are begun: a fork beside its thread may hang.
    """
    if scheduler is not None or processes(jobs) == 1:
        yield None
        return
    pool = Pool(1)
    pool.submit(_import, module)
    try:
        yield pool
    finally:
        pool.kill()


def _import(module: str) -> None:
    importlib.import_module(module)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415  an extra
    except ImportError as error:
        raise SchedulerError(say("--scheduler needs Dask: install the extra [dask]")) from error
    try:
        client: Any = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise SchedulerError(
            say("no Dask scheduler answers at {}: start one, or leave --scheduler out", address)
        ) from error
    try:
        pool: Executor = client.get_executor(pure=False)
        yield pool
    finally:
        client.close()


def run(
    pool: Executor,
    fn: Callable[[T], R],
    tasks: Iterable[T],
    ahead: int = 512,
    again: Callable[[T, Callable[[T], R]], R] | None = None,
) -> Iterator[tuple[int, R]]:
    """(index, result) of each task as it is done; the first failure is raised.

    Tasks are drawn only `ahead` of the work and no result is kept here: of a large corpus neither
    all tasks nor all results need be in memory. The task of a worker that died is told in one line and
    done again: by `again(task, do)`, where it may be cut up, else as a whole. Raises Died when that dies too.
    """

    def do(task: T) -> R:
        return pool.submit(fn, task).result()

    waiting: dict[Future[R], tuple[int, T]] = {}
    numbered = iter(enumerate(tasks))
    while True:
        while len(waiting) < ahead and (drawn := next(numbered, None)) is not None:
            waiting[pool.submit(fn, drawn[1])] = drawn
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            index, task = waiting.pop(future)
            try:
                result = future.result()
            except Died as error:
                tell(say("{}; its work is done again", error.message))
                result = again(task, do) if again is not None else do(task)
            yield index, result


def one_by_one(
    items: Callable[[T], Sequence[T]], lost: Callable[[T, Died], R]
) -> Callable[[T, Callable[[T], list[R]]], list[R]]:
    """An `again` for `run`: each item of a task as a task of its own; `lost` of one that a worker dies on again."""

    def again(task: T, do: Callable[[T], list[R]]) -> list[R]:
        results: list[R] = []
        for one in items(task):
            try:
                results += do(one)
            except Died as error:
                results.append(lost(one, error))
        return results

    return again


def asked_again(cached: Callable[[T], R]) -> Callable[[T], R]:
    """A cached function of a registry that is asked for the same object article after article: hashing one takes 0.1 ms.

    >>> length = asked_again(len)
    >>> length("abc"), length("abcd")
    (3, 4)
    """
    last: list[Any] = []

    def ask(argument: T) -> R:
        if not last or last[0] is not argument:
            last[:] = argument, cached(argument)
        found: R = last[1]
        return found

    return ask


def chunks(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """
    >>> chunks("abcde", 2)
    ['ab', 'cd', 'e']
    """
    return [items[at : at + size] for at in range(0, len(items), size)]
