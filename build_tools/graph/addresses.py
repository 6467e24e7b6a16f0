"""Addresses of pages: pinyin slugs that never change when the corpus grows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from build_tools.core.text import short_hash
from build_tools.core.vocabulary import load

MAX_BYTES = 80  # a slug is ASCII; file systems allow 255 bytes a name, `.md` and page numbers follow

_OTHER = re.compile(r"[^a-z0-9]+")


# What `read` was asked for. A build begins with what the one before had read: pypinyin takes 0.2 s to import.
KNOWN: dict[str, tuple[str, ...]] = {}


def read(text: str) -> tuple[str, ...]:
    """The reading of each character, without tones; what is not Chinese stays together as it is.

    >>> read("重庆市A1")
    ('chong', 'qing', 'shi', 'A1')
    """
    found = KNOWN.get(text)
    if found is None:
        from pypinyin import Style, pinyin  # noqa: PLC0415

        found = KNOWN[text] = tuple(part[0] for part in pinyin(text, style=Style.NORMAL))
    return found


def _syllable(char: str) -> str:
    reading = read(char)[0]
    return reading if char.isascii() else reading.replace("v", "yu")  # pypinyin writes ü as v


def cut(slug: str, text: str) -> str:
    """A slug within MAX_BYTES; a longer one is cut and ends in eight hex of the hash of `text`."""
    return slug if len(slug) <= MAX_BYTES else f"{slug[: MAX_BYTES - 9].rstrip('-')}-{short_hash(text)}"


@lru_cache(maxsize=65536)
def person_pinyin(name: str) -> str:
    """Family name first, given name joined.

    >>> person_pinyin("孙金龙"), person_pinyin("欧阳修"), person_pinyin("翟青"), person_pinyin("吕旅")
    ('sun-jinlong', 'ouyang-xiu', 'zhai-qing', 'lyu-lyu')
    >>> person_pinyin("买买提·艾力")
    'maimaiti-aili'
    """
    families = load("family_names")
    parts = [part for part in re.split(r"[·•・\s]+", name) if part]
    if len(parts) == 1:
        whole = parts[0]
        size = 2 if whole[:2] in families["compound"] and len(whole) > 2 else 1
        family = (
            families["compound"][whole[:2]]
            if size == 2
            else families["surname"].get(whole[:1], _syllable(whole[:1]))
        )
        spelt = [family, "".join(map(_syllable, whole[size:]))]
        if whole.isascii():
            spelt = [whole]
    else:
        spelt = ["".join(map(_syllable, part)) for part in parts]
    return _OTHER.sub("-", "-".join(spelt).lower()).strip("-")


def person_slug(name: str) -> str:
    """Slug of a person whom no curator has reviewed: pinyin and four hex of the name's hash.

    >>> person_slug("杨帆")
    'yang-fan-77fa'
    """
    return cut("-".join(filter(None, (person_pinyin(name), short_hash(name, 4)))), name)


@lru_cache(maxsize=65536)
def text_slug(text: str) -> str:
    """Slug of an unregistered organisation or theme: its pinyin and four hex of its hash.

    >>> text_slug("省生态环境厅")
    'sheng-sheng-tai-huan-jing-ting-cc8d'
    """
    spelt = _OTHER.sub("-", "-".join(map(_syllable, text)).lower()).strip("-")
    return cut("-".join(filter(None, (spelt, short_hash(text, 4)))), text)


def addresses(
    names: Iterable[str], registered: Mapping[str, str], spelt: Callable[[str], str]
) -> dict[str, str]:
    """An address for each name, none twice: a registered id is kept, an unreviewed name makes way for it.

    A stub bears the slug of its name; when its name is mended, the old one may still stand in articles.

    >>> addresses(["省厅", "省生态环境厅"], {"省生态环境厅": "sheng-ting-01cc"}, text_slug)
    {'省生态环境厅': 'sheng-ting-01cc', '省厅': 'sheng-ting-01cc-01cc8fb3'}
    """
    out = {name: registered[name] for name in names if name in registered}
    taken = set(registered.values())
    for name in sorted(set(names).difference(registered)):
        slug, digits = spelt(name), 8
        while slug in taken:
            slug = f"{spelt(name)[: MAX_BYTES - digits - 1].rstrip('-')}-{short_hash(name, digits)}"
            digits += 8
        taken.add(slug)
        out[name] = slug
    return out


def shelve(slugs: list[str], limit: int, prefix: str = "") -> dict[str, list[str]]:
    """Sort slugs into shelves by growing prefixes, so that none holds more than `limit`.

    A new slug touches the shelf of its own prefix and no other.

    >>> shelve(["li-a", "li-b", "sun-c"], 2)
    {'l': ['li-a', 'li-b'], 's': ['sun-c']}
    """
    shelves: dict[str, list[str]] = {}
    size = len(prefix) + 1
    for slug in sorted(slugs):
        shelves.setdefault(slug[:size], []).append(slug)
    out: dict[str, list[str]] = {}
    for key, inside in shelves.items():
        more = shelve(inside, limit, key) if len(inside) > limit and inside[-1] > key else {key: inside}
        for name, some in more.items():
            out.setdefault(name.rstrip("-"), []).extend(some)
    return out
