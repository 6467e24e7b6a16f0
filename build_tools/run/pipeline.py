"""The whole flow on one screen: corpus → articles → site → Markdown → HTML → ready to host.

Every stage is keyed by the content of all that it depends on; docs/architecture.md
traces one article through it. Killed at any moment, the next build carries on.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from build_tools.core import workers
from build_tools.core.diagnostics import CorpusError, Diagnostic, Report
from build_tools.core.files import key_of, write_atomic
from build_tools.core.guard import Budget, Failed, guarded
from build_tools.core.messages import Message, foreign, say
from build_tools.core.paths import Places, alone, files_below, left_out, refuse_foreign, tree_below
from build_tools.core.pool import Died, Pool
from build_tools.core.progress import Progress
from build_tools.core.site import Imprint
from build_tools.core.workers import Settings
from build_tools.graph import addresses
from build_tools.outputs import traditional
from build_tools.outputs.print import compile
from build_tools.outputs.search import bundle
from build_tools.outputs.site import journal, mirror, mkdocs
from build_tools.run import assemble, emit, unchanged
from build_tools.run import state as states
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
    verify: bool = False,
    ready: Pool | None = None,
) -> Done:
    """Everything: corpus → docs/ → site/. With `html=False` it stops at docs/. `inputs`: the corpus if it was read.

    `verify`: compare what lies in docs/ and site/ with what was made, and make damaged files again.
    `ready`: as in convert.convert.
    Raises paths.Refused, mkdocs.PublishError; the last good site stays as it is then.
    """
    staging = places.work / "staging"
    refuse_foreign(places)
    with alone(places.work), _cleared(places.work, staging):
        state, began = states.begin(places, staging, report, unchanged.forget(places))
        if verify and states.repair(places, state, report):
            began = tree_below(places.docs, began[0]), tree_below(places.site, began[1])
        inputs = inputs or unchanged.read(places, settings, report, progress)
        if inputs.corpus.lost and state["pages"]:  # addresses of a whole index would go
            raise mkdocs.PublishError(
                say("nothing of {} can be read: fix it first", ", ".join(inputs.corpus.lost))
            )
        cache = Cache(places.work / "cache")
        readings = key_of(versions("pypinyin"))
        addresses.KNOWN.update(cache.get("pinyin", readings) or {})
        known = len(addresses.KNOWN)
        loaded = load(inputs.corpus, settings, report, progress, cache, ready)
        places.docs.mkdir(parents=True, exist_ok=True)
        config = mkdocs.configuration(places.config, places.docs, staging, settings.site_url)
        url = config.site_url or ""
        imprint = Imprint(config.site_name, url, settings.editor, settings.contact)
        printed = len(loaded.site.cards) <= settings.pdf_limit
        there = began[1].files
        mirrored = len(loaded.site.cards) <= settings.mirror_limit
        packed = len(loaded.site.cards) > settings.plain_limit
        extra: dict[str, object] = {
            "traditional": mirrored,
            "packed": packed,
            "editor": settings.editor,
            "contact": settings.contact,
        }
        theme = _theme(places, settings, extra)
        whole = state["theme"] != theme or not there.issuperset(state["assets"])
        docs = emit.Docs(
            places.docs,
            began[0].files,
            (state["batches"], state["sections"]),
            progress,
            lambda name: whole or mkdocs.output_of(name) not in there,
        )
        failures = _write(docs, loaded, settings, imprint, printed, mirrored, packed)
        hand = emit.copy_hand_written(places.pages, places.docs, docs.files())
        docs.sweep(hand, places.docs.resolve() == places.pages.resolve())
        warned = [one.as_data() for one in left_out(places.pages)]
        warned += _unprintable(loaded, url, settings.budget) if printed else []
        moved = Report()
        assemble.moved(loaded, moved)
        warned += [one.as_data() for one in moved.diagnostics]
        report.extend(warned)
        done = Done(len(loaded.converted.cards), loaded.converted.made, docs.written, 0, 0, progress)
        state.update(batches=docs.batches, sections=docs.sections, hand=sorted(hand))
        done.reasons = tuple(
            say("{} {}", count, why) for why, count in sorted(loaded.converted.reasons.items())
        )
        if html:
            wanted = {**docs.files(), **hand}
            names = traditional.hard(person.name for person in loaded.site.people) if mirrored else ()
            twins = mirror.Plan((staging, places.site), staging, url, printed, names) if mirrored else None
            site = _publish(
                places,
                settings,
                loaded,
                wanted,
                state,
                staging,
                done,
                failures,
                theme,
                whole,
                twins,
                extra,
                there,
            )
            if not failures and not loaded.converted.failed:
                told = [*(one.as_data() for one in loaded.converted.diagnostics), *warned]
                unchanged.remember(places, inputs, done.articles, told, wanted, site, began)
        else:
            states.store(places, state)
        if len(addresses.KNOWN) != known:
            cache.put("pinyin", readings, addresses.KNOWN)
            cache.keep_only("pinyin", {readings})
        states.end(places)
        for failure in failures:
            report.add(failure)
        return done


def _write(
    docs: emit.Docs,
    loaded: Loaded,
    settings: Settings,
    imprint: Imprint,
    printed: bool,
    mirrored: bool,
    packed: bool,
) -> list[Diagnostic]:
    """Everything below docs/; returns the diagnostics of what failed. PDFs first: pages link to those there are."""
    url = imprint.url
    unprinted, lacking = {}, {}
    if printed:
        editions = (assemble.SIMPLIFIED, assemble.TRADITIONAL) if mirrored else (assemble.SIMPLIFIED,)
        prints = chain.from_iterable(assemble.prints(loaded, url, one) for one in editions)
        unprinted = emit.write_jobs(docs, prints, loaded, settings, say("print"))
        packs = chain.from_iterable(assemble.books(loaded, url, unprinted, one) for one in editions)
        lacking = emit.write_books(docs, packs, settings.budget)
    failed = emit.write_jobs(
        docs, assemble.jobs(loaded, url, printed, unprinted, packed), loaded, settings, say("pages")
    )
    without = {path.removeprefix(f"{mirror.FOLDER}/").removeprefix("pdf/") for path in lacking}
    batches = assemble.batches(loaded, imprint, printed, without, packed)
    lists = emit.write_batches(docs, batches, settings.budget)
    loaded.converted.forget_excerpts()
    return [*unprinted.values(), *lacking.values(), *failed.values(), *lists]


@contextmanager
def _cleared(workers: Path, staging: Path) -> Iterator[None]:
    """Leave no staging folder behind unless a journal speaks of it, and files that a web server may read.

    What is no single article's fault (a worker that died twice) is a PublishError.
    """
    mask = os.umask(0o022)
    try:
        yield
    except Died as error:
        raise mkdocs.PublishError(error.message) from error
    except (CorpusError, bundle.SearchError) as error:
        raise mkdocs.PublishError(foreign(error)) from error
    finally:
        os.umask(mask)
        if not (workers / "journal.json").exists():
            shutil.rmtree(staging, ignore_errors=True)


def _unprintable(loaded: Loaded, url: str, budget: Budget) -> list[dict[str, Any]]:
    """A warning for each character that the print fonts lack, by article."""
    options = compile.PrintOptions(site_url=url)

    def told(article: str) -> list[Diagnostic]:
        return compile.warnings_of(compile.chapter_of(loaded.converted.article(article), options))

    found = (guarded(card.id, "print", budget, told, card.id) for card in loaded.site.cards)
    # What failed here failed when it was printed, and was told.
    return [one.as_data() for some in found if not isinstance(some, Failed) for one in some]


def _theme(places: Places, settings: Settings, extra: Mapping[str, object]) -> str:
    """A key of what changes every page."""
    return key_of(
        code_key("html", folders=("theme",)),
        places.config.read_bytes(),
        str(settings.site_url),
        repr(sorted(extra.items())),
        versions(*unchanged.PUBLISHER),
    )


def _publish(
    places: Places,
    settings: Settings,
    loaded: Loaded,
    wanted: Mapping[str, tuple[str, str]],
    state: dict[str, Any],
    staging: Path,
    done: Done,
    failures: list[Diagnostic],
    theme: str,
    whole: bool,
    twins: mirror.Plan | None,
    extra: Mapping[str, object],
    there: set[str],
) -> set[str]:
    """MkDocs over what changed, search bundles that changed, then the journal; returns all files of the site.

    `twins`: the Traditional mirror of what changed, too. `extra`: what the theme is told. `there`: the files of the site before.
    """
    progress = done.progress
    outputs = {name: mkdocs.output_of(name) for name in wanted}
    pages = {name: content for name, (content, _) in wanted.items()}
    changed = [
        name
        for name, content in pages.items()
        if whole or state["pages"].get(name) != content or outputs[name] not in there
    ]
    dates = {name: date for name, (_, date) in wanted.items() if name.endswith(".md")}
    progress.start(say("publish"), len(changed))
    plan = mkdocs.Plan(
        places.config,
        places.docs,
        staging,
        places.site,
        places.work / "cache" / "templates",
        settings.budget,
        settings.site_url,
        extra,
    )
    if whole:
        done.reasons += (say("all pages for the theme, mkdocs.yml or the publisher"),)
    for count, failed in mkdocs.run(plan, changed, dates, settings, assets=whole):
        progress.step(count)
        failures += failed
        for one in failed:  # without its key in the state the next build tries again
            pages.pop(one.file.removeprefix("docs/"))
    progress.end()
    done.rendered = sum(name.endswith(".md") for name in changed)
    if whole:
        state["assets"] = sorted(set(files_below(staging)) - set(outputs.values()))
    sitemap = key_of(theme, repr(sorted(dates.items())))
    maps = mkdocs.SITEMAPS if settings.site_url else ()
    if whole or state["sitemap"] != sitemap or not there.issuperset(maps):
        config = mkdocs.configuration(places.config, places.docs, staging, settings.site_url)
        for name, data in mkdocs.sitemap(config, dates).items():
            write_atomic(staging / name, data)
    keep = {*outputs.values(), *state["assets"], *maps}
    keep |= _search(places, settings, loaded, staging, there, progress, failures)
    of_mirror = key_of(theme, code_key("html", folders=("data",)), repr(twins.names)) if twins else ""
    if twins is not None:
        keep |= _mirror(twins, keep, there, settings, progress, again=state["mirror"] != of_mirror)
    stale = there - keep
    done.removed = len(stale)
    files = states.files(places.site, staging, keep, state["files"])
    state.update(theme=theme, mirror=of_mirror, sitemap=sitemap, pages=pages, files=files)
    journal.commit(places.work, places.site, staging, stale, states.dump(state))
    done.size = _size(states.sizes(state), state["assets"], done.articles, settings)
    return keep


def _mirror(
    plan: mirror.Plan,
    keep: set[str],
    there: set[str],
    settings: Settings,
    progress: Progress,
    *,
    again: bool,
) -> set[str]:
    """The mirror's twin of each file that was made now, of all `again`; returns the paths of all twins."""
    twins = {path: f"{mirror.FOLDER}/{path}" for path in keep if mirror.mirrored(path, printed=False)}
    staging = plan.out
    todo = sorted(
        path for path, twin in twins.items() if again or (staging / path).exists() or twin not in there
    )
    progress.start(say("mirror"), len(todo))
    for count in mirror.run(plan, todo, settings):
        progress.step(count)
    progress.end()
    return set(twins.values())


def _size(sizes: Mapping[str, int], assets: Sequence[str], articles: int, settings: Settings) -> Message:
    """How large the site is (MB), and how many articles more its host takes at the size of each of these.

    Not counted for each is what every site has (`assets`: the theme), nor what a larger corpus goes without.
    """
    size = sum(sizes.values())
    told = say("; {:.0f} MB, of {} that the host takes", size / 1e6, settings.host_limit)
    if not articles:
        return told
    room = 1e6 * settings.host_limit - sum(sizes.get(path, 0) for path in assets)

    def all_in(ended: Callable[[str], bool]) -> int:
        each = sum(count for path, count in sizes.items() if path not in fixed and not ended(path)) / articles
        return int(room / each)

    fixed = frozenset(assets)
    most = all_in(lambda path: False)
    gone = [ended for limit, ended in (
        (settings.pdf_limit, lambda path: "/pdf/" in f"/{path}"),
        (settings.mirror_limit, lambda path: path.startswith(f"{mirror.FOLDER}/")),
        (settings.plain_limit, lambda path: path.endswith(".tei.xml")),
    ) if limit < most]  # fmt: skip
    more = all_in(lambda path: any(ended(path) for ended in gone)) - articles
    return say("{}: room for about {} articles more", told, more) if more > 0 else say("{}: too large", told)


def _search(
    places: Places,
    settings: Settings,
    loaded: Loaded,
    staging: Path,
    there: set[str],
    progress: Progress,
    failures: list[Diagnostic],
) -> set[str]:
    """Bundles of the shards whose content changed; returns all files that search has in the site."""
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
            if f"{bundle.DATA}/{shard.directory}/articles.json" in there and all(
                texts[name] in there for name in ids
            ):
                kept.update(folders[shard.directory], (texts[name] for name in ids))
            else:
                todo.append((len(bundles) - 1, ids))
    progress.start(say("search"), sum(len(ids) for _, ids in todo))
    cache = Cache(places.work / "cache")
    known = {one.directory for one in bundles}

    def tasks() -> Iterator[Shard]:
        for at, ids in todo:
            before = f"{bundles[at].volume}-"  # what the volume's former bundles were made of
            old = [name for name in folders if name.startswith(before) and name not in known]
            parts: dict[str, bytes] = {}
            for name in old:
                parts |= cache.get("search", name) or {}
            entries = []
            for one in ids:
                part = parts.get(key_of(code, keys[one]), b"") if texts[one] in there else b""
                blob = b"" if part else loaded.converted.blob(one)
                entries.append(Entry(names[one], keys[one], texts[one], part, blob))
            yield Shard(
                staging,
                cache.root,
                bundles[at].directory,
                entries,
                code,
                settings.budget,
            )

    ahead = 1 + workers.processes(settings.jobs)
    with workers.executor(settings.jobs, settings.scheduler, len(todo)) as pool:
        for number, lost in workers.run(pool, build_bundle, tasks(), ahead):
            at, ids = todo[number]
            progress.step(len(ids), bundles[at].volume)
            gone = {one.file for one in lost}
            kept.update(texts[name] for name in ids if names[name] not in gone)
            if lost:  # another content has another address, so that the next build tries again
                failures += lost
                whole = bundles[at]
                key = key_of(whole.key, *(one.file for one in lost))
                bundles[at] = replace(whole, key=key, articles=len(ids) - len(lost))
                root = staging / bundle.DATA
                (root / whole.directory).rename(root / bundles[at].directory)
    if todo:
        cache.keep_only("search", known)
    bundle.write_manifest(bundles, loaded.site, staging / bundle.DATA)
    progress.end()
    made = set(files_below(staging / bundle.DATA))
    for path in made:
        new, old = staging / bundle.DATA / path, places.site / bundle.DATA / path
        if old.exists() and old.stat().st_size == new.stat().st_size and old.read_bytes() == new.read_bytes():
            new.unlink()
    return kept | {f"{bundle.DATA}/{path}" for path in made}


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
