"""Articles → Site: who, what and where stands in which article.

`link` reads the cards of all articles at every build, so it makes only dictionary passes: 10,000
cards in less than a second. What one article's page shows from outside itself is its
`ArticleContext` and nothing else, so that one more article changes few pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from build_tools.core.article import Kind, Participant, Role, ThemeHit, Trust
from build_tools.core.registry import Formulation, Organization, Person, Registries, Theme
from build_tools.core.site import Card, Excerpts, Link, volume_of
from build_tools.graph.addresses import addresses, person_slug, text_slug
from build_tools.graph.serial import SeriesEntry, serial

RELATED_SHOWN = 8
SHARED_SHOWN = 40  # sentences of an article that are marked as shared with another
CROWD = 200  # people; the longest list of a readout of the field has 60
FEED_FROM = 3  # articles; 20,000 names that are seen once would make 40,000 files


class Appearance(NamedTuple):
    """A person in one article."""

    card: Card
    names: tuple[str, ...]  # as the article has it: more than one where it knows him under two
    roles: tuple[Role, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True)
class PersonEntry:
    """A person with a page. `person` is None for a name that no curator has reviewed."""

    slug: str
    name: str
    person: Person | None
    appearances: tuple[Appearance, ...]  # newest first


@dataclass(frozen=True)
class ThemeEntry:
    slug: str
    label: str
    theme: Theme | None
    hits: tuple[tuple[Card, ThemeHit], ...]  # newest first
    broader: tuple[str, ...] = ()  # labels
    narrower: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganizationEntry:
    slug: str
    name: str
    organization: Organization | None
    cards: tuple[Card, ...]  # newest first
    parent: str | None = None  # name
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormulationEntry:
    formulation: Formulation
    hits: tuple[tuple[Card, str, str], ...]  # each occurrence, oldest first: card, variant, block id

    @property
    def attested(self) -> tuple[tuple[Card, str, str], ...]:
        """The hits that count: the wording in a model text or a damaged one is evidence of nothing."""
        return tuple(hit for hit in self.hits if hit[0].attests)

    @property
    def dated(self) -> tuple[tuple[Card, str, str], ...]:
        """The hits that tell when the wording was in use."""
        return tuple(hit for hit in self.hits if hit[0].filed)


class Neighbour(NamedTuple):
    """Another article that an article's page names."""

    id: str
    title: str
    date: str
    reason: str = ""
    trust: Trust = Trust.ORIGINAL


class Shared(NamedTuple):
    """A sentence of a paragraph, and the other article and its paragraph that have it word for word."""

    where: str
    sentence: str
    other: Neighbour
    there: str


class ArticleContext(NamedTuple):
    """All that an article's page shows from outside the article."""

    people: tuple[tuple[str, str], ...] = ()  # name, slug: those participants who have a page
    themes: tuple[tuple[str, str], ...] = ()  # label, slug
    organization: str | None = None  # slug
    related: tuple[Neighbour, ...] = ()  # best first
    variants: tuple[Neighbour, ...] = ()  # the same text elsewhere
    earlier: Neighbour | None = None  # the meeting before of the same organisation
    later: Neighbour | None = None
    series: str | None = None  # slug of the comparison with other meetings of its name
    formulations: tuple[tuple[str, str, str], ...] = ()  # the first place of each: id, wording, block id
    shared: tuple[Shared, ...] = ()  # sentences that another article has too


@dataclass(frozen=True)
class Site:
    """The whole site as its pages need it. Everything is sorted, so equal corpora give equal sites."""

    cards: tuple[Card, ...]  # with a page, newest first
    withdrawn: tuple[Card, ...]
    people: tuple[PersonEntry, ...]
    organizations: tuple[OrganizationEntry, ...]
    themes: tuple[ThemeEntry, ...]
    formulations: tuple[FormulationEntry, ...]
    series: tuple[SeriesEntry, ...]
    volumes: tuple[tuple[str, tuple[Card, ...]], ...]  # newest first, `undated` last
    person_slugs: dict[str, str] = field(repr=False)  # by person_key
    theme_slugs: dict[str, str] = field(repr=False)  # by label
    organization_slugs: dict[str, str] = field(repr=False)  # by name, other names too
    _context: dict[str, ArticleContext] = field(repr=False)
    excerpts: Callable[[str], Excerpts] = field(repr=False, compare=False)  # by article id

    def context(self, article_id: str) -> ArticleContext:
        """What the article's page shows from outside itself; an empty one for an article without a page."""
        return self._context.get(article_id, ArticleContext())

    @cached_property
    def attending(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Article id → (slug, name) of those who took part, each once, the mentioned and those without a page
        left out; nobody where more than CROWD did: each would be shown with each."""
        names = {entry.slug: entry.name for entry in self.people}
        took_part: dict[str, tuple[tuple[str, str], ...]] = {}
        for card in self.cards:
            slugs = dict.fromkeys(
                self.person_slugs[person_key(who.name, who.person_id)]
                for who in card.people
                if not who.weak and not set(who.roles) <= {Role.MENTIONED}
            )
            took_part[card.id] = tuple((slug, names[slug]) for slug in slugs) if len(slugs) <= CROWD else ()
        return took_part

    @cached_property
    def posts(self) -> dict[str, list[tuple[str, str, str, str, str]]]:
        """Organisation as the registry of people names it → (start, end, slug, office, name) of those who held a
        post there."""
        out: dict[str, list[tuple[str, str, str, str, str]]] = {}
        for entry in self.people:
            for post in entry.person.posts if entry.person else ():
                if post.organization:
                    row = (post.start or "", post.end or "", entry.slug, post.office, entry.name)
                    out.setdefault(post.organization, []).append(row)
        return out

    @cached_property
    def spoke(self) -> dict[str, tuple[tuple[str, str, str, int], ...]]:
        """Article id → (slug, name, theme, paragraphs) of those whose own words it has; nothing of what attests
        nothing."""
        names = {entry.slug: entry.name for entry in self.people}
        out: dict[str, tuple[tuple[str, str, str, int], ...]] = {}
        for card in self.cards:
            ids = {who.name: who.person_id for who in card.people if not who.weak}
            said = card.spoke if card.attests else ()
            slugs = {name: self.person_slugs[person_key(name, ids[name])] for name, *_ in said if name in ids}
            out[card.id] = tuple(
                (slugs[name], names[slugs[name]], theme, count)
                for name, theme, count in said
                if name in slugs
            )
        return out

    @property
    def titles(self) -> dict[str, str]:
        return {card.id: card.title for card in self.cards}


def person_key(name: str, person_id: str | None) -> str:
    """Identity of a person: the registry's id, else the name itself."""
    return f"#{person_id}" if person_id is not None else name


def once_each(people: Iterable[Participant]) -> list[tuple[tuple[str, ...], Participant]]:
    """An article's participants, weak mentions left out, with their names: one person of two names is one."""
    found: dict[str, tuple[tuple[str, ...], Participant]] = {}
    for who in people:
        if who.weak:
            continue
        key = person_key(who.name, who.person_id)
        if key not in found:
            found[key] = ((who.name,), who)
            continue
        names, first = found[key]
        roles = {*first.roles, *who.roles}
        if len(roles) > 1:  # mentioned only when nothing else
            roles.discard(Role.MENTIONED)
        merged = replace(
            first,
            roles=tuple(role for role in Role if role in roles),
            offices=tuple(dict.fromkeys((*first.offices, *who.offices))),
            evidence=(*first.evidence, *who.evidence),
        )
        found[key] = ((*names, who.name), merged)
    return list(found.values())


def has_feed(entry: PersonEntry) -> bool:
    """Whether a person gets feeds: reviewed and seen, or seen often enough to be worth following."""
    return len(entry.appearances) >= (FEED_FROM if entry.person is None else 1)


def newest_first(cards: Iterable[Card]) -> list[Card]:
    """By date, newest first, ties by id; last those whose year is unknown and those that attest none."""
    by_id = sorted(cards, key=lambda card: card.id)
    return sorted(by_id, key=lambda card: card.filed if card.filed[:1].isdigit() else "", reverse=True)


def link(
    cards: Sequence[Card],
    registries: Registries,
    links: Sequence[Link] = (),
    excerpts: Callable[[str], Excerpts] = lambda article: Excerpts(),
) -> Site:
    """The site of these cards. The order of `cards` and `links` changes nothing.

    `excerpts` gives what pages of people and themes quote of an article: kept apart from its card, which
    all builds load, for it is four times as large (`digest bench`, stage link).
    """
    shown = newest_first(card for card in cards if card.shown)
    people, person_slugs = _people(shown, registries.people)
    themes, theme_slugs = _themes(shown, registries.themes)
    organizations, organization_slugs = _organizations(shown, registries.organizations)
    series = serial(shown)
    return Site(
        cards=tuple(shown),
        withdrawn=tuple(newest_first(card for card in cards if card.status == "withdrawn")),
        people=people,
        organizations=organizations,
        themes=themes,
        formulations=_formulations(shown, registries.formulations),
        series=series,
        volumes=_volumes(shown),
        person_slugs=person_slugs,
        theme_slugs=theme_slugs,
        organization_slugs=organization_slugs,
        _context=_contexts(shown, links, series, person_slugs, theme_slugs, organization_slugs),
        excerpts=excerpts,
    )


def _people(
    cards: Sequence[Card], registry: Sequence[Person]
) -> tuple[tuple[PersonEntry, ...], dict[str, str]]:
    known = {f"#{person.id}": person for person in registry}
    names = {key: person.name for key, person in known.items()}
    found: dict[str, list[Appearance]] = {key: [] for key in known}
    for card in cards:
        for called, who in once_each(card.people):
            key = person_key(who.name, who.person_id)
            names.setdefault(key, who.name)
            found.setdefault(key, []).append(Appearance(card, called, who.roles, who.offices))
    ids = {key: person.id for key, person in known.items()}
    slugs = addresses(found, ids, lambda key: person_slug(names[key]))
    entries = [
        PersonEntry(slugs[key], names[key], known.get(key), tuple(rows)) for key, rows in found.items()
    ]
    return tuple(sorted(entries, key=lambda e: e.slug)), slugs


def _themes(
    cards: Sequence[Card], registry: Sequence[Theme]
) -> tuple[tuple[ThemeEntry, ...], dict[str, str]]:
    known = {theme.pref_label: theme for theme in registry}
    label_of = {name: theme.pref_label for theme in registry for name in (theme.id, theme.pref_label)}
    found: dict[str, list[tuple[Card, ThemeHit]]] = {label: [] for label in known}
    for card in cards:
        for hit in card.themes:
            found.setdefault(hit.label, []).append((card, hit))
    narrower: dict[str, list[str]] = {}
    for theme in registry:
        for name in theme.broader:
            narrower.setdefault(label_of.get(name, name), []).append(theme.pref_label)
    slugs = addresses(found, {label: theme.id for label, theme in known.items()}, text_slug)
    entries = []
    for label, hits in found.items():
        theme_or_none = known.get(label)
        above = theme_or_none.broader if theme_or_none else ()
        beside = theme_or_none.related if theme_or_none else ()
        over = [label_of[name] for name in above if name in label_of]
        aside = [label_of[name] for name in beside if name in label_of]  # SKOS: related is never broader too
        entries.append(
            ThemeEntry(
                slugs[label],
                label,
                theme_or_none,
                tuple(hits),
                tuple(over),
                tuple(narrower.get(label, ())),
                tuple(name for name in aside if name not in over and name not in narrower.get(label, ())),
            )
        )
    order = {theme.pref_label: at for at, theme in enumerate(registry)}  # a curator's order is meant
    entries.sort(key=lambda e: (order.get(e.label, len(order)), e.slug))
    return tuple(entries), slugs


def _organizations(
    cards: Sequence[Card], registry: Sequence[Organization]
) -> tuple[tuple[OrganizationEntry, ...], dict[str, str]]:
    known = {item.name: item for item in registry}
    name_of = {alias: item.name for item in registry for alias in (item.id, *item.other_names)}
    name_of.update({item.name: item.name for item in registry})
    found: dict[str, list[Card]] = {name: [] for name in known}
    for card in cards:
        if card.organization:
            found.setdefault(name_of.get(card.organization, card.organization), []).append(card)
    children: dict[str, list[str]] = {}
    for item in registry:
        if item.parent:
            children.setdefault(name_of.get(item.parent, item.parent), []).append(item.name)
    slugs = addresses(found, {name: item.id for name, item in known.items()}, text_slug)
    entries = []
    for name, held in found.items():
        registered = known.get(name)
        parent = name_of.get(registered.parent) if registered is not None and registered.parent else None
        entries.append(
            OrganizationEntry(
                slugs[name], name, registered, tuple(held), parent, tuple(sorted(children.get(name, ())))
            )
        )
    slugs.update({alias: slugs[name] for alias, name in name_of.items()})
    return tuple(sorted(entries, key=lambda e: e.slug)), slugs


def _formulations(cards: Sequence[Card], registry: Sequence[Formulation]) -> tuple[FormulationEntry, ...]:
    found: dict[str, list[tuple[Card, str, str]]] = {item.id: [] for item in registry}
    for card in reversed(cards):
        for name, variant, paragraph in card.formulations:
            if name in found:
                found[name].append((card, variant, paragraph))
    return tuple(FormulationEntry(item, tuple(found[item.id])) for item in registry)


def _volumes(cards: Sequence[Card]) -> tuple[tuple[str, tuple[Card, ...]], ...]:
    volumes: dict[str, list[Card]] = {}
    for card in cards:
        volumes.setdefault(volume_of(card.filed), []).append(card)
    years = sorted((name for name in volumes if name[:1].isdigit()), reverse=True)
    others = sorted(name for name in volumes if not name[:1].isdigit())
    return tuple((name, tuple(volumes[name])) for name in (*years, *others))


def _contexts(
    cards: Sequence[Card],
    links: Sequence[Link],
    series: Sequence[SeriesEntry],
    person_slugs: dict[str, str],
    theme_slugs: dict[str, str],
    organization_slugs: dict[str, str],
) -> dict[str, ArticleContext]:
    by_id = {card.id: card for card in cards}
    near: dict[str, dict[str, Link]] = {}
    same: dict[str, dict[str, Link]] = {}
    for one in links:
        if one.source not in by_id or one.target not in by_id or one.source == one.target:
            continue
        where = same if one.kind == "near_duplicate" else near
        for here, there in ((one.source, one.target), (one.target, one.source)):
            kept = where.setdefault(here, {}).get(there)
            if kept is None or (one.score, one.kind, one.reason) > (kept.score, kept.kind, kept.reason):
                where[here][there] = one
    shared: dict[str, list[Shared]] = {}
    for one in links:
        if one.passages and one.source in by_id and one.target in by_id:
            source, target = _neighbour(by_id[one.source]), _neighbour(by_id[one.target])
            for sentence, here, there in one.passages:
                shared.setdefault(one.source, []).append(Shared(here, sentence, target, there))
                shared.setdefault(one.target, []).append(Shared(there, sentence, source, here))
    before, after = _series(cards, _bases(links, by_id))
    compared = {card.id: entry.slug for entry in series for card in entry.cards}

    def neighbours(found: dict[str, Link], limit: int | None = None) -> tuple[Neighbour, ...]:
        best = sorted(found.items(), key=lambda item: (-item[1].score, item[0]))[:limit]
        return tuple(_neighbour(by_id[other], one.reason) for other, one in best)

    out = {}
    for card in cards:
        here = card.id
        variants = same.get(here, {})
        related = {other: one for other, one in near.get(here, {}).items() if other not in variants}
        out[here] = ArticleContext(
            people=tuple(
                (who.name, person_slugs[person_key(who.name, who.person_id)])
                for who in card.people
                if not who.weak
            ),
            themes=tuple((hit.label, theme_slugs[hit.label]) for hit in card.themes),
            organization=organization_slugs.get(card.organization) if card.organization else None,
            related=neighbours(related, RELATED_SHOWN),
            variants=neighbours(variants),
            earlier=before.get(here),
            later=after.get(here),
            series=compared.get(here),
            formulations=tuple(
                {one[0]: one for one in reversed(card.formulations) if one[2].startswith("p-")}.values()
            ),
            shared=tuple(sorted(shared.get(here, ()), key=lambda one: (one.sentence, one.other.id)))[
                :SHARED_SHOWN
            ],
        )
    return out


def _neighbour(card: Card, reason: str = "") -> Neighbour:
    return Neighbour(card.id, card.title, card.date, reason, card.trust)


def _bases(links: Sequence[Link], by_id: Mapping[str, Card]) -> dict[str, str]:
    """Copy → base text of its cluster: what near-duplicates lead to and never start from."""
    same = [one for one in links if one.kind == "near_duplicate" and {one.source, one.target} <= by_id.keys()]
    copies = {one.source for one in same}
    return {one.source: one.target for one in same if one.target not in copies}


def _series(
    cards: Sequence[Card], bases: Mapping[str, str]
) -> tuple[dict[str, Neighbour], dict[str, Neighbour]]:
    """The meeting before and after of the same organisation: one more meeting touches two pages.

    Of the copies of one text only one stands there, for they tell of one meeting: the base, if it may.
    """
    before: dict[str, Neighbour] = {}
    after: dict[str, Neighbour] = {}
    last: dict[str, Card] = {}
    may = [card for card in cards if card.organization and card.filed and card.kind is Kind.MEETING]
    stands: dict[str, str] = {}
    for card in may:
        base = bases.get(card.id, card.id)
        if base == card.id or base not in stands:
            stands[base] = card.id
    for card in may:  # newest first
        if card.organization is None or stands[bases.get(card.id, card.id)] != card.id:
            continue
        newer = last.get(card.organization)
        if newer is not None:
            after[card.id] = _neighbour(newer)
            before[newer.id] = _neighbour(card)
        last[card.organization] = card
    return before, after
