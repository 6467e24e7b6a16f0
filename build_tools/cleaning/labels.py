"""Lines of labelled fields: which lines they are, and where each value begins and ends.

A label's value ends where the next label, a date or a widget begins, so glued lines
(`2021-03-22 13:51来源:某报编辑:甲`) come apart by themselves. Labels: `data/labels.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from build_tools.cleaning.dates import fold, parse_date
from build_tools.cleaning.trim import OUTLET_END, is_news
from build_tools.core.text import HAN, matches
from build_tools.core.vocabulary import load


class MetaField(NamedTuple):
    """One labelled value of a meta line; `key` is a key of labels.yml, `start` the value's offset."""

    key: str
    label: str
    value: str
    start: int


# In this order where a label is of two.
_KEYS = ("original_title", "published", "published_late", "published_made", "crawled", "source", "source_reprint",
         "source_weak", "authors", "editors", "others", "views", "tags", "title")  # fmt: skip


def _longest_first(words: str) -> list[str]:
    return sorted(map(re.escape, words.split()), key=len, reverse=True)


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of every label before its colon, and which key each label is of."""
    words = load("labels")
    key_of = {label: key for key in reversed(_KEYS) for label in words[key].split()}
    # 来 源: a short label may be set wide; 例行新闻发布会 时间: is none.
    spaced = (
        (" {0,6}" if len(label) <= 4 else "").join(map(re.escape, label))
        for label in sorted(key_of, key=len, reverse=True)
    )
    # 浏览()次, 点击【】 come without a colon; 转载自某报 and 来源 某报 too, but only where a field starts.
    views = "|".join(_longest_first(words["views"]))
    pattern = rf"(?P<label>{'|'.join(spaced)}) {{0,4}}[:丨]|(?P<bare>{views}) {{0,2}}(?=[(\[【] ?\d* ?[)\]】]|\d+ ?次?(?:$| ))"
    return re.compile(pattern), key_of


@cache
def _counts() -> re.Pattern[str]:
    """The words of view counts, which need no colon."""
    return re.compile("|".join(_longest_first(load("labels")["views"])))


@cache
def _label_starts() -> re.Pattern[str]:
    """The first two characters of a label, which may be set apart."""
    every = sorted({label for key in _KEYS for label in load("labels")[key].split()})
    return re.compile(
        "|".join(
            f"{re.escape(first)}(?=[{re.escape(''.join({label[1:2] or ':丨' for label in labels}))} ])"
            for first, labels in groupby(every, key=lambda label: label[0])
        )
    )


@cache
def _boxed_labels() -> re.Pattern[str]:
    # 【转载】 and 【标题】 before a headline are marks of the headline.
    known = (w for w, key in _labels()[1].items() if key not in ("source_reprint", "title", "original_title"))
    labels = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    # [记者]:今年目标如何? is a question of a press conference.
    return re.compile(rf"【(?P<box>{labels})】(?! ?:)|[【\[](?!记者)(?P<named>{labels})[】\]](?= ?:)")


def labels(folded: str) -> list[re.Match[str]]:
    """Every known label with its colon, and every view count, in a folded line."""
    if ":" not in folded and "丨" not in folded and not _counts().search(folded):
        return []
    return list(matches(_label_starts(), _labels()[0], folded))


def label_pattern() -> re.Pattern[str]:
    """Where a known label with its colon, or a view count, begins and ends in a folded line."""
    return _labels()[0]


def label_words() -> Mapping[str, str]:
    """Every label, without its colon, and the key of labels.yml that it is of."""
    return _labels()[1]


UNKNOWN_LABEL = re.compile(rf"(?:^|(?<=[ |;]))[{HAN}]{{2,6}} ?:(?=[^/]|$)")
# Without one of these no field stands in a line: most lines of a body are settled here. Each begins with a class or
# a character, so that it is found in one pass.
_SIGN = re.compile(r"[:丨|\d】]|[一二][〇○零O]")
_EMPTY = re.compile(r"[\[【(] ?[)\]】]")
_WORD = re.compile("(?:编辑|责编|审核|校对|来源|作者|稿源)[ /]")
_FROM = re.compile("转载自|转自|摘自|选自|来自|原载")
_NO_COLON = re.compile(
    r"^[(\[【 ]*(?:本版责编|本版编辑|责任编辑|责编|编辑|审核|校对|来源|作者|稿源) *[ |](?=[ |]*[^ :|]{2,15}[)\]】 ]*$)"
)
_BARE = re.compile(
    r"(?:^|(?<=[ |(【\[]))(?P<label>记者|通讯员|责任编辑|责编|编辑|编审|审核|核发|校对|值班主任|值班编辑|监制|签发|来源|稿源|作者|摄影|撰稿|撰文)(?: ?[/|] ?| )"
    rf"(?=[{HAN}]{{2,10}}(?: |$|[|)\]】/]))"
)
_TOLD = re.compile(
    rf"^[(【\[]?(?P<label>转载自|转自|摘自|选自|本文转自|本文来自|文章来自|原载于?) ?[丨│|]? ?(?P<value>[{HAN}A-Za-z0-9“”·]{{2,20}})[)】\]]?$"
)
_BY = re.compile("(?:见习|实习|全媒体|融媒体)?(?:记者|通讯员)|摄影")
_CUT = re.compile(
    r"【|\[|\||>>|打印|列印|分享到|收藏|我要评论|我要纠错|字号|字体|浏览|点击|阅读|人气|访问量| {2,}(?=\d{4}[-年/.])|(?:19|20)\d\d[-/年.]\d"
)
_SENTENCE = re.compile(r"[。?!;]|,.*,")
_AFTER_BRACKET = re.compile(
    rf"^[^(]*\)[{HAN}]{{2}}(?:[{HAN}]{{6}}|[{HAN}]*[,、][{HAN}]{{6}})"
)  # (记者 甲)经党中央、国务院批准…
EDGE = " ,;|丨/·-—_()[]【】<>《》\"'"
# • 来源:某报: a bullet before a label.
_BULLET = re.compile(r"^ *[-·•*◆◇●○■□▪►▶※★☆◎]{1,2} *(?=[^ ])")
WIDE_EDGE = EDGE + "\u3000\u00a0\uff08\uff09\uff0c\uff1b\uff1a"


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    """A value's span without blanks and marks at its edges; a bracket that closes one of its own stays.

    >>> "来源：(某报（网）)"[slice(*_trim("来源：(某报（网）)", 3, 10))]
    '某报（网）'
    """
    while start < end and line[start] in WIDE_EDGE:
        start += 1
    while start < end and line[end - 1] in WIDE_EDGE:
        value = line[start:end]
        opened = value.count("(") + value.count("\uff08")
        if line[end - 1] in ")\uff09" and opened >= value.count(")") + value.count("\uff09") > 0:
            break
        end -= 1
    return start, end


def _without_widgets(value: str) -> str:
    """A source's name without the buttons that stand behind it.

    >>> _without_widgets("中国新闻网 参与互动"), _without_widgets("人民网-人民日报 小"), _without_widgets("微信 大众网")
    ('中国新闻网', '人民网-人民日报', '微信 大众网')
    """
    words = value.split(" ")
    while len(words) > 1 and (not words[-1] or words[-1] in _widgets()):
        words.pop()
    return " ".join(words)


_BRACKETS = re.compile(r"^[(\[【〔<] ?(.*?) ?[)\]】〕>]?$", re.S)


def unwrap(line: str) -> str:
    """Without one pair of brackets around the whole line: `(责任编辑:甲)` → `责任编辑:甲`."""
    match = _BRACKETS.match(line)
    return match[1] if match and line.count(line[0]) == 1 else line


@lru_cache(
    maxsize=512
)  # asked while a page is laid out, and for its fields; a site's labels are the same on its pages
def parse_meta(line: str) -> tuple[MetaField, ...] | None:
    """The fields of a meta line in order, or None when the line is no meta line.

    A line is one when it begins with a known label or a date and no sentence stands in it.

    >>> [(f.label, f.value) for f in parse_meta("2021-03-22 13:51来源: 中国环境报编辑:雪儿")]
    [('来源', '中国环境报'), ('编辑', '雪儿')]
    >>> parse_meta("南方日报记者:近期臭氧污染多发,请问下半年有什么措施?") is None
    True
    """
    if len(line) > 400:
        return None
    folded = _BULLET.sub(lambda match: " " * len(match[0]), fold(line))
    body = folded.strip()
    if not body or "。" in body[:-1]:
        return None
    if not (_SIGN.search(body) or _EMPTY.search(body) or _WORD.search(body) or _FROM.search(body)):
        return None
    told = _TOLD.match(body) if len(body) <= 40 else None
    if told is not None:  # (转载自某网站)
        start = folded.index(body) + told.start("value")
        end = start + len(told["value"])
        return (MetaField("source_reprint", told["label"], line[start:end], start),)
    folded = _with_colons(folded)
    hits = [(m.start(), m.end(), (m["label"] or m["bare"]).replace(" ", "")) for m in labels(folded)]
    if not hits:
        return _unlabelled(line, folded, body)
    fields = _fields(line, folded, hits)
    whole = _leads_with_fields(folded, hits) and all(map(_is_value, fields))
    return tuple(fields) if whole else None


def _with_colons(folded: str) -> str:
    """Labels in a box or before a bar or blank, as if a colon stood behind them; offsets stay."""
    if "【" in folded or "[" in folded:  # 【作者】某人, [作者]:某人
        folded = _boxed_labels().sub(lambda m: f" {m['box']}:" if m["box"] else f" {m['named']} ", folded)
    spaced = _NO_COLON.match(folded)
    if spaced is not None:  # 责任编辑 甲, 编辑 | 甲
        folded = f"{folded[: spaced.end() - 1]}:{folded[spaced.end() :]}"
    bare = list(_BARE.finditer(folded)) if " " in folded or "/" in folded or "|" in folded else []
    if bare and (len(bare) >= 2 or labels(folded) or parse_date(folded)):
        for match in bare:  # 责编 / 青山 核发 / 绿水, 2022-12-02 记者 甲 编辑 乙
            at = match.end("label")
            folded = f"{folded[:at]}:{' ' * (match.end() - at - 1)}{folded[match.end() :]}"
    return folded


def _fields(line: str, folded: str, hits: Sequence[tuple[int, int, str]]) -> list[MetaField]:
    """The value of each label, to the next label, known or not."""
    _, key_of = _labels()
    unknown = (
        m for m in UNKNOWN_LABEL.finditer(folded) if not any(m.start() < at < m.end() for at, _, _ in hits)
    )
    stops = sorted({h[0] for h in hits} | {m.start() for m in unknown} | {len(folded)})
    fields: list[MetaField] = []
    for start, end, label in hits:
        if fields and start < fields[-1].start:
            continue
        key = key_of.get(label, "others")
        titled = key in ("title", "original_title")
        value = folded[end:] if titled else folded[end : next((s for s in stops if s >= end), len(folded))]
        if not titled and not key.startswith("published") and key not in ("crawled", "views"):
            cut = _CUT.search(value, len(value) - len(value.lstrip(" 【[|")))
            value = value[: cut.start()] if cut is not None else value
        if key.startswith("source"):
            value = _without_widgets(_BY.split(value, maxsplit=1)[0])
        offset, stop = _trim(line, end, end + len(value))
        fields.append(MetaField(key, label, line[offset:stop], offset))
        if titled:
            break
    return fields


def _leads_with_fields(folded: str, hits: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a line begins with its fields: a label, a date, a site's stamp, no prose between."""
    skipped = len(folded) - len(folded.lstrip("([【〔<* "))
    first = hits[0][0]
    if first <= skipped + 1:
        return True
    dates = parse_date(folded)
    led = len(_names_beside(folded[: dates[0].start])) <= 1 if dates and dates[0].start < first else False
    at_start = dates and (
        dates[0].start <= min(skipped + 14, first) or (led and _BESIDE.search(folded[:first]))
    )
    if not at_start and not (len(hits) >= 2 and first <= skipped + 30):
        return False
    return not (dates and dates[0].start < first and _prose_between(folded[dates[0].end : first]))


def _is_value(field: MetaField) -> bool:
    """Whether a field's value is one and no sentence."""
    if field.key in ("title", "original_title", "tags", "views"):
        return True
    value = fold(field.value)
    return not (_SENTENCE.search(value) or _AFTER_BRACKET.search(value) or len(value) > 60)


# What may stand beside a date of publishing: an address, a time, the page of a paper; a weekday, what else is no name.
_BESIDE = re.compile(
    r"(?:https?://|www\.)[^\s|)\]】]+|\d{1,2}:\d\d(?::\d\d)?|(?:第 ?\w{1,4}|[A-Z]?\d{1,2}) ?版(?::[^ ]{0,8})?"
    rf"|发表于 ?[{HAN}]{{2,8}} *$"
)
_FILLING = re.compile(
    r"(?:浏览量?|阅读|点击|人气)[ :()\[\]【】]*\d*次?|(?:星期|周)[一二三四五六日天]|[上下](?:午|一版)|[时分秒次]|AM|PM|T(?=\d\d:)"
)
_SAID = re.compile("[A-Za-z0-9_]{0,16}|(?:发表|发布|更新|公开|刊发)?(?:时间|日期)?于?|今天是")
_PIECE = re.compile(rf"[{HAN}\w“”·+-]*[{HAN}A-Za-z][{HAN}\w“”·+-]*")
_NAMED_END = re.compile(
    "(?:[局厅部办委处科网报社台]|政府|中心|办公室|委员会|公司|在线|发布|客户端|频道|周刊|杂志)$"
)
_SHORT_DATE = re.compile(rf"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?: +\d\d:\d\d)?(?: +[{HAN}]{{2,12}})?")


def _names_beside(text: str) -> list[str]:
    """The names of a site, an outlet or an account in what leads or follows a date."""
    text = _BESIDE.sub(" ", _FILLING.sub(" ", text))
    pieces = [] if _SAID.fullmatch(text.strip(EDGE + ":.")) else _PIECE.findall(text)
    return [piece for piece in pieces if piece not in _widgets()]


def _unlabelled(line: str, folded: str, body: str) -> tuple[MetaField, ...] | None:
    """The outlet of a line that says when the page was published and where, nothing of a bare date, None of any other line.

    >>> [parse_meta(t) is None for t in ("北湖发布 2024-05-24 06:30 北湖", "2022年03月16日 梅陵日报 A1版", "2024年3月5日 市政府")]
    [False, False, True]
    """
    spans = parse_date(folded)
    if not spans:
        return () if _SHORT_DATE.fullmatch(body) else None
    before, after = folded[: spans[0].start], folded[spans[0].end :]
    if len(spans) > 1 or len(body) > 100 or re.search("[,。]|农历", body) or is_news(body):
        return None
    sites, outlets = _names_beside(before), _names_beside(after)
    outlet = outlets[0] if outlets else ""
    told = _BESIDE.search(before) or _BESIDE.search(after) or (body[0] in "([【" and body[-1] in ")]】")
    if len(sites) > (1 if outlet else 3) or len(outlets) > 1 or len("".join(sites)) > 24:
        return None
    if not told and not all(map(_NAMED_END.search, sites)):
        return None
    if outlet and not OUTLET_END.search(outlet):
        return () if told else None
    return (MetaField("source_weak", "", outlet, folded.index(outlet, spans[0].end)),) if outlet else ()


def _prose_between(text: str) -> bool:
    return len(re.findall(f"[{HAN}]", text)) > 12


@cache
def _widgets() -> frozenset[str]:
    return frozenset(load("noise")["widget"].split())
