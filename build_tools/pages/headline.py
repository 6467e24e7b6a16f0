"""Where a long headline may be broken: between words (BudouX), never in a name or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

import budoux

from build_tools.core.vocabulary import load

_TIGHT = re.compile(
    r"[（《“‘]|.[，、。；：！？）》”’…—]"
)  # no line ends with the one, or begins with the other
SHORT = 12  # characters: one line of a phone holds them


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_simplified_chinese_parser()


@cache
def _whole() -> str:
    words = sorted(map(re.escape, load("headline")["whole"].split()), key=len, reverse=True)
    places = " ".join(load("places").values()).split()
    waters = load("headline")["waters"].replace(" ", "|")
    number = r"第?[\d０-９.]+(?:(?:年度|[^\W\d])(?:[\d０-９.]+[^\W\d])*)?|第?[一二三四五六七八九十百]+[次届批轮号季章师]"
    # A water's name ends in what may begin a word too: 赤水河|流域, 召开|河道整治.
    water = rf"[^\W\d]{{1,2}}(?:[江湖]|(?<!江)河)(?:(?=流域)|(?!{waters}))"
    return f"{'|'.join(words)}|(?:{'|'.join(places)})[省市]?|{water}|{number}"


def pieces(text: str, names: Iterable[str] = ()) -> list[str]:
    """The text in parts that stay on one line where it holds them; `names` are whole.

    >>> pieces("中央生态环境保护督察整改推进会议暨全市生态环境保护工作会议召开")
    ['中央', '生态环境', '保护', '督察整改', '推进会议', '暨全市', '生态环境', '保护', '工作会议', '召开']
    >>> pieces("省委书记欧阳自远出席全省督察整改工作推进会", ["欧阳自远"])
    ['省委', '书记', '欧阳自远', '出席', '全省', '督察整改', '工作', '推进会']
    >>> pieces("市人大常委会2022年8月29日召开2022年生态环境会议")
    ['市人大常委会', '2022年8月29日', '召开', '2022年', '生态环境', '会议']
    """
    if len(text) <= SHORT:
        return [text]
    ends = accumulate(map(len, _parser().parse(text)))
    cuts = {at for at in ends if not text[at - 1 : at + 1].isascii()}
    named = [*map(re.escape, sorted(names, key=len, reverse=True))]
    before = 0
    for match in re.finditer("|".join((*named, _whole())), text):
        cuts -= set(range(match.start() + 1, match.end()))
        if match.group() in names:
            cuts |= set(match.span())
        elif match.start() == before:
            cuts.add(before)
        before = match.end()
    behind = load("headline")["behind"]
    out: list[str] = []
    start = 0
    for end in sorted({at for at in cuts if not _TIGHT.match(text, max(0, at - 1))} - {0} | {len(text)}):
        piece = text[start:end]
        start = end
        if out and (piece in behind or (len(out[-1]) == 1 and out[-1] not in behind)):
            out[-1] += piece
        else:
            out.append(piece)
    return out
