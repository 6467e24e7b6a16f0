"""Articles that belong together and why: related ones, shared passages, and the copies among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

from build_tools.core.article import Role
from build_tools.core.site import Card, Link
from build_tools.graph.copies import near_duplicates

_WINDOW = 3  # neighbours in time on each side that one shared trait may bring


_KEEP = 6  # related articles an article brings


_ENOUGH = 1.6  # one shared document, or a person and a theme, or two strong themes


_EVERYWHERE = frozenset({"习近平"})


_LEADS = frozenset({Role.PRESIDES, Role.SPEAKS, Role.REPORTS})


def _traits(card: Card) -> dict[tuple[str, str], float]:
    """What may tie the card to others, with a weight that depends on the card alone."""
    out: dict[tuple[str, str], float] = {}
    for hit in card.themes[:6]:
        out["主题", hit.label] = 1.5 * hit.score
    for person in card.people:
        if not person.weak and person.name not in _EVERYWHERE:
            out["人物", person.person_id or person.name] = 0.8 if _LEADS.isdisjoint(person.roles) else 1.2
    for document in card.documents[:12]:
        out["文件", document] = 1.6
    if card.organization:
        out["机构", card.organization] = 0.9
    return out


def related(cards: Sequence[Card]) -> list[Link]:
    """What to read next: articles that share themes, people, documents or the organisation, and which.

    Each shared trait brings only the nearest articles in time, so the cost is linear
    and one new article changes the lists of few others.
    """
    ordered = sorted(cards, key=lambda card: (card.date, card.id))
    numbers: dict[tuple[str, str], int] = {}
    traits = [
        {numbers.setdefault(trait, len(numbers)): weight for trait, weight in _traits(card).items()}
        for card in ordered
    ]
    names = {person.person_id or person.name: person.name for card in ordered for person in card.people}
    told = [(kind, names.get(value, value) if kind == "人物" else value) for kind, value in numbers]
    recent: list[tuple[tuple[int, float], ...]] = [()] * len(numbers)
    nearby: list[dict[int, float]] = [{} for _ in ordered]
    for at, mine in enumerate(traits):
        here = nearby[at]
        for trait, weight in mine.items():
            before = recent[trait]
            for other, theirs in before:
                here[other] = here.get(other, 0.0) + (weight if weight < theirs else theirs)
            recent[trait] = (*before[-_WINDOW + 1 :], (at, weight))
        for other, lesser in here.items():
            nearby[other][at] = lesser
    scores: dict[tuple[int, int], float] = {}
    shared: dict[tuple[int, int], dict[int, float]] = {}
    for at, found in enumerate(nearby):
        # Partial sums find the best; only those are weighed in full.
        scored = []
        for _, other in sorted([(-lesser, other) for other, lesser in found.items()])[: _KEEP + 2]:
            pair = (at, other) if at < other else (other, at)
            if pair not in shared:
                shared[pair] = _common(traits[pair[0]], traits[pair[1]])
            score = fsum(shared[pair].values())
            if score >= _ENOUGH:
                scored.append((-score, abs(other - at), pair))
        for minus, _, pair in sorted(scored)[:_KEEP]:
            scores[pair] = -minus
    out = []
    for (at, other), score in scores.items():
        source, target = sorted((ordered[at].id, ordered[other].id))
        reason = _reason(shared[at, other], told)
        out.append(Link("related", source, target, round(score / (score + 3.0), 3), reason))
    return sorted(out, key=lambda link: (link.source, link.target))


def _common(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    """The traits of both with the lesser weight."""
    if len(other) < len(one):
        one, other = other, one
    return {
        trait: mine if mine < theirs else theirs
        for trait, mine in one.items()
        if (theirs := other.get(trait)) is not None
    }


def _reason(common: dict[int, float], told: Sequence[tuple[str, str]]) -> str:
    """`主题：碳达峰碳中和；人物：孙金龙`, the weightiest three."""
    kinds: dict[str, list[str]] = {}
    for _, (kind, value) in sorted([(-weight, told[trait]) for trait, weight in common.items()])[:3]:
        kinds.setdefault(kind, []).append(value)
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


def links(cards: Sequence[Card]) -> list[Link]:
    """All links between the articles that readers get: copies, related articles, shared passages."""
    shown = [card for card in cards if card.shown]
    same = near_duplicates(shown)
    copies = {frozenset((link.source, link.target)) for link in same}
    near = [link for link in related(shown) if frozenset((link.source, link.target)) not in copies]
    return [*same, *near, *shared_passages(shown, ((link.source, link.target) for link in same))]
