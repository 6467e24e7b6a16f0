"""A stage that raises for one article of twenty: a line of that article, and the rest of the site as it would be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown

from build_tools.bench import corpus as bench_corpus
from build_tools.core.diagnostics import Report
from build_tools.core.edits import EditError
from build_tools.core.guard import Budget
from build_tools.core.paths import Places
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.facts import extract
from build_tools.outputs import open_data
from build_tools.outputs.print import compile
from build_tools.outputs.search import bundle
from build_tools.pages import article as pages
from build_tools.pages import indexes
from build_tools.run import pipeline
from build_tools.run.convert import load

pytestmark = pytest.mark.slow

COUNT = 20
NUMBER = 7
BAD, TEXT = bench_corpus.article(NUMBER)
MARK = "此处有异"  # in the text of the article that fails
Raiser = Callable[[], None]


def fault() -> None:
    raise RuntimeError("甲\n乙")


def stuck() -> None:
    time.sleep(60)  # an alarm ends it


def greedy() -> None:
    bytearray(3 << 30)


def altered() -> None:
    raise EditError("reverting all passes does not give the original back")


def of_text(text: str) -> bool:
    return MARK in text


# Stage → module, the name in it that is replaced, and how its first argument is known to be the bad article's.
STAGES: dict[str, tuple[Any, str, Callable[[Any], bool]]] = {
    "decode": (extract, "decode", lambda name: BAD in name),
    "clean": (extract, "clean", of_text),
    "read": (extract, "outline", lambda blocks: any(MARK in block.text for block in blocks)),
    "render": (pages, "article", lambda one: one.id == BAD),
    "edits": (open_data, "edit_records", lambda one: one.id == BAD),
    "print": (compile, "print_article", lambda one: one.id == BAD),
    "index": (bundle, "document", lambda one: one.id == BAD),
}
DOING = {
    "decode": "decoding it", "clean": "cleaning it", "read": "reading its facts", "render": "making its page",
    "edits": "writing its ledger", "print": "printing it", "index": "indexing it",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("twenty") / "corpus"
    (root / "articles").mkdir(parents=True)
    for number in range(COUNT):
        name, text = bench_corpus.article(number)
        more = f"\n会议要求，{MARK}。\n" if number == NUMBER else "\n"
        (root / "articles" / f"{name}.txt").write_text(text[:900] + more, "utf-8")
    # One theme: the packs of forty would be printed for every stage.
    (root / "themes.yml").write_text("- {id: carbon, pref_label: 碳达峰碳中和}\n", "utf-8")
    return root


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, Raiser], None]]:
    def install(stage: str, raiser: Raiser) -> None:
        module, name, bad = STAGES[stage]
        real = getattr(module, name)

        def broken(*args: Any, **kwargs: Any) -> Any:
            if bad(args[0]):
                raiser()
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, broken)

    yield install


def build(corpus: Path, out: Path, jobs: int, printed: bool = False, seconds: float = 60) -> list[str]:
    """The lines of the report that are errors."""
    report = Report()
    settings = Settings(jobs=jobs, budget=Budget(seconds, 2 << 30), pdf_limit=300 if printed else 0)
    pipeline.build(Places.of(corpus, out), settings, report, Progress(quiet=True))
    return [line for line in report.lines() if ": error: " in line]


def site(out: Path) -> dict[str, bytes]:
    root = out / "site"
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def check_site(stage: str, out: Path) -> None:
    """What is published of the article whose stage failed, and that all others are there."""
    made = site(out)
    for number in range(COUNT):
        name = bench_corpus.article(number)[0]
        if name != BAD:
            assert {f"articles/{name}/index.html", f"raw/{name}.txt"} <= made.keys()
            assert (f"pdf/{name}.pdf" in made) == (stage == "print")
    page = made.get(f"articles/{BAD}/index.html", b"").decode()
    left_out = stage in ("decode", "clean", "read")
    assert (page == "") == left_out
    assert f"pdf/{BAD}.pdf" not in made and f"pdf/{BAD}.pdf" not in page
    assert ("本页未能按常规制作" in page) == (stage == "render")
    texts = [name for name in made if name.startswith("search/data/") and name.endswith(f"/text/{BAD}.json")]
    assert len(texts) == (not left_out and stage != "index")
    if not left_out:
        assert MARK in page
        assert made[f"raw/{BAD}.txt"]


def apart(corpus: Path, out: Path) -> list[str]:
    """`build` with the fault of printing in a process where Typst has not printed: workers are forks of it then."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_printed_apart, args=(corpus, out, theirs))
    process.start()
    lines: list[str] = ours.recv()
    process.join()
    return lines


def _printed_apart(corpus: Path, out: Path, pipe: Any) -> None:
    real = compile.print_article
    compile.print_article = lambda one, options: fault() if one.id == BAD else real(one, options)  # type: ignore[assignment,return-value]
    pipe.send(build(corpus, out, 2, True))


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("stage", list(STAGES))
def test_a_stage_that_raises_for_one_article_is_one_line_and_the_rest_is_built(
    stage: str, jobs: int, corpus: Path, tmp_path: Path, breaks: Callable[[str, Raiser], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("build_tools.run.emit.CHUNK", 5)
        patch.setattr("build_tools.run.convert.CHUNK", 5)
        if stage == "print" and jobs > 1:
            lines = apart(corpus, tmp_path)
        else:
            breaks(stage, fault)
            lines = build(corpus, tmp_path, jobs, stage == "print")
        assert len(lines) == 1
        assert lines[0].startswith(f"articles/{BAD}.txt: error: {DOING[stage]} fails: RuntimeError: 甲 乙")
        assert " → " in lines[0] and "\n" not in lines[0]
        check_site(stage, tmp_path)
        if jobs == 1:  # told at every build as long as it fails
            assert build(corpus, tmp_path, jobs, stage == "print") == lines
            check_site(stage, tmp_path)


def test_a_page_on_which_markdown_or_a_list_raises_is_one_line_and_the_rest_is_as_it_would_be(
    corpus: Path, tmp_path: Path
) -> None:
    assert build(corpus, tmp_path / "good", 1) == []
    good, convert, ledger = site(tmp_path / "good"), Markdown.convert, indexes.series.index

    def broken(md: Markdown, source: str) -> str:
        return fault() or "" if f"../raw/{BAD}.txt" in source else convert(md, source)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Markdown, "convert", broken)
        patch.setattr(indexes.series, "index", lambda site: fault() or ledger(site))
        lines = build(corpus, tmp_path / "bad", 2)
        assert [line.partition(" fails: RuntimeError: 甲 乙")[0] for line in lines] == [
            f"docs/articles/{BAD}.md: error: turning it into HTML",
            "docs/series/index: error: making this list",
        ]
        assert [line.split(" → ")[0] for line in build(corpus, tmp_path / "bad", 2)] == [
            line.split(" → ")[0] for line in lines
        ]
        made = site(tmp_path / "bad")
    other = {name for name in good.keys() | made.keys() if good.get(name) != made.get(name)}
    assert other == {f"articles/{BAD}/index.html", "series/index.html"}
    for name in other:
        assert "这一页没有做成" in made[name].decode()
    assert build(corpus, tmp_path / "bad", 1) == []
    assert site(tmp_path / "bad") == good


@pytest.mark.parametrize(
    ("raiser", "told"),
    [
        (stuck, "reading its facts takes more than 0.5 s"),
        (greedy, "reading its facts takes more than 2048 MiB"),
        (altered, "reading its facts would alter the text: THE LEDGER DOES NOT LEAD BACK TO THE SOURCE"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_over_its_budget_or_with_a_broken_ledger_is_left_out(
    raiser: Raiser, told: str, jobs: int, corpus: Path, breaks: Callable[[str, Raiser], None]
) -> None:
    breaks("read", raiser)
    report = Report()
    settings = Settings(jobs=jobs, budget=Budget(0.5 if raiser is stuck else 60, 2 << 30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("build_tools.run.convert.CHUNK", 5)
        loaded = load(corpus, settings, report, Progress(quiet=True))
    lines = report.lines()
    assert len(lines) == 1 and lines[0].startswith(f"articles/{BAD}.txt: error: {told}")
    assert len(loaded.converted.cards) == COUNT - 1
