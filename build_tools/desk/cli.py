"""The command line: parse arguments, call the pipeline, print the report.

Exit codes: 0 good, 1 the corpus has errors, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from build_tools import __version__
from build_tools.core.diagnostics import Report
from build_tools.core.guard import Stopped, stoppable, tell
from build_tools.core.workers import SchedulerError

ROOT = Path(__file__).resolve().parents[2]


def parser() -> argparse.ArgumentParser:
    """The whole command line; `docs/cli.md` is generated from it and a test compares them."""
    top = argparse.ArgumentParser(
        prog="digest",
        description="生态环境会议文摘: scraped meeting texts in, a cross-linked digest site out.",
    )
    top.add_argument("--version", action="version", version=f"digest {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument(
        "--corpus",
        type=Path,
        default=ROOT / "corpus",
        metavar="DIR",
        help="the corpus (default: the checkout's)",
    )
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write DIR/docs, DIR/site and the cache there (default: the checkout)",
    )
    work = argparse.ArgumentParser(add_help=False)
    work.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one a core)")
    work.add_argument(
        "--scheduler", metavar="ADDRESS", help="an existing Dask cluster, tcp://host:port (extra [dask])"
    )
    work.add_argument(
        "--site-url", metavar="URL", help="where the site will stand (default: mkdocs.yml's site_url)"
    )

    build = commands.add_parser("build", parents=[corpus, out, work], help="build everything")
    build.add_argument("--no-pdf", action="store_true", help="print no PDFs")
    build.add_argument(
        "--pdf-limit", type=int, default=300, metavar="N", help="print PDFs up to N articles (default 300)"
    )

    commands.add_parser("convert", parents=[corpus, out, work], help="corpus → Markdown below docs/, no HTML")
    commands.add_parser("check", parents=[corpus, work], help="validate the corpus and its links")

    add = commands.add_parser("add", parents=[corpus], help="take in scraped pages")
    add.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a .txt or .html page, or a folder of them"
    )
    add.add_argument("--url", help="where the page was obtained")
    add.add_argument("--fetched", metavar="DATE", help="when, as 2024-01-24")
    add.add_argument(
        "--id", dest="article_id", help="the article's id (default: proposed from its title and date)"
    )

    review = commands.add_parser("review", parents=[corpus, work], help="what the tools propose and doubt")
    review.add_argument("--json", action="store_true", help="as JSON")
    review.add_argument(
        "--accept",
        choices=("people", "organizations", "themes"),
        help="write registry stubs with their evidence; never overwrites a curator's line",
    )
    review.add_argument("names", nargs="*", metavar="NAME", help="with --accept: only these")

    explain = commands.add_parser(
        "explain", parents=[corpus], help="an article's facts with evidence, and every edit"
    )
    explain.add_argument("id", help="the article's id")
    explain.add_argument("--json", action="store_true", help="as JSON")
    explain.add_argument(
        "--all", action="store_true", dest="everything", help="every edit, not the first 5 of a rule"
    )

    export = commands.add_parser("export", parents=[corpus, work], help="write the open data")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go")

    pdf = commands.add_parser("pdf", parents=[corpus, work], help="print PDFs")
    pdf.add_argument("ids", nargs="*", metavar="ID", help="articles")
    pdf.add_argument("--theme", action="append", default=[], metavar="T", help="a theme's label or id")
    pdf.add_argument("--person", action="append", default=[], metavar="P", help="a person's name or id")
    pdf.add_argument("--volume", action="append", default=[], metavar="V", help="a year, or undated")
    pdf.add_argument("--all", action="store_true", dest="everything", help="the whole digest")
    pdf.add_argument(
        "--out", type=Path, metavar="F", help="a file for one PDF, a folder for several (default: pdf/)"
    )

    serve = commands.add_parser("serve", parents=[corpus, out, work], help="live preview")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="default 8000")
    serve.add_argument(
        "--pdf", action="store_true", help="print PDFs too (as it does when the site has some)"
    )

    bench = commands.add_parser("bench", help="measure against peers in the same run")
    bench.add_argument(
        "what", nargs="?", default="build", choices=("build", "search", "pdf"), help="default: build"
    )
    bench.add_argument("--articles", type=_counts, default=(1000,), metavar="N[,N…]", help="default 1000")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    bench.add_argument("--no-peers", action="store_true", help="only our own figures")
    bench.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one a core)")
    return top


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number up to 65535")
    return int(text)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_positive(part) for part in text.split(","))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = parser().parse_args(argv)
    report = Report()
    try:
        # Imported here so that `digest --help` and a wrong usage answer at once.
        if args.command in ("build", "convert"):
            from build_tools.desk import building as commands  # noqa: PLC0415
        else:
            from build_tools.desk import commands  # type: ignore[no-redef]  # noqa: PLC0415
        with stoppable():
            code: int = getattr(commands, f"run_{args.command}")(args, report)
    except SchedulerError as error:
        print(f"digest: {error}", file=sys.stderr)
        return 1
    except Stopped as error:
        tell("stopped; the last good site stands, and the next build carries on")
        return error.code
    except BrokenPipeError:  # digest explain … | head: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = error.filename or "a file"
        print(
            f"digest: {place}: {error.strerror or error}; free space or check the permissions",
            file=sys.stderr,
        )
        return 1
    for line in report.lines():
        print(line, file=sys.stderr)
    return code or report.exit_code
