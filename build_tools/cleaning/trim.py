"""Cuts inside lines: what hangs on a headline, junk before a paragraph."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from build_tools.cleaning.dates import fold
from build_tools.core.article import KEPT, Edit, LineKind
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

# Nothing is cut further inside a line than this.
_REACH = 400


@cache
def vocabulary_re(name: str) -> re.Pattern[str]:
    """The constructions of a list of `data/noise.yml` as one pattern."""
    return re.compile("|".join(load("noise")[name]))


def is_news(text: str) -> bool:
    """Whether a word of a meeting's report is in it, which no site, column or outlet has in its name.

    >>> is_news("市政府召开会议"), is_news("部门动态")
    (True, False)
    """
    return vocabulary_re("news").search(text) is not None


SITE_END = re.compile(
    r"(?:网|站|报|库|论坛|商城|在线|平台|频道|公司|门户|博客|中心|委员会|管委会|人民政府|[厅局])$"
)
OUTLET_END = re.compile("(?:报|网|社|台|在线|发布|客户端|频道|周刊|杂志|中心)$")

# --- cuts inside kept lines ------------------------------------------------------

_SUFFIX = re.compile(
    rf" *(?:[-_|丨—–]+|--|»|>>?) *(?:[{HAN}A-Za-z0-9·]{{1,20}} *[-_|丨—–>] *)*[{HAN}A-Za-z0-9·.]{{0,24}}(?:网|网站|在线|论坛|门户|平台|政府|厅|局|委员会|管委会|报|新闻|文库|范文库|资讯|频道|中心|商城|批发|公司|站|要闻|动态|官网|发布|客户端|人民政府办公室|部|[省市县区]委办?)$"
)
# | and _ part a site's name from a headline whatever it is called.
_PIPED = re.compile(
    r" *[|_丨] *(?!.*(?:召开|会议|讲话|举行))[^|_丨。,]{2,14}$|(?: *-+ *(?!.*(?:召开|会议|讲话|举行))[^-。,]{2,12}){2,3}$"
)
_WIDGET_TAIL = re.compile(
    r" *(?:【字[体号].*|\[字[体号].*|【[大中小 ]+】.*|字[体号][:大].*|(?:浏览|点击|阅读)(?:次数|量|数)?[:(].*|\[?打印\]?|【打印】|\[关闭\]|分享到?:.*|(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})(?: +\d{1,2}:\d\d(?::\d\d)?)?)$"
)
# A brand's name or a shop's goods behind a hyphen, a separator that nothing follows.
_BRANDED = re.compile(
    rf" *[-_|丨—–·]+ *[{HAN}A-Za-z0-9]{{2,14}}(?:[(]中国[)])?(?:官方(?:网站|入口|平台)|官网|入口|APP)[^-_|]{{0,12}}$"
    rf"|(?<=[{HAN})”]) *[-_|丨–—]+ *$"
)
_HYPHENED = re.compile(
    rf" *-{{1,2}} *(?!.*(?:召开|会议|讲话|举行|会$|工作|部署|推进|[区县市省]))[{HAN}A-Za-z]{{2,10}}$"
)
_COLUMN = re.compile(
    r"^[【\[(](?:(?!紧急|公开|招标|通知|一周)[^】\])]{1,6}|\d{4}[-./]\d{1,2}[-./]\d{1,2})[】\])] *(?=.{8})"
)
# (2022年10月12日,根据录音整理,未经本人审阅): how the text was made is no deck.
_RECORDED = re.compile(
    "(?:,? *(?:根据|据)?(?:现场)?(?:录音|记录)整理)?(?:,? *未经(?:本人|领导)?(?:审阅|审核|审定))+|,? *(?:根据|据)(?:现场)?(?:录音|记录)整理"
)
_BOOK = re.compile(rf"^[{HAN}]{{2,16}} (?:正文 )?(?=第[\d一二三四五六七八九十百千]{{1,6}}章)")
_LABEL = re.compile(r"^(?:(?:文章|本文|新闻)?标 *题|肩题|引题|眉题|主题) *: *")
_PICTURED = re.compile(
    rf" *[(【\[](?:组图|多图|附图|图文?|视频|[{HAN}]{{2,10}}(?:网|日报|晚报|在线|客户端|频道|电视台))[)】\]]$"
)
# (完): an agency's mark behind its last sentence.
_DONE = re.compile("(?<=[。！？”])[（(]完[）)]$")
_BOXES = frozenset("【[\uff3b")
_OLD_TITLE = re.compile(r" *[(【\[](?:原标题|原题)[: ][^)】\]]*[)】\]] *")


@lru_cache(maxsize=256)  # each round of cleaning asks for the same lines, some of them thrice
def _title_cuts(folded: str) -> tuple[tuple[int, int], ...]:
    """What is cut from a headline: label, click-bait, 原标题, a widget, the site's name."""
    start, end = len(folded) - len(folded.lstrip()), len(folded.rstrip())
    for pattern in (_LABEL, _BOOK, _COLUMN, vocabulary_re("title_prefix"), _LABEL):
        match = pattern.match(folded[start:end])
        if match is not None and end - start - match.end() >= 4:
            start += match.end()
            start += len(folded[start:end]) - len(folded[start:end].lstrip())
    cuts = [(0, start)]
    for pattern in (_WIDGET_TAIL, _BRANDED, _SUFFIX, _PIPED, _HYPHENED):
        match = pattern.search(folded, start, end)
        if match is not None and match.start() - start >= 6 and match.start() < match.end():
            end = match.start()
    pictured = _PICTURED.search(folded[start:end])
    if pictured is not None:
        end = start + pictured.start()
    old = _OLD_TITLE.search(folded, start, end)
    if old is not None and old.start() > start:
        cuts.append((old.start(), old.end()))
    end = start + len(folded[start:end].rstrip("【[( "))
    cuts.append((end, len(folded)))
    return tuple((a, b) for a, b in cuts if b > a)


def trimmed(text: str) -> str:
    """A headline without what `trim_line` cuts.

    >>> trimmed("前沿资讯!市政府召开会议研究整改 - 某市政府网")
    '市政府召开会议研究整改'
    """
    folded = fold(text)
    out, at = [], 0
    for start, end in _title_cuts(folded):
        out.append(text[at:start])
        at = end
    out.append(text[at:])
    return "".join(out)


def trim_line(kind: LineKind, text: str) -> list[Edit]:
    """Cuts inside a kept line, sorted, each an Edit with an empty `after`.

    >>> trim_line(LineKind.TITLE, "市政府召开会议研究整改 - 某市政府网")
    [Edit(start=11, before=' - 某市政府网', after='')]
    >>> trim_line(LineKind.PARAGRAPH, "会议指出,要抓紧。")
    []
    """
    if kind not in KEPT:
        return []
    if kind in (LineKind.TITLE, LineKind.EYEBROW):
        return [Edit(start, text[start:end], "") for start, end in _title_cuts(fold(text[:_REACH]))]
    edits = []
    if kind is LineKind.DECK and (noted := _RECORDED.search(fold(text))) is not None:
        edits.append(Edit(noted.start(), text[noted.start() : noted.end()], ""))
    if kind in (LineKind.PARAGRAPH, LineKind.DECK, LineKind.WHO) and text[:1] in _BOXES:
        boxed = re.match(r"[【\[](?:内容|正文|副标题|副题)[】\]] *:? *", fold(text[:20]))
        if boxed is not None and boxed.end() < len(text):
            edits.append(Edit(0, text[: boxed.end()], ""))
    if kind is LineKind.PARAGRAPH and (done := _DONE.search(text, max(0, len(text) - 6))) is not None:
        edits.append(Edit(done.start(), done[0], ""))
    if kind is LineKind.HEADING:
        match = re.match(r"^[ \u3000]*[◇◆●■□★☆▲] *", text)
        if match is not None:
            edits.append(Edit(0, match[0], ""))
    return edits
