"""A deterministic generator of realistic corpora at any size, for measuring.

Articles are recombined from the founding articles' sentences (about 2,950 characters
each, as FACTS.md measured), with thousands of distinct people and offices, a growing
vocabulary, and the noise of NOISE.md. Article i is the same in a corpus of any size.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.core.article import LineKind
from build_tools.core.text import sentences
from build_tools.core.vocabulary import load

TARGET = 2950  # characters an article
GIVEN = "明华国建文志永春海军平东伟强晓玉金云林峰德胜利福祥瑞康宁立新学勇杰超鹏飞宏亮涛波辉龙凤兰英梅雪莲静敏丽娟芳燕红霞"
PLACES = [
    "青云",
    "南安",
    "北川",
    "东阳",
    "西河",
    "长宁",
    "永丰",
    "新源",
    "白石",
    "金沙",
    "清水",
    "红岩",
    "高台",
    "平湖",
    "大田",
    "龙泉",
    "云溪",
    "石桥",
    "安乐",
    "丰泽",
]
UNITS = [
    "生态环境局",
    "水利局",
    "自然资源和规划局",
    "农业农村局",
    "住房和城乡建设局",
    "工业和信息化局",
    "林业局",
    "交通运输局",
]
MEETINGS = [
    "生态环境保护委员会全体会议",
    "生态环境保护督察整改推进会",
    "大气污染防治攻坚调度会",
    "河湖长制工作推进会",
    "尾矿库治理专题会",
    "碳达峰碳中和工作领导小组会议",
    "林长制工作会议",
    "固体废物污染防治工作会",
]
LEADS = ("一是", "二是", "三是", "四是", "五是")


@cache
def _stock() -> tuple[str, ...]:
    """Plain sentences of the founding articles, without dates, names or enumeration marks."""
    root = Path(__file__).resolve().parents[2] / "corpus" / "articles"
    out = []
    for path in sorted(root.glob("*.txt")):
        cleaned = clean(decode(path.name, path.read_bytes()).text)
        for line in cleaned.blocks:
            if line.kind is LineKind.PARAGRAPH:
                out += [
                    s
                    for s in sentences(line.text)
                    if 20 <= len(s) <= 160 and not s.startswith(("一", "二", "三", "会议"))
                ]
    return tuple(dict.fromkeys(out))


def _name(rng: random.Random) -> str:
    families = load("surnames")
    pool = str(
        families["common"]
        if isinstance(families, dict) and "common" in families
        else "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
    ).split()
    pool = list("".join(pool)) if len(pool) == 1 else pool
    return rng.choice(pool) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def article(number: int, seed: int = 7) -> tuple[str, str]:
    """(id, text as scraped) of article `number`."""
    rng = random.Random(f"{seed}/{number}")
    stock = _stock()
    year = 2014 + number % 12
    month, day = rng.randint(1, 12), rng.randint(2, 28)
    place = rng.choice(PLACES)
    meeting = rng.choice(MEETINGS)
    # A leader serves a place for some years: names recur, and their number grows with the corpus.
    term = random.Random(f"{seed}/{place}/{year // 3}/{number // 400}")
    leader, mayor = _name(term), _name(term)
    pool = random.Random(f"{seed}/{place}/{year // 3}/{number // 2000}")
    staff = [_name(pool) for _ in range(6)]
    others = rng.sample(staff, 3)
    title = f"{place}市召开{year}年{meeting}"
    opening = (
        f"  {month}月{day - 1}日,{place}市召开{year}年{meeting}。市委书记{leader}出席会议并讲话,{mayor}市长主持会议。"
        f"副市长{others[0]}、{others[1]},市{rng.choice(UNITS)}局长{others[2]}参加会议。"
    )
    lines = [
        f"您当前的位置: 首页 > 政务动态 > {rng.choice(('要闻', '部门动态', '县区动态'))}",
        title,
        f"发布时间:{year}-{month:02d}-{day:02d} 来源:{place}日报 作者:{_name(rng)} 浏览:{rng.randint(10, 9999)}次",
        "【字体:大 中 小】",
        "",
        opening,
    ]
    size = len(lines[-1])
    while size < TARGET - 500:
        body = "".join(rng.choice(stock) for _ in range(rng.randint(3, 6)))
        lead = rng.choice(("会议指出,", "会议强调,", f"{leader}强调,", f"{leader}指出,", f"{mayor}要求,", ""))
        lines.append("  " + (lead + body).replace("，", ","))
        size += len(lines[-1])
    lines.append("  会议要求," + "".join(f"{mark}{rng.choice(stock)}" for mark in LEADS[: rng.randint(3, 5)]))
    if rng.random() < 0.2:
        lines.insert(rng.randint(6, len(lines)), f"会议现场 {_name(rng)} 摄")
    if rng.random() < 0.1:
        lines[-1] = lines[-1].replace("全面", "******", 1)
    lines += ["", f"责任编辑:{_name(rng)}", "上一篇:没有了", "扫一扫在手机打开当前页"]
    return f"bench-{number:06d}", "\n".join(lines) + "\n"


def write(root: Path, count: int, seed: int = 7) -> None:
    """Write a corpus of `count` articles below `root`, with the project's themes and formulations."""
    (root / "articles").mkdir(parents=True, exist_ok=True)
    for name, text in articles(count, seed):
        (root / "articles" / f"{name}.txt").write_text(text, "utf-8")


def articles(count: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """The first `count` articles."""
    for number in range(count):
        yield article(number, seed)
