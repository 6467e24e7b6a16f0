"""Search that finds what grep finds: Pagefind bundles over our own tokens.

Every shard of a volume gets a bundle in `site/search/data/<volume>-<key>/`:

- `pagefind-entry.json`, `*.pf_meta`, `index/*.pf_index`: what Pagefind's engine reads (`pagefind_format`). Every
  character is a word (`fold.tokens`), and a border word stands between blocks. Queried as one quoted
  phrase it is exact (docs/decisions/0004). One more word has the places of all punctuation.
- `articles.json`: what results are ranked, filtered and listed by, one row an article.

`site/search/data/text/<id>-<key>.json.gz` has the blocks of an article as readers see them, `[[anchor, text], …]`, for
excerpts; the browser fetches it for the results that it shows. It is beside the bundles, so that one more article in
a shard leaves the texts of the others where they are.

`site/search/data/manifest.json` names the bundles, newest volume first, and the themes; people and
organisations lie in `names/<letter>.json` by the first letter of their pinyin, so that suggestions
cost one small file however many people there are. Nothing here reads a clock: equal input gives
equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from build_tools.core.article import Article, Trust
from build_tools.core.files import gzipped
from build_tools.core.fold import fold
from build_tools.core.site import SEARCH_DATA
from build_tools.core.text import is_han
from build_tools.graph.addresses import person_pinyin, read
from build_tools.graph.link import Site, once_each
from build_tools.outputs.search import pagefind_format
from build_tools.outputs.search.pagefind_format import BETWEEN, Indexed

DATA = SEARCH_DATA
TEXTS = f"{DATA}/text"

KEY = 8  # digits of an article's key in the name of its text
SHARD = 500  # articles (docs/decisions/0004)


class SearchError(Exception):
    """Pagefind did not give its engine; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as search knows it.

    `blocks` are (anchor, text): title and decks with the anchor "", headings and paragraphs with
    theirs. `head` are the texts in which a hit counts more: title, decks, headings, key points.
    People and organisation are (key, name): the registry's id, or the name of an unreviewed one.
    """

    id: str
    title: str
    date: str
    kind: str
    level: str
    organization: str
    people: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    head: tuple[str, ...]
    blocks: tuple[tuple[str, str], ...]
    trust: str = Trust.ORIGINAL.value
    key: str = ""  # that of the article, as `text_name` cuts it


@dataclass(frozen=True, slots=True)
class Bundle:
    """A built shard: `key` follows from all that it is made of, `volume` is a year or `undated`."""

    volume: str
    key: str
    articles: int

    @property
    def directory(self) -> str:
        """Its folder below DATA; the key in it makes every address immutable."""
        return f"{self.volume}-{self.key[:16]}"


# --- articles → documents → bundle ---------------------------------------------


def document(article: Article, key: str = "") -> Document:
    """What search knows of an article of that key."""
    title = article.title.value if article.title is not None else ""
    above = [text for text in (title, article.eyebrow, *article.decks) if text]
    blocks = [("", text) for text in above] + [(item.id, item.text) for item in article.body]
    headings = [item.text for item in article.body if item.level]
    leads = [item.text[start:end] for item in article.body for start, end in item.lead]
    points = [fact.value for fact in article.key_points if any(fact.value in text for _, text in blocks)]
    return Document(
        id=article.id,
        title=article.display_title,
        date=article.date,
        kind=article.kind.value.value,
        level=article.level.value.value,
        organization=article.organization.value if article.organization is not None else "",
        people=tuple((who.person_id or who.name, names[0]) for names, who in once_each(article.people)),
        themes=tuple(hit.label for hit in article.themes),
        head=tuple(dict.fromkeys((*above, *headings, *leads, *points))),
        blocks=tuple(blocks),
        trust=article.trust_label,
        key=key[:KEY],
    )


def cut(ids: Iterable[str], limit: int = SHARD) -> tuple[tuple[str, ...], ...]:
    """The shards of a volume: at most `limit` ids each, by growing prefixes of the ids' hashes.

    A function of the set alone. One more id goes into one shard, which at most splits in two; the
    others stay as they are.

    >>> cut(["c", "a", "b"], 5)
    (('a', 'b', 'c'),)
    """
    if limit < 1:
        raise ValueError(f"limit {limit} is below 1")

    def split(rows: list[tuple[str, str]], bit: int) -> list[tuple[str, ...]]:
        if len(rows) <= limit or bit >= 256:
            return [tuple(sorted(name for _, name in rows))] if rows else []
        halves = ([row for row in rows if row[0][bit] == side] for side in "01")
        return [shard for half in halves for shard in split(half, bit + 1)]

    rows = [(f"{int(hashlib.sha256(name.encode()).hexdigest(), 16):0256b}", name) for name in set(ids)]
    return tuple(split(sorted(rows), 0))


class Part(NamedTuple):
    """What a bundle has of one article: the document without its texts, how long its head is, its text as indexed."""

    document: Document
    head: int
    text: Indexed


def text_name(article: str, key: str) -> str:
    """The file of an article's blocks below TEXTS; `key` is that of the article."""
    return f"{article}-{key[:KEY]}.json.gz"


def part_of(one: Document) -> tuple[Part, bytes]:
    """The article's part of its bundle, and its file below TEXTS."""
    head = "".join(text + BETWEEN for text in ("", *map(fold, one.head)))
    text = head + "".join(fold(text) + BETWEEN for _, text in one.blocks)
    alone = replace(one, head=(), blocks=())
    return Part(alone, len(head), pagefind_format.indexed(text)), gzipped(_json(one.blocks))


def build_bundle(parts: Sequence[Part], out: Path) -> None:
    """Write the bundle of these articles into `out`, which is made anew. Equal parts give equal bytes."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    rows = _Rows()
    table = [rows.row(one) for one in parts]
    pagefind_format.write([one.text for one in parts], version("pagefind"), out)
    (out / "articles.json").write_bytes(
        _json({"people": list(rows.people), "names": list(rows.names), "articles": table})
    )


class _Rows:
    """Rows of `articles.json`; people and themes by number, because they repeat."""

    def __init__(self) -> None:
        self.people: dict[tuple[str, str], int] = {}
        self.names: dict[str, int] = {}

    def row(self, part: Part) -> list[Any]:
        one = part.document
        people = [self.people.setdefault(who, len(self.people)) for who in one.people]
        themes = [self.names.setdefault(label, len(self.names)) for label in one.themes]
        organization = self.names.setdefault(one.organization, len(self.names)) if one.organization else -1
        return [
            one.id, one.title, one.date, one.kind, one.level, organization, people, themes, part.head, one.trust,
            one.key,
        ]  # fmt: skip


def _pagefind(pages: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out), "--silent"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not (out / "pagefind-entry.json").exists():
        raise SearchError(f"Pagefind failed: {(done.stderr or done.stdout).strip()[-800:]}")
    return out


# --- the manifest, names for suggestions, the engine ---------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something with a page that a reader may look for by name."""

    kind: str  # person, organization
    name: str
    path: str  # from the site's root, `people/sun-jinlong/`
    key: str  # what the filter of results goes by
    articles: int
    others: tuple[str, ...] = ()


def spellings(name: str, person: bool = True) -> tuple[tuple[str, str], ...]:
    """Ways to type a name: pinyin without blanks, and its initials; ü as v, as it is typed.

    A person's first reading is that of the page's address, with the surname's own reading; the
    second reads the given name as words do (长青 is changqing), where that differs.

    >>> spellings("孙金龙"), spellings("重庆市", person=False)
    ((('sunjinlong', 'sjl'),), (('chongqingshi', 'cqs'),))
    >>> spellings("单长青")
    (('shanzhangqing', 'szq'), ('shanchangqing', 'scq'))
    """

    ways: list[Sequence[str]] = [_read(name)]
    if person and len(name) > 1 and all(map(is_han, name)):
        family = person_pinyin(name).partition("-")[0]
        start = _read(name[:2]) if len(name) > 2 and family == "".join(_read(name[:2])) else [family]
        given = name[len(start) :]
        ways = [[*start, *(_read(char)[0] for char in given)], [*start, *_read(given)]]
    spelt = ((_letters("".join(some)), _letters("".join(one[:1] for one in some))) for some in ways)
    return tuple(dict.fromkeys(spelt))


def _read(text: str) -> tuple[str, ...]:
    return read(fold(text))


def _letters(text: str) -> str:
    plain = "".join(char for char in text.lower() if char.isascii() and char.isalnum())
    return plain.replace("lyu", "lv").replace("nyu", "nv")


def names_of(site: Site) -> tuple[Name, ...]:
    """People and organisations that have a page, in the order of their addresses."""
    people = (
        Name(
            "person",
            one.name,
            f"people/{one.slug}/",
            one.person.id if one.person is not None else one.name,
            len(one.appearances),
            one.person.other_names if one.person is not None else (),
        )
        for one in site.people
    )
    organizations = (
        Name(
            "organization",
            one.name,
            f"organizations/{one.slug}/",
            one.name,
            len(one.cards),
            one.organization.other_names if one.organization is not None else (),
        )
        for one in site.organizations
    )
    return (*people, *organizations)


def write_manifest(bundles: Sequence[Bundle], site: Site, out: Path) -> None:
    """Write `manifest.json`, `names/` and the engine into `out`, the folder that holds the bundles.

    Bundles of other content that lie there are left alone: what is no longer named is the
    pipeline's to remove.
    """
    out.mkdir(parents=True, exist_ok=True)
    names = _write_names(names_of(site), out / "names")
    themes = [
        [
            one.label,
            f"themes/{one.slug}/",
            len(one.hits),
            list(one.theme.alt_labels) if one.theme is not None else [],
        ]
        for one in site.themes
    ]
    ordered = sorted(bundles, key=lambda one: one.key)
    ordered.sort(key=lambda one: one.volume if one.volume.isdigit() else "", reverse=True)
    manifest = {
        "bundles": [[one.directory, one.volume, one.articles] for one in ordered],
        "engine": _write_engine(out),
        "names": names,
        "themes": themes,
    }
    (out / "manifest.json").write_bytes(_json(manifest))


def _write_names(names: Iterable[Name], out: Path) -> dict[str, list[str]]:
    """Write `names/<letter>.json`; returns letter → [content hash, the first characters found there]."""
    shelves: dict[str, list[list[Any]]] = {}
    firsts: dict[str, set[str]] = {}
    for one in names:
        rows = [one.name, *(other for other in one.others if other != one.name)]
        for wording, (spelt, initials) in (
            (row, way) for row in rows for way in spellings(row, one.kind == "person")
        ):
            letter = spelt[:1] if spelt[:1].isalpha() else "0"
            shelves.setdefault(letter, []).append(
                [one.kind, one.name, wording, spelt, initials, one.path, one.key, one.articles]
            )
            firsts.setdefault(letter, set()).add(fold(wording)[:1])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    told = {}
    for letter, rows_of in sorted(shelves.items()):
        data = _json(sorted(rows_of, key=lambda row: (-row[7], row[3], row[5])))
        (out / f"{letter}.json").write_bytes(data)
        told[letter] = [hashlib.sha256(data).hexdigest()[:8], "".join(sorted(firsts[letter]))]
    return told


def _write_engine(out: Path) -> str:
    """Copy Pagefind's browser part, once for all bundles; returns its folder's name."""
    name = f"pagefind-{version('pagefind')}"
    target = out / name
    if not (target / "wasm.unknown.pagefind").exists():
        with tempfile.TemporaryDirectory(prefix="digest-search-") as work:
            pages = Path(work) / "pages"
            pages.mkdir()
            (pages / "a.html").write_text(
                '<!doctype html><html lang="unknown"><body>a</body></html>', "utf-8"
            )
            made = _pagefind(pages, Path(work) / "bundle")
            target.mkdir(parents=True, exist_ok=True)
            for file in ("pagefind.js", "wasm.unknown.pagefind"):
                shutil.copyfile(made / file, target / file)
    return name


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
