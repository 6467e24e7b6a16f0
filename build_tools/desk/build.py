"""`digest build`: everything, from the corpus to a site ready to host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from build_tools.core import workers
from build_tools.core.diagnostics import Report
from build_tools.core.messages import say
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.command import Value, a_command, corpus, number, out, places, progress, work
from build_tools.run import unchanged


@a_command
@corpus
@out
@work
@click.option("--no-pdf", is_flag=True, help=say("print no PDFs"))
@click.option(
    "--pdf-limit",
    type=Value(lambda text: number(text, 0)),
    default=Settings.pdf_limit,
    metavar="N",
    help=say("print PDFs up to N articles (default 300)"),
)
@click.option("--no-mirror", is_flag=True, help=say("make no Traditional mirror"))
@click.option(
    "--mirror-limit",
    type=Value(lambda text: number(text, 0)),
    default=Settings.mirror_limit,
    metavar="N",
    help=say("make the Traditional mirror (zh-hant/) up to N articles (default 300)"),
)
@click.option(
    "--plain-limit",
    type=Value(lambda text: number(text, 0)),
    default=Settings.plain_limit,
    metavar="N",
    help=say(
        "publish all open data as plain files, and TEI, up to N articles (default 300), else in archives"
    ),
)
@click.option(
    "--host-limit",
    type=Value(number),
    default=Settings.host_limit,
    metavar="MB",
    help=say("how large a site the host takes (default 1000, as GitHub Pages)"),
)
@click.option(
    "--verify",
    is_flag=True,
    help=say("compare docs/ and site/ with what was built, and make damaged files again"),
)
def command(
    report: Report,
    corpus: Path,
    out: Path | None,
    no_pdf: bool,
    pdf_limit: int,
    no_mirror: bool,
    mirror_limit: int,
    plain_limit: int,
    host_limit: int,
    verify: bool,
    **work: Any,
) -> int:
    settings = Settings(
        **work,
        pdf_limit=0 if no_pdf else pdf_limit,
        mirror_limit=0 if no_mirror else mirror_limit,
        plain_limit=plain_limit,
        host_limit=host_limit,
    )
    where = places(corpus, out)
    with progress() as shown:
        inputs, done = None, None
        if not verify:
            inputs, done = unchanged.unchanged(where, settings, report, shown)
        if done is None:
            with workers.ready("build_tools.facts.extract", settings.jobs, settings.scheduler) as ready:
                from build_tools.run import pipeline  # noqa: PLC0415  1 s of imports that an unchanged corpus does not need

                done = pipeline.build(
                    where, settings, report, shown, inputs=inputs, verify=verify, ready=ready
                )
    language.out(done.summary())
    return 0
