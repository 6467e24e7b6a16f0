"""The command line: which commands there are, and how a call ends.

Exit codes: 0 good, 1 the corpus has errors, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from build_tools import __version__
from build_tools.core import guard
from build_tools.core.diagnostics import Report
from build_tools.core.messages import Stop, foreign, say
from build_tools.desk import language
from build_tools.desk.command import LANG, Commands, Refused, fault

DESK = "build_tools.desk"
# What each command does, and the module whose `command` it is: imported only when it is called. The bench imports
# every room and is not in the wheel.
COMMANDS = {
    "init": (say("begin a project: an article, registries, mkdocs.yml, pages, workflow"), f"{DESK}.init"),
    "build": (say("build everything"), f"{DESK}.build"),
    "convert": (say("corpus → Markdown below docs/, no HTML"), f"{DESK}.convert"),
    "check": (say("validate the corpus and its links"), f"{DESK}.check"),
    "add": (say("take in scraped pages"), f"{DESK}.add"),
    "review": (say("what the tools propose and doubt"), f"{DESK}.review"),
    "explain": (say("an article's facts with evidence, and every edit"), f"{DESK}.explain"),
    "export": (say("write the open data"), f"{DESK}.export"),
    "pdf": (say("print PDFs"), f"{DESK}.pdf"),
    "serve": (say("live preview"), f"{DESK}.serve"),
    "bench": (say("measure against peers in the same run"), "build_tools.bench.build"),
}


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked:
        language.out(f"digest {__version__}")
        ctx.exit()


digest = Commands(
    COMMANDS,
    help=say("生态环境会议文摘: scraped meeting texts in, a cross-linked digest site out"),
    params=[
        LANG,
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version),
    ],
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    language.speak(language.chosen(words, os.environ))
    report = Report()
    try:
        guard.word = language.word
        with guard.stoppable(), digest.make_context("digest", words, obj=report) as context:
            code: int = digest.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "digest"
        language.err(say("{}: {}", path, fault(error)))
        return 2
    except Stop as error:
        first, *rest = language.word(error.message).splitlines()
        language.err(f"digest: {first}", *rest)
        if isinstance(error, Refused):  # nothing was begun that a warning could be about
            report.diagnostics = [one for one in report.diagnostics if one.severity == "error"]
        code = 1
    except guard.Stopped as error:
        guard.tell(say("stopped; the last good site stays, and the next build carries on"))
        return error.code
    except BrokenPipeError:  # digest explain … | head: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place, why = error.filename or say("a file"), foreign(error.strerror or error)
        language.err(say("digest: {}: {}; free space or check the permissions", place, why))
        return 1
    language.err(*map(language.line_of, sorted(report.diagnostics)))
    return code or report.exit_code
