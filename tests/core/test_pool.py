"""Worker processes: they end with their parent, hold nothing of it, and their death costs one task."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from build_tools.core import workers
from build_tools.core.guard import BUDGET, Budget, Failed, failed, guarded
from build_tools.core.paths import ROOT
from build_tools.core.pool import Died, Pool

# A build in small: it holds the lock, its workers say that they work and do so until they are ended.
PARENT = """
import sys, time
from pathlib import Path
import signal
from build_tools.core import pool, workers
from build_tools.core.guard import Stopped, stoppable
from build_tools.core.paths import alone
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run under nohup, or as a shell's job, ignores both
signal.signal(signal.SIGHUP, signal.SIG_DFL)
work = Path(sys.argv[1])
if sys.argv[2] == "pipe":
    pool._signalled_by_the_system = lambda: False
def task(number):
    import os
    (work / f"worker-{os.getpid()}").write_text("")
    time.sleep(600)
with stoppable(), alone(work), workers.executor(2, None, 9) as some:
    try:
        print("started", flush=True)
        for _ in workers.run(some, task, range(9)):
            pass
    except Stopped as error:
        print("stopped", flush=True)
        raise SystemExit(error.code)
"""


def until(what: object) -> None:
    """Wait for a thing to be so; the test fails by pytest's own limits if it never is."""
    for _ in range(3000):
        if what():  # type: ignore[operator]
            return
        time.sleep(0.02)
    pytest.fail("it did not come about")


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("means", ["system", "pipe"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_killing_the_parent_alone_ends_its_workers_and_frees_the_lock(
    number: signal.Signals, means: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), means]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    until(lambda: len(list(tmp_path.glob("worker-*"))) == 2)
    pids = [int(path.name.removeprefix("worker-")) for path in tmp_path.glob("worker-*")]
    assert all(map(lives, pids)) and parent.pid not in pids
    told = (tmp_path / "lock").read_text("utf-8")
    assert told.startswith(f"{parent.pid}: ")
    os.kill(parent.pid, number)
    said = parent.communicate()[0]
    assert parent.returncode == (-9 if number is signal.SIGKILL else 128 + number)
    assert ("stopped" in said) == (number is not signal.SIGKILL)
    until(lambda: not any(map(lives, pids)))
    from build_tools.core.paths import alone

    with alone(tmp_path):  # free
        pass


def work(task: tuple[str, Sequence[int]]) -> list[int | Failed]:
    """Squares; a worker that comes to a negative number dies, of a 13 only once."""
    mark, numbers = task
    for number in numbers:
        if number < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 13 and not Path(mark).exists():
            Path(mark).write_text("", "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
    return [number * number for number in numbers]


def singly(task: tuple[str, Sequence[int]]) -> list[tuple[str, Sequence[int]]]:
    return [(task[0], [number]) for number in task[1]]


def lost(task: tuple[str, Sequence[int]], error: Died) -> int | Failed:
    return failed(f"articles/{task[1][0]}.txt", "read", f"fails: {error}")


def test_the_work_of_a_killed_worker_is_told_and_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = str(tmp_path / "mark")
    tasks = [(mark, [1, 2]), (mark, [3, 13, 4]), (mark, [5])]
    with Pool(2) as pool:
        found = dict(workers.run(pool, work, tasks, again=workers.one_by_one(singly, lost)))
    assert found == {0: [1, 4], 1: [9, 169, 16], 2: [25]}
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "was ended by SIGKILL; its work is done again" in said[0]


def test_an_article_on_which_workers_die_twice_is_that_lines_diagnostic(tmp_path: Path) -> None:
    tasks = [(str(tmp_path / "mark"), [1, -1, 2])]
    with Pool(1) as pool:
        results = dict(workers.run(pool, work, tasks, again=workers.one_by_one(singly, lost)))[0]
    assert results[0] == 1 and results[2] == 4
    assert isinstance(results[1], Failed)
    assert "articles/-1.txt: error: reading its facts fails: worker process" in str(results[1].diagnostic)


def test_a_task_that_is_not_cut_up_is_done_again_once(tmp_path: Path) -> None:
    with Pool(1) as pool:
        assert list(workers.run(pool, work, [(str(tmp_path / "mark"), [13])])) == [(0, [169])]
        with pytest.raises(Died, match="was ended by SIGKILL"):
            list(workers.run(pool, work, [(str(tmp_path / "mark"), [-1])]))


def spin(_: str) -> None:
    """In a library that answers no alarm, as lxml may be."""
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)


def spin_guarded(file: str) -> Failed | None:
    return guarded(file, "read", Budget(0.2), spin, file)


def test_a_worker_stuck_in_a_library_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("build_tools.core.guard.GRACE", 0.5)
    with Pool(1) as pool, pytest.raises(Died, match="it took too long"):
        pool.submit(spin_guarded, "articles/a.txt").result()


def test_what_the_guard_sets_it_takes_back() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)
    assert guarded("articles/a.txt", "read", BUDGET, lambda: 1) == 1
    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_full_disk_is_not_the_articles_fault() -> None:
    import errno

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        guarded("articles/a.txt", "index", BUDGET, full)
