"""What one article's facts rest on and what was changed in it, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from build_tools.core.article import Article, Edit, Evidence, Fact, Trust
from build_tools.core.edits import apply
from build_tools.core.vocabulary import load as vocabulary
from build_tools.facts.trust import HOW_TO_OVERRIDE
from build_tools.outputs.open_data import article_record
from build_tools.pages import markdown

CONTEXT = 12  # characters shown on each side of an edit


def explain(article: Article) -> dict[str, Any]:
    """Facts with their evidence, warnings, corrections and every edit, as JSON-able data."""
    facts: list[tuple[str, Fact[Any] | None]] = []
    for name in ("title", "published", "held", "place", "source", "dateline_outlet", "organization", "level", "kind",
                 "trust"):  # fmt: skip
        facts.append((name, getattr(article, name)))
    for name in ("authors", "editors", "key_points", "documents"):
        facts += [(name, fact) for fact in getattr(article, name)]
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
    yield f"{told['id']}  ({told['file']}, {told['encoding']}{', ' + told['tool'] if told['tool'] else ''})"
    reason = f": {told['status_reason']}" if told["status_reason"] else ""
    yield f"status           {told['status']}{reason}"
    yield f"url              {told['url'] or '—'}{', fetched ' + told['fetched'] if told['fetched'] else ''}"
    yield ""
    for fact in told["facts"]:
        value = fact["value"]
        shown = "—" if value is None else value
        mark = " (inferred)" if fact["inferred"] else ""
        yield f"{fact['field']:16} {shown}{mark}"
        for item in fact["evidence"]:
            yield f"{'':16}   ← {item['rule']} @ {item['where']}: {_cut(item['quote'])}"
        if fact["field"] == "trust" and value == Trust.REJECTED:
            yield f"{'':16}   {HOW_TO_OVERRIDE}"
    yield ""
    for person in told["people"]:
        roles = ", ".join(person["roles"])
        weak = " (weak)" if person["weak"] else ""
        yield f"person           {person['name']}{weak}: {roles}; {'、'.join(person['offices']) or '—'}"
        for item in person["evidence"]:
            yield f"{'':16}   ← {item['rule']} @ {item['where']}: {_cut(item['quote'])}"
    yield ""
    yield "themes           " + "、".join(f"{hit['label']} {hit['score']}" for hit in told["themes"])
    for gap in told["gaps"]:
        yield f"gap              {gap['paragraph']}+{gap['start']}: {gap['surface']} → {gap['reading'] or '?'}"
    for code in told["warnings"]:
        yield f"warning          {code}  {_meaning(code)}"
    for fix in told["corrections"]:
        yield f"correction       {fix['field']} = {fix['value']}: {fix['reason']}"
    yield ""
    reasons = vocabulary("apparatus")
    for rule in dict.fromkeys(edit["rule"] for edit in told["edits"]):
        yield f"rule {rule:22} {reasons.get(rule, '')}"
    count: dict[str, int] = {}
    for edit in told["edits"]:
        rule = edit["rule"]
        count[rule] = count.get(rule, 0) + 1
        if limit and count[rule] > limit:
            continue
        yield f"edit {rule:22} {edit['context']} → {edit['after']!r}"
    for rule, number in count.items():
        if limit and number > limit:
            yield f"edit {rule:22} … {number - limit} more (--all shows them)"


def _meaning(code: str) -> str:
    """What readers are told of a warning."""
    return markdown.labels("repairs").get(code) or markdown.label("warnings", code)


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
