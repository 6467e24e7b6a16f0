"""`digest pdf`: the PDFs that a call names, only those printed anew whose content changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from build_tools.core import workers
from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import write_atomic
from build_tools.core.guard import Failed, failed, guarded
from build_tools.core.messages import NOTHING, Message, say
from build_tools.core.paths import Places
from build_tools.core.pool import Died, Pool, library_threads
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.command import Value, a_command, corpus, progress, within, work, writable
from build_tools.outputs.print import compile
from build_tools.run import packs
from build_tools.run.cache import Cache
from build_tools.run.convert import Loaded, load

T = TypeVar("T")


@a_command
@corpus
@work
@click.argument("ids", nargs=-1, metavar="[ID…]", help=say("articles"))
@click.option("--theme", multiple=True, metavar="T", help=say("a theme's label or id"))
@click.option("--person", multiple=True, metavar="P", help=say("a person's name or id"))
@click.option("--volume", multiple=True, metavar="V", help=say("a year, or undated"))
@click.option("--all", "everything", is_flag=True, help=say("the whole digest"))
@click.option("--whole", is_flag=True, help=say("with --theme or --person: whole articles, not the passages"))
@click.option(
    "--out",
    type=Value(Path),
    metavar="F",
    help=say("a file for one PDF, a folder for several (default: pdf/)"),
)
def command(report: Report, corpus: Path, out: Path | None, **told: Any) -> int:
    """Exit code 2 for a name that is not there, 1 for a pack with nothing in it."""
    asked = Asked(*(told.pop(name) for name in ("ids", "theme", "person", "volume", "everything", "whole")))
    settings = Settings(**told)
    if not any(value for name, value in vars(asked).items() if name != "whole"):
        raise click.UsageError(
            say("name articles, or --theme, --person, --volume, --all"), click.get_current_context()
        )
    places = Places.of(corpus, None)
    writable(out or Path("pdf"), places.work)
    cache = Cache(places.work / "cache")
    with progress() as shown:
        loaded = load(places.corpus, settings, report, shown, cache)
        options = compile.PrintOptions(site_url=settings.site_url or "")
        wanted = list(_wanted(asked, loaded, options))
        shown.start(say("pdf"), len(wanted))
        for one, (data, left_out, fresh) in _printed(wanted, loaded, settings, cache):
            for line in left_out:
                report.add(line)
            if data is not None:
                target = _target(out, one, len(wanted))
                write_atomic(target, data)
                old = NOTHING if fresh else say(", unchanged")
                language.out(say("{}  {} article(s), {} kB{}", target, len(one.ids), len(data) // 1024, old))
            shown.step()
    return 0


@dataclass
class Asked:
    """What a call names to print."""

    ids: Sequence[str]
    themes: Sequence[str]
    people: Sequence[str]
    volumes: Sequence[str]
    everything: bool
    whole: bool


Result = tuple[bytes | None, list[Diagnostic], bool]  # the PDF if there is one, what to report, made anew
Task = tuple[packs.Print, list[bytes]]


def _printed(
    wanted: Sequence[packs.Print], loaded: Loaded, settings: Settings, cache: Cache
) -> Iterator[tuple[packs.Print, Result]]:
    """Each PDF, those not in the cache made by processes that a compiler which takes too much ends."""
    todo = []
    for one in wanted:
        try:
            yield one, (cache.get_bytes("pdf", one.key), [], False)
        except (FileNotFoundError, ValueError):  # not there, or damaged
            todo.append(one)
    if not todo:
        return
    count = workers.processes(settings.jobs)
    executor: AbstractContextManager[Executor] = (
        workers.executor(settings.jobs, settings.scheduler, len(todo))
        if settings.scheduler is not None
        else Pool(min(count, len(todo)), fresh=library_threads())
    )
    with executor as pool:
        tasks = ((one, one.blobs(loaded)) for one in todo)
        again = workers.one_by_one(lambda task: [task], _lost)
        for at, (result,) in workers.run(pool, _print, tasks, 2 * count, again):
            data, told, _ = result
            if data is not None and not told:
                cache.put_bytes("pdf", todo[at].key, data)
            yield todo[at], result


def _print(task: Task) -> list[Result]:
    """The task that an executor runs."""
    one, blobs = task
    made = guarded(f"pdf/{one.path}", "pack", one.budget, one.fn, blobs)
    return [(None, [made.diagnostic], False)] if isinstance(made, Failed) else [(*made, True)]


def _lost(task: Task, error: Died) -> Result:
    return None, [failed(f"pdf/{task[0].path}", "pack", say("fails: {}", error.message)).diagnostic], False


def _target(out: Path | None, one: packs.Print, count: int) -> Path:
    if out is not None and count == 1 and out.suffix == ".pdf":
        return out
    return (out or Path("pdf")) / one.path


def _wanted(asked: Asked, loaded: Loaded, options: compile.PrintOptions) -> Iterator[packs.Print]:
    """Raises UsageError for a name that the corpus does not have."""
    site = loaded.site
    cards = {card.id: card for card in site.cards}
    yield from packs.articles(loaded, options, [_find(name, cards, say("article")) for name in asked.ids])
    themes = {name: one for one in site.themes for name in (one.slug, *_alt(one.theme), one.label)}
    people = {name: one for one in site.people for name in (one.slug, one.name)}
    volumes = dict(site.volumes)
    for name in asked.themes:
        yield from packs.theme(loaded, _find(name, themes, say("theme")), options, whole=asked.whole)
    for name in asked.people:
        yield from packs.person(loaded, _find(name, people, say("person")), options, asked.whole)
    for name in asked.volumes:
        yield from packs.volume(loaded, name, _find(name, volumes, say("volume")), options)
    if asked.everything:
        yield from packs.digest(loaded, options)


def _alt(theme: object) -> Sequence[str]:
    return tuple(getattr(theme, "alt_labels", ()))


def _find(name: str, found: Mapping[str, T], what: Message) -> T:
    if name in found:
        return found[name]
    raise click.UsageError(say("no {} {!r}{}", what, name, within(name, found)), click.get_current_context())
