"""`digest serve`: the preview answers on this machine only, and rebuilds when a file of the corpus changes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core.paths import ROOT

PATIENCE = 90  # seconds that a busy machine may take for one rebuild


def _get(address: str, wanted: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    seen = ""
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                seen = answer.read().decode("utf-8")
            if wanted in seen:
                return seen
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.3)
    raise AssertionError(f"{wanted!r} never stood at {address}: {seen[:200]}")


@pytest.mark.slow
def test_serve_rebuilds_when_an_article_is_added_and_tells_a_taken_port(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "articles").mkdir(parents=True)
    name, text = article(1)
    (corpus / "articles" / f"{name}.txt").write_text(text, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "build_tools",
        "serve",
        "--corpus",
        corpus,
        "--out",
        tmp_path / "out",
        "--port",
        port,
    ]
    # A shell has its background jobs ignore Ctrl-C, and their children with them: a test run may be one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        root = f"http://127.0.0.1:{port}/"
        _get(f"{root}articles/{name}/", "会议指出", process)
        (corpus / "articles" / "new.txt").write_text(
            text.replace("会议指出", "大会指出") + "新增一段话，会议要求抓好落实。\n", "utf-8"
        )
        _get(f"{root}articles/new/", "新增一段话", process)
        for missing in ("nowhere/", "%00"):
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(f"{root}{missing}", timeout=5)
            assert answer.value.code == 404 and "生态环境会议文摘" in answer.value.read().decode("utf-8")
            answer.value.close()
        again = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
        assert again.returncode == 1 and f"port {port}" in again.stderr
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
