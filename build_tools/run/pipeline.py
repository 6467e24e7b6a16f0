"""The whole flow on one screen: corpus → articles → site → Markdown → HTML → ready to host.

Every stage is keyed by the content of all that it depends on; docs/architecture.md
traces one article through it. Killed at any moment, the next build carries on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

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
from build_tools.run.shards import search
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
    keep |= search(places, settings, loaded, staging, there, progress, failures)
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
