"""A stage that raises for one article of ten: a line of that article, and the rest of the site as it would be."""

from __future__ import annotations

import importlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from build_tools.graph.link import ThemeEntry
from build_tools.outputs import open_data
from build_tools.outputs.print import compile
from build_tools.outputs.search import bundle
from build_tools.pages import article as pages
from build_tools.pages import indexes
from build_tools.run import convert, pipeline
from build_tools.run.convert import load

pytestmark = pytest.mark.slow

COUNT = 10
FIRST = 2  # the number of the article in which the first stage fails; the next stage fails in the next one
Raiser = Callable[[], None]


def fault() -> None:
    raise RuntimeError("甲\n乙")


def stuck() -> None:
    time.sleep(60)  # an alarm ends it


def greedy() -> None:
    bytearray(3 << 30)


def altered() -> None:
    raise EditError("reverting all passes does not give the original back")


@dataclass(frozen=True)
class Stage:
    """Where a stage fails: `name` in `module` is replaced; `of` says whether its first argument is the article's."""

    doing: str
    module: Any
    name: str
    of: Callable[[Any, str, str], bool]  # argument, id and mark of the article


def one(article: Any, bad: str, mark: str) -> bool:
    return bool(article.id == bad)


STAGES = {
    "decode": Stage("decoding it", extract, "decode", lambda name, bad, mark: bad in name),
    "clean": Stage("cleaning it", extract, "clean", lambda text, bad, mark: mark in text),
    "read": Stage(
        "reading its facts", extract, "outline", lambda blocks, bad, mark: any(mark in b.text for b in blocks)
    ),
    "render": Stage("making its page", pages, "article", one),
    "edits": Stage("writing its ledger", open_data, "edit_records", one),
    "print": Stage("printing it", compile, "print_article", one),
    "index": Stage("indexing it", bundle, "document", one),
}
BAD = {stage: bench_corpus.article(FIRST + at)[0] for at, stage in enumerate(STAGES)}
MARKS = {stage: f"此处有异{sign}" for stage, sign in zip(STAGES, "甲乙丙丁戊己庚", strict=True)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ten") / "corpus"
    (root / "articles").mkdir(parents=True)
    marks = {BAD[stage]: f"\n会议要求，{MARKS[stage]}。" for stage in STAGES}
    for number in range(COUNT):
        name, text = bench_corpus.article(number)
        (root / "articles" / f"{name}.txt").write_text(text[:900] + marks.get(name, "") + "\n", "utf-8")
    # One theme: the packs of forty would be printed for every stage.
    (root / "themes.yml").write_text("- {id: carbon, pref_label: 碳达峰碳中和}\n", "utf-8")
    return root


def fail(patch: pytest.MonkeyPatch, stage: str, raiser: Raiser) -> None:
    """Let a stage fail for its article."""
    at = STAGES[stage]
    real = getattr(at.module, at.name)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if at.of(args[0], BAD[stage], MARKS[stage]):
            raiser()
        return real(*args, **kwargs)

    patch.setattr(at.module, at.name, broken)


def build(corpus: Path, out: Path, jobs: int, printed: bool = False) -> list[str]:
    """The lines of the report that are errors."""
    report = Report()
    settings = Settings(
        jobs=jobs, budget=Budget(60, 2 << 30), pdf_limit=300 if printed else 0, mirror_limit=0
    )
    pipeline.build(Places.of(corpus, out), settings, report, Progress(quiet=True))
    return [line for line in report.lines() if ": error: " in line]


def site(out: Path) -> dict[str, bytes]:
    root = out / "site"
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def check_site(out: Path) -> None:
    """What is published of the articles of which a stage failed, and that all others are there."""
    made = site(out)
    stage_of = {name: stage for stage, name in BAD.items()}
    for number in range(COUNT):
        name = bench_corpus.article(number)[0]
        stage = stage_of.get(name)
        left_out = stage in ("decode", "clean", "read")
        page = made.get(f"articles/{name}/index.html", b"").decode()
        assert (page == "") == left_out
        assert (f"raw/{name}.txt" in made) == (not left_out)
        assert (f"pdf/{name}.pdf" in made) == (not left_out and stage != "print")
        assert (f"pdf/{name}.pdf" in page) == (not left_out and stage not in ("print", "render"))
        assert ("本页未能按常规制作" in page) == (stage == "render")
        texts = [
            path for path in made if re.fullmatch(f"search/data/text/{name}-[0-9a-f]{{8}}\\.json\\.gz", path)
        ]
        assert len(texts) == (not left_out and stage != "index")
        if stage is not None and not left_out:
            assert MARKS[stage] in page


def build_failing(corpus: Path, out: Path, jobs: int) -> list[str]:
    """`build` with a fault in every stage, each in an article of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("build_tools.run.emit.CHUNK", 5)
        patch.setattr("build_tools.run.convert.CHUNK", 5)
        for stage in STAGES:
            fail(patch, stage, fault)
        return build(corpus, out, jobs, printed=True)


def _apart(corpus: Path, out: Path, jobs: int, pipe: Any) -> None:
    pipe.send(build_failing(corpus, out, jobs))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stage_that_raises_for_one_article_is_one_line_and_the_rest_is_built(
    jobs: int, corpus: Path, tmp_path: Path
) -> None:
    # In a process where Typst has not printed yet: workers are forks of it then, with the faults.
    context = get_context("spawn")
    told = []
    for _ in range(2):  # told at every build as long as it fails
        ours, theirs = context.Pipe()
        process = context.Process(target=_apart, args=(corpus, tmp_path, jobs, theirs))
        process.start()
        lines = ours.recv()
        process.join()
        told.append(sorted(lines))
        check_site(tmp_path)
    assert told[0] == told[1]
    assert [line.partition(" → ")[0].partition(" (")[0] for line in told[0]] == sorted(
        f"articles/{BAD[stage]}.txt: error: {at.doing} fails: RuntimeError: 甲 乙"
        for stage, at in STAGES.items()
    )
    assert all(" → " in line and "\n" not in line for line in told[0])


def test_a_page_on_which_markdown_or_a_list_raises_is_one_line_and_the_rest_is_as_it_would_be(
    corpus: Path, tmp_path: Path
) -> None:
    assert build(corpus, tmp_path / "good", 1) == []
    good, convert, ledger = site(tmp_path / "good"), Markdown.convert, indexes.series.index

    def broken(md: Markdown, source: str) -> str:
        return fault() or "" if f"../raw/{BAD['render']}.txt" in source else convert(md, source)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Markdown, "convert", broken)
        patch.setattr(indexes.series, "index", lambda site: fault() or ledger(site))
        lines = build(corpus, tmp_path / "bad", 2)
        assert [line.partition(" fails: RuntimeError: 甲 乙")[0] for line in lines] == [
            f"docs/articles/{BAD['render']}.md: error: turning it into HTML",
            "docs/series/index: error: making this list",
        ]
        assert [line.split(" → ")[0] for line in build(corpus, tmp_path / "bad", 2)] == [
            line.split(" → ")[0] for line in lines
        ]
        made = site(tmp_path / "bad")
    other = {name for name in good.keys() | made.keys() if good.get(name) != made.get(name)}
    assert other == {f"articles/{BAD['render']}/index.html", "series/index.html"}
    for name in other:
        assert "这一页没有做成" in made[name].decode()
    assert build(corpus, tmp_path / "bad", 1) == []
    assert site(tmp_path / "bad") == good


@pytest.mark.parametrize(
    "name",
    [
        "related._traits",
        "related.near_duplicates",
        "link.once_each",
        "link.serial",
        "link.volume_of",
    ],
)
def test_an_article_that_cannot_be_linked_is_one_line_and_the_others_are_linked_as_without_it(
    name: str, corpus: Path, tmp_path: Path
) -> None:
    room, _, function = name.partition(".")
    module = importlib.import_module(f"build_tools.graph.{room}")
    bad, real = BAD["read"], getattr(module, function)
    less = Path(shutil.copytree(corpus, tmp_path / "less"))
    (less / "articles" / f"{bad}.txt").unlink()
    without = load(less, Settings(jobs=1), Report(), Progress(quiet=True))
    mine = next(
        c
        for c in load(corpus, Settings(jobs=1), Report(), Progress(quiet=True)).converted.cards
        if c.id == bad
    )

    def broken(given: Any, *more: Any) -> Any:
        some = given if isinstance(given, list | tuple) else [given]
        if any(one in (mine.people, mine.filed) or getattr(one, "id", "") == bad for one in [given, *some]):
            fault()
        return real(given, *more)

    report = Report()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, function, broken)
        loaded = load(corpus, Settings(jobs=1), report, Progress(quiet=True))
    lines = report.lines()
    assert len(lines) == len(loaded.converted.failed) == 1
    assert lines[0].startswith(
        f"articles/{bad}.txt: error: linking it with the others fails: RuntimeError: 甲 乙 ("
    )
    assert (loaded.site, loaded.links) == (without.site, without.links)


@pytest.mark.parametrize("name", ["card_of", "excerpts_of", "lines_of"])
def test_an_article_whose_summary_fails_is_one_line(name: str, corpus: Path) -> None:
    real, report = getattr(convert, name), Report()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            convert, name, lambda one, *more: fault() if one.id == BAD["read"] else real(one, *more)
        )
        loaded = load(corpus, Settings(jobs=1), report, Progress(quiet=True))
    assert [line.partition(" (")[0] for line in report.lines()] == [
        f"articles/{BAD['read']}.txt: error: reading its facts fails: RuntimeError: 甲 乙"
    ]
    assert len(loaded.site.cards) == COUNT - 1


def test_an_entry_of_a_registry_that_cannot_be_linked_is_one_line(corpus: Path) -> None:
    report = Report()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "build_tools.graph.link.ThemeEntry", lambda *args: fault() if args[2] else ThemeEntry(*args)
        )
        loaded = load(corpus, Settings(jobs=1), report, Progress(quiet=True))
    assert [line.partition(" fails: ")[0] for line in report.lines()] == [
        "themes.yml:1: error: linking it with the others"
    ]
    assert len(loaded.site.cards) == COUNT
    assert [entry.label for entry in loaded.site.themes] == ["碳达峰碳中和"]


@pytest.mark.parametrize(
    ("raiser", "told"),
    [
        (stuck, "reading its facts takes more than 2 s"),
        (greedy, "reading its facts takes more than 2048 MiB"),
        (altered, "reading its facts would alter the text: THE LEDGER DOES NOT LEAD BACK TO THE SOURCE"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_over_its_budget_or_with_a_broken_ledger_is_left_out(
    raiser: Raiser, told: str, jobs: int, corpus: Path
) -> None:
    report = Report()
    settings = Settings(jobs=jobs, budget=Budget(2 if raiser is stuck else 60, 2 << 30))
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, "read", raiser)
        patch.setattr("build_tools.run.convert.CHUNK", 5)
        loaded = load(corpus, settings, report, Progress(quiet=True))
    lines = report.lines()
    assert len(lines) == 1 and lines[0].startswith(f"articles/{BAD['read']}.txt: error: {told}")
    assert len(loaded.converted.cards) == COUNT - 1
