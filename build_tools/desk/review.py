"""`digest review`: every doubt over the corpus, the most harmful first; `--accept` writes the stubs of desk/stubs.

`digest review next` asks them one by one (desk/ask). What one answer settles is one doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import click

from build_tools.core.article import Article, Level, Participant, Trust
from build_tools.core.article import Doubt as Left
from build_tools.core.diagnostics import Report
from build_tools.core.messages import NOTHING, Message, foreign, say
from build_tools.core.registry import Person, Registries
from build_tools.core.site import Link
from build_tools.core.text import cut
from build_tools.core.vocabulary import load as vocabulary
from build_tools.core.workers import Settings
from build_tools.corpus.corrections import HOW_TO_OVERRIDE
from build_tools.desk import stubs
from build_tools.desk.ask import Answer, Question, ask, at_a_terminal, sentence
from build_tools.desk.command import a_command, corpus, one_of, progress, work, writable
from build_tools.desk.language import help_of, meaning, out, out_json, padded, word
from build_tools.desk.stubs import organizations_found, people_found, unreviewed
from build_tools.facts.identity import UNCHECKED, candidates, disagree, doubtful, unchecked
from build_tools.facts.offices import offices_before
from build_tools.graph.addresses import text_slug
from build_tools.pages.markdown import label
from build_tools.run.convert import load

QUOTED = 30  # characters of an article that a line shows
BEFORE = 12  # of them before a name


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a curator may settle. `weight` orders: what harms readers most comes first."""

    weight: int
    place: str  # article id or registry file
    field: str
    what: Message
    remedy: Message
    ask: Question | None = None


@a_command
@corpus
@work
@click.option("--json", "as_json", is_flag=True, help=say("as JSON"))
@click.option(
    "--accept",
    type=one_of("people", "organizations", "themes"),
    metavar="people|organizations|themes",
    help=say("write registry stubs with their evidence; never overwrites a curator's line"),
)
@click.argument(
    "names",
    nargs=-1,
    metavar="[next|NAME…]",
    help=say("next: ask one doubt after another; with --accept: only these names"),
)
def command(
    report: Report, corpus: Path, as_json: bool, accept: str | None, names: tuple[str, ...], **work: Any
) -> int:
    asks = names == ("next",) and not accept
    if names and not accept and not asks:
        told = say("names go with --accept people, organizations or themes")
        raise click.UsageError(told, click.get_current_context())
    if asks:
        at_a_terminal()
    if accept:
        writable(corpus, corpus / f"{accept}.yml")
    with progress() as shown:
        result = load(corpus, Settings(**work), report, shown)
    articles = result.converted.articles()
    if accept:
        out(*stubs.accept(accept, articles, result.corpus, report, names))
        return 0
    found = doubts(articles, result.corpus.registries, result.links, report)
    if asks:
        questions = [one.ask for one in found if one.ask is not None]

        def stub(registry: str, name: str) -> Iterator[Message]:
            return stubs.accept(registry, articles, result.corpus, report, (name,))

        out(say("{} answered, {} left", *ask(questions, corpus, stub)))
    elif as_json:
        plain = ("weight", "place", "field")
        out_json(
            [
                {
                    **{name: getattr(one, name) for name in plain},
                    "what": word(one.what),
                    "remedy": word(one.remedy),
                }
                for one in found
            ]
        )
    else:
        out(*as_table(found))
    return 0


def doubts(
    articles: Sequence[Article], registries: Registries, links: Sequence[Link], report: Report
) -> list[Doubt]:
    """All doubts, heaviest first, ties by place; those of an article in its own order."""
    out = [Doubt(1000, d.file, d.severity, d.what, d.remedy) for d in sorted(report.diagnostics)]
    for article in articles:
        settled = {field for field, _, _ in article.corrections}  # null and unknown too are a curator's word
        out += [doubt for doubt in _of_article(article) if doubt.field not in settled]
    out += _left_out(articles)
    out += _people(articles, registries)
    out += _organizations(articles, registries)
    out += _copies(links)
    return sorted(out, key=lambda d: (-d.weight, d.place, d.field))


def _of_article(article: Article) -> Iterator[Doubt]:
    side = f"articles/{article.id}.yml"

    def doubt(weight: int, field: str, what: Message, remedy: Message) -> Doubt:
        return Doubt(weight, article.id, field, what, remedy)

    trust = article.trust
    if trust.value is Trust.REJECTED:
        why = trust.evidence.quote or vocabulary("captions")["unquoted"].get(trust.evidence.rule, "")
        yield doubt(
            300, "trust", say("rejected, not published: {}", why), say("{}: {}", side, HOW_TO_OVERRIDE)
        )
    elif trust.value is Trust.DAMAGED:
        yield doubt(
            120,
            "trust",
            say("damaged: {}", trust.evidence.quote or trust.evidence.rule),
            say("look for a better copy"),
        )
    if article.title is None or article.title.inferred:
        shown = article.title.value if article.title else say("none")
        yield doubt(
            150, "title", say("no title in the text; inferred: {}", shown), say("correct `title` in {}", side)
        )
    if article.published is None:
        yield doubt(
            110,
            "published",
            say("no publish date found"),
            say("correct `published` in {}, with the reason", side),
        )
    if article.held is not None and (article.held.inferred or article.held.value.start.startswith("X")):
        yield doubt(
            100,
            "held",
            say("the year is not in the text: {}", article.held.value.start),
            say("correct `held` in {}", side),
        )
    if article.level.value is Level.UNKNOWN:
        yield doubt(60, "level", say("level of government unknown"), say("correct `level` in {}", side))
    for person in article.people:
        if person.weak:
            yield doubt(
                20,
                "people",
                say("weak mention {!r}: no page", person.name),
                say("name the person in {}, if sure", side),
            )
    for gap in article.gaps:
        if gap.reading:
            yield doubt(
                30,
                "gap",
                say("{} read as {}: {}", gap.surface, gap.reading, gap.note),
                say("check against another copy"),
            )
    for code in article.warnings:
        yield doubt(50, "warning", foreign(code), say("{}: digest explain {}", meaning(code), article.id))


def _left_out(articles: Sequence[Article]) -> Iterator[Doubt]:
    """What was read and is not published, one doubt for each name or value over all articles."""
    found: dict[tuple[str, str], list[tuple[Article, Left]]] = {}
    for article in articles:
        told = {(field, name) for field, value, _ in article.corrections for name in _named(field, value)}
        for left in article.doubts:
            if not {(left.field, left.value), (left.field, "")} & told:
                found.setdefault((left.field, left.value), []).append((article, left))
    for (field, value), rows in found.items():
        article, left = rows[0]
        offices = [
            one for _, one in offices_before(left.evidence.quote, len(left.evidence.quote) - len(value))
        ]
        yes: Any = (
            {value: {"offices": offices} if offices else {"roles": ["mentioned"]}}
            if field == "people"
            else value
        )
        no: Any = {value: None} if field == "people" else None
        what = say("left out as not sure enough: {} (“{}”)", value, left.evidence.quote)
        some = say(", and in {} more article(s)", len(rows) - 1) if rows[1:] else NOTHING
        yield Doubt(
            (170 if field == "held" else 90) + 2 * min(len(rows), 9),
            article.id,
            field,
            say("{}{}", what, some),
            say("if it is right, correct `{}` in {}, with the reason", field, f"articles/{article.id}.yml"),
            Question(
                tuple(one.id for one, _ in rows),
                field,
                what,
                sentence(article, left.evidence),
                (Answer("y", say("right, publish it"), yes), Answer("n", say("wrong, leave it out"), no)),
            ),
        )


def _named(field: str, value: Any) -> Iterator[str]:
    """What of a field a correction settles: the names of people, else all of it ("")."""
    yield from (str(name) for name, _ in value) if field == "people" and isinstance(value, tuple) else ("",)


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
                say("the same text as {} ({:.2f}): {}", link.target, link.score, link.reason),
                say(
                    "keep it as a variant, or set status: withdrawn in articles/{}.yml; {} stays",
                    link.source,
                    link.target,
                ),
            )


def _people(articles: Sequence[Article], registries: Registries) -> Iterator[Doubt]:
    """Unreviewed names, and namesakes who may have been taken for another, each under its first article."""
    for name, (_, found) in people_found(articles).items():
        first = found[0]
        seen = next(one for one in unreviewed(first) if one.name == name)
        some = say(": {}", ", ".join(one.id for one in found[:3])) if found[1:] else NOTHING
        many = say("in {} article(s){}", len(found), some)
        named = candidates(name, registries.people)
        if named:
            what = say(
                "{} could be {}; none is taken, {}",
                _shown(first, seen),
                reduce(lambda one, other: say("{} or {}", one, other), map(_entry, named)),
                many,
            )
            remedy = say(
                "add this office to the `posts` of the right one in people.yml, or tell his office under `people` in articles/{}.yml; another man: digest review --accept people {}",
                first.id,
                name,
            )
        else:
            what = say("{} is unreviewed, {}", _shown(first, seen), many)
            remedy = say("digest review --accept people {} writes a stub", name)
        yield Doubt(10 + 10 * min(len(found), 9), first.id, "people", what, remedy)
    for person in filter(unchecked, registries.people):
        several = disagree([post.office for post in person.posts])
        more = say(": perhaps more than one person") if several else NOTHING
        what = say("{} is a stub that nobody has checked: {}{}", person.name, _entry(person), more)
        remedy = say(
            "check who he is and his `posts`, then write his `summary` anew, without {}, or remove it",
            UNCHECKED,
        )
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
        more = say(", and in {} more article(s)", len(rows) - 1) if rows[1:] else NOTHING
        yield Doubt(
            130,
            article.id,
            "people",
            say("{} is taken for {}{}: the same man?", _shown(article, one), _entry(known[who]), more),
            say(
                "if so, add this office to the `posts` of {} in people.yml; if not, give the other an entry of his own there, with this office, another id and a `summary`",
                who,
            ),
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


def _entry(person: Person) -> Message:
    posts = dict.fromkeys(post.office for post in person.posts)
    told = "、".join(list(posts)[:3]) or cut(person.summary, QUOTED) or say("no posts")
    return say("{}（{}）", person.id, told)


def _organizations(articles: Sequence[Article], registries: Registries) -> Iterator[Doubt]:
    """Bodies that nobody has checked: of what is published, the field that is most often wrong."""
    known = {n for org in registries.organizations for n in (org.name, *org.other_names)}
    named = {org.id: org.name for org in registries.organizations}
    by_id = {article.id: article for article in articles}
    for name, found in organizations_found(articles).items():
        if name in known:
            continue
        remedy = say("digest review --accept organizations {} writes a stub", name)
        if (new := named.get(text_slug(name))) is not None:  # its stub, renamed
            remedy = say(
                "if it is {} under an old name, add it to the `other_names` there; else {}", new, remedy
            )
        met = by_id[found[0]].organization
        said = sentence(by_id[found[0]], met.evidence) if met is not None else ""
        what = say("{} is not registered, in {} article(s)", name, len(found))
        question = Question(
            tuple(found),
            "organization",
            what,
            said,
            (
                Answer("y", say("it met: a stub for the registry"), stub=("organizations", name)),
                Answer("n", say("it did not meet: leave it out")),
            ),
        )
        yield Doubt(
            180 + 5 * min(len(found), 9), "organizations.yml", "organizations", what, remedy, question
        )


def as_table(found: Sequence[Doubt]) -> Iterator[str]:
    """One line a doubt: place, field, what, remedy."""
    for item in found:
        said = f"{word(item.what)} → {word(item.remedy)}"
        yield f"{item.weight:4}  {item.place:36}  {padded(help_of(item.field), 13)}  {said}"
    yield say("{} doubts", len(found))
