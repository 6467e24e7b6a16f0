"""One article from bytes to Article: decode, clean, read, correct. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.core import edits
from build_tools.core.article import (
    Article,
    Block,
    BodyItem,
    Cleaned,
    DateRange,
    Doubt,
    Fact,
    Kind,
    LineKind,
    Trust,
)
from build_tools.core.guard import stage
from build_tools.core.messages import say
from build_tools.core.registry import Formulation, Person, Raw, Registries, Theme
from build_tools.core.text import before, sha256
from build_tools.core.workers import asked_again
from build_tools.facts.bodies import body_of
from build_tools.facts.classify import kind_of, place_of
from build_tools.facts.corrections import correct_text, corrected
from build_tools.facts.fields import read_fields
from build_tools.facts.gaps import read_gaps
from build_tools.facts.held import held_of, through
from build_tools.facts.identity import identified
from build_tools.facts.level import level_of
from build_tools.facts.outline import outline
from build_tools.facts.participants import doubtful, participants, passages
from build_tools.facts.statements import find_statements
from build_tools.facts.themes import Thesaurus, find_themes
from build_tools.facts.trust import judge, unproved


@asked_again
@lru_cache(maxsize=4)
def _thesaurus(themes: tuple[Theme, ...]) -> Thesaurus:
    return Thesaurus(themes)


@asked_again
@lru_cache(maxsize=4)
def _known_names(people: tuple[Person, ...]) -> frozenset[str]:
    return frozenset(name for person in people for name in (person.name, *person.other_names))


def extract(raw: Raw, registries: Registries) -> Article:
    """Read one article. Raises CorpusError, with file, place and remedy, for bytes that are no article."""
    with stage("decode"):
        decoded = decode(raw.name, raw.data)
    text, first, raw, unfit = correct_text(decoded.text, raw)
    with stage("clean"):
        cleaned = clean(text, dict(decoded.hints).get("headline", ""))
    if first is not None:
        cleaned = replace(cleaned, original=decoded.text, passes=(first, *cleaned.passes))
    fields = read_fields(cleaned, decoded, raw.sidecar.url or "")
    shape = outline(cleaned.blocks)
    blocks = blocks_of(cleaned, shape.body)
    read = passages(blocks, _known_names(registries.people))
    people = participants(read)
    title = fields.title.value if fields.title else None
    told = [block for block in blocks if block.kind is LineKind.PARAGRAPH]
    published = fields.published.value if fields.published else None
    held = held_of(title, fields.decks, told, published)
    kind = kind_of(fields, blocks)
    if kind.evidence.rule == "kind.several_meetings":
        held = through(held, told, published)
    early = _before_it_was_held(held, fields.published, raw.sidecar.fetched)
    unsigned = _above_the_text(fields.published)
    organization, bodies = body_of(fields, blocks, cleaned)
    trust, doubts = judge(
        fields,
        blocks,
        people,
        cleaned,
        kind,
        organization=organization.value if organization else "",
        gaps=shape.gaps,
    )
    reposted = unproved(fields, cleaned, trust)
    article = Article(
        id=raw.id,
        raw_sha256=sha256(raw.data),
        raw_name=raw.name,
        encoding=decoded.encoding,
        tool=decoded.tool,
        url=raw.sidecar.url,
        fetched=raw.sidecar.fetched,
        status=raw.sidecar.status,
        status_reason=raw.sidecar.reason,
        title=fields.title,
        eyebrow=fields.eyebrow,
        decks=fields.decks,
        published=None if unsigned else fields.published,
        held=None if early else held,
        place=place_of(blocks, cleaned.dropped),
        source=fields.source,
        dateline_outlet=fields.dateline_outlet,
        authors=fields.authors,
        editors=fields.editors,
        organization=organization,
        level=level_of(fields, blocks, people, organization),
        kind=kind,
        trust=trust,
        people=people,
        statements=() if kind.value is Kind.SPEECH else find_statements(read, people),
        themes=find_themes(title, shape.body, _thesaurus(registries.themes), fields.decks),
        key_points=shape.key_points,
        documents=shape.documents,
        commitments=shape.commitments,
        body=shape.body,
        gaps=read_gaps(shape.gaps, shape.body, _parallels(cleaned.text, registries.formulations)),
        cleaned=cleaned,
        doubts=(*early, *unsigned, *bodies, *reposted, *doubtful(read)),
        warnings=tuple(dict.fromkeys((*doubts, *decoded.warnings, *cleaned.warnings))),
    )
    article = corrected(article, raw, registries, unfit)
    who = tuple(identified(person, registries.people, article.date) for person in article.people)
    article = replace(article, people=who)
    if (
        article.trust.value is Trust.REJECTED
    ):  # fiction and adverts make no people, set no tasks, met on no day
        return replace(article, people=(), statements=(), key_points=(), held=None)
    return article


def _before_it_was_held(
    held: Fact[DateRange] | None, published: Fact[str] | None, fetched: str | None
) -> tuple[Doubt, ...]:
    """A doubt when the page was published or fetched before the day that it seems to tell of."""
    known = [day for day in (published.value if published else None, fetched) if day]
    if held is None or not any(before(day, held.value.start) for day in known):
        return ()
    return (Doubt("held", held.value.start, "held_after_published", held.evidence),)


def _above_the_text(published: Fact[str] | None) -> tuple[Doubt, ...]:
    """A doubt about a day with a clock above the text that no label calls its own: a crawl's, the meeting's."""
    if published is None or (published.evidence.rule, published.evidence.where) != ("date_head", "title"):
        return ()
    return (Doubt("published", published.value, "published.head", published.evidence),)


def _parallels(text: str, formulations: Sequence[Formulation]) -> list[str]:
    """Unmasked wordings that may support a conjecture: the article's own text, the fixed formulations."""
    return [
        text,
        *(wording for item in formulations for wording in (item.label, *item.variants, *item.parts)),
    ]


def verify(article: Article) -> None:
    """The law of the ledger: replaying the edits gives the clean text, reverting them the original.

    Raises edits.EditError: the article is not published then.
    """
    cleaned = article.cleaned
    if edits.replay(cleaned.original, cleaned.passes) != cleaned.text:
        raise edits.EditError(say("{}: replaying the edits does not give the clean text", article.id))
    if edits.revert(cleaned.text, cleaned.passes) != cleaned.original:
        raise edits.EditError(say("{}: reverting the edits does not give the original", article.id))


def blocks_of(cleaned: Cleaned, body: Sequence[BodyItem]) -> list[Block]:
    """The kept lines as blocks for the readers of facts: heads first, then the body with its ids."""
    heads = [
        Block("deck" if line.kind is LineKind.WHO else str(line.kind), line.kind, line.text)
        for line in cleaned.blocks
        if line.kind not in (LineKind.HEADING, LineKind.PARAGRAPH)
    ]
    return heads + [
        Block(item.id, LineKind.HEADING if item.level else LineKind.PARAGRAPH, item.text) for item in body
    ]
