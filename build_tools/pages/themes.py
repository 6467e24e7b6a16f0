"""The pages of themes, and their tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from build_tools.core.article import ThemeHit
from build_tools.core.site import Card, Page
from build_tools.graph.link import Site, ThemeEntry
from build_tools.pages import bars, escape, lists, markdown

THEME_SHELF = 60
NEWEST = 12  # articles on the first page of a theme whose shelves have them all
ALSO = 12  # alternative names that a theme's page shows: some have fifty
BOUND = 5  # articles that make a book of a theme: a shorter one says no more than the theme's page


def _also(labels: Sequence[str]) -> str:
    """The foremost names; the open data has them all.

    >>> _also(["扬尘"]), _also(["扬尘"] * 14)[-13:]
    ('扬尘', '扬尘 · 扬尘等14种说法')
    """
    more = f"等{len(labels)}种说法" if len(labels) > ALSO else ""
    return " · ".join(labels[:ALSO]) + more


def bound(entry: ThemeEntry) -> bool:
    """Whether a build prints the theme's pack (`digest pdf --theme` prints any)."""
    return len(entry.hits) >= BOUND


def theme(entry: ThemeEntry, site: Site, printed: bool = False) -> lists.Sheets:
    """A theme: what it covers, its place among the others, who spoke of it, the articles and passages."""
    concept = entry.theme

    def head(title: str, hits: Sequence[tuple[Card, ThemeHit]]) -> lists.Head:
        note = concept.scope_note if concept is not None else ""
        return {
            "title": title,
            "description": note or f"主题“{title}”：本站收录 {lists.counted([card for card, _ in hits])}。",
            "page": "theme",
            "feed": f"themes/{entry.slug}" if entry.hits else None,
            "updated": lists.updated(card for card, _ in hits),
        }

    jsonld: dict[str, object] = {"@type": "DefinedTerm", "name": entry.label}
    if concept is not None and concept.scope_note:
        jsonld["description"] = concept.scope_note
    if concept is not None and concept.alt_labels:
        jsonld["alternateName"] = list(concept.alt_labels)
    return lists.paged(
        f"themes/{entry.slug}",
        head,
        partial(_about_theme, entry, site, printed),
        entry.hits,
        card_of=lambda hit: hit[0],
        show=partial(_hits, site, entry.label),
        title=entry.label,
        jsonld=jsonld,
        limit=THEME_SHELF,
        newest=NEWEST,
    )


def _about_theme(entry: ThemeEntry, site: Site, printed: bool) -> list[str | None]:
    concept = entry.theme
    cards = [card for card, _ in entry.hits]

    def named(labels: Sequence[str]) -> str:
        return "、".join(markdown.link(name, f"{site.theme_slugs[name]}.md") for name in labels)

    spoke: Counter[tuple[str, str]] = Counter()
    for card in cards:
        for slug, name, theme, count in site.spoke[card.id]:
            spoke[slug, name] += count * (theme == entry.label)
    best = sorted(((-count, who) for who, count in spoke.items() if count))[: lists.TOGETHER_SHOWN]
    speakers = "、".join(
        f"{markdown.link(name, f'../people/{slug}.md')} {-minus} 段" for minus, (slug, name) in best
    )
    return [
        lists.crumbs(("首页", "../index.md"), ("主题", "index.md")),
        markdown.heading(1, entry.label, "title"),
        escape.markdown(concept.scope_note) if concept is not None and concept.scope_note else None,
        lists.fact_rows(
            (
                ("又称", escape.markdown(_also(concept.alt_labels)) if concept is not None else ""),
                ("上位", named(entry.broader)),
                ("下位", named(entry.narrower)),
                ("参见", named(entry.related)),
                ("收录", lists.counted(cards)),
                ("逐年", lists.by_year(cards)),
                ("谈及者", speakers or ("本站所收文章没有记下谁谈过" if cards else "")),
                (
                    "印刷版",
                    markdown.link("主题汇编（PDF）", f"../pdf/themes/{entry.slug}.pdf")
                    if printed and cards
                    else "",
                ),
            )
        ),
        bars.years(cards),
    ]


def _hits(site: Site, label: str, hits: Sequence[tuple[Card, ThemeHit]], up: str) -> Iterator[str]:
    if not hits:
        return
    yield markdown.heading(2, "文章与段落", "articles")
    lines = []
    for card, _ in hits:
        count, shown = site.excerpts(card.id).passages.get(label, (0, ()))
        lines.append(f"- {lists.card_line(card, up)}")
        for where, words in shown:
            target = f"{up}articles/{card.id}.md#{where}"
            lines.append(f"    - {markdown.link(words, target)}")
        if count > len(shown):
            lines.append(f"    - 另有 {count - len(shown)} 段")
    yield "\n".join(lines)


def index(site: Site) -> Page:
    """The thesaurus as a tree: narrower themes under their broader ones."""
    by_label = {entry.label: entry for entry in site.themes}
    lines: list[str] = []
    told: set[str] = set()

    def tell(entry: ThemeEntry, depth: int) -> None:
        if entry.label in told and depth == 0:
            return
        again = entry.label in told
        told.add(entry.label)
        articles = sum(card.attests for card, _ in entry.hits)
        count = f"{articles} 篇" if articles else "暂无"
        lines.append(
            f"{'    ' * depth}- {markdown.link(entry.label, f'{entry.slug}.md')} {lists.small(count)}"
        )
        for name in () if again else entry.narrower:
            if name in by_label:
                tell(by_label[name], depth + 1)

    for entry in site.themes:
        if not entry.broader:
            tell(entry, 0)
    for entry in site.themes:  # a circle of broader terms has no top
        tell(entry, 0)
    return lists.page(
        "themes/index.md",
        "主题",
        "主题词表：上位词之下列下位词。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "主题", "title"),
            "\n".join(lines) or "暂无主题。",
        ),
        updated=lists.updated(site.cards),
    )
