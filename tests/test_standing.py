"""What lets a build say that nothing changed, and what must not."""

from __future__ import annotations

from pathlib import Path

from build_tools import standing
from build_tools.corpus import Corpus
from build_tools.places import Places, files_below


def remembered(tmp_path: Path, site: set[str]) -> bool:
    """Whether a note is left for a build that made `site`, with a/b.html and c.html on the disk."""
    places = Places(tmp_path / "corpus", tmp_path / "docs", tmp_path / "site", tmp_path / "work")
    for name in ("site/a/b.html", "site/c.html", "docs/a.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    standing.remember(places, standing.Inputs(Corpus(tmp_path), "key"), 1, (), {"a.md"}, site)
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
