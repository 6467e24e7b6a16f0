"""`digest pdf`: the PDFs that a call names, only those printed anew whose content changed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from build_tools.core.diagnostics import CorpusError, Diagnostic, Report
from build_tools.core.files import write_atomic
from build_tools.core.paths import ROOT, Places
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.outputs.print import compile
from build_tools.outputs.site.mkdocs import configuration
from build_tools.run import packs
from build_tools.run.cache import Cache
from build_tools.run.convert import Loaded, load

T = TypeVar("T")


class Unknown(Exception):
    """The call names something that the corpus does not have; the message says what is near."""


def run(args: argparse.Namespace, settings: Settings, report: Report) -> int:
    """Print what `args` names. Returns 2 for a name that is not there, 1 for a pack with nothing in it."""
    if not (args.ids or args.theme or args.person or args.volume or args.everything):
        print("digest pdf: name articles, or --theme, --person, --volume, --all", file=sys.stderr)
        return 2
    places = Places.of(args.corpus.resolve(), None)
    cache = Cache(places.work / "cache")
    with Progress() as progress:
        loaded = load(places.corpus, settings, report, progress, cache)
        site_url = (
            settings.site_url or configuration(places.config, ROOT / "docs", places.site).site_url or ""
        )
        options = compile.PrintOptions(site_url=site_url)
        try:
            wanted = list(_wanted(args, loaded, options))
        except Unknown as error:
            print(f"digest pdf: {error}", file=sys.stderr)
            return 2
        progress.start("pdf", len(wanted))
        # The compiler lets go of the interpreter's lock, so threads print side by side.
        with ThreadPoolExecutor(settings.jobs or os.cpu_count()) as pool:
            for one, printed in zip(wanted, pool.map(partial(_printed, cache=cache), wanted), strict=True):
                if isinstance(printed, Diagnostic):
                    report.add(printed)
                    continue
                data, fresh = printed
                target = _target(args.out, one, len(wanted))
                write_atomic(target, data)
                size = f"{one.articles} article(s), {len(data) // 1024} kB"
                print(f"{target}  {size}{'' if fresh else ', unchanged'}")
                progress.step()
    return report.exit_code


def _printed(one: packs.Print, cache: Cache) -> tuple[bytes, bool] | Diagnostic:
    """The PDF and whether it was made anew; the diagnostic of a pack that cannot be."""
    try:
        return cache.get_bytes("pdf", one.key), False
    except (FileNotFoundError, ValueError):  # not there, or damaged
        pass
    try:
        data = one.make()
    except CorpusError as error:
        return error.diagnostic
    cache.put_bytes("pdf", one.key, data)
    return data, True


def _target(out: Path | None, one: packs.Print, count: int) -> Path:
    if out is not None and count == 1 and out.suffix == ".pdf":
        return out
    return (out or Path("pdf")) / one.path


def _wanted(args: argparse.Namespace, loaded: Loaded, options: compile.PrintOptions) -> Iterator[packs.Print]:
    site = loaded.site
    cards = {card.id: card for card in site.cards}
    chosen = [_find(name, cards, cards, "article") for name in args.ids]
    yield from packs.articles(loaded, options, chosen)
    themes = {name: one for one in site.themes for name in (one.slug, *_alt(one.theme), one.label)}
    people = {name: one for one in site.people for name in (one.slug, one.name)}
    volumes = dict(site.volumes)
    for name in args.theme:
        yield from packs.theme(loaded, _find(name, themes, themes, "theme"), options)
    for name in args.person:
        yield from packs.person(loaded, _find(name, people, people, "person"), options)
    for name in args.volume:
        yield from packs.volume(loaded, name, _find(name, volumes, volumes, "volume"), options)
    if args.everything:
        yield from packs.digest(loaded, options)


def _alt(theme: object) -> Sequence[str]:
    return tuple(getattr(theme, "alt_labels", ()))


def _find(name: str, found: Mapping[str, T], names: Iterable[str], what: str) -> T:
    if name not in found:
        near = [other for other in names if name in other or other in name][:5]
        raise Unknown(f"no {what} {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    return found[name]
