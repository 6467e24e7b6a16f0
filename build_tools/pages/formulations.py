"""The pages of formulations (提法), and their list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from build_tools.core.site import Card, Page, volume_of
from build_tools.graph.link import FormulationEntry, Site
from build_tools.pages import escape, lists, markdown


def formulation(entry: FormulationEntry, per_year: Counter[str]) -> Iterator[lists.Sheet]:
    """A formulation (提法): first and last seen, variants, share of each year (`per_year`: articles)."""
    item = entry.formulation

    def show(hits: Sequence[tuple[Card, str, str]], up: str) -> Iterator[str]:
        if hits:
            yield markdown.heading(2, "出处", "articles")
            yield markdown.bullets(lists.card_line(card, up, variant, where) for card, variant, where in hits)

    yield from lists.paged(
        f"formulations/{item.id}",
        lambda title, hits: {
            "title": title,
            "description": item.note or f"提法“{title}”的始见、末见与写法。",
            "page": "formulation",
            "updated": lists.updated(card for card, _, _ in hits),
        },
        partial(_about_formulation, entry, per_year),
        entry.hits[::-1],
        card_of=lambda hit: hit[0],
        show=show,
        title=item.label,
        jsonld={"@type": "DefinedTerm", "name": item.label},
    )


def _about_formulation(entry: FormulationEntry, per_year: Counter[str]) -> list[str | None]:
    item = entry.formulation
    articles = list(dict.fromkeys(card.id for card, _, _ in entry.hits))
    variants = Counter(variant for _, variant, _ in entry.hits)
    in_year: dict[str, set[str]] = {}
    for card, _, _ in entry.hits:
        in_year.setdefault(volume_of(card.date), set()).add(card.id)
    dated = entry.dated

    def seen(hit: tuple[Card, str, str]) -> str:
        card, variant, where = hit
        said = markdown.link(markdown.date(card.date), f"../articles/{card.id}.md#{where}")
        return f"{said} {escape.markdown(card.title)}{markdown.trust_mark(card.trust)}（{escape.markdown(variant)}）"

    intro: list[str | None] = [
        lists.crumbs(("首页", "../index.md"), ("提法", "index.md")),
        markdown.heading(1, item.label, "title"),
        escape.markdown(item.note) if item.note else None,
        lists.fact_rows(
            (
                ("始见", seen(dated[0]) if dated else ""),
                ("末见", seen(dated[-1]) if dated else ""),
                (
                    "收录",
                    f"{len(articles)} 篇有此提法，全站 {per_year.total()} 篇" if articles else "暂无文章",
                ),
            )
        ),
    ]
    if item.parts:
        intro += [markdown.heading(2, "内容", "parts"), markdown.bullets(map(escape.markdown, item.parts))]
    if variants:
        intro += [
            markdown.heading(2, "写法", "variants"),
            markdown.bullets(
                f"{escape.markdown(variant)} {lists.small(f'{count} 处')}"
                for variant, count in sorted(variants.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
            markdown.heading(2, "逐年", "years"),
            markdown.table(
                ("年份", "有此提法", "当年收录", "占比"),
                (
                    (
                        year if year.isdigit() else "日期不详",
                        f"{len(ids)} 篇",
                        f"{per_year[year]} 篇",
                        f"{100 * len(ids) / per_year[year]:.0f}&#37;",
                    )
                    for year, ids in sorted(in_year.items(), reverse=True)
                ),
            ),
        ]
    return intro


def index(site: Site) -> Page:
    rows = []
    for entry in site.formulations:
        dated = [card.date for card, _, _ in entry.dated]
        rows.append(
            (
                markdown.link(entry.formulation.label, f"{entry.formulation.id}.md"),
                escape.markdown(markdown.date(dated[0])) if dated else "—",
                escape.markdown(markdown.date(dated[-1])) if dated else "—",
                str(len({card.id for card, _, _ in entry.hits})),
            )
        )
    return lists.page(
        "formulations/index.md",
        "提法",
        "固定提法在本站文章中的始见、末见与写法。",
        (
            markdown.heading(1, "提法", "title"),
            f"同一提法在本站 {len(site.cards)} 篇文章中的始见、末见与写法。始见指本站所收，不是最早的出处；范文的日期只是上传之日，不计入。",
            markdown.table(("提法", "始见", "末见", "篇数"), rows) if rows else "暂无提法。",
        ),
        updated=lists.updated(site.cards),
    )
