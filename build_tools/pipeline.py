"""The whole flow on one screen: corpus → articles → site → Markdown → HTML → ready to host.

Every stage is keyed by the content of all that it depends on; docs/architecture.md
traces one article through it. Killed at any moment, the next build carries on.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from build_tools import emit, publish, search
from build_tools.assemble import Target, targets
from build_tools.cache import Cache, code_key, key_of
from build_tools.convert import Loaded, load
from build_tools.diagnostics import Report
from build_tools.models import Card
from build_tools.progress import Progress
from build_tools.work import Settings

ROOT = Path(__file__).resolve().parent.parent


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
class Done:
    """What a build did."""

    articles: int
    converted: int
    written: int
    rendered: int
    removed: int
    progress: Progress

    def summary(self) -> str:
        times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds, _ in self.progress.times if seconds >= 0.05)
        return (
            f"{self.articles} articles; {self.converted} converted, {self.written} files of docs/ written, "
            f"{self.rendered} pages rendered, {self.removed} files removed" + (f"; {times}" if times else "")
        )


class Busy(Exception):
    """Another build works in the same folder."""


def build(places: Places, settings: Settings, report: Report, progress: Progress, *, html: bool = True) -> Done:
    """Everything: corpus → docs/ → site/. With `html=False` it stops at docs/.

    Raises Busy, publish.PublishError, edits.EditError; the last good site stands then.
    """
    with _alone(places.work):
        staging = places.work / "staging"
        publish.roll_forward(places.work, places.site, staging)
        loaded = load(places.corpus, settings, report, progress, Cache(places.work / "cache"))
        places.docs.mkdir(parents=True, exist_ok=True)
        config = publish.configuration(places.config, places.docs, staging, settings.site_url)
        printed = len(loaded.site.cards) <= settings.pdf_limit
        wanted = targets(loaded, config.site_url or "/", config.site_name, printed)
        state = _state(places)
        progress.start("docs", len(wanted))
        written = emit.write_docs(places.docs, places.pages, wanted, state["docs"], progress)
        progress.end()
        done = Done(len(loaded.converted.cards), loaded.converted.made, written, 0, 0, progress)
        if html:
            _publish(places, settings, loaded, wanted, state, staging, done)
        return done


def _publish(
    places: Places,
    settings: Settings,
    loaded: Loaded,
    wanted: Mapping[str, Target],
    state: dict[str, Any],
    staging: Path,
    done: Done,
) -> None:
    """MkDocs over what changed, search bundles that changed, then the journal."""
    progress = done.progress
    theme = key_of(code_key("theme/"), places.config.read_bytes(), str(settings.site_url), publish.versions())
    hand = {
        path.relative_to(places.docs).as_posix(): path.read_bytes()
        for path in sorted(places.docs.rglob("*"))
        if path.is_file() and path.relative_to(places.docs).as_posix() not in wanted
    }
    keys = {name: target.key for name, target in wanted.items()} | {n: key_of(d) for n, d in hand.items()}
    outputs = {name: publish.output_of(name) for name in keys}
    whole = state["theme"] != theme or not all((places.site / name).exists() for name in state["assets"])
    changed = {
        name
        for name, key in keys.items()
        if whole or state["docs"].get(name) != key or not (places.site / outputs[name]).exists()
    }
    gone = set(state["docs"]) - set(keys)
    if changed or gone or whole:
        dates = {name: target.date for name, target in wanted.items() if target.date}
        progress.start("publish", len(changed))
        done.rendered = sum(name.endswith(".md") for name in changed)
        publish.render_pages(
            places.config, places.docs, staging, changed, dates, whole=True, theme=whole, site_url=settings.site_url
        )
        progress.step(len(changed))
        progress.end()
    made = {path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file()}
    assets = made - set(outputs.values()) if whole else set(state["assets"])
    bundles = _search(places, loaded, staging, progress)
    keep = set(outputs.values()) | assets | bundles
    stale = [
        path.relative_to(places.site).as_posix()
        for path in (places.site.rglob("*") if places.site.is_dir() else ())
        if path.is_file() and path.relative_to(places.site).as_posix() not in keep
    ]
    done.removed = len(stale)
    new = {"theme": theme, "docs": keys, "assets": sorted(assets)}
    publish.commit(places.work, places.site, staging, stale, json.dumps(new, sort_keys=True).encode("utf-8"))


def _search(places: Places, loaded: Loaded, staging: Path, progress: Progress) -> set[str]:
    """Bundles of the shards whose content changed; returns all files that search has in the site."""
    by_id: dict[str, Card] = {card.id: card for card in loaded.site.cards}
    shards = [
        (volume, ids)
        for volume, cards in loaded.site.volumes
        for ids in search.cut(card.id for card in cards)
    ]
    progress.start("search", len(by_id))
    bundles, kept = [], set()
    code = key_of(code_key("fold.py", "pinyin.py", "search.py"), version("pagefind"))
    for volume, ids in shards:
        key = key_of(code, *(loaded.converted.keys[name] for name in ids))
        bundle = search.Bundle(volume, key, len(ids))
        bundles.append(bundle)
        folder = f"{search.DATA}/{bundle.directory}"
        there = places.site / folder
        if not (there / "articles.json").exists():
            documents = search.shard_documents([loaded.converted.article(name) for name in ids])
            search.build_bundle(documents, staging / folder)
            there = staging / folder
        kept |= {f"{folder}/{path.relative_to(there).as_posix()}" for path in there.rglob("*") if path.is_file()}
        progress.step(len(ids))
    out = staging / search.DATA
    search.write_manifest(bundles, loaded.site, out)
    kept |= {
        path.relative_to(staging).as_posix() for path in out.rglob("*") if path.is_file()
    }
    progress.end()
    return kept


def _state(places: Places) -> dict[str, Any]:
    """What the last good build left; an empty one for a first build or a torn file."""
    try:
        state = json.loads((places.work / "state.json").read_bytes())
        return {"theme": state["theme"], "docs": state["docs"], "assets": state["assets"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"theme": "", "docs": {}, "assets": []}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process dies. Raises Busy."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(f"another build works in {folder.parent}; wait for it to end, or give another --out") from error
        try:
            yield
        finally:
            shutil.rmtree(folder / "staging", ignore_errors=True) if not (folder / "journal.json").exists() else None
            fcntl.flock(file, fcntl.LOCK_UN)
