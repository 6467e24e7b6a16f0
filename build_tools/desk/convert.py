"""`digest convert`: corpus → Markdown below docs/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Report
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.command import a_command, corpus, out, places, progress, work
from build_tools.run import pipeline


@a_command
@corpus
@out
@work
def command(report: Report, corpus: Path, out: Path | None, **work: Any) -> int:
    where = places(corpus, out)
    with progress() as shown:
        done = pipeline.build(where, Settings(**work, pdf_limit=0, mirror_limit=0), report, shown, html=False)
    language.out(done.summary())
    return 0
