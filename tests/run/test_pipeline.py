"""The whole build: what a curator and a host see of it, through the command line."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core.paths import ROOT
from build_tools.outputs.site import journal, mkdocs

SEQUENCES = 3  # of STEPS random changes each, compared with a clean build after the last
STEPS = 5
KILLS = 6
PERSON = "- id: {id}\n  name: {name}\n"


def digest(*args: object, code: int | None = 0, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build_tools", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, **options)  # type: ignore[call-overload]
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    return done


def make(root: Path, numbers: range = range(4)) -> Path:
    (root / "articles").mkdir(parents=True)
    for number in numbers:
        name, text = article(number)
        (root / "articles" / f"{name}.txt").write_text(text[:1500], "utf-8")
    return root


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build(corpus: Path, out: Path, code: int | None = 0, *more: object) -> subprocess.CompletedProcess[str]:
    return digest("build", "--corpus", corpus, "--out", out, "--no-pdf", *more, code=code)


def change(corpus: Path, rng: random.Random) -> str:
    """One random thing that a curator may do."""
    pages = sorted((corpus / "articles").glob("*.txt"))
    page = rng.choice(pages)
    what = rng.choice(("add", "edit", "rename", "withdraw", "correct", "register", "remove", "theme"))
    if what == "add":
        name, text = article(rng.randrange(100, 10_000))
        (corpus / "articles" / f"{name}.txt").write_text(text[:1500], "utf-8")
    elif what == "edit":
        page.write_text(page.read_text("utf-8") + f"  会议要求,抓好第{rng.randrange(99)}项任务。\n", "utf-8")
    elif what == "rename":
        side = page.with_suffix(".yml")
        new = f"renamed-{rng.randrange(10**6)}"
        if side.exists():
            side.rename(side.with_stem(new))
        page.rename(page.with_stem(new))
    elif what == "withdraw":
        page.with_suffix(".yml").write_text("status: withdrawn\n", "utf-8")
    elif what == "correct":
        page.with_suffix(".yml").write_text(
            "corrections:\n  - field: held\n    value: 2020-02-0"
            + str(rng.randint(1, 9))
            + "\n    reason: 核对\n",
            "utf-8",
        )
    elif what == "register":
        names = rng.sample(["马龙春", "罗立霞", "何梅丽", "胡杰凤"], 2)
        (corpus / "people.yml").write_text(
            "".join(PERSON.format(id=f"p{i}", name=name) for i, name in enumerate(names)), "utf-8"
        )
    elif what == "remove" and len(pages) > 2:
        page.with_suffix(".yml").unlink(missing_ok=True)
        page.unlink()
    elif what == "theme":
        (corpus / "themes.yml").write_text(
            f"- id: t{rng.randrange(3)}\n  pref_label: 尾矿库治理{rng.choice('甲乙')}\n  alt_labels: [尾矿库]\n",
            "utf-8",
        )
    return what


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_any_sequence_of_changes_ends_in_the_bytes_of_a_clean_build(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    corpus = make(tmp_path / "corpus")
    build(corpus, tmp_path / "a")
    done = []
    for _ in range(STEPS):
        done.append(change(corpus, rng))
        build(corpus, tmp_path / "a")
    build(corpus, tmp_path / "b")
    assert tree(tmp_path / "a" / "site") == tree(tmp_path / "b" / "site"), done
    assert tree(tmp_path / "a" / "docs") == tree(tmp_path / "b" / "docs"), done


def test_a_link_to_nothing_stops_the_build(tmp_path: Path) -> None:
    """MkDocs sees only the changed pages and what they link to."""

    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    page = out / "docs" / "about.md"
    page.write_text(page.read_text("utf-8") + "\n[甲](articles/nobody.md)\n", "utf-8")
    plan = mkdocs.Plan(ROOT / "mkdocs.yml", out / "docs", tmp_path / "staging", out / "site")
    with pytest.raises(mkdocs.PublishError, match=r"articles/nobody\.md"):
        mkdocs.run_part((plan, mkdocs.Part(frozenset({"about.md"}), {})))


def test_a_link_to_a_missing_anchor_of_a_page_rendered_elsewhere_stops_the_build(tmp_path: Path) -> None:
    """That page may be another process's, or that of an earlier build."""
    from build_tools.core.workers import Settings

    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    name = next((corpus / "articles").glob("*.txt")).stem
    page = out / "docs" / "about.md"
    text = page.read_text("utf-8")
    plan = mkdocs.Plan(ROOT / "mkdocs.yml", out / "docs", tmp_path / "staging", out / "site")
    page.write_text(f"{text}\n[甲](articles/{name}.md#text)\n", "utf-8")
    assert list(mkdocs.run(plan, ["about.md"], {}, Settings(), assets=False)) == [1]
    page.write_text(f"{text}\n[甲](articles/{name}.md#nope)\n", "utf-8")
    with pytest.raises(mkdocs.PublishError, match=rf"about\.md.*{name}\.md#nope"):
        list(mkdocs.run(plan, ["about.md"], {}, Settings(), assets=False))


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    corpus = make(tmp_path / "corpus")
    build(corpus, tmp_path / "a")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "a" / "site").rglob("*") if path.is_file()}
    said = build(corpus, tmp_path / "a").stdout
    assert "0 converted" in said and "0 pages rendered" in said
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "a" / "site").rglob("*") if path.is_file()}
    assert times == after


def test_processes_and_one_process_give_the_same_bytes(tmp_path: Path) -> None:
    corpus = make(tmp_path / "corpus", range(6))
    build(corpus, tmp_path / "a", 0, "--jobs", 1)
    build(corpus, tmp_path / "b", 0, "--jobs", 3)
    assert tree(tmp_path / "a" / "site") == tree(tmp_path / "b" / "site")


def test_killed_at_any_moment_every_file_is_whole_and_the_next_build_repairs(tmp_path: Path) -> None:
    rng = random.Random(1)
    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    command = [sys.executable, "-m", "build_tools", "build", "--corpus", corpus, "--out", out, "--no-pdf"]
    for number in range(KILLS):
        before = tree(out / "site")
        change(corpus, rng)
        begun = time.monotonic()
        clean = tmp_path / f"clean-{number}"
        build(corpus, clean)
        whole = time.monotonic() - begun
        child = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 start_new_session=True)  # fmt: skip
        time.sleep(whole * rng.uniform(0.3, 1.0))
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        wanted = tree(clean / "site")
        for name, content in tree(out / "site").items():
            assert content in (before.get(name), wanted.get(name)), f"{name} is neither old nor new"
        build(corpus, out)
        assert tree(out / "site") == wanted


def test_a_kill_between_two_moves_is_rolled_forward(tmp_path: Path) -> None:
    """The narrowest moment, made on purpose: the journal is there, half of the moves are done."""

    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    change(corpus, random.Random(5))
    real = Path.replace
    moved = 0

    def dying(self: Path, target: Path) -> Path:
        nonlocal moved
        if ".digest/staging" in str(self):
            moved += 1
            if moved > 3:
                raise KeyboardInterrupt
        return real(self, target)

    from build_tools.core.diagnostics import Report
    from build_tools.core.paths import Places
    from build_tools.core.progress import Progress
    from build_tools.core.workers import Settings
    from build_tools.run.pipeline import build as build_here

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            build_here(Places.of(corpus, out), Settings(jobs=1, pdf_limit=0), Report(), Progress(quiet=True))
    assert (out / ".digest" / "journal.json").exists()
    assert journal.roll_forward(out / ".digest", out / "site", out / ".digest" / "staging")
    build(corpus, tmp_path / "b")
    assert tree(out / "site") == tree(tmp_path / "b" / "site")


def test_two_builds_at_once_exclude_each_other(tmp_path: Path) -> None:
    import fcntl

    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    (out / ".digest").mkdir(parents=True)
    with (out / ".digest" / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        said = build(corpus, out, 1)
    assert "another build works in" in said.stderr and "Traceback" not in said.stderr
    build(corpus, out)


def test_a_full_disk_is_told_plainly_and_the_last_good_site_stands(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    before = tree(out / "site")
    change(corpus, random.Random(3))
    (corpus / "articles" / "new.txt").write_text(article(77)[1], "utf-8")

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    said = digest(
        "build", "--corpus", corpus, "--out", out, "--no-pdf", "--jobs", 1, code=1, preexec_fn=small_files
    )
    assert "free space" in said.stderr and "Traceback" not in said.stderr
    assert tree(out / "site") == before
    build(corpus, out)


BAD = {
    "empty.txt": (b"", "empty.txt"),
    "blank.txt": (b" \n\xe3\x80\x80\n", "blank.txt"),
    "binary.txt": (bytes(range(256)) * 40, "binary.txt"),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(2000), "picture.html"),
}


def test_bad_articles_are_one_line_each_and_all_others_still_build(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    for name, (data, _) in BAD.items():
        (corpus / "articles" / name).write_bytes(data)
    (corpus / "articles" / "lonely.yml").write_text("corrections: []\n", "utf-8")
    said = build(corpus, out, 1)
    lines = [line for line in said.stderr.splitlines() if ": error: " in line]
    assert len(lines) == len(BAD) + 1
    for name in (*BAD, "lonely.yml"):
        assert sum(name in line and "→" in line for line in lines) == 1, lines
    for number in range(4):
        assert (out / "site" / "articles" / article(number)[0] / "index.html").exists()


def test_an_empty_corpus_builds_a_site(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    build(tmp_path / "corpus", tmp_path / "a")
    assert "生态环境会议文摘" in (tmp_path / "a" / "site" / "index.html").read_text("utf-8")


def test_generated_docs_alone_pass_mkdocs_strict(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    build(corpus, out)
    config = (
        (ROOT / "mkdocs.yml")
        .read_text("utf-8")
        .replace("build_tools/theme", str(ROOT / "build_tools" / "theme"))
    )
    config = config.replace("docs_dir: docs", f"docs_dir: {out / 'docs'}").replace(
        "site_dir: site", f"site_dir: {out / 'plain'}"
    )
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", tmp_path / "mkdocs.yml"],
        capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ours, plain = tree(out / "site"), tree(out / "plain")
    pages = [name for name in plain if name.endswith(".html")]
    assert len(pages) > 30
    assert {name: ours[name] for name in pages} == {name: plain[name] for name in pages}
    dated = re.compile("<lastmod>.*?</lastmod>")  # MkDocs's own is today's date
    maps = [dated.sub("", (out / site / "sitemap.xml").read_text("utf-8")) for site in ("site", "plain")]
    assert maps[0] == maps[1]
    undated = (out / "site" / "sitemap.xml").read_text("utf-8").split("about/</loc>")[1].split("</url>")[0]
    assert undated.strip() == ""  # no date is better than an invented one
