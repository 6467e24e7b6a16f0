"""`digest bench`: our build against its peers, on the same articles in the same run.

Prints ratios; seconds of a shared machine mean little by themselves. Every build is a
process of its own, whose wall time, processor time and peak memory the system tells.
"""

from __future__ import annotations

import json
import math
import os
import pstats
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from build_tools.bench import corpus as bench_corpus
from build_tools.core.diagnostics import Report
from build_tools.core.messages import say
from build_tools.core.paths import ROOT
from build_tools.desk.command import Value, a_command, jobs, number, one_of

LEAST = 0.01  # of a build: smaller shares are not told
STAGES = re.compile(r"(\w+) ([\d.]+) s")


@dataclass(frozen=True)
class Run:
    """One process with its workers: what was measured, at how many articles, seconds, processor seconds, peak MiB
    of the largest."""

    what: str
    articles: int
    seconds: float
    processor: float
    mebibytes: float
    stages: tuple[tuple[str, float], ...] = ()


@a_command
@click.argument(
    "what",
    default="build",
    type=one_of("build", "convert", "search", "pdf", "serve"),
    metavar="[build|convert|search|pdf|serve]",
    help=say("default: build"),
)
@click.option(
    "--articles",
    type=Value(lambda text: tuple(map(number, text.split(",")))),
    default=(1000,),
    metavar="N[,N…]",
    help=say("default 1000"),
)
@click.option("--json", "target", type=Value(Path), metavar="FILE", help=say("write the figures there too"))
@click.option("--no-peers", is_flag=True, help=say("only our own figures"))
@click.option(
    "--repeat",
    type=Value(number),
    default=1,
    metavar="N",
    help=say("measure each change N times, on another article each, and print the median"),
)
@click.option(
    "--keep", type=Value(Path), metavar="DIR", help=say("work in this folder and leave corpus and site there")
)
@click.option("--short", is_flag=True, help=say("serve: a glance, only to see it run"))
@click.option("--profile", is_flag=True, help=say("print the share of each room in each build, on one core"))
@jobs
def command(
    report: Report,
    what: str,
    articles: tuple[int, ...],
    target: Path | None,
    no_peers: bool,
    repeat: int,
    keep: Path | None,
    short: bool,
    profile: bool,
    jobs: int | None,
) -> int:
    if what == "convert":
        from build_tools.bench import convert  # noqa: PLC0415  only what is measured loads

        return convert.main(articles[0], target)
    if what == "search":
        from build_tools.bench import search  # noqa: PLC0415  needs a browser

        return search.main(articles, target, peers=not no_peers)
    if what == "serve":
        from build_tools.bench import serve  # noqa: PLC0415  needs nginx or Caddy

        return serve.main(articles[0], target, keep, short=short)
    if what == "pdf":
        return print_bench(articles, target, peers=not no_peers)
    runs: list[Run] = []
    for count in articles:
        with tempfile.TemporaryDirectory(prefix="digest-bench-") as name:
            work = keep / str(count) if keep else Path(name)
            runs += measure(work, count, jobs, repeat, peers=not no_peers, profile=profile)
    for line in table(runs):
        print(line)
    if target:
        target.write_text(
            json.dumps([asdict(one) for one in runs], ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
    return 0


def print_bench(articles: Sequence[int], target: Path | None, *, peers: bool) -> int:
    """Our print against WeasyPrint on the same text: seconds, processor seconds, peak MiB, kB."""
    from build_tools.bench import print as bench_pdf  # noqa: PLC0415  the compiler loads only when it is used

    rows = bench_pdf.bench_pdf(articles, "weasyprint" if peers else None)
    print(f"{'articles':>8}  {'engine':10} {'s':>7} {'cpu s':>7} {'MiB':>6} {'kB':>7}  s / ours")
    ours = {row.articles: row.seconds for row in rows if row.engine == "typst"}
    for row in rows:
        ratio = row.seconds / max(ours[row.articles], 0.01)
        print(
            f"{row.articles:>8}  {row.engine:10} {row.seconds:7.2f} {row.processor:7.2f} {row.mebibytes:6} "
            f"{row.kilobytes:7}  {ratio:.1f}"
        )
    if target:
        target.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")
    return 0


def measure(
    work: Path, count: int, jobs: int | None, repeat: int = 1, *, peers: bool, profile: bool = False
) -> list[Run]:
    """Cold, no change, one article added, one theme renamed; then the peers on the same Markdown.

    The changes are made `repeat` times, each on the site that the one before left; of each the median is told.
    """
    corpus, out = work / "corpus", work / "out"
    for folder in (corpus, out):
        shutil.rmtree(folder, ignore_errors=True)
    bench_corpus.write(corpus, count)
    for name in ("themes.yml", "formulations.yml", "sources.yml"):
        shutil.copyfile(ROOT / "corpus" / name, corpus / name)
    ours = ["build", "--lang=en", "--corpus", str(corpus), "--out", str(out), "--no-pdf"]
    if jobs or profile:
        ours += ["--jobs", str(1 if profile else jobs)]

    def ran(what: str) -> Run:
        told = work / "profile"
        watch = ["-m", "cProfile", "-o", str(told)] if profile else []
        run = timed(what, count, [sys.executable, *watch, "-m", "build_tools", *ours])
        if profile:
            print(f"{what}:", ", ".join(f"{room} {share:.0%}" for room, share in shares(told)))
        return run

    def add(at: int) -> None:
        name, text = bench_corpus.article(count + at)
        (corpus / "articles" / f"{name}.txt").write_text(text, "utf-8")

    def rename(at: int) -> None:
        themes = (corpus / "themes.yml").read_text("utf-8")
        names = ("噪声污染防治", "噪声与振动污染防治")
        changed = themes.replace(f"pref_label: {names[at % 2]}", f"pref_label: {names[1 - at % 2]}", 1)
        (corpus / "themes.yml").write_text(changed, "utf-8")

    runs = [ran("cold")]
    print("\n".join(sizes(out / "site", count)))
    changes: list[tuple[str, Callable[[int], None]]] = [
        ("no change", lambda at: None),
        ("one article added", add),
        ("one theme renamed", rename),
    ]
    for what, change in changes:
        several = []
        for at in range(repeat):
            change(at)
            several.append(ran(what))
        runs.append(sorted(several, key=lambda run: run.processor)[repeat // 2])
    if peers:
        runs += stock(work, out / "docs", count)
        runs += hugo(work, out / "docs", count)
    return runs


def sizes(site: Path, count: int) -> list[str]:
    """The bytes of a finished site as lines: the whole, then each folder, kB an article and its share, largest first."""
    spent: Counter[str] = Counter()
    for path in filter(Path.is_file, site.rglob("*")):
        spent[path.relative_to(site).parts[0] if path.parent != site else "."] += path.stat().st_size
    whole = sum(spent.values())
    rows = [("kB an article", whole), *spent.most_common()]
    return [f"{name:16} {size / count / 1000:7.2f} {size / whole:6.1%}" for name, size in rows]


def shares(told: Path) -> list[tuple[str, float]]:
    """Room, or library → its share of a profile's time, largest first; what is built in counts for its callers."""
    spent: Counter[str] = Counter()
    stats: dict[Any, Any] = pstats.Stats(str(told)).stats  # type: ignore[attr-defined]
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        if file != "~":
            spent[_owner(file)] += own
            continue
        for (caller, _, _), (_, _, part, _) in callers.items():
            spent[_owner(caller)] += part
    whole = sum(spent.values()) or 1.0
    return [(name, one / whole) for name, one in spent.most_common() if one / whole >= LEAST]


def _owner(file: str) -> str:
    """The room or the library that a file of code belongs to.

    >>> _owner("/a/site-packages/markdown/core.py"), _owner("/a/lib/python3.11/json/decoder.py"), _owner("~")
    ('markdown', 'Python', 'Python')
    """
    path = Path(file)
    if path.is_relative_to(ROOT / "build_tools"):
        return path.relative_to(ROOT / "build_tools").parts[0]
    _, found, inside = file.partition("site-packages/")
    return inside.partition("/")[0] if found else "Python"


def stock(work: Path, docs: Path, count: int) -> list[Run]:
    """MkDocs and Material as they come, with their search in Chinese, over the same Markdown; short nav."""
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    config = re.sub(
        r"(?m)^  custom_dir:.*\n|^extra_css:.*\n|^strict:.*\n|^docs_dir:.*\n|^site_dir:.*\n", "", config
    )
    config = re.sub(r"(?ms)^extra_javascript:.*?(?=^\S)", "", config)
    # Material's tokeniser for Chinese is jieba, which it uses when it is installed (extra [bench]).
    config = re.sub(r"(?m)^plugins: .*$", "plugins:\n  - search:\n      lang: [zh, en]", config)
    path = work / "stock.yml"
    path.write_text(f"docs_dir: {docs}\nsite_dir: {work / 'stock'}\n{config}", "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(path)]
    return [timed("stock MkDocs, search", count, command)]


def hugo(work: Path, docs: Path, count: int) -> list[Run]:
    """Hugo with a minimal theme and no search over the same Markdown."""
    root = work / "hugo"
    layouts = root / "layouts" / "_default"
    layouts.mkdir(parents=True)
    page = "<!doctype html><html lang=zh><title>{{ .Title }}</title><main>{{ .Content }}</main></html>"
    (layouts / "single.html").write_text(page, "utf-8")
    (layouts / "list.html").write_text(page, "utf-8")
    (root / "hugo.toml").write_text(
        'baseURL = "https://example.org/"\ntitle = "digest"\ndisableKinds = ["taxonomy", "term", "RSS"]\n'
        "[markup.goldmark.parser.attribute]\nblock = true\n[markup.goldmark.renderer]\nunsafe = true\n",
        "utf-8",
    )
    for path in docs.rglob("*.md"):
        inside = path.relative_to(docs)
        target = root / "content" / (inside.with_name("_index.md") if inside.name == "index.md" else inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    binary = Path(sys.executable).parent / "hugo"
    return [timed("Hugo, no search", count, [str(binary), "--quiet", "--source", str(root)])]


def timed(what: str, count: int, command: Sequence[str]) -> Run:
    """Run a command to its end. Raises RuntimeError with its last words when it fails."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=env)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode("utf-8", "replace")
    if child.returncode:
        raise RuntimeError(f"{what}: exit code {child.returncode}\n{words[-2000:]}")
    summary = words.strip().rpartition("\n")[2]
    stages = tuple((name, float(spent)) for name, spent in STAGES.findall(summary.partition(";")[2]))
    return Run(what, count, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, stages)


def table(runs: Sequence[Run]) -> list[str]:
    """The figures as lines: seconds, ratio to the peers, memory, then growth from size to size."""
    lines = [
        f"{'articles':>8}  {'what':22} {'s':>8} {'cpu s':>8} {'MiB':>6}  {'/stock':>8} {'/Hugo':>8}  stages"
    ]
    by = {(one.what, one.articles): one for one in runs}
    for one in runs:
        ratios = []
        for peer in ("stock MkDocs, search", "Hugo, no search"):
            other = by.get((peer, one.articles))
            ratios.append(f"{one.seconds / other.seconds:8.3f}" if other else f"{'–':>8}")
        stages = " ".join(f"{name} {spent:.1f}" for name, spent in one.stages)
        lines.append(
            f"{one.articles:>8}  {one.what:22} {one.seconds:8.2f} {one.processor:8.2f} {one.mebibytes:6.0f}  "
            f"{ratios[0]} {ratios[1]}  {stages}"
        )
    sizes = sorted({one.articles for one in runs})
    for small, large in pairwise(sizes):
        for what in dict.fromkeys(one.what for one in runs):
            before, after = by.get((what, small)), by.get((what, large))
            if before and after:
                power = math.log(after.seconds / before.seconds) / math.log(large / small)
                lines.append(f"{small} → {large}: {what} grows with exponent {power:.2f}")
    return lines
