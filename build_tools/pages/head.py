"""What an article's page says to machines: its front matter, from which the theme makes meta tags, and its JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping

from build_tools.core.article import Article, DateRange, value_of
from build_tools.core.site import UNATTESTED
from build_tools.core.text import cut
from build_tools.facts import place_names
from build_tools.graph.link import once_each
from build_tools.pages import cite, markdown


def front_matter(one: Article, pdf: bool) -> str:
    published, held = value_of(one.published), value_of(one.held)
    place, body = value_of(one.place), value_of(one.organization)
    source = cite.publisher(one) or None
    authors = tuple(cite.authors(one))
    points = "；".join(fact.value.rstrip("。；，") for fact in one.key_points)
    about = f"{points}。" if points else "".join(item.text for item in one.paragraphs[:1])
    description = cut(cite.caution(one) + about, 120) or one.display_title
    themes = tuple(hit.label for hit in one.themes)
    people = tuple(names[0] for names, _ in once_each(one.people))
    event = held and {
        "@type": "Event",
        "name": one.display_title,
        "startDate": markdown.iso(held.start),
        "endDate": markdown.iso(held.end),
        "location": _named("Place", place),
        "organizer": _named("Organization", body),
    }
    unattested = one.trust.value in UNATTESTED
    jsonld = {
        "@type": "CreativeWork" if unattested else "NewsArticle",
        "genre": markdown.labels("trust")[one.trust.value.value][0] if unattested else None,
        "headline": one.display_title,
        "alternativeHeadline": "\n".join(one.decks) or None,
        "inLanguage": "zh-CN",
        "datePublished": markdown.iso(published),
        "author": [_party(name) for name in authors] or _named("Organization", source),
        "publisher": _named("Organization", source),
        "editor": [_party(fact.value) for fact in one.editors] or None,
        "isBasedOn": one.url,
        "about": [_without_nones(event)] if event else None,
        "mentions": [{"@type": "Person", "name": name} for name in people] or None,
    }
    return markdown.front_matter(
        {
            "title": one.display_title,
            "description": description,
            "page": "article",
            "id": one.id,
            "published": published,
            "held": _interval(held),
            "place": place,
            "source": source,
            "source_url": one.url,
            "authors": authors,
            "editors": tuple(fact.value for fact in one.editors),
            "organization": body,
            "level": one.level.value.value,
            "kind": one.kind.value.value,
            "trust": one.trust.value.value,
            "caution": cite.caution(one) or None,
            "pdf": f"pdf/{one.id}.pdf" if pdf else None,
            "people": people,
            "themes": themes,
            "updated": markdown.iso(published)
            or markdown.iso(one.fetched)
            or markdown.iso(held.end if held else None),
        },
        _without_nones(jsonld),
        names=_names(one),
    )


def _names(one: Article) -> set[str]:
    """Persons, bodies, places and themes that the article names: its title is not broken in one."""
    known = {who.name for who in one.people} | {said.collective or "" for said in one.statements}
    known |= {value_of(one.organization) or "", value_of(one.place) or "", cite.publisher(one) or ""}
    told = "\n".join((one.display_title, *one.decks, *(item.text for item in one.paragraphs[:3])))
    known |= {hit.label for hit in one.themes}.union(*(place_names.named(unit, told) for unit in _UNITS))
    return {name for name in known if len(name) > 1}


_UNITS = ("省", "市", "县", "区", "州", "盟", "旗", "镇", "乡")


def _interval(held: DateRange | None) -> str | None:
    """EDTF: one date, or an interval `2024-01-23/2024-01-24`."""
    if held is None:
        return None
    return held.start if held.start == held.end else f"{held.start}/{held.end}"


def _without_nones(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value is not None}


def _party(name: str) -> dict[str, str]:
    return {"@type": "Organization" if cite.OFFICE.search(name) else "Person", "name": name}


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None
