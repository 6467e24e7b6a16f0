"""`digest review next`: one doubt at a time, its sentence, the answers, one key; the answer goes into the corpus.

What a curator presses is written with its reason, and his note, as a correction into the sidecars of all articles that
it settles, or as a stub into a registry. A sidecar keeps every line that it has.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

import click
import yaml

from build_tools.core.article import Article, Evidence
from build_tools.core.files import write_atomic
from build_tools.core.messages import Message, say
from build_tools.desk.command import Refused
from build_tools.desk.language import help_of, out, shown, word

SKIP, QUIT = "s", "q"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key means: `value` is the correction of the doubt's field, or `stub` a name for a registry."""

    key: str
    label: Message
    value: Any = None
    stub: tuple[str, str] | None = None  # registry, name


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt that one key settles, in all `articles`; `sentence` is what the text says."""

    articles: tuple[str, ...]
    field: str
    what: Message
    sentence: str
    answers: tuple[Answer, ...]


def sentence(article: Article, seen: Evidence) -> str:
    """The sentence of the article that the evidence cites; the evidence's own words where no block has them."""
    text = next((item.text for item in article.body if item.id == seen.where), seen.quote)
    start = max(text.rfind(mark, 0, seen.start) for mark in "。！？\n") + 1
    ends = [at for mark in "。！？" if (at := text.find(mark, seen.start + len(seen.quote))) >= 0]
    return text[start : min(ends, default=len(text)) + 1]


def at_a_terminal() -> None:
    """Raises Refused where nobody can press a key."""
    if not sys.stdin.isatty():
        raise Refused(
            say("review next: stdin is not a terminal → digest review lists the doubts, --json for programs")
        )


def ask(
    questions: Sequence[Question], root: Path, stub: Callable[[str, str], Iterator[Message]]
) -> tuple[int, int]:
    """Ask until they are answered or the curator quits; how many were answered and are left.

    Raises Refused where a sidecar cannot take a correction.
    """
    done = 0
    for at, question in enumerate(questions):
        out(
            say(
                "doubt {} of {}: {}, {}",
                at + 1,
                len(questions),
                ", ".join(question.articles[:3]),
                help_of(question.field),
            )
        )
        out(f"  {word(question.what)}", f"  “{question.sentence}”")
        keys = [(one.key, one.label) for one in question.answers]
        keys += [(SKIP, say("skip")), (QUIT, say("quit"))]
        out("  " + "  ".join(f"[{key}] {word(label)}" for key, label in keys))
        pressed = ""
        while pressed not in dict(keys):
            pressed = click.getchar().lower()
            if pressed in ("", "\x03", "\x04"):
                pressed = QUIT
        if pressed == QUIT:
            break
        if pressed == SKIP:
            continue
        answer = next(one for one in question.answers if one.key == pressed)
        print(f"  {pressed}  {shown(word(say('note (Enter for none): ')))}", end="", flush=True)
        note = sys.stdin.readline().strip()
        if answer.stub is not None:
            out(*stub(*answer.stub))
        else:
            for article in question.articles:
                path = root / "articles" / f"{article}.yml"
                correct(path, question.field, answer.value, _reason(answer, note))
                out(say("written: {}", path.name))
        done += 1
    return done, len(questions) - done


def _reason(answer: Answer, note: str) -> str:
    """The reason that the page shows, in Chinese whatever the curator's terminal speaks."""
    told = (
        "依原文核对后删去此项"
        if answer.value is None or None in _values(answer.value)
        else "依原文核对后确认"
    )
    return "".join(f"{one}。" for one in (told, note.rstrip("。")) if one)


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else [value]


def correct(path: Path, field: str, value: Any, reason: str) -> None:
    """Add a correction to a sidecar, which keeps its lines; raises Refused where its form does not allow it."""
    entry = {"field": field, "value": value, "reason": reason}
    old = path.read_text("utf-8") if path.exists() else ""
    lines = old.splitlines()
    head = next((at for at, line in enumerate(lines) if line.rstrip() == "corrections:"), None)
    if head is None:
        lines, head = [*lines, "corrections:"], len(lines)
    end = head + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " -#"):
        end += 1
    while end > head + 1 and not lines[end - 1].strip():
        end -= 1
    first = lines[head + 1] if end > head + 1 else "  -"
    margin = " " * (len(first) - len(first.lstrip()))
    made = indent(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000), margin)
    new = "\n".join([*lines[:end], made.rstrip("\n"), *lines[end:], ""])
    before = (yaml.safe_load(old) if old.strip() else None) or {}
    wanted = {**before, "corrections": [*(before.get("corrections") or []), entry]}
    try:
        fits = ("corrections" in before) == ("corrections:" in map(str.rstrip, old.splitlines()))
        fits = fits and yaml.safe_load(new) == wanted
    except yaml.YAMLError:
        fits = False
    if not fits:
        raise Refused(
            say("{}: its corrections cannot be added to → write by hand: {}", path.name, made.strip())
        )
    write_atomic(path, new.encode("utf-8"))
