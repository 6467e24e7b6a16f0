"""Which entry of people.yml a participant is: by name, by whole offices, by the time of a post.

One entry of the name is the person, whatever the office: people are promoted and offices are worded
freely. What speaks against it (`doubtful`) is for `digest review` to ask, and an entry that no curator
has looked at (`unchecked`) takes nobody then. Several entries are told apart by their posts or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from build_tools.core.article import Participant
from build_tools.core.registry import Person, Post
from build_tools.core.text import before, pairs
from build_tools.core.workers import asked_again
from build_tools.facts.offices import head_length
from build_tools.facts.place_names import admin

UNCHECKED = "未审校"  # so the summary begins of a stub that `review --accept` wrote (relevance reads it too)


def unchecked(person: Person) -> bool:
    """Whether the entry is a stub that nobody has looked at yet."""
    return person.summary.startswith(UNCHECKED)


@asked_again
@lru_cache(maxsize=4)
def _by_name(registry: tuple[Person, ...]) -> Mapping[str, list[Person]]:
    out: dict[str, list[Person]] = {}
    for person in registry:
        for name in dict.fromkeys((person.name, *person.other_names)):
            out.setdefault(name, []).append(person)
    return out


def candidates(name: str, registry: tuple[Person, ...]) -> list[Person]:
    """The entries of that name."""
    return _by_name(registry).get(name, [])


def identified(participant: Participant, registry: tuple[Person, ...], date: str) -> Participant:
    """The participant with the registry's id, when exactly one entry fits; identity is never guessed.

    An id that is there stays: a curator's. `date` is the article's.
    """
    if participant.weak or participant.person_id is not None:
        return participant
    named = candidates(participant.name, registry)
    if len(named) > 1:
        named = _told_apart(named, participant.offices, date)
    elif named and unchecked(named[0]) and doubtful(participant.offices, named[0]):
        named = []
    return replace(participant, person_id=named[0].id) if len(named) == 1 else participant


def _told_apart(named: Sequence[Person], offices: Sequence[str], date: str) -> list[Person]:
    """Those of several whose posts at the time say the office: exactly, or else as a whole office."""
    for fits in (_is_post, _is_whole):
        found = [
            person
            for person in named
            if any(fits(office, post) for post in person.posts if in_force(post, date) for office in offices)
        ]
        if found:
            return found
    return []


def in_force(post: Post, date: str) -> bool:
    """Whether a post may have been held then; what is unknown excludes nothing.

    >>> in_force(Post("县长", start="2020", end="2021-03"), "2021-03-19"), in_force(Post("县长", start="2022"), "2021")
    (True, False)
    """
    if not date[:1].isdigit():
        return True
    return not (post.start and before(date, post.start)) and not (post.end and before(post.end, date))


def _is_post(office: str, post: Post) -> bool:
    return office in (post.office, f"{post.organization or ''}{post.office}")


_RANK = ("副", "总", "原", "名誉", "荣誉")  # 副县长 is no 县长, 总工程师 no 工程师


def _is_whole(office: str, post: Post) -> bool:
    """
    >>> [_is_whole(office, Post("县长")) for office in ("某县县长", "副县长")]
    [True, False]
    """
    told = (post.office, f"{post.organization or ''}{post.office}")
    return any(_ends_whole(office, one) or _ends_whole(one, office) for one in told)


def _ends_whole(longer: str, office: str) -> bool:
    return bool(office) and longer.endswith(office) and not longer.removesuffix(office).endswith(_RANK)


# --- does an office speak against a person? ------------------------------------


def doubtful(offices: Iterable[str], person: Person) -> bool:
    """Whether every office is of another body, place or level than every post that the registry tells.

    >>> minister = Person("sun-jinlong", "孙金龙", posts=(Post("生态环境部党组书记", "生态环境部"),))
    >>> [doubtful([office], minister) for office in ("副县长", "部长", "生态环境部副部长", "水利部部长", "党组书记")]
    [True, False, False, True, False]
    """
    told = list(offices)
    return bool(told and person.posts) and all(_apart(one, post) for one in told for post in person.posts)


def disagree(offices: Sequence[str]) -> bool:
    """Whether one name has offices that no one person is likely to hold: 副县长 and 生态环境部部长."""
    return any(_apart(one, Post(other)) for at, one in enumerate(offices) for other in offices[:at])


def _apart(office: str, post: Post) -> bool:
    if _is_post(office, post) or _is_whole(office, post):
        return False
    here = _body(office)
    return all(_differ(here, there) for there in _bodies(post))


def _bodies(post: Post) -> Iterator[str]:
    yield _body(post.office)
    if post.organization:
        yield _bare(post.organization)


_DEPUTY = re.compile("(?:常务副|第一副|副|代|总)$")
_WINGS = re.compile(
    "(?:委员会|人民政府|政府|常务委员会|人大常委会|人大|常委会|政协|党组|党委|党工委|管委会|工委|纪委|(?<=[省市县区州盟旗镇乡])委)+$"
)
_CHIEF = re.compile("(?:自治区|[省市县区州盟旗镇乡部厅局])(?=长$)")
_TOP = re.compile("(?:总书记|总理|国家主席)$")


def _bare(body: str) -> str:
    return _WINGS.sub("", body).removeprefix("中共")


def _body(office: str) -> str:
    """The place or body that an office tells, '' for none.

    >>> [_body(office) for office in ("副县长", "重庆市委副书记", "省生态环境厅厅长", "生态环境部党组书记", "书记")]
    ['县', '重庆市', '省生态环境厅', '生态环境部', '']
    """
    if _TOP.search(office):
        return "中央"
    head = head_length(office, len(office))
    body = _bare(_DEPUTY.sub("", office[: len(office) - head]))
    chief = _CHIEF.match(office[len(office) - head :])
    return body + chief[0] if chief is not None and not body.endswith(chief[0]) else body


_PLACE = re.compile(
    r"^.{0,12}?(?:自治区|兵团|省|(?<!城)市(?!场|容|政公)|地区|县|(?<!社)区(?!域)|州|盟|旗|镇|(?<!城)乡(?!村)|街道)"
    r"(?:.{0,7}?(?:(?<!城)市(?!场|容|政公)|县|(?<!社)区(?!域)|州|盟|旗|镇|(?<!城)乡(?!村)|街道))*"
)
_ANY_LEVEL = re.compile("(?:宣传|组织|统战|武装|政治|社会工作|指挥)部$")
_CENTRAL = re.compile("^(?:中央|国务|国家|全国)|..部$")


def _place(body: str) -> str:
    found = _PLACE.match(body)
    return found[0] if found is not None and not _CENTRAL.match(body) else ""


def _levels(body: str, place: str) -> frozenset[str]:
    """The levels that a body may be of: c, p(rovince), city = t, county = k; none when it does not say."""
    if place.endswith(("省", "自治区", "兵团")) or place.removesuffix("市") in admin()["municipalities"]:
        return frozenset("p")
    if place.endswith("市"):
        return frozenset("pt" if place == "市" else "tk")
    if place:
        return frozenset("t" if place.endswith(("州", "盟", "地区")) else "k")
    if body.endswith("厅"):
        return frozenset("p")
    return frozenset("c") if _CENTRAL.search(body) and not _ANY_LEVEL.search(body) else frozenset()


def _differ(one: str, other: str) -> bool:
    if not one or not other or one in other or other in one:
        return False
    here, there = _place(one), _place(other)
    levels, theirs = _levels(one, here), _levels(other, there)
    if levels and theirs and levels.isdisjoint(theirs):
        return True
    if here and there:
        return min(len(here), len(there)) > 1 and here not in there and there not in here
    if not (one.endswith("部") and other.endswith("部") and min(len(one), len(other)) > 2):
        return False
    return set(pairs(one[:-1])).isdisjoint(pairs(other[:-1]))  # 环境保护部 became 生态环境部
