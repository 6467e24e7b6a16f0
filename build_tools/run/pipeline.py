"""The whole flow on one screen: corpus → articles → site → Markdown → HTML → ready to host.

Every stage is keyed by the content of all that it depends on; docs/architecture.md
traces one article through it. Killed at any moment, the next build carries on.
"""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from build_tools.core import workers
from build_tools.core.diagnostics import Report
from build_tools.core.files import key_of, write_atomic
from build_tools.core.messages import say
from build_tools.core.paths import Places, alone, files_below
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.outputs.print import compile
from build_tools.outputs.search import bundle
from build_tools.outputs.site import journal, mkdocs
from build_tools.run import assemble, emit, unchanged
from build_tools.run.cache import Cache, code_key, versions
from build_tools.run.convert import Loaded, load
from build_tools.run.unchanged import Done


def build(
    places: Places,
    settings: Settings,
    report: Report,
    progress: Progress,
    *,
    inputs: unchanged.Inputs | None = None,
    html: bool = True,
) -> Done:
    """Everything: corpus → docs/ → site/. With `html=False` it stops at docs/. `inputs`: the corpus if it was read.

    Raises paths.Busy, mkdocs.PublishError, edits.EditError; the last good site stays as it is then.
    """
    staging = places.work / "staging"
    with alone(places.work), _cleared(places.work, staging):
        unchanged.forget(places)
        journal.roll_forward(places.work, places.site, staging)
        state = _state(places)
        inputs = inputs or unchanged.read(places, settings, report, progress)
        if inputs.corpus.lost and state["pages"]:  # addresses of a whole index would go
            raise mkdocs.PublishError(
                say("nothing of {} can be read: fix it first", ", ".join(inputs.corpus.lost))
            )
        loaded = load(inputs.corpus, settings, report, progress, Cache(places.work / "cache"))
        places.docs.mkdir(parents=True, exist_ok=True)
        config = mkdocs.configuration(places.config, places.docs, staging, settings.site_url)
        url, name = config.site_url or "/", config.site_name
        printed = len(loaded.site.cards) <= settings.pdf_limit
        docs = emit.Docs(places.docs, state["batches"], progress)
        batches = assemble.batches(loaded, url, name, printed)
        jobs = list(assemble.jobs(loaded, url, printed))
        emit.write_docs(docs, batches, jobs, loaded.converted, settings)
        hand = emit.copy_hand_written(places.pages, places.docs, docs.files())
        docs.sweep(hand, places.docs.resolve() == places.pages.resolve())
        missing = _unprintable(loaded, url) if printed else []
        report.extend(missing)
        done = Done(len(loaded.converted.cards), loaded.converted.made, docs.written, 0, 0, progress)
        state["batches"] = docs.batches
        done.reasons = tuple(
            say("{} {}", count, why) for why, count in sorted(loaded.converted.reasons.items())
        )
        if html:
            wanted = {**docs.files(), **hand}
            site = _publish(places, settings, loaded, wanted, state, staging, done)
            told = [*(one.as_data() for one in loaded.converted.diagnostics), *missing]
            unchanged.remember(places, inputs, done.articles, told, wanted, site)
        else:
            write_atomic(places.work / "state.json", _dump(state))
        return done


@contextmanager
def _cleared(workers: Path, staging: Path) -> Iterator[None]:
    """Leave no staging folder behind unless a journal speaks of it."""
    try:
        yield
    finally:
        if not (workers / "journal.json").exists():
            shutil.rmtree(staging, ignore_errors=True)


def _unprintable(loaded: Loaded, url: str) -> list[dict[str, Any]]:
    """A warning for each character that the print fonts lack, by article."""
    options = compile.PrintOptions(site_url=url)
    chapters = (compile.chapter_of(loaded.converted.article(card.id), options) for card in loaded.site.cards)
    return [one.as_data() for chapter in chapters for one in compile.warnings_of(chapter)]


def _publish(
    places: Places,
    settings: Settings,
    loaded: Loaded,
    wanted: Mapping[str, tuple[str, str]],
    state: dict[str, Any],
    staging: Path,
    done: Done,
) -> set[str]:
    """MkDocs over what changed, search bundles that changed, then the journal; returns all files of the site."""
    progress = done.progress
    theme = key_of(
        code_key("html", folders=("theme",)),
        places.config.read_bytes(),
        str(settings.site_url),
        versions(*unchanged.PUBLISHER),
    )
    there = set(files_below(places.site))
    outputs = {name: mkdocs.output_of(name) for name in wanted}
    whole = state["theme"] != theme or not there.issuperset(state["assets"])
    pages = {name: content for name, (content, _) in wanted.items()}
    changed = [
        name
        for name, content in pages.items()
        if whole or state["pages"].get(name) != content or outputs[name] not in there
    ]
    dates = {name: date for name, (_, date) in wanted.items() if name.endswith(".md")}
    progress.start(say("publish"), len(changed))
    plan = mkdocs.Plan(places.config, places.docs, staging, places.site, settings.site_url)
    if whole:
        done.reasons += (say("all pages for the theme, mkdocs.yml or the publisher"),)
    for count in mkdocs.run(plan, changed, dates, settings, assets=whole):
        progress.step(count)
    progress.end()
    done.rendered = sum(name.endswith(".md") for name in changed)
    if whole:
        state["assets"] = sorted(set(files_below(staging)) - set(outputs.values()))
    gone = {f"articles/{card.id}.md" for card in loaded.site.withdrawn}  # their pages say noindex
    listed = {page: date for page, date in dates.items() if page not in gone}
    sitemap = key_of(theme, repr(sorted(listed.items())))
    if whole or state["sitemap"] != sitemap or not there.issuperset(mkdocs.SITEMAPS):
        config = mkdocs.configuration(places.config, places.docs, staging, settings.site_url)
        for name, data in mkdocs.sitemap(config, listed).items():
            write_atomic(staging / name, data)
    keep = {*outputs.values(), *state["assets"], *mkdocs.SITEMAPS}
    keep |= _search(places, settings, loaded, staging, there, progress)
    stale = there - keep
    done.removed = len(stale)
    state.update(theme=theme, sitemap=sitemap, pages=pages)
    journal.commit(places.work, places.site, staging, stale, _dump(state))
    return keep


def _search(
    places: Places, settings: Settings, loaded: Loaded, staging: Path, there: set[str], progress: Progress
) -> set[str]:
    """Bundles of the shards whose content changed; returns all files that search has in the site."""
    code = key_of(code_key("search"), versions("pagefind"))
    keys = loaded.converted.keys
    bundles, kept, todo = [], set(), []
    folders: dict[str, list[str]] = {}
    for path in there:
        if path.startswith(f"{bundle.DATA}/"):
            folders.setdefault(path[len(bundle.DATA) + 1 :].partition("/")[0], []).append(path)
    for volume, cards in loaded.site.volumes:
        for ids in bundle.cut(card.id for card in cards):
            shard = bundle.Bundle(volume, key_of(code, *(keys[name] for name in ids)), len(ids))
            bundles.append(shard)
            if f"{bundle.DATA}/{shard.directory}/articles.json" in there:
                kept.update(folders[shard.directory])
            else:
                todo.append((volume, staging / bundle.DATA / shard.directory, ids))
    progress.start(say("search"), sum(len(ids) for _, _, ids in todo))
    tasks = ((str(out), [loaded.converted.blob(name) for name in ids]) for _, out, ids in todo)
    with workers.executor(settings.jobs, settings.scheduler, len(todo)) as pool:
        for at, count in workers.run(pool, build_bundle, tasks, ahead=1 + workers.processes(settings.jobs)):
            progress.step(count, todo[at][0])
    bundle.write_manifest(bundles, loaded.site, staging / bundle.DATA)
    progress.end()
    made = set(files_below(staging / bundle.DATA))
    for path in made:
        new, old = staging / bundle.DATA / path, places.site / bundle.DATA / path
        if old.exists() and old.stat().st_size == new.stat().st_size and old.read_bytes() == new.read_bytes():
            new.unlink()
    return kept | {f"{bundle.DATA}/{path}" for path in made}


def build_bundle(task: tuple[str, list[bytes]]) -> int:
    """The task that an executor runs: one shard's bundle."""
    out, blobs = task
    documents = bundle.shard_documents([pickle.loads(blob) for blob in blobs])
    bundle.build_bundle(documents, Path(out))
    return len(blobs)


def _state(places: Places) -> dict[str, Any]:
    """What the last good build left; an empty one for a first build or a torn file."""
    try:
        state = json.loads((places.work / "state.json").read_bytes())
        batches = {
            name: (key, {path: (content, date) for path, (content, date) in files.items()})
            for name, (key, files) in state["batches"].items()
        }
        wanted = ("theme", "sitemap", "pages", "assets")
        return {**{name: state[name] for name in wanted}, "batches": batches}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"theme": "", "sitemap": "", "pages": {}, "assets": [], "batches": {}}


def _dump(state: Mapping[str, Any]) -> bytes:
    return json.dumps(state, sort_keys=True).encode("utf-8")
