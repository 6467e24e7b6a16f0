"""`digest pdf`: the PDFs that a call names, only those printed anew whose content changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import write_atomic
from build_tools.core.guard import BUDGET, Failed, guarded
from build_tools.core.messages import NOTHING, Message, say
from build_tools.core.paths import Places
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
@click.option(
    "--out",
    type=Value(Path),
    metavar="F",
    help=say("a file for one PDF, a folder for several (default: pdf/)"),
)
def command(report: Report, corpus: Path, out: Path | None, **told: Any) -> int:
    """Exit code 2 for a name that is not there, 1 for a pack with nothing in it."""
    asked = Asked(*(told.pop(name) for name in ("ids", "theme", "person", "volume", "everything")))
    settings = Settings(**told)
    if not any(vars(asked).values()):
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
        # The compiler lets go of the interpreter's lock, so threads print side by side.
        with ThreadPoolExecutor(settings.jobs or os.cpu_count()) as pool:
            for one, printed in zip(wanted, pool.map(partial(_printed, cache=cache), wanted), strict=True):
                if isinstance(printed, Diagnostic):
                    report.add(printed)
                    continue
                data, fresh = printed
                target = _target(out, one, len(wanted))
                write_atomic(target, data)
                old = NOTHING if fresh else say(", unchanged")
                language.out(say("{}  {} article(s), {} kB{}", target, one.articles, len(data) // 1024, old))
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


def _printed(one: packs.Print, cache: Cache) -> tuple[bytes, bool] | Diagnostic:
    """The PDF and whether it was made anew; the diagnostic of a pack that cannot be."""
    try:
        return cache.get_bytes("pdf", one.key), False
    except (FileNotFoundError, ValueError):  # not there, or damaged
        pass
    data = guarded(f"pdf/{one.path}", "pack", BUDGET, one.make)
    if isinstance(data, Failed):
        return data.diagnostic
    cache.put_bytes("pdf", one.key, data)
    return data, True


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
        yield from packs.theme(loaded, _find(name, themes, say("theme")), options)
    for name in asked.people:
        yield from packs.person(loaded, _find(name, people, say("person")), options)
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
