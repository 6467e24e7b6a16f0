"""依据 and 校勘记: what every fact on an article's page rests on, and all that was changed.

Both are HTML that Markdown leaves alone, inside `<details>`: long, and read by few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from build_tools.core import edits
from build_tools.core.article import Article, Fact, Pass
from build_tools.core.text import cut
from build_tools.core.vocabulary import load
from build_tools.pages import collation, escape, markdown

EDITS_PER_RULE = 6  # shown on the page; all are in `edits/<id>.jsonl`
EDITS_SHOWN = 48
CONTEXT = 8  # characters shown on each side of an edit
QUOTE = 60


def blocks(one: Article, number: Mapping[str, int], reasons: Mapping[str, str]) -> Iterable[str]:
    yield markdown.heading(2, "依据与校勘", "apparatus")
    yield _evidence(one, number)
    if one.corrections:
        yield markdown.table(
            ("编者更正", "改为", "理由"),
            (
                (
                    escape.markdown(markdown.label("facts", field)),
                    escape.markdown(cut(markdown.corrected(field, value), 200)),
                    escape.markdown(reason),
                )
                for field, value, reason in one.corrections
            ),
        )
    if any(step.edits for step in one.cleaned.passes):
        words = collation.emended(collation.pieces(one.cleaned))
        both = [markdown.link("原文与校订对照", f"{one.id}/collation.html")] if words else []
        yield " · ".join([*both, markdown.link("全部改动（JSON Lines）", f"../edits/{one.id}.jsonl")])
        yield _ledger(one, reasons)


def _evidence(one: Article, number: Mapping[str, int]) -> str:
    facts: list[tuple[str, str, Fact[Any]]] = []

    def add(name: str, fact: Fact[str] | None) -> None:
        if fact is not None:
            facts.append((markdown.label("facts", name), fact.value, fact))

    add("title", one.title)
    add("published", one.published)
    if one.held is not None:
        shown = markdown.date_range(one.held.value)
        facts.append((markdown.label("facts", "held"), shown, one.held))
    add("place", one.place)
    add("source", one.source)
    add("dateline_outlet", one.dateline_outlet)
    for author in one.authors:
        add("authors", author)
    for editor in one.editors:
        add("editors", editor)
    add("organization", one.organization)
    level, kind, trust = one.level, one.kind, one.trust
    facts.append(("层级", markdown.label("levels", level.value.value), level))
    facts.append(("类型", markdown.label("kinds", kind.value.value), kind))
    facts.append(("可信度", markdown.labels("trust")[one.trust_label][0], trust))
    rows = []
    for name, value, fact in facts:
        evidence, where = fact.evidence, fact.evidence.where
        place = (
            f'<a href="#{where}">第{number[where]}段</a>' if where in number else escape.html(_place(where))
        )
        seen = evidence.quote or markdown.labels("unquoted").get(evidence.rule, "")
        quote = escape.html(cut(" ".join(seen.split()), QUOTE))
        shown = escape.html(cut(" ".join(value.split()), QUOTE)) + markdown.implied(fact)
        rows.append(
            f'<tr><th scope="row">{name}</th><td>{shown}</td>'
            f'<td translate="no">{quote}</td><td>{place}</td>'
            f"<td><code>{escape.html(evidence.rule)}</code></td></tr>"
        )
    return _details(
        f"各项依据（{len(facts)}）",
        "<table><thead><tr><th>事项</th><th>取值</th><th>原文</th><th>出处</th><th>规则</th></tr></thead><tbody>"
        + "\n".join(rows)
        + "</tbody></table>",
    )


def _place(where: str) -> str:
    return markdown.label("where", where)


def _details(summary: str, html: str) -> str:
    return f'<details class="digest-apparatus">\n<summary>{summary}</summary>\n<div>{html}</div>\n</details>'


def _ledger(one: Article, reasons: Mapping[str, str]) -> str:
    cleaned = one.cleaned
    every = f"../../edits/{one.id}.jsonl"  # HTML, which MkDocs leaves alone: from `articles/<id>/`
    total = sum(len(step.edits) for step in cleaned.passes)
    text = cleaned.original
    left = EDITS_SHOWN
    rules: list[tuple[bool, str]] = []
    whys = {line.text: line.reason for line in cleaned.dropped}
    for step in cleaned.passes:
        if step.edits:
            wording = any(collation.rewords(edit.before, edit.after) for edit in step.edits)
            shown = min(max(left, wording), EDITS_PER_RULE, len(step.edits))
            left -= shown
            rules.append((not wording, _rule(text, step, shown, reasons.get(step.rule, ""), every, whys)))
        text = edits.apply(text, step.edits)
    rules.sort(key=itemgetter(0))  # emendations first; each kind in the order of application
    intro = (
        "<p>改字在前，标点、空白和删去的行在后，各按施行次序排列，每条规则举例数处；"
        "全部改动逆施，即得采集原文。</p>\n"
    )
    return _details(f"校勘记（{total} 处）", intro + "\n".join(html for _, html in rules))


def _rule(text: str, step: Pass, shown: int, reason: str, every: str, whys: Mapping[str, str]) -> str:
    rows = []
    for edit in step.edits[:shown]:
        end = edit.start + len(edit.before)
        left = text[max(0, edit.start - CONTEXT) : edit.start].rpartition("\n")[2]
        right = text[end : end + CONTEXT].partition("\n")[0]
        before, after = _visible(edit.before), _visible(edit.after)
        rows.append(
            f"<li>{escape.html(left)}"
            + (f"<del>{before}</del>" if before else "")
            + (f"<ins>{after}</ins>" if after else "")
            + f"{escape.html(right)}{_why(edit.before, whys)}</li>"
        )
    more = len(step.edits) - shown
    rest = f'（<a href="{every}">另 {more} 处</a>）' if more else ""
    head = f"<code>{escape.html(step.rule)}</code> {escape.html(reason)}"
    return f'<p>{head} · {len(step.edits)} 处{rest}</p>\n<ul translate="no">{"".join(rows)}</ul>'


def _why(before: str, whys: Mapping[str, str]) -> str:
    """Why a dropped line was taken for what it is."""
    told = load("line_reasons").get(whys.get(before.strip("\n"), ""), "")
    return f"（{escape.html(told)}）" if told else ""


def _visible(text: str) -> str:
    """An edit's wording as a reader can see it: blanks and line feeds by signs, long ones cut."""
    text = cut(text, QUOTE).replace("\n", "⏎").replace("\t", "⇥")
    return escape.html(text if text.strip() else text.replace(" ", "␣").replace("\u3000", "□"))
