"""Article → Card: the little that the whole corpus needs to know of one article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from build_tools.core.article import Article, Fact, Role, Statement
from build_tools.core.registry import Formulation
from build_tools.core.site import UNATTESTED, Card, Excerpts, Occurrence, Promise, Said, volume_of
from build_tools.core.text import Words, cut
from build_tools.graph.copies import signature

EXCERPT = 110  # characters that another page quotes of a paragraph or a statement
PROMISE = 160  # characters of a number or a deadline that the ledger shows
AROUND = 24  # characters that are shown on each side of a formulation
PASSAGES_SHOWN = 2
PASSAGE = 36  # characters of a sentence that is not shared by chance


def card_of(article: Article, formulations: Sequence[Formulation]) -> Card:
    """The article's card. `volume` is the year of `date`; `undated` without one and for what attests no date."""
    return Card(
        id=article.id,
        title=article.display_title,
        date=article.date,
        published=article.published.value if article.published else None,
        held=article.held.value if article.held else None,
        volume=volume_of("" if article.trust.value in UNATTESTED else article.date),
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
        formulations=tuple(
            (name, hit.variant, hit.where) for name, hit in occurrences(article, formulations)
        ),
        spoke=_spoke(article),
        documents=tuple(fact.value for fact in article.documents),
        idle=article.idle,
        status_reason=article.status_reason,
        fetched=article.fetched,
        promises=len(article.commitments),
        promised=tuple(
            sorted(Counter(theme for one in promises_of(article) for theme in one.themes).items())
        ),
    )


def _sentences(article: Article) -> tuple[tuple[str, str], ...]:
    cited = {paragraph for hit in article.themes for paragraph, _, _ in hit.passages}
    found: dict[str, str] = {}
    for item in article.paragraphs:
        for sentence in item.text.split("。") if item.id in cited else ():
            if len(sentence) >= PASSAGE:
                found.setdefault(sentence, item.id)
    return tuple(found.items())


def excerpts_of(article: Article, formulations: Sequence[Formulation] = ()) -> Excerpts:
    """What other pages quote of the article."""
    texts = {item.id: item.text for item in article.paragraphs}
    spoken: dict[str, list[Said]] = {}
    number = {item.id: at for at, item in enumerate(article.paragraphs, 1)}
    for said, themes in _themed(article):
        if said.person is not None:
            where = said.paragraph
            spoken.setdefault(said.person, []).append(
                Said(said.verb, where, number.get(where, 0), said.text, themes)
            )
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
    found: dict[str, list[Occurrence]] = {}
    for name, occurrence in occurrences(article, formulations):
        found.setdefault(name, []).append(occurrence)
    return Excerpts(
        {name: tuple(all_of) for name, all_of in spoken.items()},
        passages,
        _acting(article),
        {name: tuple(all_of) for name, all_of in found.items()},
        tuple((fact.value, _anchor(fact, number)) for fact in article.key_points),
        len(article.corrections),
        tuple(promises_of(article)),
    )


def promises_of(article: Article) -> Iterator[Promise]:
    """The numbers and deadlines of an article, with the themes that their paragraphs speak of."""
    number = {item.id: at for at, item in enumerate(article.paragraphs, 1)}
    themes: dict[str, dict[str, None]] = {}
    for hit in article.themes:
        for where, _, _ in hit.passages:
            themes.setdefault(where, {})[hit.label] = None
    for one in article.commitments:
        yield Promise(
            cut(one.text, PROMISE),
            one.quantity,
            one.deadline,
            one.paragraph,
            number.get(one.paragraph, 0),
            tuple(themes.get(one.paragraph, ())),
        )


def _anchor(fact: Fact[str], number: Mapping[str, int]) -> str:
    """The anchor of the article's page where a fact is read: a paragraph or a heading, else the title."""
    where = fact.evidence.where
    return where if where in number or where.startswith("h-") else "title"


def _themed(article: Article) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Each statement with the themes whose passages begin within its words."""
    texts = {item.id: item.text for item in article.paragraphs}
    passages: dict[str, list[tuple[int, str]]] = {}
    for hit in article.themes:
        for where, start, _ in hit.passages:
            passages.setdefault(where, []).append((start, hit.label))
    for said in article.statements:
        begin = texts.get(said.paragraph, "").find(said.text)
        here = passages.get(said.paragraph, ()) if begin >= 0 else ()
        within = (label for start, label in here if begin <= start < begin + len(said.text))
        yield said, tuple(dict.fromkeys(within))


def _spoke(article: Article) -> tuple[tuple[str, str, int], ...]:
    """(person, theme, in how many paragraphs his own words speak of it), in order of reading."""
    found: dict[tuple[str, str], set[str]] = {}
    for said, themes in _themed(article):
        for theme in themes if said.person is not None else ():
            found.setdefault((said.person or "", theme), set()).add(said.paragraph)
    return tuple((person, theme, len(places)) for (person, theme), places in found.items())


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


def occurrences(article: Article, formulations: Iterable[Formulation]) -> Iterator[tuple[str, Occurrence]]:
    """Every place of title, decks, headings and paragraphs where a formulation is read, and its id.

    At one place the longest of a formulation's own wordings counts, once; two formulations may share a place.
    """
    number = {item.id: at for at, item in enumerate(article.paragraphs, 1)}
    title = article.title.value if article.title is not None else ""
    blocks = [("title", title), *(("deck", deck) for deck in article.decks)]
    blocks += [(item.id, item.text) for item in article.body]
    whole = "\n".join(text for _, text in blocks)
    for item in formulations:
        words = Words((item.label, *item.variants)).within(whole)
        if words.search(whole) is None:
            continue
        for where, text in blocks:
            for start, end, variant in words.finditer(text):
                before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
                yield (
                    item.id,
                    Occurrence(
                        variant,
                        where,
                        number.get(where, 0),
                        ("…" if start > AROUND else "") + before,
                        after + ("…" if end + AROUND < len(text) else ""),
                    ),
                )
