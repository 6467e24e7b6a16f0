"""Article → Card: the little that the whole corpus needs to know of one article (layer 3, pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from build_tools.link import volume_of
from build_tools.models import Article, Card, Formulation
from build_tools.similarity import signature

EXCERPT = 120  # characters of a passage that a theme page quotes


def card_of(article: Article, formulations: Sequence[Formulation]) -> Card:
    """The article's card. `volume` is the year of `date`, else `undated`."""
    cited = {paragraph for hit in article.themes for paragraph, _, _ in hit.passages}
    return Card(
        id=article.id,
        title=article.display_title,
        date=article.date,
        published=article.published.value if article.published else None,
        held=article.held.value if article.held else None,
        volume=volume_of(article.date),
        organization=article.organization.value if article.organization else None,
        level=article.level.value,
        kind=article.kind.value,
        trust=article.trust.value,
        source=article.source.value if article.source else None,
        status=article.status,
        people=article.people,
        statements=article.statements,
        themes=article.themes,
        passages=tuple((item.id, item.text) for item in article.paragraphs if item.id in cited),
        signature=signature("".join(item.text for item in article.paragraphs)),
        formulations=_formulations(article, tuple(formulations)),
        documents=tuple(fact.value for fact in article.documents),
    )


@lru_cache(maxsize=4)
def _wordings(formulations: tuple[Formulation, ...]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    owner = {wording: item.id for item in formulations for wording in (item.label, *item.variants)}
    longest_first = sorted(owner, key=lambda wording: (-len(wording), wording))
    return (re.compile("|".join(map(re.escape, longest_first))) if longest_first else None), owner


def _formulations(
    article: Article, formulations: tuple[Formulation, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Each formulation's wordings in the article, with the first paragraph that has them."""
    pattern, owner = _wordings(formulations)
    if pattern is None:
        return ()
    found: dict[tuple[str, str], str] = {}
    for item in article.paragraphs:
        for match in pattern.finditer(item.text):
            found.setdefault((owner[match[0]], match[0]), item.id)
    return tuple((name, wording, paragraph) for (name, wording), paragraph in found.items())
