"""`digest export`: the open data of a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from build_tools.core.diagnostics import Report
from build_tools.core.files import write_atomic
from build_tools.core.messages import say
from build_tools.core.paths import CONFIG, project
from build_tools.core.site import Imprint
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.address import of_mkdocs
from build_tools.desk.command import Refused, Value, a_command, corpus, progress, work, writable
from build_tools.outputs import open_data
from build_tools.pages import tei
from build_tools.run.convert import load


@a_command
@corpus
@work
@click.option("--out", type=Value(Path), required=True, metavar="DIR", help=say("where the files go"))
def command(report: Report, corpus: Path, out: Path, **work: Any) -> int:
    writable(out)
    with progress() as shown:
        result = load(corpus, Settings(**work), report, shown)
    lost = result.corpus.lost
    if lost and out.is_dir() and any(out.iterdir()):  # good data may not be replaced by data without them
        raise Refused(say("nothing of {} can be read: fix it first", ", ".join(lost)))
    converted = result.converted
    articles = sorted(card.id for card in result.site.cards)
    name = of_mkdocs(project(corpus) / CONFIG, "site_name")
    imprint = Imprint(name, work["site_url"] or "", work["editor"], work["contact"])
    edition = tei.corpus((converted.article(one) for one in articles), imprint.url) if articles else ()
    for name, data in open_data.data_files(
        converted.lines(),
        converted.cards,
        result.links,
        result.corpus.registries,
        imprint,
        edition,
    ):
        write_atomic(out / name, data)
    language.out(say("{} articles → {}", len(converted.cards), out))
    return 0
