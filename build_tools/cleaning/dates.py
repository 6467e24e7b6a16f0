"""Dates: every format that scraped pages write, when a page was published, when a meeting was held.

Dates are EDTF strings at the precision known (`2022`, `2022-02`, `2022-02-23`, `XXXX-02-23`).
Nothing is guessed: a date that nothing supports is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from build_tools.core.article import Block, DateRange, Evidence, Fact
from build_tools.core.text import HAN, matches
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


_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0}
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
    r"|(?P<y6>[一二][〇○零O一二三四五六七八九]{3})年(?P<m6>[一二三四五六七八九十]{1,2})月(?:(?P<d6>[一二三四五六七八九十]{1,3})日)?"
)
_DATE_STARTS = re.compile(r"[ \d一二](?=[ \d年月./—〇○零O一二三四五六七八九-])")
_DATED = re.compile(r"\d{4}|\d ?月|[一二][〇○零O一二三四五六七八九]{3}年")
_BARE_MONTH_DAY = re.compile(
    r"(?<![\d./-])(?<!\d:)(?P<m>0[1-9]|1[0-2])[-/](?P<d>3[01]|[12]\d|0[1-9])(?![\d.:/-])"
)


def _number(text: str) -> int:
    """Chinese numeral below 100: 二十三 → 23, 〇 digits by place: 二〇二三 → 2023."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _HAN_DIGITS.get(tens, 1) * 10 + _HAN_DIGITS.get(ones, 0)
    return int("".join(str(_HAN_DIGITS[c]) for c in text))


def _edtf(year: int | None, month: int, day: int | None) -> str | None:
    """An EDTF string, or None when the calendar has no such day (29 February needs a leap year)."""
    try:
        date(year or 2000, month, day or 1)
    except ValueError:
        return None
    head = "XXXX" if year is None else f"{year:04d}"
    return f"{head}-{month:02d}" + ("" if day is None else f"-{day:02d}")


def parse_date(text: str) -> list[Span]:
    """Every date written out in `text`, in order, with offsets.

    >>> [s.edtf for s in parse_date("2025-03-1817 来源:某报 28.01.2016  15:01 二〇二三年六月一日 2月23日")]
    ['2025-03-18', '2016-01-28', '2023-06-01', 'XXXX-02-23']
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
            edtf = _edtf(_number(group["y6"]), _number(group["m6"]), _number(day6) if day6 else None)
        else:
            year = next((group[k] for k in ("y", "y2", "y3", "y4") if group[k]), None)
            month = next(group[k] for k in ("m", "m2", "m3", "m4", "m5") if group[k])
            day = next((group[k] for k in ("d", "d2", "d3", "d5") if group[k]), None)
            edtf = _edtf(int(year) if year else None, int(month), int(day) if day else None)
        if edtf is not None:
            lead = len(match[0]) - len(match[0].lstrip())
            out.append(Span(match.start() + lead, match.end(), edtf))
    return tuple(out)


# --- publish date ------------------------------------------------------------


@cache
def _publish_labels() -> tuple[tuple[re.Pattern[str], int], ...]:
    labels = load("meta")

    def tail(words: Sequence[str]) -> re.Pattern[str]:
        spaced = (" {0,6}".join(map(re.escape, word)) for word in sorted(words, key=len, reverse=True))
        return re.compile(rf"(?:{'|'.join(spaced)}) *:?[ \[【(]*$")

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
                if _edtf(None, int(m["m"]), int(m["d"]))
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

_TO = r"(?:至|到|—{1,2}|–|-{1,2}|~|~|、|和|及)"
_EVENT = re.compile(
    # 昨天, 今日(9月6日), 昨(5)日, 本周三
    r"(?P<rel>昨天|昨日|昨晚|昨晨|今天|今日|今晨|今晚|前天|前日|(?:本周|上周|周)[一二三四五六日天](?![至到、])|[昨今前](?=[(]\d{1,2}日?[)]))"
    r"(?:[(](?:(?P<rm>\d{1,2})月)?(?P<rd>\d{1,2})日?[)])?"
    # 2022年12月30日至2023年1月2日, 1月23日至24日, 1月23-24日
    rf"|(?<![\d.])(?:(?P<y>(?:19|20)\d\d){BLANKS}年{BLANKS})?(?P<m>\d{{1,2}}){BLANKS}月{BLANKS}(?P<d>\d{{1,2}}){BLANKS}(?:日|(?={_TO}{BLANKS}\d{{1,2}}{BLANKS}日))"
    rf"(?:{BLANKS}(?:上午|下午|晚)?{_TO}{BLANKS}(?:(?P<y2>(?:19|20)\d\d)年)?(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}}){BLANKS}日)?"
    # 3日上午, 11日至12日: only where a clause starts
    rf"|(?:(?<![^,。;)讯电 ])于?|(?<![\d月年第每续近前后.])(?=\d{{1,2}}日(?:至\d{{1,2}}日)?[在上下晚举召闭开主]))"
    rf"(?P<od>\d{{1,2}})(?:日|(?={_TO}\d{{1,2}}日))(?:{_TO}(?P<od2>\d{{1,2}})日)?"
    r"(?=上午|下午|中午|晚|凌晨|清晨|[,在至召举由我省市县区全])"
)
# What stands right behind or before a date that is not the event's.
_NOT_AFTER = re.compile(
    r"以来|[以之]?前|[以之]?后|起(?!草)|至今|印发|发布|出台|施行|实施|生效|截止|通过的|的(?!全)|期间|报道|[日]?[电讯](?!视|话)"
)
_NOT_BEFORE = re.compile(r"(?:截至|截止|截止到|自|从|直到|至|到|早在|每年|每月|今后|《[^》]{0,40})$")
_VAGUE = re.compile(r"近日|日前(?<!\d日前)|近期|不久前|最近|连日来|近段时间|这几天")
_HELD = re.compile(
    r"召开|举行|举办|主持|会议|大会|座谈|出席|参加|开幕|闭幕|部署|调研|督导|研究|听取|传达|学习|赴|率|检查|约谈|讲话|会"
)
# 研讨会将持续至13日, 会议为期两天.
_LASTS = re.compile(
    r"(?:会|坛|期|活动|将)[^，。；,]{0,6}?(?:持续|延续|进行|开)(?:至|到)(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日|(?:会|坛|活动)[^，。；,]{0,4}(?:为期|会期)(?P<days>[两二三四五2-5])天|会期(?:为)?(?P<more>[两二三四五2-5])天"
)
_COUNT = str.maketrans("两二三四五", "22345")
# (20××年9月26日): the day is certain, the year crossed out.
_MASKED_YEAR = re.compile(r"(?:20|19)?[\dxX×*]{0,3}[xX×*]{1,3}年(\d{1,2})月(\d{1,2})日$")
_OPENING = re.compile(r"召开|举行|举办|开幕|主持")
_VISIT = re.compile("调研|督导|督察|检查|巡查|巡河|巡林|考察|暗访|走访|慰问|赴")
_SPEECH_TITLE = re.compile(
    r"(?:(?:^|[的上中时])(?:动员|总结|重要|主持|表态|开幕|闭幕|工作)?(?:讲话|致辞|致词|发言|演讲|报告)"
    r"|主持词|讲话稿|发言稿|演讲稿|开幕词|闭幕词|述职报告)(?:提纲|摘要|全文|范文|节选|[(][^)]*[)])*$"
)
_ADDRESSED = rf"(?:[{HAN}×XxＸ*]{{1,3}}(?:书记|[省市县区厅局部州镇乡]长|主任|主席|组长)[、, ]){{1,4}}(?=(?:各位|同志)[^。;]*[:!,]$)"
SALUTATION = re.compile(
    rf"^[“\"]?(?:{_ADDRESSED})?"
    r"(?:尊敬的|敬爱的|亲爱的|各位|同志们|朋友们|女士们|先生们|同学们|老师们|大家|代表们)[^。;]{0,40}[:!,]?$"
)
# 2024年全国生态环境保护工作会议: the year of the meeting; a review of 2021年度 meets in 2022.
_NAMED_YEAR = re.compile(r"(20\d\d)年(?!度|以来|底|末|初|\d)[^,。;:《》“”年]{0,28}?会(?![员])")


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
        return _edtf(None, month, day)
    for year in (published.year + 1, published.year, published.year - 1):
        edtf = _edtf(year, month, day)
        if edtf is not None and date.fromisoformat(edtf) <= published + timedelta(days=7):
            return edtf if year <= published.year or published.month == 12 else None
    return None


def _resolve_day(day: int, published: date | None) -> str | None:
    """A day without a month: in the publish month, or the month before if it lies ahead.

    >>> _resolve_day(31, date(2020, 9, 1)), _resolve_day(3, date(2024, 1, 5))
    ('2020-08-31', '2024-01-03')
    """
    if published is None:
        return None
    if day <= published.day:
        return _edtf(published.year, published.month, day)
    last = published.replace(day=1) - timedelta(days=1)
    return _edtf(last.year, last.month, day)


def _relative(word: str, published: date | None) -> str | None:
    if published is None:
        return None
    if "周" in word:
        monday = published - timedelta(days=published.weekday())
        if word.startswith("上"):
            monday -= timedelta(days=7)
        found = monday + timedelta(days="一二三四五六日".index(word[-1].replace("天", "日")))
        if word.startswith("周") and found > published:
            found -= timedelta(days=7)
        return found.isoformat() if found <= published + timedelta(days=7) else None
    back = {"昨": 1, "今": 0, "前": 2}[word[0]]
    return (published - timedelta(days=back)).isoformat()


def _range(match: re.Match[str], published: date | None, yearless: str | None) -> DateRange | None:
    """What one hit of _EVENT means, or None when the calendar or the publish date do not settle it."""
    group = match.groupdict()
    if group["rel"]:
        if group["rd"]:
            day = int(group["rd"])
            start = resolve(int(group["rm"]), day, published) if group["rm"] else _resolve_day(day, published)
        elif yearless and "周" not in group["rel"]:
            # 昨天 in a page of XXXX-05-20: only inside the month is the day certain.
            back = {"昨": 1, "今": 0, "前": 2}[group["rel"][0]]
            day = int(yearless[8:]) - back
            start = f"{yearless[:8]}{day:02d}" if day > 0 else None
        else:
            start = _relative(group["rel"], published)
        return DateRange(start, start) if start else None
    if group["od"]:
        start = _resolve_day(int(group["od"]), published)
        end = _resolve_day(int(group["od2"]), published) if group["od2"] else start
        return DateRange(start, end) if start and end and start <= end else None
    month, day = int(group["m"]), int(group["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    start = _edtf(int(group["y"]), month, day) if group["y"] else resolve(month, day, published)
    if start is None or not group["d2"]:
        return DateRange(start, start) if start else None
    month2 = int(group["m2"] or month)
    if not 1 <= month2 <= 12:
        return DateRange(start, start)
    year2 = group["y2"] or start[:4]
    if year2 == "XXXX":
        end = _edtf(None, month2, int(group["d2"]))
        good = end is not None and (end >= start or month2 == 1)
    else:
        end = _edtf(int(year2), month2, int(group["d2"]))
        if end is not None and end < start and not group["y2"]:  # 12月30日至1月2日
            end = _edtf(int(year2) + 1, month2, int(group["d2"]))
        # A list of far dates (3月5日、11月6日) is no range of days.
        good = end is not None and start <= end
    return DateRange(start, end) if end is not None and good else DateRange(start, start)


def _events(text: str) -> Iterator[re.Match[str]]:
    """Dates that can be the event's: not since, until, before, of a document, or of a dateline."""
    for match in _EVENT.finditer(text):
        before = text[max(0, match.start() - 42) : match.start()]
        inside = before.rfind("(") > before.rfind(")") and not re.search(
            r"[,。]", before[before.rfind("(") :]
        )
        if inside or _NOT_BEFORE.search(before) or _NOT_AFTER.match(text, match.end()):
            continue
        yield match


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
    edtf = _edtf(int(match["y"]) if match["y"] else None, int(match["m"]), int(match["d"]))
    return (
        Span(match.start("y") if match["y"] else match.start("m"), match.end("d") + 1, edtf) if edtf else None
    )


def is_speech(title: str | None, paragraphs: Sequence[str]) -> bool:
    """Whether the page gives a speech in its own words: its title says so or it begins with a salutation."""
    if title and _SPEECH_TITLE.search(fold(title).strip()):
        return True
    return any(len(text) <= 60 and SALUTATION.match(fold(text).strip()) for text in paragraphs[:3])


def _named_year(texts: Sequence[str]) -> int | None:
    years = {
        int(m[1])
        for text in texts
        for m in _NAMED_YEAR.finditer(fold(text[:300]))
        if not re.search(r"总结|年度|考核", m[0])
    }
    return years.pop() if len(years) == 1 else None


def _lasting(found: DateRange, texts: Sequence[str]) -> DateRange:
    """The range with the last day that the text tells: 将持续至13日, 会期三天.

    >>> _lasting(DateRange("2025-03-12", "2025-03-12"), ("研讨会12日开幕。研讨会将持续至13日。",))
    DateRange(start='2025-03-12', end='2025-03-13')
    """
    start = day_of(found.start)
    if start is None or found.end != found.start:
        return found
    for text in texts:
        if not ("持续" in text or "延续" in text or "期" in text):
            continue
        for match in _LASTS.finditer(text):
            if count := match["days"] or match["more"]:
                end = start + timedelta(days=int(count.translate(_COUNT)) - 1)
            else:
                edtf = _edtf(start.year, int(match["m"] or start.month), int(match["d"]))
                end = day_of(edtf) or start
            if start < end <= start + timedelta(days=14):
                return DateRange(found.start, end.isoformat())
    return found


def held_of(
    title: str | None, decks: Sequence[str], paragraphs: Sequence[Block], published: str | None
) -> Fact[DateRange] | None:
    """The days of the event: from a date under a speech's title, the title, or the report's lead.

    `近日` and `日前` give None; so does a speech whose page tells only its own upload date.
    A year comes from the publish date; without one it stays `XXXX`, or is that of the
    meeting's own name (flagged as inferred).

    >>> from build_tools.core.article import LineKind
    >>> lead = Block("p-1", LineKind.PARAGRAPH, "1月23日至24日,生态环境部在京召开2024年全国生态环境保护工作会议。")
    >>> held_of(None, (), (lead,), "2024-01-24").value
    DateRange(start='2024-01-23', end='2024-01-24')
    """
    day = day_of(published)
    yearless = published if published and published.startswith("XXXX-") and len(published) == 10 else None
    bodies = [block.text for block in paragraphs[:4]]
    for deck in decks:
        bare = re.sub("^(?:会议|讲话)?时 *间 *: *", "", fold(deck).strip(" ()[]【】—-"))
        if masked := _MASKED_YEAR.match(bare):
            edtf = _edtf(None, int(masked[1]), int(masked[2]))
            return Fact(DateRange(edtf, edtf), Evidence("held_deck", "deck", bare)) if edtf else None
        spans = parse_date(bare) if len(bare) <= 60 else []
        noted = bool(spans) and fold(deck)[:1] == "(" and bare[spans[0].end : spans[0].end + 1] == ","
        if spans and spans[0].start == 0 and (noted or spans[-1].end >= len(bare) - 8):
            edtf = spans[0].edtf
            if edtf.startswith("XXXX-") and day is not None:
                edtf = resolve(int(edtf[5:7]), int(edtf[8:10]), day) or edtf
            end = spans[-1].edtf if len(spans) == 2 and len(spans[-1].edtf) == len(edtf) else edtf
            return Fact(DateRange(edtf, max(edtf, end)), Evidence("held_deck", "deck", bare))
    if title:
        for match in _EVENT.finditer(fold(title)):
            found = _range(match, day, yearless) if match["m"] else None
            if found is not None:
                return _named(found, (title,), Evidence("held_title", "title", match[0], match.start()))
    if is_speech(title, bodies):
        return _opened(paragraphs, title, day, yearless)
    dateline = dateline_day(bodies[0]) if bodies else None
    if dateline is not None and day is None:
        year = published[:4] if published and published[:4].isdigit() else "XXXX"
        if dateline.edtf.startswith("XXXX"):
            edtf = year + dateline.edtf[4:]
        else:
            edtf = dateline.edtf
        day, yearless = day_of(edtf), edtf if year == "XXXX" else yearless
    elif dateline is not None and day is not None:
        # 某报1月2日讯 …今天, on a page of 3 January: the reporter's day.
        reported = day_of(resolve(int(dateline.edtf[5:7]), int(dateline.edtf[8:10]), day))
        if reported is not None and 0 <= (day - reported).days <= NEAR:
            day = reported
    for index, block in enumerate(paragraphs[:4]):
        text = fold(block.text[:600])
        first = re.split(r"[。!?]", text, maxsplit=1)[0]
        scope = text if index == 0 else first
        vague = _VAGUE.search(first)
        for match in _events(scope):
            if vague is not None and vague.start() < match.start():
                break
            clause, *after = re.split(r"[。!?]", scope[match.start() :], maxsplit=2)
            if after and re.match("当[天日]", after[0]):  # 4月15日是全民国家安全教育日。当天,会议召开
                clause += after[0]
            visit = index == 1 and match.start() == 0 and title is not None and _VISIT.search(title)
            if not (_HELD if index == 0 or visit else _OPENING).search(clause) and not visit:
                continue
            found = _range(match, day, yearless)
            if found is None and match["od"] and yearless and int(match["od"]) <= int(yearless[8:]):
                edtf = f"{yearless[:8]}{int(match['od']):02d}"
                found = DateRange(edtf, edtf)
            if found is not None:
                told = [one.text[:400] for one in (*paragraphs[:3], *paragraphs[3:][-1:])]
                found = _lasting(found, told)
                evidence = Evidence("held_lead", block.id, match[0], match.start())
                return _named(found, (title or "", first), evidence)
        if vague is not None:
            return None
    return None


_OPENED = re.compile(
    "(?:上午|下午)?,?我们[^,。]{0,20}(?:召开|举行)(?:了)?(?:这次|本次|此次|今天的?这[次个])[^,。]{0,16}会议?(?=[,。])"
)


def _opened(
    paragraphs: Sequence[Block], title: str | None, day: date | None, yearless: str | None
) -> Fact[DateRange] | None:
    """The day that a speech itself tells of its meeting: 2月25日,我们在昆明召开这次会议."""
    for block in paragraphs[:2]:
        text = fold(block.text[:400])
        for match in _events(text):
            other = re.search("[去前]年$", text[: match.start()]) or "今天" in text
            found = None if other or not _OPENED.match(text, match.end()) else _range(match, day, yearless)
            if found is not None:
                evidence = Evidence("held_opening", block.id, match[0], match.start())
                return _named(found, (title or "",), evidence)
    return None


def _named(found: DateRange, texts: Sequence[str], evidence: Evidence) -> Fact[DateRange]:
    """Give a date without a year the year of the meeting's own name, if it bears one."""
    year = _named_year(texts) if found.start.startswith("XXXX") else None
    if year is None:
        return Fact(found, evidence)
    dated = DateRange(f"{year}{found.start[4:]}", f"{year}{found.end[4:]}")
    return Fact(dated, evidence, inferred=True)
