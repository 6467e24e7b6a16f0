"""Article → Card: the little that the whole corpus needs to know of one article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from build_tools.core.article import Article, Role
from build_tools.core.registry import Formulation
from build_tools.core.site import Card, Excerpts, volume_of
from build_tools.core.text import cut
from build_tools.core.workers import asked_again
from build_tools.graph.copies import signature

EXCERPT = 110  # characters that another page quotes of a paragraph or a statement
STATEMENTS_SHOWN = 4  # of one person in one article; the article has them all
PASSAGES_SHOWN = 3
PASSAGE = 36  # characters of a sentence that is not shared by chance


def card_of(article: Article, formulations: Sequence[Formulation]) -> Card:
    """The article's card. `volume` is the year of `date`, else `undated`."""
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
        people=tuple(replace(person, evidence=()) for person in article.people),
        themes=tuple(replace(hit, passages=()) for hit in article.themes),
        sentences=_sentences(article),
        signature=signature("".join(item.text for item in article.paragraphs)),
        formulations=_formulations(article, tuple(formulations)),
        documents=tuple(fact.value for fact in article.documents),
        idle=article.idle,
        status_reason=article.status_reason,
        fetched=article.fetched,
    )


def _sentences(article: Article) -> tuple[str, ...]:
    cited = {paragraph for hit in article.themes for paragraph, _, _ in hit.passages}
    texts = (item.text for item in article.paragraphs if item.id in cited)
    found = (sentence for text in texts for sentence in text.split("。") if len(sentence) >= PASSAGE)
    return tuple(dict.fromkeys(found))


def excerpts_of(article: Article) -> Excerpts:
    """What other pages quote of the article."""
    texts = {item.id: item.text for item in article.paragraphs}
    spoken: dict[str, list[tuple[str, str, str]]] = {}
    for said in article.statements:
        if said.person is not None:
            spoken.setdefault(said.person, []).append((said.verb, said.paragraph, said.text))
    passages: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {}
    for hit in article.themes:
        first: dict[str, int] = {}
        for where, start, _ in hit.passages:
            if where in texts:
                first.setdefault(where, start)
        shown = islice(first.items(), PASSAGES_SHOWN)
        passages[hit.label] = (
            len(first),
            tuple((where, _around(texts[where], start)) for where, start in shown),
        )
    return Excerpts(
        {
            name: (
                len(all_of),
                tuple((verb, where, cut(text, EXCERPT)) for verb, where, text in all_of[:STATEMENTS_SHOWN]),
            )
            for name, all_of in spoken.items()
        },
        passages,
        _acting(article),
    )


def _acting(article: Article) -> dict[str, tuple[str, int]]:
    """Where each participant's foremost role is read, if in a paragraph; else where the name is."""
    number = {item.id: at for at, item in enumerate(article.paragraphs, 1)}
    found = {}
    for who in article.people:
        first = next((role for role in Role if role in who.roles), None)
        of_role = [one.where for one in who.evidence if one.rule.endswith(f".role.{first}")]
        places = (where for where in (*of_role, *(one.where for one in who.evidence)) if where in number)
        if (where := next(places, None)) is not None:
            found[who.name] = (where, number[where])
    return found


def _around(text: str, start: int) -> str:
    """The words around a theme's first mention in a paragraph, from the start of its sentence."""
    stop = max(text.rfind(mark, 0, start) for mark in "。！？；") + 1
    if start - stop > EXCERPT - 20:
        stop = start - 20
    return ("…" if stop else "") + cut(text[stop:], EXCERPT)


@asked_again
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
