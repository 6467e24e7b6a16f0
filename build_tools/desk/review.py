"""`digest review`: every doubt over the corpus, most useful first; `--accept` writes registry stubs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from build_tools.core.article import Article, Level, Participant, Trust
from build_tools.core.diagnostics import Report
from build_tools.core.files import write_atomic
from build_tools.core.registry import Organization, Person, Registries
from build_tools.core.site import Link
from build_tools.core.text import cut, short_hash
from build_tools.corpus.reader import STARTER, Corpus
from build_tools.facts.identity import UNCHECKED, candidates, disagree, doubtful, unchecked
from build_tools.facts.trust import HOW_TO_OVERRIDE
from build_tools.graph.addresses import person_pinyin, text_slug
from build_tools.pages.markdown import label

QUOTED = 30  # characters of an article that a line shows
BEFORE = 12  # of them before a name


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
    """All doubts, heaviest first, ties by place; those of an article in its own order."""
    out = [Doubt(1000, d.file, d.severity, d.what, d.remedy) for d in sorted(report.diagnostics)]
    for article in articles:
        settled = {field for field, _, _ in article.corrections}  # null and unknown too are a curator's word
        out += [doubt for doubt in _of_article(article) if doubt.field not in settled]
    out += _people(articles, registries)
    out += _organizations(articles, registries)
    out += _copies(links)
    return sorted(out, key=lambda d: (-d.weight, d.place, d.field))


def _of_article(article: Article) -> Iterator[Doubt]:
    side = f"articles/{article.id}.yml"

    def doubt(weight: int, field: str, what: str, remedy: str) -> Doubt:
        return Doubt(weight, article.id, field, what, remedy)

    trust = article.trust
    if trust.value is Trust.REJECTED:
        why = trust.evidence.quote or trust.evidence.rule
        yield doubt(300, "trust", f"rejected, not published: {why}", f"{side}: {HOW_TO_OVERRIDE}")
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


def _people(articles: Sequence[Article], registries: Registries) -> Iterator[Doubt]:
    """Unreviewed names, and namesakes who may have been taken for another, each under its first article."""
    for name, (_, found) in people_found(articles).items():
        first = found[0]
        seen = next(one for one in _unreviewed(first) if one.name == name)
        many = f"in {len(found)} article(s)" + (
            f": {', '.join(one.id for one in found[:3])}" * (len(found) > 1)
        )
        named = candidates(name, registries.people)
        if named:
            what = f"{_shown(first, seen)} could be {' or '.join(map(_entry, named))}; none is taken, {many}"
            remedy = (
                "add this office to the `posts` of the right one in people.yml, or tell his office under `people` in "
                f"articles/{first.id}.yml; another man: digest review --accept people {name}"
            )
        else:
            what = f"{_shown(first, seen)} is unreviewed, {many}"
            remedy = f"digest review --accept people {name} writes a stub"
        yield Doubt(10 + 10 * min(len(found), 9), first.id, "people", what, remedy)
    for person in filter(unchecked, registries.people):
        several = disagree([post.office for post in person.posts])
        what = f"{person.name} is a stub that nobody has checked: {_entry(person)}"
        what += ": perhaps more than one person" if several else ""
        remedy = f"check who he is and his `posts`, then write his `summary` anew, without {UNCHECKED}, or remove it"
        yield Doubt(90 if several else 10, "people.yml", "people", what, remedy)
    known = {person.id: person for person in registries.people}
    taken: dict[tuple[str, tuple[str, ...]], list[tuple[Article, Participant]]] = {}
    for article in articles:
        for one in article.people:
            entry = known.get(one.person_id or "")
            if entry is not None and doubtful(one.offices, entry):
                taken.setdefault((entry.id, one.offices), []).append((article, one))
    for (who, _), rows in taken.items():
        article, one = rows[0]
        more = f", and in {len(rows) - 1} more article(s)" if rows[1:] else ""
        yield Doubt(
            130,
            article.id,
            "people",
            f"{_shown(article, one)} is taken for {_entry(known[who])}{more}: the same man?",
            f"if so, add this office to the `posts` of {who} in people.yml; if not, give the other an entry of his own "
            "there, with this office, another id and a `summary`",
        )


def _shown(article: Article, person: Participant) -> str:
    """孙金龙（副县长；主持）“副县长孙金龙主持会议。”"""
    roles = "、".join(label("roles", role.value) for role in person.roles)
    told = "；".join(filter(None, ("、".join(person.offices), roles)))
    return f"{person.name}（{told}）{_words(article, person)}"


def _words(article: Article, person: Participant) -> str:
    """Some words of the first sentence that the evidence cites, around the name; '' for none."""
    text = {"deck": "；".join(article.decks), **{item.id: item.text for item in article.body}}
    cited = ((text.get(one.where) or one.quote, one) for one in person.evidence if one.where != "sidecar")
    for words, one in sorted(cited, key=lambda item: person.name not in item[0]):
        at = max(0, words.find(person.name), one.start if person.name not in words else 0)
        sentence = max(words.rfind(mark, 0, at) for mark in "。！？；") + 1
        start = max(at - BEFORE, sentence)
        return f"“{'…' if start > sentence else ''}{cut(words[start:], QUOTED)}”"
    return ""


def _entry(person: Person) -> str:
    posts = dict.fromkeys(post.office for post in person.posts)
    told = "、".join(list(posts)[:3]) or cut(person.summary, QUOTED) or "no posts"
    return f"{person.id}（{told}）"


def _organizations(articles: Sequence[Article], registries: Registries) -> Iterator[Doubt]:
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


def _unreviewed(article: Article) -> Iterator[Participant]:
    return (one for one in article.people if not one.weak and one.person_id is None)


def people_found(articles: Iterable[Article]) -> dict[str, tuple[list[str], list[Article]]]:
    """Name of no registered person → (offices as worded, articles), in the order of the articles."""
    out: dict[str, tuple[list[str], list[Article]]] = {}
    for article in articles:
        if article.trust.value is Trust.REJECTED:
            continue
        for person in _unreviewed(article):
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


def as_table(found: Sequence[Doubt]) -> Iterator[str]:
    """One line a doubt: place, field, what, remedy."""
    for item in found:
        yield f"{item.weight:4}  {item.place:36}  {item.field:13}  {item.what} → {item.remedy}"
    yield f"{len(found)} doubts"


def accept(
    what: str, articles: Sequence[Article], corpus: Corpus, report: Report, only: Sequence[str] = ()
) -> Iterator[str]:
    """Append stubs for what the registry lacks, each with its evidence; a curator's lines stay as they are.

    `only`: those of these names (of themes: labels) and no others.
    """
    path = corpus.root / f"{what}.yml"
    if any(d.file == path.name and d.severity == "error" for d in report.diagnostics):
        yield f"{path.name} has errors; mend them first"
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
        notes += [f"{path.name}: no stub for {name}: it is there, or in no article" for name in missing]
    yield from notes
    if not stubs:
        yield f"{path.name}: nothing to add"
        return
    old = path.read_bytes() if path.exists() else b""
    text = yaml.safe_dump(stubs, allow_unicode=True, sort_keys=False, width=100)
    if what != "themes":
        text = f"# {UNCHECKED}：以下由 digest review --accept 从文中读出；逐条核对后删去此行。\n{text}"
    glue = b"" if not old or old.endswith(b"\n") else b"\n"
    write_atomic(path, old + glue + text.encode("utf-8"))
    for stub in stubs:
        yield f"{path.name}: + {stub['id']} {_name(stub)}"
    yield f"{len(stubs)} stubs appended to {path.name}; review them, then commit"


def _name(stub: Mapping[str, Any]) -> str:
    return str(stub.get("name") or stub.get("pref_label"))


def _person_stubs(
    articles: Sequence[Article], registry: tuple[Person, ...], only: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """A stub for each name that has no entry, or that a curator asks for; and what to look at in them."""
    stubs: list[dict[str, Any]] = []
    notes = []
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
            notes.append(f"people.yml: {name} may be more than one person: {'、'.join(offices)}")
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
