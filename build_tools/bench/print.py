"""Measure print against WeasyPrint on the same text in the same run (layer bench)."""

from __future__ import annotations

import html
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from build_tools.core.article import Article, BodyItem
from build_tools.core.diagnostics import Report
from build_tools.core.text import block_ids
from build_tools.corpus.reader import read
from build_tools.facts.extract import extract
from build_tools.outputs.print import compile
from build_tools.outputs.print.fonts import font_paths

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
_STYLE = """
@font-face {{ font-family: body; src: url("{serif}") }}
@font-face {{ font-family: head; src: url("{sans}") }}
@page {{ size: A4; margin: 30mm 25mm 26mm 29mm; @bottom-center {{ content: counter(page) " / " counter(pages) }} }}
body {{ font: 10.5pt/18.9pt body; text-align: justify }}
p {{ text-indent: 2em; margin: 0 }}
h1, h2 {{ font-family: head; font-weight: normal; break-before: page; bookmark-level: 1 }}
"""


@dataclass(frozen=True)
class Row:
    """One measurement: wall and processor seconds, peak MiB of a process of its own, kB of the file."""

    engine: str
    articles: int
    seconds: float
    processor: float
    mebibytes: int
    kilobytes: int


def sample(count: int, corpus: Path = CORPUS) -> list[Article]:
    """`count` articles of the corpus's own paragraphs, each turned by one against the last: no two alike."""
    held = read(corpus, Report())
    found = [extract(raw, held.registries) for raw in held.articles]
    out = []
    for at in range(count):
        one = found[at % len(found)]
        turn = at // len(found) % max(1, len(one.body))
        texts = [item.text for item in (*one.body[turn:], *one.body[:turn]) if not item.level]
        body = tuple(BodyItem(name, text) for name, text in zip(block_ids(texts), texts, strict=True))
        out.append(replace(one, id=f"bench-{at}", body=body))
    return out


def _typst(count: int, corpus: Path) -> bytes:
    options = compile.PrintOptions("https://example.org/")
    articles = sample(count, corpus)
    if count == 1:
        return compile.print_article(articles[0], options)
    return compile.print_book(compile.book_of("文摘", "digest", articles, options), options)


def _weasyprint(count: int, corpus: Path) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415  an extra: `pip install eco-digest[bench]`

    serif, sans = (path.as_uri() for path in font_paths("zh-Hans"))
    parts = [f'<html lang="zh"><title>文摘</title><style>{_STYLE.format(serif=serif, sans=sans)}</style>']
    for one in sample(count, corpus):
        parts.append(f"<h1>{html.escape(one.display_title)}</h1>")
        parts.extend(f"<p>{html.escape(item.text)}</p>" for item in one.paragraphs)
    pdf_bytes: bytes = HTML(string="".join(parts)).write_pdf()
    return pdf_bytes


ENGINES: dict[str, Callable[[int, Path], bytes]] = {"typst": _typst, "weasyprint": _weasyprint}


def _measure(engine: str, count: int, corpus: Path) -> Row:
    start, used = time.perf_counter(), time.process_time()
    size = len(ENGINES[engine](count, corpus))
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Row(engine, count, round(seconds, 2), round(processor, 2), peak // 1024, size // 1000)


def bench_pdf(
    counts: Sequence[int] = (1, 100, 1000), against: str | None = "weasyprint", corpus: Path = CORPUS
) -> list[Row]:
    """One row an engine and count; each is printed in a fresh process, article conversion included.

    Raises ModuleNotFoundError when `against` is not installed, KeyError when it is unknown.
    """
    rows = []
    for count in counts:
        for engine in filter(None, ("typst", against)):
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                rows.append(pool.submit(_measure, engine, count, corpus).result())
    return rows
