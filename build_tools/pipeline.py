"""The whole flow on one screen: corpus → articles → site → Markdown → HTML → ready to host.

Every stage is keyed by the content of all that it depends on; see docs/architecture.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from build_tools import cards as cards_stage
from build_tools import corpus as corpus_reader
from build_tools import emit, export, publish, similarity
from build_tools.cache import Cache, code_key, key_of
from build_tools.diagnostics import CorpusError, Diagnostic, Report
from build_tools.edits import EditError
from build_tools.extract import extract, verify
from build_tools.link import Site, link
from build_tools.models import Article, Card, Link, Raw, Registries

ROOT = Path(__file__).resolve().parent.parent
CONVERT_CODE = (
    "models.py", "text.py", "edits.py", "vocabulary.py", "data/",
    "decode.py", "rules.py", "clean.py", "layout.py", "fields.py", "dates.py", "people.py", "names.py",
    "offices.py", "roles.py", "statements.py", "outline.py", "gaps.py", "commitments.py", "themes.py",
    "classify.py", "parts.py", "extract.py", "cards.py", "similarity.py",
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Where a build reads and writes. In the checkout: docs/, site/, .digest/."""

    corpus: Path
    docs: Path
    site: Path
    work: Path
    config: Path = ROOT / "mkdocs.yml"
    pages: Path = ROOT / "docs"  # the hand-written ones

    @classmethod
    def of(cls, corpus: Path, out: Path | None) -> Places:
        base = out if out is not None else ROOT
        return cls(corpus, base / "docs", base / "site", base / ".digest")


@dataclass
class Converted:
    """The corpus after the per-article stages."""

    cards: list[Card]
    keys: dict[str, str]  # article id → content key of its stage result
    cache: Cache
    made: int = 0  # how many were not in the cache
    _loaded: dict[str, Article] = field(default_factory=dict)

    def article(self, article_id: str) -> Article:
        """The whole Article, from the cache."""
        if article_id not in self._loaded:
            self._loaded[article_id] = self.cache.get("articles", self.keys[article_id])[0]
        return self._loaded[article_id]

    def articles(self) -> list[Article]:
        return [self.article(article_id) for article_id in sorted(self.keys)]


def article_key(raw: Raw, registries_key: str) -> str:
    """All that an Article depends on: file, sidecar, code, vocabulary, registries."""
    return key_of(raw.name, raw.data, repr(raw.sidecar), registries_key, code_key(*CONVERT_CODE))


def convert_one(raw: Raw, registries: Registries) -> tuple[Article, Card] | Diagnostic:
    """decode → clean → extract for one article; a fault is its diagnostic, never an exception.

    Raises EditError only when the ledger is broken: that stops the build.
    """
    try:
        article = extract(raw, registries)
    except CorpusError as error:
        return error.diagnostic
    verify(article)
    return article, cards_stage.card_of(article, registries.formulations)


def convert(corpus: corpus_reader.Corpus, cache: Cache, report: Report) -> Converted:
    """The per-article stages over the corpus, from the cache where nothing changed."""
    registries_key = key_of(repr(corpus.registries))
    done = Converted([], {}, cache)
    for raw in corpus.articles:
        key = article_key(raw, registries_key)
        result = cache.get("articles", key)
        if result is None:
            result = convert_one(raw, corpus.registries)
            if isinstance(result, Diagnostic):
                report.add(result)
                continue
            cache.put("articles", key, result)
            done.made += 1
        done.keys[raw.id] = key
        done.cards.append(result[1])
        done._loaded[raw.id] = result[0]
    return done
