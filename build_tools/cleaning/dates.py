"""Dates: every format that scraped pages write, and when a page was published.

Dates are EDTF strings at the precision known (`2022`, `2022-02`, `2022-02-23`, `XXXX-02-23`).
Nothing is guessed: a date that nothing supports is None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from build_tools.core.article import Evidence, Fact
from build_tools.core.text import HAN, matches, number_of
from build_tools.core.vocabulary import load


class Span(NamedTuple):
    """A date that stands at text[start:end], as an EDTF string."""

    start: int
    end: int
    edtf: str


_FOLD = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)} | dict.fromkeys(
    "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_FOLDED = re.compile(f"[{''.join(_FOLD)}]")


@lru_cache(maxsize=512)  # each line is looked at several times in a row
def fold(text: str) -> str:
    """Full-width ASCII to ASCII, every blank to a space, so that patterns need one form; offsets stay.

    >>> fold("来源\uff1a某报\u3000\uff08记者\uff09")
    '来源:某报 (记者)'
    """
    for char in set(_FOLDED.findall(text)):  # few kinds stand in a line: a quarter of the time of translate()
        text = text.replace(char, _FOLD[char])
    return text


BLANKS = r" {0,3}"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
# `2025-03-1817` is the day 18 with a view count glued on: the day takes at most two digits.
_DATE = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d\d){BLANKS}(?:年|[-./—]){BLANKS}(?P<m>{_MONTH}){BLANKS}(?:月|[-./—]){BLANKS}(?P<d>{_DAY})(?:{BLANKS}日)?"
    rf"|(?<!\d)(?P<d2>{_DAY})[./-](?P<m2>{_MONTH})[./-](?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<y3>(?:19|20)\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>3[01]|[12]\d|0[1-9])(?!\d)"
    rf"|(?<!\d)(?P<y4>(?:19|20)\d\d){BLANKS}年{BLANKS}(?P<m4>{_MONTH}){BLANKS}月(?!{BLANKS}\d)"
    rf"|(?<![\d年]){BLANKS}(?P<m5>{_MONTH})月{BLANKS}(?P<d5>{_DAY})日"
    r"|(?P<y6>[一二][〇○零O0一二三四五六七八九]{3}|(?<!\d)(?:19|20)\d\d)年(?P<m6>[一二三四五六七八九十]{1,2}|(?<![\d年]{5})\d{1,2})月"
    r"(?:(?P<d6>[一二三四五六七八九十]{1,3}|\d{1,2})日)?"
)
_DATE_STARTS = re.compile(r"[ \d一二](?=[ \d年月./—〇○零O一二三四五六七八九-])")
_DATED = re.compile(r"\d{4}|\d ?月|[一二][〇○零O一二三四五六七八九]{3}年")
_BARE_MONTH_DAY = re.compile(
    r"(?<![\d./-])(?<!\d:)(?P<m>0[1-9]|1[0-2])[-/](?P<d>3[01]|[12]\d|0[1-9])(?![\d.:/-])"
)


def edtf_of(year: int | None, month: int, day: int | None) -> str | None:
    """An EDTF string, or None when the calendar has no such day (29 February needs a leap year)."""
    try:
        date(year or 2000, month, 1 if day is None else day)
    except ValueError:
        return None
    head = "XXXX" if year is None else f"{year:04d}"
    return f"{head}-{month:02d}" + ("" if day is None else f"-{day:02d}")


def parse_date(text: str) -> list[Span]:
    """Every date written out in `text`, in order, with offsets.

    >>> [s.edtf for s in parse_date("2025-03-1817 来源:某报 28.01.2016  15:01 二〇二三年六月一日 2月23日 二〇二四年3月5日 2024年三月五日")]
    ['2025-03-18', '2016-01-28', '2023-06-01', 'XXXX-02-23', '2024-03-05', '2024-03-05']
    """
    return list(_dates(text))


@lru_cache(maxsize=64)  # a line is asked some five times while it is laid out
def _dates(text: str) -> tuple[Span, ...]:
    out: list[Span] = []
    if not _DATED.search(text):
        return ()
    for match in matches(_DATE_STARTS, _DATE, fold(text)):
        group = match.groupdict()
        if group["y6"]:
            day6 = group["d6"]
            edtf = edtf_of(number_of(group["y6"]), number_of(group["m6"]), number_of(day6) if day6 else None)
        else:
            year = next((group[k] for k in ("y", "y2", "y3", "y4") if group[k]), None)
            month = next(group[k] for k in ("m", "m2", "m3", "m4", "m5") if group[k])
            day = next((group[k] for k in ("d", "d2", "d3", "d5") if group[k]), None)
            edtf = edtf_of(int(year) if year else None, int(month), int(day) if day else None)
        if edtf is not None:
            lead = len(match[0]) - len(match[0].lstrip())
            out.append(Span(match.start() + lead, match.end(), edtf))
    return tuple(out)


# Addresses of the two platforms of government sites, and of most papers: /202403/t20240305_123.html, /2024-03/05/.
_ADDRESS = re.compile(
    r"/t?(?P<y>20\d\d)[-/_]?(?P<m>0[1-9]|1[0-2])[-/_]?(?P<d>0[1-9]|[12]\d|3[01])(?=[-/_.]|$)"
)


def address_date(url: str) -> Span | None:
    """The day in a page's address, at which such sites publish it.

    >>> address_date("https://gov.example/202403/t20240305_881.html").edtf, address_date("https://gov.example/2024/")
    ('2024-03-05', None)
    """
    match = _ADDRESS.search(url)
    edtf = edtf_of(int(match["y"]), int(match["m"]), int(match["d"])) if match else None
    return Span(match.start(), match.end(), edtf) if match and edtf else None


# --- publish date ------------------------------------------------------------


@cache
def _publish_labels() -> tuple[tuple[re.Pattern[str], int], ...]:
    labels = load("labels")

    def tail(words: str) -> re.Pattern[str]:
        spaced = (
            " {0,6}".join(map(re.escape, word)) for word in sorted(words.split(), key=len, reverse=True)
        )
        return re.compile(rf"(?:{'|'.join(spaced)}) *+:?[ \[【(]*$")

    return (
        (tail(labels["crawled"]), 9),
        (tail(labels["published_late"]), 2),
        (tail(labels["published_made"]), 1),
        (tail(labels["published"]), 0),
    )


_VENUE = re.compile("地 {0,3}点 ?:")  # 时间：8月18日 地点：海口: of the meeting


def published_of(lines: Sequence[str]) -> Fact[str] | None:
    """The publish date that the meta lines tell: a labelled one, else a bare one, else one of an update.

    A label of crawling, printing or meeting never dates an article, nor a time that a place follows. A line with only `05-20` gives `XXXX-05-20`.

    >>> published_of(["来源: 某报  发布日期:05-20", "更新时间:2023/4/13"]).value
    '2023-04-13'
    """
    best: tuple[int, int, Span, str] | None = None
    for index, line in enumerate(lines):
        if len(line) > 400:
            continue
        folded = fold(line)
        spans = parse_date(folded)
        if not spans:
            spans = [
                Span(m.start(), m.end(), f"XXXX-{m['m']}-{m['d']}")
                for m in _BARE_MONTH_DAY.finditer(folded)
                if edtf_of(None, int(m["m"]), int(m["d"]))
            ]
        for span in spans:
            before = folded[max(0, span.start - 16) : span.start]
            rank = next((rank for pattern, rank in _publish_labels() if pattern.search(before)), 1)
            if rank == 9 or _VENUE.search(folded, span.end):
                continue
            if span.edtf.startswith("X") or len(span.edtf) < 10:
                rank += 4
            if best is None or (rank, index) < best[:2]:
                best = (rank, index, span, line)
    if best is None:
        return None
    _, _, span, line = best
    return Fact(span.edtf, Evidence("date_published", "meta", line[span.start : span.end], span.start))


# --- the day of the event ----------------------------------------------------

_SPEECH_TITLE = re.compile(
    r"(?:(?:^|[的上中时])(?:动员|总结|重要|主持|表态|开幕|闭幕|工作)?(?:讲话|致辞|致词|发言|演讲|报告)"
    r"|主持词|讲话稿|发言稿|演讲稿|开幕词|闭幕词|述职报告)(?:提纲|摘要|全文|范文|节选|[(][^)]*[)])*$"
)
_ADDRESSED = rf"(?:[{HAN}×XxＸ*]{{1,3}}(?:书记|[省市县区厅局部州镇乡]长|主任|主席|组长)[、, ]){{1,4}}(?=(?:各位|同志)[^。;]*[:!,]$)"
# The words that a salutation begins with: the one list of them.
SALUTED = "(?:尊敬的|敬爱的|亲爱的|各位|老?同志们|朋友们|女士们|先生们|同学们|老师们|代表们|大家(?:上午|下午|早上|晚上)?好)"
# A line that is nothing else, and one that a text begins with.
SALUTATION = re.compile(rf"^[“\"]?(?:{_ADDRESSED})?{SALUTED}[^。;]{{0,40}}[:!,]?$")
SALUTES = re.compile(rf"(?m)^\s*{SALUTED}[^。；;\s]{{0,24}}?[：:!！，,]")


NEAR = 10  # days at most from a meeting or a dateline to the page that tells of it


def day_of(edtf: str | None) -> date | None:
    """The day of a full EDTF date; None without a year, a month or a day."""
    try:
        return date.fromisoformat(edtf) if edtf else None
    except ValueError:
        return None


def resolve(month: int, day: int, published: date | None) -> str | None:
    """Month and day with the year that the publish date gives: the last such day, up to a week ahead.

    >>> resolve(12, 30, date(2024, 1, 2)), resolve(2, 23, None)
    ('2023-12-30', 'XXXX-02-23')
    """
    if published is None:
        return edtf_of(None, month, day)
    for year in (published.year + 1, published.year, published.year - 1):
        edtf = edtf_of(year, month, day)
        if edtf is not None and date.fromisoformat(edtf) <= published + timedelta(days=7):
            return edtf if year <= published.year or published.month == 12 else None
    return None


def dateline_day(text: str) -> Span | None:
    """The day in a dateline (新华社北京1月5日电, 记者甲1月11日北京报道): the report's day, not the event's.

    >>> dateline_day("新华社北京1月5日电(记者 甲)全国会议5日在京召开。").edtf
    'XXXX-01-05'
    """
    head = fold(text[:80])
    match = re.search(
        rf"(?:(?P<y>(?:19|20)\d\d)年)?(?P<m>{_MONTH})月(?P<d>{_DAY})日(?:[\u4e00-\u9fff]{{0,6}}报道|{BLANKS}[电讯](?!视|话|话会))",
        head,
    )
    if match is None:
        return None
    edtf = edtf_of(int(match["y"]) if match["y"] else None, int(match["m"]), int(match["d"]))
    return (
        Span(match.start("y") if match["y"] else match.start("m"), match.end("d") + 1, edtf) if edtf else None
    )


def is_speech(title: str | None, paragraphs: Sequence[str]) -> bool:
    """Whether the page gives a speech in its own words: its title says so or it begins with a salutation."""
    if title and _SPEECH_TITLE.search(fold(title).strip()):
        return True
    return any(len(text) <= 60 and SALUTATION.match(fold(text).strip()) for text in paragraphs[:3])
