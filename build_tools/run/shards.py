"""The search index: one bundle a shard of a volume, made again when the content of its articles changed."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from build_tools.core import workers
from build_tools.core.diagnostics import Diagnostic
from build_tools.core.files import key_of, write_atomic
from build_tools.core.guard import Budget, Failed, guarded
from build_tools.core.messages import say
from build_tools.core.paths import Places, files_below
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.outputs.search import bundle
from build_tools.run.cache import Cache, code_key, versions
from build_tools.run.convert import Loaded


def search(
    places: Places,
    settings: Settings,
    loaded: Loaded,
    staging: Path,
    there: set[str],
    progress: Progress,
    failures: list[Diagnostic],
) -> set[str]:
    """Bundles of the shards whose content changed; returns all files that search has in the site.

    `there`: what the site has already. `failures` takes the articles that could not be indexed.
    """
    plan = _plan(loaded, there)
    progress.start(say("search"), sum(len(ids) for _, ids in plan.todo))
    cache = Cache(places.work / "cache")
    kept, bundles = set(plan.kept), plan.bundles
    tasks = _tasks(plan, loaded, there, cache, staging, settings.budget)
    ahead = 1 + workers.processes(settings.jobs)
    with workers.executor(settings.jobs, settings.scheduler, len(plan.todo)) as pool:
        for number, lost in workers.run(pool, build_bundle, tasks, ahead):
            at, ids = plan.todo[number]
            progress.step(len(ids), bundles[at].volume)
            gone = {one.file for one in lost}
            kept.update(plan.texts[name] for name in ids if plan.names[name] not in gone)
            if lost:
                failures += lost
                bundles[at] = _without(bundles[at], lost, staging / bundle.DATA)
    if plan.todo:
        cache.keep_only("search", plan.known)
    bundle.write_manifest(bundles, loaded.site, staging / bundle.DATA)
    progress.end()
    made = set(files_below(staging / bundle.DATA))
    for path in made:
        new, old = staging / bundle.DATA / path, places.site / bundle.DATA / path
        if old.exists() and old.stat().st_size == new.stat().st_size and old.read_bytes() == new.read_bytes():
            new.unlink()
    return kept | {f"{bundle.DATA}/{path}" for path in made}


class _Plan(NamedTuple):
    """All bundles, which of them are to be made (place among `bundles`, ids), what stays of the site, and for each
    article its file in the corpus and its file below TEXTS."""

    code: str
    bundles: list[bundle.Bundle]
    todo: list[tuple[int, tuple[str, ...]]]
    kept: set[str]
    folders: dict[str, list[str]]  # directory below DATA → its files in the site
    known: set[str]  # directories of `bundles`
    names: dict[str, str]
    texts: dict[str, str]


def _plan(loaded: Loaded, there: set[str]) -> _Plan:
    code = key_of(code_key("search"), versions("pagefind"))
    keys = loaded.converted.keys
    names = {raw.id: f"articles/{raw.name}" for raw in loaded.corpus.articles}
    texts = {name: f"{bundle.TEXTS}/{bundle.text_name(name, keys[name])}" for name in names if name in keys}
    bundles: list[bundle.Bundle] = []
    kept, todo = set[str](), []
    folders: dict[str, list[str]] = {}
    for path in there:
        if path.startswith(f"{bundle.DATA}/"):
            folders.setdefault(path[len(bundle.DATA) + 1 :].partition("/")[0], []).append(path)
    for volume, cards in loaded.site.volumes:
        for ids in bundle.cut(card.id for card in cards):
            shard = bundle.Bundle(volume, key_of(code, *(keys[name] for name in ids)), len(ids))
            bundles.append(shard)
            whole = f"{bundle.DATA}/{shard.directory}/articles.json" in there
            if whole and all(texts[name] in there for name in ids):
                kept.update(folders[shard.directory], (texts[name] for name in ids))
            else:
                todo.append((len(bundles) - 1, ids))
    return _Plan(code, bundles, todo, kept, folders, {one.directory for one in bundles}, names, texts)


def _tasks(
    plan: _Plan, loaded: Loaded, there: set[str], cache: Cache, staging: Path, budget: Budget
) -> Iterator[Shard]:
    """The bundles to be made, with the parts that former bundles of their volumes had."""
    keys = loaded.converted.keys
    for at, ids in plan.todo:
        before = f"{plan.bundles[at].volume}-"
        parts: dict[str, bytes] = {}
        for name in plan.folders:
            if name.startswith(before) and name not in plan.known:
                parts |= cache.get("search", name) or {}
        entries = []
        for one in ids:
            part = parts.get(key_of(plan.code, keys[one]), b"") if plan.texts[one] in there else b""
            blob = b"" if part else loaded.converted.blob(one)
            entries.append(Entry(plan.names[one], keys[one], plan.texts[one], part, blob))
        yield Shard(staging, cache.root, plan.bundles[at].directory, entries, plan.code, budget)


def _without(whole: bundle.Bundle, lost: Sequence[Diagnostic], root: Path) -> bundle.Bundle:
    """The bundle without what could not be indexed: at another address, so that the next build tries again."""
    key = key_of(whole.key, *(one.file for one in lost))
    left = replace(whole, key=key, articles=whole.articles - len(lost))
    (root / whole.directory).rename(root / left.directory)
    return left


class Entry(NamedTuple):
    """An article of a shard: its file in the corpus, its key, its file below TEXTS, and its pickled Part, as a former
    bundle had it, or its pickled Article."""

    file: str
    key: str
    text: str
    part: bytes
    blob: bytes


class Shard(NamedTuple):
    """A bundle to be made: the staging folder, that of the cache, its own below DATA, its articles by id."""

    staging: Path
    cache: Path
    directory: str
    entries: Sequence[Entry]
    code: str
    budget: Budget


def build_bundle(task: Shard) -> list[Diagnostic]:
    """The task that an executor runs: one shard's bundle; returns the diagnostics of articles that are left out."""
    parts: dict[str, bytes] = {}
    lost = []

    def make(one: Entry) -> bytes:
        part, text = bundle.part_of(bundle.document(pickle.loads(one.blob), one.key))
        write_atomic(task.staging / one.text, text)
        return pickle.dumps(part, 5)

    for one in task.entries:
        made = one.part or guarded(one.file, "index", task.budget, make, one)
        if isinstance(made, Failed):
            lost.append(made.diagnostic)
        else:
            parts[key_of(task.code, one.key)] = made
    out = task.staging / bundle.DATA / task.directory
    bundle.build_bundle([*map(pickle.loads, parts.values())], out)
    Cache(task.cache).put("search", task.directory, parts)
    return lost
