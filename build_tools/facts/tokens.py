"""Tokens: a text with its words, looked up by where they start, and what each character and each mark may be."""

from __future__ import annotations

import re
from functools import lru_cache

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load
from build_tools.facts.lexicon import Hit, Is, Name, find
from build_tools.facts.offices import AFTER_NAME, office_after

_SURNAMES, _SLOTS, _VERBS, _PLACES, _READING = (
    load(name) for name in ("surnames", "slots", "verbs", "places", "reading")
)

# Bits of a character.
HARD, SOFT, TRICKY, GIVEN, FOREIGN, LONG, NEVER_IN, SUFFIX, FUNCTION, SHORT, REDACTED, DENIED = (
    1 << bit for bit in range(12)
)
CHARS: dict[str, int] = {}


def _mark(chars: str, bit: int) -> None:
    for char in "".join(chars.split()):
        CHARS[char] = CHARS.get(char, 0) | bit


_mark(_SURNAMES["single"], HARD)
_mark(_SURNAMES["soft"], SOFT)
_mark(_SURNAMES["tricky"], TRICKY)
_mark(_SURNAMES["given"], GIVEN)
_mark(_SURNAMES["transliteration"], FOREIGN | LONG)
_mark(_SURNAMES["transliteration_long"], LONG)
_mark("的了们着是不这那很把被让你我它她他些什么吗呢某每此该副", NEVER_IN)
_mark(_PLACES["suffixes"], SUFFIX)
_mark("和从向对同经与及", FUNCTION)
_mark("任在到就将的等说率赴以从因于也还已了及作把受由要曾坐站走看笑则均却仍再又便", SHORT)
_mark("×＊*〇○□XxＸ某", REDACTED)
_mark(_SLOTS["chars"], DENIED)

COMPOUND = frozenset(f"{_SURNAMES['compound']} {_SURNAMES['clans']} {_SURNAMES['japanese']}".split())
COMPOUND_STARTS = frozenset(word[0] for word in COMPOUND)
# What a name may begin with.
FAMILIES = frozenset(char for char, bits in CHARS.items() if bits & (HARD | LONG)) | COMPOUND_STARTS
LOOSE = tuple(_SLOTS["loose"].split())
CIVIC = tuple(_SLOTS["civic"].split())
_TITLED = frozenset("".join(_SURNAMES["titled"].split()))
_SHORT_FOLLOW = frozenset("".join(_VERBS["follow_short"].split()))

COMRADE = ("同志", "先生", "女士", "博士")
_TITLE = re.compile("(?:常务|第一)?副?(?:" + "|".join(AFTER_NAME) + ")")
IS_HAN = re.compile(f"[{HAN}]")
_MARKS = dict.fromkeys("，", "comma") | dict.fromkeys("。；！？\n", "stop") | {"、": "list", "：": "colon"}
_MARKS |= dict.fromkeys("（(", "note") | dict.fromkeys(" \u3000", "blank") | dict.fromkeys("和与及暨", "and")


# Masked before reading, at the same length: documents, bylines, files, and thought named for a person.
_BYLINE = (
    r"[^（）()【】\[\]\n]{0,12}"
    r"(?:记者|通讯员|摄影|供稿|文/|图/|责任编辑|责编|编辑|审核|校对|实习生|来源|作者)"
    r"[^（）()【】\[\]\n]{0,60}[）)】\]]"
)
_REPORTERS = r"[  ]?[\u4e00-\u9fff]{2,4}(?:[  、][\u4e00-\u9fff]{2,4}){0,4}(?=[  ]?(?:\d|报道|摄|文|通讯员))"
# Each way begins with a character of its own: `re` then looks for those alone, in a third of the time.
_MASK = re.compile(
    r"《[^《》\n]{0,120}》"
    rf"|（{_BYLINE}|\({_BYLINE}|【{_BYLINE}|\[{_BYLINE}|记者{_REPORTERS}|通讯员{_REPORTERS}"
    r"|习近平(?:新时代中国特色社会主义|生态文明|法治|强军|外交|经济|文化)[^，。；、\n]{0,6}?思想"
    r"|毛泽东思想|习近平思想|邓小平理论"
)
_FILE = re.compile(r"\.(?:jpe?g|JPE?G|png|PNG|gif|GIF|docx?|pdf|xlsx?|mp4)")
_FILE_BREAKS = " \u3000\n，。；、：（）()"
_MASKED = "\ue000"


@lru_cache(maxsize=256)  # two readers ask for the paragraphs of an article
def mask(text: str) -> str:
    """The text with documents, bylines, file names and 习近平…思想 blanked out, offsets kept."""
    text = _MASK.sub(lambda match: _MASKED * len(match.group()), text)
    if "." in text:
        for match in _FILE.finditer(text):
            start = match.start()
            while start and match.start() - start < 20 and text[start - 1] not in _FILE_BREAKS:
                start -= 1
            text = (
                text[:start] + _MASKED * (match.end() - start) + text[match.end() :]
                if len(text) < 20_000
                else text
            )
    return text


def redacted(text: str, at: int) -> bool:
    """Whether a character at `at` stands for one that was removed: ×, 某."""
    return bool(CHARS.get(text[at : at + 1], 0) & REDACTED)


WHOLE = 20_000  # characters of an article that are looked at to settle one name; a real one has 3,000


class Scanned:
    """A text with its words, looked up by where they start, and the places that cut a word.

    `whole` is the text of the article, to tell 郭芳 from 郭芳出 by how often each is in it.
    """

    def __init__(self, text: str, whole: str = "") -> None:
        self.text = text
        self.whole = whole or text
        self.read: dict[
            tuple[int, str], Name | None
        ] = {}  # readings without any known name, by place and left
        self.slots: dict[int, str] | None = None  # where a name may begin (`phrases.slots`)
        self.rights: dict[int, str] = {}
        self.own: dict[int, str] = {}  # names that were read here at first: no evidence of themselves
        self.named: list[tuple[str, int, int]] = []  # the known names in it, as `Finder.places` gives them
        self.starts: dict[int, list[Hit]] = {}
        self.tails = tails(text) if "等" in text else {}
        for hit in find(text):
            self.starts.setdefault(hit.start, []).append(hit)

    def longest(self, at: int, kinds: int) -> int:
        """The length of the longest word of these kinds at `at`, 0 for none."""
        size = 0
        for _, end, found in self.starts.get(at, ()):
            if found & kinds and end - at > size:
                size = end - at
        return size

    def ends_with_verb(self, floor: int, end: int) -> bool:
        """Whether a verb ends at `end` and begins behind `floor`."""
        return any(
            hit.end == end and hit.kinds & (Is.FOLLOW | Is.SAY)
            for start in range(max(floor, end - 4), end - 1)
            for hit in self.starts.get(start, ())
        )

    def counted(self, name: str) -> int:
        """How often a string is in the article, as far as it is looked at."""
        return self.whole.count(name, 0, WHOLE)

    def titled(self, at: int, end: int) -> bool:
        """Whether an everyday character at `at` is a family name before a title: 高局长通报了, not 高校长期."""
        return self.text[at] in _TITLED and bool(self.longest(end, Is.FOLLOW | Is.SAY))

    def cut(self, at: int, end: int) -> bool:
        """Whether a verb or a function word begins inside text[at:end] and goes on behind it."""
        return any(
            hit.end > end and hit.kinds & (Is.FOLLOW | Is.SAY | Is.NEVER)
            for start in range(at + 1, end)
            for hit in self.starts.get(start, ())
        )


_BODIES_TAIL = re.compile(_READING["tail_bodies"])
_PERSONS_TAIL = re.compile(_READING["tail_persons"])


def tails(text: str) -> dict[int, str]:
    """Where the members of a list with a tail begin: → `persons` (等市领导) or `bodies` (等部门负责人).

    >>> tails("甲、乙等市领导"), tails("住建、水务等部门负责人")
    ({0: 'persons', 2: 'persons'}, {0: 'bodies', 3: 'bodies'})
    """
    out: dict[int, str] = {}
    at = text.find("等")
    while at > 0:
        start = at
        while start and at - start < 200 and (text[start - 1] in "、（）·" or IS_HAN.match(text[start - 1])):
            start -= 1
        what = _tail_kind(text[at + 1 : at + 25])
        if what:
            for piece in re.split("(?:、|以及|[和及与])", text[start:at])[-40:]:
                where = text.find(piece, start, at) if piece else -1
                if where >= 0:
                    out[where] = what
                    start = where
        at = text.find("等", at + 1)
    return out


def _tail_kind(tail: str) -> str:
    bodies, persons = _BODIES_TAIL.match(tail), _PERSONS_TAIL.match(tail)
    return "bodies" if bodies else "persons" if persons else ""


def surname_length(text: str, at: int) -> int:
    """
    >>> surname_length("欧阳颂", 0), surname_length("郭芳", 0), surname_length("的", 0)
    (2, 1, 0)
    """
    char = text[at : at + 1]
    if char in COMPOUND_STARTS:
        for size in (2, 3, 4):
            if text[at : at + size] in COMPOUND:
                return size
    return 1 if CHARS.get(char, 0) & HARD else 0


# What a list of persons ends with that is none: 及委员共37人, 及市直各部门.
_OTHERS = re.compile("各|其[他它余]|全体|有关|相关|部门|委员|[市县区省州]直|班子")
_ABSENT = re.compile("(?:因[^，。；]{1,20}?)?(?:请假|缺席|未能)")
_DID = re.compile(
    f"(?![{''.join(char for char, bits in CHARS.items() if bits & NEVER_IN)}])[{HAN}][{HAN}](?<![作做谈提说讲为除有到受没])[了过](?!解)"
)  # 分析了, no 树|作了


# 潘俊峰|于当日下午, 邓小红|语重心长地
_MANNER = re.compile(
    rf"(?:[{HAN}]{{4}}|[则也还又][{HAN}]{{2,4}})地(?=[说指强要表提讲主])|于(?=\d|当[天日晚]|[今昨][天日晚年]|近日|日前|[上下]午)"
)


def right_of(scan: Scanned, end: int) -> str:
    """What follows a name that ends at `end`: a mark, a verb, an office, or nothing that settles it."""
    found = scan.rights.get(end)
    if found is None:
        found = scan.rights[end] = _right_of(scan, end)
    return found


def _right_of(scan: Scanned, end: int) -> str:
    text = scan.text
    char = text[end : end + 1]
    if not char:
        return "stop"
    if char in _MARKS:
        what = _MARKS[char]
        if what == "and" and _OTHERS.match(text, end + 1):
            return "list"
        if what == "and" and (text[end + 1 : end + 2] in _MARKS or scan.longest(end + 1, Is.FOLLOW | Is.SAY)):
            return "and closed"  # 蓝采|和致辞
        return what
    if text.startswith(COMRADE, end):
        return "comrade" if not text.startswith("们", end + 2) else "none"
    if _TITLE.match(text, end) and office_after(text, end):
        return "title"
    if scan.longest(end, Is.FOLLOW | Is.SAY):
        return "verb"
    if char == "等":
        return "etc"
    if _ABSENT.match(text, end):
        return "verb"
    if not IS_HAN.match(char):
        return "none" if char == "-" else "other"
    if char in _SHORT_FOLLOW and not _MANNER.match(text, end):
        return "short"
    if _DID.match(text, end) or _MANNER.match(text, end):
        return "verb"
    near = scan.longest(end + 1, Is.FOLLOW | Is.SAY) or scan.longest(end + 2, Is.FOLLOW | Is.SAY)
    return "near" if near else "none"
