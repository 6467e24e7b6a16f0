"""The level of government that met or spoke: votes of the lowest unit that each of the page's own words names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from build_tools.core.article import Block, Evidence, Fact, Level, Participant, Role
from build_tools.core.text import HAN
from build_tools.core.vocabulary import cue
from build_tools.facts.classify import first_sentence, paragraphs_of, place_of
from build_tools.facts.fields import Fields
from build_tools.facts.place_names import NO_NAME, admin
from build_tools.facts.trust import advert_marks, fiction_marks

_NOTHING = re.compile("(?!)")
_UPWARD = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.CENTRAL)
# What a unit's own bodies and offices end in: 县委, 省残联, 区文旅局, 旗林草局, 镇综合执法队.
_SEAT = f"(?=[{HAN}]{{0,12}}?(?:[局委办厅院社队联署站所处长级组召]|政府|政协|人大|党组|中心|主席|书记|主任|会(?![议上])|直[属管机]|$|[，、：；]))"
_OURS = ("全", "我", "本", "副")
_OWN = f"(?<=[{''.join(_OURS)}])"  # 全省, 我区, 副县长
_PARK = "园区|开发区|高新区|经开区|示范区管委会|新区|管委会|保税区|工业区|产业园|分局"
_UNIT = re.compile(
    rf"""
      (?P<county> 县 | {_PARK} | {_OWN}[旗区] | (?:[区旗镇乡]|街道){_SEAT} )
    | (?P<city> 市(?![场民区值面井内容辖]) | 自治州 | 行署 | 地委 | {_OWN}[州盟] | [州盟](?!省){_SEAT} | 地区{_SEAT} )
    | (?P<province> {_OWN}省 | 省{_SEAT} | 自治区 | 兵团
        | (?<![客餐大门办])厅(?=党组|长|务会|机关|系统|直属|召开|举行|传达|组织) )
    """,
    re.VERBOSE,
)
_DIVISION = re.compile("第[一二三四五六七八九十]{1,3}师(?!.{0,12}[团连])|(?<![律教医厨老])师市(?!场|区)")
# Where a body went: the place behind it is not its own.
_AWAY = re.compile(
    f"(?<!存)(?:在|赴|到(?!位|底)|来|莅)(?=[{HAN}]{{1,18}}(?:召开|举行|举办|调研|督导|检查|开幕))|赴"
)


_OF_PREFECTURE = re.compile(f"[州盟][{HAN}]{{2,4}}$")  # 某州某市
_CITY_OF_PREFECTURE = re.compile(f"[州盟][{HAN}]{{2,4}}市(?![场民区])")
_CITY_OR_OUTLET = re.compile(f"([{HAN}]{{1,5}})(?:市(?![场民区])|日报|融媒体中心|发布|政府网)")


def _known_rank(name: str) -> Level | None:
    """The rank of the city that the end of `name` names: 昆山 is of county rank, 榆津 is not 津."""
    words = admin()
    if name.endswith(tuple(words["municipalities"])):
        return Level.PROVINCE
    for tail in (name[-width:] for width in (5, 4, 3, 2) if len(name) >= width) if len(name) > 1 else (name,):
        for rank, listed in ((Level.COUNTY, "county_cities"), (Level.CITY, "cities")):
            if tail in words[listed]:
                return rank
    return None


def _city_rank(name: str, own: str, opening: str) -> Level:
    """The level of a 市 with the name before it, else of the bare 市 as the context tells."""
    if _OF_PREFECTURE.search(name) and not _known_rank(name):
        return Level.COUNTY
    named = len(name) >= 2 and name[-1] not in "全我本副各"
    return _known_rank(name) or (Level.CITY if named else _bare_rank(own, opening))


@lru_cache(maxsize=4)  # an article asks it seven times
def _bare_rank(own: str, opening: str) -> Level:
    """The level of a bare 市: that of the one city which the page's own words name, else which its opening names."""
    if _CITY_OF_PREFECTURE.search(f"{own} {opening}"):
        return Level.COUNTY
    for text in (own, opening):
        ranks = [_known_rank(match[1]) for match in _CITY_OR_OUTLET.finditer(text)]
        if known := [rank for rank in ranks if rank]:
            return known[0]
    return Level.CITY


def _level(match: re.Match[str], own: str, opening: str) -> Level:
    """The level of a unit that `_UNIT` or `_SCOPE` found: a 市 is of the rank of its name or of the page."""
    before = match.string[max(0, match.end() - 8) : match.end() - 1]
    if match[0].endswith("市"):
        return _city_rank(re.sub(f"^.*[^{HAN}]", "", before), own, opening)
    bare = before.endswith(_OURS) or not re.match(f"[{HAN}]", before[-1:])
    if match[0] == "区" and bare and any(name in own + opening for name in ("自治区", *admin()["regions"])):
        return Level.PROVINCE
    return Level(match.lastgroup or "unknown")


def phrase_level(text: str, own: str = "", opening: str = "") -> Level | None:
    """The lowest level named in a phrase, which is that of the body it names; None if it names none.

    `own` and `opening` are what the page says of itself, to tell which 市 or 区 is meant.

    >>> bodies = ("黑龙江省生态环境厅", "重庆市生态环境局", "昆山市委", "省委常委、市委书记")
    >>> [str(phrase_level(body)) for body in bodies]
    ['province', 'province', 'county', 'city']
    """
    text = cue("no_unit").sub("，", text)
    away = _AWAY.search(text)
    if away and away.start() >= 4:
        text = text[: away.start()]
    words = admin()
    if any(area in text for area in words["city_areas"]) or _DIVISION.search(text):
        return Level.CITY
    found: set[Level] = set()
    for name in (*words["provinces"].values(), *words["regions"].values()):
        if name in text:  # 贵州省 is no 州
            found.add(Level.PROVINCE)
            text = text.replace(name, "省")
    if cue("national").search(text):
        found.add(Level.CENTRAL)
    for match in _UNIT.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        if before.endswith(_OURS) or not NO_NAME.get(match[0], _NOTHING).search(before):
            found.add(_level(match, own, opening))
    return next((level for level in _UPWARD if level in found), None)


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
# What the text says of its own: 全省, 我市, 县委.
_SCOPE = re.compile(
    "(?P<county>[全我][县旗区镇]|[县区旗镇](?=委|政府|党委)|县直|园区|管委会)"
    "|(?P<city>[全我][市州盟]|[市州盟](?=委|政府|直)|盟行署)"
    "|(?P<province>[全我]省|省(?=委|政府)|全厅|厅党组|厅机关|全自治区|自治区(?=党委|政府))"
)


def _owned(name: str, blocks: Sequence[Block], own: str, opening: str) -> tuple[Level, str]:
    """Whose a firm or a school says that it is, with its words: 我校是一所市属高校; unknown when it does not say.

    >>> from build_tools.core.article import LineKind
    >>> _owned("云溪学院", [Block("p", LineKind.PARAGRAPH, "云溪学院是一所省属高校。")], "", "")
    (<Level.PROVINCE: 'province'>, '云溪学院是一所省属')
    >>> _owned("云溪集团", [Block("p", LineKind.PARAGRAPH, "集团要求，凡是在省属企业任职的都要学习。")], "", "")
    (<Level.UNKNOWN: 'unknown'>, '云溪集团')
    """
    pattern = re.compile(
        rf"(?:{re.escape(name)}|(?:我校|学校|学院|集团|公司|我们)(?=是|作为))(?:是|作为|系)[^。；\n]{{0,30}}?(?P<unit>[省市县])属"
    )
    for block in paragraphs_of(blocks):
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


def _context(fields: Fields, blocks: Sequence[Block], organization: Fact[str] | None) -> tuple[str, str]:
    """What names the place: the page's own words about itself, and the opening of the text."""
    own = (organization, fields.source, fields.dateline_outlet, fields.site, fields.title)
    words = [fact.value for fact in own if fact is not None] + list(fields.decks)
    place = place_of(blocks)
    if place is not None and place.value in admin()["municipalities"]:
        words.append(place.value)
    return " ".join(words), " ".join(block.text[:300] for block in paragraphs_of(blocks)[:3])


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
    where, first = first_sentence(blocks)
    if fiction_marks(fields, blocks) or advert_marks(fields, blocks):
        return Fact(Level.UNKNOWN, Evidence("level.rejected", where, ""))
    own, opening = _context(fields, blocks, organization)
    if organization is not None and (settled := _of_name(organization.value, blocks, own, opening)):
        return settled
    title = fields.title.value if fields.title else ""
    if organization is None and (match := _FIRM_SPEAKS.match(title)):
        return Fact(Level.UNKNOWN, Evidence("level.firm", "title", match[0]))
    leaders = [person for person in people if {Role.PRESIDES, Role.SPEAKS} & set(person.roles)]
    leaders.sort(key=lambda person: Role.PRESIDES not in person.roles)
    visit = organization is None and cue("visit").search(title)
    said = [
        *((5.0, "organization", fact.evidence.where, fact.value) for fact in (organization,) if fact),
        *((4.0, "title", "title", title) for fact in (fields.title,) if fact and not fact.inferred),
        *((1.5, "deck", "deck", deck) for deck in fields.decks[:2]),
        (3.0, "first_sentence", where, first[:120]),
        *(
            (weight, "office", where, "，".join(person.offices))
            for weight, person in zip((6.0 if visit else 3.0, 1.0, 1.0), leaders, strict=False)
        ),
        *((0.8, "source", "meta", fact.value) for fact in (fields.source, fields.site) if fact),
    ]
    votes: dict[Level, float] = dict.fromkeys(_UPWARD[::-1], 0.0)
    told: list[tuple[float, Evidence]] = []
    for weight, rule, at, text in said:
        if level := phrase_level(text, own, opening):
            votes[level] += weight
            told.append((weight, Evidence(f"level.{rule}", at, text[:60])))
    scopes = Counter(
        _level(match, own, opening)
        for match in _SCOPE.finditer("".join(block.text for block in paragraphs_of(blocks)))
    )
    for level, count in scopes.items():
        votes[level] += 3.0 * count / scopes.total()
    if not any(votes.values()):
        return Fact(Level.UNKNOWN, Evidence("level.default", where, ""))
    level = max(votes, key=lambda one: votes[one])
    evidence = max(told, key=lambda one: one[0])[1] if told else Evidence("level.scope", where, "")
    return Fact(level, evidence, inferred=organization is None)
