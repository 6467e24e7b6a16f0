"""Atom and JSON feeds of the site, of people, themes and organisations (layer 4, pure: bytes, no clock)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from build_tools import parts
from build_tools.link import Site, has_feed
from build_tools.models import Card, Role

ENTRIES = 40
EPOCH = "1970-01-01"  # the date of what has none: feeds demand one, and the clock is no fact of the text


def feeds(site: Site, site_url: str, site_name: str) -> Iterator[tuple[str, bytes]]:
    """(path below the site, bytes) of every feed. `site_url` ends in a slash and may hold a path."""
    yield from _feed("site", site_name, "", site.cards, site_url)
    for person in site.people:
        if person.appearances and has_feed(person):
            cards = [row.card for row in person.appearances[:ENTRIES]]
            address = f"people/{person.slug}"
            yield from _feed(address, f"{person.name} · {site_name}", address, cards, site_url)
    for theme in site.themes:
        if theme.hits:
            cards = [card for card, _ in theme.hits[:ENTRIES]]
            address = f"themes/{theme.slug}"
            yield from _feed(address, f"{theme.label} · {site_name}", address, cards, site_url)
    for organization in site.organizations:
        if organization.cards:
            address = f"organizations/{organization.slug}"
            yield from _feed(
                address, f"{organization.name} · {site_name}", address, organization.cards, site_url
            )


def _feed(
    name: str, title: str, page: str, cards: Sequence[Card], site_url: str
) -> Iterator[tuple[str, bytes]]:
    shown = cards[:ENTRIES]
    home = f"{site_url}{page}/" if page else site_url
    yield f"feeds/{name}.atom", _atom(f"{site_url}feeds/{name}.atom", title, home, shown, site_url)
    yield f"feeds/{name}.json", _json(f"{site_url}feeds/{name}.json", title, home, shown, site_url)


def _stamp(card: Card) -> str:
    """When the article came out, else when the meeting was; RFC 3339."""
    day = parts.iso(card.published) or parts.iso(card.date) or EPOCH
    return f"{(day + '-01-01')[:10] if len(day) < 10 else day}T00:00:00Z"


def _summary(card: Card) -> str:
    said = [parts.date(card.date), card.organization or ""]
    for role in (Role.PRESIDES, Role.SPEAKS, Role.REPORTS):
        names = [who.name for who in card.people if role in who.roles and not who.weak]
        if names:
            said.append(f"{'、'.join(names)}{parts.label('roles', role.value)}")
    return _plain("，".join(filter(None, said)) + "。")


def _plain(text: str) -> str:
    """What XML 1.0 can hold."""
    return "".join(
        c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" else " " for c in text
    )


def _atom(address: str, title: str, home: str, cards: Iterable[Card], site_url: str) -> bytes:
    entries = []
    newest = f"{EPOCH}T00:00:00Z"
    for card in cards:
        link = f"{site_url}articles/{card.id}/"
        newest = max(newest, _stamp(card))
        author = card.source or card.organization or "佚名"
        entries.append(
            f"<entry><title>{escape(_plain(card.title))}</title><id>{escape(link)}</id>"
            f"<link href={quoteattr(link)}/><updated>{_stamp(card)}</updated>"
            f"<author><name>{escape(_plain(author))}</name></author>"
            + "".join(f"<category term={quoteattr(_plain(hit.label))}/>" for hit in card.themes)
            + f"<summary>{escape(_summary(card))}</summary></entry>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        f"<title>{escape(_plain(title))}</title><id>{escape(home)}</id><updated>{newest}</updated>"
        f'<link rel="self" href={quoteattr(address)}/><link href={quoteattr(home)}/>\n'
        f"{''.join(entries)}</feed>\n"
    ).encode()


def _json(address: str, title: str, home: str, cards: Iterable[Card], site_url: str) -> bytes:
    items = [
        {
            "id": f"{site_url}articles/{card.id}/",
            "url": f"{site_url}articles/{card.id}/",
            "title": _plain(card.title),
            "summary": _summary(card),
            "content_text": _summary(card),
            "date_published": _stamp(card),
            "authors": [{"name": card.source or card.organization or "佚名"}],
            "tags": [hit.label for hit in card.themes],
            "language": "zh-CN",
        }
        for card in cards
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _plain(title),
        "home_page_url": home,
        "feed_url": address,
        "language": "zh-CN",
        "items": items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
