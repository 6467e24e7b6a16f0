"""The ledger of numbers and deadlines over the whole site, newest first, each linked to its paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from build_tools.core.site import Card, Promise
from build_tools.graph.link import Site
from build_tools.pages import escape, lists, markdown

SHELF = 20  # articles a page: some have thirty promises
NEWEST = 10
THEMES_TOLD = 3  # beside a row
ABOUT = (
    "会议与讲话中有数量或时限的话，由规则从文中读出，一项一行，都链接到原段；范文和受损文本不计。"
    "可按字句、主题、机构、年份、类型（数量、时限）筛选全站；各主题、各年另有清单。"
)


def form(count: int) -> str:
    """In the page from the first paint, filled by ledger.js; nothing moves when that comes late."""
    fields = "".join(
        f'<label>{label} <select name="{name}"><option value="">全部</option></select></label>'
        for name, label in (("theme", "主题"), ("organization", "机构"), ("year", "年份"), ("kind", "类型"))
    )
    return (
        '<form class="digest-filter" role="search" aria-label="筛选全站的数字与时限">'
        f'<label>字句 <input type="search" name="text"></label>{fields}'
        f'<button class="digest-button" type="submit">筛选</button><p role="status">全站 {count} 项</p></form>'
    )


def ledger(site: Site) -> Iterator[lists.Sheets]:
    """`commitments/index`, a page for each theme, and one for each year or month of a long list."""
    cards = [card for card in site.cards if card.attests and card.promises]
    about: dict[str, list[Card]] = {}
    for card in cards:
        for theme, _ in card.promised:
            about.setdefault(theme, []).append(card)
    pages = [(entry.label, entry.slug) for entry in site.themes if entry.label in about]

    def intro() -> Iterator[str]:
        yield lists.crumbs(("首页", "../index.md"))
        yield markdown.heading(1, "数字与时限", "title")
        yield f"{ABOUT}{markdown.link('全部数据', '../data/commitments.jsonl')}"
        counts = Counter(theme for card in cards for theme, number in card.promised for _ in range(number))
        links = (
            f"{markdown.link(label, f'{slug}.md')}{lists.GLUE}{lists.small(f'{counts[label]} 项')}"
            for label, slug in pages
        )
        if pages:
            yield markdown.paragraph(f"按主题：{' '.join(links)}", ".digest-cloud")
        yield form(sum(card.promises for card in cards))

    told = " ".join(f"{label} {slug}" for label, slug in pages)
    yield _sheets(site, "commitments/index", "数字与时限", cards, "", intro)._replace(about=told)
    for label, slug in pages:
        title = f"数字与时限：{label}"
        intro_of = partial(_of_theme, title, slug)
        pages_of = _sheets(site, f"commitments/{slug}", title, about[label], label, intro_of)
        yield pages_of._replace(about=label)


def _of_theme(title: str, slug: str) -> Iterator[str]:
    yield lists.crumbs(("首页", "../index.md"), ("数字与时限", "index.md"))
    yield markdown.heading(1, title, "title")
    yield f"论及此主题的段落里有数量或时限的话。主题页：{markdown.link(title.partition('：')[2], f'../themes/{slug}.md')}"


def _sheets(
    site: Site, path: str, title: str, cards: Sequence[Card], theme: str, intro: Callable[[], Iterator[str]]
) -> lists.Sheets:
    def head(title: str, some: Sequence[Card]) -> lists.Head:
        count = sum(dict(card.promised).get(theme, 0) if theme else card.promises for card in some)
        return {
            "title": title,
            "description": f"{title}：{count} 项，{len(some)} 篇，逐项注明出处。",
            "page": "list" if theme else "ledger",
            "updated": lists.updated(some),
        }

    def show(some: Sequence[Card], up: str) -> Iterator[str]:
        yield table(site, some, up, theme) if some else "暂无文章。"

    return lists.paged(
        path,
        head,
        intro,
        cards,
        card_of=lambda card: card,
        show=show,
        title=title,
        limit=SHELF,
        newest=NEWEST,
    )


def table(site: Site, cards: Sequence[Card], up: str, theme: str = "", most: int | None = None) -> str:
    """The numbers and deadlines of the articles, those of a `theme` alone, at `most` so many."""
    rows = (
        (
            f"{escape.markdown(one.text)} {lists.small(_about(card, one))}",
            escape.markdown(one.quantity or "—"),
            escape.markdown(one.deadline or "—"),
            f"{markdown.link(markdown.date(card.filed), f'{up}articles/{card.id}.md')}{{ .digest-whole }} "
            + markdown.link(f"第{one.number}段", f"{up}articles/{card.id}.md#{one.where}"),
        )
        for card in cards
        for one in site.excerpts(card.id).promises
        if not theme or theme in one.themes
    )
    return markdown.table(("内容", "数量", "时限", "出处"), islice(rows, most))


def _about(card: Card, one: Promise) -> str:
    kind = "、".join(filter(None, ("数量" * bool(one.quantity), "时限" * bool(one.deadline))))
    return " · ".join(filter(None, (kind, card.organization or "", *one.themes[:THEMES_TOLD])))
