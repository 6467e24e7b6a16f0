"""When a meeting was held: a day, a range, or nothing, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from build_tools.cleaning.dates import (
    BLANKS,
    NEAR,
    Span,
    dateline_day,
    day_of,
    edtf_of,
    fold,
    is_speech,
    parse_date,
    resolve,
)
from build_tools.core.article import Block, DateRange, Evidence, Fact

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
    r"以来|[以之]?前|[以之]?后|起(?!草)|至今|印发|发布|出台|施行|实施|生效|截止|通过的|的(?!全)|期间|报道|从?[^,。]{0,16}(?:获悉|了解到)|[日]?[电讯](?!视|话)"
)

_NOT_BEFORE = re.compile(r"(?:截至|截止|截止到|自|从|直到|至|到|早在|每年|每月|今后|《[^》]{0,40})$")

_VAGUE = re.compile(r"近日|日前(?<!\d日前)|近期|不久前|最近|连日来|近段时间|这几天")

_CONVENED = re.compile("召开|举行|举办|主持|会议|座谈|开幕|调研|出席|学习|赴|会见|检查")

_HELD = re.compile(
    r"召开|举行|举办|主持|会议|大会|座谈|出席|参加|开幕|闭幕|部署|调研|督导|研究|听取|传达|学习|赴|率|检查|约谈|反馈|签约|讲话|会"
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


# 2024年全国生态环境保护工作会议: the year of the meeting; a review of 2021年度 meets in 2022.
_NAMED_YEAR = re.compile(r"(20\d\d) ?年(?!度|以来|底|末|初|\d)[^,。;:《》“”年]{0,28}?会(?![员])")


def _resolve_day(day: int, published: date | None) -> str | None:
    """A day without a month: in the publish month, or the month before if it lies ahead.

    >>> _resolve_day(31, date(2020, 9, 1)), _resolve_day(3, date(2024, 1, 5))
    ('2020-08-31', '2024-01-03')
    """
    if published is None:
        return None
    if day <= published.day:
        return edtf_of(published.year, published.month, day)
    last = published.replace(day=1) - timedelta(days=1)
    return edtf_of(last.year, last.month, day)


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
        end = _resolve_day(int(group["od2"] or group["od"]), published)
        return DateRange(start, end) if start and end and start <= end else None
    month, day = int(group["m"]), int(group["d"])
    start = edtf_of(int(group["y"]), month, day) if group["y"] else resolve(month, day, published)
    if start is None or not group["d2"]:
        return DateRange(start, start) if start else None
    month2 = int(group["m2"] or month)
    year2 = group["y2"] or start[:4]
    if year2 == "XXXX":
        end = edtf_of(None, month2, int(group["d2"]))
        good = end is not None and (end >= start or month2 == 1)
    else:
        over = not group["y2"] and month2 < month  # 12月30日至1月2日
        end = edtf_of(int(year2) + over, month2, int(group["d2"]))
        good = end is not None and start <= end
    return DateRange(start, end if end and good else start)


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
                edtf = edtf_of(start.year, int(match["m"] or start.month), int(match["d"]))
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
    for deck in (*decks, *(block.text for block in paragraphs[:_LABELLED] if _TIME.match(fold(block.text)))):
        bare = _TIME.sub("", fold(deck).strip(" ()[]【】—-"))
        if masked := _MASKED_YEAR.match(bare):
            edtf = edtf_of(None, int(masked[1]), int(masked[2]))
            return Fact(DateRange(edtf, edtf), Evidence("held_deck", "deck", bare)) if edtf else None
        if found := _in_deck(bare, day, noted=fold(deck)[:1] == "("):
            return Fact(found, Evidence("held_deck", "deck", bare))
    for match in _EVENT.finditer(fold(title or "")):
        found = _range(match, day, yearless) if match["m"] else None
        if found is not None:
            return _named(found, (title or "",), Evidence("held_title", "title", match[0], match.start()))
    bodies = [block.text for block in paragraphs[:4]]
    if is_speech(title, bodies):
        return _opened(paragraphs, title, day, yearless)
    return _in_lead(paragraphs, title or "", *_reported(bodies, published, day, yearless))


_CAUSE = re.compile("(?:为|针对|因|鉴于|按照|根据)[^,]*$")
_TIME = re.compile("(?:会议|讲话)?时 *间 *[:|] *")
_LABELLED = 20  # lines in which a label may say when


_LAST_DAY = re.compile(r" ?[至到~—–-]{1,2} ?(3[01]|[12]\d|0?[1-9])日")  # 3月5日|至6日


def _in_deck(bare: str, day: date | None, *, noted: bool) -> DateRange | None:
    """The day or days that a deck is made of: (2021年3月29日), 2月23日至24日; `noted`: it is in brackets."""
    spans = parse_date(bare) if len(bare) <= 60 else []
    if not spans or spans[0].start:
        return None
    if spans[-1].end < len(bare) - 8 and not (noted and bare[spans[0].end : spans[0].end + 1] == ","):
        return None
    edtf = spans[0].edtf
    if edtf.startswith("XXXX-") and day is not None:
        edtf = resolve(int(edtf[5:7]), int(edtf[8:10]), day) or edtf
    end = spans[-1].edtf if len(spans) == 2 and len(spans[-1].edtf) == len(edtf) else edtf
    if len(edtf) == 10 and (last := _LAST_DAY.match(bare, spans[0].end)):
        end = f"{edtf[:8]}{int(last[1]):02}"
    return DateRange(edtf, max(edtf, end))


def _reported(
    bodies: Sequence[str], published: str | None, day: date | None, yearless: str | None
) -> tuple[date | None, str | None]:
    """The day that 今天 means, as a date or without its year: the dateline's, else that of the page."""
    dateline = dateline_day(bodies[0]) if bodies else None
    if dateline is None:
        return day, yearless
    if day is None:
        year = published[:4] if published and published[:4].isdigit() else "XXXX"
        edtf = year + dateline.edtf[4:] if dateline.edtf.startswith("XXXX") else dateline.edtf
        return day_of(edtf), edtf if year == "XXXX" else yearless
    # 某报1月2日讯 …今天, on a page of 3 January: the reporter's day.
    reported = day_of(resolve(int(dateline.edtf[5:7]), int(dateline.edtf[8:10]), day))
    near = reported is not None and 0 <= (day - reported).days <= NEAR
    return reported if near else day, yearless


def _in_lead(
    paragraphs: Sequence[Block], title: str, day: date | None, yearless: str | None
) -> Fact[DateRange] | None:
    """The day of the first clause of the first four paragraphs that tells of the event."""
    for index, block in enumerate(paragraphs[:4]):
        text = fold(block.text[:600])
        first = re.split(r"[。!?]", text, maxsplit=1)[0]
        vague = _VAGUE.search(first)
        if vague is not None and not _CONVENED.search(re.split("[。!?]", text[vague.end() :], maxsplit=1)[0]):
            vague = None  # 督察组近日进驻我市。4月17日上午,动员会召开
        if vague is not None and _CAUSE.match(first[: vague.start()]) and "," in first[vague.end() :]:
            vague = None  # 为汲取近期教训,1月16日,某园区召开
        for match in _events(text if index == 0 else first):
            if vague is not None and vague.start() < match.start():
                break
            visit = index == 1 and match.start() == 0 and _VISIT.search(title) is not None
            told = _HELD if index == 0 or visit else _OPENING
            if not visit and not told.search(_clause(text if index == 0 else first, match.start())):
                continue
            if (found := _dated(match, day, yearless)) is not None:
                found = _lasting(found, [one.text[:400] for one in (*paragraphs[:3], *paragraphs[3:][-1:])])
                evidence = Evidence("held_lead", block.id, match[0], match.start())
                return _named(found, (title, first), evidence)
        if vague is not None:
            return None
        if index == 0 and (span := _whole_date(first)) is not None and _HELD.search(first, span.end):
            found = DateRange(span.edtf, span.edtf)
            return Fact(found, Evidence("held_lead", block.id, first[span.start : span.end], span.start))
    return None


def _clause(text: str, start: int) -> str:
    """The sentence from `start` on, with what goes on as 当天: 4月15日是全民国家安全教育日。当天,会议召开."""
    clause, *after = re.split(r"[。!?]", text[start:], maxsplit=2)
    return clause + after[0] if after and re.match("当[天日]", after[0]) else clause


def _dated(match: re.Match[str], day: date | None, yearless: str | None) -> DateRange | None:
    """What a hit means, a day alone in the month of a page whose year is unknown too."""
    found = _range(match, day, yearless)
    if found is None and match["od"] and yearless and int(match["od"]) <= int(yearless[8:]):
        edtf = f"{yearless[:8]}{int(match['od']):02d}"
        found = DateRange(edtf, edtf)
    return found


def through(
    held: Fact[DateRange] | None, paragraphs: Sequence[Block], published: str | None
) -> Fact[DateRange] | None:
    """A digest's days: from the first of its meetings to the last, if they are of two weeks.

    >>> from build_tools.core.article import LineKind
    >>> blocks = [Block(f"p-{day}", LineKind.PARAGRAPH, f"3月{day}日,市水利局召开会议。") for day in (4, 8)]
    >>> through(held_of(None, (), blocks, "2024-03-10"), blocks, "2024-03-10").value
    DateRange(start='2024-03-04', end='2024-03-08')
    """
    start = day_of(held.value.start) if held is not None else None
    if held is None or start is None:
        return held
    days = [start]
    for block in paragraphs:
        match = next(_events(text := fold(block.text[:60])), None)
        found = _dated(match, day_of(published), None) if match and _HELD.search(text, match.end()) else None
        days.append((found and day_of(found.end)) or start)
    last = max(day for day in days if start <= day <= start + timedelta(days=14))
    end = last.isoformat() if last > start else held.value.end
    return Fact(DateRange(held.value.start, end), held.evidence, held.inferred)


def _whole_date(sentence: str) -> Span | None:
    """A year, month and day that open a clause, in a form that only `parse_date` reads.

    >>> _whole_date("二〇二四年三月五日,某局召开会议"), _whole_date("截至2024/3/5,整改完成")
    (Span(start=0, end=9, edtf='2024-03-05'), None)
    """
    for span in parse_date(sentence):
        before, after = sentence[: span.start], sentence[span.end :]
        opens = before[-1:] in ("", ",", ";", " ") and not _NOT_AFTER.match(after)
        if opens and len(span.edtf) == 10 and span.edtf[0] != "X":
            return span
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
