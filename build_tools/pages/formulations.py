"""The pages of formulations (提法), and their list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from build_tools.core.site import Card, Occurrence, Page, volume_of
from build_tools.graph.link import FormulationEntry, Site
from build_tools.pages import bars, escape, lists, markdown

ENOUGH = 10  # articles of a year that a percentage may be given of
SCOPE = (
    "同一提法在本站 {} 篇文章（标题、提要、小标题和正文）中的始见、末见与次数。"
    "始见指本站所收，不是最早的出处；范文和受损文本不作依据，不计入。"
)
SHELF = 40  # articles a page, each with all its places
Articles = tuple[Card, int]  # an article, how many places it has


def formulation(entry: FormulationEntry, per_year: Mapping[str, int], site: Site) -> lists.Sheets:
    """A formulation (提法): first and last seen, wordings, a table of its years (`per_year`: articles), every place."""
    item = entry.formulation
    counts = Counter(card.id for card, _, _ in entry.hits)
    found: list[Articles] = [
        (card, counts[card.id]) for card in {card.id: card for card, _, _ in entry.hits}.values()
    ][::-1]

    def show(some: Sequence[Articles], up: str) -> Iterator[str]:
        if some:
            yield markdown.heading(2, "出处", "articles")
            lines = []
            for card, count in some:
                lines.append(f"- {lists.card_line(card, up, f'{count} 处')}")
                for place in site.excerpts(card.id).formulations.get(item.id, ()):
                    lines.append(f"    - {_place(card, place, up)}")
            yield "\n".join(lines)

    return lists.paged(
        f"formulations/{item.id}",
        lambda title, some: {
            "title": title,
            "description": item.note or f"提法“{title}”的始见、末见、写法与全部出处。",
            "page": "formulation",
            "updated": lists.updated(card for card, _ in some),
        },
        partial(_about, entry),
        found,
        card_of=lambda one: one[0],
        show=show,
        title=item.label,
        jsonld={"@type": "DefinedTerm", "name": item.label},
        limit=SHELF,
        years=partial(_years, entry, per_year),
    )


def _place(card: Card, place: Occurrence, up: str) -> str:
    """An occurrence between the words around it, which lead to its paragraph."""
    anchor = "title" if place.where == "deck" else place.where
    name = f"第{place.number}段" if place.number else markdown.label("where", place.where)
    name = "小标题" if place.where.startswith("h-") else name
    words = f"{escape.markdown('…' + place.before)[1:]}**{escape.markdown(place.variant)}**"
    words += escape.markdown("…" + place.after)[1:]
    return f"{words} *{markdown.link(name, f'{up}articles/{card.id}.md#{anchor}')}*{{ .digest-at }}"


def _units(hits: Sequence[tuple[Card, str, str]]) -> str:
    """`16 处，2 篇`."""
    return f"{len(hits)} 处，{len({card.id for card, _, _ in hits})} 篇"


def _about(entry: FormulationEntry) -> list[str | None]:
    item = entry.formulation
    dated, counted = entry.dated, entry.attested
    rest = [hit for hit in entry.hits if not hit[0].attests]

    def seen(hit: tuple[Card, str, str]) -> str:
        card, variant, where = hit
        anchor = "title" if where == "deck" else where
        said = markdown.link(markdown.date(card.filed), f"../articles/{card.id}.md#{anchor}")
        return f"{said} {escape.markdown(card.title)}（{escape.markdown(variant)}）"

    told = _units(counted) if counted else "暂无"
    intro: list[str | None] = [
        lists.crumbs(("首页", "../index.md"), ("提法", "index.md")),
        markdown.heading(1, item.label, "title"),
        escape.markdown(item.note) if item.note else None,
        lists.fact_rows(
            (
                ("始见", seen(dated[0]) if dated else ""),
                ("末见", seen(dated[-1]) if dated else ""),
                ("出现", told + (f"；范文或受损文本中另有 {_units(rest)}，不计" if rest else "")),
            )
        ),
    ]
    if item.parts:
        intro += [markdown.heading(2, "内容", "parts"), markdown.bullets(map(escape.markdown, item.parts))]
    variants: dict[str, list[tuple[Card, str, str]]] = {}
    for hit in counted:
        variants.setdefault(hit[1], []).append(hit)
    if variants:
        intro += [
            markdown.heading(2, "写法", "variants"),
            markdown.bullets(
                f"{escape.markdown(variant)} {lists.small(_units(hits))}"
                for variant, hits in sorted(variants.items(), key=lambda pair: (-len(pair[1]), pair[0]))
            ),
        ]
    return intro


def _years(
    entry: FormulationEntry, per_year: Mapping[str, int], shelves: Mapping[str, str]
) -> Iterator[str | None]:
    """The one table of years; a year leads to its shelves where the places are on several pages."""
    pages: dict[str, list[str]] = {}
    for shelf, address in shelves.items():
        pages.setdefault(volume_of(shelf), []).append(f"[{lists.shelf_name(shelf)}]({address})")
    rows = []
    years = {
        year: list(hits)
        for year, hits in groupby(entry.attested[::-1], key=lambda hit: volume_of(hit[0].filed))
    }
    for year in sorted({*years, *pages}, key=lambda name: (name.isdigit(), name), reverse=True):
        hits = years.get(year, [])
        articles = len({card.id for card, _, _ in hits})
        name = f"{year}年" if year.isdigit() else "日期不详、不计"
        share = f"{100 * articles / per_year[year]:.0f}&#37;" if per_year[year] >= ENOUGH else "—"
        shown = "、".join(pages.get(year, ())) or name
        rows.append((shown, f"{len(hits)} 处", f"{articles} 篇", f"{per_year[year]} 篇", share))
    if rows:
        yield markdown.heading(2, "逐年", "years")
        yield bars.years({hit[0].id: hit[0] for hit in entry.attested}.values(), "逐年有此提法的篇数")
        yield markdown.table(("年份", "出现", "有此提法", "当年收录", "占篇数"), rows)
        if any(per_year[year] < ENOUGH for year in years):
            yield lists.small(f"当年收录不足 {ENOUGH} 篇的，不算百分比。")


def index(site: Site) -> Page:
    rows, without = [], []
    for entry in site.formulations:
        name = markdown.link(entry.formulation.label, f"{entry.formulation.id}.md")
        counted, dated = entry.attested, [markdown.date(card.filed) for card, _, _ in entry.dated]
        if not counted:
            without.append(name)
            continue
        first, last = (dated[0], dated[-1]) if dated else ("—", "—")
        articles = {card.id for card, _, _ in counted}
        rows.append((name, *map(escape.markdown, (first, last)), f"{len(counted)} 处", f"{len(articles)} 篇"))
    return lists.page(
        "formulations/index.md",
        "提法",
        "固定提法在本站文章中的始见、末见与写法。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "提法", "title"),
            SCOPE.format(sum(card.attests for card in site.cards)),
            markdown.table(("提法", "始见", "末见", "出现", "篇数"), rows) if rows else "暂无提法。",
            f"这些文章中没有的：{'、'.join(without)}。" if without else None,
        ),
        updated=lists.updated(site.cards),
    )
