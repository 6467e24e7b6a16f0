"""The cleaning engine: rules propose, it applies and records, so that all can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from build_tools.cleaning import page
from build_tools.cleaning.brands import brand_names, mask_edits
from build_tools.cleaning.date_repair import repair_dates
from build_tools.cleaning.dates import parse_date
from build_tools.cleaning.headings import glued_headings
from build_tools.cleaning.rows import Proposal
from build_tools.cleaning.rules import CHARACTER_RULES, LINE_RULES
from build_tools.core.article import KEPT, Cleaned, Edit, Line, LineKind, Pass, Rule
from build_tools.core.edits import apply
from build_tools.core.text import HAN, matches
from build_tools.core.vocabulary import cue

RULES = (
    *CHARACTER_RULES,
    *LINE_RULES,
    Rule("glued_heading", "a numbered heading glued to the start of its paragraph", glued_headings),
)
# Edits that leave nothing to find for the rules about characters and about what is within a line.
QUIET = frozenset({"line_ends", "spaces", "punctuation_width", "outer_spaces", "blank_lines"})
WITHIN = frozenset({"outer_spaces", "split_meta_glued", "mark_spaces"})
_MARKS = ("punctuation_width", "doubled_punctuation")
LATER = tuple(r for r in RULES if r.id in _MARKS or (r not in CHARACTER_RULES and r.id not in WITHIN))
# Kinds that hold no sentence, name or day of an article: one in them is told, `digest explain ID --lines` shows it.
_TELLING = frozenset(
    {LineKind.CAPTION, LineKind.LINKS, LineKind.COMMENTS, LineKind.JUNK, LineKind.BREADCRUMB}
)
_TOLD = (
    ("sentence_dropped", re.compile(".{29,}。|.{12,}[，,].{6,}[。！]$")),
    (
        "named_dropped",
        re.compile(rf"[{HAN}]{{1,12}}[长记任] ?[{HAN}]{{2,4}}(?:主持|讲话|出席|强调|指出|参加)"),
    ),
)
# What one rule uncovers another may clean (an entity that spells a tag), so rounds go on until nothing changes;
# the 113 pages at hand need two or three, 20,000 random strings of nasty signs up to four.
MAX_ROUNDS = 12
# What a rule's edits warn of. A single stray character is no news.
WARNINGS = {
    "html_residue": ("html_residue", 1),
    "pinyin_gloss": ("pinyin_gloss", 1),
    "script": ("traditional", 1),
    "page_number": ("page_numbers", 1),
    "wrap_join": ("hard_wraps", 1),
    "split_one_line": ("lost_line_breaks", 1),
    "doubled_punctuation": ("doubled_punctuation", 3),
    "brand_substitution": ("brand_substitution", 1),
}
LOST = re.compile(r"\ufffd|(?<=[A-Za-z]/m)\?|\*{2,}|□{2,}|■{2,}|〓")
# What it begins with: one pass for a class instead of a trial at every character.
_LOST_STARTS = re.compile("[?\ufffd*□■〓]")


def clean(text: str, headline: str = "") -> Cleaned:
    """Apply every rule, lay the lines out, drop what is no part of the article.

    `headline` is what an HTML page itself calls its headline (`Decoded.hints`), as decoded.

    Guarantees: reverting `passes` from `text` gives `original`; `text` is the
    blocks joined by line feeds, none of them blank or with outer spaces;
    cleaning `text` again changes nothing.

    >>> cleaned = clean("县委召开会议\\n来源:某报\\n　　会议指出,要抓好整改,确保完成。作者:甲乙丙")
    >>> [(block.kind.value, block.text) for block in cleaned.blocks]
    [('title', '县委召开会议'), ('paragraph', '会议指出，要抓好整改，确保完成。')]

    Raises EditError if a rule proposes edits that overlap or do not find their wording, so that each pass can be
    undone; `facts.extract.verify` proves it of every article.
    """
    original = text
    passes: list[Pass] = []
    dropped: list[Line] = []
    blocks: list[Line] = []
    rules = RULES
    seen: dict[str, Proposal | None] = {}
    for _ in range(MAX_ROUNDS):
        before = len(passes)
        text = _characters(text, passes, rules)
        lines = text.split("\n") if text else []
        blocks = _merge_kinds(blocks, page.layout(lines, headline, seen) if lines else ())
        dropped.extend(line for line in blocks if line.kind not in KEPT and line.kind is not LineKind.BLANK)
        text, blocks = _repair_dates(text, blocks, passes)
        brands = brand_names([line.text for line in blocks])
        text, blocks = _drop(text, blocks, passes)
        text, blocks = _trim(text, blocks, passes)
        text, blocks = _mask_brands(text, blocks, passes, brands)
        if len(passes) == before:
            break
        quiet = all(step.rule in QUIET or step.rule.startswith("drop_") for step in passes[before:])
        rules = LATER if quiet else RULES
    return Cleaned(
        original, text, tuple(passes), tuple(blocks), tuple(dropped), _warnings(text, passes, dropped)
    )


def _characters(text: str, passes: list[Pass], rules: Sequence[Rule]) -> str:
    for rule in rules:
        text = _record(text, rule.id, rule.propose(text), passes)
    return text


def _record(text: str, rule: str, proposed: Iterable[Edit], passes: list[Pass]) -> str:
    """Apply edits and enter them in the ledger, if there are any."""
    edits = tuple(edit for edit in proposed if edit.before != edit.after)
    if not edits:
        return text
    passes.append(Pass(rule, edits))
    return apply(text, edits)


def _merge_kinds(known: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Kinds of the first look stand: it saw the meta lines and breadcrumbs that are gone since."""
    if [line.text for line in known] != [line.text for line in lines]:
        return list(lines)
    return [old if new.kind in KEPT else new for old, new in zip(known, lines, strict=True)]


def _mask_brands(
    text: str, blocks: list[Line], passes: list[Pass], names: Sequence[str]
) -> tuple[str, list[Line]]:
    """The brand of a hacked mirror in a headline and the sentences of the body."""
    if not names:
        return text, blocks
    prose = (LineKind.TITLE, LineKind.PARAGRAPH, LineKind.DECK, LineKind.HEADING)
    return _edit_lines(
        text,
        blocks,
        passes,
        "brand_substitution",
        lambda _, line: mask_edits(line.text, names) if line.kind in prose else (),
    )


def _edit_lines(
    text: str,
    blocks: list[Line],
    passes: list[Pass],
    rule: str,
    propose: Callable[[int, Line], Sequence[Edit]],
) -> tuple[str, list[Line]]:
    """Apply what is proposed line by line, entered as one pass."""
    edits: list[Edit] = []
    out: list[Line] = []
    at = 0
    for number, line in enumerate(blocks):
        cuts = tuple(propose(number, line))
        edits.extend(Edit(at + cut.start, cut.before, cut.after) for cut in cuts)
        out.append(replace(line, text=apply(line.text, cuts)) if cuts else line)
        at += len(line.text) + 1
    return _record(text, rule, edits, passes), out


def _repair_dates(text: str, blocks: list[Line], passes: list[Pass]) -> tuple[str, list[Line]]:
    """`61日` → `6月1日`, where the publish date among the meta lines proves it; before those are dropped."""
    found = dict(repair_dates([line.text for line in blocks], [line.kind for line in blocks]))
    if not found:
        return text, blocks
    propose = lambda number, _: [found[number]] if number in found else []  # noqa: E731
    return _edit_lines(text, blocks, passes, "date_lost_separator", propose)


def _drop(text: str, blocks: list[Line], passes: list[Pass]) -> tuple[str, list[Line]]:
    """One pass a kind deletes its lines, each with a line feed."""
    present = {line.kind for line in blocks if line.kind not in KEPT}
    for kind in (kind for kind in LineKind if kind in present):
        rule = "blank_lines" if kind is LineKind.BLANK else f"drop_{kind.value}"
        text = _record(text, rule, _deletions(blocks, kind), passes)
        blocks = [line for line in blocks if line.kind is not kind]
    return text, blocks


def _deletions(blocks: Sequence[Line], kind: LineKind) -> list[Edit]:
    """Lines go with the line feed behind them; those at the end with the one before."""
    last = max((i for i, line in enumerate(blocks) if line.kind is not kind), default=-1)
    out: list[Edit] = []
    at = 0
    for i, line in enumerate(blocks):
        if line.kind is kind:
            if i < last:
                out.append(Edit(at, line.text + "\n", ""))
            elif last >= 0:
                out.append(Edit(at - 1, "\n" + line.text, ""))
            else:
                out.append(Edit(at, line.text + ("\n" if i < len(blocks) - 1 else ""), ""))
        at += len(line.text) + 1
    return out


def _trim(text: str, blocks: list[Line], passes: list[Pass]) -> tuple[str, list[Line]]:
    """Cut what layout says is no part of a kept line, such as the site's name behind a title."""
    return _edit_lines(
        text, blocks, passes, "trim_line", lambda _, line: page.trim_line(line.kind, line.text)
    )


def _warnings(text: str, passes: Sequence[Pass], dropped: Sequence[Line]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for step in passes:
        counts[step.rule] = counts.get(step.rule, 0) + len(step.edits)
    codes = {code for rule, (code, least) in WARNINGS.items() if counts.get(rule, 0) >= least}
    if any(matches(cue("mojibake_starts"), cue("mojibake"), text)):
        codes.add("mojibake")
    telling = [line.text for line in dropped if line.kind in _TELLING and line.reason != "title_again"]
    codes |= {code for code, pattern in _TOLD if any(map(pattern.search, telling))}
    if any(parse_date(line.text) for line in dropped if line.kind in (LineKind.CAPTION, LineKind.JUNK)):
        codes.add("named_dropped")
    if any(matches(_LOST_STARTS, LOST, text)):
        codes.add("lost_characters")
    return tuple(sorted(codes))
