"""`digest build` and `digest convert`: what imports the stages only when there is something to do."""

from __future__ import annotations

import argparse
import sys

from build_tools.core.diagnostics import Report
from build_tools.core.paths import Places, Refused
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.run import unchanged


def settings(args: argparse.Namespace) -> Settings:
    """What the command line says of a run."""
    return Settings(
        jobs=getattr(args, "jobs", None),
        scheduler=getattr(args, "scheduler", None),
        site_url=getattr(args, "site_url", None),
        pdf_limit=0 if getattr(args, "no_pdf", False) else getattr(args, "pdf_limit", 0),
    )


def places(args: argparse.Namespace) -> Places:
    """Where the command line says to read and write."""
    return Places.of(args.corpus.resolve(), args.out.resolve() if getattr(args, "out", None) else None)


def no_corpus(args: argparse.Namespace) -> bool:
    """Whether `--corpus` names no corpus, which is told: a site is not emptied for a slip of the pen."""
    if (args.corpus / "articles").is_dir():
        return False
    print(
        f"digest: {args.corpus} has no folder articles/: nothing was changed; mend --corpus, or make the folder",
        file=sys.stderr,
    )
    return True


def run_build(args: argparse.Namespace, report: Report) -> int:
    """Everything: corpus → site ready to host."""
    if no_corpus(args):
        return 1
    try:
        with Progress() as progress:
            inputs, done = unchanged.unchanged(places(args), settings(args), report, progress)
            if done is None:
                return _make(args, report, progress, inputs, html=True)
            print(done.summary())
            return 0
    except Refused as error:
        return _refused(error)


def run_convert(args: argparse.Namespace, report: Report) -> int:
    """Corpus → Markdown below docs/."""
    if no_corpus(args):
        return 1
    try:
        with Progress() as progress:
            return _make(args, report, progress, None, html=False)
    except Refused as error:
        return _refused(error)


def _make(
    args: argparse.Namespace,
    report: Report,
    progress: Progress,
    inputs: unchanged.Inputs | None,
    *,
    html: bool,
) -> int:
    from build_tools.core.edits import EditError  # noqa: PLC0415
    from build_tools.outputs.site.mkdocs import PublishError  # noqa: PLC0415
    from build_tools.run import pipeline  # noqa: PLC0415  1 s of imports that an unchanged corpus does not need

    try:
        done = pipeline.build(places(args), settings(args), report, progress, inputs=inputs, html=html)
    except (PublishError, EditError) as error:
        print(f"digest: the build stopped, the last good site stands:\n{error}", file=sys.stderr)
        return 1
    print(done.summary())
    return 0


def _refused(error: Refused) -> int:
    print(f"digest: {error}", file=sys.stderr)
    return 1
