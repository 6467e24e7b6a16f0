"""Which place a bare 市生态环境局 or 县委 speaks of, as the page itself proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import Is, find

# Cities of county rank that bear the name of the prefecture which they are the seat of.
_DOUBLE = ("恩施", "楚雄", "大理", "文山", "临夏", "玉树", "昌吉", "阿克苏", "喀什", "和田", "塔城", "阿勒泰")


@cache
def admin() -> dict[str, Any]:
    """The administrative places of `places_admin.yml`, as sets and maps."""
    words = load("places_admin")
    cities = frozenset(str(load("places")["cities"]).split())
    return {
        "municipalities": tuple(words["municipalities"].split()),
        "provinces": words["provinces"],
        "regions": words["regions"],
        "cities": cities,
        "county_cities": frozenset(words["county_cities"].split()) - (cities - frozenset(_DOUBLE)),
        "city_areas": tuple(words["city_areas"].split()),
        "short": {str(short): str(full) for short, full in words["short_places"].items()},
        "short_counties": frozenset(words["short_counties"].split()),
        "province_of": {
            city: province for province, names in words["prefectures"].items() for city in names.split()
        },
    }


# What a place's name is not made of, by unit: 无废城市, 功能区, 贫困县, 联盟, 红旗, 乡镇.
NO_NAME = {
    unit: re.compile(pattern)
    for unit, pattern in {
        "省": "[外邻兄两全各我本该此跨经关届出交立会着有六]$|官方|表示|代表|[部沿海江河]{2}$",
        "市": "[一二三四五六七八九大管列闭立间社府城都级门夜早街超股楼集菜房车花辖邻他两]$|试点|示范|先进|兄弟|创建|有关|相关|沿[江海河线]",
        "县": "[一二三四五六七八九旗跨治离域级困大小强邻他两市区]$|试点|示范|先进|兄弟|创建|有关|相关|沿[江海河线]|重点|生态",
        "区": "[垦盲场旱溶程材采陷冲任军分工值理验职厂段域级能范园发新技片景灌矿库社小校厂辖地城牧林山郊护税业保边营居民湿海流展源制暖禁养控协战闲住功市县]$|试点|示范|先进|兄弟|创建|有关|相关|沿[江海河线]|重点|生态|开发|保护|自治",
        "旗": "[红国党锦彩旌队义大]$|试点|示范|各",
        "州": "自治$|[神九各两]$",
        "盟": "[联同欧加东非结农]$",
        "镇": "[乡城集制点色各]$|试点|示范|小城",
        "乡": "[城水家老下返他各]$|试点|示范",
        "街道": "各$|[个]$|试点|示范",
    }.items()
}
# Words before a place's name in running text.
_BEFORE = re.compile(
    "[日在由到据对赴自了的省市州盟旗县为于与和及从是受向将把让达]|中共|召开|听取|研究|部署|推动|推进|审议|印发|落实|来自|位于|学习|贯彻|记者|通报|出席|结合|同意|关于|我们|围绕|按照|根据|报道|原则|通过|有效|加强"
)
_WORD_LAST = re.compile(
    "(?:学习|召开|听取|研究|部署|推动|推进|审议|印发|落实|位于|贯彻|通报|出席|传达|强化|加强|建设|报请|报送|作为|指导|督促|配合|支持)$"
)
_HEAD = re.compile("[在由到据对赴受了的是为向]")
# What no place's name holds: 全市, 已经市, 会议听取市, 安排我市; and what it holds at its beginning only (和平县).
_NEVER = re.compile(
    "[以由是与及向对在]$|党$|民[革盟建进]$|九三学社|^(?:[该某是]|经(?!棚)|去年|今年|每|目前|当前|年|月|[两几多]个)|[各级等该某全](?![椒州南])|(?:已经|日前|关闭|来自|解决|不少|人民|设立|建立|会议|听取|工作|全面|方面|部分|共享|注册|线客|收藏)"
    "|[不没未我你他抓做把要求坚持提按讲说议其问题查督污整评考核名个这那些请才被件由据对赴为从受将让报]"
    "|水源|上下游|流域|近年|立即|一页|短波|文号|对照|资金|实行|实施"
)
_LATER = re.compile("[召和的了是在与及副委于到]|务|领导|主持|开展")
_OUTLET = re.compile(
    f"^([{HAN}]{{2,4}}?)(?:(日报|晚报|晨报|时报|早报|商报|新闻网)|融媒|发布|电视台|广播|政府网|政务网|林草|水务|水利|环保|环境|生态)"
)
_OF_CITIES = ("市", "州", "盟", "地区")
_LONG = re.compile(
    f"(?:(?<![{HAN}])|(?<=[日在由到]))([{HAN}]{{2,14}}?(?:经济技术开发区|高新技术产业开发区|经济开发区|产业开发区|开发区|经开区|高新区|工业园区|产业园区|化工园区|园区|示范区|新区))"
)
_LONG_END = {
    "经开区": "经济技术开发区|经济开发区|经开区",
    "高新区": "高新技术产业开发区|高新区",
    "开发区": "开发区",
    "园区": "园区",
    "新区": "新区",
    "示范区": "示范区",
}


_VERBS = Is.FOLLOW | Is.SAY


def _runs(unit: str, text: str) -> Iterator[tuple[str, bool]]:
    """The Han characters before each `unit`, and whether something else than Han stands before them."""
    for match in re.finditer(f"{unit}(?![场民值容长])", text):
        at = match.start()
        run = text[max(0, at - 14) : at]
        tail = re.search(f"[{HAN}]*$", run)
        name = tail[0] if tail else ""
        yield name, len(name) < 14


def _name_before(unit: str, run: str, bounded: bool) -> str:
    """The place's name at the end of `run`, or ''.

    >>> _name_before("市", "会议听取了岭东", True), _name_before("市", "推进全", True), _name_before("县", "徽", True)
    ('岭东', '', '徽')
    """
    words = admin()
    listed = {"市": ("county_cities", "cities", "municipalities"), "省": ("provinces",)}.get(unit, ())
    for width in (5, 4, 3, 2):
        if any(run[-width:] in words[names] for names in listed):
            return run[-width:]
    if _WORD_LAST.search(run):
        return ""
    if bounded and 2 <= len(run) <= 3:
        name = run[1:] if _HEAD.match(run) and len(run) == 3 else run
    else:
        cut = max((at.end() for at in _BEFORE.finditer(run) if at.end() < len(run) - 1), default=0)
        if not cut and not bounded:
            return ""
        name = run[cut:]
        if name[:2] in words["provinces"] and len(name) > 3:
            name = name[2:]
    if unit == "县" and name in words["short_counties"]:
        return name
    longest = 12 if unit.startswith("自治") else 4 if unit in ("省", "区", "镇") else 5
    if not 2 <= len(name) <= longest or name[-1] in unit or _NEVER.search(name) or _LATER.search(name[1:]):
        return ""
    if any(hit.kinds & _VERBS for hit in find(name)):
        return ""
    if (unit in NO_NAME and NO_NAME[unit].search(name)) or (
        unit == "州" and name[-1] + "州" in words["cities"]
    ):
        return ""
    return name


def named(unit: str, text: str) -> Iterator[str]:
    """The places of that unit in the text, with the unit, each time they are named.

    >>> list(named("县", "石怀玉在墨脱县调研，墨脱县和白沙县汇报"))
    ['墨脱县', '墨脱县', '白沙县']
    """
    for run, bounded in _runs(unit, text):
        if name := _name_before(unit, run, bounded):
            yield name + unit


@dataclass(frozen=True)
class Witness:
    """What a page says of its own place.

    `own` holds the lines that name the page's owner (site, breadcrumb, publisher,
    copyright, title, decks), `outlets` the names of its source and dateline, `text` the body.
    """

    own: str
    outlets: tuple[str, ...]
    text: str

    @cached_property
    def whole(self) -> str:
        return f"{self.own} {' '.join(self.outlets)} {self.text}"

    def _votes(self, unit: str) -> dict[str, int]:
        votes: dict[str, int] = {}
        for text, weight in ((self.own, 3), (" ".join(self.outlets), 3), (self.text, 1)):
            for name in named(unit, text):
                votes[name] = votes.get(name, 0) + weight
        return votes

    def place(self, unit: str, *, by_outlet: bool = True) -> str | None:
        """The one place of that unit (市, 县, 自治州 …) that the page speaks of, with the unit; else None.

        `by_outlet` lets the name of an outlet prove it: 武阳融媒 on a page of 我县.

        >>> Witness("", ("岭东日报",), "市生态环境局召开会议").place("市")
        '岭东市'
        >>> Witness("", (), "会议听取了龙门县、白沙县汇报").place("县") is None
        True
        """
        if unit == "自治区" or (unit == "省" and self._region()):
            return self._region()
        if unit in _LONG_END:
            return self._area(unit)
        votes = self._votes(unit)
        if unit == "州":
            votes |= self._votes("自治州")
        if unit in ("县", "旗"):
            votes |= self._votes(f"自治{unit}")
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
            return _prefecture([name for name, count in ranked if count == ranked[0][1]])
        if ranked:
            return ranked[0][0]
        if unit == "省":
            return self._province()
        return self._outlet(unit) if by_outlet else None

    def _region(self) -> str | None:
        regions: dict[str, str] = admin()["regions"]
        found = [full for full in regions.values() if full in self.whole]
        if not found and ("自治区" in self.whole or "全区" in self.whole):
            near = " ".join((self.own, *self.outlets, self.text[:400]))
            found = [full for short, full in regions.items() if short in near]
            if not found and (short := self._province_named()) in regions:
                found = [regions[short]]
        return found[0] if len(found) == 1 else None

    def _province(self) -> str | None:
        provinces: dict[str, str] = admin()["provinces"]
        near = " ".join((self.own, *self.outlets))
        found = [full for short, full in provinces.items() if short in near]
        if not found and (short := self._province_named()) in provinces:
            found = [provinces[short]]
        return found[0] if len(found) == 1 else None

    def _province_named(self) -> str:
        """The province of all prefectures that the page names as places, else ''."""
        of: dict[str, str] = admin()["province_of"]
        named = set(re.findall(f"([{HAN}]{{2,4}}?)(?=\\d+月\\d+日?[讯电]|讯|电（)", self.whole))
        named |= set(re.findall(f"在([{HAN}]{{2,4}}?)市?(?:召开|举行|举办)", self.whole))
        named |= {run[-width:] for run, _ in _runs("市", self.whole) for width in (4, 3, 2)}
        found = {of[name[-width:]] for name in named for width in (4, 3, 2) if name[-width:] in of}
        return found.pop() if len(found) == 1 else ""

    def _area(self, unit: str) -> str | None:
        votes: dict[str, int] = {}
        for text, weight in ((self.own, 3), (self.text, 1)):
            for match in _LONG.finditer(text):
                name = match[1]
                ends = re.search(f"(?:{_LONG_END[unit]})$", name) and len(name) >= len(unit) + 2
                if ends and not re.search("^[全各我本该]|[和与等个]|各|推进|建设|示范园", name):
                    votes[name] = votes.get(name, 0) + weight
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]

    def _outlet(self, unit: str) -> str | None:
        words = admin()
        stems = []
        for outlet in self.outlets:
            match = _OUTLET.match(outlet)
            if not match or match[1] in words["provinces"] or match[1] in words["regions"]:
                continue
            name, paper = match[1], bool(match[2])
            if name in words["municipalities"] and unit != "市":
                continue
            if (name in words["cities"] or paper) and unit not in _OF_CITIES:
                continue
            if re.search(f"{name}(?:{'|'.join(u for u in '省市县区州盟旗' if u != unit)})", self.whole):
                continue
            if re.search(
                "^(?:中国|全国|生态|绿色|环境|环保|楚天|[东南西北华]方|今日|人民|法治|农村|农民|经济)", name
            ):
                continue
            stems.append(name + unit)
        return stems[0] if len(set(stems)) == 1 else None


def _prefecture(tied: Sequence[str]) -> str | None:
    """The one prefecture-level city beside cities of county rank, which are in it, or its full name; else None.

    >>> _prefecture(["德州市", "禹城市"]), _prefecture(["德州市", "济南市"]), _prefecture(["雷江州", "雷江苗族自治州"])
    ('德州市', None, '雷江苗族自治州')
    """
    full, *short = sorted(tied, key=len, reverse=True)
    if full.endswith("自治州") and all(full.startswith(name[:-1]) for name in short):
        return full
    words = admin()
    cities = [name for name in tied if name[:-1] in words["cities"]]
    below = [name for name in tied if name[:-1] in words["county_cities"]]
    return cities[0] if len(cities) == 1 and len(below) == len(tied) - 1 else None


_BARE = re.compile(
    "(?:我|本)?(自治区|自治州|自治县|自治旗|地区|经开区|高新区|开发区|园区|省|市|县|区|州|盟|旗|镇|乡|街道)(?![场域级城])"
)


def is_bare(name: str) -> bool:
    """Whether a body's name begins with a unit without a place: 市生态环境局, 县委, 园区."""
    return _BARE.match(name) is not None


def complete(name: str, witness: Witness, *, by_outlet: bool = True) -> str:
    """A bare 省生态环境厅 with its place, if the page proves exactly which; else as it was.

    >>> complete("省生态环境厅", Witness("", (), "黑龙江省生态环境厅印发"))
    '黑龙江省生态环境厅'
    >>> complete("省生态环境厅", Witness("", (), "两省交界"))
    '省生态环境厅'
    """
    bare = _BARE.match(name)
    if not bare:
        return name
    unit, rest = bare[1], name[bare.end() :]
    if unit == "区" and re.match("党委|.*厅$", rest):
        unit = "自治区"
    place = witness.place(unit, by_outlet=by_outlet)
    return f"{place}{rest}" if place else name


def owners(cleaned_lines: Sequence[str]) -> str:
    """The dropped lines that may name the page's owner, without lists of links.

    >>> owners(["发布机构：岱河市人民政府办公室", "友情链接：某市 某县"])
    '发布机构：岱河市人民政府办公室'
    """
    return " ".join(
        line[:120]
        for line in cleaned_lines[:200]
        if not re.search("链[接結]|_官方|官方入口|上一篇|下一篇|相关|推荐|技术支持", line)
    )
