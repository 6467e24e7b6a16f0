"""The decoded original beside the edited text: which words of the one became which of the other.

A page of its own for each article in which words were changed, plain HTML that needs no script: beside 10,000
articles MkDocs is not asked to render 10,000 more. Where only marks, blanks and dropped lines differ, the article's
own 校勘记 says all that such a page could.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from build_tools.core.article import Article, Cleaned
from build_tools.core.vocabulary import load
from build_tools.pages import escape

CONTEXT = 12  # characters shown on each side of an emendation
FORMS = {"", "-", "script", "radical_han", "pinyin_gloss"}  # rules after which a word is the same word
SHOWN = 200  # emendations listed; all are marked in the text
WHOLE = 40_000  # bytes of rows: of a longer text those alone in which words were changed, and of them so many


class Piece(NamedTuple):
    """`before`, at `start` of the original, became `after`, at `place` of the edited text, by `rule` ('': it stayed)."""

    start: int
    before: str
    place: int
    after: str
    rule: str = ""


@lru_cache(maxsize=1)  # an article's page, its TEI edition and its collation ask one after the other
def pieces(cleaned: Cleaned) -> Sequence[Piece]:
    """Both texts in pieces, in order: what stayed, and what was changed between. Of what is only gone the rule is `-`.

    >>> from build_tools.core.article import Edit, Pass
    >>> step = Pass("date_lost_separator", (Edit(2, "61日", "6月1日"),))
    >>> made = pieces(Cleaned("今年61日开会", "今年6月1日开会", (step,), (), ()))
    >>> [(one.before, one.after, one.rule) for one in made]
    [('今年', '今年', ''), ('61日', '6月1日', 'date_lost_separator'), ('开会', '开会', '')]
    """
    # For each character of the text so far: where it is in the original, or ~n if pass n wrote it.
    origins = list(range(len(cleaned.original)))
    for number, step in enumerate(cleaned.passes):
        made: list[int] = []
        at = 0
        for start, before, after in step.edits:
            made += origins[at:start]
            made += [~number] * len(after)
            at = start + len(before)
        origins = made + origins[at:] if step.edits else origins
    out: list[Piece] = []
    old = new = 0  # up to where both are told
    at = 0
    while at <= len(origins):
        run = at
        while run < len(origins) and origins[run] < 0:
            run += 1
        start = origins[run] if run < len(origins) else len(cleaned.original)
        if run > new or start > old:
            rules = {cleaned.passes[~one].rule: None for one in origins[new:run]}
            out += _apart(
                Piece(old, cleaned.original[old:start], new, cleaned.text[new:run], "+".join(rules))
            )
        if run == len(origins):
            break
        at = run
        while at < len(origins) and origins[at] == start + at - run:
            at += 1
        out.append(Piece(start, cleaned.original[start : start + at - run], run, cleaned.text[run:at]))
        old, new = start + at - run, at
    return out


def _apart(piece: Piece) -> Iterator[Piece]:
    """Blanks that were dropped beside a change are a change of their own."""
    start, before, place, after, rule = piece
    if not after:
        yield piece._replace(rule=rule or "-")
        return
    first = len(before) - len(before.lstrip()) if not after[0].isspace() else 0
    last = len(before.rstrip()) if not after[-1].isspace() and before.strip() else len(before)
    if first:
        yield Piece(start, before[:first], place, "", "-")
    yield Piece(start + first, before[first:last], place, after, rule)
    if last < len(before):
        yield Piece(start + last, before[last:], place + len(after), "", "-")


def rewords(before: str, after: str) -> bool:
    """Whether a change puts other words in, not only other marks or nothing.

    >>> rewords("61日", "6月1日"), rewords(",", "，"), rewords("打印", "")
    (True, False, False)
    """
    old, new = (re.sub(r"\W", "", text) for text in (before, after))
    return bool(new) and old != new


def emends(piece: Piece) -> bool:
    """Whether a piece has other words than the original, not only other forms of its characters."""
    return bool(set(piece.rule.split("+")) - FORMS) and rewords(piece.before, piece.after)


def emended(made: Sequence[Piece]) -> list[Piece]:
    """The pieces whose words were changed; without any there is no page."""
    return [piece for piece in made if piece.rule and emends(piece)]


def blocks_of(cleaned: Cleaned, made: Sequence[Piece]) -> dict[str, list[tuple[int, Piece]]]:
    """Text of a kept line → (place in it, piece) of the changes of wording that lie in it whole."""
    out: dict[str, list[tuple[int, Piece]]] = {}
    ends = iter([piece for piece in made if emends(piece)])
    piece = next(ends, None)
    start = 0
    for line in cleaned.blocks:
        stop = start + len(line.text)
        while piece is not None and piece.place < start:
            piece = next(ends, None)
        while piece is not None and piece.place + len(piece.after) <= stop:
            if "\n" not in piece.before and piece.place >= start:
                out.setdefault(line.text, []).append((piece.place - start, piece))
            piece = next(ends, None)
        start = stop + 1
    return out


# --- the page ----------------------------------------------------------------


def page(one: Article, made: Sequence[Piece]) -> bytes:
    """`articles/<id>/collation.html` of the `pieces`: emendations first, then both texts line beside line."""
    changed = [piece for piece in made if piece.rule]
    words = emended(made)
    title = f"{one.display_title}：原文与校订对照"
    number = {item.text: at for at, item in enumerate(one.paragraphs, 1)}
    anchor = {item.text: item.id for item in one.paragraphs}
    rows: list[tuple[bool, str]] = []
    for row in _rows(made):
        here = [line for line in "".join(row.plain).split("\n") if line in number]
        head = "<br>".join(f'<a href="./#{anchor[line]}">第{number[line]}段</a>' for line in here)
        head = head or ("—" if row.right else "移出")
        left, right, both = map("".join, (row.left, row.right, row.both))
        cells = f"<td>{left}</td><td>{right}</td>" if row.words else f'<td colspan="2">{both}</td>'
        if both:
            rows.append((row.words, f'<tr><th scope="row">{head}</th>{cells}</tr>'))
    shown = [html for _, html in rows]
    if sum(map(len, shown)) > WHOLE // 3:  # characters, of three bytes each
        shown = [html for changed, html in rows if changed]
        while len(shown) > 1 and sum(map(len, shown)) > WHOLE // 3:
            shown.pop()
    left_out = len(rows) - len(shown)
    listed = "\n".join(f"<li>{_emendation(one.cleaned.original, piece)}</li>" for piece in words[:SHOWN])
    more = f"<p>另有 {len(words) - SHOWN} 处。</p>" if len(words) > SHOWN else ""
    rest = (
        f'<p>全文过长，另有 {left_out} 行不列于此，见<a href="../../raw/{one.id}.txt">采集原文</a>。</p>\n'
        if left_out
        else ""
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape.html(title)}</title>\n"
        '<meta name="robots" content="noindex">\n'
        '<link rel="icon" href="../../assets/icon.svg">\n<link rel="stylesheet" href="../../assets/collation.css">\n</head>\n<body>\n<main>\n'
        f'<p><a href="./">返回本文</a></p>\n<h1>{escape.html(title)}</h1>\n'
        f"<p>左为采集原文（解码后），右为校订后的正文；字句未改的行只列一次。改动 {len(changed)} 处，"
        f"其中字句 {len(words)} 处，其余为标点、字形、空白和移出正文的行。</p>\n"
        f"<h2>改动字句</h2>\n<ol>{listed}</ol>{more}\n<h2>全文对照</h2>\n{rest}"
        '<table>\n<thead><tr><th scope="col">段</th><th scope="col">采集原文</th><th scope="col">校订</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(shown) + "\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    ).encode()


def _emendation(original: str, piece: Piece) -> str:
    end = piece.start + len(piece.before)
    left = original[max(0, piece.start - CONTEXT) : piece.start].rpartition("\n")[2].lstrip()
    right = original[end : end + CONTEXT].partition("\n")[0]
    reasons = load("apparatus")
    why = "；".join(str(reasons.get(rule, rule)) for rule in piece.rule.split("+"))
    return (
        f"{escape.html(left)}{_mark('del', piece.before, True)}{_mark('ins', piece.after, True)}"
        f"{escape.html(right)} <small>{escape.html(why)}</small>"
    )


def _mark(name: str, text: str, wording: bool) -> str:
    if not text:
        return ""
    shown = escape.html(text.replace("\t", "⇥").replace("\n", "⏎"))
    shown = shown if text.strip() else shown.replace(" ", "␣").replace("\u3000", "□")
    return f"<{name}{' class=w' if wording else ''}>{shown}</{name}>"


class _Row:
    """A line of the original and what became of it, as HTML: apart, and both in one; the edited text plain."""

    def __init__(self) -> None:
        self.left: list[str] = []
        self.right: list[str] = []
        self.both: list[str] = []
        self.plain: list[str] = []
        self.words = False  # whether words were changed in it


def _rows(made: Sequence[Piece]) -> Iterator[_Row]:
    """A row for each line of the original. A line that the original lacks is in the row of the one before."""
    row = _Row()
    for piece in made:
        lines = piece.before.split("\n")
        wording = bool(piece.rule) and emends(piece)
        after = _mark("ins", piece.after, wording) if piece.rule else ""
        for at, text in enumerate(lines):
            if at:
                yield row
                row = _Row()
            if not piece.rule:
                told = escape.html(text)
                for side in (row.left, row.right, row.both):
                    side.append(told)
                row.plain.append(text)
                continue
            told = _mark("del", text, wording)
            row.left.append(told)
            row.both.append(told)
            row.words |= wording
            if not at:
                row.right.append(after)
                row.plain.append(piece.after)
            if at == len(lines) - 1:
                row.both.append(after)
    yield row
