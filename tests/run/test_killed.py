"""A build killed at any moment leaves every file whole, old or new, and the next build makes the site of a clean one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core.paths import ROOT
from tests.support.command import Moment, digest
from tests.support.corpus import Built, build, change, make, tree
from tests.support.once import Once

MOMENTS = {
    "the note of the last build is gone": Moment("os.remove", r"/a/\.digest/standing\.json$"),
    "an article is converted and not stored": Moment("os.rename", r"\.digest/cache/articles/"),
    "some pages are Markdown": Moment("os.rename", "/a/docs/", 10),
    "some pages are rendered": Moment("open", r"/\.digest/staging/.*\.html$", 20),
    "all is rendered, the journal is written beside its place": Moment("os.rename", r"/journal\.json$"),
    "the journal is there, nothing is moved": Moment("os.rename", "/a/site/"),
    "some files are moved": Moment("os.rename", "/a/site/", 10),
    "all is moved, nothing is removed": Moment("os.remove", "/a/site/"),
    "some files are removed": Moment("os.remove", "/a/site/", 3),
    "all is in place, the state is not stored": Moment("os.rename", r"/state\.json$"),
    "the state is stored, the journal is still there": Moment("os.remove", r"/journal\.json$"),
    "the site stands, without the note that nothing changed": Moment("os.rename", r"/standing\.json$"),
}


@pytest.fixture
def grown(once: Once, built: Built) -> tuple[Built, dict[str, str]]:
    """A built site whose corpus has changed since (a page added, one edited, one removed), and the site wanted."""

    def alter(corpus: Path) -> None:
        name, text = article(9)
        (corpus / "articles" / f"{name}.txt").write_text(text[:1500], "utf-8")
        pages = sorted((corpus / "articles").glob("*.txt"))
        pages[0].unlink()
        pages[1].write_text(pages[1].read_text("utf-8") + "  会议要求,抓好第三项任务。\n", "utf-8")

    def clean(folder: Path) -> None:
        corpus = make(folder / "corpus")
        alter(corpus)
        build(corpus, folder / "a")

    alter(built.corpus)
    return built, tree(once("grown", clean) / "a" / "site")


def assert_whole(site: Path, before: dict[str, str], wanted: dict[str, str]) -> None:
    for name, content in tree(site).items():
        assert content in (before.get(name), wanted.get(name)), f"{name} is neither old nor new"


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_named_moment(moment: str, grown: tuple[Built, dict[str, str]]) -> None:
    (corpus, out), wanted = grown
    before = tree(out / "site")
    words = ("build", "--corpus", corpus, "--out", out, "--no-pdf", "--jobs", 1)
    digest(*words, code=-signal.SIGKILL, killed=MOMENTS[moment])
    assert_whole(out / "site", before, wanted)
    build(corpus, out)
    assert tree(out / "site") == wanted


@pytest.mark.slow
def test_killed_at_a_random_moment_with_all_its_processes(built: Built, tmp_path: Path) -> None:
    rng = random.Random(1)
    corpus, out = built
    before = tree(out / "site")
    for _ in range(3):
        change(corpus, rng)
    begun = time.monotonic()
    build(corpus, tmp_path / "clean")
    whole = time.monotonic() - begun
    command = [sys.executable, "-m", "build_tools", "build", "--corpus", corpus, "--out", out, "--no-pdf"]
    child = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             start_new_session=True)  # fmt: skip
    time.sleep(whole * rng.uniform(0.3, 1.2))
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    wanted = tree(tmp_path / "clean" / "site")
    assert_whole(out / "site", before, wanted)
    build(corpus, out)
    assert tree(out / "site") == wanted
