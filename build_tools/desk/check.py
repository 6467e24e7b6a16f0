"""`digest check`: the corpus, the ledger of every article, and what registries and articles say of each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Report
from build_tools.core.messages import say
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.command import a_command, corpus, progress, work
from build_tools.run.assemble import moved
from build_tools.run.convert import Loaded, load


@a_command
@corpus
@work
def command(report: Report, corpus: Path, **work: Any) -> int:
    with progress() as shown:
        result = load(corpus, Settings(**work), report, shown)
    check_links(result, report)
    moved(result, report)
    language.out(say("{} articles read; {}", len(result.converted.cards), report.summary()))
    return 0


def check_links(result: Loaded, report: Report) -> None:
    """Registry entries that point at articles which are not there."""
    ids = set(result.converted.keys)
    for person in result.corpus.registries.people:
        for source in (post.source for post in person.posts):
            if source and not source.startswith("http") and source not in ids:
                told = say("{}: no article {!r}", person.id, source)
                report.warning("people.yml", told, say("fix `source:`"), person.line)
