"""The head of a page that lost its line breaks: bars, headline and fields in one line, before or after each other.

`首页 > 要闻 > 正文 市政府召开会议 日期:2021-08-31 来源:某报 8月30日,市政府召开会议。…`
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from build_tools.cleaning.dates import SALUTED, Span, fold, parse_date
from build_tools.cleaning.heads import is_speaker, is_who
from build_tools.cleaning.labels import label_pattern
from build_tools.cleaning.labels import labels as labels_in
from build_tools.cleaning.shapes import alone
from build_tools.core.article import LineKind
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

# A head is not longer; what follows is never looked at.
_REACH = 400
# Where the body begins: a date or a salutation that opens a sentence, a dateline.
_BODY = re.compile(
    r"(?<![0-9年至到—~(《-])(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:(?:至|到|—|-)(?:\d{1,2}月)?\d{1,2}日)?(?:上午|下午|晚|中午)?[,在](?=[^ ]{8})"
    r"|(?<![^ 次)\]】])(?:近日|日前|昨[天日]|今[天日]|\d{1,2}日[上下]午)[^ ]{8}"
    rf"|(?<![^ ]){SALUTED}[^ ]{{0,20}}?[:,!]"
    rf"|(?<![^ ])(?:本报|本网|[{HAN}]{{2,12}}(?:报|社|网|台|中心|客户端))[{HAN}]{{0,6}}(?:\d{{1,2}}月\d{{1,2}}日)?(?:讯(?!员)|电(?!视|台|话))"
    rf"|(?<![^ ])[(](?:记者|通讯员|本报记者)[^)]{{2,30}}[)]"
    rf"|(?<![^ ])(?:会议|会上|为[^ ]{{4}})[^ ]{{6,}}[,。])"
)
_CRUMB_END = re.compile(rf"(?:[>»›/] ?(?:正文|内容|详情|文章|内文|浏览文章)) ?(?=[{HAN}“《\d])")
_ARROW = re.compile(r"[>»›|│丨]+|->|::+|=>|-{1,2}")
_WHERE = re.compile(r"(?:您|你)?(?:现在|当前|目前|所在)?(?:的|所在)?(?:的)?(?:位置|栏目|频道)")
_GAP = re.compile(" +")
_COUNT = re.compile(r"[(\[【] ?\d* ?[)\]】] ?次?|\d*次|\d{1,2}:\d\d(?::\d\d)?|星期.|\d{1,6}")
_BARE = re.compile("编辑|责编|责任编辑|作者|记者|通讯员|审核|校对|阅读|浏览|点击|来源|稿源|摄影|供稿|转载")
_SITE = re.compile("(?:网|在线|网站|论坛|频道|日报|晚报|门户|要闻|新闻|动态|平台|资讯站|电视台|政府)$")
_NEWS = re.compile("召开|举行|会议|讲话|主持|部署|调研|研究|推进|座谈|发言|致辞|督导|强调")


class Piece(NamedTuple):
    """A stretch of the head: `kind` is bar, meta, title (标题:…), date or free."""

    start: int
    kind: str
    text: str


@cache
def _bar_words() -> frozenset[str]:
    noise = load("noise")
    return frozenset(f"{noise['navigation']} {noise['widget']}".split())


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
    lead = head.partition("。")[0]
    labels = labels_in(lead)
    full = [s for s in parse_date(head) if s.start < len(lead) and _stamped(head, s.start)]
    body = _body(head, labels, full)
    whole = body < 0
    if whole and (len(line) > 200 or lead != head):
        return ()
    end = len(line) if whole else body
    fields = [m.start() for m in labels] + [s.start for s in full]
    cuts = {at - (head[at - 1 : at] in "([【") for at in fields}
    cuts |= {m.end() for pattern in (_CRUMB_END, _GAP) for m in pattern.finditer(head)}
    bounds = [0, *sorted(cut for cut in cuts if 0 < cut < end), end]
    pieces = _kinds([head[a:b] for a, b in itertools.pairwise(bounds)], bounds)
    if not _is_head(pieces, bool(fields), whole):
        return ()
    points = [
        other.start
        for one, other in itertools.pairwise(pieces)
        if one.kind != other.kind or (one.kind == "free" and _apart(one.text.strip(), other.text.strip()))
    ]
    return tuple(points if whole else [*points, body])


def _body(head: str, labels: Sequence[re.Match[str]], full: Sequence[Span]) -> int:
    """Where the body begins; -1 in a head without one."""
    after = max([m.end() for m in labels[:1]] + [s.end for s in full[:1]], default=0)
    for match in _BODY.finditer(head):
        at = match.start()
        dated = any(s.start <= at < s.end for s in full)
        follows = at > 0 and not dated and _follows(head, at, after)
        if follows and (labels or full or (head[at - 1] in " ）)" and "。" not in head[:at])):
            return at
    return -1


def _is_head(pieces: Sequence[Piece], fields: bool, whole: bool) -> bool:
    """Whether fields are among the pieces, news where the line has no body or no fields."""
    kinds = {piece.kind for piece in pieces}
    if whole:
        free = [piece.text for piece in pieces if piece.kind == "free"]
        named = sum(map(len, free)) >= 8 and any(map(_NEWS.search, free))
        return fields and named and "meta" in kinds and pieces[0].kind != "meta"
    if fields:
        return "meta" in kinds and (kinds != {"meta"} or bool(pieces[0].text.strip()))
    return any(len(piece.text) >= 10 and _NEWS.search(piece.text) for piece in pieces)


def _stamped(head: str, at: int) -> bool:
    """Whether the date there is written as fields write it, or stands behind a label."""
    if head[at - 1 : at] == "(" and re.match(r"\d{4}年", head[at:]):
        return False  # the day of the event
    if re.search("[,、;自从到至在截以]$", head[max(0, at - 1) : at]):
        return False
    return bool(re.match(r"\d{4} ?[-./年]|\d{1,2}\.\d{1,2}\.\d{4}", head[at : at + 12])) and not re.match(
        r"\d{4}年\d{1,2}月\d{1,2}日[,在上下]", head[at : at + 14]
    )


def _follows(head: str, at: int, after: int) -> bool:
    """Whether a body may begin there: behind the first field, and not as the value of a label but a count's."""
    before = head[max(0, at - 12) : at]
    return at >= after and (not re.search(r"[:(] ?$", before) or _uncounted().search(before) is not None)


@cache
def _uncounted() -> re.Pattern[str]:
    """A label of a count that scripts would have filled in: `点击数: 9月3日,…`."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, load('labels')['views'].split()))}) ?: ?$")


def _kinds(texts: list[str], bounds: list[int]) -> list[Piece]:
    kinds: list[str] = []
    for i, text in enumerate(texts):
        bare, before = text.strip(" []【】|·"), texts[i - 1].strip() if i else ""
        kinds.append(_kind(bare, before, kinds[-1] if i else "meta"))
    # A short name beside a bar, or of a site at the very top, is part of the bar.
    for i, text in enumerate(texts):
        bare = text.strip()
        beside = kinds[i + 1 : i + 2] == ["bar"] or (i == 0 and _SITE.search(bare))
        if kinds[i] == "free" and len(bare) <= 10 and beside and not _NEWS.search(bare):
            kinds[i] = "bar"
    if "free" not in kinds:
        # 首页 > 要闻 > 市政府召开会议 日期:…: the last crumb is the headline.
        crumbs = [i for i, k in enumerate(kinds) if k == "bar" and _NEWS.search(texts[i])]
        if crumbs and len(texts[crumbs[-1]].strip()) >= 8:
            kinds[crumbs[-1]] = "free"
    return [Piece(a, kind, text) for a, kind, text in zip(bounds, kinds, texts, strict=False)]


def _kind(bare: str, before: str, above: str) -> str:
    label = label_pattern().match(bare)
    if label is not None and "题" in label[0]:
        return "title"
    if re.fullmatch(r"[(]\d{4}年[^)]{2,12}[)]", bare):
        return "date"
    if not bare:
        return above
    if label or _COUNT.fullmatch(bare) or parse_date(bare[:12]) or _BARE.fullmatch(bare):
        return "meta"
    if above == "meta" and before and (_valued(before, bare) or bare in _bar_words()):
        return "meta"
    bar = bare in _bar_words() or _ARROW.search(bare) or _WHERE.match(bare) or _ARROW.search(before[-2:])
    return "bar" if bar or bare.startswith("/") else "free"


def _apart(one: str, other: str) -> bool:
    """Whether two pieces of free text are two lines: a site's name and a headline, a headline and who was there.

    >>> _apart("云门市人民政府", "在全市动员大会上的讲话"), _apart("市政府召开会议", "甲乙丙主持 丁戊己出席")
    (True, True)
    >>> _apart("市委常委会召开会议", "研究督察整改工作")
    False
    """
    whole = re.fullmatch(r"[(\[【〔].*[)\]】〕]", other) is not None
    if any(
        (told := alone(text)) is not None and told.kind is not LineKind.PARAGRAPH for text in (one, other)
    ):
        return True  # an advert, a picture's name, a forum's button
    above = _SITE.search(one) is not None or (len(one) <= 8 and not _NEWS.search(one))
    return whole or above or one.endswith(("讲话", "发言", "致辞")) or is_who(other) or is_speaker(other)


def _valued(label: str, value: str) -> bool:
    """Whether `value` belongs to the label before it: `编辑 仝晓光`, `来源: 某报`, `作者:甲 乙`."""
    if len(value) > 16 or _NEWS.search(value):
        return False
    if label.endswith(":") or _BARE.fullmatch(label.strip(" []【】")):
        return True
    return bool(re.search(rf"(?:作者|记者|编辑|通讯员|责编|审核) ?:? ?[{HAN}]{{1,4}}$", label)) and bool(
        re.fullmatch(rf"[{HAN}]{{2,4}}", value)
    )
