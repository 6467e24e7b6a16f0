"""One place where a name stands, and the small rules that all finders of names share."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from build_tools.core.article import LineKind
from build_tools.core.text import HAN
from build_tools.facts.offices import AFTER_NAME, head_length, is_office, office_after
from build_tools.facts.people import names as nm
from build_tools.facts.people.slots import denied, slot_name
from build_tools.facts.roles import Act

MOST = 500  # names a page; a real one has at most some dozens
PLACES_TRIED = 20_000  # office nouns, and mentions, looked at in one block: bounds a hostile page


HEADLINES = frozenset({LineKind.TITLE, LineKind.EYEBROW, LineKind.DECK, LineKind.WHO})


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
JOIN = re.compile(
    r"(?:同志|博士|先生|女士)?(?:（[^（）]{0,40}）)?[  ]?[、和与及暨][  ]?"
    r"|(?:同志)?以及|(?:同志)?(?:（[^（）]{0,40}）)?[，,]"
)
_AFTER_NOTE = re.compile(
    r"（[^（）]{0,40}(?:）(?:[^\u3400-\u9fff]|同志|[和与及等作在就对]|出席|参加|列席|主持|汇报|通报|发言)|$)"
)
POST = re.compile("|".join(sorted({*AFTER_NAME, "同志"}, key=len, reverse=True)))
BOUND = re.compile(rf"[^{HAN}]|[上了和与及由受的按照请听对向是让经会给跟以为据彻达实习见问望迎谢陪访才]|$")


# What bears a place's name: 胡杨河经济技术开发区管委会副主任甲.
_OF_PLACE = re.compile(
    "(?:国家级)?(?:经济(?:技术)?开发区|经开区|高新(?:技术|区)|(?:工业|产业|化工|科技)园|开发区|新区|自然保护区|国家公园|水库|灌区|林场|湿地|流域|水电站)"
)
SUBJECT_VERB = re.compile(
    r"(?:同志)?(?:在|建议|希望|提出|回忆|告诉|坦言|透露|补充|点评|讲话|发言|致|分别|受|应邀|回应|回答|询问|叮嘱|对|向|指出|强调|要求|表示|说[，：“]|认为|主持|出席|参加|列席|讲话|致辞|通报|传达|汇报|介绍|宣读|作|一行|率|代表|陪同|最后|就|围绕|随后|还|分别|等|、|副|书记|$)"
)


@dataclass(slots=True)
class Mention:
    """A name at a place: `start` counts its offices in, `end` what follows it (同志, 副市长)."""

    name: str
    start: int
    at: int
    end: int
    offices: tuple[str, ...] = ()
    weak: bool = False
    pronoun: bool = False
    roles: list[Act] = field(default_factory=list)


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


def taken_by(mentions: Iterable[Mention]) -> set[int]:
    return {at for mention in mentions for at in range(mention.at, mention.end)}


def add_after(text: str, mention: Mention) -> bool:
    """Take in what follows the name (同志, 副市长); False when it shows that this is no name."""
    if text.startswith("同志", mention.end):
        mention.end += 2
        return not text.startswith("们", mention.end)
    office = office_after(text, mention.end)
    if office and mention.name not in nm.PLACES:
        mention.offices += (office,)
        mention.end += len(office)
    return True


def list_on(text: str, first: Mention, names: dict[str, None]) -> list[Mention]:
    """The names that go on after a mention: 、乙、丙和丁."""
    out: list[Mention] = []
    at = first.end
    shared = first.offices
    while len(out) < 200:
        join = JOIN.match(text, at)
        if join is None:
            break
        name = nm.read_name(text, join.end(), names)
        if name is not None and name.text not in names and denied(text, name, join.end()):
            name = None
        if name is None or name.strength < 3 or not listed(text, name, names):
            slot = slot_name(text, join.end(), names, sure=bool(shared), listed="、")
            if slot is None and (name is None or name.strength < 2 or not listed(text, name, names)):
                break
            name = slot or name
            assert name is not None
        if "，" in join.group() and not (name.text in names or text[name.end : name.end + 1] == "、"):
            break
        if "，" in join.group():
            shared = ()  # 副组长甲，乙、丙等领导: a new list, not of his office
        if text.startswith("（", name.end) and not _AFTER_NOTE.match(text, name.end):
            break  # 恒川（刚果）公司总经理
        mention = Mention(name.text, join.end(), join.end(), name.end, shared)
        add_after(text, mention)
        if mention.offices != shared:
            mention.offices = mention.offices[len(shared) :]
        out.append(mention)
        names.setdefault(name.text)
        at = mention.end
    return out


def listed(text: str, name: nm.Name, names: Collection[str]) -> bool:
    """Whether what stands in a list of names is one more, and no place or body."""
    if name.text in names:
        return True
    if (
        name.text[-1] in nm.SUFFIXES
        and not nm.GIVEN.issuperset(name.text[1:])
        and not nm.FOREIGN.issuperset(name.text)
    ):
        return False
    first = re.split("[·•‧]", name.text)[0]
    if len(first) > 3 and any(head_length(first, at) for at in range(2, len(first))):
        return False  # 、美国气候特使约翰·克里
    if (
        is_office(name.text)
        or text[name.end : name.end + 1] in nm.SUFFIXES
        or _OF_PLACE.match(text, name.end)
    ):
        return False
    if name.text in nm.ORDINARY or name.text[0] in nm.SOFT:
        return nm.GIVEN.issuperset(name.text[1:])
    return True
