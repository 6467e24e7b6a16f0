"""Rules that restore the source's lines: hard wraps joined, run-together paragraphs and tails split.

A source paragraph is never split or merged except where the source lost its
line breaks or wrapped hard; each rule here needs evidence of that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from build_tools.cleaning.dates import SALUTATION, fold
from build_tools.cleaning.frame import framed as frame_odds
from build_tools.cleaning.labels import label_pattern, labels
from build_tools.cleaning.oneline import page_head
from build_tools.cleaning.rows import names_person
from build_tools.cleaning.shapes import alone
from build_tools.core.article import Edit, LineKind
from build_tools.core.edits import substitutions
from build_tools.core.text import HAN, HAN_RE, SPACES
from build_tools.core.vocabulary import load

SPACE_CHARACTERS = " \t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
SPACE_RUN = re.compile(f"[{SPACES}][{SPACES}]*")
# A page number inside a sentence or on a line of its own: `第1页 共3页`, ` - 1 - `.
PAGE = re.compile(
    rf"[{SPACES}]*第[ \u3000]?\d{{1,4}}[ \u3000]?页[ \u3000,，/、]{{0,3}}共[ \u3000]?\d{{1,4}}[ \u3000]?页[{SPACES}]*"
    rf"|(?<=[{HAN}，、])[ \u3000]+[-—－][ \u3000]?\d{{1,3}}[ \u3000]?[-—－][ \u3000]+(?=[{HAN}])"
)
NUMBERED = re.compile("第[ \u3000]?\\d{1,4}[ \u3000]?页")
DASHED = tuple(space + dash for space in " \u3000" for dash in "-—－")
STRAY = re.compile(rf"^[{SPACES}]*[?？]{{1,4}}(?=[{SPACES}]*[{HAN}“《◇（(0-9])", re.MULTILINE)
# Discuz mixes rows of short random words with a sign in most of them into copied text: `7 w) s3 t+ b) }# O- J9`.
ANTI_COPY = re.compile(r"^(?:[!-~]{1,3} ){4,40}[!-/:-~]?(?=[^\x00-\x7f]|\d{1,4}[年月日])", re.MULTILINE)
SIGN = re.compile(r"[^A-Za-z0-9 ]")
APART = re.compile("[!-~] [!-~]{1,3} [!-~]{1,3} ")
# …部署。云台新闻网@- ]kz+#:q| — behind the last sentence; a bar left of a menu.
TAIL_SIGN = re.compile(r"[|｜丨#^~`+@*={}\[\]] *$", re.MULTILINE)
ANTI_COPY_TAIL = re.compile(
    rf"(?:(?<=[。！？])|(?<=[。！？]”))(?:[{HAN}]{{0,10}}(?=[!-/:-@\[-`{{-~])(?=[!-~ ]*[{{}}\[\]#$^`~|@+*][!-~ ]*[{{}}\[\]#$^`~|@+*])[!-~ ]{{5,40}}| *[|｜丨]+)[ \u3000]*$",
    re.MULTILINE,
)
_TERMINALS, _CLOSERS = frozenset("。！？!?；;：:…"), "”’）)】》"
TERMINAL = re.compile(r"[。！？!?；;：:…][”’）)】》]*$")
_BULLETS = frozenset("◇◆▲●■★☆※")
_HANGING = frozenset("是的及把将")
# No line ends with one of these, none begins with one of those, but where it was broken.
_OPENING, _CLOSING = frozenset("（《“〈"), frozenset("，、；）》”〉")
# A picture's credit or a pay wall's mark in brackets at the end of a paragraph, wherever its text breaks off.
_BOXED_TAIL = re.compile(
    r"[（(【\[](?:(?:图|照片|图片|视频|资料图)(?:据|为|/|源|来源|由|：|:)|摄影[：:/]|剩余 ?\d|未完|省略 ?\d|本文有删|阅读全文)[^（）()。]{0,36}[）)】\]]$"
)
_STOP = re.compile("[。！？”）】]")
ENDS = re.compile(r"[。！？!?…][”’）)】》]*$")
ORDINAL = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}(?:[、．）)]|[.](?!\d))|第[一二三四五六七八九十]|[◇◆△▲●■※·•]"
)
INNER_MARK = re.compile(r"[，。、；：“《,;]")
# Shorter lines are titles, names and labels, not wrapped text; pages wrap at 30 to 45 characters.
MIN_WRAP, MAX_WRAP = 14, 60
# A body this long on one line lost its line breaks; real paragraphs of 919 characters exist, beside others.
LOST_BREAKS = 400
# A page that is nothing but one such line may be split at spaces behind sentences.
SPACED_BREAKS = 120
_LEADING_BYLINE = re.compile(r"[（(][^（）()，。]{0,8}(?:记者|通讯员)[^（）()，。]{2,30}[)）](?=.{60})")
SPACE = re.compile(" ")
_HEADED = re.compile(rf"[{HAN}][{HAN} ]{{0,8}}[{HAN}]：")
_SAYS = re.compile(rf"[{HAN}·]{{2,8}}(?:指出|强调|要求|表示|认为|说|介绍)，|会[上前后议]")
# A name of two characters set as wide as three.
_PADDED_END = re.compile(f"(?:^|[、，；长记任席员])[{HAN}]$")
_PADDED = re.compile(f"[{HAN}](?:[、，。；（]|$)")
AFTER_MARK = re.compile(r"(?<=[，。、；！？（《“]) +|(?<=[^ \n]) +(?=[，。、；：！？）》”])")


# What may be glued to a paragraph; 主题: and 标题: may be its own words.
_GLUED_KEYS = ("published", "published_made", "published_late", "source", "source_weak", "source_reprint", "authors", "editors",
               "others", "views")  # fmt: skip


_SPACED_FEED = rf"[{SPACES}]*\n[\n{SPACES}]*"
_BROKEN_SIGN = re.compile(r"[\d年月日][ \u3000]*\n")
_BROKEN_DATE = re.compile(
    rf"(?<=\d){_SPACED_FEED}(?=[年月日](?:\d|[{SPACES}\n]|[上下]午|[，,]))"
    rf"|(?:(?<=\d[年月])|(?<=\d\n[年月])){_SPACED_FEED}(?=\d{{1,2}}[{SPACES}\n]*[月日])|(?<=\d日){_SPACED_FEED}(?=[上下]午|[，,]|晚)"
)


class _Line(NamedTuple):
    start: int  # of its first character that is no space
    end: int
    indented: bool
    text: str
    width: int  # in Han characters: two narrow ones make one
    size: int  # in characters

    def measured(self, by_count: bool) -> int:
        return self.size if by_count else self.width


@lru_cache(maxsize=1)  # three rules look at the same text one after the other
def _lines(text: str) -> tuple[_Line, ...]:
    out = []
    at = 0
    for raw in text.split("\n"):
        if not raw:
            out.append(_Line(at, at, False, "", 0, 0))
            at += 1
            continue
        body = raw.strip(SPACE_CHARACTERS)
        lead = len(raw) - len(raw.lstrip(SPACE_CHARACTERS))
        indented = lead > 1 or raw[:1] == "\u3000" or body[:1] in ("?", "？")
        set_in = raw[:lead] if indented else ""  # part of the line's width
        size = width = len(set_in + body)
        if size <= 4 * MAX_WRAP:
            width -= len((set_in + body).encode("latin-1", "ignore")) // 2
        out.append(_Line(at + lead, at + lead + len(body), bool(body) and indented, body, width, size))
        at += len(raw) + 1
    return tuple(out)


@cache
def _labels() -> re.Pattern[str]:
    words = chain.from_iterable(load("labels")[key].split() for key in _GLUED_KEYS)
    return re.compile(f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})[ \u3000]?[:：]")


@cache
def _glued() -> re.Pattern[str]:
    """A label, or a byline in parentheses, reaching to the end of the line; tried right behind a sentence."""
    by = "|".join(map(re.escape, load("lines")["bylines"].split()))
    tails = "|".join(load("lines")["tails"].split())
    return re.compile(
        rf"[{SPACES}]*(?="
        rf"[（(【\[]?{_labels().pattern}[^。！？；\n]{{1,70}}$"
        rf"|[【\[(（]?(?:{tails})[^。！？；\n]{{0,90}}$"
        rf"|[（(【\[][^（()）。，,\n]{{0,14}}(?:{by})[^（()）。；\n]{{0,60}}[)）】\]]$)"
    )


@cache
def _openings() -> re.Pattern[str]:
    words = load("lines")
    return re.compile(f"(?:{'|'.join(words['collectives'].split())})(?:{'|'.join(words['verbs'].split())})")


@cache
def _tails() -> re.Pattern[str]:
    return re.compile(rf"[【\[(（]?(?:{'|'.join(load('lines')['tails'].split())})")


def broken_dates(text: str) -> list[Edit]:
    """A date set over several lines: `2012↵年4月18日↵下午,` → `2012年4月18日下午,`.

    >>> [e.start for e in broken_dates("2012\\n年4月18日\\n下午,召开会议。")]
    [4, 11]
    """
    return substitutions(_BROKEN_DATE, text, "") if _BROKEN_SIGN.search(text) else []


def page_numbers(text: str) -> list[Edit]:
    """`突出重 第1页共 4 页 点` → `突出重点`; on a line of its own it goes with its line feeds inside a sentence.

    >>> page_numbers("突出重 第1页共 4 页 点")
    [Edit(start=3, before=' 第1页共 4 页 ', after='')]
    """
    if NUMBERED.search(text) is None and not any(dash in text for dash in DASHED):
        return []
    out: list[Edit] = []
    done = 0
    for match in PAGE.finditer(text):
        start, end = match.span()
        if start > done and text[start - 1] == "\n" and text[end : end + 1] == "\n":
            start -= 1  # the whole line; `wraps` joins the lines around it if all are wrapped
            before = text[text.rfind("\n", 0, start) + 1 : start]
            if (
                len(before) > MAX_WRAP
                and not TERMINAL.search(before)
                and not text[end + 1 : end + 2].isspace()
            ):
                end += 1  # a paragraph of a text that is not
        out.append(Edit(start, text[start:end], ""))
        done = end
    return out


def wraps(text: str) -> list[Edit]:
    """Line feeds of hard-wrapped text, with the spaces around them.

    A text is hard-wrapped if the lines that break off in a sentence are of one width and hardly any line is longer.
    Where its paragraphs are indented, each goes on to the next indent, whatever its lines say.
    """
    lines = _lines(text)
    if len(lines) < 3:
        return []
    breaking = [_breaks(lines, i) for i in range(len(lines) - 1)]
    edges = (_edge(lines, breaking, by_count) for by_count in (False, True) if any(breaking))
    edge = max(edges, key=lambda e: e.evidence, default=_Edge(0))
    indents = sum(line.indented for line in lines)
    long = [line.indented for line in lines if len(line.text) >= 30]
    # Where every paragraph is indented, a line that is not goes on with a sentence broken off above it.
    marked = sum(long) >= 3 and sum(long) * 2 > len(long)
    framed = edge.evidence >= 2 and indents >= 3
    if not edge.evidence and not marked and not any(map(_hangs, lines)):
        return []
    out = []
    within = False  # an indented paragraph
    begun = False  # running text
    for i, (here, after) in enumerate(pairwise(lines)):
        begun = begun or here.indented or "。" in here.text or "，" in here.text
        opens = here.indented and (
            (marked and _inside(here)) or (framed and here.measured(edge.by_count) >= edge.least)
        )
        within = opens or (within and bool(here.text))
        joins = begun and bool(here.text and after.text)
        joins = joins and _joins(edge, here, after, within, framed, breaking[i], indents >= 2)
        if joins:
            out.append(Edit(here.end, text[here.end : after.start], ""))
        within = within and joins
    return out


def _joins(
    edge: _Edge, here: _Line, after: _Line, within: bool, framed: bool, breaks: bool, indents: bool
) -> bool:
    """Whether a line of running text goes on with the next one."""
    width = here.measured(edge.by_count)
    if after.indented or _is_listed(here, after) or _is_frame(here, edge) or _is_frame(after, edge):
        return False
    if here.text[-1] in _OPENING or after.text[0] in _CLOSING:
        return len(here.text) >= MIN_WRAP or within
    if framed and within:
        ends = here.text.rstrip(_CLOSERS)[-1:] in _TERMINALS
        least = edge.full - 2 if ends else _least(edge, here, after)
        return width >= least and not _fields_lead(after.text) and not _tails().match(after.text)
    if breaks:
        return (
            (within and here.text[-1] not in "）)】")
            or (edge.evidence > 0 and width >= _least(edge, here, after))
            or (_hangs(here) and HAN_RE.match(after.text) is not None)
        )
    # A full line that ends with its sentence: a paragraph ends there once in thirty times.
    full = edge.evidence > 0 and edge.full - indents <= width <= edge.full + 2
    if not full or not _continues(after) or _openings().match(after.text) or _SAYS.match(after.text):
        return False
    told = alone(after.text)
    runs = after.text.rstrip(_CLOSERS)[-1:] in _TERMINALS or after.measured(edge.by_count) >= edge.least
    return runs and (told is None or told.kind is LineKind.PARAGRAPH)


def _is_frame(line: _Line, edge: _Edge) -> bool:
    """Whether a line that is neither full nor ends a sentence is worded like the page's frame."""
    whole = line.measured(edge.by_count) >= edge.least or line.text.rstrip(_CLOSERS)[-1:] in _TERMINALS
    return edge.full > 24 and not whole and frame_odds(line.text) > 1


def _is_listed(here: _Line, after: _Line) -> bool:
    """Whether a line is one of a list, the next one the head of another: 成 功 副市长, 列 席：宁 静."""
    return _HEADED.match(after.text) is not None and not any(mark in here.text for mark in "，。")


def _hangs(line: _Line) -> bool:
    """Whether a line of running text stops at a word that nothing may stop at: …主要任务是, …更加扎实的."""
    return line.text[-1:] in _HANGING and line.width >= MIN_WRAP and _inside(line)


def _least(edge: _Edge, here: _Line, after: _Line) -> int:
    """The width from which a line counts as broken: glosses stripped from it may have made it shorter."""
    if here.text[-1] in "，、,（《“":
        return MIN_WRAP
    running = "。" in here.text or "，" in here.text
    if (
        running
        and (len(after.text) >= 8 or "。" in after.text)
        and not re.match(rf"[{HAN}]{{2,8}}：", after.text)
    ):
        return min(edge.least, edge.full * 3 // 4) if edge.full <= MAX_WRAP else edge.least
    return edge.least


class _Edge(NamedTuple):
    """Where the lines of a hard-wrapped text end; no evidence, no such text."""

    evidence: int  # how many lines break off there
    by_count: bool = False
    full: int = 0  # the width of a full line
    least: int = 0  # of a line that counts as broken


def _edge(lines: Sequence[_Line], breaking: Sequence[bool], by_count: bool) -> _Edge:
    broken = [line for line, breaks in zip(lines, breaking, strict=False) if breaks]
    widths = Counter(line.measured(by_count) for line in broken)
    full = max(widths, key=lambda w: (sum(widths[w + d] for d in range(-3, 1)), w), default=0)
    count = sum(widths[full + d] for d in range(-3, 1))
    # A longer line speaks against it, one that is a paragraph by itself less so: short ones may stand unwrapped.
    longer = [
        line.text.rstrip(_CLOSERS)[-1:] in _TERMINALS for line in lines if line.measured(by_count) > full + 2
    ]
    against = 5 * len(longer) - 3 * sum(longer)
    if count >= 2 and against <= count and MIN_WRAP <= full <= MAX_WRAP:
        return _Edge(count, by_count, full, full - 3)
    longest = max(line.measured(by_count) for line in lines)
    if 20 <= longest <= 45 and sum(line.width for line in lines) >= 150:
        least = longest * 3 // 4  # a text of short lines only, broken unevenly
        count = sum(_inside(line) and line.measured(by_count) >= least for line in broken)
        if count >= 2:
            return _Edge(1, by_count, MAX_WRAP * 2, least)
    return _Edge(0)


def _breaks(lines: Sequence[_Line], i: int) -> bool:
    """Whether line i stops in the middle of a sentence that line i + 1 goes on with."""
    here, after = lines[i], lines[i + 1]
    return (
        here.width >= MIN_WRAP
        and here.text.rstrip(_CLOSERS)[-1:] not in _TERMINALS
        and bool(_inside(here) or (i and lines[i - 1].width >= here.width - 2))
        and not (
            ORDINAL.match(here.text)
            and "。" not in here.text
            and "，" not in here.text[8:]
            and not here.indented
        )
        and not (labels(fold(here.text[:80])) and "，" not in here.text)
        and not names_person(fold(here.text))
        and _continues(after)
    )


def _inside(line: _Line) -> bool:
    """Whether it holds a mark, as running text does and names and most titles do not."""
    return bool(INNER_MARK.search(line.text))


def _continues(line: _Line) -> bool:
    return (
        bool(line.text)
        and not line.indented
        and not ORDINAL.match(line.text)
        and not _labels().match(line.text)
        and not _tails().match(line.text)
    )


def lost_breaks(text: str) -> list[Edit]:
    """Line feeds for a page that stands on one line, and between 会议指出 … 会议强调 … set apart by spaces only.

    >>> [e.start for e in lost_breaks("会议指出，要快。 会议强调，要稳。 会议要求，要实。")]
    [8, 17]
    """
    lines = _lines(text)
    whole = sum(len(line.text) >= 60 for line in lines) <= 2
    alone = sum(bool(line.text) for line in lines) <= 3
    out: list[Edit] = []
    above = True  # no sentence yet
    for line in lines:
        if len(line.text) < 24:
            continue
        glued = (
            page_head(line.text)
            if above and (alone or len(line.text) <= 200 or _fields_lead(line.text))
            else []
        )
        above = above and "。" not in line.text
        glued = [at for at in glued if not _in_brackets(line.text[:at])]  # (记者 甲 乙)
        out.extend(_break_at(line, at) for at in glued)
        if alone and not glued and (byline := _LEADING_BYLINE.match(line.text)) is not None:
            glued = [byline.end()]
            out.append(_break_at(line, byline.end()))
        if len(line.text) >= (SPACED_BREAKS if alone else LOST_BREAKS) and whole:
            end = line.start + (glued[-1] if glued else 0)
            out.extend(edit for edit in _split_page(line) if edit.start >= end)
        elif " " in line.text:
            spaced = [at for at in _openings_in(line) if line.text[at - 1] == " "]
            out.extend(_break_at(line, at) for at in spaced if len(spaced) >= 2)
    return out


def _in_brackets(before: str) -> bool:
    return len(re.findall("[(（]", before)) > len(re.findall("[)）]", before))


def _fields_lead(text: str) -> bool:
    """Whether a line begins with a field: `来源:某报 编辑:甲 某报讯 11月9日,…`."""
    return label_pattern().match(fold(text[:40])) is not None


def _break_at(line: _Line, at: int) -> Edit:
    """A line feed at an offset of a line, in place of the space before it."""
    if line.text[at - 1] == " ":
        return Edit(line.start + at - 1, " ", "\n")
    return Edit(line.start + at, "", "\n")


def _openings_in(line: _Line) -> list[int]:
    """Where 会议指出 and the like stand behind a sentence, at a blank or none."""
    found = (match.start() for match in _openings().finditer(line.text))
    return [at for at in found if ENDS.search(line.text[max(0, at - 5) : at].removesuffix(" "))]


def _split_page(line: _Line) -> list[Edit]:
    """A page on one line: at spaces behind a sentence, around the meta line and the tail; else at 。会议强调."""
    words = line.text.split(" ")
    out: list[Edit] = []
    at = line.start
    opened = 0  # brackets: （记者 甲 乙）
    for i, word in enumerate(words):
        if i and word and opened <= 0 and _begins(words, i):
            out.append(Edit(at - 1, " ", "\n"))
        at += len(word) + 1
        opened += word.count("（") - word.count("）")
    if len(line.text) < LOST_BREAKS or sum(len(word) >= 60 for word in words) > 1:
        return out
    glued = (at for at in _openings_in(line) if line.text[at - 1] != " ")
    return sorted((*out, *(_break_at(line, at) for at in glued)), key=lambda edit: edit.start)


def _begins(words: list[str], i: int) -> bool:
    """Whether word i of a page on one line begins a line."""
    word, before = words[i], words[i - 1]
    if word[0] in _BULLETS or (
        len(before) <= 20 and (before[:1] in _BULLETS or words[max(0, i - 2)] in _BULLETS)
    ):
        return before not in _BULLETS  # …载畜量。 ◇ 关于污水治理 副州长…
    if f"{before[-1:]}{word[0]}".isascii() and before[-1:].isalnum():
        return False  # Sebastian Okonkwo
    if _PADDED_END.search(before) and _PADDED.match(word):
        return False  # 副市长沈 默、安 康，…
    if before[-1:] in "，、,":
        return False  # 加强领导和调度, 抓到村
    if any(SALUTATION.match(fold(one)) and one[-1] in ":：" for one in (before, word) if len(one) <= 40):
        return True  # …的讲话 同志们： 这次会议…
    if ENDS.search(before) or _tails().match(word) or len(word) >= 40 or len(before) >= 40:
        return True
    if _labels().match(word):
        return not any(_labels().match(w) for w in words[max(0, i - 2) : i])
    crumbs = any(sign in before for sign in ">›»") or (i > 1 and words[i - 2] in (">", "›", "»", ">>"))
    return crumbs and before not in (">", "›", "»", ">>") and not re.match(r"[>›»]", word)


def glued_meta(text: str) -> list[Edit]:
    """A line feed before a label or byline glued to the end of a paragraph: `…列席会议。作者:甲`.

    >>> glued_meta("驻部纪检监察组负责同志列席会议。作者：杜宣逸")
    [Edit(start=16, before='', after='\\n')]
    """
    out = []
    for line in _lines(text):
        if len(line.text) < 20:
            continue
        tail = max(0, len(line.text) - 100)
        stops = _STOP.finditer(line.text, max(0, tail - 1), len(line.text) - 1)
        match = next(filter(None, (_glued().match(line.text, stop.end()) for stop in stops)), None)
        match = match or (_BOXED_TAIL.search(line.text, tail) if line.text[-1] in "）)】]" else None)
        if match and match.start() >= 8:
            out.append(
                Edit(line.start + match.start(), match.group() if match.group().isspace() else "", "\n")
            )
    return out


def anti_copy(text: str) -> list[Edit]:
    """The row of signs that a forum puts before a copied line."""
    out: list[Edit] = []
    if APART.search(text):
        kept = lambda match: "" if len(SIGN.findall(match[0])) >= 3 else match[0]  # noqa: E731
        out = substitutions(ANTI_COPY, text, kept)
    return out or (substitutions(ANTI_COPY_TAIL, text, "") if TAIL_SIGN.search(text) else [])


def stray_questions(text: str) -> list[Edit]:
    """`?同志们:` → `同志们:`, with the spaces before it."""
    return substitutions(STRAY, text, "") if "?" in text or "？" in text else []


def outer_spaces(text: str) -> list[Edit]:
    """Indents and trailing spaces: the page sets its own, and Markdown loses them."""
    out = []
    for match in SPACE_RUN.finditer(text):
        if (
            match.start() == 0
            or match.end() == len(text)
            or text[match.start() - 1] == "\n"
            or text[match.end()] == "\n"
        ):
            out.append(Edit(match.start(), match.group(), ""))
    return out


def mark_spaces(text: str) -> list[Edit]:
    """Spaces beside a full-width mark, which has its own; those behind a colon part fields and stay."""
    return substitutions(AFTER_MARK, text, "", SPACE)
