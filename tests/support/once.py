"""What is costly to make and never changed is made once a run, whichever worker of pytest-xdist asks first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


class Once:
    """Folders that all workers of a run share.

    `once("name", make)` calls `make(folder)` the first time that any worker asks, and gives the folder.
    Raises what `make` raises; the next who asks tries again.
    """

    def __init__(self, temporary: Path) -> None:
        self.root = temporary.parent if "PYTEST_XDIST_WORKER" in os.environ else temporary

    def __call__(self, name: str, make: Callable[[Path], object]) -> Path:
        folder, done = self.root / name, self.root / f"{name}.made"
        with (self.root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                make(folder)
                done.touch()
        return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    return Once(tmp_path_factory.getbasetemp())
