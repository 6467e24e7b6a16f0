"""Meetings that are held year by year: the same body, the same kind of meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from build_tools.core.article import Kind
from build_tools.core.site import Card, volume_of
from build_tools.core.text import HAN
from build_tools.graph.addresses import addresses, text_slug


@dataclass(frozen=True)
class SeriesEntry:
    """Meetings of one name and one organisation, in two years or more."""

    slug: str
    name: str
    organization: str
    cards: tuple[Card, ...]  # newest first


# 2024年全国生态环境保护工作会议在京召开, 生态环境部召开全国生态环境保护工作会议: 全国生态环境保护工作会议
_SERIAL = re.compile(f"[{HAN}]{{2,24}}(?:工作会议|大会|全会|座谈会|推进会|现场会|年会)")
_OF_ONE_YEAR = re.compile(r"\d{4}年(?:度|上半年|下半年)?|第[一二三四五六七八九十百\d]+[次届]|召开|举行|\d+")


def serial_name(title: str) -> str | None:
    """What a meeting that is held year by year is called, without its year; None for another title.

    >>> serial_name("2024年全国生态环境保护工作会议在京召开"), serial_name("生态环境部党组召开会议")
    ('全国生态环境保护工作会议', None)
    >>> serial_name("生态环境部召开2023年全国生态环境保护工作会议")
    '全国生态环境保护工作会议'
    """
    found = _SERIAL.search(_OF_ONE_YEAR.sub("|", title))
    return found[0] if found is not None else None


def serial(cards: Sequence[Card]) -> tuple[SeriesEntry, ...]:
    """The meetings that may be compared: of what attests, one name, one organisation, at least two years."""
    found: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        if card.organization and card.kind is Kind.MEETING and card.filed[:1].isdigit():
            name = serial_name(card.title)
            if name is not None:
                found.setdefault((card.organization, name), []).append(card)
    kept = {key: some for key, some in found.items() if len({volume_of(card.filed) for card in some}) > 1}
    slugs = addresses(["\n".join(key) for key in kept], {}, text_slug)
    entries = (
        SeriesEntry(slugs[f"{body}\n{name}"], name, body, tuple(some)) for (body, name), some in kept.items()
    )
    return tuple(sorted(entries, key=lambda entry: entry.slug))
