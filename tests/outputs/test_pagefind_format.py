"""Our index files against those of Pagefind's own indexer: what they hold must be the same."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from build_tools.core.fold import BORDER, MARK, MARKS, fold, tokens
from build_tools.outputs.search import pagefind_format

pytestmark = pytest.mark.slow

SIGNATURE = b"pagefind_dcd"
TEXTS = [
    pagefind_format.BETWEEN.join(("", *map(fold, blocks), ""))
    for blocks in (
        ("生态环境部党组召开会议", "会议指出,要坚决打好污染防治攻坚战。COD减排5.5%、VOCs减排。" * 40),
        ("𠮷野家与🌏:a.b[c](d)*.^$\\", "Ünïon ПДК ab__c", "的" * 300),
        ("", "另一段。" * 70000),  # locations beyond two bytes
        *(("会议", f"第{number}次会议" + "甲乙丙丁" * (number % 30)) for number in range(300)),
    )
]


def _read(data: bytes, at: int) -> tuple[Any, int]:
    """One item of CBOR, and where the next begins."""
    kind, value = data[at] >> 5, data[at] & 31
    at += 1
    if value >= 24:
        size = 1 << (value - 24)
        value, at = int.from_bytes(data[at : at + size], "big"), at + size
    if kind == 3:
        return data[at : at + value].decode(), at + value
    if kind == 4:
        items = []
        for _ in range(value):
            item, at = _read(data, at)
            items.append(item)
        return items, at
    assert kind in (0, 1)
    return (value if kind == 0 else -1 - value), at


def _content(path: Path) -> Any:
    data = gzip.decompress(path.read_bytes())
    assert data.startswith(SIGNATURE)
    item, end = _read(data, len(SIGNATURE))
    assert end == len(data)
    return item


def _words(out: Path, meta: Any) -> list[Any]:
    """All words in the order of the chunks; each chunk holds what `meta` says."""
    words: list[Any] = []
    for first, last, name in meta[2]:
        (chunk,) = _content(out / "index" / f"{name}.pf_index")
        assert chunk[0][0].startswith(first)
        assert chunk[-1][0].startswith(last)
        words += chunk
    assert [word for word, *_ in words] == sorted(word for word, *_ in words)
    return words


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(ours, Pagefind's) of the same pages."""
    root = tmp_path_factory.mktemp("postings")
    (root / "pages").mkdir()
    for number, text in enumerate(TEXTS):
        words = "".join(f"{BORDER} " if char == pagefind_format.BETWEEN else tokens(char) for char in text)
        (root / "pages" / f"{number:03}.html").write_text(
            f'<html lang="unknown"><body data-pagefind-body>{words}</body></html>', "utf-8"
        )
    command = [sys.executable, "-m", "pagefind", "--site", root / "pages", "--output-path", root / "theirs"]
    subprocess.run(command, check=True, capture_output=True)
    pagefind_format.write([*map(pagefind_format.indexed, TEXTS)], version("pagefind"), root / "ours")
    return root / "ours", root / "theirs"


def _meta(out: Path) -> Any:
    entry = json.loads((out / "pagefind-entry.json").read_bytes())
    (told,) = entry["languages"].values()
    return _content(out / f"pagefind.{told['hash']}.pf_meta")


def test_same_entry(both: tuple[Path, Path]) -> None:
    ours, theirs = (json.loads((out / "pagefind-entry.json").read_bytes()) for out in both)
    assert ours.keys() == theirs.keys()
    assert ours["version"] == theirs["version"]
    assert ours["languages"].keys() == theirs["languages"].keys()
    one, other = ours["languages"]["unknown"], theirs["languages"]["unknown"]
    assert one.keys() == other.keys()
    assert (one["wasm"], one["page_count"]) == (other["wasm"], other["page_count"])


def test_same_metadata(both: tuple[Path, Path]) -> None:
    ours, theirs = map(_meta, both)
    assert len(ours) == len(theirs)
    assert ours[0] == theirs[0]
    assert [name for name, _ in ours[1]] == [str(number) for number in range(len(TEXTS))]
    sizes = {number: size for number, (_, size) in zip(_order(both[1]), theirs[1], strict=True)}
    assert sizes == {int(name): size for name, size in ours[1]}
    assert [len(row) for row in ours[2]] == [3] * len(ours[2])
    assert ours[3:] == theirs[3:]


def _order(theirs: Path) -> list[int]:
    """The number of each of their pages, in their order."""
    out = []
    for name, _ in _meta(theirs)[1]:
        fragment = gzip.decompress((theirs / "fragment" / f"{name}.pf_fragment").read_bytes())
        out.append(int(Path(json.loads(fragment.removeprefix(SIGNATURE))["url"]).stem))
    return out


def _absolute(words: list[Any], order: list[int]) -> dict[str, dict[int, list[int]]]:
    """Word → number of the text → locations."""
    found: dict[str, dict[int, list[int]]] = {}
    for word, pages, variants in words:
        assert variants == []
        at = 0
        for step, locations, in_metadata in pages:
            assert in_metadata == []
            at += step
            found.setdefault(word, {})[order[at]] = list(accumulate(locations))
    return found


def test_same_words_pages_and_locations(both: tuple[Path, Path]) -> None:
    ours, theirs = (_words(out, _meta(out)) for out in both)
    for _, pages, _ in theirs:
        for page in pages:
            assert page[1].pop(0) == -25  # the weight of ordinary text; ours leave it to be the default
    found = _absolute(ours, list(range(len(TEXTS))))
    marks = found.pop(MARK)  # a word of ours: Pagefind cannot put two in one place
    assert found == _absolute(theirs, _order(both[1]))
    assert marks == {
        number: places
        for number, text in enumerate(TEXTS)
        if (places := [at for at, char in enumerate(text) if char in MARKS])
    }


def test_nothing_to_index(tmp_path: Path) -> None:
    pagefind_format.write([], "1", tmp_path / "a")
    pagefind_format.write([*map(pagefind_format.indexed, ["", pagefind_format.BETWEEN])], "1", tmp_path / "b")
    assert _meta(tmp_path / "a")[1:3] == [[], []]
    assert _words(tmp_path / "b", _meta(tmp_path / "b")) == [[BORDER, [[1, [0], []]], []]]
