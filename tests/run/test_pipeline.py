"""The whole build: what a curator and a host see of it, through the command line."""

from __future__ import annotations

import gzip
import os
import random
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core.paths import ROOT
from build_tools.core.workers import Settings
from build_tools.outputs.site import mkdocs
from build_tools.run import pipeline
from tests.support.command import digest
from tests.support.corpus import Built, build, change, make, tree

pytestmark = pytest.mark.slow

# Sequences of so many random changes each, compared with a clean build after the last: `DIGEST_SEQUENCES=10x15 pytest …`
SEQUENCES, STEPS = map(int, os.environ.get("DIGEST_SEQUENCES", "2x8").split("x"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_any_sequence_of_changes_ends_in_the_bytes_of_a_clean_build(
    seed: int, built: Built, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    corpus, out = built
    done = []
    more = (0, "--plain-limit", 1) if seed % 2 else ()  # the open data by year, too
    for _ in range(STEPS):
        done.append(change(corpus, rng))
        build(corpus, out, *more)
    build(corpus, tmp_path / "b", *more)
    assert tree(out / "site") == tree(tmp_path / "b" / "site"), done
    assert tree(out / "docs") == tree(tmp_path / "b" / "docs"), done


def test_a_link_to_nothing_stops_the_build(built: Built, tmp_path: Path) -> None:
    """MkDocs sees only the changed pages and what they link to."""

    _, out = built
    page = out / "docs" / "about.md"
    page.write_text(page.read_text("utf-8") + "\n[甲](articles/nobody.md)\n", "utf-8")
    plan = mkdocs.Plan(ROOT / "mkdocs.yml", out / "docs", tmp_path / "staging", out / "site", tmp_path / "a")
    with pytest.raises(mkdocs.PublishError, match=r"articles/nobody\.md"):
        mkdocs.run_part((plan, mkdocs.Part(frozenset({"about.md"}), {})))


def test_a_link_to_a_missing_anchor_of_a_page_rendered_elsewhere_stops_the_build(
    built: Built, tmp_path: Path
) -> None:
    """That page may be another process's, or that of an earlier build."""
    from build_tools.core.workers import Settings

    corpus, out = built
    name = next((corpus / "articles").glob("*.txt")).stem
    page = out / "docs" / "about.md"
    text = page.read_text("utf-8")
    plan = mkdocs.Plan(ROOT / "mkdocs.yml", out / "docs", tmp_path / "staging", out / "site", tmp_path / "a")
    page.write_text(f"{text}\n[甲](articles/{name}.md#text)\n", "utf-8")
    assert list(mkdocs.run(plan, ["about.md"], {}, Settings(), assets=False)) == [(1, [])]
    page.write_text(f"{text}\n[甲](articles/{name}.md#nope)\n", "utf-8")
    with pytest.raises(mkdocs.PublishError, match=rf"about\.md.*{name}\.md#nope"):
        list(mkdocs.run(plan, ["about.md"], {}, Settings(), assets=False))


def test_nothing_changed_writes_nothing(built: Built) -> None:
    corpus, out = built
    times = {path: path.stat().st_mtime_ns for path in (out / "site").rglob("*") if path.is_file()}
    said = build(corpus, out).stdout
    assert "0 converted" in said and "0 pages rendered" in said
    after = {path: path.stat().st_mtime_ns for path in (out / "site").rglob("*") if path.is_file()}
    assert times == after


def test_the_build_says_how_many_articles_the_host_still_takes(built: Built) -> None:
    corpus, out = built
    change(corpus, random.Random(5))
    said = build(corpus, out, 0, "--host-limit", 20).stdout
    size = sum(path.stat().st_size for path in (out / "site").rglob("*") if path.is_file()) / 1e6
    count, told, more = map(
        int, re.search(r"(\d+) articles;.*; (\d+) MB, of 20 .*about (\d+) art", said).groups()
    )  # type: ignore[union-attr]
    assert told == round(size) and more > (20 / size - 1) * count
    change(corpus, random.Random(6))
    assert "of 1 that the host takes: too large" in build(corpus, out, 0, "--host-limit", 1).stdout


def test_what_every_site_has_and_what_large_ones_go_without_is_not_counted_for_each_article_to_come() -> None:
    sizes = {
        "assets/a.css": 10_000_000,
        "articles/a/index.html": 1_000_000,
        "articles/b/index.html": 1_000_000,
    }
    assets = ["assets/a.css"]

    def said(**more: int) -> str:
        return str(pipeline._size({**sizes, **more}, assets, 2, Settings(host_limit=1010)))

    assert "; 12 MB, of 1010 that the host takes: room for about 998 articles more" in said()
    few = {"pdf/a.pdf": 2_000_000, "zh-hant/index.html": 500_000, "articles/a/a.tei.xml": 500_000}
    assert "room for about 998 articles more" in said(**few)  # past 300 articles there are none of these
    assert "room for about 140 articles more" in said(**{"pdf/a.pdf": 12_000_000})  # the host is full before
    assert str(pipeline._size(sizes, assets, 0, Settings())).endswith("that the host takes")


def test_processes_and_one_process_give_the_same_bytes(tmp_path: Path) -> None:
    corpus = make(tmp_path / "corpus", range(6))
    build(corpus, tmp_path / "a", 0, "--jobs", 1)
    build(corpus, tmp_path / "b", 0, "--jobs", 3)
    assert tree(tmp_path / "a" / "site") == tree(tmp_path / "b" / "site")


def test_two_builds_at_once_exclude_each_other(tmp_path: Path) -> None:
    import fcntl

    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    (out / ".digest").mkdir(parents=True)
    with (out / ".digest" / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        said = build(corpus, out, 1)
    assert "another build works in" in said.stderr
    build(corpus, out)


def small_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_a_full_disk_is_told_plainly_and_the_last_good_site_stands(built: Built) -> None:
    corpus, out = built
    before = tree(out / "site")
    change(corpus, random.Random(3))
    (corpus / "articles" / "new.txt").write_text(article(77)[1], "utf-8")

    said = digest(
        "build", "--corpus", corpus, "--out", out, "--no-pdf", "--jobs", 1, code=1, before=small_files
    )
    assert "free space" in said.stderr
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


def test_a_withdrawn_page_is_not_in_the_sitemap_and_a_date_without_its_year_is_in_no_meta_tag(
    tmp_path: Path,
) -> None:
    corpus, out = make(tmp_path / "corpus", range(1)), tmp_path / "a"
    (name,) = (path.stem for path in (corpus / "articles").iterdir())
    for one in ("gone", "yearless"):
        (corpus / "articles" / f"{one}.txt").write_text(
            f"某市召开生态环境保护工作会议\n发布时间：03-06　来源：某报\n\n　　某市生态环境局召开{one}会议，研究部署污染防治工作，局长王伟主持会议。\n"
            "　　会议强调，要坚持精准治污、科学治污、依法治污，深入打好污染防治攻坚战。\n", "utf-8"
        )  # fmt: skip
    (corpus / "articles" / "gone.yml").write_text("status: withdrawn\nreason: 权利人要求\n", "utf-8")

    def listed() -> set[str]:
        packed = gzip.decompress((out / "site" / "sitemap.xml.gz").read_bytes()).decode()
        assert packed == (out / "site" / "sitemap.xml").read_text("utf-8")
        return set(re.findall("articles/([a-z0-9-]+)/<", packed))

    build(corpus, out)
    assert listed() == {name, "yearless"}
    site = out / "site" / "articles"
    assert '<meta name="robots" content="noindex' in (site / "gone" / "index.html").read_text("utf-8")
    page = (site / "yearless" / "index.html").read_text("utf-8")
    assert "03-06" in page and not re.search("<(?:meta|script)[^>]*>[^<]*XXXX|<meta[^>]*XXXX", page)
    assert "citation_publication_date" not in page
    (corpus / "articles" / "yearless.yml").write_text("status: withdrawn\n", "utf-8")
    build(corpus, out)
    assert listed() == {name}


def test_a_link_among_the_hand_written_pages_publishes_nothing_of_the_host(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# 机密\n", "utf-8")
    home = tmp_path / "project"
    digest("init", home)
    (home / "docs" / "a.md").symlink_to("../../secret.md")
    (home / "docs" / "assets").mkdir()
    (home / "docs" / "assets" / "b.txt").symlink_to("../../../secret.md")
    (home / "docs" / "all").symlink_to(tmp_path)
    os.mkfifo(home / "docs" / "c.txt")
    for _ in range(2):  # the second changes nothing
        said = digest(
            "build", "--corpus", home / "corpus", "--no-pdf", "--site-url", "https://a.example/", code=1
        )
        link, fault = "is a link, and links are not followed → ", ": error: "
        lines = [line for line in said.stderr.splitlines() if fault in line]
        told = (
            "docs/a.md: error: " + link,
            "docs/assets/b.txt: error: " + link,
            "docs/c.txt: error: is not a file → ",
        )
        assert len(lines) == 3 and all(
            line.startswith(start) for line, start in zip(lines, told, strict=True)
        )
    for path in (home / "site").rglob("*"):
        assert not path.is_symlink() and (path.is_dir() or "机密".encode() not in path.read_bytes()), path


def test_an_empty_corpus_builds_a_site(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    build(tmp_path / "corpus", tmp_path / "a")
    assert "生态环境会议文摘" in (tmp_path / "a" / "site" / "index.html").read_text("utf-8")


def test_generated_docs_alone_pass_mkdocs_strict(built: Built, tmp_path: Path) -> None:
    _, out = built
    config = (
        (ROOT / "mkdocs.yml")
        .read_text("utf-8")
        .replace("build_tools/theme", str(ROOT / "build_tools" / "theme"))
    )
    config = config.replace("docs_dir: docs", f"docs_dir: {out / 'docs'}").replace(
        "site_dir: site", f"site_dir: {out / 'plain'}"
    )
    config = config.replace("  generator: false\n", "  generator: false\n  traditional: true\n")
    config = config.replace('site_url: ""', f"site_url: {os.environ['DIGEST_SITE_URL']}")
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
