"""Head and tail fields: title, publish date, source, authors, editors, the page's own site.

`parse_meta` tells whether a line is a line of fields and which; `layout` asks it too.
`read_fields` reads one cleaned page. A label's value ends where the next label, a date or a
widget begins, so glued lines (`2021-03-22 13:51来源:某报编辑:甲`) come apart by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from build_tools.dates import dateline_day, fold, parse_date, published_of
from build_tools.models import Cleaned, Decoded, Evidence, Fact, Line, LineKind
from build_tools.text import HAN, block_ids
from build_tools.vocabulary import load


class MetaField(NamedTuple):
    """One labelled value of a meta line; `key` is a key of meta.yml, `start` the value's offset."""

    key: str
    label: str
    value: str
    start: int


_KEYS = (
    "original_title",
    "published",
    "published_late",
    "crawled",
    "source",
    "source_reprint",
    "authors",
    "editors",
    "others",
    "views",
    "tags",
    "title",
)


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of every label before its colon, and which key each label is of."""
    words = load("meta")
    key_of = {label: key for key in reversed(_KEYS) for label in words[key]}
    spaced = (" {0,6}".join(map(re.escape, label)) for label in sorted(key_of, key=len, reverse=True))
    # 浏览()次, 点击【】 come without a colon; 转载自某报 and 来源 某报 too, but only where a field starts.
    views = "|".join(sorted(map(re.escape, words["views"]), key=len, reverse=True))
    pattern = rf"(?P<label>{'|'.join(spaced)}) {{0,4}}[:丨]|(?P<bare>{views}) {{0,2}}(?=[(\[【] ?\d* ?[)\]】]|\d+ ?次?(?:$| ))"
    return re.compile(pattern), key_of


def label_pattern() -> re.Pattern[str]:
    """Where a known label with its colon, or a view count, begins and ends in a folded line."""
    return _labels()[0]


_UNKNOWN = re.compile(rf"(?:^|(?<=[ |;]))[{HAN}]{{2,6}} ?:(?=[^/]|$)")
# Without one of these no field stands in a line: most lines of a body are settled here.
_SIGN = re.compile(r"[:丨|\d]|[\[【(] ?[)\]】]|(?:编辑|责编|审核|校对|来源|作者|稿源) ")
_NO_COLON = re.compile(
    r"^[(\[【 ]*(?:责任编辑|责编|编辑|审核|校对|来源|作者|稿源) *[ |](?=[ |]*[^ :|]{2,15}[)\]】 ]*$)"
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_CUT = re.compile(
    r"【|\[|\||>>|打印|列印|分享到|收藏|我要评论|我要纠错|字号|字体|浏览|点击|阅读|人气|访问量| {2,}(?=\d{4}[-年/.])|(?:19|20)\d\d[-/年.]\d"
)
_SENTENCE = re.compile(r"[。?!;]|,.*,")
_EDGE = " ,;|/·-—_()[]【】<>《》\"'"
_WIDE_EDGE = _EDGE + "\u3000\u00a0\uff08\uff09\uff0c\uff1b\uff1a"


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    """A value's span without blanks and marks at its edges; a bracket that closes one of its own stays.

    >>> "来源：(某报（网）)"[slice(*_trim("来源：(某报（网）)", 3, 10))]
    '某报（网）'
    """
    while start < end and line[start] in _WIDE_EDGE:
        start += 1
    while start < end and line[end - 1] in _WIDE_EDGE:
        value = line[start:end]
        opened = value.count("(") + value.count("\uff08")
        if line[end - 1] in ")\uff09" and opened >= value.count(")") + value.count("\uff09") > 0:
            break
        end -= 1
    return start, end


_BRACKETS = re.compile(r"^[(\[【〔<] ?(.*?) ?[)\]】〕>]?$", re.S)


def unwrap(line: str) -> str:
    """Without one pair of brackets around the whole line: `(责任编辑:甲)` → `责任编辑:甲`."""
    match = _BRACKETS.match(line)
    return match[1] if match and line.count(line[0]) == 1 else line


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
    folded = fold(line)
    body = folded.strip()
    if not body or ("。" in body and not body.endswith("。")):
        return None
    if not _SIGN.search(body):
        return None
    spaced = _NO_COLON.match(folded)
    if spaced is not None:  # 责任编辑 甲, 编辑 | 甲
        folded = f"{folded[: spaced.end() - 1]}:{folded[spaced.end() :]}"
    pattern, key_of = _labels()
    hits = [(m.start(), m.end(), re.sub(" ", "", m["label"] or m["bare"])) for m in pattern.finditer(folded)]
    stops = sorted({h[0] for h in hits} | {m.start() for m in _UNKNOWN.finditer(folded)} | {len(folded)})
    fields: list[MetaField] = []
    for start, end, label in hits:
        if fields and start < fields[-1].start:
            continue
        stop = next((s for s in stops if s >= end), len(folded))
        key = key_of.get(label, "others")
        value = folded[end:stop]
        if key not in ("published", "published_late", "crawled", "views"):
            cut = _CUT.search(value)
            if cut is not None and key not in ("title", "original_title"):
                value = value[: cut.start()]
        if key in ("title", "original_title"):
            value = folded[end:]
        offset, stop = _trim(line, end, end + len(value))
        fields.append(MetaField(key, label, line[offset:stop], offset))
        if key in ("title", "original_title"):
            break
    lead = body.lstrip("([【〔<* ")
    skipped = len(folded) - len(folded.lstrip()) + len(body) - len(lead)
    first = hits[0][0] if hits else None
    dates = parse_date(folded)
    if first is None:
        return () if dates and _only_date(folded) else None
    at_start = first <= skipped + 1 or (
        bool(dates) and dates[0].start <= skipped + 14 and dates[0].start <= first
    )
    if not at_start and not (len(hits) >= 2 and first <= skipped + 30):
        return None
    if (
        first > skipped + 1
        and dates
        and dates[0].start < first
        and _prose_between(folded[dates[0].end : first])
    ):
        return None
    for field in fields:
        loose = field.key in ("title", "original_title", "tags", "views")
        if not loose and (_SENTENCE.search(fold(field.value)) or len(field.value) > 60):
            return None
    return tuple(fields)


def _prose_between(text: str) -> bool:
    return len(re.findall(f"[{HAN}]", text)) > 12


_DATE_REST = re.compile(
    r"^[ \-|/·()\[\]【】<>:,.]*(?:(?:星期|周)[一二三四五六日天])?[ \-|/()\[\]【】<>:,.T\dZ+]*(?:上午|下午|AM|PM|时|分|秒|次|浏览量?|阅读|点击|人气|[ \-|/()\[\]【】<>:,.\d])*$"
)


def _only_date(folded: str) -> bool:
    """Whether nothing but a date, a time and a count stands in the line (before it, at most an account's name)."""
    span = parse_date(folded)[0]
    before, after = folded[: span.start].strip(" -|/()[]【】<>:."), folded[span.end :]
    if re.search(rf"^[ \d:]*发表于 ?[{HAN}]{{2,8}} *$", after) and "," not in before:
        return True  # 原创 某人 某号 2023-07-18 20:00 发表于北京
    known = re.fullmatch(
        r"[A-Za-z0-9_]{0,16}|(?:发表|发布|更新|时间|日期|星期.|[ :])*(?:于|时间)?|今天是|公开|刊发", before
    )
    if not known and not re.fullmatch(
        rf"[{HAN}]{{2,16}}(?:局|厅|部|办|委|处|科|政府|中心|办公室|委员会|网|报|社|台|公司)", before
    ):
        return False
    if _DATE_REST.match(after):
        return True
    rest = _TIME.sub(" ", after, count=1)
    return all(piece in _widgets() or piece.isdigit() for piece in re.findall(rf"[\w{HAN}+]+", rest))


@cache
def _widgets() -> frozenset[str]:
    return frozenset(load("noise")["widget"].split())


# --- names of authors ----------------------------------------------------------


@cache
def _nobody() -> frozenset[str]:
    return frozenset(load("meta")["nobody"])


@cache
def _roles() -> str:
    return "|".join(sorted(load("meta")["reporter_roles"], key=len, reverse=True))


@cache
def _role_re() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[{HAN}]{{0,12}}?(?:报社?|网|社|台|中心|本刊|客户端|新闻|融媒|传媒|发布|广电|号)(?:驻[{HAN}]{{2,4}})?)?(?:{_roles()})"
    )


_NAME = re.compile(rf"[{HAN}]{{1,12}}(?:[·•‧.][{HAN}]{{1,10}})*|[A-Za-z][A-Za-z .·]{{2,30}}")


def split_names(value: str) -> list[str]:
    """Names of an author field: parted by blanks or marks; `张 三` with a blank inside is one name.

    >>> split_names("本报记者 杨帆 张珺 通讯员 李 四"), split_names("佚名")
    (['杨帆', '张珺', '李四'], [])
    """
    text = _role_re().sub(" ", fold(value))
    text = re.sub(
        r"\([^)]*\)|(?:(?<=[ /、,|])|^)(?:文|图|摄影|整理|报道|采写|摄)(?=$|[ /、,|])|(?:整理|报道|采写|摄影|供稿|撰稿|撰文|图文|文图)$",
        " ",
        text,
    )
    tokens = [t for t in re.split(r"[ 、,;/|&:]+|(?<=[\u4e00-\u9fff]{2})和(?=[\u4e00-\u9fff]{2})", text) if t]
    out: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index].strip(_EDGE + "*□■◎●▲.")
        if len(token) == 1 and index + 1 < len(tokens) and len(tokens[index + 1]) == 1:
            token += tokens[index + 1]
            index += 1
        index += 1
        if (
            len(token) > 1
            and _NAME.fullmatch(token)
            and token not in _nobody()
            and token.lower() not in _nobody()
        ):
            out.append(token)
    return list(dict.fromkeys(out))


@cache
def _places() -> frozenset[str]:
    words = load("places")
    return frozenset(f"{words['provinces']} {words['cities']}".split())


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    words = load("surnames")
    single = frozenset(c for c in f"{words['single']}{words.get('soft', '')}" if c.strip())
    return single, frozenset(words["compound"].split())


def _looks_like_name(text: str) -> bool:
    single, compound = _surnames()
    return bool(re.fullmatch(f"[{HAN}]{{2,4}}", text)) and (
        (text[:2] in compound and len(text) in (3, 4)) or (text[0] in single and len(text) in (2, 3))
    )


def split_place(text: str) -> str:
    """The name in a name glued to a place: `乙丙西宁` → `乙丙`.

    >>> split_place("张三西宁"), split_place("欧阳小明北京"), split_place("李四光")
    ('张三', '欧阳小明', '李四光')
    """
    for cut in range(2, len(text)):
        place = text[cut:]
        if place in _places() or (len(place) >= 2 and place[-1] in "省市县区州盟旗镇"):
            return text[:cut]
    if len(text) <= 4 or not _surnames()[1].isdisjoint({text[:2]}):
        return text[:4]
    return text[:3]


# --- bylines and datelines -----------------------------------------------------

_OUTLET_END = "日报|晚报|早报|晨报|时报|周报|商报|都市报|导报|快报|报|新华社|通讯社|社|网|电视台|广播电台|广播电视台|总台|卫视|融媒体中心|融媒体|融媒|传媒|客户端|公众号|频道|新闻|在线|发布|全媒体"
_DATELINE = re.compile(
    rf"^[ 【\[(?]*(?P<head>[{HAN}·“”]{{2,30}}?)(?: {{0,3}}(?:(?:19|20)\d\d年)?\d{{1,2}}月\d{{1,2}}日(?: {{0,2}}[{HAN}]{{0,4}}))? {{0,3}}"
    r"(?:讯(?!员|息)|电(?!视|话|力|子|网|价|商|动|影)|消息(?=[,:( ]))[】\])]?"
)
_LEAD_BYLINE = re.compile(
    rf"^[ 【\[(?]*(?P<outlet>[{HAN}·]{{2,16}}?(?:报|网|社|台|中心|客户端|传媒|新闻))?(?P<rest>(?:首席|见习|实习|特约|全媒体|融媒体|本报|本网)*(?:记者|通讯员)[^,。:;]{{2,60}}?)(?:报道|摄影报道|(?<=[日])电|讯(?!员|息))"
)
_PAREN = re.compile(r"[(【\[]([^()【】\[\]]{2,90})[)】\]]")
_SLASH = re.compile(
    rf"^(?:[(\[【] ?)?(?P<names>[{HAN}]{{2,4}}(?:[ 、,]+[{HAN}]{{2,4}}){{0,4}}) ?/ ?(?:文|撰文|撰稿)|(?:^|[ (])(?:文|撰文|图文|文图|图/文|文/图) ?[/| ] ?(?P<after>[{HAN}]{{2,4}}(?:[ 、,]+[{HAN}]{{2,4}}){{0,4}})(?=$|[ )]|图)"
)
_GENERIC = frozenset("本报 本网 本台 本刊 本站 本社 网 报 社 本".split())


def dateline_outlet(text: str) -> tuple[str, int] | None:
    """The outlet of a dateline and its offset, or None; 本报 and 本网 name no outlet.

    >>> dateline_outlet("重庆日报讯 (记者 杨帆)2月23日,会议召开。"), dateline_outlet("新华社北京1月5日电 会议")
    (('重庆日报', 0), ('新华社', 0))
    >>> dateline_outlet("本报南宁讯(记者 甲)6月12日上午") is None
    True
    """
    head = fold(text[:120])
    match = _DATELINE.match(head) or _LEAD_BYLINE.match(head)
    if match is None:
        return None
    groups = match.groupdict()
    name = groups.get("head") or groups.get("outlet") or ""
    if not name or re.match("本[报网台刊站社]", name):
        return None
    name = re.split(_roles(), name, maxsplit=1)[0]
    ends = [m.end() for m in re.finditer(_OUTLET_END, name)]
    if not ends or ends[-1] < 3:
        return None
    outlet = name[: ends[-1]]
    at = head.find(outlet)
    return outlet, at


def _without_place(name: str) -> str:
    """A name without a well-known place glued behind it: `费树成成都` → `费树成`."""
    return next((name[:cut] for cut in (2, 3, 4) if name[cut:] in _places()), name)


def _role_names(inside: str) -> list[str]:
    """Names after each role word of a byline: `记者 甲 乙 通讯员 丙` → 甲 乙 丙; photographers are left out."""
    inside = re.sub(rf"(?:摄影|摄像|图|摄) ?[/:]? ?[{HAN} ]{{2,20}}$", "", inside)
    places = _places() if inside.rstrip().endswith("报道") else frozenset()
    return [_without_place(name) for name in split_names(inside) if name not in places]


def bylines(text: str, *, lead: bool = True, tail: bool = True) -> Iterator[tuple[str, int]]:
    """Authors named in the first or last words of a paragraph, or in a byline line, with the byline's offset.

    >>> [n for n, _ in bylines("青海日报见习记者张三 通讯员李四西宁报道 1月11日,会议召开。")]
    ['张三', '李四']
    >>> [n for n, _ in bylines("重庆日报讯 (记者 杨帆 张珺)2月23日,会议召开。")]
    ['杨帆', '张珺']
    >>> [n for n, _ in bylines("市领导出席会议。(记者 欧阳小明)", lead=False)]
    ['欧阳小明']
    """
    role = re.compile(_roles())
    if lead:
        head = fold(text[:160])
        opening = _LEAD_BYLINE.match(head)
        if opening is not None:
            rest = opening["rest"]
            for piece in re.split(r"[ 、]+", _role_re().sub(" ", rest)):
                name = re.sub(r"\d.*$", "", piece)
                if len(name) >= 2:
                    yield (split_place(name) if len(name) > 3 else name), opening.start("rest")
        for match in _PAREN.finditer(head):
            if role.search(match[1]) and match.start() <= 60:
                for name in _role_names(match[1]):
                    yield name, match.start()
        spread = re.match(
            rf"^ *[{HAN}]{{2,16}}讯 +((?:{_roles()}) *[^,。:(]{{2,40}}?)(?:报道|[,:]| {{2,}}|(?=\d))", head
        )
        if spread is not None:
            for name in _role_names(spread[1]):
                yield name, spread.start(1)
    if tail:
        cut = max(0, len(text) - 100)
        foot = fold(text[cut:]).rstrip()
        for match in _PAREN.finditer(foot):
            if match.end() < len(foot) - 1:
                continue
            inside = re.sub("^(?:文|来源|通讯|供稿|撰稿|撰文|作者|文字)[:/ ]+", "记者 ", match[1])
            if role.search(inside):
                for name in _role_names(inside):
                    yield name, cut + match.start()
            elif (parts := re.split("[ 、]+", inside.strip())) and all(map(_looks_like_name, parts)):
                for name in parts:
                    yield name, cut + match.start()
        for pattern in (rf"(?:作者|文/|撰稿|撰文|通讯员|记者|供稿)[:: ]*([{HAN} 、]{{2,30}})$",):
            found = re.search(pattern, foot)
            if found is not None and re.search(r"[。!?”] *$", foot[: found.start()]):
                for name in split_names(found[1]):
                    yield name, cut + found.start()


def byline_line(line: str) -> bool:
    """Whether a line is nothing but a byline: `(记者 甲 乙)`, `甲/文 乙/图`, `本报记者 甲`, `甲摄`.

    >>> [byline_line(x) for x in ("(记者 盖文博)", "文/张三 图/李四", "本报记者 王五 通讯员 赵六", "李四 摄")]
    [True, True, True, True]
    >>> byline_line("记者从会上获悉,全省优良天数增加")
    False
    """
    text = unwrap(fold(line).strip())
    if not 2 <= len(text) <= 80 or re.search("[。,;!?]", text):
        return False
    text = text.lstrip("□■◎●▲*·—- ")
    if _SLASH.search(text) or re.fullmatch(rf"[{HAN} 、]{{2,24}}?[ /]*(?:摄影报道|摄影|摄|供图|/图)", text):
        return True
    if re.fullmatch(rf"[{HAN} 、]{{2,20}} ?(?:供稿|撰稿|撰文|文图|图文)", text):
        return True
    match = _role_re().match(text)
    if match is None:
        return False
    rest = _role_re().sub(" ", text)
    rest = re.sub("(?:报道|摄影报道|文/图|图/文|文|图|摄影|摄|实习|整理)", " ", rest)
    tokens = re.split("[ 、/:|]+", rest.strip())
    return bool(tokens) and all(re.fullmatch(rf"[{HAN}·]{{1,4}}", _without_place(token)) for token in tokens)


# --- all fields of a page --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fields:
    """What the head and the tail of one page say; `site` is the page's own site, `reprint` a 转载 or 转自 mark."""

    title: Fact[str] | None = None
    eyebrow: str | None = None
    decks: tuple[str, ...] = ()
    published: Fact[str] | None = None
    source: Fact[str] | None = None
    dateline_outlet: Fact[str] | None = None
    authors: tuple[Fact[str], ...] = ()
    editors: tuple[Fact[str], ...] = ()
    tags: tuple[str, ...] = ()
    site: Fact[str] | None = None
    reprint: bool = False
    truncated: bool = False


_SITE_WORD = rf"[{HAN}A-Za-z0-9]{{1,20}}?(?:门户网站|公众网|政务网|政府网|网站|网|在线|论坛|日报|晚报|新闻|平台|商城|文库|材料铺|转载库|资讯站|公众号)"
_TRUNCATED = re.compile(
    "预览结束|试读|剩余.{0,10}(?:未读|可|需)|未完|付费阅读|付费内容|会员专享|下载全文|获取全文|全文.{0,4}下载|登录后(?:查看|阅读|下载)"
)
_REPRINT = re.compile(r"转载(?!请|须|需|必|时|或|的|和|、|使用)|转自|转帖|转发自|摘自|来源于?网络|本文来自")
_NO_SOURCE = re.compile(
    r"^(?:本站|本网|本网站|本报|原创|网络|互联网|未知|不详|本站原创|网络转载|转载|其他|其它|佚名|综合|本局|本网原创|www\..*|http.*)$"
)


def _metas(dropped: Iterable[Line]) -> Iterator[tuple[str, MetaField]]:
    for line in dropped:
        if line.kind in (LineKind.META, LineKind.BYLINE, LineKind.FOOTER, LineKind.ADVERT):
            for field in parse_meta(line.text) or ():
                yield line.text, field


def _fact(
    value: str, rule: str, where: str, quote: str, start: int = 0, *, inferred: bool = False
) -> Fact[str]:
    return Fact(value, Evidence(rule, where, quote, start), inferred)


def _source(metas: Sequence[tuple[str, MetaField]], dropped: Sequence[Line]) -> Fact[str] | None:
    for key in ("source", "source_reprint"):
        for _, field in metas:
            value = field.value
            if field.key == key and value and not _NO_SOURCE.match(value) and not parse_date(value):
                return _fact(value, f"source_{key}", "meta", f"{field.label}:{field.value}", field.start)
    for line in dropped:
        # A footer tells it in a sentence: 【免责声明】本文转自:某周刊.
        found = re.search(
            rf"(?:转载自|转自|摘自|(?<!资料)来源) ?: ?([{HAN}A-Za-z0-9]{{2,20}})", fold(line.text[:200])
        )
        if line.kind in (LineKind.FOOTER, LineKind.ADVERT) and found is not None:
            if not _NO_SOURCE.match(found[1]):
                return _fact(found[1], "source_footer", "meta", found[0], found.start(1))
    for _, field in metas:
        # 标签:党课素材网 — a model-speech site names itself as a tag.
        if field.key == "tags" and re.fullmatch(_SITE_WORD, fold(field.value)) and len(field.value) >= 3:
            return _fact(field.value, "source_tag", "meta", f"{field.label}:{field.value}", field.start)
    return None


def _infer_title(first: str) -> str | None:
    """The nucleus of a report's first sentence: up to the clause that tells what met.

    >>> _infer_title("5月3日,市政府召开第5次常务会议,研究某事。")
    '市政府召开第5次常务会议'
    """
    sentence = re.split(r"[。!?]", first[:400], maxsplit=1)[0]
    folded = fold(sentence)
    start = 0
    lead = re.match(
        r"^.{0,60}?(?:讯|报道|电)(?: *[(][^)]*[)])? *(?=\d|今|昨|近|日前)|^ *[(][^)]*[)] *", folded
    )
    if lead is not None:
        start = lead.end()
    day = re.match(
        r" *(?:(?:\d{4}年)?(?:\d{1,2}月)?\d{1,3}日(?:[至到~—\-]+(?:\d{1,2}月)?\d{1,2}日)?|昨[天日]|今[天日]|近日|日前|近期|日前|本周.?)(?:[(][^)]*[)])?(?:上午|下午|晚上?|中午)?[, ]*",
        folded[start:],
    )
    if day is not None:
        start += day.end()
    clauses = [m for m in re.finditer("[^,]+", folded[start:])]
    for clause in clauses[:6]:
        if re.search("召开|举行|主持|出席|举办|赴|调研|开幕|督导|检查|约谈|审议", clause[0]):
            title = sentence[start + clause.start() : start + clause.end()].strip()
            return title if 4 <= len(title) <= 60 else None
    return None


def _site(cleaned: Cleaned, decoded: Decoded) -> Fact[str] | None:
    hints = dict(decoded.hints)
    if hints.get("sitename"):
        return _fact(hints["sitename"], "site_hint", "hints", hints["sitename"])
    for kind in (LineKind.BREADCRUMB, LineKind.WIDGET, LineKind.REPEAT, LineKind.FOOTER, LineKind.COMMENTS):
        for line in cleaned.dropped:
            if line.kind is not kind:
                continue
            if kind is LineKind.FOOTER:
                owner = re.search(rf"(?:主办(?:单位)?|版权所有|承办)[: ]*([{HAN}]{{3,30}})", fold(line.text))
                if owner is None:
                    owner = re.search(rf"([{HAN}]{{3,30}}?)(?:主办|版权所有)", fold(line.text))
            else:
                owner = re.search(
                    rf"(?:^|[ >|/_\-:»›]) *({_SITE_WORD})(?=$|[ >|/_\-»›])", fold(line.text[:120])
                )
            if owner is not None:
                return _fact(owner[1], "site_line", "meta", owner[0], owner.start(1))
    for step in cleaned.passes:
        for edit in step.edits:
            if not edit.after and 3 <= len(edit.before) <= 40:
                suffix = re.fullmatch(
                    rf" *[-_|—–·] *(?:.*[-_|])?({_SITE_WORD}|[{HAN}]{{2,20}}(?:政府|厅|局|委员会))",
                    fold(edit.before),
                )
                if suffix is not None:
                    return _fact(suffix[1], "site_suffix", "title", edit.before)
    return None


def read_fields(cleaned: Cleaned, decoded: Decoded) -> Fields:
    """All fields of a page, each with its evidence; what the page does not say is None or empty.

    The title is the page's own; without one it is that of the HTML metadata, else the
    nucleus of the first sentence, flagged as inferred. The source is the labelled one,
    else the outlet of the dateline.
    """
    of = {kind: [b.text for b in cleaned.blocks if b.kind is kind] for kind in LineKind}
    paragraphs = of[LineKind.PARAGRAPH]
    ids = block_ids(paragraphs)
    metas = list(_metas(cleaned.dropped))
    hints = dict(decoded.hints)

    title: Fact[str] | None = None
    better = next((f for _, f in metas if f.key == "original_title" and len(f.value) >= 4), None)
    if better is not None:
        title = _fact(better.value, "title_original", "meta", better.value, better.start)
    elif of[LineKind.TITLE]:
        own = " ".join(text.strip() for text in of[LineKind.TITLE])
        title = _fact(own, "title_line", "title", own)
    elif hints.get("title") and decoded.tool:
        title = _fact(hints["title"], "title_hint", "hints", hints["title"])
    elif paragraphs:
        nucleus = _infer_title(paragraphs[0])
        if nucleus is not None:
            title = _fact(
                nucleus, "title_inferred", ids[0], nucleus, paragraphs[0].find(nucleus), inferred=True
            )

    published = published_of(
        [line.text for line in cleaned.dropped if line.kind in (LineKind.META, LineKind.COMMENTS)]
    )
    if published is None and hints.get("date"):
        spans = parse_date(hints["date"])
        if spans:
            published = _fact(spans[0].edtf, "date_hint", "hints", hints["date"])
    if published is None and paragraphs:
        span = dateline_day(paragraphs[0])
        if span is not None:
            quote = paragraphs[0][span.start : span.end]
            published = _fact(span.edtf, "date_dateline", ids[0], quote, span.start)
    if published is None:
        crawl = published_of([line.text for line in cleaned.dropped if line.kind is LineKind.BYLINE])
        published = crawl

    dateline: Fact[str] | None = None
    for index in range(min(2, len(paragraphs))):
        found = dateline_outlet(paragraphs[index])
        if found is not None:
            dateline = _fact(found[0], "dateline_outlet", ids[index], found[0], found[1])
            break

    source = _source(metas, cleaned.dropped) or dateline

    authors: dict[str, Fact[str]] = {}
    editors: dict[str, Fact[str]] = {}
    for text, field in metas:
        if field.key in ("authors", "editors"):
            names = split_names(field.value)
            for name in names:
                target = authors if field.key == "authors" else editors
                target.setdefault(
                    name,
                    _fact(name, f"{field.key}_label", "meta", f"{field.label}:{field.value}", field.start),
                )
    for line in cleaned.dropped:
        if line.kind is LineKind.BYLINE and not parse_meta(line.text):
            text = unwrap(fold(line.text).strip()).lstrip("□■◎●▲*·—- ")
            slash = _SLASH.search(text)
            if slash is not None:
                names = split_names(slash["names"] or slash["after"] or "")
            elif re.search("摄(?:影)?$|供图$", text) and not re.search(_roles(), text):
                names = []
            else:
                names = _role_names(text)
            for name in names:
                authors.setdefault(name, _fact(name, "authors_byline", "meta", line.text))
    if paragraphs:
        last = len(paragraphs) - 1
        for index in dict.fromkeys((0, min(1, last), last)):
            for name, at in bylines(paragraphs[index], lead=index <= 1, tail=index == last):
                authors.setdefault(name, _fact(name, "authors_byline", ids[index], name, at))

    tags = tuple(
        tag
        for _, field in metas
        if field.key == "tags"
        for tag in re.split(r"[ ,;|/、]+", fold(field.value))
        if tag
    )
    marks = "\n".join(line.text for line in cleaned.dropped)
    return Fields(
        title=title,
        eyebrow=" ".join(of[LineKind.EYEBROW]) or None,
        decks=tuple(b.text for b in cleaned.blocks if b.kind in (LineKind.DECK, LineKind.WHO)),
        published=published,
        source=source,
        dateline_outlet=dateline,
        authors=tuple(authors.values()),
        editors=tuple(editors.values()),
        tags=tags,
        site=_site(cleaned, decoded),
        reprint=any(f.key == "source_reprint" for _, f in metas) or bool(_REPRINT.search(marks)),
        truncated=bool(_TRUNCATED.search(marks)),
    )
