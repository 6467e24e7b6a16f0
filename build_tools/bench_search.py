"""Search against grep: recall, precision, bytes and time, at sizes that a curator may reach (layer bench).

`digest bench search` builds a corpus of recombined sentences, its bundles and a bare search page
with the very scripts of the site, asks it in Chromium, and compares every answer with the texts.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from build_tools import search
from build_tools.fold import fold
from build_tools.link import link
from build_tools.models import Card, Kind, Level, Registries, Theme, Trust
from build_tools.search import Bundle, Document
from build_tools.text import block_ids, sentences

THEME = Path(__file__).parent / "theme"
YEARS = range(2015, 2025)
REGISTRIES = Registries(themes=(Theme("tan", "碳达峰碳中和", ("双碳",)), Theme("wuran", "污染防治攻坚战")))


def documents(texts: Sequence[str], count: int, seed: int = 1) -> Iterator[Document]:
    """`count` articles of about 2,950 characters, their sentences drawn from `texts`, some made unique.

    Every tenth article has a word of its own, so that rare wordings exist as well as common ones.
    """
    pool = [part.strip() for text in texts for part in sentences(text) if 8 <= len(part.strip()) <= 400]
    chance = random.Random(seed)
    names = [
        a + b for a in "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁" for b in "建国志强海燕文博思远丽华金龙润秋"
    ]
    for number in range(count):
        blocks: list[str] = []
        size = 0
        while size < 2900:
            paragraph = "".join(chance.choices(pool, k=chance.randint(1, 4)))
            if chance.random() < 0.05:
                paragraph += f"{chance.choice(names)}于{chance.randint(1, 28)}日赴第{number}号断面调研,水质达标率{chance.uniform(50, 100):.1f}%。"
            blocks.append(paragraph)
            size += len(paragraph)
        year = YEARS[number % len(YEARS)]
        title = f"{year}年第{number // 10 + 1}次生态环境保护工作会议召开"
        name = f"a{hashlib.sha256(str(number).encode()).hexdigest()[:10]}"
        people = tuple(sorted({chance.choice(names) for _ in range(4)}))
        yield Document(
            id=name,
            title=title,
            date=f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            kind="meeting",
            level=chance.choice(("central", "province", "city")),
            organization="生态环境部",
            people=tuple((one, one) for one in people),
            themes=("污染防治攻坚战",),
            head=(title, blocks[0][:20]),
            blocks=(("", title), *zip(block_ids(blocks), blocks, strict=True)),
        )


def _build(documents: tuple[Document, ...], volume: str, out: Path) -> tuple[Bundle, float]:
    key = search.shard_key(documents)
    bundle = Bundle(volume, key, len(documents))
    begun = time.perf_counter()
    search.build_bundle(documents, out / bundle.directory)
    return bundle, time.perf_counter() - begun


def build_site(
    made: Sequence[Document], site: Path, registries: Registries = REGISTRIES, workers: int = 2
) -> list[float]:
    """A bare site of these documents: search page, article pages, bundles. Returns seconds a bundle."""
    data = site / search.DATA
    by_id = {one.id: one for one in made}
    shards: list[tuple[str, tuple[Document, ...]]] = []
    for volume in sorted({one.date[:4] or "undated" for one in made}):
        ids = [one.id for one in made if (one.date[:4] or "undated") == volume]
        shards += [(volume, tuple(by_id[name] for name in part)) for part in search.cut(ids)]
    with ProcessPoolExecutor(workers) as pool:
        done = [pool.submit(_build, part, volume, data) for volume, part in shards]
        bundles, seconds = zip(*(one.result() for one in done), strict=True)
    cards = [
        Card(
            one.id, one.title, one.date, None, None, one.date[:4], one.organization, Level.CENTRAL, Kind.MEETING,
            Trust.ORIGINAL, None, "published", (), (), (), (), (),
        )
        for one in made
    ]  # fmt: skip
    search.write_manifest(bundles, link(cards, registries), data)
    write_pages(made[:50], site)
    return list(seconds)


def write_pages(made: Sequence[Document], site: Path) -> None:
    """The search page and article pages without the theme, with the theme's own search scripts."""
    shutil.copytree(THEME / "assets" / "search", site / "assets" / "search", dirs_exist_ok=True)
    boot = (THEME / "partials" / "search-boot.html").read_text("utf-8").split("-#}")[-1]
    header = (
        '<header><form action="{base}/search/"><input name="q" id="head" aria-label="检索"></form></header>'
    )

    def page(path: str, base: str, main: str) -> None:
        script = boot.replace("{{ base_url | tojson }}", f'"{base}"')
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>检索</title></head><body>'
            f"{header.format(base=base)}<main><article>{main}</article></main>{script}</body></html>",
            "utf-8",
        )

    page("index.html", ".", "<h1>首页</h1>")
    page(
        "search/index.html",
        "..",
        '<form action="."><input type="search" id="digest-search" name="q" aria-label="检索"></form>'
        '<div id="search-results" data-state="idle" data-articles="0"></div>',
    )
    for one in made:
        body = "".join(
            f'<p id="{anchor}">{_escape(text)}</p>' if anchor else f"<h1>{_escape(text)}</h1>"
            for anchor, text in one.blocks
        )
        page(f"articles/{one.id}/index.html", "../..", body)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True)
class Grep:
    """What the texts themselves say: the truth that search is held to."""

    blocks: dict[str, tuple[tuple[str, str], ...]]  # id → (anchor, folded text)

    @classmethod
    def of(cls, made: Sequence[Document]) -> Grep:
        return cls({one.id: tuple((anchor, fold(text)) for anchor, text in one.blocks) for one in made})

    def articles(self, wording: str) -> set[str]:
        """Ids of the articles one of whose blocks contains it; blanks do not count."""
        wanted = fold(wording)
        return {name for name, blocks in self.blocks.items() if any(wanted in text for _, text in blocks)}

    def holds(self, article: str, anchor: str, wording: str) -> bool:
        return any(fold(wording) in text for place, text in self.blocks[article] if place == anchor)


def substrings(made: Sequence[Document], count: int, longest: int = 12, seed: int = 2) -> list[str]:
    """Random substrings of random blocks, 1 to `longest` characters, without outer or inner blanks."""
    chance = random.Random(seed)
    out: list[str] = []
    while len(out) < count:
        text = "".join(chance.choice(chance.choice(made).blocks)[1].split())
        start = chance.randrange(len(text))
        out.append(text[start : start + chance.randint(1, longest)])
    return out
