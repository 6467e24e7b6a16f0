"""What every command shares: its page of help, options that several have, what their values must be."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from build_tools.core.diagnostics import Report
from build_tools.core.messages import NOTHING, Message, Stop, say
from build_tools.core.paths import Places, project
from build_tools.core.progress import Progress
from build_tools.core.web_address import WebAddress
from build_tools.desk import language


class Refused(Stop):
    """Something in the corpus or on the disk stops a command before it writes."""


# --- values ------------------------------------------------------------------


class Value(click.ParamType[Any]):
    """An option's value, as `read` gives it; ValueError holds the Message that says what is wrong."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self.read, self.name = read, "value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.read(value) if isinstance(value, str) else value
        except ValueError as error:
            return self.fail(error.args[0], param, ctx)


def number(text: str, least: int = 1, most: int = 10**9) -> int:
    """
    >>> number("12")
    12
    """
    if not re.fullmatch("[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise ValueError(say("{!r} is not a number from {} to {}", text, least, most))
    return int(text)


def counts(text: str) -> tuple[int, ...]:
    return tuple(number(part) for part in text.split(","))


def one_of(*choices: str) -> Value:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(say("{!r} is not one of {}{}", text, ", ".join(choices), within(text, choices)))
        return text

    return Value(read)


def meant(found: Sequence[str] | None) -> Message:
    return say("; did you mean {}?", ", ".join(found[:5])) if found else NOTHING


def within(name: str, known: Iterable[str]) -> Message:
    """What holds the name or is held by it, as what was meant."""
    return meant([other for other in known if name in other or other in name])


# --- a command and its page --------------------------------------------------


class Command(click.Command):
    """A command whose help is worded in the curator's language."""

    allow_extra_args = True  # to refuse them in our words

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.args:
            raise click.UsageError(say("{!r} is one word too many", ctx.args[0]), ctx)
        return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), LANG]

    def get_help(self, ctx: click.Context) -> str:
        rest = [str(one.metavar) for one in self.params if isinstance(one, click.Argument)]
        return page(" ".join(["digest", str(self.name), say("[options]"), *rest]), self.help, rows(self))


def rows(command: click.Command) -> Iterator[tuple[str, str]]:
    """Every argument and option with what it means, in English."""
    for one in command.params:
        metavar = "" if getattr(one, "is_flag", False) else one.metavar
        names = ", ".join(one.opts) if isinstance(one, click.Option) else ""
        yield f"{names} {metavar or ''}".strip(), getattr(one, "help", None) or ""


def page(usage: str, about: str | None, meanings: Iterator[tuple[str, str]]) -> str:
    listed = [*meanings, ("--lang en|zh", LANG.help or ""), ("--help", say("show this page"))]
    columns = max(language.width(name) for name, _ in listed) + 2
    told = [f"  {language.padded(name, columns)}{language.help_of(meaning)}" for name, meaning in listed]
    return "\n".join([language.word(say("usage: {}", usage)), "", language.help_of(about), "", *told])


class Commands(click.Group):
    """The whole command line: names and what they do are here, the rest is imported when a command is called."""

    def __init__(self, table: Mapping[str, tuple[Message, str]], **told: Any) -> None:
        super().__init__(**told)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        about, module = self.table[cmd_name]
        try:
            found: click.Command = import_module(module).command
        except ModuleNotFoundError as error:
            if error.name != module.rpartition(".")[0]:
                raise
            raise Refused(say("digest {} is not in the wheel: call it from a checkout", cmd_name)) from error
        found.name, found.help = cmd_name, about
        return found

    def get_help(self, ctx: click.Context) -> str:
        listed = [
            *((name, about) for name, (about, _) in self.table.items()),
            ("--version", say("show the version")),
        ]
        return page(say("digest COMMAND …"), self.help, iter(listed))


def fault(error: click.UsageError) -> Message:
    """What is wrong with the words of a call."""
    match error:
        case click.NoSuchOption():
            return say("there is no option {}{}", error.option_name, meant(error.possibilities))
        case click.exceptions.NoSuchCommand():
            return say("there is no command {!r}{}", error.command_name, meant(error.possibilities))
        case click.BadOptionUsage():
            flags = (
                [
                    name
                    for one in error.ctx.command.params
                    if getattr(one, "is_flag", False)
                    for name in one.opts
                ]
                if error.ctx
                else []
            )
            if error.option_name in flags:
                return say("{} takes no value", error.option_name)
            return say("{} wants a value", error.option_name)
        case click.BadParameter() if error.param:
            argument = isinstance(error.param, click.Argument)
            name = error.param.metavar if argument else error.param.opts[0]
            if isinstance(error, click.MissingParameter):
                return say("{} is missing: {}", name, say(getattr(error.param, "help", "")))
            return say("{}: {}", name, error.message)
    return (
        error.message
        if isinstance(error.message, Message)
        else say("name a command; digest --help lists them")
    )


# --- what several commands have ----------------------------------------------


def _corpus(ctx: click.Context, param: click.Parameter, folder: Path) -> Path:
    """The corpus, which must be one: a slip of the pen in `--corpus` may not empty a site or a data set.

    Raises Refused.
    """
    pages = folder / "articles"
    if pages.is_dir():
        inside = [path.name for path in pages.iterdir() if not path.name.startswith(".")]
        if inside and not any(name.endswith((".txt", ".html")) and name != "index.html" for name in inside):
            raise Refused(say("{} has no page (.txt, .html): nothing was changed; fix --corpus", pages))
        return folder.resolve()
    if not folder.is_dir():
        raise Refused(
            say("{} is not a folder: nothing was changed; fix --corpus, or begin with digest init", folder)
        )
    if any(path.suffix in (".txt", ".html") for path in folder.iterdir()):
        raise Refused(
            say(
                "{} is of the older layout: nothing was changed; move its pages and their .yml into {}",
                folder,
                folder / "articles",
            )
        )
    raise Refused(
        say("{} has no folder articles/: nothing was changed; fix --corpus, or make the folder", folder)
    )


def writable(*targets: Path) -> None:
    """Raises Refused when something cannot be written there, before any work is done for it."""
    for target in targets:
        there = next(path for path in (target.absolute(), *target.absolute().parents) if path.exists())
        if there != target.absolute() and not there.is_dir():
            raise Refused(say("{} is not a folder: nothing was written", there))
        if not os.access(there, os.W_OK):
            raise Refused(say("{} cannot be written: nothing was changed; check the permissions", there))


def _site_url(ctx: click.Context, param: click.Parameter, given: WebAddress | None) -> WebAddress | None:
    """The site's address, and beside it who edits it, for the commands that write a site or print; --corpus is eager, so that it is known here."""
    from build_tools.desk.address import imprint, site_url  # noqa: PLC0415  help needs no YAML

    where = project(ctx.params["corpus"]), os.environ, ctx.obj or Report()
    told = ctx.command.name in ("build", "convert", "serve")
    # Not options: who edits a site is the project's matter, not a call's.
    ctx.params["editor"], ctx.params["contact"] = imprint(*where, told=told)
    return site_url(given, *where, told=told or ctx.command.name == "pdf")


LANG = click.Option(
    ["--lang"],
    type=one_of(*language.LANGUAGES),
    metavar="en|zh",
    expose_value=False,
    help=say("the language of what is said (default: the locale's)"),
)
corpus = click.option(
    "--corpus",
    type=Value(Path),
    default=lambda: project() / "corpus",
    callback=_corpus,
    is_eager=True,
    metavar="DIR",
    help=say("the corpus (default: corpus/ of the project in this folder, else of the checkout)"),
)
out = click.option(
    "--out",
    type=Value(Path),
    metavar="DIR",
    help=say("write DIR/docs, DIR/site and the cache there (default: the project)"),
)
jobs = click.option("--jobs", type=Value(number), metavar="N", help=say("processes (default: one a core)"))
_work = (
    jobs,
    click.option(
        "--scheduler", metavar="ADDRESS", help=say("an existing Dask cluster, tcp://host:port (extra [dask])")
    ),
    click.option(
        "--site-url",
        type=Value(WebAddress),
        callback=_site_url,
        metavar="URL",
        help=say(
            "where the site will be (default: DIGEST_SITE_URL, else site_url of digest.yml or mkdocs.yml)"
        ),
    ),
)


def work(function: Callable[..., int]) -> Callable[..., int]:
    """The options of long work, which `settings` takes."""
    for one in reversed(_work):
        function = one(function)
    return function


def places(corpus: Path, out: Path | None) -> Places:
    """Where a call says to read and write. Raises Refused."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not re.fullmatch("[0-9]{1,11}", epoch):
        raise Refused(say("SOURCE_DATE_EPOCH={}: write seconds since 1970, or unset it", epoch))
    found = Places.of(corpus, out and out.resolve())
    writable(found.docs, found.site, found.work)
    return found


def progress() -> Progress:
    return Progress(word=language.word)


def a_command(function: Callable[..., int]) -> Command:
    """A command of the function; its name and what it does are in cli.COMMANDS."""
    return click.command(cls=Command)(click.pass_obj(function))
