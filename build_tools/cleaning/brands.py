"""Brands that hacked mirrors put in the place of 我县 or 全市: masked, never published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from build_tools.core.article import Edit
from build_tools.core.text import HAN

# What stands for the brand: a lost word whose length is unknown.
MASK = "□□"
MANY = 20  # brands on one page: beyond that none is looked for in every line
_TAIL = r"(?:[(（]中国[)）](?:有限公司)?(?:官方(?:网站|入口|平台|版)|官网)|[(（]官[网方][)）](?:APP下载)?|[_＿](?:官方|最新|手机|全站|在线)*(?:入口|首页|网站|官网|平台|下载(?:地址)?|手机版|(?:APP|app)(?:下载)?|登录(?:入口)?)[:：]?)"
_GAMBLING = r"彩票|娱乐|博彩|棋牌|赌场|百家乐|老虎机|时时彩|六合彩|投注|竞彩|现金网|永利|葡京"
_HEADED = re.compile(rf"(?:^|[-_|—–>» ，。：:])(?P<name>[{HAN}A-Za-z0-9]{{3,12}}?)(?P<tail>{_TAIL})")
_BARE = re.compile(
    rf"(?:^|[-_|—–>» ])(?P<name>[{HAN}A-Za-z0-9]{{0,8}}(?:{_GAMBLING})[{HAN}A-Za-z0-9]{{0,6}}?)(?=$|[-_|—–>» (（]|[Aa][Pp][Pp]下载|官网)"
)
# In the prose itself: 我县_乐彩网官方首页, 五洲彩娱官网集团, 彩虹体育彩票总书记.
_WRITTEN = re.compile(
    rf"(?P<under>[_＿][{HAN}A-Za-z0-9]{{2,12}}?官(?:方(?:首页|网站|入口|平台|下载|版)|网))"
    rf"|(?:(?<=^)|(?<=[，。；：、的和与及对在习]))(?P<name>[{HAN}]{{1,6}}?(?:彩票|彩娱|棋牌|博彩|娱乐|体育)[{HAN}]{{0,2}}?)(?=总书记|主席|[_＿]?官网|[_＿]?官方(?:首页|网站|入口|平台))"
    rf"|(?:(?<=^)|(?<=[，。；：、—]))(?P<china>[{HAN}A-Za-z0-9]{{2,8}})(?=[(（]中国[)）]官)"
)
_SIGNS = re.compile(rf"{_TAIL}|{_GAMBLING}")


_WRITTEN_SIGN = re.compile(rf"官网|官方|{_GAMBLING}|体育")


def brand_names(lines: Sequence[str]) -> list[str]:
    """Names that head or foot a page in the way of such sites, longest first.

    >>> brand_names(["红运彩票_官方入口", "会议指出，红运彩票_官方入口现有地块21个。"])
    ['红运彩票']
    """
    found: dict[str, None] = {}
    for line in lines:
        if len(line) < 80 and "。" not in line and _SIGNS.search(line):
            for match in (*_HEADED.finditer(line), *_BARE.finditer(line)):
                found.setdefault(match["name"])
        if _WRITTEN_SIGN.search(line):
            for match in _WRITTEN.finditer(line):
                name = match["under"] or match["name"] or match["china"]
                if not match["china"] or (len(found) < MANY and sum(name in other for other in lines) > 1):
                    found.setdefault(name)
    whole = [name for name in found if not any(name != other and name.endswith(other) for other in found)]
    return sorted(whole, key=len, reverse=True)  # 要依托红运彩票 holds words of the text


def mask_edits(text: str, names: Sequence[str]) -> list[Edit]:
    """Each of those names in one line of the body, with its tail, masked.

    >>> mask_edits("会议指出，红运彩票_官方入口现有地块21个。", ["红运彩票"])
    [Edit(start=5, before='红运彩票_官方入口', after='□□')]
    """
    if not names or not any(name in text for name in names):
        return []
    pattern = re.compile(
        rf"(?:{'|'.join(map(re.escape, names))})(?:官网|官方(?:网站|首页|入口|平台))?{_TAIL}?"
    )
    return [Edit(match.start(), match[0], MASK) for match in pattern.finditer(text)]
