"""Nothing in a corpus leads out of it: links, pipes, devices and sizes are looked at before anything is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core.diagnostics import Report
from build_tools.corpus import reader
from build_tools.run import convert


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    root = tmp_path / "corpus"
    (root / "articles").mkdir(parents=True)
    text = article(1)[1]
    (root / "articles" / "good.txt").write_text(text[:1500], "utf-8")
    (tmp_path / "secret.txt").write_text("机密：3月5日，某局召开会议。", "utf-8")
    return root


def read(root: Path) -> tuple[list[str], list[str]]:
    """The ids that are read, and the lines of the report."""
    report = Report()
    found = reader.read(root, report)
    return [raw.id for raw in found.articles], report.lines()


def linked(path: Path) -> None:
    path.symlink_to(path.parents[2] / "secret.txt" if path.parent.name == "articles" else "/etc/passwd")


def looping(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


def folder(path: Path) -> None:
    path.mkdir()


MAKERS = {
    folder: "is not a file",
    linked: "is a link", looping: "is a link", dangling: "is a link", device: "is a link",
    pipe: "is not a file", sparse: "has 3221225 kB, more than ",
}  # fmt: skip


@pytest.mark.parametrize("maker", list(MAKERS))
@pytest.mark.parametrize(
    "name", ["articles/bad.txt", "articles/bad.html", "people.yml", "themes.yml", "sources.yml"]
)
def test_what_is_no_plain_file_is_one_line_and_left_out(maker: object, name: str, corpus: Path) -> None:
    maker(corpus / name)  # type: ignore[operator]
    ids, lines = read(corpus)
    assert ids == ["good"]
    assert len(lines) == 1 and lines[0].startswith(f"{name}: error: {MAKERS[maker]}") and " → " in lines[0]  # type: ignore[index]


@pytest.mark.parametrize("maker", list(MAKERS))
def test_a_sidecar_that_is_no_plain_file_holds_its_article_back(maker: object, corpus: Path) -> None:
    """Its curator may have withdrawn it."""
    maker(corpus / "articles" / "good.yml")  # type: ignore[operator]
    report = Report()
    found = reader.read(corpus, report)
    assert [raw.sidecar.status for raw in found.articles] == ["draft"]
    assert len(report.lines()) == 1 and MAKERS[maker] in report.lines()[0]  # type: ignore[index]


def test_a_folder_of_articles_that_is_a_link_is_refused(corpus: Path, tmp_path: Path) -> None:
    (corpus / "articles").rename(tmp_path / "elsewhere")
    (corpus / "articles").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    ids, lines = read(corpus)
    assert ids == [] and len(lines) == 1 and "is a link" in lines[0]


def test_nothing_of_a_linked_file_is_in_the_cards(corpus: Path) -> None:
    from build_tools.core.progress import Progress
    from build_tools.core.workers import Settings

    linked(corpus / "articles" / "bad.txt")
    loaded = convert.load(corpus, Settings(jobs=1), Report(), Progress(quiet=True))
    assert "机密" not in repr([raw.data.decode() for raw in loaded.corpus.articles])
