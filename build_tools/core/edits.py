"""Apply and revert edits: the ledger that makes every change to a text recorded and revertible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from build_tools.core.article import Edit, Pass
from build_tools.core.messages import Stop, say
from build_tools.core.text import matches


class EditError(Stop, ValueError):
    """An edit that overlaps another, runs backwards, or does not find its `before`."""


def apply(text: str, edits: Iterable[tuple[int, str, str]]) -> str:
    """Return `text` with all edits made; offsets are of `text` itself.

    >>> apply("今年,我们", [Edit(2, ",", ",")])
    '今年,我们'

    Raises EditError if an edit's `before` is not there, or two edits overlap.
    """
    out: list[str] = []
    at = 0
    size = len(text)
    for start, before, after in edits:
        end = start + len(before)
        if start < at:
            raise EditError(say("edit at {} overlaps the one before it, which ends at {}", start, at))
        if text[start:end] != before or start > size:
            raise EditError(say("edit at {} expects {!r}, finds {!r}", start, before, text[start:end]))
        out += (text[at:start], after)
        at = end
    out.append(text[at:])
    return "".join(out)


def invert(edits: Iterable[Edit]) -> Iterator[tuple[int, str, str]]:
    """The edits that undo `edits`, against the text that they gave."""
    shift = 0
    for start, before, after in edits:
        yield start + shift, after, before
        shift += len(after) - len(before)


def revert(text: str, passes: Sequence[Pass]) -> str:
    """Undo all passes, last first: gives back the text that the first pass was applied to."""
    for step in reversed(passes):
        text = apply(text, invert(step.edits))
    return text


def replay(text: str, passes: Sequence[Pass]) -> str:
    """Apply all passes in order."""
    for step in passes:
        text = apply(text, step.edits)
    return text


def diff_edits(before: str, after: str, start: int = 0) -> list[Edit]:
    """Edits for a conversion that maps each code point to one code point.

    Raises EditError if the lengths differ: then the caller must find its own alignment.
    """
    if len(before) != len(after):
        raise EditError(say("lengths differ: {} and {}", len(before), len(after)))
    out: list[Edit] = []
    i = 0
    while i < len(before):
        if before[i] == after[i]:
            i += 1
            continue
        j = i
        while j < len(before) and before[j] != after[j]:
            j += 1
        out.append(Edit(start + i, before[i:j], after[i:j]))
        i = j
    return out


def substitutions(
    pattern: re.Pattern[str],
    text: str,
    after: str | Callable[[re.Match[str]], str],
    starts: re.Pattern[str] | None = None,
) -> list[Edit]:
    """What `pattern.sub(after, text)` would do, as edits; `after` is literal, and matches that stay are none.

    `starts`, when the pattern opens with a lookbehind, is the class of its first characters (`text.matches`).

    >>> substitutions(re.compile("[,、]+"), "水,、气,土", lambda match: match.group()[-1])
    [Edit(start=1, before=',、', after='、')]
    """
    every = pattern.finditer(text) if starts is None else matches(starts, pattern, text)
    found = ((match.start(), match[0], match) for match in every)
    if isinstance(after, str):
        return [Edit(start, before, after) for start, before, _ in found if before != after]
    return [Edit(start, before, new) for start, before, match in found if (new := after(match)) != before]
