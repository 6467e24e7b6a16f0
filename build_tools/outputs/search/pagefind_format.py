"""Pagefind's index files, written in the form that its engine reads: a private format, known here and nowhere else.

Pagefind documents neither its files nor their form, and any release may change them. So this module is all that
knows them, `bundle` alone calls it (its two names: `write`, `BETWEEN`), the release is pinned in `pyproject.toml`,
and `tests/outputs/test_pagefind_format.py` lets Pagefind's own indexer do the same pages and compares what the files
hold: an upgrade which changes the form fails there.

Pagefind's own indexer takes HTML and gives, beside the index, a fragment a page that we have no use for.
Our words are single characters, known beforehand: parsing, looking for words, fragments and a process a
shard are work for nothing, and cost more than twice the CPU (docs/decisions/0004). The engine in the browser
is Pagefind's, unchanged.

The form is CBOR behind a signature, gzipped:

- `index/<hash>.pf_index`: a run of the sorted words and of MARK: `[[[word, [[page, [location, …], []], …], []], …]]`;
  pages and locations each as the difference to the one before,
- `pagefind.unknown_meta.pf_meta`: `[version, [[page's name, words], …], [[first word, last, hash], …], [], [], []]`,
- `pagefind-entry.json`: which `pf_meta` there is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from operator import sub
from pathlib import Path
from typing import NamedTuple

from build_tools.core.files import gzipped
from build_tools.core.fold import BORDER, MARK, MARKS, tokens

BETWEEN = "\n"
"""Stands for BORDER in a text to be indexed: white space, so no folded text has it."""

_PUNCTUATION = "\t"  # stands for MARK
_MARKS = re.compile(f"[{re.escape(MARKS)}]")

_CHUNK = 15_000
# Bytes a chunk before compression; Pagefind's have about 60,000. A typical query of 2 to 6 characters reads
# 52 kB of a bundle of 500 articles instead of 119, in 220 files instead of 79; a file a word: 28 kB, 1,055 files.
_LEVEL = 5  # of gzip; Pagefind's 9 makes the files 1.3 % smaller and costs four times as much
_SIGNATURE = b"pagefind_dcd"
_LANGUAGE = "unknown"  # Pagefind's neutral one: no stemming
META = f"{_LANGUAGE}_meta"
"""Where Pagefind has a hash: a bundle's folder is named by its content already, and engine.js asks ahead."""
_NUMBER, _STRING, _ARRAY = 0x00, 0x60, 0x80  # kinds of item in CBOR
_PAGE, _NOTHING = b"\x83", b"\x80"  # an array of three; an empty one


class Indexed(NamedTuple):
    """One text as the index has it: its length, and character (or _PUNCTUATION) → its places there, encoded."""

    length: int
    places: dict[str, bytes]


def indexed(text: str) -> Indexed:
    """Every character of the text is a word.

    >>> indexed("会议会")
    Indexed(length=3, places={'会': b'\\x82\\x00\\x02', '议': b'\\x81\\x01'})
    """
    found: dict[str, list[int]] = {}
    for at, char in enumerate(text):
        if char in found:
            found[char].append(at)
        else:
            found[char] = [at]
    if marks := [mark.start() for mark in _MARKS.finditer(text)]:
        found[_PUNCTUATION] = marks
    encoded = _NUMBERS.__getitem__ if len(text) <= len(_NUMBERS) else _number
    places = {
        char: _head(_ARRAY, len(at)) + b"".join(map(encoded, map(sub, at, (0, *at))))
        for char, at in found.items()
    }
    return Indexed(len(text), places)


def write(texts: Sequence[Indexed], version: str, out: Path) -> None:
    """The index of `texts` into `out`. A result's id is the text's number.

    `version` is Pagefind's, which its engine compares. Equal texts give equal bytes.
    """
    words = _postings(texts)
    chunks = []
    (out / "index").mkdir(parents=True)
    for run in _runs(words):
        body = _array(_array(*(_array(_string(_spelt(char)), words[char], _NOTHING) for char in run)))
        name = f"{_LANGUAGE}_{hashlib.sha256(body).hexdigest()[:10]}"
        _save(out / "index" / f"{name}.pf_index", body)
        chunks.append(_array(_string(_spelt(run[0])), _string(_spelt(run[-1])), _string(name)))
    pages = (_array(_string(str(number)), _head(_NUMBER, text.length)) for number, text in enumerate(texts))
    unused = (_NOTHING,) * 3  # filters, sort orders, fields of metadata
    meta = _array(_string(version), _array(*pages), _array(*chunks), *unused)
    _save(out / f"pagefind.{META}.pf_meta", meta)
    told = {"hash": META, "wasm": None, "page_count": len(texts)}
    entry = {"version": version, "languages": {_LANGUAGE: told}, "include_characters": []}
    (out / "pagefind-entry.json").write_text(json.dumps(entry), "utf-8")


def _postings(texts: Sequence[Indexed]) -> dict[str, bytes]:
    """Character, or _PUNCTUATION → the pages that have it, encoded."""
    pages: dict[str, list[bytes]] = {}
    before: dict[str, int] = {}  # the page that had the character last
    for page, text in enumerate(texts):
        for char, places in text.places.items():
            step = _number(page - before.get(char, 0))
            pages.setdefault(char, []).append(_PAGE + step + places + _NOTHING)
            before[char] = page
    return {char: _array(*rows) for char, rows in pages.items()}


def _runs(words: dict[str, bytes]) -> Iterator[list[str]]:
    """The characters in the order of their words, cut where a chunk is full."""
    run: list[str] = []
    size = 0
    for char in sorted(words, key=_spelt):
        run.append(char)
        size += len(words[char])
        if size >= _CHUNK:
            yield run
            run, size = [], 0
    if run:
        yield run


def _spelt(char: str) -> str:
    return {BETWEEN: BORDER, _PUNCTUATION: MARK}.get(char) or tokens(char)[:-1]


def _array(*items: bytes) -> bytes:
    return _head(_ARRAY, len(items)) + b"".join(items)


def _string(text: str) -> bytes:
    data = text.encode()
    return _head(_STRING, len(data)) + data


def _head(kind: int, number: int) -> bytes:
    """The first bytes of an item in CBOR: its kind and its value or length."""
    if number < 24:
        return bytes((kind | number,))
    for size, mark in ((1, 24), (2, 25), (4, 26)):
        if number < 1 << 8 * size:
            return bytes((kind | mark,)) + number.to_bytes(size, "big")
    raise ValueError(f"{number} is too large for an index")


_NUMBERS = [_head(_NUMBER, number) for number in range(1 << 12)]


def _number(number: int) -> bytes:
    return _NUMBERS[number] if number < len(_NUMBERS) else _head(_NUMBER, number)


def _save(path: Path, body: bytes) -> None:
    path.write_bytes(gzipped(_SIGNATURE + body, _LEVEL))
