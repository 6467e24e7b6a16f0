"""Search against grep: recall, precision, bytes and time, at sizes that a curator may reach (layer bench).

`digest bench search` builds a corpus of recombined sentences, its bundles and a bare search page
with the very scripts of the site, asks it in Chromium, and compares every answer with the texts.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import itertools
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import opencc

from build_tools.bench import corpus
from build_tools.core.article import Kind, Level, Trust
from build_tools.core.files import key_of, write_atomic
from build_tools.core.fold import MARKS, fold, tables
from build_tools.core.registry import Registries, Theme
from build_tools.core.site import Card
from build_tools.core.text import block_ids, is_han, sentences
from build_tools.graph.link import link
from build_tools.outputs.search import bundle
from build_tools.outputs.search.bundle import Bundle, Document

THEME = Path(__file__).parents[1] / "theme"
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


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle with the processor's seconds and the peak MiB of the process that made it."""

    bundle: Bundle
    seconds: float
    mebibytes: float


def _build(documents: tuple[Document, ...], volume: str, out: Path) -> Built:
    shard = Bundle(volume, key_of(*(one.id for one in documents)), len(documents))
    begun = time.process_time()
    parts = []
    for one in documents:
        part, text = bundle.part_of(one)
        write_atomic(out / "text" / bundle.text_name(one.id, one.key), text)
        parts.append(part)
    bundle.build_bundle(parts, out / shard.directory)
    seconds = time.process_time() - begun
    return Built(shard, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def build_site(
    made: Sequence[Document], site: Path, registries: Registries = REGISTRIES, workers: int = 2
) -> list[Built]:
    """A bare site of these documents: search page, article pages, bundles."""
    data = site / bundle.DATA
    by_id = {one.id: one for one in made}
    shards: list[tuple[str, tuple[Document, ...]]] = []
    for volume in sorted({one.date[:4] or "undated" for one in made}):
        ids = [one.id for one in made if (one.date[:4] or "undated") == volume]
        shards += [(volume, tuple(by_id[name] for name in part)) for part in bundle.cut(ids)]
    with ProcessPoolExecutor(workers) as pool:
        tasks = [pool.submit(_build, part, volume, data) for volume, part in shards]
        built = [one.result() for one in tasks]
    cards = [
        Card(
            one.id, one.title, one.date, None, None, one.date[:4], one.organization, Level.CENTRAL, Kind.MEETING,
            Trust.ORIGINAL, None, "published", (), (), (), (), (),
        )
        for one in made
    ]  # fmt: skip
    bundle.write_manifest([one.bundle for one in built], link(cards, registries), data)
    write_pages(made[:50], site)
    return built


def write_pages(made: Sequence[Document], site: Path) -> None:
    """The search page and article pages without the theme, with the theme's own search scripts."""
    shutil.copytree(THEME / "assets" / "search", site / "assets" / "search", dirs_exist_ok=True)
    header = (
        '<header><form action="{base}/search/"><input name="q" id="head" aria-label="检索"></form></header>'
    )

    def page(path: str, base: str, main: str) -> None:
        script = f'<script src="{base}/assets/search/boot.js" defer></script>'
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

    def loosely(self, wording: str) -> set[str]:
        """Ids of the articles one of whose blocks contains it, whatever punctuation either has."""
        wanted = bare(wording)
        return {name for name, blocks in self.bare.items() if any(wanted in text for text in blocks)}

    def holds(self, article: str, anchor: str, wording: str, *, loosely: bool = False) -> bool:
        read = bare if loosely else fold
        return any(read(wording) in read(text) for place, text in self.blocks[article] if place == anchor)

    @functools.cached_property
    def bare(self) -> dict[str, list[str]]:
        return {name: [bare(text) for _, text in blocks] for name, blocks in self.blocks.items()}


def bare(text: str) -> str:
    """The folded text without punctuation."""
    return fold(text).translate(dict.fromkeys(map(ord, MARKS)))


def substrings(made: Sequence[Document], count: int, longest: int = 12, seed: int = 2) -> list[str]:
    """Random substrings of random blocks, 1 to `longest` characters, without outer or inner blanks."""
    chance = random.Random(seed)
    out: list[str] = []
    while len(out) < count:
        text = "".join(chance.choice(chance.choice(made).blocks)[1].split())
        start = chance.randrange(len(text))
        out.append(text[start : start + chance.randint(1, longest)])
    return out


def in_traditional(made: Sequence[Document], count: int) -> list[tuple[str, str]]:
    """(what is typed, the substring that it means), without 著 and its like, which mean more than one."""
    convert = opencc.OpenCC("s2t").convert
    rows = [(convert(one), one) for one in substrings(made, 20 * count, seed=5)]
    several = set(tables()[1])
    return [row for row in rows if row[0] != row[1] and several.isdisjoint(row[0])][:count]


def across_marks(made: Sequence[Document], count: int, seed: int = 7) -> list[str]:
    """Random wordings of 8 to 40 characters of a block that begin and end beside no mark but have one between."""
    rows = (one for one in substrings(made, 40 * count, 40, seed) if len(one) >= 8 and bare(one) != fold(one))
    return [one for one in rows if bare(one[0]) and bare(one[-1])][:count]


def typical(made: Sequence[Document], count: int = 6, seed: int = 3) -> list[str]:
    """What readers type: 2 to 6 Han characters that stand in some text."""
    words = (one for one in substrings(made, 200 * count, 6, seed) if len(one) >= 2 and all(map(is_han, one)))
    return list(itertools.islice(words, count))


# --- in a browser --------------------------------------------------------------

CHROMIUM_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
RESULTS = "document.querySelector('#search-results')"


def chromium() -> str | None:
    """The Chromium to measure with, None if there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Host(http.server.ThreadingHTTPServer):
    """A folder on the loopback, which keeps (path, bytes, when) of all that it sends. Nothing is compressed."""

    def __init__(self, folder: Path) -> None:
        self.sent: list[tuple[str, int, float]] = []
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Host:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """A browser that has what it wanted hangs up."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    server: Host

    def log_message(self, *_: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        body = source.read()
        self.server.sent.append((self.path, len(body), time.time()))
        outputfile.write(body)


@dataclass
class Figures:
    """What one run measured; bytes and seconds are medians over `typical` queries, each in a fresh browser profile."""

    what: str
    articles: int
    first_bytes: int
    first_requests: int
    first_seconds: float
    all_bytes: int
    all_seconds: float
    load_bytes: int  # of search, before the reader types
    asked: int = 0
    traditional: int = 0  # of these, typed in Traditional
    unmarked: int = 0  # of these, typed without their punctuation
    missed: int = 0  # articles that grep finds and search does not, over all questions
    invented: int = 0
    misplaced: int = 0  # results that link to a paragraph without the wording
    index_seconds: float = 0.0  # the processor's, per 1,000 articles
    index_mebibytes: float = 0.0  # the largest process
    loose_bytes: int = 0  # to the first result of a wording without its punctuation
    loose_requests: int = 0
    loose_seconds: float = 0.0


def measure_ours(made: Sequence[Document], site: Path, browser: Any, questions: int) -> Figures:
    """Our figures on a site that `build_site` made."""
    with Host(site) as host:
        rows = [_first(browser, host, query) for query in typical(made)]
        middle = [statistics.median(column) for column in zip(*rows, strict=True)]
        figures = Figures(
            "ours",
            len(made),
            int(middle[0]),
            int(middle[1]),
            middle[2],
            int(middle[3]),
            middle[4],
            int(middle[5]),
        )
        grep = Grep.of(made)
        page = browser.new_page()
        page.goto(f"{host.url}/search/")
        converted = in_traditional(made, questions // 6)
        figures.traditional = len(converted)
        unmarked = [bare(one) for one in across_marks(made, questions // 6)]
        figures.unmarked = len(unmarked)
        loose = [_first(browser, host, query)[:3] for query in unmarked[: len(rows)]]
        middle = [statistics.median(column) for column in zip(*loose, strict=True)]
        figures.loose_bytes, figures.loose_requests = int(middle[0]), int(middle[1])
        figures.loose_seconds = middle[2]
        for typed, wording in [
            *((one, one) for one in (*substrings(made, questions), *unmarked)),
            *converted,
        ]:
            figures.asked += 1
            found, places = _ask(page, typed)
            exact = grep.articles(wording)
            truth = exact or grep.loosely(wording)
            figures.missed += len(truth - found)
            figures.invented += len(found - truth)
            figures.misplaced += sum(
                not grep.holds(name, anchor, wording, loosely=not exact) for name, anchor in places
            )
        page.close()
    return figures


FIRST = """
addEventListener("input", () => (window.typed ??= Date.now()), true);
new MutationObserver(() => {
  if (document.querySelector("[data-article] .ds-excerpt, [data-article] mark")) window.first ??= Date.now();
}).observe(document, { childList: true, subtree: true });
"""  # in the page, because a look from outside comes late, when other volumes have been sent as well


def _first(browser: Any, host: Host, query: str) -> tuple[int, int, float, int, float, int]:
    """Bytes, requests and seconds to the first result, bytes and seconds to all, bytes before typing."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(FIRST)
    page.goto(f"{host.url}/search/", wait_until="networkidle")
    before = sum(size for path, size, _ in host.sent if "/assets/search/" in path or bundle.DATA in path)
    host.sent.clear()
    page.fill("#digest-search", query)
    page.wait_for_function(f"window.first && {RESULTS}.dataset.state === 'ready'", timeout=120_000)
    whole = page.evaluate("Date.now() - window.typed") / 1000
    first = page.evaluate("window.first") / 1000
    sizes = [size for _, size, when in host.sent if when <= first]
    first -= page.evaluate("window.typed") / 1000
    out = sum(sizes), len(sizes), first, sum(size for _, size, _ in host.sent), whole, before
    context.close()
    host.sent.clear()
    return out


def _ask(page: Any, wording: str) -> tuple[set[str], list[tuple[str, str]]]:
    """All ids that the engine finds, by asking for every result; (id, anchor) of the first page of them."""
    page.fill("#digest-search", wording)
    page.wait_for_selector("#digest-search[role=combobox]")
    page.evaluate(f"{RESULTS}.dataset.state = 'waiting'")
    page.press("#digest-search", "Enter")
    page.wait_for_function(f"['ready', 'error'].includes({RESULTS}.dataset.state)", timeout=120_000)
    shown = page.eval_on_selector_all(
        "#search-results [data-article]",
        "all => all.map(e => [e.dataset.article, e.querySelector('a').href])",
    )
    found = set(page.evaluate("globalThis.digestHits?.() ?? []"))
    return found, [(name, urlsplit(href).fragment) for name, href in shown]


ANSWERED = "document.querySelector('.md-search-result__meta')?.textContent.includes('符合条件')"


def measure_material(made: Sequence[Document], work: Path, browser: Any) -> Figures:
    """Material's own search with jieba over the same articles."""
    docs = work / "docs"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text("# 首页\n", "utf-8")
    for one in made:
        body = "\n\n".join(_escape(text) for anchor, text in one.blocks if anchor)
        (docs / f"{one.id}.md").write_text(f"# {_escape(one.title)}\n\n{body}\n", "utf-8")
    (work / "mkdocs.yml").write_text(
        "site_name: peer\nnav: [{首页: index.md}]\nnot_in_nav: '*.md'\ntheme: {name: material, language: zh, font: false}\n"
        "plugins: [{search: {lang: [zh, en]}}]\n",
        "utf-8",
    )
    begun = _spent()
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(work / "mkdocs.yml")]
    subprocess.run(command, check=True, capture_output=True)
    spent = _spent() - begun
    rows = []
    with Host(work / "site") as host:
        for query in typical(made, 2):
            context = browser.new_context()
            page = context.new_page()
            host.sent.clear()
            begun = time.perf_counter()
            page.goto(host.url)
            page.locator("[data-md-component=search-query]").fill(query, force=True)
            page.wait_for_function(ANSWERED, timeout=300_000)  # it may be that nothing is found
            seconds = time.perf_counter() - begun
            rows.append((sum(size for path, size, _ in host.sent if "search" in path), seconds))
            context.close()
    size, seconds = (statistics.median(column) for column in zip(*rows, strict=True))
    return Figures(
        "Material",
        len(made),
        int(size),
        1,
        seconds,
        int(size),
        seconds,
        int(size),
        index_seconds=spent / len(made) * 1000,
    )


def _spent() -> float:
    """The processor's seconds of all processes that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(counts: Sequence[int], report: Path | None, *, peers: bool = True, questions: int = 300) -> int:
    """Measure at each size and print the figures. Returns 1 if any answer differs from grep, or no browser is there."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  a tool of development

    binary = chromium()
    if binary is None:
        print("digest bench search needs a Chromium on PATH")
        return 1
    texts = [corpus.article(number)[1] for number in range(40)]
    done: list[Figures] = []
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="digest-bench-") as name, sync_playwright() as run:
            made = list(documents(texts, count))
            built = build_site(made, Path(name) / "site")
            browser = run.chromium.launch(executable_path=binary, args=list(CHROMIUM_ARGUMENTS))
            ours = measure_ours(made, Path(name) / "site", browser, questions if count <= 1000 else 100)
            ours.index_seconds = sum(one.seconds for one in built) / count * 1000
            ours.index_mebibytes = max(one.mebibytes for one in built)
            done.append(ours)
            if peers:
                done.append(measure_material(made, Path(name) / "peer", browser))
            browser.close()
    for one in done:
        print(
            f"{one.what:9} {one.articles:>6}: first result {one.first_bytes / 1e6:.2f} MB, {one.first_requests} requests, "
            f"{one.first_seconds:.2f} s; all {one.all_bytes / 1e6:.2f} MB, {one.all_seconds:.2f} s; before typing "
            f"{one.load_bytes} B; index {one.index_seconds:.1f} CPU s per 1,000"
        )
        if one.asked:
            print(
                f"{'':17} without its punctuation: first result {one.loose_bytes / 1e6:.2f} MB, "
                f"{one.loose_requests} requests, {one.loose_seconds:.2f} s"
            )
            print(
                f"{'':17} {one.asked} random substrings, {one.traditional} typed in Traditional, "
                f"{one.unmarked} without their punctuation: {one.missed} missed, {one.invented} invented, "
                f"{one.misplaced} wrong paragraphs; indexing peaked at {one.index_mebibytes:.0f} MiB"
            )
    if report is not None:
        report.write_text(
            json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
    return int(any(one.missed or one.invented or one.misplaced for one in done))
