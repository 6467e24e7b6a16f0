"""How far one text may be trusted, and why not.

Damaged text is shown as damaged and never repaired by guess; rejected text has no page.
A curator overrides both with a correction of `trust` and its reason (HOW_TO_OVERRIDE).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from build_tools.cleaning.dates import SALUTES
from build_tools.core.article import (
    Block,
    Cleaned,
    Doubt,
    Evidence,
    Fact,
    Gap,
    Kind,
    LineKind,
    Participant,
    Trust,
)
from build_tools.core.text import HAN, matches
from build_tools.core.vocabulary import cue, distinct, load
from build_tools.facts.fields import Fields


def _body(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind in (LineKind.PARAGRAPH, LineKind.HEADING)]


def _title(fields: Fields) -> str:
    return fields.title.value if fields.title is not None else ""


# --- rejected ----------------------------------------------------------------


def fiction_marks(fields: Fields, blocks: Sequence[Block], cleaned: Cleaned | None = None) -> list[str]:
    """The wordings that prove a novel: a chapter title, narration, dialogue; empty for what is none.

    A speech may tell one scene (脸红, 心里): it takes five different ones, or two
    below a chapter title, or three with a fifth of the lines in dialogue.
    """
    site = fields.site.value if fields.site is not None else ""
    text = "\n".join(block.text for block in _body(blocks))
    # A chapter's title or a web novel's furniture may have been dropped as a bar of the page.
    around = (
        "\n".join(line.text for line in cleaned.dropped if len(line.text) < 80) if cleaned is not None else ""
    )
    # A portal's menu may offer novels too, so furniture proves less than the site's own name.
    enough = 2 if cue("novel_site").search(site) else 0
    if not enough and cue("novel_marks").search(around):
        enough = 4 if _CONVENED.search(text) or "同志们" in text else 2
    chapter = next((line for line in around.split("\n") if cue("novel_title").search(line)), "")
    reported = _REPORTED.search(f"{around}\n{text[:200]}") is not None
    return list(_fiction(chapter or _title(fields), text, enough, reported))


# Characters that the wordings of narration are made of: the cheap test before the dear one.
_NOVEL_CHARS = re.compile(
    "[皱叹瞪嘴烟茶额汗骂怒冷笑窗夜愣颤喃咬拍桌眼脸淡沉默盯雨唰掐端廊泪攥拳喉嗓料望顿犹豫尬悄坐扫]"
)
_REPORTED = re.compile("记者|通讯员")  # a feature (侧记) tells in scenes and dialogue, too
_SPOKEN = re.compile("“[^”\n]{1,400}[，。！？!?…,]”")


def _dense(narration: Sequence[str], text: str) -> bool:
    """Whether wordings of narration stand as thick as in a scene: no speech or readout has them so."""
    return (len(narration) >= 8 and len(text) < 400 * len(narration)) or (
        len(narration) >= 5 and len(text) < 100 * len(narration)
    )


@lru_cache(maxsize=16)
def _fiction(title: str, text: str, enough: int, reported: bool) -> tuple[str, ...]:
    if len(_NOVEL_CHARS.findall(text)) < 3:
        return ()
    narration = distinct("narration", text)
    if len(narration) < 2:
        return ()
    chapter = cue("novel_title").search(title) or cue("novel_title").search(text[:40])
    lines = text.split("\n")
    spoken = sum(bool(_SPOKEN.search(line)) for line in lines)
    dialogue = not reported and spoken >= 2 and spoken * 5 >= len(lines) and len(narration) >= 3
    dense = _dense(narration, text) and not (reported and len(narration) < 8)
    if chapter or dialogue or dense or 0 < enough <= len(narration):
        return (*([chapter[0]] if chapter else []), *narration[:5])
    return ()


def advert_marks(fields: Fields, blocks: Sequence[Block]) -> list[str]:
    """The wordings that prove an advert, at least three different ones; a meeting readout has none."""
    return list(_advert("\n".join([_title(fields), *(block.text for block in _body(blocks))])))


_CONVENED = re.compile("\\d日[^。\n]{0,60}(?:召开|举行)[^。\n]{0,40}会")
# Adverts of tests/eval/work have 4 to 16 different wordings, articles at most 2; a long speech may have three.


def _addressed(text: str) -> bool:
    """Whether it greets comrades; an advert greets buyers."""
    return any("同志" in match[0] for match in SALUTES.finditer(text))


@lru_cache(maxsize=16)
def _advert(text: str) -> tuple[str, ...]:
    marks = distinct("advert", text)
    if len(marks) < 3 or (len(marks) < 6 and (_CONVENED.search(text) or _addressed(text))):
        return ()
    return tuple(marks)


def off_topic(fields: Fields, blocks: Sequence[Block], kind: Kind = Kind.OTHER) -> bool:
    """Whether nothing of the field stands in the title, and in the body no word of it (one, if no meeting).

    Nor is a page of it that four words of sport, kitchen, stars or the stock exchange tell: its 湿地 is scenery.
    """
    if kind is Kind.OTHER:
        text = "\n".join([_title(fields), *(block.text for block in _body(blocks))])
        if len(distinct("elsewhere", text)) >= 4:
            return True
    if cue("field").search(_title(fields)):
        return False
    found = 0
    for block in _body(blocks):
        found += len(cue("field").findall(block.text))
        if found >= (2 if kind is Kind.OTHER else 1):
            return False
    return True


# --- damaged -----------------------------------------------------------------

_STARTS = re.compile(
    r"\s*(?:[，。、；：！？,;!?”）)]|会议(?:还|并)?(?:强调|指出|要求|认为|明确|提出|决定)|(?:他|她)(?:还)?(?:强调|指出|要求|表示|说)|[二三四五六七八九]是|[二三四五六七八九]要|第[二三四五六七八九]，|（[二三四五六七八九]）|[二三四五六七八九]、)"
)
_ENDED = re.compile(r"[。！？!?…”’）)》】：:；;.]\s*$")
# Announced and never told: 抓好以下四项工作。 下面，我讲三点意见。
_OPEN = re.compile(
    "[，、]$|(?:如下|以下|方面|意见|要求|工作|任务)[：:]$"
    "|(?:以下|下列)[一二三四五六七八九十几]{1,2}(?:个方面|[项点条件个])[^，。；：]{0,6}。$"
    "|我[^，。]{0,6}[讲谈提][一二三四五六七八九十几]{1,2}点[^，。；：]{0,6}。$"
)
_ROLL = re.compile(
    "(?:出席|列席|参加|参会|主持|记录|请假|缺席|抄送|分送|发送|发|送|共印)[：:人]|(?:出席|列席)[：:]?"
)
_SPEECH_END = re.compile("谢谢|完毕|散会|再见|礼$|此致")


def starts_midway(blocks: Sequence[Block]) -> Block | None:
    """The first paragraph, if the beginning is missing: it starts with 会议强调, with 二是, with a comma."""
    paragraphs = _body(blocks)
    if paragraphs and _STARTS.match(paragraphs[0].text):
        return paragraphs[0]
    return None


def ends_midway(blocks: Sequence[Block]) -> Block | None:
    """The last paragraph, if it breaks off: prose without a closing mark."""
    paragraphs = [block for block in _body(blocks) if block.text.strip()]
    if not paragraphs:
        return None
    last = paragraphs[-1]
    text = last.text.strip()
    if len(paragraphs) == 1:  # a page on one line
        cut = text.count("。") >= 2 and not _ENDED.search(text) and not _SPEECH_END.search(text[-8:])
        return last if cut and not _REPRINT.search(text[-60:]) else None
    if _OPEN.search(text) and len(text) >= 10 and last.kind is LineKind.PARAGRAPH:
        return last
    prose = len(text) >= 16 and re.search("[，。、；]", text)
    closed = sum(bool(_ENDED.search(block.text)) for block in paragraphs[:-1] if len(block.text) > 20)
    long = sum(len(block.text) > 20 for block in paragraphs[:-1])
    if _ROLL.match(text) or _REPRINT.search(text):
        return None
    if prose and not _ENDED.search(text) and not _SPEECH_END.search(text[-8:]) and 2 * closed > long:
        return last
    return None


def spun_marks(text: str) -> list[str]:
    """Fixed phrases broken by a synonym spinner, if at least three different ones stand in the text.

    >>> spun_marks("县委布告主持集会，贯彻讲话精力。他夸大，要周全落实。")
    ['县委布告', '主持集会', '讲话精力', '夸大', '周全落实']
    """
    # The words that the phrases are made of: found by memchr in a tenth of the time.
    words = load("classify")["spun_words"].split()
    if sum(word in text for word in words) < 3:
        return []
    marks = distinct("spun", text)
    return marks if len(marks) >= 3 else []


# --- repost and template -----------------------------------------------------

_GLOSS = re.compile(rf"[{HAN}]\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿ]{{1,6}}\)")
_REPRINT = re.compile(
    "转载|转自|转帖|转贴|摘自|来源于?(?:网络|互联网|网际网路)|(?:来自|均来自|采集于)(?:网络|互联网|网际网路)|自动采集|侵权.{0,12}(?:删|联系|联繫)"
)
_NO_REPRINT = re.compile(
    # Pictures from elsewhere make no repost of the text.
    "(?<![文及和、])(?:部分)?(?:图片|配图|插图|照片|视频|音乐)(?:均|为|素材)?(?:来源于?|来自|源自)(?:网络|互联网)[^。\n]{0,40}"
    "|(?:本[网站]|凡)(?:所|部分)?转载(?:的)?(?:内容|文章|作品|信息|稿件|图文)|(?:不得|禁止|严禁|谢绝|请勿|如需|需要|欢迎|未经|授权|转载请|转载时|转载须|转载本)[^。\n]{0,16}(?:转载|注明)|转载(?:请|时|须|务必|应|或|、)[^。\n]{0,16}"
)
_OF_OTHERS = re.compile("媒体(?!中心)|部委(?:动态|要闻)|[行业]业(?:动态|资讯)|外媒|兄弟[省市单]|他山之石")
_FORUM = re.compile("只看该作者|倒序浏览|楼主|回帖|使用道具|Discuz|本帖最后由|沙发|发表回复|帖子")
_WECHAT = re.compile(
    "点亮.{0,2}在看|点击(?:上方)?蓝字|长按.{0,6}(?:识别|关注)|发表于[\u4e00-\u9fff]{2,3}$", re.M
)
# The account that posted: 汤溪发布 2022-05-26 18:30 发表于江西.
_ACCOUNT = re.compile(
    rf"(?:原创 )?(?P<name>[{HAN}]{{2,10}})(?<!时间)(?<!日期) (?:(?P=name) )?\d{{4}}-\d\d-\d\d \d\d:\d\d"
)
_SHOP = re.compile(
    r"(?<!技术支持)(?:加盟代理|产品中心|产品推荐|商城|批发|五金|秒杀|洗衣机|(?<!.)[^\s]{2,20}有限公司$|友情[链連][接結][^\n]{0,20}(?:机|器|厂)|资讯站|资讯圈|生活网|转载库|好文共享|免费阅读)",
    re.M,
)
_MEDIA = re.compile(
    "(?:报社?|晚报|日报|周刊|杂志|电视台|广播台|电台|通讯社|新华社|人民网|中新社|新闻网|环境网|环保网|新闻|客户端|公众号|发布|融媒体?中心|网|在线|频道|头条|传媒|中新网|观察|澎湃)$"
)
_OWN_UNIT = re.compile(
    "^(?:本[站网报局厅]|[市县区省州盟旗厅局部委院镇乡]{1,2}(?![\u4e00-\u9fff]{0,6}(?:日报|融媒))|自治区|办公室|综合|宣教|宣传|政策|法规|固体废物|大气|水生态|土壤|核与辐射|督察|执法|监测|行政审批|人事|机关|园区|管委会|[一-龥]{2,12}(?:科|处|股|室|(?<!媒体)中心|大队|支队)$)"
)
# What is surely the name of a site's owner, and not of a channel (环保新闻).
_HOUSE = re.compile(
    "(?:政务网|政府网|门户网站|公众网|官网|网站|人民政府|[厅局部委报社]|办公室|委员会|网|电视台|首页|在线)$|日报|晚报"
)
_GOVERNMENT = re.compile("政务网|政府|[厅局部委]$|委员会|办公室")
_OWNER = re.compile("(?:协会|学会|商会|集团|公司|大学|学院|新闻网|论坛)$")
_STEM = re.compile(
    "(?:门户网站|政务网|政府网|公众网|官网|网站|新闻网|网|融媒体中心|人民政府|政府|办公室|生态环境[厅局部]|环境保护[厅局]|环保局|日报社?|晚报|报社?|发布|客户端|省|市|县|区|州)"
)


def _same_house(one: str, other: str) -> bool:
    """Whether two names are of one house: 山西日报 and 山西日报网首页, 江苏省生态环境厅 and 江苏生态环境.

    >>> _same_house("山西日报", "山西日报网首页"), _same_house("江苏省生态环境厅", "江苏生态环境")
    (True, True)
    >>> _same_house("生态环境部", "兵团政务网")
    False
    """
    if one in other or other in one:
        return True
    if bool(_OWNER.search(one)) != bool(_OWNER.search(other)) and not re.search(
        "新闻网$", one + "\n" + other, re.M
    ):
        return False
    stems = [_STEM.sub("", name) for name in (one, other)]
    return bool(stems[0] and stems[1]) and min(map(len, stems)) >= 2 and (stems[0][:2] == stems[1][:2])


_BARS = (LineKind.BREADCRUMB, LineKind.WIDGET, LineKind.REPEAT)
_FEET = (LineKind.FOOTER, LineKind.META)
_CRUMB = re.compile(r"https?:|[>＞»›│|｜→/\\]|::|--?>")
_HERE = re.compile("^(?:您?(?:现在|所在|当前)?(?:的)?(?:位置|所在)[^:：]*[:：]+|当前位置[:：]*)")
_TAG = re.compile("<[^<>]*>")
_NO_OWNER = re.compile(
    f"(?:来源|稿源|出处|来自|转载|技术支持|作者|记者|编辑)[:： ]*[{HAN}A-Za-z0-9]*|网站首页|首页"
)
# A house alone between the marks of a bar, a page's <title> or a footer, or the one that owns or sponsors the site.
_OWNER_NAMED = re.compile(
    rf"(?:主办(?:单位)?|版权所有|承办(?:单位)?|Copyright[^{HAN}\n]{{0,20}})[:：]? *(?P<behind>[{HAN}]{{4,24}}?)(?:版权所有|$|[^{HAN}])"
    rf"|(?<![{HAN}])(?P<before>[{HAN}]{{4,24}}?)(?:版权所有|主办)"
    rf"|(?<![{HAN}])(?:欢迎(?:访问|光临))?(?P<name>[{HAN}]{{2,22}}?(?:人民政府|政府网|政务网|门户网站|新闻网|资讯港|在线|有限公司|生态环境[厅局部])"
    rf"(?:网站?)?|[{HAN}]{{2,12}}(?=网首页|客户端|云端))(?![{HAN}]{{2}}(?<!首页|网站|客户))(?=$|[^{HAN}、，]|首页|网站|客户端|网首页)"
)


def _owner(fields: Fields, cleaned: Cleaned) -> str:
    """The name of the page's own site: as read, else in its bars, its own <title>, its footer; or ''.

    >>> from build_tools.core.article import Line
    >>> crumb = Line(LineKind.BREADCRUMB, "平泽旗人民政府>>新闻中心>>平泽要闻")
    >>> _owner(Fields(), Cleaned("", "", (), (), (crumb,)))
    '平泽旗人民政府'
    """
    site = fields.site.value if fields.site is not None else ""
    if _HOUSE.search(site):
        return site
    bars = [line for line in cleaned.dropped if line.kind in _BARS]
    for line in bars:
        if line.kind is LineKind.BREADCRUMB:
            first = next(filter(None, map(str.strip, _CRUMB.split(_HERE.sub("", line.text.strip())))), "")
            first = re.sub("(?:网站)?首页$", "", first)
            if re.fullmatch(f"[{HAN}]{{4,24}}", first) and (_HOUSE.search(first) or _OWNER.search(first)):
                return first
    for line in (*bars, *(line for line in cleaned.dropped if line.kind in _FEET)):
        if match := _OWNER_NAMED.search(_NO_OWNER.sub("|", _TAG.sub("|", line.text[:300]))):
            return match["behind"] or match["before"] or match["name"]
    return site


# 省住房城乡建设厅, with no name of the province; 市场监管局 and 市政园林局 are a county's own.
_FROM_ABOVE = re.compile(
    f"^(自治区|[省州盟]|市(?![场民容区]|政[园工管公设]))(?:委|政府|[{HAN}]{{2,14}}[厅局委办院])(?:办公[厅室])?$"
)


def _rank(name: str) -> int:
    """3 for what is of a province, 2 of a city, 1 of a county, by the lowest unit in a name; 0 unknown.

    >>> _rank("铜仁市住房和城乡建设局"), _rank("贵州省生态环境厅"), _rank("北京市朝阳区人民政府"), _rank("省"), _rank("某网")
    (2, 3, 1, 3, 0)
    """
    below = re.sub(f"[{HAN}]{{0,3}}(?:省|自治区)", "", name)
    if re.search("[县旗]|(?<![发园新护])区(?!域)", below):
        return 1
    if re.search("[市州盟]", below):
        return 2
    return 3 if below != name else 0


def _repost(fields: Fields, cleaned: Cleaned, organization: str) -> tuple[str, str] | None:
    """Rule and quote that prove a repost, or None."""
    dropped = "\n".join(line.text for line in cleaned.dropped)
    source = fields.source.value if fields.source is not None else ""
    if fields.source is not None and fields.source.evidence.rule.endswith("reprint"):
        return "reprint_label", fields.source.evidence.quote
    for rule, match in (
        ("reprint_mark", _REPRINT.search(_NO_REPRINT.sub("", dropped))),
        ("reprint_mark", re.search("^[【\\[]?转[载帖发贴自]?[】\\]]", cleaned.original[:300], re.M)),
        ("forum", _FORUM.search(dropped)),
    ):
        if match:
            return rule, match[0]
    accounts = (_ACCOUNT.match(line.text) for line in cleaned.dropped if line.kind is LineKind.META)
    if account := next(filter(None, accounts), None):  # its own post names no other source
        own = source in ("", account["name"]) or _OWN_UNIT.match(source)
        return None if own else ("account", f"{source} ≠ {account['name']}")
    if len(glosses := list(_GLOSS.finditer(cleaned.original[:20000]))) >= 5:
        return "glossed_mirror", glosses[0][0]
    site = _owner(fields, cleaned)
    above = _FROM_ABOVE.match(source)
    if above is not None and 0 < _rank(site) < _rank(above[1]):
        return "from_above", f"{source} ≠ {site}"
    # A firm that met is no shop on its own site.
    if match := _SHOP.search("\n".join((site, dropped)).replace(organization, "")):
        return "mirror", match[0]
    return None if source in ("", site) or _OWN_UNIT.match(source) else _elsewhere(source, site, cleaned)


def _is_house(site: str) -> bool:
    """Whether a site's name is that of its owner."""
    return bool(_HOUSE.search(site) or _OWNER.search(site) or site.endswith("中心"))


def unproved(fields: Fields, cleaned: Cleaned, trust: Fact[Trust]) -> tuple[Doubt, ...]:
    """A doubt where an outlet is the source and nothing names the page's own site: it may be another's page."""
    source = fields.source
    if trust.value is not Trust.ORIGINAL or source is None or not _MEDIA.search(source.value):
        return ()
    site = _owner(fields, cleaned)
    if source.value == site or _is_house(site):
        return ()
    return (Doubt("trust", str(Trust.REPOST), "trust.no_owner", source.evidence),)


def _bare_of(source: str, cleaned: Cleaned) -> bool:
    """Whether a source without a place is one that the footer names with it: 县融媒体中心, 承办：洛槐县融媒体中心."""
    bare = re.match("[省市县区州盟旗](?=..)", source) is not None
    return bare and any(source in line.text for line in cleaned.dropped if line.kind is LineKind.FOOTER)


def _elsewhere(source: str, site: str, cleaned: Cleaned) -> tuple[str, str] | None:
    """Rule and quote that prove that the source is another's than the site's, or None."""
    house = _is_house(site)
    if not house and any(_WECHAT.search(line.text) for line in cleaned.dropped):  # an account's own page
        return None
    if _bare_of(source, cleaned):
        return None
    if _MEDIA.search(source) or (house and source.endswith("融媒")):
        # Where a page names no site of its own, only a channel of what others wrote says that it is not the outlet's.
        bars = (line.text for line in cleaned.dropped if line.kind is LineKind.BREADCRUMB)
        own = not any(_OF_OTHERS.search(bar) for bar in bars)
        same = (_same_house(source, site) and not _GOVERNMENT.search(site)) if house else own
        return None if same else ("other_outlet", source)
    # 安全环保部 on a firm's site is the firm's own department.
    placed = re.search("[省市县州盟旗]|[^社小片园]区|国家|中国|(?:集团|公司|协会|学会|大学)$", source) or (
        source.endswith("部") and not _OWNER.search(site)
    )
    if house and placed and not _same_house(source, site):
        return "other_body", f"{source} ≠ {site}"
    return None


def _template(
    fields: Fields, redactions: int, people: Sequence[Participant], cleaned: Cleaned, kind: Kind
) -> str | None:
    """The quote that proves a model text: a document mill, or a speech with its names crossed out."""
    names = [fact.value for fact in (fields.source, fields.site) if fact is not None] + list(fields.tags)
    official = bool(_GOVERNMENT.search(_owner(fields, cleaned)))
    heads = [
        line.text
        for line in cleaned.dropped
        if not (official and line.kind is LineKind.BREADCRUMB)
        and line.kind in (LineKind.BREADCRUMB, LineKind.WIDGET, LineKind.META)
    ]
    dropped = "\n".join(line.text for line in cleaned.dropped)
    mill = next((m[0] for name in [*names, *heads] if (m := cue("document_mill").search(name))), None)
    mark = cue("mill_marks").search(dropped)
    named = [person for person in people if not person.weak and person.name != "习近平"]
    if redactions >= 2 and (mill or mark):
        return mill or (mark[0] if mark else None)
    if mill and (kind is Kind.SPEECH or mark):
        return mill
    if kind is Kind.SPEECH and len(marks := distinct("mill_marks", dropped)) >= 2:  # 侵权投诉 展开>>
        return "、".join(marks[:4])
    if redactions >= 3 and not named:
        return "×"
    if kind is Kind.SPEECH and (redactions >= 6 or (redactions >= 3 and redactions > 2 * len(named))):
        return "×"
    return None


# --- the verdict -------------------------------------------------------------


def judge(
    fields: Fields,
    blocks: Sequence[Block],
    people: Sequence[Participant],
    cleaned: Cleaned,
    kind: Fact[Kind],
    *,
    organization: str = "",
    gaps: Sequence[Gap] = (),
) -> tuple[Fact[Trust], tuple[str, ...]]:
    """Trust with its evidence, and every warning that holds, in the order of their weight.

    Codes: fiction, advert, off_topic (rejected); template; brand_substitution,
    machine_spun, mojibake, masks, starts_midway, truncated (damaged); several_meetings.
    `gaps` are those of the body.
    """
    body = _body(blocks)
    where = body[0].id if body else "title"
    text = "\n".join([_title(fields), *(block.text for block in body)])
    redactions = sum(gap.note == "redaction" for gap in gaps)
    found: list[tuple[str, Trust, Evidence]] = []

    def add(code: str, trust: Trust, at: str, quote: str) -> None:
        found.append((code, trust, Evidence(f"trust.{code}", at, quote[:80])))

    if marks := fiction_marks(fields, blocks, cleaned):
        add("fiction", Trust.REJECTED, where, "、".join(marks))
    elif marks := advert_marks(fields, blocks):
        add("advert", Trust.REJECTED, where, "、".join(marks))
    elif off_topic(fields, blocks, kind.value):
        add("off_topic", Trust.REJECTED, where, "")
    if quote := _template(fields, redactions, people, cleaned, kind.value):
        add("template", Trust.TEMPLATE, "meta", quote)
    if "brand_substitution" in cleaned.warnings:
        masked = (one.edits[0].before for one in cleaned.passes if one.rule == "brand_substitution")
        add("brand_substitution", Trust.DAMAGED, where, next(masked, ""))
    if marks := spun_marks(text):
        add("machine_spun", Trust.DAMAGED, where, "、".join(marks[:8]))
    if match := next(matches(cue("mojibake_starts"), cue("mojibake"), text), None):
        add("mojibake", Trust.DAMAGED, where, text[max(0, match.start() - 6) : match.end() + 6])
    lost = [gap for gap in gaps if gap.note in ("mask", "lost")]
    if len(lost) >= 2 or [gap.note for gap in lost] == ["mask"]:
        add("masks", Trust.DAMAGED, lost[0].paragraph, lost[0].surface)
    if block := starts_midway(blocks):
        add("starts_midway", Trust.DAMAGED, block.id, block.text[:30])
    if block := ends_midway(blocks):
        add("truncated", Trust.DAMAGED, block.id, block.text[-30:])
    elif fields.truncated:
        add("truncated", Trust.DAMAGED, "meta", "预览结束")
    # A text cut by a pay wall has lost more than the names that a mill crossed out.
    cut = fields.truncated and not redactions
    order = [Trust.REJECTED, Trust.DAMAGED if cut else Trust.TEMPLATE, Trust.DAMAGED, Trust.TEMPLATE]
    codes = [code for code, _, _ in found]
    if kind.evidence.rule == "kind.several_meetings":
        codes.append("several_meetings")
    if found:
        _, trust, evidence = min(found, key=lambda one: order.index(one[1]))
        return Fact(trust, evidence), tuple(codes)
    if proof := _repost(fields, cleaned, organization):
        return Fact(Trust.REPOST, Evidence(f"trust.{proof[0]}", "meta", proof[1][:80])), tuple(codes)
    return Fact(Trust.ORIGINAL, Evidence("trust.original", "meta", "")), tuple(codes)
