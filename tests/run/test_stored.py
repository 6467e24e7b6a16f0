"""What is stored is proven: a bit that flipped, a file that was emptied, a machine that lost its power."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from build_tools.bench.corpus import article
from build_tools.core import files, paths
from build_tools.core.diagnostics import Report
from build_tools.core.paths import Foreign, Places
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.outputs.site import journal
from build_tools.run import convert, pipeline, unchanged
from build_tools.run import state as states
from build_tools.run.cache import Cache
from tests.support.corpus import change, make, tree

pytestmark = pytest.mark.slow

FLIPS = 900  # bits in all kinds of stored files
SETTINGS = Settings(jobs=1, pdf_limit=0, mirror_limit=0, site_url="https://wenzhai.test/digest/")


def build(corpus: Path, out: Path, verify: bool = False) -> list[str]:
    report = Report()
    pipeline.build(Places.of(corpus, out), SETTINGS, report, Progress(quiet=True), verify=verify)
    return report.lines()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and the site of it in `a`."""
    root = tmp_path_factory.mktemp("stored")
    build(make(root / "corpus"), root / "a")
    return root


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """`built`, to be damaged."""
    shutil.copytree(built, tmp_path / "copy", symlinks=True)
    return tmp_path / "copy"


def test_a_flipped_bit_of_the_cache_is_never_loaded(copy: Path) -> None:
    """Each article is loaded as it was; what was damaged is stored anew."""
    rng = random.Random(4)
    cache = copy / "a" / ".digest" / "cache"

    def load() -> tuple[list[bytes], list[object], int]:
        loaded = convert.load(copy / "corpus", SETTINGS, Report(), Progress(quiet=True), Cache(cache))
        cards = loaded.site.cards
        return (
            [loaded.converted.blob(card.id) for card in cards],
            list(loaded.converted.lines()),
            loaded.converted.made,
        )

    entries = (path for path in cache.rglob("*") if path.is_file() and "templates" not in path.parts)
    whole = {path: path.read_bytes() for path in entries}
    wanted = load()
    assert wanted[2] == 0
    # Parts of an entry are read apart: every kind of entry and every part of it is hit.
    for path, data in whole.items():
        stage, key = path.relative_to(cache).parts[0], "".join(path.relative_to(cache).parts[1:])
        for _ in range(FLIPS // len(whole)):
            at = rng.randrange(len(data))
            path.write_bytes(data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :])
            check_entry(Cache(cache), stage, key, data, at)
        path.write_bytes(data)
    read = {path: data for path, data in whole.items() if not {"search", "pinyin", "tables"} & {*path.parts}}
    for damage in (bytes, lambda data: data[: len(data) // 2], lambda data: data + b"x", lambda _: b"torn"):
        for path, data in read.items():
            path.write_bytes(damage(data) if damage is not bytes else b"")
        blobs, lines, _ = load()
        assert (blobs, lines) == wanted[:2]
        assert {path: path.read_bytes() for path in read} == read


def check_entry(cache: Cache, stage: str, key: str, data: bytes, at: int) -> None:
    """No part of the entry in which byte `at` is another is read as anything else than it was."""
    if stage != "articles":
        assert cache.get(stage, key) is None
        return
    bad = 0
    for part in ("text", "article", "lines", "excerpts"):
        try:
            assert cache.get_part(stage, key, part) in data
        except ValueError:
            bad += 1
    # The line that says where the parts are spoils all; the line feed behind it and a part itself that part alone.
    assert bad >= 1 or data[at : at + 1] == b"\n" or data.find(b"\n") > at


@pytest.mark.parametrize("name", ["state.json", "standing.json"])
def test_a_flipped_bit_of_what_the_last_build_left_means_that_all_is_made_anew(name: str, copy: Path) -> None:
    rng = random.Random(5)
    places = Places.of(copy / "corpus", copy / "a")
    path = places.work / name
    data = path.read_bytes()
    assert (states._read(places) if name == "state.json" else unchanged._told(places)) is not None
    damaged = [b"", data[:-1], data + b" ", b"{}"]
    for _ in range(FLIPS // 3):
        at = rng.randrange(len(data))
        damaged.append(data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :])
    for one in damaged:
        path.write_bytes(one)
        assert (states._read(places) if name == "state.json" else unchanged._told(places)) is None
    before = tree(copy / "a" / "site")
    build(copy / "corpus", copy / "a")
    assert tree(copy / "a" / "site") == before


def test_a_damaged_template_of_the_cache_is_compiled_anew(copy: Path) -> None:
    build(copy / "corpus", copy / "a")
    templates = [path for path in (copy / "a/.digest/cache/templates").rglob("*") if path.is_file()]
    assert len(templates) > 3
    rng = random.Random(6)
    for path in templates:
        data = path.read_bytes()
        at = rng.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    change(copy / "corpus", random.Random(5))
    build(copy / "corpus", copy / "a")
    build(copy / "corpus", copy / "b")
    assert tree(copy / "a" / "site") == tree(copy / "b" / "site")


@pytest.mark.parametrize("damage", ["empty", "flip", "old"])
def test_a_journal_that_cannot_be_read_is_one_line_and_a_full_rebuild(damage: str, copy: Path) -> None:
    change(copy / "corpus", random.Random(5))
    work, site = copy / "a" / ".digest", copy / "a" / "site"
    with pytest.MonkeyPatch.context() as patch:
        real = Path.replace
        moved = []

        def dying(self: Path, target: Path) -> Path:
            if ".digest/staging" in str(self):
                moved.append(self)
                if len(moved) > 3:
                    raise KeyboardInterrupt
            return real(self, target)

        patch.setattr(Path, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            build(copy / "corpus", copy / "a")
    data = (work / "journal.json").read_bytes()
    spoilt = {"empty": b"", "flip": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "old": data[files.PROOF :]}
    (work / "journal.json").write_bytes(spoilt[damage])
    lines = build(copy / "corpus", copy / "a")
    assert [line for line in lines if "journal" in line] == [
        ".digest/journal.json: warning: cannot be read → nothing to do: everything was made again"
    ]
    build(copy / "corpus", copy / "b")
    assert tree(site) == tree(copy / "b" / "site")


def test_verify_tells_and_makes_again_what_is_another_than_was_built(copy: Path) -> None:
    site, docs = copy / "a" / "site", copy / "a" / "docs"
    before = tree(site), tree(docs)
    name = article(1)[0]
    hit = [
        site / "index.html", site / f"articles/{name}/index.html", site / "sitemap.xml", site / f"raw/{name}.txt",
        next(site.glob("search/data/text/*.json.gz")), next(site.glob("search/data/*/index/*.pf_index")),
        site / "search/data/manifest.json", next(site.glob("assets/stylesheets/*.css")), docs / f"articles/{name}.md",
        next(docs.glob("people/*.md")), docs / "data/articles.jsonl",
    ]  # fmt: skip
    for path in hit:
        data = path.read_bytes()
        path.unlink()  # the file below docs/ may be the same one
        path.write_bytes(b"" if path.suffix == ".html" else bytes([data[0] ^ 1]) + data[1:])
    (site / "about" / "index.html").unlink()
    lines = [line for line in build(copy / "corpus", copy / "a", verify=True) if "it was made again" in line]
    assert len(lines) == len(hit) + 1
    assert "site/about/index.html: warning: is gone → nothing to do: it was made again" in lines
    assert "site/index.html: warning: is not what was built → nothing to do: it was made again" in lines
    assert (tree(site), tree(docs)) == before
    assert build(copy / "corpus", copy / "a", verify=True) == []


def test_a_damaged_file_of_docs_is_not_published_when_the_theme_makes_all_pages_anew(copy: Path) -> None:
    page = copy / "a" / "docs" / "articles" / f"{article(1)[0]}.md"
    before = tree(copy / "a" / "site")
    page.write_text(page.read_text("utf-8").replace("会议", "会義"), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_theme", lambda *_: "another")
        build(copy / "corpus", copy / "a")
    assert tree(copy / "a" / "site") == before


# --- a machine that loses its power ---------------------------------------------

OLD = {"a.html": b"old a", "b/c.html": b"old c", "d/gone.html": b"old d", "kept.html": b"kept"}
NEW = {"a.html": b"new a", "b/c.html": b"new c", "e/f/g.html": b"new g", "kept.html": b"kept"}
CRASHES = 12  # ways to lose what was not synced, after each step


class Inode:
    """A file's bytes, whatever its name."""

    def __init__(self, data: bytes) -> None:
        self.data = data


class Disk:
    """Notes each step of a commit: bytes written, names moved and removed, what was brought to the disk."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[str, str, str, Inode | None]] = []
        self.live: dict[str, Inode] = {}
        move, remove, sync = Path.replace, Path.unlink, files.sync

        def noted_move(path: Path, target: Path) -> Path:
            self.create(path)
            self.live[str(target)] = node = self.live.pop(str(path))
            self.steps.append(("move", str(path), str(target), node))
            return move(path, target)

        def noted_remove(path: Path, missing_ok: bool = False) -> None:
            if path.exists():
                self.steps.append(("remove", str(path), str(path), self.live.pop(str(path), None)))
            remove(path, missing_ok=missing_ok)

        def noted_sync(path: str | Path) -> None:
            if Path(path).is_file():
                self.create(Path(path))
            self.steps.append(("sync", str(path), str(path), self.live.get(str(path))))
            sync(path)

        patch.setattr(Path, "replace", noted_move)
        patch.setattr(Path, "unlink", noted_remove)
        patch.setattr(files, "sync", noted_sync)
        patch.setattr(journal, "sync", noted_sync)

    def create(self, path: Path) -> None:
        """Note a file that somebody wrote."""
        if str(path) not in self.live:
            self.live[str(path)] = node = Inode(path.read_bytes())
            self.steps.append(("create", str(path), str(path), node))

    def after_a_crash(self, begin: dict[str, Inode], end: int, rng: random.Random) -> dict[str, bytes]:
        """What the disk may hold if the power went after `end` steps.

        What was done to names since their folder was synced may be lost, and so may the bytes of a file
        that was not.
        """
        names, safe = dict(begin), set(begin.values())
        pending: list[tuple[str, str, str, Inode | None]] = []

        def apply(step: tuple[str, str, str, Inode | None]) -> None:
            names.pop(step[1], None)
            if step[0] != "remove":
                assert step[3] is not None
                names[step[2]] = step[3]

        for step in self.steps[:end]:
            if step[0] != "sync":
                pending.append(step)
            elif step[3] is not None:
                safe.add(step[3])
            else:
                for one in [
                    one for one in pending if step[1] in (str(Path(one[1]).parent), str(Path(one[2]).parent))
                ]:
                    apply(one)
                    pending.remove(one)
        chance = rng.choice((0.0, 0.3, 0.7, 1.0))
        for step in pending:  # the system may have written any of them by itself
            if rng.random() < chance:
                apply(step)
        return {
            name: node.data if node in safe or rng.random() < chance else b"" for name, node in names.items()
        }


def lay(root: Path, content: dict[str, bytes]) -> None:
    for name, data in content.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def state_of(site: dict[str, bytes]) -> states.State:
    told = {name: f"{files.key_of(data)[:16]} {len(data)}" for name, data in site.items()}
    return {**states.EMPTY, "files": told, "batches": {}}


def test_after_a_crash_at_any_step_the_site_is_the_old_or_the_new_and_the_state_knows_which(
    tmp_path: Path,
) -> None:
    root = tmp_path / "a"
    places = Places(tmp_path / "corpus", root / "docs", root / "site", root / ".digest")
    staging = places.work / "staging"
    lay(places.site, OLD)
    states.store(places, state_of(OLD))
    begin = {str(path): Inode(path.read_bytes()) for path in root.rglob("*") if path.is_file()}
    lay(staging, {name: data for name, data in NEW.items() if OLD.get(name) != data})
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        disk.live.update(begin)
        for path in sorted(staging.rglob("*")):
            if path.is_file():
                disk.create(path)
        journal.commit(places.work, places.site, staging, {"d/gone.html"}, states.dump(state_of(NEW)))
    assert len(disk.steps) > 30
    seen = []
    rng = random.Random(8)
    for end in range(len(disk.steps) + 1):
        for _ in range(CRASHES):
            shutil.rmtree(root)
            places.site.mkdir(parents=True)
            places.work.mkdir()
            held = disk.after_a_crash(begin, end, rng)
            lay(root, {Path(name).relative_to(root).as_posix(): data for name, data in held.items()})
            report = Report()
            state, _ = states.begin(places, staging, report)
            found = {path: (places.site / path).read_bytes() for path in paths.files_below(places.site)}
            assert found in (OLD, NEW), f"after step {end}: {found}"
            assert state["files"] == state_of(found)["files"], f"after step {end}"
            assert not (places.work / "journal.json").exists() and not staging.exists()
            seen.append(found == NEW)
    assert 0 < sum(seen) < len(seen)


# --- nobody else's files ----------------------------------------------------------


def refused(corpus: Path, out: Path) -> str:
    """What the build says when it refuses, having changed nothing."""
    before = sorted(str(path) for path in out.rglob("*") if ".digest" not in path.parts), tree(out)
    with pytest.raises(Foreign) as error:
        build(corpus, out)
    assert sorted(str(path) for path in out.rglob("*") if ".digest" not in path.parts) == before[0]
    assert {name: data for name, data in tree(out).items() if not name.startswith(".digest")} == {
        name: data for name, data in before[1].items() if not name.startswith(".digest")
    }
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "name", ["docs/mine.md", "site/mine.html", "docs/articles/mine.md", "site/deep/er/mine.css"]
)
def test_a_folder_with_somebody_elses_files_is_refused(name: str, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    lay(out, {name: b"mine"})
    assert (
        refused(built / "corpus", out)
        == f"{out / name} was not made here: move it away, or give another --out; "
        f"if .digest was deleted, delete {out / Path(name).parts[0]} too"
    )
    assert not (out / ".digest").exists()


@pytest.mark.parametrize(
    "name", ["docs/mine.md", "site/mine.html", "docs/articles/mine.md", "site/deep/er/mine.css"]
)
def test_a_file_that_somebody_put_beside_ours_is_refused_and_stays(name: str, copy: Path) -> None:
    lay(copy / "a", {name: b"mine"})
    assert f"{copy / 'a' / name} was not made here" in refused(copy / "corpus", copy / "a")
    (copy / "a" / name).unlink()
    build(copy / "corpus", copy / "a")


@pytest.mark.parametrize("name", ["docs", "site", "docs/raw", "site/search"])
def test_a_folder_that_is_a_link_is_refused(name: str, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine", "utf-8")
    (out / name).parent.mkdir(parents=True)
    (out / name).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert f"{out / name} is a link" in refused(built / "corpus", out)


def test_what_a_build_that_was_killed_left_in_docs_is_ours(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "a"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(corpus, out)
    assert list((out / "docs").rglob("*.md"))
    next((corpus / "articles").glob("*.txt")).unlink()
    build(corpus, out)
    build(corpus, tmp_path / "b")
    assert tree(out / "docs") == tree(tmp_path / "b" / "docs")


def test_files_are_readable_for_a_web_server_whatever_the_umask(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus", range(2)), tmp_path / "a"
    before = os.umask(0o077)
    try:
        build(corpus, out)
    finally:
        assert os.umask(before) == 0o077
    for path in (out / "site", *(out / "site").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path
