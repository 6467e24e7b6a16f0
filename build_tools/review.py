"""`digest review`: every doubt over the corpus, most useful first; `--accept` writes registry stubs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from build_tools.cache import write_atomic
from build_tools.corpus import STARTER, Corpus
from build_tools.diagnostics import Report
from build_tools.models import Article, Level, Link, Registries, Trust
from build_tools.slugs import person_pinyin, text_slug
from build_tools.text import short_hash


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a curator may settle. `weight` orders: what mends most pages comes first."""

    weight: int
    place: str  # article id or registry file
    field: str
    what: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def doubts(
    articles: Sequence[Article], registries: Registries, links: Sequence[Link], report: Report
) -> list[Doubt]:
    """All doubts, heaviest first, ties by place."""
    out = [Doubt(1000, d.file, d.severity, d.what, d.remedy) for d in report.diagnostics]
    for article in articles:
        out += _of_article(article)
    out += _unregistered(articles, registries)
    out += _copies(links)
    return sorted(out, key=lambda d: (-d.weight, d.place, d.field, d.what))


def _of_article(article: Article) -> Iterator[Doubt]:
    side = f"articles/{article.id}.yml"

    def doubt(weight: int, field: str, what: str, remedy: str) -> Doubt:
        return Doubt(weight, article.id, field, what, remedy)

    trust = article.trust
    if trust.value is Trust.REJECTED:
        why = trust.evidence.quote or trust.evidence.rule
        yield doubt(300, "trust", f"rejected, not published: {why}", f"if wrong, correct `trust` in {side}")
    elif trust.value is Trust.DAMAGED:
        yield doubt(
            120, "trust", f"damaged: {trust.evidence.quote or trust.evidence.rule}", "look for a better copy"
        )
    if article.title is None or article.title.inferred:
        shown = article.title.value if article.title else "none"
        yield doubt(150, "title", f"no title in the text; inferred: {shown}", f"correct `title` in {side}")
    if article.published is None:
        yield doubt(
            110, "published", "no publish date found", f"correct `published` in {side}, with the reason"
        )
    if article.held is not None and (article.held.inferred or article.held.value.start.startswith("X")):
        yield doubt(
            100,
            "held",
            f"the year is not in the text: {article.held.value.start}",
            f"correct `held` in {side}",
        )
    if article.level.value is Level.UNKNOWN:
        yield doubt(60, "level", "level of government unknown", f"correct `level` in {side}")
    for person in article.people:
        if person.weak:
            yield doubt(
                20, "people", f"weak mention {person.name!r}: no page", f"name the person in {side}, if sure"
            )
    for gap in article.gaps:
        if gap.reading:
            yield doubt(
                30, "gap", f"{gap.surface} read as {gap.reading}: {gap.note}", "check against another copy"
            )
    for code in article.warnings:
        yield doubt(50, "warning", code, f"digest explain {article.id}")


def _copies(links: Sequence[Link]) -> Iterator[Doubt]:
    """One doubt a copy, filed under it and never under its base."""
    same = [link for link in links if link.kind == "near_duplicate"]
    copies = {link.source for link in same}
    for link in same:
        if link.target not in copies:
            yield Doubt(
                40,
                link.source,
                "same text",
                f"the same text as {link.target} ({link.score:.2f}): {link.reason}",
                f"keep it as a variant, or set status: withdrawn in articles/{link.source}.yml; {link.target} stays",
            )


def _unregistered(articles: Sequence[Article], registries: Registries) -> Iterator[Doubt]:
    for name, (_, found) in people_found(articles).items():
        yield Doubt(
            10 + 10 * min(len(found), 9),
            "people.yml",
            "people",
            f"{name} is unreviewed, in {len(found)} article(s): {', '.join(found[:3])}",
            "digest review --accept people writes a stub",
        )
    known = {n for org in registries.organizations for n in (org.name, *org.other_names)}
    named = {org.id: org.name for org in registries.organizations}
    for name, found in organizations_found(articles).items():
        if name not in known:
            remedy = "digest review --accept organizations writes a stub"
            if (new := named.get(text_slug(name))) is not None:  # its stub, renamed
                remedy = f"if it is {new} under an old name, add it to the `other_names` there; else {remedy}"
            yield Doubt(
                10 + 5 * min(len(found), 9),
                "organizations.yml",
                "organizations",
                f"{name} is not registered, in {len(found)} article(s)",
                remedy,
            )


def people_found(articles: Iterable[Article]) -> dict[str, tuple[list[str], list[str]]]:
    """Unregistered name → (offices as worded, article ids), by name."""
    out: dict[str, tuple[list[str], list[str]]] = {}
    for article in articles:
        if article.trust.value is Trust.REJECTED:
            continue
        for person in article.people:
            if person.weak or person.person_id is not None:
                continue
            offices, ids = out.setdefault(person.name, ([], []))
            ids.append(article.id)
            offices += [office for office in person.offices if office not in offices]
    return dict(sorted(out.items()))


def organizations_found(articles: Iterable[Article]) -> dict[str, list[str]]:
    """Organisation → article ids, by name."""
    out: dict[str, list[str]] = {}
    for article in articles:
        if article.organization is not None and article.trust.value is not Trust.REJECTED:
            out.setdefault(article.organization.value, []).append(article.id)
    return dict(sorted(out.items()))


def as_table(found: Sequence[Doubt]) -> Iterator[str]:
    """One line a doubt: place, field, what, remedy."""
    for item in found:
        yield f"{item.weight:4}  {item.place:36}  {item.field:13}  {item.what} → {item.remedy}"
    yield f"{len(found)} doubts"


def accept(what: str, articles: Sequence[Article], corpus: Corpus, report: Report) -> Iterator[str]:
    """Append stubs for what the registry lacks, each with its evidence; a curator's lines stay as they are."""
    registries = corpus.registries
    path = corpus.root / f"{what}.yml"
    if any(d.file == path.name and d.severity == "error" for d in report.diagnostics):
        yield f"{path.name} has errors; mend them first"
        return
    stubs: list[dict[str, Any]] = []
    if what == "people":
        taken = {person.id for person in registries.people}
        names = {n for person in registries.people for n in (person.name, *person.other_names)}
        for name, (offices, ids) in people_found(articles).items():
            if name not in names:
                posts = [{"office": office, "source": ids[0]} for office in offices]
                stub = {"id": _free(person_pinyin(name) or short_hash(name), taken), "name": name}
                stubs.append({**stub, **({"posts": posts} if posts else {})})
    elif what == "organizations":
        taken = {org.id for org in registries.organizations}
        known = {n for org in registries.organizations for n in (org.name, *org.other_names)}
        levels = {a.organization.value: str(a.level.value) for a in articles if a.organization}
        for name in organizations_found(articles):
            if name not in known:
                stubs.append({"id": _free(text_slug(name)[:80], taken), "name": name, "level": levels[name]})
    else:
        own = registries.themes if path.exists() else ()
        have = {n for theme in own for n in (theme.id, theme.pref_label)}
        starter = yaml.safe_load((STARTER / "themes.yml").read_text("utf-8"))
        stubs += [one for one in starter if one["id"] not in have and one["pref_label"] not in have]
    if not stubs:
        yield f"{path.name}: nothing to add"
        return
    old = path.read_bytes() if path.exists() else b""
    text = yaml.safe_dump(stubs, allow_unicode=True, sort_keys=False, width=100)
    glue = b"" if not old or old.endswith(b"\n") else b"\n"
    write_atomic(path, old + glue + text.encode("utf-8"))
    for stub in stubs:
        yield f"{path.name}: + {stub['id']} {stub.get('name') or stub.get('pref_label')}"
    yield f"{len(stubs)} stubs appended to {path.name}; review them, then commit"


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem[:76]}-{number}", number + 1
    taken.add(name)
    return name
