"""Whether the last good build still answers the corpus.

Most builds end here, so it needs little: nothing that reads texts or writes pages is imported, and
of the site only the times of its folders are looked at.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import key_of, sealed, unsealed, write_atomic
from build_tools.core.messages import NOTHING, Message, listed, say
from build_tools.core.paths import (
    UNSEEN,
    Places,
    Tree,
    alone,
    hand_written,
    left_out,
    refuse_foreign,
    tree_below,
)
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.corpus import reader as corpus_reader
from build_tools.run.cache import code_key, versions

TICK, SECONDS = 100_000_000, 2_500_000_000  # ns; a kernel's clock for files ticks every 1 to 10 ms
NAME = "standing.json"
PUBLISHER = ("mkdocs", "mkdocs-material", "markdown", "jinja2")  # what changes every page


@dataclass
class Done:
    """What a build did."""

    articles: int
    converted: int
    written: int
    rendered: int
    removed: int
    progress: Progress
    reasons: tuple[
        Message, ...
    ] = ()  # why articles were converted, and pages rendered beyond those that changed
    size: Message = NOTHING

    def summary(self) -> Message:
        """One line: what was made anew and why, and where the time went."""
        times = [say("{} {:.1f} s", name, spent) for name, spent, _ in self.progress.times if spent >= 0.05]
        return say(
            "{} articles; {} converted, {} files of docs/ written, {} pages rendered, {} files removed{}{}{}",
            self.articles,
            self.converted,
            self.written,
            self.rendered,
            self.removed,
            self.size,
            say("; {}", listed(times)) if times else NOTHING,
            say("; why: {}", listed(self.reasons)) if self.reasons else NOTHING,
        )


@dataclass(frozen=True)
class Inputs:
    """A corpus as read, and the key of it and of all else that a build depends on, and of that (`rest`) alone.

    `look` tells how its files looked before they were read, as `_look` does; `faults` what was wrong with them.
    """

    corpus: corpus_reader.Corpus
    key: str
    rest: str = ""
    look: str = ""
    faults: tuple[Diagnostic, ...] = ()


def read(places: Places, settings: Settings, report: Report, progress: Progress) -> Inputs:
    """The corpus and its key."""
    progress.start(say("read"))
    look = _look(places.corpus)
    found = Report()
    corpus = corpus_reader.read(places.corpus, found)
    for fault in found.diagnostics:
        report.add(fault)
    articles = (key_of(raw.name, raw.data, repr(raw.sidecar)) for raw in corpus.articles)
    rest = _rest(places, settings)
    key = key_of(rest, repr(corpus.registries), *articles)
    progress.step(len(corpus.articles))
    progress.end()
    return Inputs(corpus, key, rest, look, tuple(found.diagnostics))


def unchanged(
    places: Places, settings: Settings, report: Report, progress: Progress
) -> tuple[Inputs | None, Done | None]:
    """What was read, if there was a reason to read it, and the build's end, if nothing changed since the last.

    Raises paths.Refused.
    """
    refuse_foreign(places)
    with alone(places.work):
        told = _told(places)
        if told is None or (places.work / "journal.json").exists():
            return None, None
        inputs = None
        if (
            not told["look"]
            or told["look"] != _look(places.corpus)
            or told["rest"] != _rest(places, settings)
        ):
            inputs = read(places, settings, report, progress)
            if told["inputs"] != inputs.key:
                return inputs, None
        progress.start(say("folders"))
        changed = any(told[name] != _times(folder, told[name]) for name, folder in _folders(places))
        progress.end()
        if changed:
            return inputs, None
        if inputs is not None:
            # Checked out anew, touched, or wrong in what is left out: the next build need not read it.
            told.update(look=inputs.look, faults=[fault.as_data() for fault in inputs.faults])
            _write(places, told)
        report.extend(told["faults"])
        report.extend(told["diagnostics"])
        return inputs, Done(told["articles"], 0, 0, 0, 0, progress)


def remember(
    places: Places,
    inputs: Inputs,
    articles: int,
    diagnostics: Sequence[Mapping[str, Any]],
    docs: Iterable[str],
    site: Iterable[str],
    began: tuple[Tree, Tree] = (UNSEEN, UNSEEN),
) -> None:
    """Note that the site answers `inputs`, if just the files `site` are there, and of `docs` all.

    `began`: docs/ and site/ when the build began.
    """
    docs, site = set(docs), set(site)
    # What someone else changes while a build runs is not taken for its own.
    docs_now, site_now = (
        tree_below(root, tree) for root, tree in zip((places.docs, places.site), began, strict=True)
    )
    if site != site_now.files or not docs <= docs_now.files:
        return
    told = {
        "inputs": inputs.key,
        "look": inputs.look,
        "rest": inputs.rest,
        "articles": articles,
        "faults": [fault.as_data() for fault in inputs.faults],
        "diagnostics": list(diagnostics),
        "docs": {folder: docs_now.times.get(folder, -1) for folder in _parents(docs)},
        "site": {folder: site_now.times.get(folder, -1) for folder in _parents(site)},
    }
    _write(places, told)


def _write(places: Places, told: Mapping[str, Any]) -> None:
    write_atomic(_file(places), sealed(NAME, json.dumps(told).encode("utf-8")))


def forget(places: Places) -> tuple[dict[str, int], dict[str, int]]:
    """Before anything is changed; returns the times of the folders of docs/ and of site/ that were noted."""
    told = _told(places) or {"docs": {}, "site": {}}
    _file(places).unlink(missing_ok=True)
    return told["docs"], told["site"]


def _rest(places: Places, settings: Settings) -> str:
    """A key of all that a build depends on beside its corpus."""
    hand = (key_of(name, (places.pages / name).read_bytes()) for name in sorted(hand_written(places.pages)))
    told = [
        str(settings.site_url),
        settings.editor,
        settings.contact,
        str(settings.pdf_limit),
        str(settings.mirror_limit),
        str(settings.plain_limit),
        versions(*_packages()),
    ]
    told += [one.file for one in left_out(places.pages)]
    return key_of(code_key("build", folders=("",)), places.config.read_bytes(), *told, *hand)


def _look(corpus: Path) -> str:
    """A key of names, sizes, times and numbers of the corpus's files; '' when one may change and look the same.

    That is when it changed so lately that the clock of its times may not have ticked since: git's rule
    (Documentation/technical/racy-git). Whole seconds come of clocks that tick in seconds, or two.
    """
    began = time.time_ns()
    told = []
    for folder in (corpus, corpus / "articles", corpus_reader.STARTER):
        try:
            entries = os.scandir(folder)
        except OSError:
            continue
        with entries:
            for entry in entries:
                try:
                    stat = entry.stat(follow_symlinks=folder == corpus_reader.STARTER)
                except OSError:
                    return ""
                if began - stat.st_ctime_ns < (TICK if stat.st_ctime_ns % 1_000_000_000 else SECONDS):
                    return ""
                told.append(
                    (str(folder), entry.name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
                )
    return key_of(repr(sorted(told)))


def _packages() -> list[str]:
    """The publisher's parts and all that this package needs to run, extras left out."""
    needed = (re.match(r"[\w.-]+", line) for line in requires("eco-digest") or () if "extra ==" not in line)
    return sorted({*PUBLISHER, *(match[0] for match in needed if match)})


def _file(places: Places) -> Path:
    return places.work / NAME


def _folders(places: Places) -> Iterator[tuple[str, Path]]:
    yield "docs", places.docs
    yield "site", places.site


def _told(places: Places) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(unsealed(NAME, _file(places).read_bytes()))
        wanted = {"inputs", "look", "rest", "articles", "faults", "diagnostics", "docs", "site"}
        return told if told.keys() >= wanted else None
    except (OSError, ValueError, AttributeError):
        return None


def _parents(paths: Iterable[str]) -> set[str]:
    """Every folder that the paths lie in, the root as ''.

    >>> sorted(_parents(["a/b/c.html", "d.html"]))
    ['', 'a', 'a/b']
    """
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _times(root: Path, folders: Iterable[str]) -> dict[str, int]:
    """Folder → when an entry of it last came, went or was replaced (ns); -1 for a folder that is gone.

    A file that is written to in place leaves its folder's time as it is: that is not seen.
    """
    found = {}
    base = f"{root}{os.sep}"
    for folder in folders:
        try:
            found[folder] = os.stat(base + folder).st_mtime_ns  # noqa: PTH116  28,000 of them, a third of Path's time
        except OSError:
            found[folder] = -1
    return found
