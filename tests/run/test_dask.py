"""The same work on an existing Dask cluster of separate worker processes: the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from build_tools.core.paths import ROOT
from tests.support.command import digest
from tests.support.corpus import build, make, tree

pytestmark = pytest.mark.slow


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    corpus = make(tmp_path / "corpus", range(6))
    build(corpus, tmp_path / "a", 0, "--jobs", 1)
    where = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(where)]  # fmt: skip
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nworkers", "2",
              "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path / "dask")]  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    processes = [subprocess.Popen(dask, **quiet)]  # type: ignore[call-overload]
    try:
        for _ in range(200):
            if where.exists():
                break
            time.sleep(0.1)
        processes.append(subprocess.Popen(worker, **quiet))  # type: ignore[call-overload]
        address = json.loads(where.read_text("utf-8"))["address"]
        build(corpus, tmp_path / "b", 0, "--scheduler", address)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(20)
    assert tree(tmp_path / "a" / "site") == tree(tmp_path / "b" / "site")


def test_no_cluster_at_the_address_is_one_clear_line(tmp_path: Path) -> None:
    corpus = make(tmp_path / "corpus", range(1))
    said = digest(
        "build", "--corpus", corpus, "--out", tmp_path / "a", "--scheduler", "tcp://127.0.0.1:9", code=1
    )
    assert "no Dask scheduler answers" in said.stderr and "Traceback" not in said.stderr
