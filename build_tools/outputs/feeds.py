"""The site's Atom and JSON feeds, and Atom feeds of people, themes and organisations.

An entry is dated by the day when its article was added: the sidecar's `fetched`, else the day of the article itself
(no clock, no history of versions: a clean build gives the same bytes). Each correction of a curator moves
`updated` on by a minute, so that readers of the feed see the entry as changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from heapq import nsmallest
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from build_tools.core.article import Role
from build_tools.core.site import Card, Excerpts, Imprint
from build_tools.graph.link import Site, has_feed
from build_tools.pages import markdown

ENTRIES = 40
TAGS = 5  # the foremost themes of an entry
OF_ONE = 20  # entries of the feed of a person, a theme, an organisation
_NO_XML = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
SITE = "feeds/site"
EPOCH = "1970-01-01"  # the date of what has none: feeds demand one, and the clock is no fact of the text


class _Items(dict[str, tuple[str, str, str]]):
    """Article id → its stamp, its Atom entry and its JSON item, made when first asked for."""

    def __init__(self, site: Site, site_url: str) -> None:
        super().__init__()
        self.cards = {card.id: card for card in site.cards}
        self.excerpts = site.excerpts
        self.site_url = site_url

    def __missing__(self, article: str) -> tuple[str, str, str]:
        path = f"articles/{article}/"
        made = self[article] = _item(self.cards[article], self.excerpts(article), self.site_url, path)
        return made


class Feed(NamedTuple):
    """A feed to be made: its path without the ending, and the ids of the articles that it shows."""

    path: str  # feeds/site, feeds/people/sun-jinlong
    title: str
    home: str  # address of the page that it follows
    articles: tuple[str, ...]
    items: Mapping[str, tuple[str, str, str]]
    imprint: Imprint

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(path below the site, bytes): every reader of feeds reads Atom; the whole site's is there as JSON too."""
        yield f"{self.path}.atom", self.atom()
        if self.path == SITE:
            yield f"{self.path}.json", self.json()

    def atom(self) -> bytes:
        """Atom 1.0 (RFC 4287), file ending `.atom`."""
        newest = max((self.items[one][0] for one in self.articles), default=f"{EPOCH}T00:00:00Z")
        entries = "".join(self.items[one][1] for one in self.articles)
        site = self.imprint
        root = "" if site.url else f' xml:base="{"../" * self.path.count("/")}"'
        here = quoteattr(f"{site.url}{self.path}.atom")
        mail, uri = site.contact.removeprefix("mailto:"), site.contact
        reached = (
            f"<email>{escape(mail)}</email>" if mail != uri else f"<uri>{escape(uri)}</uri>" if uri else ""
        )
        author = f"<author><name>{escape(_plain(site.editor or site.name))}</name>{reached}</author>"
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"'
            f"{root}><title>{escape(_plain(self.title))}</title>"
            f"<id>{escape(_id(site.url, self.home or self.path))}</id>{author if site.editor or uri else ''}"
            f'<updated>{newest}</updated><link rel="self" href={here}/>'
            f"<link href={quoteattr(self.home or './')}/>\n{entries}</feed>\n"
        ).encode()

    def json(self) -> bytes:
        """JSON Feed 1.1, file ending `.json`."""
        site = self.imprint
        head = json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": _plain(self.title),
                **(
                    {"home_page_url": self.home, "feed_url": f"{site.url}{self.path}.json"}
                    if site.url
                    else {}
                ),
                **({"authors": [{"name": _plain(site.editor)}]} if site.editor else {}),
                "language": "zh-CN",
            },
            ensure_ascii=False,
        )
        items = ",\n".join(self.items[one][2] for one in self.articles)
        return f'{head[:-1]}, "items": [\n{items}\n]}}\n'.encode()


def plan(site: Site, imprint: Imprint) -> Iterator[Feed]:
    """Every feed, unmade. The site's address ends in a slash and may hold a path, or is '': links are relative then."""
    items = _Items(site, imprint.url)
    age = {card.id: (-date.fromisoformat(_added(card)).toordinal(), card.id) for card in site.cards}

    def newest(cards: Iterable[Card], most: int) -> tuple[str, ...]:
        return tuple(card.id for card in nsmallest(most, cards, key=lambda card: age[card.id]))

    def feed(path: str, name: str, cards: Iterable[Card]) -> Feed:
        shown = newest(cards, OF_ONE)
        title = f"{name} · {imprint.name}"
        return Feed(f"feeds/{path}", title, f"{imprint.url}{path}/", shown, items, imprint)

    yield Feed(SITE, imprint.name, imprint.url, newest(site.cards, ENTRIES), items, imprint)
    for person in site.people:
        if has_feed(person):
            yield feed(f"people/{person.slug}", person.name, (row.card for row in person.appearances))
    for theme in site.themes:
        if theme.hits:
            yield feed(f"themes/{theme.slug}", theme.label, (card for card, _ in theme.hits))
    for held in site.organizations:
        if held.cards:
            yield feed(f"organizations/{held.slug}", held.name, held.cards)


def feeds(site: Site, imprint: Imprint) -> Iterator[tuple[str, bytes]]:
    """(path below the site, bytes) of every feed."""
    for one in plan(site, imprint):
        yield from one.files()


def _id(site_url: str, path: str) -> str:
    """An id that stays: the address, or for a site without one a URN made of the path (RFC 9562, version 5)."""
    return path if site_url else uuid5(NAMESPACE_URL, path).urn


def _item(card: Card, excerpts: Excerpts, site_url: str, path: str) -> tuple[str, str, str]:
    address = f"{site_url}{path}"
    name = _id(site_url, address)
    added = datetime.fromisoformat(_added(card)) + timedelta(minutes=excerpts.corrections)
    stamp, summary = added.strftime("%Y-%m-%dT%H:%M:%SZ"), _summary(card)
    mark = "" if card.attests else f"（{markdown.labels('trust')[card.trust.value][0]}）"
    title, author = _plain(card.title + mark), _plain(card.source or card.organization or "佚名")
    tags = [_plain(hit.label) for hit in card.themes[:TAGS]]
    points = [_plain(point) for point, _ in excerpts.key_points]
    html = f"<ul>{''.join(f'<li>{escape(point)}</li>' for point in points)}</ul>" if points else ""
    came_out = f"{_day(card.published) or _added(card)}T00:00:00Z"
    entry = (
        f"<entry><title>{escape(title)}</title><id>{escape(name)}</id><link href={quoteattr(address)}/>"
        f"<updated>{stamp}</updated><published>{came_out}</published>"
        f"<author><name>{escape(author)}</name></author>"
        + "".join(f"<category term={quoteattr(tag)}/>" for tag in tags)
        + f"<summary>{escape(summary)}</summary>"
        + (f'<content type="html">{escape(html)}</content>' if html else "")
        + "</entry>\n"
    )
    item = {
        "id": name,
        **({"url": address} if site_url else {}),  # JSON Feed has no base for a relative one
        "title": title,
        "summary": summary,
        "content_html": html or f"<p>{escape(summary)}</p>",
        "date_published": came_out,
        "date_modified": stamp,
        "authors": [{"name": author}],
        "tags": tags,
        "language": "zh-CN",
    }
    return stamp, entry, json.dumps(item, ensure_ascii=False)


def _added(card: Card) -> str:
    """The day when the article was added: YYYY-MM-DD."""
    return _day(card.fetched or "") or _day(card.published) or _day(card.date) or EPOCH


def _day(edtf: str | None) -> str:
    """The day that a feed may name, the first of what is known; '' for none.

    >>> _day("2021-03"), _day("XXXX-02-23"), _day("2021-03-19T08:00:00Z"), _day("2021-02-30")
    ('2021-03-01', '', '2021-03-19', '')
    """
    known = markdown.iso((edtf or "")[:10]) or ""
    full = f"{known}-01-01" if len(known) == 4 else f"{known}-01" if len(known) == 7 else known
    try:
        return date.fromisoformat(full).isoformat()
    except ValueError:
        return ""


def _summary(card: Card) -> str:
    said = [markdown.date(card.filed) if card.attests else "不计日期", card.organization or ""]
    for role in (Role.PRESIDES, Role.SPEAKS, Role.REPORTS):
        names = [who.name for who in card.people if role in who.roles and not who.weak]
        if names:
            said.append(f"{'、'.join(names)}{markdown.label('roles', role.value)}")
    return _plain("，".join(filter(None, said)) + "。")


def _plain(text: str) -> str:
    """What XML 1.0 can hold, in one line."""
    return _NO_XML.sub(" ", text)
