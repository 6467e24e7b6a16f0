"""The ledger of numbers and deadlines over the whole site, newest first, each linked to its paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from build_tools.core.site import Card
from build_tools.graph.link import Site
from build_tools.pages import escape, lists, markdown

SHELF = 20  # articles a page: some have thirty promises
NEWEST = 10
ABOUT = (
    "会议与讲话中有数量或时限的话，由规则从文中读出，一项一行，都链接到原段。"
    "可按字句、机构、主题、类型（数量、时限）筛选；范文和受损文本不计。"
)


def ledger(site: Site) -> Iterator[lists.Sheet]:
    """`commitments/index` and a page for each year or month of a long list."""
    cards = [card for card in site.cards if card.attests and card.promises]

    def head(title: str, some: Sequence[Card]) -> lists.Head:
        return {
            "title": title,
            "description": f"{title}：{sum(card.promises for card in some)} 项，{len(some)} 篇，逐项注明出处。",
            "page": "ledger",
            "updated": lists.updated(some),
        }

    def show(some: Sequence[Card], up: str) -> Iterator[str]:
        if not some:
            yield "暂无文章。"
            return
        rows = []
        for card in some:
            for one in site.excerpts(card.id).promises:
                page = f"{up}articles/{card.id}.md"
                kind = "、".join(filter(None, ("数量" * bool(one.quantity), "时限" * bool(one.deadline))))
                told = " · ".join(filter(None, (kind, card.organization or "", *one.themes)))
                place = markdown.link(f"第{one.number}段", f"{page}#{one.where}")
                rows.append(
                    (
                        f"{escape.markdown(one.text)} {lists.small(told)}",
                        escape.markdown(one.quantity or "—"),
                        escape.markdown(one.deadline or "—"),
                        f"{markdown.link(markdown.date(card.filed), page)} {place}",
                    )
                )
        yield markdown.table(("内容", "数量", "时限", "出处"), rows)

    yield from lists.paged(
        "commitments/index",
        head,
        lambda: (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "数字与时限", "title"),
            ABOUT,
        ),
        cards,
        card_of=lambda card: card,
        show=show,
        title="数字与时限",
        limit=SHELF,
        newest=NEWEST,
    )
