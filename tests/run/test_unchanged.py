"""What lets a build say that nothing changed, and what must not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from build_tools.core.diagnostics import Report
from build_tools.core.paths import Places, files_below
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.corpus import reader as corpus
from build_tools.run import unchanged as standing


def remembered(tmp_path: Path, site: set[str]) -> bool:
    """Whether a note is left for a build that made `site`, with a/b.html and c.html on the disk."""
    places = Places(tmp_path / "corpus", tmp_path / "docs", tmp_path / "site", tmp_path / "work")
    for name in ("site/a/b.html", "site/c.html", "docs/a.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    standing.remember(places, standing.Inputs(corpus.Corpus(tmp_path), "key"), 1, (), {"a.md"}, site)
    return (tmp_path / "work" / "standing.json").exists()


def test_a_note_is_left_only_for_just_the_files_that_are_there(tmp_path: Path) -> None:
    assert remembered(tmp_path / "same", {"a/b.html", "c.html"})
    assert not remembered(tmp_path / "gone", {"a/b.html", "c.html", "d/e.html"})
    assert not remembered(tmp_path / "foreign", {"c.html"})


def test_a_linked_folder_is_left_to_its_owner(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "big.txt").write_text("x", "utf-8")
    root = tmp_path / "site"
    root.mkdir()
    (root / "raw").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (root / "a.txt").write_text("x", "utf-8")
    assert list(files_below(root)) == ["a.txt"]


def test_the_versions_of_what_reads_and_makes_are_in_the_key() -> None:
    told = standing.versions(*standing._packages())
    assert all(f"{name} " in told for name in ("trafilatura", "typst", "pagefind", "mkdocs", "jinja2"))
    assert "pytest" not in told


def test_a_corpus_that_looks_the_same_is_not_read_and_one_that_was_touched_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(tmp_path / "corpus", tmp_path / "docs", tmp_path / "site", tmp_path / "work")
    article = places.corpus / "articles" / "one.txt"
    article.parent.mkdir(parents=True)
    article.write_text("甲市召开生态环境保护大会", "utf-8")
    (places.corpus / "articles" / "二.txt").write_text("此名不合规", "utf-8")

    def unchanged() -> tuple[bool, list[str]]:
        """Whether the corpus is found unchanged, and what the report says."""
        report = Report()
        with Progress(quiet=True) as progress:
            done = standing.unchanged(places, Settings(), report, progress)[1]
        return done is not None, report.lines()

    reads = []
    reader = corpus.read

    def read(root: Path, report: Report) -> corpus.Corpus:
        reads.append(root)
        return reader(root, report)

    monkeypatch.setattr(corpus, "read", read)
    monkeypatch.setattr(standing, "TICK", 10**12)  # as if all were written this moment
    with Progress(quiet=True) as progress:
        inputs = standing.read(places, Settings(), Report(), progress)
    assert inputs.look == ""
    standing.remember(places, inputs, 1, (), (), ())
    first = unchanged()
    assert first[0] and "articles/二.txt" in first[1][0]
    assert unchanged() == first and len(reads) == 3
    monkeypatch.setattr(standing, "TICK", 0)
    assert unchanged() == first and len(reads) == 4  # read once more, to note how it looks
    assert unchanged() == first and len(reads) == 4
    stat = article.stat()
    time.sleep(0.05)  # a few ticks
    article.write_text("乙市召开生态环境保护大会", "utf-8")
    os.utime(article, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not unchanged()[0] and len(reads) == 5


def test_a_fault_of_the_corpus_is_told_at_every_build_until_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "TICK", 0)
    places = Places(tmp_path / "corpus", tmp_path / "docs", tmp_path / "site", tmp_path / "work")
    (places.corpus / "articles").mkdir(parents=True)
    (places.corpus / "articles" / "one.txt").write_text("甲市召开生态环境保护大会", "utf-8")
    people = places.corpus / "people.yml"
    people.write_text("- {id: jia, name: 甲}\n", "utf-8")

    def told() -> list[str]:
        report = Report()
        with Progress(quiet=True) as progress:
            assert standing.unchanged(places, Settings(), report, progress)[1] is not None
        return report.lines()

    with Progress(quiet=True) as progress:
        standing.remember(places, standing.read(places, Settings(), Report(), progress), 1, (), set(), set())
    assert told() == []
    people.write_text("- {id: jia, name: 甲}\n- {id: yi, nmae: 乙}\n", "utf-8")  # read, the entry is left out
    assert told() == told() != []
    people.write_text("- {id: jia, name: 甲}\n", "utf-8")
    assert told() == told() == []
