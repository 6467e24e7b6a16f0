"""The convening clause: who met or called the meeting, read from the subject of 召开 or the meeting's own name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_tools.core.text import HAN

UNIT = "[省市县区州盟旗]"
GROUP = (
    "领导小组|工作专班|协调小组|协作小组|协调机制|协作机制|指挥部|委员会|安委会|环委会|生环委|部际联席会议"
)
BODY_END = (
    f"{UNIT}委(?!员)|生态环境保护委员会|委员会|人民政府新闻办公室|人民政府办公室|人民政府|政府新闻办公室|政府新闻办|政府办公室|政府|"
    "领导小组办公室|领导小组|工作专班|指挥部办公室|指挥部|联席会议|协调小组|协作小组|协调机制|协作机制|[管执]委会|办公室|人大常委会|政协|常委会|"
    "集团有限公司|集团公司|集团|有限公司|公司|支队|总队|大队|总站|监督站|中心|研究院|科学院|大学|学院|学校|我校|学会|协会|联合会|商会|促进会|"
    "基金会|分局|总局|检察院|法院|督察组|监察组|厅|局|(?<!常)委|部|署|办|院|行署|"
    "盟|州|省|市|县|区|旗|镇|乡|街道|社区|村|园区"
)
_CALLS = re.compile(
    "召开|举行|举办|主办|召集|开展(?=[^，。]{0,14}学习)|(?<=会议)纪要$|传达学习|集中学习|专题学习|启动|约谈(?=会|[^，。]{0,20}$)|进行(?:公开|集中|集体)?约谈|为(?:主|专)?题|这一主题"
)
_LEAD = re.compile(
    r"^(?:\d{4}年度?|(?:\d{1,2}月)?\d{1,2}日(?:[至到~—-](?:\d{1,2}月)?\d{1,2}日)?|今天|昨天|昨日|今日|当日|当天|近日|日前|近期|今年|本周|会前|会后"
    rf"|上午|下午|中午|晚上?|早上|由|经(?![开济])|是|记者|从|获悉|[{HAN}]{{2,10}}由|[{HAN}]{{2,24}}(?:指导|支持)、|在(?=[^，]{{2,14}}召开)| )+"
)
# What is between the subject and its verb, or behind the body's name: peeled off from the right, in any order.
_PEEL = re.compile(
    rf"(?:于?(?:今天|昨天|昨日|今日|当天|当日|近日|日前|今年|(?:\d{{4}}年)?\d+月\d+日|\d+日)?(?:上午|下午|晚上?|早上)|于?(?:\d+月)?\d+日|近日|日前|今天|昨天"
    rf"|在[{HAN}\d]{{1,18}}|(?:又|再次|先后|分别|连续|主持|组织|联合|共同|专题|认真|及时|迅速|牵头|正式|视频|线上|现场|隆重|决定|研究)"
    rf"|第[一二三四五六七八九十]+次|以[{HAN}]{{2,8}}(?:形式|方式)|(?:围绕|以)[“《][^“”《》]{{2,60}}[”》]|邀请[{HAN}\d]{{2,16}}|党组|党委|党工委|分党组|党总支|党支部|机关|直属机关"
    r"|理论学习中心组|中心组|[（(]扩大[）)])$"
)
_BODY = re.compile(rf"(?P<org>[{HAN}·“”（）]{{0,30}}(?:{BODY_END}))$")
_JOINED = re.compile(
    rf"(?P<org>[{HAN}·“”]{{2,26}}?(?:{BODY_END}))(?:与|和|会同|联合|、)[^，。；]{{2,44}}(?:{BODY_END}|部门|单位|[分支]行)$"
)
_BOTH = re.compile(
    rf"(?:中共)?(?P<org>[{HAN}]{{0,10}}?{UNIT}){UNIT}?党?委、(?:[{HAN}]{{0,8}}?{UNIT})?(?:人民)?政府$"
)
_ORDER = r"(?:\d{4}年度?|今年|上半年|下半年|年度|第?[一二三四五六七八九十百\d]+(?:次|季度|届)|[一二三四]季度)"
# 市政府第8次常务会议, 厅党组会议, 局务会, 领导小组办公室调度会: the owner in the name of a meeting.
_OF = rf"(?:党组|党委|党工委|分党组|机关|理论学习|中心组|常委会?|常务|办公|专题|全体|扩大|主任|主席|[（(]扩大[）)]|例|工作|学习|推进|调度|视频|[厅局部院]?务|[厅局部]长|{_ORDER})"
_OWNED = re.compile(
    rf"(?:{_ORDER}|了|专题)*(?:(?P<group>(?:(?!会议|暨)[{HAN}“”（）]){{0,26}}?(?:{GROUP}|办公室)){_OF}*"
    rf"|(?P<org>[{HAN}“”]{{0,22}}?(?:{UNIT}委(?!员)|政府|[厅局部院署]|人大常委会|政协|公司|集团|学校|学院|中心)){_OF}+)(?:会议?|例会|全会)"
)
# 贵州省总河湖长全体会议, 我们召开某厅党史学习教育动员大会: a place or a body that opens the meeting's own name.
_PLACED = re.compile(
    rf"(?P<org>(?!自治)[{HAN}]{{2,9}}?(?:省|市|县|旗|州(?!市)|自治区|地区|(?<=[{HAN}])区|大学|学院|集团|公司|协会))(?!级)[{HAN}\d“”、·（）]{{3,50}}(?:会议?|集会|会商|论坛)"
)
_OURS = re.compile(rf"(?P<org>[{HAN}]{{2,24}}?(?:[厅局]|{GROUP}|人民政府))[{HAN}\d“”、（）x×]{{2,40}}会")
_REACH = 400  # characters of a sentence that are read
_QUOTED = re.compile("“[^“”]{0,60}”")
_SERIES = re.compile(rf"(?P<org>)(?P<group>[{HAN}]{{2,24}}?(?:联席会议|协调机制))(?=第.{{1,3}}次|全体)")


def _peeled(text: str) -> str:
    """A subject without what is between it and its verb.

    >>> _peeled("省生态环境厅党组于1月5日上午在长春专题")
    '省生态环境厅'
    """
    while match := _PEEL.search(text):
        text = text[: match.start()]
    return text


def convenings(text: str) -> Iterator[tuple[str, str]]:
    """The bodies that convene in a sentence, as worded, each with its clause.

    >>> [name for name, _ in convenings("6月1日上午，省生态环境厅党组在哈尔滨专题召开会议，学习某市委讲话精神。")]
    ['省生态环境厅']
    >>> [name for name, _ in convenings("市长李明主持召开市政府第8次常务会议")]
    ['市政府']
    """
    quoted = _QUOTED.sub(lambda match: match[0].replace("，", "、"), text[:_REACH])
    for clause in re.split("[，。；：:,;!！?？\n]", quoted):
        for call in _CALLS.finditer(clause):
            subject = _peeled(_LEAD.sub("", clause[: call.start()]))
            if match := _BOTH.search(subject) or _JOINED.fullmatch(subject) or _BODY.fullmatch(subject):
                body, rest = match["org"], clause[call.end() :]
                if (match := _SERIES.match(rest) or _OWNED.match(rest)) and match["group"]:
                    body = _within(body, match["group"])
                yield body, clause
                break
            if match := _OWNED.match(clause, call.end()) or _OWNED.match(subject) or _SERIES.match(subject):
                yield match["group"] or match["org"], clause
                break
            ours = subject.endswith("我们") and _OURS.match(clause, call.end())
            if match := ours or _PLACED.fullmatch(subject):
                yield match["org"], clause
                break


def _within(owner: str, group: str) -> str:
    """A group with whoever calls it: its place, or the firm whose it is; not that of a river basin.

    >>> _within("晋川市", "污染防治攻坚战指挥部"), _within("云溪集团", "安全环保委员会"), _within("博州", "艾比湖流域联席会议")
    ('晋川市污染防治攻坚战指挥部', '云溪集团安全环保委员会', '艾比湖流域联席会议')
    """
    if "流域" in group or re.match(f"[{HAN}]{{2,6}}{UNIT}", group):
        return group
    place = owner if _FIRM.search(owner) else (re.match(rf"[{HAN}]*?{UNIT}(?!委|级|政府)|", owner) or [""])[0]
    return place + (re.sub(f"^{UNIT}", "", group) if place else group)


_FIRM = re.compile("(?:公司|集团|大学|学院)$")
