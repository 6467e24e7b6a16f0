"""ASCII punctuation between Han characters → full width (GB/T 15834), as edits.

Left alone: decimals, thousands, times, ratios, addresses, Latin text, quotes,
and every mark that may stand for a lost character.
"""

from __future__ import annotations

import re

from build_tools.core.article import Edit
from build_tools.core.edits import substitutions
from build_tools.core.text import HAN

FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
ADDRESS = re.compile(
    r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|[\w.+-]{1,64}@[\w-]{1,64}\.[A-Za-z.]{2,24}", re.ASCII
)
# Behind Han a mark is Chinese, but for what may be a lost character or opens an address: nine in ten.
PLAIN = re.compile(r"[,;!](?<=[一-鿿].)")
MARK = re.compile(r"[,:;?!](?<![一-鿿][,;!])")
PAREN = re.compile(rf"[()（）\n]|[{HAN}]+")
# Characters that make their neighbour a mark of Chinese text; × □ * are its redactions and masks.
WIDE = re.compile(
    rf"[{HAN}“”‘’《》〈〉【】「」『』（）〔〕、。，；：？！…—～·％‰℃×*□■○●◎◇◆△▲※★☆〓\ufffdⅠ-ⅿ①-⓿㈠-㈩]"
)
OPEN = re.compile(rf"[{HAN}“‘《〈【「『（〔×*□]")
CLOSE = re.compile(r"[”’》〉】」』）〕)]")
# What makes a clause a question; without one, `?` between Han may be a lost character (`离?!啊“十四五”詠?规划`).
ASKS = re.compile(
    r"[吗呢谁何么吧哪几嘛啥]|多少|怎|是否|能否|可否|有没有|是不是|会不会|能不能|要不要|难道|不都|不就|岂|多大|多长|多久|多高"
)
# What UTF-8 quotes leave when a mirror reads them as GBK: `?!啊“`, `”詠?`.
BROKEN = re.compile(rf"\?!|[{HAN}]\?[“”]|[“”][{HAN}]\?|\ufffd")
STOP = re.compile(rf"(?<=[{HAN}”’》）)])\.(?=[ \u3000]*(?:\n|\Z|[{HAN}“《（(\d]))")
_ITEM = re.compile(
    rf"(?:^|[，；：。,;:.])[ \u3000]?(?:[一二三四五六七八九十]{{1,2}}[是要]|第[一二三四五六七八九十]{{1,2}})[{HAN}]{{3,}}$"
)
CLAUSE = re.compile(r"[。！？!?；;\n]")
DOUBLED = re.compile(r"[，、。；,][，、。；,]+")


class _Sound:
    """Whether the line at a position shows no damage by which its `?` could be lost characters; asked left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = -1
        self.sound = True

    def holds(self, at: int) -> bool:
        if at > self.end:
            start = self.text.rfind("\n", 0, at) + 1
            self.end = self.text.find("\n", at)
            if self.end < 0:
                self.end = len(self.text)
            line = self.text[start : self.end]
            self.sound = not BROKEN.search(line) and line.count("“") == line.count("”")
        return self.sound


def widths(text: str) -> list[Edit]:
    """One edit a mark.

    >>> from build_tools.core.edits import apply
    >>> samples = ("会议指出,要抓紧(试行):一是", "9:30,PM2.5(细颗粒物)为1,204.5", "ug/m?", "VOCs,我们!")
    >>> [apply(s, widths(s)) for s in samples]
    ['会议指出，要抓紧（试行）：一是', '9:30,PM2.5（细颗粒物）为1,204.5', 'ug/m?', 'VOCs，我们！']
    """
    closed = _address_positions(text)
    plain = (match.start() for match in PLAIN.finditer(text))
    wide = {*_parentheses(text, closed), *(at for at in plain if at not in closed)}
    sound = _Sound(text)
    out = [Edit(at, text[at], FULL[text[at]]) for at in wide]
    for match in MARK.finditer(text):
        at = match.start()
        if at not in closed and _widens(text, at, wide, sound):
            wide.add(at)
            out.append(Edit(at, text[at], FULL[text[at]]))
    out.extend(_stops(text, closed))
    out.sort(key=lambda edit: edit.start)
    return out


def _address_positions(text: str) -> frozenset[int]:
    if "://" not in text and "www." not in text and "@" not in text:
        return frozenset()
    return frozenset(at for match in ADDRESS.finditer(text) for at in range(match.start(), match.end()))


def _widens(text: str, at: int, wide: set[int], sound: _Sound) -> bool:
    """Whether the ASCII mark at `at` belongs to Chinese text; `wide` holds those before it that do."""
    left = at - 1
    while left >= 0 and text[left] == " " and at - left < 4:
        left -= 1
    right = at + 1
    while right < len(text) and text[right] == " " and right - at < 4:
        right += 1
    before = text[left] if left >= 0 else "\n"
    after = text[right] if right < len(text) else "\n"
    by_left = left in wide or bool(WIDE.match(before))
    by_right = right in wide or bool(OPEN.match(after))
    mark = text[at]
    if mark == "?":
        return by_left and before not in "*×□" and _asks(text, at, after, sound)
    if before == "?" and left not in wide:
        return False
    if mark == ":" and text.startswith("//", at + 1):
        return False
    if by_left:
        return True
    if before == "%":
        return not after.isascii() or after.isdigit() or after == "\n"
    return by_right and (before != "\n" or mark in ",;:")


def _asks(text: str, at: int, after: str, sound: _Sound) -> bool:
    """Whether `?` ends a question: by a question word, by its place, or because nothing else is broken nearby."""
    clause = CLAUSE.split(text[max(0, at - 60) : at])[-1]
    if ASKS.search(clause) or after == "\n" or CLOSE.match(after):
        return "?!" not in clause
    return sound.holds(at)


DEEPEST = 8  # pairs in pairs; deeper nests are no Chinese, and would widen one pair a round


def _parentheses(text: str, closed: frozenset[int]) -> list[int]:
    """Positions of ASCII parentheses in pairs that hold Han, or stand by a wide character or partner."""
    if "(" not in text and ")" not in text:
        return []
    out: list[int] = []
    line: list[int] = []
    stack: list[tuple[int, int]] = []
    deepest = han = 0
    for match in PAREN.finditer(text):
        char, at = match.group(), match.start()
        if char == "\n":
            out += line if deepest <= DEEPEST else []
            line, deepest = [], 0
            stack.clear()
        elif char in "(（":
            stack.append((at, han))
            deepest = max(deepest, len(stack))
        elif char not in ")）":
            han += len(char)
        elif stack:
            start, count = stack.pop()
            outside = (start and WIDE.match(text[start - 1])) or (
                at + 1 < len(text) and WIDE.match(text[at + 1])
            )
            if han > count or outside or text[start] == "（" or char == "）":
                line.extend(i for i in (start, at) if text[i] in "()" and i not in closed)
    return out + line if deepest <= DEEPEST else out


def _stops(text: str, closed: frozenset[int]) -> list[Edit]:
    """`.` for 。: at the end of a line of ten Han or more, or in a text that has no 。 at all."""
    if "." not in text:
        return []
    out = []
    whole = "。" not in text
    for match in STOP.finditer(text):
        at = match.start()
        before = text[max(0, at - 10) : at]
        long = len(before) == 10 and not re.search(r"[^一-鿿，、；：“”《》（）,:;()0-9%\"]", before)
        ends = at + 1 >= len(text) or text[at + 1] in " \u3000\n"
        item = whole and _ITEM.search(before) is not None
        sentence = long and (ends or whole) and not text[at + 1 : at + 2].isdigit()
        if at not in closed and (item or sentence):
            out.append(Edit(at, ".", "。"))
    return out


def doubled(text: str) -> list[Edit]:
    """Marks that a mirror doubled, to one: 。 if there is one, else the last. `……`, `——` and rows of 。 stay.

    >>> from build_tools.core.edits import apply
    >>> apply("推进会，，部署耕地，、建设，。好……", doubled("推进会，，部署耕地，、建设，。好……"))
    '推进会，部署耕地、建设。好……'
    """
    return substitutions(DOUBLED, text, _one)


def _one(match: re.Match[str]) -> str:
    run = match.group()
    if run.isascii() or (len(run) > 2 and len(set(run)) == 1):
        return run
    if "。" in run:
        return "。"
    return run.replace(",", "，")[-1]
