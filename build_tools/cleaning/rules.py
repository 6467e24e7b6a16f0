"""The cleaning rules in their order: what each is called, why it is there, what it proposes.

CHARACTER_RULES see the text as decoded, LINE_RULES what those gave. The record
of a rule that changed something is its id, so an id never changes its meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from html import unescape

from build_tools.cleaning import line_rules, pinyin, punctuation, script
from build_tools.core.article import Edit, Rule
from build_tools.core.edits import substitutions
from build_tools.core.text import HAN, SPACES
from build_tools.core.vocabulary import load

LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
OTHER_END = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
# Byte order marks, zero-width and bidirectional signs, soft hyphens, tags, interlinear and other controls.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
INVISIBLES = re.compile(f"{INVISIBLE.pattern}{INVISIBLE.pattern}*")
ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,24});|&nbsp(?![A-Za-z0-9=])"
)
# Kangxi and supplement radicals and compatibility ideographs come out of PDFs in place of the Han they look like.
MAX_SCRIPT = 20_000
RADICAL = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
# p { line-height: 115%; margin-bottom: 0.1in } — style sheets of a page saved as text.
STYLES = re.compile(
    r"(?:@?[A-Za-z.#][\w.#:,>@ -]{0,80}\{\s?(?:[\w-]{2,40}\s?:[^{};]{1,120};?\s?){1,40}\}\s?)+"
)
# The mark between the parts of a name, in the shapes that keyboards and fonts have.
DOTS = re.compile("[•‧・∙⋅･․]")
MIDDLE_DOT = re.compile(rf"(?<=[{HAN}])[•‧・∙⋅･․](?=[{HAN}])")
SPACING = re.compile(f"[{SPACES}][{SPACES}]*")
APART = re.compile(f" [{HAN}]" * 7)
HARD_SET = re.compile(rf"(?<![{HAN}])[{HAN}](?: [{HAN}](?![{HAN}])){{7,}}")


@cache
def _tag() -> re.Pattern[str]:
    """A tag of a known element, whole, or cut off at the end of its line; a bullet before a ruby tag goes too."""
    names = "|".join(sorted(map(re.escape, load("html")["elements"].split()), key=len, reverse=True))
    return re.compile(
        rf"(?:• ?(?=</?r[pt]\b))?<(?=[A-Za-z/])(?:/?(?:{names})(?:\s[^<>\n]{{0,2000}}|/)?>|(?:{names})\s+[\w-]{{1,20}}=[^<>\n]{{0,200}}(?:…|$))"
        r"|<!--[^<>]{0,2000}-->|<!DOCTYPE[^<>]{0,200}>",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _rare() -> re.Pattern[str]:
    classes = (*(pattern.pattern[1:-1] for pattern in (OTHER_END, INVISIBLE, RADICAL)), script.traditional())
    return re.compile(f"[{''.join(classes)}]")


@lru_cache(maxsize=1)  # four rules look at the same text, two of them one after the other
def ordinary(text: str) -> bool:
    """Whether a text has none of the rare characters that four rules are about: one pass for all."""
    return _rare().search(text) is None


def line_ends(text: str) -> list[Edit]:
    return [] if ordinary(text) or not OTHER_END.search(text) else substitutions(LINE_END, text, "\n")


def invisible(text: str) -> list[Edit]:
    if ordinary(text):
        return []
    return substitutions(INVISIBLES, text, "")


def html_residue(text: str) -> list[Edit]:
    """Tags of known elements; what stands between them stays, but for scripts and styles.

    >>> [e.before for e in html_residue('治理<span id="k3zpq"></span>。a<b, <中心>')]
    ['<span id="k3zpq">', '</span>']
    """
    out: list[Edit] = substitutions(STYLES, text, "") if "{" in text else []
    if "<" not in text or out:
        return out
    at = close = 0
    for match in _tag().finditer(text):
        if match.start() < at:
            continue
        at = match.end()
        if match.group()[:7].lower() in ("<script", "<style>", "<style "):
            name = match.group()[1:7].strip(" >").lower()
            if close < at:  # looked for once, however many open
                found = re.compile(f"</{name}[^<>]{{0,20}}>", re.IGNORECASE).search(text, at)
                close = found.end() if found else len(text) + MAX_SCRIPT
            if close - at < MAX_SCRIPT:
                at = close
        out.append(Edit(match.start(), text[match.start() : at], ""))
    return out


def entities(text: str) -> list[Edit]:
    return substitutions(ENTITY, text, lambda match: unescape(match.group())) if "&" in text else []


def radicals(text: str) -> list[Edit]:
    """
    >>> radicals("⽣态")
    [Edit(start=0, before='⽣', after='生')]
    """
    if ordinary(text):
        return []
    supplement = dict(load("script")["radicals"].split())
    return substitutions(
        RADICAL,
        text,
        lambda match: supplement.get(match.group()) or unicodedata.normalize("NFKC", match.group()),
    )


def middle_dots(text: str) -> list[Edit]:
    """
    >>> middle_dots("阿不都•买买提")
    [Edit(start=3, before='•', after='·')]
    """
    return substitutions(MIDDLE_DOT, text, "·") if DOTS.search(text) else []


def spaces(text: str) -> list[Edit]:
    """Runs of spaces and exotic spaces inside a line → one space; outer ones are evidence for the line rules.

    >>> spaces("来源:甲　　编辑:乙")
    [Edit(start=4, before='　　', after=' ')]
    """
    out = []
    for match in SPACING.finditer(text):
        start, end = match.span()
        if (
            match.group() != " "
            and start
            and end < len(text)
            and text[start - 1] != "\n"
            and text[end] != "\n"
        ):
            out.append(Edit(start, match.group(), " "))
    return out


def hard_set(text: str) -> list[Edit]:
    """`会 议 指 出 要 抓 好 落 实`: eight or more single Han set apart; names have two or three characters."""
    out: list[Edit] = []
    if APART.search(text) is None:
        return out
    for match in HARD_SET.finditer(text):
        out.extend(Edit(match.start() + i, " ", "") for i, char in enumerate(match.group()) if char == " ")
    return out


def simplified(text: str) -> list[Edit]:
    return [] if ordinary(text) else script.simplify(text)


CHARACTER_RULES: tuple[Rule, ...] = (
    Rule("line_ends", "one line feed for every kind of line end", line_ends),
    Rule("html_residue", "tags of known HTML elements in a plain text", html_residue),
    Rule("html_entities", "character references left undecoded", entities),
    Rule("invisible", "control, zero-width and bidirectional characters", invisible),
    Rule("radical_han", "radicals and compatibility forms in place of Han", radicals),
    Rule("middle_dot", "one mark between the parts of a name", middle_dots),
    Rule("pinyin_gloss", "pinyin glued behind a Han character against copying", pinyin.glosses),
    Rule("script", "Traditional to Simplified (OpenCC t2s)", simplified),
    Rule("spaces", "runs of spaces inside a line", spaces),
    Rule("hard_set", "spaces between single Han characters", hard_set),
    Rule(
        "punctuation_width",
        "ASCII punctuation in Chinese text to full width (GB/T 15834)",
        punctuation.widths,
    ),
    Rule("doubled_punctuation", "marks doubled by a mirror", punctuation.doubled),
    Rule("page_number", "page numbers inside the text", line_rules.page_numbers),
)
LINE_RULES: tuple[Rule, ...] = (
    Rule("broken_date", "a date set over several lines", line_rules.broken_dates),
    Rule("wrap_join", "lines wrapped hard in the middle of a sentence", line_rules.wraps),
    Rule("stray_question", "a question mark left of a lost indent", line_rules.stray_questions),
    Rule("anti_copy", "signs that a forum mixes into copied text", line_rules.anti_copy),
    Rule("outer_spaces", "indents and trailing spaces", line_rules.outer_spaces),
    Rule("split_one_line", "paragraphs whose line breaks the source lost", line_rules.lost_breaks),
    Rule("split_meta_glued", "a label or byline glued to the end of a paragraph", line_rules.glued_meta),
    Rule("mark_spaces", "spaces beside full-width marks", line_rules.mark_spaces),
)
