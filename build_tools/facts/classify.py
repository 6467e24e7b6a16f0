"""Kind, level, organisation and place of one article, each a fact with its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from build_tools.cleaning.dates import SALUTES
from build_tools.core.article import Block, Evidence, Fact, Kind, Level, Line, LineKind, Participant, Role
from build_tools.core.text import HAN
from build_tools.core.vocabulary import cue
from build_tools.facts.bodies import body_of
from build_tools.facts.fields import Fields
from build_tools.facts.place_names import admin
from build_tools.facts.trust import advert_marks, fiction_marks, judge

__all__ = ["body_of", "judge", "kind_of", "level_of", "place_of"]

_SENTENCE = re.compile("[^。！？!?\n]*")
_NUMBERED = re.compile(
    r"\s*(?:\d{1,2}[.．、]|[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]{1,2}[）)])"
)


def _paragraphs(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind in (LineKind.PARAGRAPH, LineKind.HEADING)]


def _first(blocks: Sequence[Block]) -> tuple[str, str]:
    """The id and the first sentence of the first paragraph that has one (salutations have none)."""
    for block in _paragraphs(blocks):
        match = _SENTENCE.match(block.text)
        if match and len(match[0]) >= 12:
            return block.id, match[0]
    return "title", ""


# --- kind --------------------------------------------------------------------

_FIRST_PERSON = re.compile("我(?=讲|们|就|代表|再|强调|想|宣布|先|受|来|提|要|市|县|省)|刚才")


_TURN = 24  # characters of a line that names who speaks next


def kind_of(fields: Fields, blocks: Sequence[Block]) -> Fact[Kind]:
    """Meeting readout, speech in the first person, or other (visits, press, several meetings, fiction …).

    >>> blocks = [Block("p-1", LineKind.PARAGRAPH, "5月3日上午，市政府召开第5次常务会议，研究水污染防治。")]
    >>> kind_of(Fields(), blocks).value
    <Kind.MEETING: 'meeting'>
    """
    title = fields.title.value if fields.title and not fields.title.inferred else ""
    where, first = _first(blocks)
    paragraphs = _paragraphs(blocks)
    head, at, rule = (title, "title", "title") if title else (first, where, "first_sentence")

    def fact(kind: Kind, rule: str, at: str, quote: str) -> Fact[Kind]:
        return Fact(kind, Evidence(f"kind.{rule}", at, quote[:80]))

    if marks := fiction_marks(fields, blocks):
        return fact(Kind.OTHER, "fiction", where, "、".join(marks))
    if marks := advert_marks(fields, blocks):
        return fact(Kind.OTHER, "advert", where, "、".join(marks))
    if listed := _listed_meeting(paragraphs):
        return fact(Kind.OTHER, "several_meetings", where, listed)
    if match := cue("several").search(title):
        return fact(Kind.OTHER, "several_meetings", "title", match[0])
    if told := _told_in_person(title, paragraphs):
        return fact(*told)
    if match := cue("press").search(head) or cue("press").search(first[:60]):
        return fact(Kind.OTHER, "press", at, match[0])
    visit, meeting = cue("visit").search(head[:60]), cue("meeting").search(head)
    if visit and (meeting is None or visit.start() < meeting.start()):
        return fact(Kind.OTHER, "visit", at, visit[0])
    if (match := cue("notice").search(title)) and not re.search(
        "召开|举行|在.{2,8}开班|会议$|[^工]会$", title
    ):
        return fact(Kind.OTHER, "notice", "title", match[0])
    if meeting:
        return fact(Kind.MEETING, rule, at, meeting[0])
    if (visit := cue("visit").search(first[:50])) and not re.search("召开|主持", first[:60]):
        return fact(Kind.OTHER, "visit", where, visit[0])
    if match := cue("meeting").search(first + paragraphs[0].text[:200] if paragraphs else ""):
        return fact(Kind.MEETING, "first_sentence", where, match[0])
    return fact(Kind.OTHER, "default", where, head)


def _told_in_person(title: str, paragraphs: Sequence[Block]) -> tuple[Kind, str, str, str] | None:
    """A speech, by its title or its salutation; a transcript is of several persons. Kind, rule, where, quote."""
    held = re.search("召开|举行|出席|主持(?!词|稿|讲话)", title)
    if not held and (match := cue("speech_title").search(title.strip())):
        return Kind.SPEECH, "title", "title", match[0]
    turns = [block for block in paragraphs if len(block.text) < _TURN and block.text.endswith("：")]
    if len(turns) > 2:  # 甲：, each turn on lines of its own
        return Kind.OTHER, "transcript", turns[0].id, turns[0].text
    opening = "".join(block.text for block in paragraphs[:8])
    for block in paragraphs[:3] if len(_FIRST_PERSON.findall(opening)) >= 2 else ():
        if match := SALUTES.match(block.text):
            return Kind.SPEECH, "salutation", block.id, match[0]
    return None


def _listed_meeting(paragraphs: Sequence[Block]) -> str:
    """The first meeting of a numbered list most of which are meetings; '' if there is no such list."""
    items = [block.text for block in paragraphs if _NUMBERED.match(block.text)]
    meetings = [text for text in items if _is_meeting_item(text)]
    return meetings[0] if len(meetings) >= max(2, len(items) / 2) else ""


def _is_meeting_item(text: str) -> bool:
    head = _NUMBERED.sub("", text, count=1)
    lead = re.split("[。！？；：:]", head, maxsplit=1)[0][:40]
    return bool(
        re.search(
            r"会议?$|(?:召开|举行).{0,20}会|会议?(?:召开|举行)|主持召开|会研究|会部署|会传达|换届$", lead
        )
    )


# --- places and levels -------------------------------------------------------


_CENTRAL = re.compile(
    "生态环境部(?!门|署)|环境保护部(?!门|部长联席)|环保部(?!门|部长)|国家环保总局|国务院(?!办公厅)|全国(?:人大常委会|人大|政协)|国家(?:发展改革委|林业和草原局|林草局|能源局|核安全局)"
    "|(?:自然资源|水利|农业农村|交通运输|住房和城乡建设|财政|科学技术|工业和信息化|公安|民政|司法|应急管理)部(?!门|署|长联席)|最高人民|中共中央|部党组|部际|部常务会|部务会|部长专题会|驻部纪检|副部长|^部长|[、，]部长"
    "|全国(?=[^，。]{0,30}(?:会议?|视频会|现场会|培训班|座谈会)(?!精神))|总书记主持"
)
_PROVINCE = re.compile(
    "[全本我我副]省(?!钱|时|力|悟)|省(?=委|政府|人民|人大|政协|生态|环保|环境|长|级|直|纪|林|水|自然|太湖|当局|河|总|发|应|住|农|公|高|审|国资|属|工|中央|大气|督|核|污|第)|自治区(?!域)|兵团(?!第|[一二三四五六七八九十]+师)|厅(?:党组|长|务会|机关|系统|直属)|副厅长|[^客餐大门办]厅(?=召开|举行|传达|组织)"
)
_CITY = re.compile(
    f"([{HAN}]{{0,7}})(?:市(?![场民区值面井内容辖])|自治州|州(?=委|政府|长|人|生|级|直|环|河|总|市)|盟(?=委|行署|长|市|生|公|直|级|行)|地区(?=行署|行政|生态|环保|环境|地委|公署))|行署|地委"
    "|全[市州盟](?!场)|[本我][市州盟](?!场)|副[市州盟]长"
)
_COUNTY = re.compile(
    "县(?!级以上)|旗(?=委|政府|长|人|生|县|级|直|环|召)|[全我本]旗|(?<![治地社园库灾山林城市矿牧景校厂片辖灌保新发赛流])区(?=委|政府|长|人民|人大|政协|生态|环保|级|直|纪|总|河|林|政务|发|住|农|水|城|应|融|碳|督|公|召)"
    "|(?<=[全本我])区(?!域)|镇(?=党委|政府|长|人|召)|乡(?=党委|政府|长|人|召)|街道(?:党工委|办事处|办)|园区|开发区|高新区|经开区|示范区管委会|新区|管委会|分局(?!长?会)|保税区|工业区|产业园"
)
_MASKED = re.compile(
    "中央(?:生态环境保护|生态环保|环境保护|环保)督察(?:组|办)?|(?:传达)?(?:学习|贯彻)?(?:落实)?全[国省市](?:生态环境保护|生态环保|环境保护|两会)(?:工作)?(?:大会|会议)?精神|长江|各[省市县区州]+|县级以上|[县市]区|城市|市场|市民|市区|[省市县区乡镇村]{3,}|自治区直辖市|[省市县区]、[省市县区]"
)
_AWAY = re.compile(
    f"(?<![存])(?:在|赴|到(?!位|底)|来|莅)(?=[{HAN}]{{1,18}}(?:召开|举行|举办|调研|督导|检查|开幕))|赴"
)


def _context(fields: Fields, blocks: Sequence[Block], organization: Fact[str] | None) -> tuple[str, str]:
    """What names the place: the page's own words about itself, and the opening of the text."""
    own = " ".join(
        fact.value
        for fact in (organization, fields.source, fields.dateline_outlet, fields.site, fields.title)
        if fact is not None
    )
    own += "".join(f" {deck}" for deck in fields.decks)
    place = place_of(blocks)
    if place is not None and place.value in admin()["municipalities"]:
        own += f" {place.value}"
    opening = " ".join(block.text[:300] for block in _paragraphs(blocks)[:3])
    return own, opening


_OF_PREFECTURE = re.compile(f"[州盟][{HAN}]{{2,4}}$")  # 某州某市
_CITY_OF_PREFECTURE = re.compile(f"[州盟][{HAN}]{{2,4}}市(?![场民区])")
_CITY_NAMED = re.compile(f"([{HAN}]{{2,4}})市(?![场民区])")
_CITY_OR_OUTLET = re.compile(f"([{HAN}]{{1,5}})(?:市(?![场民区])|日报|融媒体中心|发布|政府网)")


@cache
def _municipality() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(admin()['municipalities'])})(?!路|东路|冬|青年)")


def _city_rank(name: str, own: str, opening: str) -> Level:
    """The level of a 市 with the name before it, else of the bare 市 as the context tells."""
    words = admin()
    if name.endswith(tuple(words["municipalities"])):
        return Level.PROVINCE
    known = words["cities"]
    if _OF_PREFECTURE.search(name):
        return Level.COUNTY
    for width in (5, 4, 3, 2) if len(name) > 1 else (1,):  # 津市 is a city, 榆津市 another
        tail = name[-width:]
        if len(name) >= width and tail in words["county_cities"]:
            return Level.COUNTY
        if len(name) >= width and tail in known:
            return Level.CITY
    if len(name) >= 2 and name[-1] not in "全我本副各":
        return Level.CITY
    return _bare_rank(own, opening)


@lru_cache(maxsize=4)  # an article asks it seven times
def _bare_rank(own: str, opening: str) -> Level:
    """The level of a bare 市, as the context tells."""
    words = admin()
    known = words["cities"]
    if _CITY_OF_PREFECTURE.search(f"{own} {opening}"):
        return Level.COUNTY
    for text in (own, opening):
        if _municipality().search(text) and (
            text is own or _named_cities(text) <= set(words["municipalities"])
        ):
            return Level.PROVINCE
        for match in _CITY_OR_OUTLET.finditer(text):
            for width in (5, 4, 3, 2):
                tail = match[1][-width:]
                if len(match[1]) >= width and tail in known:
                    return Level.CITY
                if len(match[1]) >= width and tail in words["county_cities"]:
                    return Level.COUNTY
    return Level.CITY


def _named_cities(text: str) -> set[str]:
    return {match[1][-2:] for match in _CITY_NAMED.finditer(text)}


def phrase_level(text: str, own: str = "", opening: str = "") -> Level | None:
    """The lowest level named in a phrase, which is that of the body it names; None if it names none.

    >>> bodies = ("黑龙江省生态环境厅", "重庆市生态环境局", "昆山市委", "省委常委、市委书记")
    >>> [str(phrase_level(body)) for body in bodies]
    ['province', 'province', 'county', 'city']
    """
    text = _MASKED.sub("，", text)
    away = _AWAY.search(text)
    if away and away.start() >= 4:
        text = text[: away.start()]
    if any(area in text for area in admin()["city_areas"]) or _DIVISION.search(text):
        return Level.CITY
    county = _COUNTY.search(text)
    if county and county[0] == "区" and not re.search("区(?:委|长|政府|级|直|人大)", text):
        around = own + opening
        if "自治区" in around or any(name in around for name in admin()["regions"]):
            return Level.PROVINCE
    if county:
        return Level.COUNTY
    if cities := list(_CITY.finditer(text)):
        # A bare 市 may be of any rank, a 州, 盟 or 地区 is a prefecture.
        ranks = {
            _city_rank(match[1] or "", own, opening) if match[0].endswith(("市", "市长")) else Level.CITY
            for match in cities
        }
        for level in (Level.COUNTY, Level.CITY, Level.PROVINCE):
            if level in ranks:
                return level
    if _PROVINCE.search(text) or any(name in text for name in admin()["provinces"].values()):
        return Level.PROVINCE
    if any(name in text for name in admin()["regions"].values()):
        return Level.PROVINCE
    if _CENTRAL.search(text):
        return Level.CENTRAL
    return None


_FIRM = re.compile("(?:集团|公司|企业|厂|股份|大学|学院)$")
# What bears its owner's place and unit in its name: 云南省矿业集团, 襄阳市水务公司; a private firm is no 集团.
_OF_OWNER = re.compile(
    f"^(?!国网|国家|中国|国能|华能|华电|大唐)[{HAN}]*(?:集团(?:股份)?(?:有限(?:责任)?公司|公司)?|(?:水务|供水|排水|自来水|城投|城建|水投|环卫)[{HAN}]{{0,6}}公司"
    "|大学|学院|学会|协会|研究会|联合会|促进会|基金会|督察组)$"
)
_FIRM_SPEAKS = re.compile(
    f"[{HAN}×xX*]{{0,14}}?(?:公司|集团|企业|[^工]厂)(?:负责人)?在[^，。]{{2,40}}(?:发言|讲话|致辞)"
)
# Of the whole country by name.
_NATIONAL = re.compile(
    f"^(?:中国|中华|全国)[{HAN}]{{2,14}}(?:学会|协会|研究会|联合会|促进会|基金会)$"
    f"|^中国[{HAN}]{{2,12}}(?:集团|公司)|^中央.*督察组$"
    "|^中国(?:科学院|工程院|社会科学院|环境科学研究院|环境监测总站|农业科学院|林业科学研究院|气象科学研究院)$"
)
_UNRANKED = re.compile("国家级自然保护区|国家公园|一体化发展示范区")
_DIVISION = re.compile("第[一二三四五六七八九十]{1,3}师(?!.{0,12}[团连])|(?<![律教医厨老])师市(?!场|区)")
_SCOPES = {
    Level.PROVINCE: re.compile("全省|省委|省政府|我省|全厅|厅党组|自治区党委|自治区政府|全自治区|厅机关"),
    Level.CITY: re.compile("全市|市委|市政府|我市|市直|全州|州委|州政府|全盟|盟委|盟行署"),
    Level.COUNTY: re.compile(
        "全县|县委|县政府|我县|县直|区委|区政府|全旗|旗委|全镇|各乡镇|镇党委|园区|管委会"
    ),
}


def _owned(name: str, blocks: Sequence[Block], own: str, opening: str) -> tuple[Level, str]:
    """Whose a firm or a school says that it is, with its words: 我校是一所市属高校; unknown when it does not say.

    >>> _owned("云溪学院", [Block("p", LineKind.PARAGRAPH, "云溪学院是一所省属高校。")], "", "")
    (<Level.PROVINCE: 'province'>, '云溪学院是一所省属')
    >>> _owned("云溪集团", [Block("p", LineKind.PARAGRAPH, "集团要求，凡是在省属企业任职的都要学习。")], "", "")
    (<Level.UNKNOWN: 'unknown'>, '云溪集团')
    """
    pattern = re.compile(
        rf"(?:{re.escape(name)}|(?:我校|学校|学院|集团|公司|我们)(?=是|作为))(?:是|作为|系)[^。；\n]{{0,30}}?(?P<unit>[省市县])属"
    )
    for block in _paragraphs(blocks):
        if "属" in block.text and (match := pattern.search(block.text)):
            unit = match["unit"]
            level = {"省": Level.PROVINCE, "县": Level.COUNTY}.get(unit) or _city_rank("", own, opening)
            return level, match[0]
    return Level.UNKNOWN, name


def _of_name(name: str, blocks: Sequence[Block], own: str, opening: str) -> Fact[Level] | None:
    """The level that a body's name settles alone, None for one whose place and rank have to be weighed."""
    if _NATIONAL.search(name):
        return Fact(Level.CENTRAL, Evidence("level.national", "title", name))
    if _OF_OWNER.search(name) and (level := phrase_level(name, own, opening)) is not None:
        return Fact(level, Evidence("level.owner", "title", name))
    if re.search("地区$|地区行署|地委", name):  # 大兴安岭地区 has the rank of a city
        return Fact(Level.CITY, Evidence("level.prefecture", "title", name))
    if _FIRM.search(name):
        level, quote = _owned(name, blocks, own, opening)
        return Fact(level, Evidence("level.firm", "title", quote[:80]))
    if _UNRANKED.search(name):  # no body of a place: its level is that of nobody named here
        return Fact(Level.UNKNOWN, Evidence("level.unranked", "title", name))
    return None


def level_of(
    fields: Fields,
    blocks: Sequence[Block],
    people: Sequence[Participant] = (),
    organization: Fact[str] | None = None,
) -> Fact[Level]:
    """Which level of government met or spoke: central, province, city, county, unknown.

    Votes of the organisation, the title, the first sentence, the offices of those who
    preside and speak, and the words of scope (全省, 全市, 全县) in the body; the
    evidence is the weightiest phrase. 市 is province-level in the four municipalities
    and county-level in the cities of that rank. Fiction, adverts and firms are unknown.
    """
    where, first = _first(blocks)
    if fiction_marks(fields, blocks) or advert_marks(fields, blocks):
        return Fact(Level.UNKNOWN, Evidence("level.rejected", where, ""))
    own, opening = _context(fields, blocks, organization)
    votes: dict[Level, float] = {}
    best: tuple[float, Evidence] = (0.0, Evidence("level.scope", where, ""))

    def vote(text: str, weight: float, rule: str, at: str) -> Level | None:
        nonlocal best
        level = phrase_level(text, own, opening)
        if level is not None:
            votes[level] = votes.get(level, 0.0) + weight
            if weight > best[0]:
                best = (weight, Evidence(f"level.{rule}", at, text[:60]))
        return level

    if organization is not None:
        if settled := _of_name(organization.value, blocks, own, opening):
            return settled
        vote(organization.value, 5.0, "organization", organization.evidence.where)
    elif fields.title is not None and (match := _FIRM_SPEAKS.match(fields.title.value)):
        return Fact(Level.UNKNOWN, Evidence("level.firm", "title", match[0]))
    if fields.title is not None and not fields.title.inferred:
        vote(fields.title.value, 4.0, "title", "title")
    for deck in fields.decks[:2]:
        vote(deck, 1.5, "deck", "deck")
    vote(first[:120], 3.0, "first_sentence", where)
    leaders = [person for person in people if {Role.PRESIDES, Role.SPEAKS} & set(person.roles)]
    leaders.sort(key=lambda person: Role.PRESIDES not in person.roles)
    visit = organization is None and fields.title is not None and cue("visit").search(fields.title.value)
    for weight, person in zip((6.0 if visit else 3.0, 1.0, 1.0), leaders, strict=False):
        vote("，".join(person.offices), weight, "office", where)
    for source in (fields.source, fields.site):
        if source is not None:
            vote(source.value, 0.8, "source", "meta")
    body = "".join(block.text for block in _paragraphs(blocks))
    counts = {level: len(pattern.findall(body)) for level, pattern in _SCOPES.items()}
    total = sum(counts.values())
    for scope, count in counts.items():
        if count:
            level = _city_rank("", own, opening) if scope is Level.CITY else scope
            votes[level] = votes.get(level, 0.0) + 3.0 * count / total
    if not votes:
        return Fact(Level.UNKNOWN, Evidence("level.default", where, ""))
    order = [Level.CENTRAL, Level.PROVINCE, Level.CITY, Level.COUNTY]
    level = max(votes, key=lambda item: (votes[item], -order.index(item)))
    return Fact(level, best[1], inferred=organization is None)


# --- place -------------------------------------------------------------------

_PLACE = re.compile(
    rf"在([{HAN}\d]{{1,20}}?[市县]?)(?:联合|共同|组织|主持|隆重|胜利|顺利)*(?:召开|举行|举办|开幕)"
)
_PLACE_LABEL = re.compile(rf"(?:会议)?地 *点 *[:：|] *([{HAN}\d]{{2,20}})$", re.M)
_NO_PLACE = re.compile(
    "^[我本全]|^会议$|视频|现场|期间|主会场|线上|形式|会上|基础|[前后中时]$|[为以和与的了]|机关$|同一|一[地起]|领导下|[该此]|这里"
)


def place_of(blocks: Sequence[Block], dropped: Sequence[Line] = ()) -> Fact[str] | None:
    """The town or the hall where the meeting was held (在京召开 → 北京), or None when no one says.

    >>> place_of([Block("title", LineKind.TITLE, "全国生态环境保护工作会议在京召开")]).value
    '北京'
    """
    short: dict[str, str] = admin()["short"]
    heads = [block for block in blocks if block.kind in (LineKind.TITLE, LineKind.DECK)]
    read = [(_PLACE, block.id, block.text[:300]) for block in [*_paragraphs(blocks)[:2], *heads]]
    read += [(_PLACE_LABEL, block.id, block.text[:300]) for block in blocks[:_LABELLED]]
    read += [(_PLACE_LABEL, "meta", line.text[:300]) for line in dropped if line.kind is LineKind.META]
    for pattern, where, text in read:
        for match in pattern.finditer(text):
            name = match[1]
            if _NO_PLACE.search(name) or (len(name) == 1 and name not in short):
                continue
            return Fact(short.get(name, name), Evidence("place", where, match[0], match.start()))
    return None


_LABELLED = 20  # lines in which a label may say where
