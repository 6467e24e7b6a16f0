"""Where the lines begin in a page's head that lost its line breaks: bars, headline and fields in one line.

`首页 > 要闻 > 正文 市政府召开会议 日期:2021-08-31 来源:某报 8月30日,市政府召开会议。…` is cut at its blanks, labels and
dates; what a piece is says the reader of ordinary lines (`shapes.alone`), and pieces stay together that it takes for one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from build_tools.cleaning.dates import SALUTED, Span, fold, parse_date
from build_tools.cleaning.heads import EYEBROW_END, LABELLED, is_speaker, is_who
from build_tools.cleaning.labels import UNKNOWN_LABEL, label_words, labels, parse_meta
from build_tools.cleaning.shapes import HEAD_NUMBER, alone
from build_tools.cleaning.trim import SITE_END, is_news
from build_tools.core.article import LineKind
from build_tools.core.text import HAN, HAN_RE
from build_tools.core.vocabulary import load

# A head is not longer; what follows is never looked at.
_REACH = 400
# Where the body may begin, if no blank parts it from the fields: a date that opens a sentence; a dateline, before its own blank.
_BODY = re.compile(
    r"(?<![0-9年至到—~(《-])(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:(?:至|到|—|-)(?:\d{1,2}月)?\d{1,2}日)?(?:上午|下午|晚|中午)?[,在](?=[^ ]{8})"
    r"|(?<![^ 次)\]】])(?:近日|日前|昨[天日]|今[天日]|\d{1,2}日[上下]午)[^ ]{8}"
    rf"|(?<![^ ])(?:本报|本网|[{HAN}]{{2,12}}(?:报|社|网|台|中心|客户端))[{HAN}]{{0,6}}(?:\d{{1,2}}月\d{{1,2}}日)?(?:讯(?!员)|电(?!视|台|话))"
    rf"|(?<![^ ]){SALUTED}[^ ]{{0,20}}?[:,!]|(?<![^ ])(?:会议|会上|为[^ ]{{4}})[^ ]{{6,}}[,。]"
    r"|(?<=[^ ] )(?=[^ ]{8})"
)
_CUT = re.compile(rf"(?:[>»›/] ?(?:正文|内容|详情|文章|内文|浏览文章)) ?(?=[{HAN}“《\d])| +")
_ARROW = re.compile(r"(?:[>»›|│丨]|->|::|=>|--?) *$")
# What leads the body: a bullet, a byline in brackets.
_LEAD_IN = re.compile(r"(?:[◇◆▲●■★☆※] ?|[(][^() ]{0,8}(?:记者|通讯员)[^()]{2,30}[)] ?)$")
_EVENT_DAY = re.compile(r"[(]\d{4}年[^)]{2,12}[)]")


def page_head(line: str) -> list[int]:
    """Where lines begin in the head of a line that holds headline, fields and body; empty for any other line.

    >>> page = "某网 > 要闻 > 详情 市政府召开会议 日期:2021-08-31 来源:某报 8月30日,市政府召开会议。"
    >>> points = page_head(page)
    >>> [page[i:j].strip() for i, j in zip([0, *points], [*points, None])]
    ['某网 > 要闻 > 详情', '市政府召开会议', '日期:2021-08-31 来源:某报', '8月30日,市政府召开会议。']
    >>> page_head("会议指出,8月30日前要完成整改。来源:某报")
    []
    """
    return list(_page_head(line))


@lru_cache(maxsize=64)  # each round of cleaning asks for the same lines
def _page_head(line: str) -> tuple[int, ...]:
    head = fold(line[:_REACH])
    if not is_news(head) and _told(line) is LineKind.META:
        return ()  # nothing but fields
    lead = head.partition("。")[0]
    labelled = labels(lead)
    full = [s for s in parse_date(head) if s.start < len(lead) and _stamped(head, s.start)]
    body = _body(head, labelled, full)
    whole = body < 0
    fields = [m.start() for m in labelled] + [s.start for s in full]
    if whole and (len(line) > 200 or lead != head or not fields):
        return ()
    lead_in = _LEAD_IN.search(head, 0, max(0, body))
    end = len(line) if whole else lead_in.start() if lead_in is not None else body
    cuts = {at - (head[at - 1 : at] in "([【") for at in fields} | {m.end() for m in _CUT.finditer(head)}
    rows = _rows(head, [0, *sorted(cut for cut in cuts if 0 < cut < end), end])
    if not _is_head([(_told(head[a:b]), head[a:b]) for a, b in rows], bool(fields), whole):
        return ()
    return tuple(end for _, end in rows if end < len(line) or not whole)


def _rows(head: str, bounds: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches between the bounds, those joined that are one line."""
    out = [(bounds[0], bounds[1])]
    for start, end in itertools.pairwise(bounds[1:]):
        if _joins(head[slice(*out[-1])].strip(), head[start:end].strip(), head[out[-1][0] : end].strip()):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _told(text: str) -> LineKind | None:
    """What the reader of ordinary lines knows a stretch for; None for a headline, names, whatever has a place only."""
    text = text.strip(" |")
    if not text or (proposal := alone(text)) is None:
        dated = parse_meta(text) is not None and not _EVENT_DAY.fullmatch(text)
        return LineKind.META if dated else None
    return None if proposal.kind is LineKind.PARAGRAPH else proposal.kind


def _joins(row: str, piece: str, both: str) -> bool:
    """Whether a piece goes on with the line before it."""
    if not piece or not row:
        return True
    known, new, whole = _told(row), _told(piece), _told(both)
    headline = is_news(piece) and len(piece) >= 8
    if known in (None, LineKind.BREADCRUMB) and _ARROW.search(row):  # a bar goes on
        return new in (None, LineKind.BREADCRUMB, LineKind.WIDGET) and not headline
    if row in label_words():  # 编辑 甲, 今天是 2024年3月5日
        return whole is LineKind.META
    if known is None:
        bar = whole is LineKind.BREADCRUMB or _ARROW.search(piece) is not None
        beside = bar and len(row) <= 10 and not is_news(row)  # a short name beside a bar
        return not _apart(row, piece) if new is None else beside
    if new is not None:
        joined = whole is new is known if new is LineKind.META else whole in (known, new)
        return joined and LABELLED.match(row) is None
    short = len(piece) <= (16 if row.endswith(":") else 4)
    if known is LineKind.META:  # the value of the label, or the rest of one: 作者:甲 乙, 2021-08-31 15:01
        short = short or UNKNOWN_LABEL.match(piece) is not None or HAN_RE.search(piece) is None
    return whole is known and short and not headline


def _apart(one: str, other: str) -> bool:
    """Whether two stretches of free text are two lines: a site's name and a headline, a headline and who was there.

    >>> _apart("云门市人民政府", "在全市动员大会上的讲话"), _apart("市政府召开会议", "甲乙丙主持 丁戊己出席")
    (True, True)
    >>> _apart("市委常委会召开会议", "研究督察整改工作")
    False
    """
    short = len(one) <= 8 and not HEAD_NUMBER.match(one)
    named = (short or SITE_END.search(one) is not None) and not is_news(one)
    return (
        named
        or one == other
        or other.strip("[]【】") in label_words()
        or EYEBROW_END.search(one) is not None
        or one.endswith(("发言", "致辞"))
        or re.fullmatch(r"[(\[【〔].*[)\]】〕]", other) is not None
        or is_who(other)
        or is_speaker(other)
    )


def _is_head(rows: Sequence[tuple[LineKind | None, str]], fields: bool, whole: bool) -> bool:
    """Whether fields are among the lines, news where there is no body or no field."""
    free = [text.strip() for kind, text in rows if kind is None]
    meta = any(kind is LineKind.META for kind, _ in rows)
    if whole:
        return (
            meta and sum(map(len, free)) >= 8 and any(map(is_news, free)) and rows[0][0] is not LineKind.META
        )
    if fields:
        return meta
    return any(len(text) >= 10 and is_news(text) for text in free)


def _body(head: str, labelled: Sequence[re.Match[str]], full: Sequence[Span]) -> int:
    """Where the body begins; -1 in a head without one."""
    after = max([m.end() for m in labelled[:1]] + [s.end for s in full[:1]], default=0)
    for match in _BODY.finditer(head):
        at = match.start()
        dated = any(s.start <= at < s.end for s in full)
        if at == 0 or at < after or dated or not _opens(head, at, bool(match[0])):
            continue
        if labelled or full or (match[0] and head[at - 1] in " ）)" and "。" not in head[:at]):
            return at
    return -1


def _opens(head: str, at: int, said: bool) -> bool:
    """Whether a body may begin there: as a sentence, and not as the value of a label but a count's."""
    before = head[max(0, at - 12) : at]
    if re.search(r"[:(] ?$", before) and _uncounted().search(before) is None:
        return False
    read = None if said else alone(head[at:].partition(" ")[0])
    return said or (read is not None and read.kind is LineKind.PARAGRAPH)


def _stamped(head: str, at: int) -> bool:
    """Whether the date there is written as fields write it, or stands behind a label."""
    if head[at - 1 : at] == "(" and re.match(r"\d{4}年", head[at:]):
        return False  # the day of the event
    if re.search("[,、;自从到至在于截以]$", head[max(0, at - 1) : at]):
        return False
    return bool(re.match(r"\d{4} ?[-./年]|\d{1,2}\.\d{1,2}\.\d{4}", head[at : at + 12])) and not re.match(
        r"\d{4}年\d{1,2}月\d{1,2}日[,在上下]", head[at : at + 14]
    )


@cache
def _uncounted() -> re.Pattern[str]:
    """A label of a count that scripts would have filled in: `点击数: 9月3日,…`."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, load('labels')['views'].split()))}) ?: ?$")
