"""Articles that belong together and why: related ones, shared passages, and the copies among them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from build_tools.core.article import Role
from build_tools.core.site import Card, Link
from build_tools.graph.copies import near_duplicates

_WINDOW = 3  # neighbours in time on each side that one shared trait may bring
_KEEP = 6  # related articles an article brings
_ENOUGH = 1.6  # one shared document, or a person and a theme, or two strong themes
_EVERYWHERE = frozenset({"习近平"})
_LEADS = frozenset({Role.PRESIDES, Role.SPEAKS, Role.REPORTS})

# What may tie a card to others (`主题\n碳达峰碳中和`), with a weight of the card alone.
Traits = dict[str, float]


def _traits(card: Card) -> Traits:
    out: Traits = {}
    for hit in card.themes[:6]:
        out[f"主题\n{hit.label}"] = 1.5 * hit.score
    for person in card.people:
        if not person.weak and person.name not in _EVERYWHERE:
            weight = 0.8 if _LEADS.isdisjoint(person.roles) else 1.2
            out[f"人物\n{person.person_id or person.name}"] = weight
    for document in card.documents[:12]:
        out[f"文件\n{document}"] = 1.6
    if card.organization:
        out[f"机构\n{card.organization}"] = 0.9
    return out


class Near(NamedTuple):
    """What one card brings: its key, its place in time, its traits, the related ones (id, score, reason)."""

    key: str
    when: tuple[str, str]
    traits: Traits
    picks: tuple[tuple[str, float, str], ...]


class Neighbourhood(NamedTuple):
    """All cards' `Near`, by id, and what the registry's people are called."""

    names: dict[str, str]
    near: dict[str, Near]


EMPTY = Neighbourhood({}, {})


def _all_traits(cards: Sequence[Card], known: Sequence[Near | None]) -> Iterator[Traits]:
    """The traits of each card, as known where they are; one string for all that have a trait."""
    shared: dict[str, str] = {}
    for card, near in zip(cards, known, strict=True):
        yield (
            near.traits
            if near
            else {shared.setdefault(one, one): weight for one, weight in _traits(card).items()}
        )


def neighbourhood(
    cards: Sequence[Card], keys: Mapping[str, str], before: Neighbourhood = EMPTY
) -> Neighbourhood:
    """What to read next: articles that share themes, people, documents or the organisation, and which.

    Each shared trait brings only the nearest articles in time. So the cost is linear, one new article changes the
    lists of few others, and what is known of a former state of the corpus (`before`) holds for all that had none
    of the changed ones that near. `keys`: of the cards' content, by id.
    """
    ordered = sorted(cards, key=lambda card: (card.date, card.id))
    whens = [(card.date, card.id) for card in ordered]
    names = {one.person_id: one.name for card in ordered for one in card.people if one.person_id is not None}
    known = before.near if names == before.names else {}
    old = [known.get(card.id) for card in ordered]
    same = [one is not None and one.key == keys[card.id] for one, card in zip(old, ordered, strict=True)]
    traits = [*_all_traits(ordered, [one if kept else None for one, kept in zip(old, same, strict=True)])]
    holders: dict[str, list[int]] = {}
    for at, mine in enumerate(traits):
        for trait in mine:
            holders.setdefault(trait, []).append(at)

    def around(at: int) -> set[int]:
        found: set[int] = set()
        for trait in traits[at]:
            those = holders[trait]
            place = bisect_left(those, at)
            found.update(those[max(0, place - _WINDOW) : place + _WINDOW + 1])
        return found

    stale = {other for at, kept in enumerate(same) if not kept for other in (at, *around(at))}
    now = {card.id for card, kept in zip(ordered, same, strict=True) if kept}
    for gone in (one for article, one in known.items() if article not in now):
        for trait in gone.traits:
            those = holders.get(trait, [])
            place = bisect_left(those, gone.when, key=whens.__getitem__)
            stale.update(those[max(0, place - _WINDOW) : place + _WINDOW])
    scores: dict[tuple[int, int], float] = {}

    def score(at: int, other: int) -> float:
        pair = (at, other) if at < other else (other, at)
        if pair not in scores:
            scores[pair] = fsum(_common(traits[at], traits[other]).values())
        return scores[pair]

    near = {}
    for at, card in enumerate(ordered):
        kept = old[at]
        if kept is None or at in stale:
            best = sorted((-score(at, other), -other) for other in around(at) - {at})[:_KEEP]
            picks = tuple(
                (
                    whens[-other][1],
                    round(-minus / (3.0 - minus), 3),
                    _reason(_common(traits[at], traits[-other]), names),
                )
                for minus, other in best
                if -minus >= _ENOUGH
            )
            kept = Near(keys[card.id], whens[at], traits[at], picks)
        near[card.id] = kept
    return Neighbourhood(names, near)


def related(found: Neighbourhood) -> list[Link]:
    """A link for each two of which one picked the other."""
    pairs = {
        (min(article, other), max(article, other)): (score, reason)
        for article, one in found.near.items()
        for other, score, reason in one.picks
    }
    return [Link("related", *pair, *told) for pair, told in sorted(pairs.items())]


def _common(one: Traits, other: Traits) -> Traits:
    """The traits of both with the lesser weight."""
    if len(other) < len(one):
        one, other = other, one
    return {
        trait: mine if mine < theirs else theirs
        for trait, mine in one.items()
        if (theirs := other.get(trait)) is not None
    }


def _reason(common: Traits, names: Mapping[str, str]) -> str:
    """`主题：碳达峰碳中和；人物：孙金龙`, the weightiest three."""
    kinds: dict[str, list[str]] = {}
    for _, trait in sorted([(-weight, trait) for trait, weight in common.items()])[:3]:
        kind, _, value = trait.partition("\n")
        kinds.setdefault(kind, []).append(names.get(value, value) if kind == "人物" else value)
    return "；".join(f"{kind}：{'、'.join(values)}" for kind, values in kinds.items())


_PASSAGE_HOLDERS = 8  # a sentence in more articles than that is a formula


def shared_passages(cards: Sequence[Card], skip: Iterable[tuple[str, str]] = ()) -> list[Link]:
    """Long sentences that stand word for word in two articles which are not copies of each other.

    Each later article is tied to the earliest one with the sentence.
    """
    passed = set(skip)
    holders: dict[str, list[tuple[Card, str]]] = {}
    for card in sorted(cards, key=lambda card: (card.date or "9999", card.id)):
        for sentence, where in card.sentences:
            holders.setdefault(sentence, []).append((card, where))
    out: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for sentence, found in holders.items():
        if 1 < len(found) <= _PASSAGE_HOLDERS:
            first, there = found[0]
            for card, here in found[1:]:
                pair = (card.id, first.id)
                if pair not in passed and pair[::-1] not in passed:
                    out.setdefault(pair, []).append((sentence, here, there))
    return [_shared(pair, tuple(out[pair])) for pair in sorted(out)]


def _shared(pair: tuple[str, str], passages: tuple[tuple[str, str, str], ...]) -> Link:
    longest = max((sentence for sentence, *_ in passages), key=len)
    score = round(min(1.0, len(longest) / 120), 3)
    return Link("shared_passage", *pair, score, f"同句：{longest[:40]}…", passages)


def links(
    cards: Sequence[Card], keys: Mapping[str, str], before: Neighbourhood = EMPTY
) -> tuple[list[Link], Neighbourhood]:
    """All links between the articles that readers get (copies, related articles, shared passages), and what the next
    call may start from."""
    shown = [card for card in cards if card.shown]
    same = near_duplicates(shown)
    copies = {frozenset((link.source, link.target)) for link in same}
    found = neighbourhood(shown, keys, before)
    near = [link for link in related(found) if frozenset((link.source, link.target)) not in copies]
    return [*same, *near, *shared_passages(shown, ((link.source, link.target) for link in same))], found
