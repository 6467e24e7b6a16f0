"""A page in other words: does the reader give the same facts? `python -m tests.facts.rewrite [KIND …] [--few] [-v]`.

Each kind of rewriting gives a page's words others of the same class, in its text and in its gold alike: other names,
places, bodies, verbs, days, numbers, offices, adverbs. A fact that was right and is lost, and a false one that was not
there, hang on a word. Seeded by page and kind, so a run can be repeated. `--few` takes one page of ten.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from build_tools.core.registry import Raw
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import words
from build_tools.facts.participants import TOP
from tests.eval.equivalents import fold, one_form
from tests.eval.gate import CORES, convert
from tests.eval.gold import gold, pages

HALF = "work"
Fact = tuple[str, ...]
Table = dict[str, str]
Say = Callable[[str], str]
_UNTOUCHED = frozenset(
    ("roles", "level", "trust", "kind", "shapes", "same_as", "weak", "themes", "themes_also")
)


# --- the rewritings: a page's text, its gold and a seeded choice → what turns its words into others -----------------

_COMMON = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏付方邹熊白孟秦邱侯江尹薛"
_GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅春建国文志海新立光永德成金学林忠义山福祥荣贵生庆才根发良仁信顺昌盛康安泰和达通远正东南西北阳天宇云雨峰龙飞鸿江河波晓辉斌凯旭燕琴亮卫利民佳颖婷雪松岩娜少维树振中全有长会进先来向为"
_WORDS = "建设 和平 向阳 国庆 长江 黄河 文明 卫东 解放 胜利 发展 进步 团结 立新 创新 光明 前进 高峰 青山 清泉 朝阳 春晓 新民 大海 晨光 重阳 立春 平安 如意 可为 有为 自强 同心 从容 当先"
_COMPOUND = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 南宫 端木 宇文 长孙 呼延 轩辕 单于 淳于 申屠 万俟 闻人 赫连"


def _new_name(dice: random.Random) -> str:
    family = dice.random()
    rare: str = load("surnames")["single"].replace(" ", "")
    surname = dice.choice(_COMMON if family < 0.6 else rare if family < 0.85 else _COMPOUND.split())
    given = dice.random()
    if given < 0.15:
        return surname + dice.choice(_WORDS.split())
    usual: str = load("surnames")["given"].replace(" ", "") if given < 0.35 else _GIVEN
    return surname + "".join(dice.choice(usual) for _ in range(1 if dice.random() < 0.25 else 2))


def names(text: str, want: Mapping[str, Any], dice: random.Random) -> Say:
    """Every person of the gold has another name."""
    table: Table = {}
    for person in want["people"] or ():
        old = person["name"]
        if not re.fullmatch("[\u4e00-\u9fff]{2,4}", old) or old in TOP or old in words() or person["weak"]:
            continue
        if not re.search("[ \u3000]*".join(old), text):
            return str  # its characters have readings between them
        new = _new_name(dice)
        while new in text or new in words() or new in table.values():
            new = _new_name(dice)
        table[old] = new
    return _of_names(table)


def _of_names(table: Table) -> Say:
    """A name may have blanks inside it."""
    if not table:
        return str
    pattern = re.compile("|".join("([ \u3000]*)".join(old) for old in sorted(table, key=len, reverse=True)))

    def say(match: re.Match[str]) -> str:
        new = table[re.sub(r"\s", "", match[0])]
        return re.search(r"\s*", match[0][1:])[0].join(new)  # type: ignore[index]

    return lambda text: pattern.sub(say, text)


_STEMS = "云泽 清岭 河阳 东屏 松原 武陵 长岭 临沅 南陵 平河 青峰 石泉 永丰 安源 金溪 龙泉 沅水 岚山 望江 柳林 新河 高台 定远 丰乐 通山 全椒 和顺 成武"
_PLACED = re.compile("(?:中共)?([\u4e00-\u9fff]{2,3}?)([市县区旗])")
_NO_STEM = re.compile("[省市县区州盟旗全我各级该本副两中共在由和与治第]|^(?:北京|天津|上海|重庆)")


def places(text: str, want: Mapping[str, Any], dice: random.Random) -> Say:
    """Every city and county that the gold names is another one: of its province, or invented where it is."""
    admin, table = load("places_admin"), dict[str, str]()
    named = " ".join(str(want[key]) for key in ("organization", "title", "source", "first", "documents"))
    for stem, unit in dict.fromkeys(_PLACED.findall(named)):
        if _NO_STEM.search(stem) or text.count(stem) < 2 or text.count(stem + unit) < 1:
            continue
        siblings = next((row.split() for row in admin["prefectures"].values() if stem in row.split()), None)
        if siblings is None and stem in admin["county_cities"].split():
            siblings = admin["county_cities"].split()
        others = [one for one in siblings or _STEMS.split() if one not in text and one not in table.values()]
        others = [one for one in others if len(one) == len(stem)]
        if others:
            table[stem] = dice.choice(others)
    return _by(table)


def _by(table: Table, form: str = "(?:{})") -> Say:
    """Every key of the table becomes its value; `form` says where."""
    if not table:
        return str
    pattern = re.compile(form.format("|".join(sorted(map(re.escape, table), key=len, reverse=True))))
    return lambda text: pattern.sub(lambda match: table[match[0]], text)


def _of_class(groups: str, form: str = "(?:{})") -> Callable[[str, Mapping[str, Any], random.Random], Say]:
    """A rewriting that gives each word of a group another word of it. `甲 乙 > 丙 丁`: 甲 and 乙 only become 丙 or 丁."""

    def rewriting(text: str, _want: Mapping[str, Any], dice: random.Random) -> Say:
        table: Table = {}
        for group in groups.strip().splitlines():
            left, _, right = group.partition(">")
            for old in left.split():
                others = [new for new in (right or left).split() if new != old and new not in old]
                free = [new for new in others if new not in text] or others
                table[old] = dice.choice(free)
        return _by(table, form)

    return rewriting


bodies = _of_class("""
    生态环境局 环境保护局 环保局 水利局 水务局 > 自然资源局 交通运输局 农业农村局 城市管理局 林业局
    生态环境厅 环境保护厅 环保厅 水利厅 > 自然资源厅 交通运输厅 农业农村厅 住房和城乡建设厅
    住建局 城管局 农业农村局 自然资源局 > 文旅局 商务局 卫健局 教育局
    """)
sayings = _of_class(
    """
    指出 强调 要求 > 强调 指出 提出 重申 明确
    表示 说 认为 > 表示 说 谈到 直言 坦言
    """,
    "(?<![的了定出步确和按关述述所])(?:{})(?=[，：,:])",
)
convening = _of_class(
    "召开 举行 > 召开 举行 组织召开", "(?<!主持)(?<!组织)(?<!隆重)(?:{})(?!地|时|前|后|以来|的|通)"
)
offices = _of_class(
    """
    常务副市长 副市长 > 市政府党组成员 市人大常委会副主任 市政协副主席
    常务副县长 副县长 > 县政府党组成员 县人大常委会副主任 县政协副主席
    副局长 > 总工程师 二级调研员 四级调研员 督察专员
    副厅长 > 总工程师 一级巡视员 二级巡视员 督察专员
    县长 > 代县长
    市长 > 代市长
    处长 科长 > 主任 负责人 二级主任科员
    """,
    "(?<![副代局处])(?:{})(?![办会级热专与助])",
)
meetings = _of_class(
    """
    推进会 调度会 部署会 动员会 座谈会 现场会 > 推进会 调度会 部署会 督办会 约谈会 交流会 培训会 攻坚会 恳谈会
    推进会议 调度会议 专题会议 工作会议 > 推进会议 调度会议 部署会议 视频会议 联席会议 工作例会
    """,
    "(?:{})(?!议)",
)
attending = _of_class(
    """
    出席会议 参加会议 > 参加会议 出席会议 到会 参会
    主持会议 > 主持了会议 主持
    陪同 > 一同 随同
    作了发言 作发言 > 作交流发言 作表态发言 发了言
    """,
    "(?:{})(?=[。，；并])",
)
collectives = _of_class(
    """
    会议指出 会议强调 会议要求 会议认为 > 会议提出 会议明确 会议指出 会议强调 会议认为
    会议听取了 会议听取 > 会上听取了 会议集中听取了
    会议审议通过 会议审议 > 会议研究审议 会议讨论通过
    """
)
labels = _of_class(
    """
    来源： > 稿源： 文章来源： 信息来源： 稿件来源：
    发布时间： 发布日期： > 发表时间： 发布日期： 发布时间：
    责任编辑： 责编： 编辑： > 责任编辑： 责编： 编辑：
    作者： > 撰稿： 作者：
    """,
    "(?<![\u4e00-\u9fff])(?:{})",
)
_MANNER = "当场 专门 郑重 反复 一再 语重心长地 着重 进一步 毫不客气地 代表市政府 结合实际 就下一步工作 在小结时 在随后的讲话中 围绕贯彻落实"
_HOSTING = "受委托 再次 亲自 连夜 当天 现场 专题 代表市政府 在市政府会议室 于当日下午"


def inserted(_text: str, want: Mapping[str, Any], dice: random.Random) -> Say:
    """An adverbial between each subject and its verb."""
    who = "|".join(re.escape(person["name"]) for person in want["people"] or () if len(person["name"]) > 1)
    says = dict.fromkeys(("强调", "指出", "要求", "表示", "提出"), dice.choice(_MANNER.split()))
    manner = says | dict.fromkeys(("主持会议", "主持召开"), dice.choice(_HOSTING.split()))
    pattern = re.compile(f"({who})({'|'.join(manner)})")
    return (lambda text: pattern.sub(lambda told: told[1] + manner[told[2]] + told[2], text)) if who else str


linking = _of_class(
    """
    会上， > 会议期间， 在会上， 会中，
    随后， 接着， > 之后， 紧接着， 随即，
    最后， > 末了， 会议最后，
    近日 日前 > 日前 近期 近日
    并讲话 > 同时讲话 而且讲话
    并强调 并指出 并要求 > 还强调 同时指出 还要求
    分别 > 先后 相继
    认真 > 仔细 逐项
    详细 > 逐一 深入
    现场 > 当场 实地
    """
)


def enumerating(text: str, _want: Mapping[str, Any], _dice: random.Random) -> Say:
    """一是…；二是… becomes 第一，…；第二，…."""
    pattern = re.compile("(?:(?<=[。；，：.;,: ])|^)([一二三四五六七八])是(?!要)", re.M)
    return (lambda told: pattern.sub(r"第\1，", told)) if pattern.search(text) else str


def numbers(text: str, _want: Mapping[str, Any], dice: random.Random) -> Say:
    """Every count of things is another number of as many digits."""
    counts = set(re.findall(r"(?<![\d第.年月])\d{2,}(?=[个家项件吨户座条亩台辆万亿公])", text))
    table = {old: str(dice.randint(10 ** (len(old) - 1), 10 ** len(old) - 1)) for old in sorted(counts)}
    return _by(table, r"(?<![\d第.年月])(?:{})(?=[个家项件吨户座条亩台辆万亿公])")


_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?=年|[-./]\d{1,2}(?:[-./]\d|$)|$)")


def days(text: str, _want: Mapping[str, Any], _dice: random.Random) -> Say:
    """Four years earlier; the days of the week that a page names are then others, so such a page stays as it is."""
    if re.search("周[一二三四五六日末]|星期", text):
        return str
    return lambda told: _YEAR.sub(lambda match: str(int(match[1]) - 4), told)


KINDS: dict[str, Callable[[str, Mapping[str, Any], random.Random], Say]] = {
    "names": names, "places": places, "bodies": bodies, "sayings": sayings, "convening": convening,
    "days": days, "numbers": numbers, "offices": offices, "linking": linking,
    "meetings": meetings, "attending": attending, "collectives": collectives, "labels": labels, "inserted": inserted,
    "enumerating": enumerating,
}  # fmt: skip


# --- facts, before and after ------------------------------------------------------------------------------------------


def retold(value: Any, say: Say) -> Any:
    """A gold or a record in the other words."""
    if isinstance(value, str):
        return say(value)
    if isinstance(value, list):
        return [retold(item, say) for item in value]
    if isinstance(value, Mapping):
        return {key: item if key in _UNTOUCHED else retold(item, say) for key, item in value.items()}
    return value


def facts(told: Mapping[str, Any], want: Mapping[str, Any]) -> set[Fact]:
    """Everything that a record or a gold says, as far as the gold `want` has it, one tuple a fact."""
    out: set[Fact] = {(key, str(told[key])) for key in ("published", "held", "level", "kind", "trust")}
    out |= {(key, fold(told[key])) for key in ("source", "place") if key in want}
    out.add(("organization", one_form(told["organization"])))
    out.add(("title", "" if told["title_inferred"] else fold(told["title"])))
    for key in ("authors", "editors", "key_points", "documents"):
        out |= {(key, fold(one)) for one in told[key] or ()}
    for who in told["people"] or ():
        out.add(("people", who["name"]))
        out |= {("roles", who["name"], role) for role in who["roles"] or ()}
        out |= {
            ("offices", who["name"], part) for one in who["offices"] or () for part in fold(one).split("、")
        }
    if "statements" in want:
        starts = [(one["who"] or one["collective"], fold(one["starts"])) for one in want["statements"] or ()]
        for one in told["statements"] or ():
            who = one.get("person") or one.get("who") or one["collective"]
            text = fold(one.get("text") or one["starts"]).lstrip("“‘，：")
            match = next((start for name, start in starts if name == who and text.startswith(start)), None)
            out.add(("statements", who, match or text[:12]))
    return out


@dataclass
class Outcome:
    """Of one page or all: facts that were right, those of them that were lost, false ones that are new."""

    pages: int = 0
    right: int = 0
    lost: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def join(self, other: Outcome) -> None:
        self.pages, self.right = self.pages + other.pages, self.right + other.right
        self.lost += other.lost
        self.false += other.false

    @property
    def kept(self) -> float:
        """Share of the facts that survived the rewriting."""
        return 1 - len(self.lost) / self.right if self.right else 1.0


def rewrite(name: str, data: str, want: Mapping[str, Any], kinds: tuple[str, ...]) -> dict[str, Outcome]:
    """Kind → outcome of one page; no outcome where nothing in it is of that kind."""
    article = name.partition(".")[0]
    want = {"title_inferred": want["title"] is None, "place": None} | dict(want)
    before = _record(name, data)
    if before is None:
        return {}
    out = {}
    for kind in kinds:
        say = KINDS[kind](data, want, random.Random(f"{article} {kind}"))
        if (other := say(data)) == data or say("".join(data.split())) != "".join(other.split()):
            continue  # a line ends inside a word of the kind
        new = retold(want, say)
        after = _record(name, other)
        have = facts(after, new) if after is not None else set()
        gold_now = facts(new, new)
        was = facts(retold(before, say), new)
        right = was & gold_now
        out[kind] = Outcome(
            1,
            len(right),
            [f"{article} {' '.join(one)}" for one in sorted(right - have)],
            [f"{article} {' '.join(one)}" for one in sorted(have - gold_now - was)],
        )
    return out


def _record(name: str, text: str) -> dict[str, Any] | None:
    record = convert(Raw(name.partition(".")[0], name, text.encode("utf-8")))[1]
    return None if isinstance(record, str) or record["trust"] == "rejected" else record


def _task(task: tuple[str, str, Mapping[str, Any], tuple[str, ...]]) -> dict[str, Outcome]:
    return rewrite(*task)


def run(kinds: tuple[str, ...] = tuple(KINDS), every: int = 1, half: str = HALF) -> dict[str, Outcome]:
    """Kind → outcome of all UTF-8 text pages of a half, or of one in `every`."""
    wanted = gold(half)
    tasks = []
    for path in pages(half)[::every]:
        try:
            data = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        if path.suffix == ".txt":
            tasks.append((path.name, data, wanted[path.stem], kinds))
    out = {kind: Outcome() for kind in kinds}
    with ProcessPoolExecutor(CORES) as pool:
        for result in pool.map(_task, tasks, chunksize=8):
            for kind, one in result.items():
                out[kind].join(one)
    return out


if __name__ == "__main__":
    asked = tuple(arg for arg in sys.argv[1:] if not arg.startswith("-")) or tuple(KINDS)
    if unknown := [kind for kind in asked if kind not in KINDS]:
        sys.exit(f"{unknown[0]}: is not a kind of rewriting. Give some of {', '.join(KINDS)}.")
    outcomes = run(asked, 10 if "--few" in sys.argv else 1)
    print(f"{'':10} pages  right   lost  false   kept  of which")
    for kind, one in outcomes.items():
        fields = Counter(told.split()[1] for told in one.lost).most_common(5)
        shares = ", ".join(f"{name} {count}" for name, count in fields)
        print(
            f"{kind:10} {one.pages:5} {one.right:6} {len(one.lost):6} {len(one.false):6} {one.kept:6.4f}  {shares}"
        )
    if "-v" in sys.argv:
        for kind, one in outcomes.items():
            print(*(f"{kind} lost {told}" for told in one.lost), sep="\n")
            print(*(f"{kind} false {told}" for told in one.false), sep="\n")
