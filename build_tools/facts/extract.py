"""One article from bytes to Article: decode, clean, read, correct. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.core import edits
from build_tools.core.article import (
    Article,
    Block,
    BodyItem,
    Cleaned,
    DateRange,
    Edit,
    Evidence,
    Fact,
    Kind,
    Level,
    LineKind,
    Participant,
    Pass,
    Role,
    ThemeHit,
    Trust,
)
from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.registry import Formulation, Person, Raw, Registries, Theme
from build_tools.core.text import sha256
from build_tools.core.workers import asked_again
from build_tools.corpus.reader import as_mapping
from build_tools.corpus.yaml_source import near
from build_tools.facts.classify import kind_of, level_of, organization_of, place_of
from build_tools.facts.fields import read_fields
from build_tools.facts.gaps import read_gaps
from build_tools.facts.held import held_of
from build_tools.facts.identity import identified
from build_tools.facts.outline import outline
from build_tools.facts.people.people import find_people
from build_tools.facts.statements import find_statements
from build_tools.facts.themes import Thesaurus, find_themes
from build_tools.facts.trust import judge


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
    decoded = decode(raw.name, raw.data)
    text, first = _correct_text(decoded.text, raw)
    cleaned = clean(text)
    if first is not None:
        cleaned = replace(cleaned, original=decoded.text, passes=(first, *cleaned.passes))
    fields = read_fields(cleaned, decoded)
    shape = outline(cleaned.blocks)
    blocks = _blocks(cleaned, shape.body)
    people = find_people(blocks, _known_names(registries.people))
    title = fields.title.value if fields.title else None
    held = held_of(
        title,
        fields.decks,
        [block for block in blocks if block.kind is LineKind.PARAGRAPH],
        fields.published.value if fields.published else None,
    )
    organization = organization_of(fields, blocks, cleaned)
    kind = kind_of(fields, blocks, people)
    trust, doubts = judge(
        fields,
        blocks,
        people,
        cleaned,
        kind,
        organization=organization.value if organization else "",
        gaps=shape.gaps,
    )
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
        published=fields.published,
        held=held,
        place=place_of(blocks),
        source=fields.source,
        dateline_outlet=fields.dateline_outlet,
        authors=fields.authors,
        editors=fields.editors,
        organization=organization,
        level=level_of(fields, blocks, people, organization),
        kind=kind,
        trust=trust,
        people=tuple(people),
        statements=find_statements(blocks, people),
        themes=find_themes(title, shape.body, _thesaurus(registries.themes), fields.decks),
        key_points=shape.key_points,
        documents=shape.documents,
        commitments=shape.commitments,
        body=shape.body,
        gaps=read_gaps(shape.gaps, shape.body, _parallels(cleaned.text, registries.formulations)),
        cleaned=cleaned,
        warnings=tuple(dict.fromkeys((*doubts, *decoded.warnings, *cleaned.warnings))),
    )
    article = _corrected(article, raw, registries)
    who = tuple(identified(person, registries.people, article.date) for person in article.people)
    article = replace(article, people=who)
    if (
        article.trust.value is Trust.REJECTED
    ):  # fiction and adverts make no people, set no tasks, met on no day
        return replace(article, people=(), statements=(), key_points=(), held=None)
    return article


def _parallels(text: str, formulations: Sequence[Formulation]) -> list[str]:
    """Unmasked wordings that may support a conjecture: the article's own text, the fixed formulations."""
    return [
        text,
        *(wording for item in formulations for wording in (item.label, *item.variants, *item.parts)),
    ]


def verify(article: Article) -> None:
    """The law of the ledger: replaying the edits gives the clean text, reverting them the original.

    Raises edits.EditError; the build stops on it.
    """
    cleaned = article.cleaned
    if edits.replay(cleaned.original, cleaned.passes) != cleaned.text:
        raise edits.EditError(f"{article.id}: replaying the edits does not give the clean text")
    if edits.revert(cleaned.text, cleaned.passes) != cleaned.original:
        raise edits.EditError(f"{article.id}: reverting the edits does not give the original")


def _blocks(cleaned: Cleaned, body: Sequence[BodyItem]) -> list[Block]:
    """The kept lines as blocks for the readers of facts: heads first, then the body with its ids."""
    heads = [
        Block("deck" if line.kind is LineKind.WHO else str(line.kind), line.kind, line.text)
        for line in cleaned.blocks
        if line.kind not in (LineKind.HEADING, LineKind.PARAGRAPH)
    ]
    return heads + [
        Block(item.id, LineKind.HEADING if item.level else LineKind.PARAGRAPH, item.text) for item in body
    ]


# --- corrections -------------------------------------------------------------


def _correct_text(text: str, raw: Raw) -> tuple[str, Pass | None]:
    """Make the curator's corrections of the wording: the first pass of the ledger."""
    made = []
    lines = raw.sidecar.lines or (0,) * len(raw.sidecar.corrections)
    for (what, value, _), line in zip(raw.sidecar.corrections, lines, strict=True):
        if what != "text":
            continue
        pair = as_mapping(value)
        count = text.count(pair["before"])
        if count != 1:
            raise CorpusError(
                Diagnostic(
                    f"articles/{raw.id}.yml",
                    line,
                    "error",
                    f"the wording {pair['before'][:20]!r} stands {count} times in the article, which is left out",
                    "quote more of it, so that it stands once"
                    if count
                    else f"write `before` as the raw file has it, say {_nearest(pair['before'], text)!r}",
                )
            )
        made.append(Edit(text.index(pair["before"]), pair["before"], pair["after"]))
    if not made:
        return text, None
    step = Pass("correction", tuple(sorted(made, key=lambda edit: edit.start)))
    try:
        return edits.apply(text, step.edits), step
    except edits.EditError as error:
        raise CorpusError(
            Diagnostic(
                f"articles/{raw.id}.yml",
                0,
                "error",
                f"corrections of text overlap: {error}",
                "join them in one",
            )
        ) from error


def _nearest(wording: str, text: str) -> str:
    """The stretch of the raw text that shares the longest run of characters with the wording."""
    text = text[:200_000]
    one, other, size = SequenceMatcher(None, wording, text, autojunk=False).find_longest_match()
    start = max(0, other - one)
    return text[start : max(start + len(wording), other + size)][:60]


def _corrected(article: Article, raw: Raw, registries: Registries) -> Article:
    """The article with the curator's corrections of facts; each has its reason as evidence."""
    changes: dict[str, Any] = {}
    idle: list[tuple[int, str]] = []
    lines = raw.sidecar.lines or (0,) * len(raw.sidecar.corrections)
    for (what, value, reason), line in zip(raw.sidecar.corrections, lines, strict=True):
        if what == "text":
            continue
        seen = Evidence("correction", "sidecar", reason)

        def fact(item: Any, seen: Evidence = seen) -> Fact[Any]:
            return Fact(item, seen)

        match what:
            case "title" | "published" | "place" | "source" | "organization":
                changes[what] = None if value is None else fact(value)
            case "subtitle":
                changes["decks"] = tuple(str(value).split("\n")) if value else ()
            case "held":
                pair = as_mapping(value) or {"start": value, "end": value}
                changes["held"] = None if value is None else fact(DateRange(pair["start"], pair["end"]))
            case "authors" | "editors":
                changes[what] = tuple(fact(name) for name in value)  # type: ignore[attr-defined]
            case "level":
                changes[what] = fact(Level(str(value)))
            case "kind":
                changes[what] = fact(Kind(str(value)))
            case "trust":
                changes[what] = fact(Trust(str(value)))
            case "people":
                people = changes.get("people", article.people)
                away = [name for name, change in as_mapping(value).items() if change is None]
                idle += _idle(line, what, away, [person.name for person in people])
                changes["people"] = _people(people, as_mapping(value), seen, registries)
            case "themes":
                themes = changes.get("themes", article.themes)
                away = [label for label, on in as_mapping(value).items() if not on]
                idle += _idle(line, what, away, [hit.label for hit in themes])
                changes["themes"] = _themes(themes, as_mapping(value))
    return replace(article, corrections=raw.sidecar.corrections, idle=tuple(idle), **changes)


def _idle(line: int, what: str, away: Sequence[str], read: Sequence[str]) -> list[tuple[int, str]]:
    """Names that a correction takes away though none of them is read."""
    return [
        (line, f"{what}: {name!r} is not read in this article, so nothing is taken away{near(name, read)}")
        for name in away
        if name not in read
    ]


def _people(
    people: tuple[Participant, ...], changes: dict[str, Any] | Any, seen: Evidence, registries: Registries
) -> tuple[Participant, ...]:
    by_name = {person.name: person for person in people}
    for name, change in changes.items():
        if change is None:
            by_name.pop(name, None)
            continue
        told = as_mapping(change)
        old = by_name.get(name, Participant(name, (), (Role.MENTIONED,)))
        roles = tuple(Role(role) for role in told["roles"]) if "roles" in told else old.roles
        new = replace(
            old,
            offices=tuple(told.get("offices", old.offices)),
            roles=roles,
            weak=False,
            evidence=(*old.evidence, seen),
        )
        known = {person.id for person in registries.people}
        by_name[name] = replace(new, person_id=told["id"]) if told.get("id") in known else new
    return tuple(by_name.values())


def _themes(themes: tuple[ThemeHit, ...], changes: Any) -> tuple[ThemeHit, ...]:
    out = [hit for hit in themes if changes.get(hit.label, True)]
    have = {hit.label for hit in out}
    out += [ThemeHit(label, 1.0, ()) for label, on in changes.items() if on and label not in have]
    return tuple(out)
