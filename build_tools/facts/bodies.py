"""The body that met or spoke, completed by its place when the page proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from build_tools.core.article import Block, Cleaned, Doubt, Evidence, Fact, LineKind
from build_tools.core.text import HAN, matches
from build_tools.core.vocabulary import cue
from build_tools.facts.convening import BODY_END, GROUP, UNIT, convenings
from build_tools.facts.fields import Fields
from build_tools.facts.place_names import Witness, complete, is_bare, owners
from build_tools.facts.trust import advert_marks, fiction_marks

_START = r"(?:^|[，,：: \]】]|日|上午|下午|晚|近日|日前)(?:\d{4}年度?)?"
# 某厅党组书记甲主持召开党组会议: the body's own meeting, which its head calls.
_OWN = re.compile(
    "(?:主持|掌管)(?:召开|举行)?[^，。；]{0,12}?(?:党组|党委|分党组|局务|厅务|部务|院务|处务|[局厅部处院]长办公|办公|班子|中心组|领导小组)[^，。；]{0,16}?会"
)
_DEPARTMENT = "生态环境[部厅局]|环境保护[部厅局]|环保[厅局]|委员会|人民政府|[厅局部]"
_OFFICE_OF = re.compile(
    rf"{_START}(?P<org>[{HAN}]{{2,22}}?(?:{_DEPARTMENT}))"
    rf"(?:党组|党委|机关党委|党组成员)?(?:(?:[{HAN}]{{0,10}}?[处司科室])?(?:副?书记|成员|副?[厅局部处司科]长|[一二]级巡视员|总工程师|副?主任|督察专员))"
)
_FIELD_DEPARTMENT = "生态环境|环境保护|环保|水利|水务|自然资源|林业和草原|林业|农业农村|住房和城乡建设|城市管理|海洋|应急管理|气象|发展和改革"
_TITLED_SPEECH = re.compile(
    rf"在全?(?P<org>[{HAN}]{{1,24}}?(?:{GROUP}))(?:[\dxX×*]{{4}}年度?|第.{{1,3}}次|全体|扩大|工作)*(?:会议|会)上"
    rf"|在(?P<own>[{HAN}]{{0,12}}?(?:(?:{_FIELD_DEPARTMENT})[部厅局](?![长级属面门])|大学|集团))[^，。；：]{{0,36}}?(?:会|会议|课|班|式|论坛|活动|座谈|研讨)上的"
)
# 中央第二生态环境保护督察组督察某省动员会召开.
_INSPECTORS = re.compile(
    rf"(?P<org>(?:中央|[{HAN}]{{2,4}}省|省|[{HAN}]{{0,4}}自治区)第[一二三四五六七八九十]{{1,3}}(?:生态环境保护|环境保护|生态环保)督察组)(?:督察|向|对|进驻)[^，。；]{{2,24}}(?:反馈|[{HAN}]{{2}}会)"
)
# 湖南省第五…督察组对某市开展了督察: under a title that says so, not on a page of what is put right after it.
_INSPECTED = re.compile(
    rf"(?P<org>(?:中央|[{HAN}]{{2,4}}省|省|[{HAN}]{{0,4}}自治区)第[一二三四五六七八九十]{{1,3}}(?:生态环境保护|环境保护|生态环保)督察组)对[^，。；]{{2,24}}(?:开展|实施|进行)了?[^，。；]{{0,10}}督察"
)
_STUDIED = re.compile("(?:传达|学习|贯彻)[^，。；]{0,12}$")  # what is studied met elsewhere
_INSPECTION = re.compile("督察[^，。]{0,40}(?:反馈|动员|进驻|移交|见面)(?!.{0,40}整改)")
# 某园区管委会与某公司签约: the one of the two whose page it is.
_SIGNED = re.compile(
    rf"{_START}(?P<org>[{HAN}]{{2,24}}?(?:{BODY_END}))[与和同][^，。；\n]{{2,30}}?(?:签约|签订|签署|共签)"
)
# 某厅关于…的通知: the body that issues it.
_ISSUER = re.compile(rf"^(?P<org>[{HAN}]{{1,30}}?(?:{BODY_END}))(?:党组|党委)?(?:关于|印发|转发|发布)")
# 研讨会由某厅主办; 由某学会主办的论坛. Several hosts are none.
_HOSTED = re.compile(
    rf"由(?:[{HAN}]{{2,24}}(?:指导|支持)、)?(?P<org>[{HAN}]{{2,28}}?(?:{BODY_END}))(?:牵头|单独)?(?:主办|举办|组织召开|组织举办|召集)"
    rf"|主办(?:单位|方)?[:：] ?(?P<host>[{HAN}]{{4,28}}?(?:{BODY_END}))(?=[，。；\n ]|承办|协办|$)"
)
_HOSTED_STARTS = re.compile("[由主]")

_NOT_BODY = re.compile(
    "(?<=[局厅院部委会学司团协])[与和]|总结|高兴|邀请|主持|召开|举行|书记|领导(?!小组)|充分|体现|[在是的了]|研究(?!院|所|中心|会)|[长任]$|出席|记者|讯|通过|根据|指出|精神$|推动(?!长江)|推进|去年|今年|前年|各[地级省市县区部]|全国各|有关|某|[×xX＊*]{1,}|党中央|一般|任务|要求|实现|开展"
    "|(?<![员协工学商社常联安环体促进理董议全委席])会(?![议员东理宁泽昌同稽计展战])|部署|落实|常务副|副[省市县区厅局]|^(?:全(?!国)|[各该此]|学习|贯彻|传达|听取|审议|汇报|深入|组织|请|刚才|同意|按照|经过)|暨"
    "|^(?:实行|实施|并[与同和在向]|以及|会同|连同|携|赴|到|前往|来到|走进)"
)
_CONGRESS = re.compile(
    rf"^中国共产党(?P<place>[{HAN}]{{2,14}}?{UNIT})(?<!自治区)(?:第[{HAN}]{{1,4}}届)?委员会$"
)
_TERM = re.compile("第?[一二三四五六七八九十]+届(?=人大常委会$)")
_COUNTY_COMMITTEE = re.compile(rf"^(?:中共)?(?P<place>.*?{UNIT})委(?:常委会?|常务)?$")


@dataclass(frozen=True)
class _Page:
    """What the finders read: the title, the lines below it, the first sentences, the witness of places."""

    title: str
    decks: tuple[str, ...]
    sentences: tuple[tuple[str, str], ...]
    witness: Witness
    speech: bool
    several: bool
    press: bool
    tales: tuple[str, ...] = ()  # the paragraphs that may tell who hosted it: the first three and the last


def body_of(
    fields: Fields, blocks: Sequence[Block], cleaned: Cleaned | None = None
) -> tuple[Fact[str] | None, tuple[Doubt, ...]]:
    """The body that met or spoke, without 党组 or 党委, completed by its place when the page proves it.

    A body that would be told apart from others by its place alone (我县召开) is None without it, and a doubt;
    a committee of a party is 中共…委, one convened with the government is the place.

    >>> blocks = [Block("p-1", LineKind.PARAGRAPH,
    ...     "6月1日，省生态环境厅厅长刘伟主持召开厅党组会议，审议《黑龙江省生态环境厅规则》。")]
    >>> title = Fact("省生态环境厅党组召开第21次会议", Evidence("title_line", "title", ""))
    >>> body_of(Fields(title=title), blocks)[0].value
    '黑龙江省生态环境厅'
    >>> [doubt.reason for doubt in body_of(Fields(), [Block("p-1", LineKind.PARAGRAPH, "我县召开推进会。")])[1]]
    ['organization.no_place']
    """
    if fiction_marks(fields, blocks) or advert_marks(fields, blocks):
        return None, ()
    page = _page(fields, blocks, cleaned)
    fallback: Fact[str] | None = None
    unsure: tuple[Doubt, ...] = ()
    for name, at, quote in _candidates(page, cleaned):
        settled = _settle(name, page)
        evidence = Evidence("organization", at, quote[:80])
        if settled is None and _NEEDS_PLACE.fullmatch(name):
            # The convener is known, its place is not: whoever else is named did not convene.
            unsure = (Doubt("organization", name, "organization.no_place", evidence),)
            break
        if settled is None or (page.several and not _is_department(settled)):
            continue
        fact = Fact(settled, evidence)
        unplaced = _GROUP_NAME.search(settled) is not None and not _PLACE_NAME.match(settled)
        if not is_bare(settled) and not (fallback and unplaced):
            return fact, ()
        fallback = fallback or fact
    return fallback, () if fallback else unsure


_FIRST = 3  # paragraphs that may say who met
_SHORT_PLACE = re.compile(f"(?P<org>[{HAN}]{{2,3}})(?:组织)?召开(?=.{{0,6}}(?:[市县区旗州]级|\\d{{4}}年|总))")
_GROUP_NAME = re.compile(f"(?:{GROUP}|办公室)$")
_PLACE_NAME = re.compile(f"[{HAN}]{{2,8}}?{UNIT}")
_DATELINE = re.compile(rf"^[{HAN}]{{2,16}}?(?:\d+月\d+日)?(?:讯|电)[ \u3000]*(?!话|视)")
_NEEDS_PLACE = re.compile(f"我?(?:们)?(?:{UNIT}|自治[区州县旗]|{UNIT}委(?:常委会?)?|{UNIT}(?:人民)?政府)")
_ASIDE = re.compile("[（(【][^（）()【】]{0,40}[）)】]")


def _page(fields: Fields, blocks: Sequence[Block], cleaned: Cleaned | None) -> _Page:
    title = fields.title.value if fields.title else ""
    paragraphs = [block for block in blocks if block.kind in (LineKind.PARAGRAPH, LineKind.HEADING)]
    sentences = []
    told = next((at for at, block in enumerate(paragraphs) if "。" in block.text), 0)
    begin = told if told >= _FIRST else 0  # behind the lines of a table: 会议时间, 会议地点
    for block in paragraphs[begin : begin + _FIRST]:
        for sentence in re.split("[。！？!?\n]", block.text[:400])[:3]:
            if len(sentence) >= 6:
                sentences.append((block.id, _DATELINE.sub("", _ASIDE.sub("", sentence))))
    dropped = owners([line.text for line in cleaned.dropped]) if cleaned else ""
    named = [fact.value for fact in (fields.source, fields.dateline_outlet) if fact is not None]
    site = fields.site.value if fields.site else ""
    text = "\n".join(block.text for block in paragraphs)[:6000]
    witness = Witness(f"{title} {' '.join(fields.decks)} {site} {dropped}", (*named, site), text)
    heads = " ".join((title, *fields.decks))
    speech = bool(re.search("讲话|致辞|致词|发言|动员报告|辅导报告|党课|演讲稿?$", heads)) and not re.search(
        "召开|出席并|主持", title
    )
    several = bool(cue("several").search(title))
    tales = tuple(block.text[:400] for block in (*paragraphs[:3], *paragraphs[3:][-1:]))
    first = sentences[0][1] if sentences else ""
    press = bool(cue("press").search(f"{title} {first}"))
    return _Page(title, fields.decks, tuple(sentences[:6]), witness, speech, several, press, tales)


def _candidates(page: _Page, cleaned: Cleaned | None) -> Iterator[tuple[str, str, str]]:
    """Bodies that may be the one, the likeliest first: name, where, quote."""
    if match := _ISSUER.match(page.title):
        yield match["org"], "title", match[0]
    if page.speech:
        yield from _of_speech(page)
    for at, sentence in (("title", page.title), *page.sentences[:2]):
        match = _INSPECTORS.search(sentence)
        if match and not _STUDIED.search(sentence[: match.start()]):
            yield match["org"], at, match[0]
        if _INSPECTION.search(page.title) and (match := _INSPECTED.search(sentence)):
            yield match["org"], at, match[0]
    for index, (at, sentence) in enumerate(page.sentences[: 2 if page.speech else 4]):
        own = index < 2 and _OWN.search(sentence) is not None
        yield from _in_sentence(sentence, at, office=own or (index == 0 and page.press))
    title = _ASIDE.sub("", page.title)
    others = page.witness.own.replace(page.title, "")
    for at, sentence in (("title", title), *page.sentences[:1]):
        if match := _SIGNED.search(sentence):
            name = _trim(match["org"])
            if name in others:
                yield name, at, match[0]
    yield from _in_sentence(title, "title", office=False)
    if match := _SHORT_PLACE.match(title):  # 龙门召开市级总河长会议: the text names 龙门市
        named = re.search(rf"{match['org']}[{HAN}]{{0,6}}?(?:自治[县旗州]|[市县区旗州])", page.witness.text)
        if named:
            yield named[0], "title", match[0]
    if page.several and (match := re.match(rf"(?P<org>[{HAN}]{{0,10}}(?:{_DEPARTMENT}))", title)):
        yield match["org"], "title", match[0]
    for text in (title, *page.decks, *page.tales):
        if match := next(matches(_HOSTED_STARTS, _HOSTED, text), None):
            yield match["org"] or match["host"], "body", match[0]
    yield from _issued(page, cleaned)


def _issued(page: _Page, cleaned: Cleaned | None) -> Iterator[tuple[str, str, str]]:
    """Who signed a notice or minutes, else the government whose minutes they are."""
    if cleaned is not None and re.search("通知|公告|公示|函|纪要", page.title):
        yield from _signature(cleaned)
    if "纪要" in page.title and (match := re.search(rf"([{HAN}]{{2,10}}?人民政府)", page.witness.own)):
        yield match[1], "meta", match[0]


def _in_sentence(text: str, at: str, *, office: bool = True) -> Iterator[tuple[str, str, str]]:
    for name, quote in convenings(text):
        if _plausible(_trim(name)):
            yield _trim(name), at, quote
    for match in _OFFICE_OF.finditer(text) if office else ():
        yield _trim(match["org"]), at, match[0]
        break


def _of_speech(page: _Page) -> Iterator[tuple[str, str, str]]:
    for at, sentence in page.sentences[:3]:
        yield from _in_sentence(sentence, at, office=False)
    if match := _TITLED_SPEECH.search(" ".join((page.title, *page.decks))):
        yield match["org"] or match["own"], "title", match[0]


_DAY = re.compile(
    r"[\d〇一二三四五六七八九零]{4}年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日(?:印发)?$"
)


def _signature(cleaned: Cleaned) -> Iterator[tuple[str, str, str]]:
    """A body alone on a line above a date or before one, near the end of the page."""
    lines = [line.strip() for line in cleaned.original.split("\n")[-30:] if line.strip()]
    for line, below in pairwise([*lines, ""]):
        signed = re.fullmatch(
            rf"(?P<org>[{HAN}（）()]{{4,30}}(?:{BODY_END}))(?:[ \u3000]+(?P<day>.{{8,14}}))?", line
        )
        if signed is not None and _DAY.match(signed["day"] or below):
            yield signed["org"], "meta", line


def _plausible(name: str) -> bool:
    """Whether a run of characters can be a body's name.

    >>> _plausible("岭东市生态环境局"), _plausible("常务副县"), _plausible("去年全市政府")
    (True, False, False)
    """
    return bool(name) and not _NOT_BODY.search(name.replace("人民代表大会", "人大"))


def _trim(name: str) -> str:
    name = re.sub(r"^[（(][^（）()]*[）)]", "", name)  # (盖章)某学会
    name = re.sub("^.*(?:是经|会议由|邀请到?|请到)", "", name)
    name = re.sub(f"^(?:.*[，,：: ]|[{HAN}]*?\\d日(?:上午|下午)?)", "", name)
    name = re.sub(
        "^(?:今天|昨天|昨日|今日|当日|当天|近日|日前|上午|下午|由|经(?![开济])|是|在|，)+", "", name
    )
    return re.sub("(?:分党组|党组|党委)$", "", name).strip("“”（）()")


_OWN_UNIT = re.compile("^(?:我|本|市|省|县|区|州)?([厅局部院校站所]|学校|学院|公司|集团|中心)$")
_GROUP_ONLY = re.compile("^(?:领导小组|协作小组|协调小组|指挥部|委员会|专班|协调机制|联席会议)$")


def _is_department(name: str) -> bool:
    return not re.search(f"{UNIT}$|{UNIT}委$|政府$|^中共|领导小组$", name)


def _settle(name: str, page: _Page) -> str | None:
    """The full name of a candidate, or None when it is no body that a page could be made of."""
    witness = page.witness
    name = re.sub("^我们?(?=[省市县区州盟旗厅局校])", "", _trim(name))
    if not _plausible(name):
        return None
    if match := _OWN_UNIT.match(name):
        name = _own(match[1], name, witness)
        if len(name) < 3:
            return None
    if _GROUP_ONLY.match(name):
        groups = re.findall(rf"(?:{UNIT}|全国|国家)[{HAN}]{{3,24}}?{name}", f"{witness.text} {page.title}")
        name = next(filter(_plausible, groups), "")
        if not name:
            return None
    name = _TERM.sub("", name)
    if match := _CONGRESS.match(name):
        return f"中共{match['place']}委"
    if match := _COUNTY_COMMITTEE.match(name):
        place = _placed(match["place"], witness)
        if match["place"].startswith(("我", "本", "全")):
            return None
        return f"{match['place']}委" if is_bare(place) or len(place) < 2 else f"中共{place}委"
    if match := re.match(rf"(?P<place>.*?{UNIT})(?:人民)?政府(?:常务)?$", name):
        place = _placed(match["place"], witness)
        if is_bare(place):
            return f"{match['place']}人民政府" if len(match["place"]) == 1 else None
        full_name = f"{place}人民政府"
        name = full_name if full_name in witness.whole or "人民" in name else f"{place}政府"
        return _of_municipality(name, witness)
    if re.fullmatch(
        f"{UNIT}|自治[区州县旗]|地区|园区|开发区|经开区|高新区|新区|[镇乡村]|街道|社区|化工园区|工业园区",
        name,
    ):
        place = _placed(name, witness)
        return None if place == name else place
    if _AREA.match(name) and (named := re.search(rf"(?<![{HAN}])[{HAN}]{{2,20}}{name}", witness.whole)):
        return named[0]
    for court in ("检察院", "法院"):
        if name.endswith(court) and "人民" not in name and f"人民{court}" in witness.whole:
            name = f"{name[: -len(court)]}人民{court}"
    if _TOWN.fullmatch(name) and (county := _county_of(name, witness)):
        name = f"{county}{name}"
    name = re.sub("^中华人民共和国(?=.{2,}(?:部|委员会|总局|署)$)", "", complete(name, witness))
    return _of_municipality(name, witness)


def _placed(name: str, witness: Witness) -> str:
    """A bare place completed: by the text, or by an outlet whose place the text speaks of too (洛阳日报讯 … 美丽洛阳).

    >>> _placed("市", Witness("", ("洛阳日报",), "我市召开大会，建设美丽洛阳"))
    '洛阳市'
    """
    place = complete(name, witness, by_outlet=False)
    if is_bare(place) and not is_bare(told := complete(name, witness)):
        stem = re.sub(f"{UNIT}$", "", told)
        return (
            told if witness.text.replace(f"{stem}日报", "").replace(f"{stem}新闻", "").count(stem) else place
        )
    return place


_TOWN = re.compile(f"[{HAN}]{{2,4}}(?:[镇乡]|街道|苏木)")
_COUNTY_SITE = re.compile(f"([{HAN}]{{2,6}}[县区旗市])(?:人民政府|政府网|政务网)")


def _county_of(town: str, witness: Witness) -> str:
    """The county on whose government's site a town tells of itself; '' when the page names several or its own.

    >>> _county_of("岑川镇", Witness("平江县人民政府门户网 > 乡镇动态 > 岑川镇", (), ""))
    '平江县'
    """
    found = {match[1] for match in _COUNTY_SITE.finditer(witness.own)}
    return found.pop() if len(found) == 1 and town in witness.own else ""


_DISTRICT = re.compile(f"^[{HAN}]{{1,4}}[区县]")


def _of_municipality(name: str, witness: Witness) -> str:
    """A district's body with the municipality, where the page's own lines name it so and no other parent.

    >>> _of_municipality("通州区人民政府", Witness("北京市通州区人民政府 首页", (), ""))
    '北京市通州区人民政府'
    >>> _of_municipality("朝阳区人民政府", Witness("长春市朝阳区人民政府 赴北京市朝阳区人民政府学习", (), ""))
    '朝阳区人民政府'
    """
    own = f"{witness.own} {' '.join(witness.outlets)}"
    district = _DISTRICT.match(name)
    if not district:
        return name
    parents = {match[1] for match in re.finditer(rf"([{HAN}]{{2,3}}?[市省州盟])(?={district[0]})", own)}
    return f"{parents.pop()}{name}" if len(parents) == 1 and parents <= _MUNICIPALITIES else name


_MUNICIPALITIES = {"北京市", "天津市", "上海市", "重庆市"}
_AREA = re.compile("(?:示范|开发|高新|经开|保护|管理|风景)区.")
_UNPLACED = re.compile(f"(?:{_FIELD_DEPARTMENT})[厅局部]")
_OWN_KINDS = {
    "校": "大学|学院",
    "学校": "大学|学院",
    "学院": "大学|学院",
    "院": "研究院|科学院|设计院|规划院|学院|人民检察院|人民法院",
    "站": "监测总站|监测中心站|监测站|总站",
    "所": "研究所|监测所",
    "中心": "中心",
    "公司": "集团有限公司|有限责任公司|股份有限公司|有限公司|集团公司|集团",
    "集团": "集团有限公司|集团股份有限公司|集团公司|集团",
}


@cache
def _own_kind(kind: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![{HAN}])([{HAN}]{{2,18}}?(?:{_OWN_KINDS[kind]}))(?!(?!是)[{HAN}]{{0,2}}[院校所])"
    )


@cache
def _department(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![{HAN}])([{HAN}]{{0,12}}?(?:{_FIELD_DEPARTMENT}){kind})")


def _own(kind: str, name: str, witness: Witness) -> str:
    """我局, 厅: the department of that kind that the page's own lines name, else its text.

    >>> _own("厅", "厅", Witness("江阳省生态环境厅 > 要闻", (), ""))
    '江阳省生态环境厅'
    """
    if kind in _OWN_KINDS:
        for text in (witness.own, " ".join(witness.outlets), witness.text):
            for found in _own_kind(kind).finditer(text):
                if _plausible(found[1]):
                    return found[1]
        return ""
    pattern = _department(kind)
    for text in (witness.own, " ".join(witness.outlets), witness.text):
        names = [match[1] for match in pattern.finditer(text) if _plausible(match[1])]
        if names:
            placed = [one for one in names if not is_bare(one) and not _UNPLACED.fullmatch(one)]
            return (placed or names)[0]
    loose = re.search(rf"([{HAN}]{{2,12}}?(?:{_FIELD_DEPARTMENT}){kind})(?:党组|党委)", witness.text)
    return _trim(re.sub("^.*[日，。、]", "", loose[1])) if loose else ""
