"""Who wrote it: names of author fields, bylines in and between paragraphs, the outlet of a dateline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from build_tools.cleaning.dates import fold
from build_tools.cleaning.labels import EDGE, unwrap
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

# --- names of authors ----------------------------------------------------------


@cache
def _nobody() -> frozenset[str]:
    return frozenset(load("labels")["nobody"].split())


@cache
def role_words() -> str:
    """The words for reporters, longest first, as alternatives of a pattern."""
    return "|".join(sorted(load("labels")["reporter_roles"].split(), key=len, reverse=True))


@cache
def _role_re() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[{HAN}]{{0,12}}?(?:报社?|网|社|台|中心|本刊|客户端|新闻|融媒|传媒|发布|广电|号|[部局厅办委院校站])(?:驻[{HAN}]{{2,4}})?)?(?:{role_words()})"
    )


_NAME = re.compile(rf"[{HAN}]{{1,12}}(?:[·•‧.][{HAN}]{{1,10}})*|[A-Za-z][A-Za-z0-9_ .·]{{2,30}}")


def split_names(value: str) -> list[str]:
    """Names of an author field: parted by blanks or marks; `张 三` with a blank inside is one name.

    >>> split_names("本报记者 杨帆 张珺 通讯员 李 四"), split_names("佚名")
    (['杨帆', '张珺', '李四'], [])
    """
    text = re.sub(rf"(?:图|摄影?|照片) ?[/:] ?[{HAN}]{{2,4}}|[{HAN}]{{2,4}} ?/ ?(?:图|摄)", " ", fold(value))
    text = _role_re().sub(" ", text)
    text = re.sub(
        r"\([^)]*\)|(?:(?<=[ /、,|])|^)(?:文|图|摄影|整理|报道|采写|摄)(?=$|[ /、,|])|(?:整理|报道|采写|摄影|供稿|撰稿|撰文|图文|文图)$",
        " ",
        text,
    )
    tokens = [t for t in re.split(r"[ 、,;/|&:]+|(?<=[\u4e00-\u9fff]{2})和(?=[\u4e00-\u9fff]{2})", text) if t]
    out: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index].strip(EDGE + "*□■◎●▲.")
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


def surnamed(text: str) -> bool:
    """Whether a text begins with a family name, or is one of several parts (阿不都·买买提)."""
    single, compound = _surnames()
    return "·" in text or text[:2] in compound or text[:1] in single


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
SLASH = re.compile(
    rf"^(?:[(\[【] ?)?(?P<names>[{HAN}]{{2,4}}(?:[ 、,]+[{HAN}]{{2,4}}){{0,4}}) ?/ ?(?:文|撰文|撰稿)|(?:^|[ (])(?:文|撰文|图文|文图|图/文|文/图) ?[/|: ] ?(?P<after>[{HAN}]{{2,4}}(?:[ 、,]+[{HAN}]{{2,4}}){{0,4}})(?=$|[ )]|图)"
)


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
    name = re.split(role_words(), name, maxsplit=1)[0]
    ends = [m.end() for m in re.finditer(_OUTLET_END, name)]
    if not ends or ends[-1] < 3:
        return None
    outlet = name[: ends[-1]]
    at = head.find(outlet)
    return outlet, at


def _without_place(name: str) -> str:
    """A name without a well-known place glued behind it: `费树成成都` → `费树成`."""
    return next((name[:cut] for cut in (2, 3, 4) if name[cut:] in _places()), name)


def _parted(name: str, text: str) -> str:
    """The name at the head of `name`: what the article itself calls a county (于田县) is a place."""
    for cut in (2, 3):
        place = name[cut:]
        if len(place) >= 2 and re.search(f"{re.escape(place)}[县市区州盟旗]", text):
            return name[:cut]
    return split_place(name) if len(name) > 3 else name


def role_names(inside: str) -> list[str]:
    """Names after each role word of a byline: `记者 甲 乙 通讯员 丙` → 甲 乙 丙; photographers are left out."""
    inside = re.sub(rf"[{HAN}]{{2,4}} ?/ ?(?:图|摄影?|供图)", " ", inside)
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
    for names, at in chain(_leading(text) if lead else (), _trailing(text) if tail else ()):
        for name in names:
            yield name, at


def _leading(text: str) -> Iterator[tuple[Sequence[str], int]]:
    head = fold(text[:160])
    opening = _LEAD_BYLINE.match(head)
    if opening is not None:
        pieces = re.split(r"[ 、]+", _role_re().sub(" ", opening["rest"]))
        names = (re.sub(r"\d.*$", "", piece) for piece in pieces)
        yield [_parted(name, text) for name in names if len(name) >= 2], opening.start("rest")
    for match in _PAREN.finditer(head):
        if re.search(role_words(), match[1]) and match.start() <= 60:
            yield role_names(match[1]), match.start()
        elif head[: match.start()].rstrip().endswith(("讯", "电")) and match.start() <= 20:
            yield _bare_names(match[1]), match.start()  # 本网讯(甲 乙)
    spread = re.match(
        rf"^ *[{HAN}]{{2,16}}(?:\d{{1,2}}月\d{{1,2}}日)?[讯电] +((?:{role_words()}) *[^,。:(]{{2,40}}?)(?:报道|[,:]| {{2,}}|(?=\d))",
        head,
    )
    if spread is not None:
        yield role_names(spread[1]), spread.start(1)


def _trailing(text: str) -> Iterator[tuple[Sequence[str], int]]:
    cut = max(0, len(text) - 100)
    foot = fold(text[cut:]).rstrip()
    for match in _PAREN.finditer(foot):
        if match.end() >= len(foot) - 1:
            inside = re.sub("^(?:文|来源|通讯|供稿|撰稿|撰文|作者|文字)[:/ ]+", "记者 ", match[1])
            named = re.search(role_words(), inside)
            yield role_names(inside) if named else _bare_names(inside), cut + match.start()
    found = re.search(rf"(?:作者|文/|撰稿|撰文|通讯员|记者|供稿)[:: ]*([{HAN} 、]{{2,30}})$", foot)
    if found is not None and re.search(r"[。!?”] *$", foot[: found.start()]):
        yield split_names(found[1]), cut + found.start()


def _bare_names(inside: str) -> Sequence[str]:
    """Names without a role, if nothing else is there."""
    names = re.split("[ 、]+", inside.strip())
    return names if all(map(_looks_like_name, names)) else ()


_OFFICE_NAME = re.compile(
    rf"[{HAN}]{{1,16}}(?:局|厅|部|委|办|处|中心|站|台|社|网|院|校|镇|乡|街道|公司|科) +(?P<names>[{HAN}]{{2,4}}(?:[ 、]+[{HAN}]{{2,4}}){{0,3}})"
)


def office_names(text: str) -> list[str] | None:
    """The names behind an office in a byline in brackets, or None.

    >>> office_names("市生态环境局 王小明 赵六")
    ['王小明', '赵六']
    """
    match = _OFFICE_NAME.fullmatch(text)
    return re.split("[ 、]+", match["names"]) if match is not None else None


_SENTENCE_MARK = re.compile("[。,;!?]")
_PICTURED = re.compile(rf"[{HAN} 、]{{2,24}}?[ /]*(?:摄影报道|摄影|摄|供图|/图)")
_WRITTEN = re.compile(rf"[{HAN} 、]{{2,20}} ?(?:供稿|撰稿|撰文|文图|图文)")
_WORK = re.compile("(?:报道|摄影报道|文/图|图/文|文|图|摄影|摄|实习|整理)")


def byline_line(line: str) -> bool:
    """Whether a line is nothing but a byline: `(记者 甲 乙)`, `甲/文 乙/图`, `本报记者 甲`, `甲摄`.

    >>> [byline_line(x) for x in ("(记者 盖文博)", "文/张三 图/李四", "本报记者 王五 通讯员 赵六", "李四 摄")]
    [True, True, True, True]
    >>> byline_line("记者从会上获悉,全省优良天数增加")
    False
    """
    folded = fold(line).strip()
    text = unwrap(folded)
    if text != folded and (_looks_like_name(text) or _OFFICE_NAME.fullmatch(text)):
        return True  # (市生态环境局 王小明)
    if not 2 <= len(text) <= 80 or _SENTENCE_MARK.search(text):
        return False
    text = text.lstrip("□■◎●▲*·—- ")
    if SLASH.search(text) or _PICTURED.fullmatch(text) or _WRITTEN.fullmatch(text):
        return True
    if _role_re().match(text) is None:
        return False
    rest = _WORK.sub(" ", _role_re().sub(" ", text))
    tokens = re.split("[ 、/:|]+", rest.strip())
    return bool(tokens) and all(re.fullmatch(rf"[{HAN}·]{{1,4}}", _without_place(token)) for token in tokens)
