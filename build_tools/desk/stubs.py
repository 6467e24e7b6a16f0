"""Stubs of people, organisations and themes for the registries, each with the evidence that it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from build_tools.core.article import Article, Participant, Trust
from build_tools.core.diagnostics import Report
from build_tools.core.files import write_atomic
from build_tools.core.messages import Message, say
from build_tools.core.registry import Organization, Person
from build_tools.core.text import short_hash
from build_tools.corpus.reader import STARTER, Corpus
from build_tools.facts.identity import UNCHECKED, candidates, disagree
from build_tools.graph.addresses import person_pinyin, text_slug


def unreviewed(article: Article) -> Iterator[Participant]:
    return (one for one in article.people if not one.weak and one.person_id is None)


def people_found(articles: Iterable[Article]) -> dict[str, tuple[list[str], list[Article]]]:
    """Name of no registered person → (offices as worded, articles), in the order of the articles."""
    out: dict[str, tuple[list[str], list[Article]]] = {}
    for article in articles:
        if article.trust.value is Trust.REJECTED:
            continue
        for person in unreviewed(article):
            offices, found = out.setdefault(person.name, ([], []))
            found.append(article)
            offices += [office for office in person.offices if office not in offices]
    return out


def organizations_found(articles: Iterable[Article]) -> dict[str, list[str]]:
    """Organisation → article ids, by name."""
    out: dict[str, list[str]] = {}
    for article in articles:
        if article.organization is not None and article.trust.value is not Trust.REJECTED:
            out.setdefault(article.organization.value, []).append(article.id)
    return dict(sorted(out.items()))


def accept(
    what: str, articles: Sequence[Article], corpus: Corpus, report: Report, only: Sequence[str] = ()
) -> Iterator[Message]:
    """Append stubs for what the registry lacks, each with its evidence; a curator's lines stay as they are.

    `only`: those of these names (of themes: labels) and no others.
    """
    path = corpus.root / f"{what}.yml"
    if any(d.file == path.name and d.severity == "error" for d in report.diagnostics):
        yield say("{} has errors; fix them first", path.name)
        return
    if what == "people":
        stubs, notes = _person_stubs(articles, corpus.registries.people, only)
    elif what == "organizations":
        stubs, notes = _organization_stubs(articles, corpus.registries.organizations), []
    else:
        own = corpus.registries.themes if path.exists() else ()
        have = {n for theme in own for n in (theme.id, theme.pref_label)}
        starter = yaml.safe_load((STARTER / "themes.yml").read_text("utf-8"))
        stubs = [one for one in starter if one["id"] not in have and one["pref_label"] not in have]
        notes = []
    if only:
        stubs = [stub for stub in stubs if _name(stub) in only]
        missing = [name for name in only if name not in map(_name, stubs)]
        notes += [
            say("{}: no stub for {}: it is there, or in no article", path.name, name) for name in missing
        ]
    yield from notes
    if not stubs:
        yield say("{}: nothing to add", path.name)
        return
    old = path.read_bytes() if path.exists() else b""
    text = yaml.safe_dump(stubs, allow_unicode=True, sort_keys=False, width=100)
    if what != "themes":
        text = f"# {UNCHECKED}：以下由 digest review --accept 从文中读出；逐条核对后删去此行。\n{text}"
    glue = b"" if not old or old.endswith(b"\n") else b"\n"
    write_atomic(path, old + glue + text.encode("utf-8"))
    for stub in stubs:
        yield say("{}: + {} {}", path.name, stub["id"], _name(stub))
    yield say("{} stubs appended to {}; review them, then commit", len(stubs), path.name)


def _name(stub: Mapping[str, Any]) -> str:
    return str(stub.get("name") or stub.get("pref_label"))


def _person_stubs(
    articles: Sequence[Article], registry: tuple[Person, ...], only: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Message]]:
    """A stub for each name that has no entry, or that a curator asks for; and what to look at in them."""
    stubs: list[dict[str, Any]] = []
    notes: list[Message] = []
    taken = {person.id for person in registry}
    for name, (offices, found) in people_found(articles).items():
        if name not in only if only else candidates(name, registry):
            continue
        source = found[0].id
        stub: dict[str, Any] = {"id": _free(person_pinyin(name) or short_hash(name), taken), "name": name}
        if offices:
            source_of = {
                o: a.id for a in reversed(found) for p in a.people if p.name == name for o in p.offices
            }
            stub["posts"] = [{"office": office, "source": source_of[office]} for office in offices]
        several = f" 等 {len(found)} 篇" if found[1:] else " "
        stub["summary"] = f"{UNCHECKED}：由规则从 {source}{several}读出，职务与同名者未核对。"
        stubs.append(stub)
        if disagree(offices):
            notes.append(say("people.yml: {} may be more than one person: {}", name, "、".join(offices)))
    return stubs, notes


def _organization_stubs(
    articles: Sequence[Article], registry: Sequence[Organization]
) -> list[dict[str, Any]]:
    taken = {org.id for org in registry}
    known = {n for org in registry for n in (org.name, *org.other_names)}
    levels = {a.organization.value: str(a.level.value) for a in articles if a.organization}
    return [
        {"id": _free(text_slug(name)[:80], taken), "name": name, "level": levels[name]}
        for name in organizations_found(articles)
        if name not in known
    ]


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem[:76]}-{number}", number + 1
    taken.add(name)
    return name
