"""What one article's facts rest on and what was changed in it, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from build_tools.cleaning.rows import rows_of
from build_tools.core.article import KEPT, Article, Edit, Evidence, Fact, Trust
from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.edits import apply
from build_tools.core.messages import NOTHING, Message, say
from build_tools.core.vocabulary import load as vocabulary
from build_tools.corpus import reader
from build_tools.corpus.corrections import HOW_TO_OVERRIDE
from build_tools.desk.command import a_command, corpus, within
from build_tools.desk.language import captioned, chinese, meaning, out, out_json, padded, word
from build_tools.outputs.open_data import article_record
from build_tools.pages import markdown
from build_tools.run.convert import convert_alone

CONTEXT = 12  # characters shown on each side of an edit
FIELDS = {
    "title": say("title"),
    "published": say("published"),
    "held": say("held"),
    "place": say("place"),
    "source": say("source"),
    "dateline_outlet": say("dateline_outlet"),
    "organization": say("organization"),
    "level": say("level"),
    "kind": say("kind"),
    "trust": say("trust"),
    "authors": say("authors"),
    "editors": say("editors"),
    "key_points": say("key_points"),
    "documents": say("documents"),
}


@a_command
@corpus
@click.argument("id", metavar="ID", help=say("the article's id"))
@click.option("--json", "as_json", is_flag=True, help=say("as JSON"))
@click.option("--lines", "lines", is_flag=True, help=say("only the page's lines, what each is and why"))
@click.option("--all", "everything", is_flag=True, help=say("every edit, not the first 5 of a rule"))
def command(report: Report, corpus: Path, id: str, as_json: bool, lines: bool, everything: bool) -> int:
    read = reader.read(corpus, report)
    raw = next((raw for raw in read.articles if raw.id == id), None)
    if raw is None:
        near = within(id, (item.id for item in read.articles))
        raise click.UsageError(say("no article {!r} in {}{}", id, corpus, near), click.get_current_context())
    result = convert_alone(raw, read.registries)
    if isinstance(result, Diagnostic):
        report.add(result)
        return 1
    if lines:
        rows = lines_of(result[0])
        if as_json:
            out_json(rows)
        else:
            out(
                *(
                    f"{mark}{padded(kind, 11)}{padded(why, 34)} {text}"
                    for mark, kind, why, text in map(_line, rows)
                )
            )
        return 0
    told = explain(result[0])
    if as_json:
        out_json(told)
    else:
        out(*as_text(told, 0 if everything else 5))
    return 0


def lines_of(article: Article) -> list[dict[str, Any]]:
    """The page's lines in order: kind, whether it is kept, why, text."""
    whys = vocabulary("line_reasons")
    return [
        {
            "kind": str(row.kind),
            "kept": row.kind in KEPT,
            "reason": row.reason,
            "why": whys.get(row.reason, ""),
            "text": row.text,
        }
        for row in rows_of(article.cleaned)
    ]


def _line(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    kind, why = (
        (markdown.label("lines", row["kind"]), row["why"]) if chinese() else (row["kind"], row["reason"])
    )
    return " " if row["kept"] else "-", kind, why, row["text"]


def explain(article: Article) -> dict[str, Any]:
    """Facts with their evidence, warnings, corrections and every edit, as JSON-able data."""
    facts: list[tuple[str, Fact[Any] | None]] = []
    for name in FIELDS:
        value = getattr(article, name)
        facts += [(name, one) for one in (value if isinstance(value, tuple) else (value,))]
    return {
        "id": article.id,
        "file": article.raw_name,
        "encoding": article.encoding,
        "tool": article.tool,
        "status": article.status,
        "status_reason": article.status_reason,
        "url": article.url,
        "fetched": article.fetched,
        "facts": [
            {
                "field": name,
                "value": _plain(fact),
                "inferred": fact.inferred if fact else False,
                "evidence": [_evidence(fact.evidence)] if fact else [],
            }
            for name, fact in facts
        ],
        "people": [
            {
                "name": person.name,
                "offices": list(person.offices),
                "roles": [str(role) for role in person.roles],
                "weak": person.weak,
                "evidence": [_evidence(item) for item in person.evidence],
            }
            for person in article.people
        ],
        "themes": [{"label": hit.label, "score": round(hit.score, 3)} for hit in article.themes],
        "gaps": article_record(article)["gaps"],
        "warnings": list(article.warnings),
        "corrections": [
            {"field": f, "value": markdown.corrected(f, v), "reason": r} for f, v, r in article.corrections
        ],
        "edits": [
            {
                "rule": rule,
                "start": edit.start,
                "before": edit.before,
                "after": edit.after,
                "context": context,
            }
            for rule, edit, context in edits_in_context(article)
        ],
    }


def edits_in_context(article: Article) -> Iterator[tuple[str, Edit, str]]:
    """Every edit with the wording around it in that pass's input: `…左【before】右…`."""
    text = article.cleaned.original
    for step in article.cleaned.passes:
        for edit in step.edits:
            end = edit.start + len(edit.before)
            left = text[max(0, edit.start - CONTEXT) : edit.start]
            right = text[end : end + CONTEXT]
            yield step.rule, edit, f"{left}【{edit.before}】{right}".replace("\n", "⏎")
        text = apply(text, step.edits)


def as_text(told: dict[str, Any], limit: int = 0) -> Iterator[str]:
    """The lines that `digest explain` prints; `limit` edits a rule, 0 for all."""
    yield f"{told['id']}  ({', '.join(filter(None, (told['file'], told['encoding'], told['tool'])))})"
    yield _row(say("status"), ": ".join(filter(None, (told["status"], told["status_reason"]))))
    yield _row(
        say("url"),
        (told["url"] or "—") + (word(say(", fetched {}", told["fetched"])) if told["fetched"] else ""),
    )
    yield ""
    for fact in told["facts"]:
        value, inferred = fact["value"], word(say(" (inferred)")) if fact["inferred"] else ""
        yield _row(
            FIELDS[fact["field"]], ("—" if value is None else captioned(fact["field"], value)) + inferred
        )
        yield from _grounds(fact["evidence"])
        if fact["field"] == "trust" and value == Trust.REJECTED:
            yield _row(NOTHING, f"  {word(HOW_TO_OVERRIDE)}")
    yield ""
    for person in told["people"]:
        roles = ", ".join(captioned("role", role) for role in person["roles"])
        weak = word(say(" (weak)")) if person["weak"] else ""
        yield _row(say("person"), f"{person['name']}{weak}: {roles}; {'、'.join(person['offices']) or '—'}")
        yield from _grounds(person["evidence"])
    yield ""
    yield _row(say("themes"), "、".join(f"{hit['label']} {hit['score']}" for hit in told["themes"]))
    for gap in told["gaps"]:
        place = f"{gap['paragraph']}+{gap['start']}"
        yield _row(say("gap"), f"{place}: {gap['surface']} → {gap['reading'] or '?'}")
    for code in told["warnings"]:
        yield _row(say("warning"), f"{code}  {meaning(code)}")
    for fix in told["corrections"]:
        yield _row(say("correction"), f"{fix['field']} = {fix['value']}: {fix['reason']}")
    yield ""
    reasons = vocabulary("apparatus")
    count = Counter(edit["rule"] for edit in told["edits"])
    for rule in count:
        yield f"{word(say('rule'))} {rule:22} {reasons.get(rule, '')}"
    edit_of = f"{word(say('edit'))} {{:22}} {{}}"
    seen = Counter[str]()
    for edit in told["edits"]:
        rule = edit["rule"]
        seen[rule] += 1
        if not limit or seen[rule] <= limit:
            yield edit_of.format(rule, f"{edit['context']} → {edit['after']!r}")
    for rule, number in count.items():
        if limit and number > limit:
            yield edit_of.format(rule, word(say("… {} more (--all shows them)", number - limit)))


def _row(name: Message, value: str) -> str:
    return f"{padded(word(name), 16)} {value}"


def _grounds(evidence: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for item in evidence:
        yield _row(NOTHING, f"  ← {item['rule']} @ {item['where']}: {_cut(item['quote'])}")


def _evidence(item: Evidence) -> dict[str, Any]:
    return {"rule": item.rule, "where": item.where, "start": item.start, "quote": item.quote}


def _plain(fact: Fact[Any] | None) -> Any:
    if fact is None:
        return None
    value = fact.value
    if hasattr(value, "start"):
        return value.start if value.start == value.end else f"{value.start}/{value.end}"
    return str(value)


def _cut(quote: str) -> str:
    flat = quote.replace("\n", "⏎")
    return (flat or "—") if len(flat) <= 60 else flat[:60] + "…"
