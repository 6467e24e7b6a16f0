"""The pages of organisations, and their index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from build_tools.core.site import Card, Page
from build_tools.graph.link import OrganizationEntry, Site
from build_tools.pages import bars, escape, lists, markdown
from build_tools.pages.markdown import label


def organization(entry: OrganizationEntry, site: Site) -> Iterator[lists.Sheet]:
    """An organisation: its place, those who took part in its meetings, the meetings."""

    def head(title: str, cards: Sequence[Card]) -> lists.Head:
        return {
            "title": title,
            "description": f"{title}：本站收录会议与讲话 {lists.counted(cards)}。",
            "page": "organization",
            "feed": f"organizations/{entry.slug}" if entry.cards else None,
            "updated": lists.updated(cards),
        }

    def show(cards: Sequence[Card], up: str) -> Iterator[str]:
        if cards:
            yield markdown.heading(2, "会议与讲话", "articles")
            yield lists.card_lines(cards, up)

    yield from lists.paged(
        f"organizations/{entry.slug}",
        head,
        partial(_about_organization, entry, site),
        entry.cards,
        card_of=lambda card: card,
        show=show,
        title=entry.name,
        jsonld={"@type": "Organization", "name": entry.name},
    )


def _about_organization(entry: OrganizationEntry, site: Site) -> list[str | None]:
    registered = entry.organization

    def named(name: str) -> str:
        return markdown.link(name, f"{site.organization_slugs[name]}.md")

    return [
        lists.crumbs(("首页", "../index.md"), ("机构", "index.md")),
        markdown.heading(1, entry.name, "title"),
        markdown.paragraph("未审校：此机构由规则从文中读出，编者尚未核对。", ".digest-note")
        if registered is None
        else None,
        lists.fact_rows(
            (
                ("又称", escape.markdown("、".join(registered.other_names)) if registered else ""),
                ("层级", label("levels", registered.level.value) if registered else ""),
                ("地方", escape.markdown(registered.place or "") if registered else ""),
                ("上级", named(entry.parent) if entry.parent else ""),
                ("下属", "、".join(map(named, entry.children))),
                ("收录", lists.counted(entry.cards)),
                ("逐年", lists.by_year(entry.cards)),
                ("出席者", lists.attending(entry.cards, site)),
            )
        ),
        bars.years(entry.cards),
        *lists.themes_of(entry.cards, site, "../"),
    ]


def index(site: Site) -> Iterator[Page]:
    by_slug = {entry.slug: entry for entry in site.organizations}

    def line(slug: str, up: str) -> str:
        entry: OrganizationEntry = by_slug[slug]
        level = label("levels", entry.organization.level.value) if entry.organization else "未审校"
        return (
            f"{markdown.link(entry.name, f'{up}{slug}.md')} {lists.small(f'{len(entry.cards)} 篇 · {level}')}"
        )

    yield from lists.names("organizations", list(by_slug), "机构", [], line)
