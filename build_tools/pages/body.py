"""The text of an article's page: every paragraph as it is, with what is beside and inside it.

The element that holds a paragraph bears the paragraph's id and shows its text character for character; emphasis,
links and gap marks add no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.core.article import Article, BodyItem, Gap, Statement
from build_tools.core.text import Words, cut
from build_tools.facts.tokens import mask
from build_tools.graph.link import ArticleContext, Shared
from build_tools.pages import escape, markdown
from build_tools.pages.spans import Span, nested

QUOTED = 24  # characters of a shared sentence that are shown beside its paragraph


def blocks(one: Article, context: ArticleContext, number: Mapping[str, int]) -> Iterable[str]:
    if not one.body:
        return
    yield markdown.heading(2, "正文", "text")
    gaps: dict[str, list[Gap]] = {}
    for gap in one.gaps:
        gaps.setdefault(gap.paragraph, []).append(gap)
    links = _first_mentions(one, context)
    speakers = _speakers(one)
    for item in one.body:
        if item.level:
            yield markdown.heading(min(item.level + 1, 6), item.text, item.id)
        else:
            yield _side(item.id, number[item.id], speakers.get(item.id, ()))
            text = body_text(item, gaps.get(item.id, ()), links.get(item.id, ()))
            yield markdown.paragraph(text, f"#{item.id}")
            yield from _shared(item, context.shared)


def _shared(item: BodyItem, shared: Iterable[Shared]) -> Iterator[str]:
    """Beside a passage, the other articles that have its sentence word for word, in the order of the sentences."""
    found: dict[str, list[str]] = {}
    for one in shared:
        if one.where == item.id and one.sentence in item.text:
            link = markdown.link(one.other.title, f"{one.other.id}.md#{one.there}")
            day = f"（{markdown.date(one.other.date)}）" if one.other.date else ""
            found.setdefault(one.sentence, []).append(f"{link}{day}")
    for sentence in sorted(found, key=item.text.index):
        told = f"同句“{escape.markdown(cut(sentence, QUOTED))}”又见：{'、'.join(found[sentence])}"
        yield markdown.paragraph(told, ".digest-shared")


def _speakers(one: Article) -> dict[str, tuple[str, ...]]:
    """Paragraph → who speaks in it: a person, a collective, or 引 and whom another's words quote."""
    here: dict[str, list[Statement]] = {}
    for said in one.statements:
        here.setdefault(said.paragraph, []).append(said)
    out = {}
    for where, all_of in here.items():
        names = []
        for said in all_of:
            quoted = any(said is not other and said.text in other.text for other in all_of)
            names.append(f"{'引' * quoted}{said.person or said.collective or ''}")
        out[where] = tuple(dict.fromkeys(filter(None, names)))
    return out


def _side(where: str, number: int, speakers: Sequence[str]) -> str:
    """What is beside a paragraph and never inside it: its number, which is its link, and who speaks."""
    who = "".join(f'<span class="digest-who">{escape.html(name)}</span>' for name in speakers)
    mark = f'<a class="digest-anchor" href="#{where}" aria-label="第{number}段">{number}</a>'
    return f'<div class="digest-side">{mark}{who}</div>'


def _first_mentions(one: Article, context: ArticleContext) -> dict[str, list[tuple[int, int, str]]]:
    """Paragraph → (start, end, target) of what is linked in it: each person, theme and formulation once."""
    out: dict[str, list[tuple[int, int, str]]] = {}
    texts = {item.id: item.text for item in one.paragraphs}

    def add(where: str, start: int, end: int, target: str) -> None:
        taken = out.setdefault(where, [])
        if 0 <= start < end and all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, target))

    slugs = dict(context.people)
    names = Words(slugs)
    seen: set[str] = set()
    for where, text in texts.items():
        if len(seen) == len(set(slugs.values())):
            break
        for found in names.within(text).finditer(mask(text)):
            if slugs[found.word] not in seen:
                seen.add(slugs[found.word])
                add(where, found.start, found.end, f"../people/{slugs[found.word]}.md")
    for name, wording, where in context.formulations:
        start = texts.get(where, "").find(wording)
        add(where, start, start + len(wording), f"../formulations/{name}.md")
    themes = dict(context.themes)
    for hit in one.themes:
        for where, start, end in hit.passages[:1] if hit.label in themes else ():
            if where in texts:
                add(where, start, min(end, len(texts[where])), f"../themes/{themes[hit.label]}.md")
    return out


def body_text(item: BodyItem, gaps: Sequence[Gap] = (), links: Iterable[tuple[int, int, str]] = ()) -> str:
    """Markdown of a paragraph: lead clauses strong, gaps marked, links put in, the visible text unchanged.

    >>> body_text(BodyItem("p-1", "一是抓规划。****观。", lead=((0, 6),)), [Gap("p-1", 6, "****", "世界")])
    '**一是抓规划。**<span class="gap" title="疑作“世界”（编者推测）">&#42;&#42;&#42;&#42;</span>观。'
    >>> body_text(BodyItem("p-1", "一是抓规划。", lead=((0, 6),)), links=[(3, 5, "../themes/plan.md")])
    '**一是抓[规划](../themes/plan.md)。**'
    """
    text = item.text
    spans: list[Span] = []
    for gap in sorted(gaps, key=lambda g: g.start):
        end = gap.start + len(gap.surface)
        if (
            gap.surface
            and text.startswith(gap.surface, gap.start)
            and (not spans or spans[-1].end <= gap.start)
        ):
            spans.append(Span(gap.start, end, f'<span class="gap" title="{_gap_title(gap)}">', "</span>"))
    last = -1
    for start, end in sorted(item.lead):
        stop = min(end, len(text))
        start += len(text[start:stop]) - len(text[start:stop].lstrip())  # noqa: PLW2901
        stop -= len(text[start:stop]) - len(text[start:stop].rstrip())
        crossing = any(one.start < stop and start < one.end for one in spans)
        if start < stop and start > last and not crossing:  # two strong runs never touch
            spans.append(Span(start, stop, "**", "**"))
            last = stop
    for start, end, target in links:
        apart = (
            end <= one.start
            or one.end <= start
            or (one.before == "**" and one.start <= start and end <= one.end)
            for one in spans
        )
        if all(apart):
            spans.append(Span(start, end, "[", f"]({target})"))
    spans.sort(key=lambda one: one.before != "**")
    return nested(text, spans, _shown)


def _shown(text: str, at: int) -> str:
    """Escaped text that stands at `at` of its block: list markers are read at the start only."""
    return escape.markdown(text) if at == 0 else escape.markdown(f"甲{text}")[1:]


def _gap_title(gap: Gap) -> str:
    note = markdown.label("gaps", gap.note)
    said = f"疑作“{gap.reading}”（编者推测）" if gap.reading else note or markdown.label("gaps", "lost")
    return escape.markdown(said).replace('"', "&quot;")
