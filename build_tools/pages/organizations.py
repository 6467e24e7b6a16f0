"""The pages of organisations, and their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from build_tools.core.article import Level, Role
from build_tools.core.site import Card, Page
from build_tools.graph.addresses import text_slug
from build_tools.graph.link import OrganizationEntry, Site, person_key
from build_tools.pages import bars, escape, ledger, lists, markdown
from build_tools.pages.markdown import label

LEADING = 40  # people who presided, the latest
PROMISES = 20  # numbers and deadlines on an organisation's page


def organization(entry: OrganizationEntry, site: Site) -> lists.Sheets:
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
        promising = [card for card in cards if card.attests and card.promises]
        if promising:
            yield markdown.heading(2, "数字与时限", "commitments")
            yield ledger.table(site, promising, up, most=PROMISES)
            yield f"最近的至多 {PROMISES} 项；{markdown.link('全站可按机构筛选', f'{up}commitments/index.md')}。"

    return lists.paged(
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
        *leaders(entry, site),
        *lists.themes_of(entry.cards, site, "../"),
    ]


def index(site: Site) -> Iterator[Page]:
    """By level and place; a long list by pinyin."""
    by_slug = {entry.slug: entry for entry in site.organizations}
    spelt = {slug: text_slug(entry.name) for slug, entry in by_slug.items()}

    def line(slug: str, up: str) -> str:
        entry: OrganizationEntry = by_slug[slug]
        place = entry.organization.place if entry.organization else None
        level = (
            label("levels", _level(entry)) if up or len(by_slug) > lists.NAMES else ""
        )  # else a heading says it
        said = [lists.counted(entry.cards), level, place or ""]
        said += [] if entry.organization else ["未审校"]
        return f"{markdown.link(entry.name, f'{up}{slug}.md')} {lists.small(' · '.join(filter(None, said)))}"

    if len(by_slug) > lists.NAMES:
        yield from lists.names("organizations", spelt, "机构", [], line)
        return
    body: list[str | None] = [lists.crumbs(("首页", "../index.md")), markdown.heading(1, "机构", "title")]
    for level in Level:
        slugs = [slug for slug, entry in by_slug.items() if _level(entry) == level]
        if slugs:
            places = {
                slug: (one.place or "") if (one := by_slug[slug].organization) else "" for slug in slugs
            }
            slugs.sort(key=lambda slug: (text_slug(places[slug]), spelt[slug]))
            body += [
                markdown.heading(2, label("levels", level.value), f"level-{level.value}"),
                markdown.bullets(line(slug, "") for slug in slugs),
            ]
    yield lists.page("organizations/index.md", "机构", "按层级和地方排列的机构。", body)


def _level(entry: OrganizationEntry) -> Level:
    """The registry's level, else that of most of its articles."""
    if entry.organization is not None and entry.organization.level is not Level.UNKNOWN:
        return entry.organization.level
    counts = Counter(card.level for card in entry.cards)
    return max(Level, key=lambda level: counts[level]) if counts else Level.UNKNOWN


def leaders(entry: OrganizationEntry, site: Site) -> Iterator[str]:
    """Those whom the registry of people gives a post here, over time."""
    names = {entry.name, *(entry.organization.other_names if entry.organization else ())}
    rows = {row for name in names for row in site.posts.get(name, ())}
    if rows:
        yield markdown.heading(2, "历任与现任", "leaders")
        yield markdown.table(
            ("姓名", "职务", "起", "止"),
            (
                (
                    markdown.link(name, f"../people/{slug}.md"),
                    escape.markdown(office),
                    escape.markdown(markdown.date(start)) if start else "—",
                    escape.markdown(markdown.date(end)) if end else "—",
                )
                for start, end, slug, office, name in sorted(rows, reverse=True)
            ),
        )
    yield from _leading(entry, site)


def _leading(entry: OrganizationEntry, site: Site) -> Iterator[str]:
    """Those who led its meetings as the articles have them: each office as worded, from when to when it is read."""
    seen: dict[str, tuple[dict[str, None], list[str]]] = {}
    for card in entry.cards:
        if not card.filed[:1].isdigit():
            continue
        for who in card.people:
            if not who.weak and Role.PRESIDES in who.roles:
                slug = site.person_slugs[person_key(who.name, who.person_id)]
                offices, days = seen.setdefault(slug, ({}, []))
                offices.update(dict.fromkeys(who.offices))
                days.append(card.filed)
    if not seen:
        return
    names = {one.slug: one.name for one in site.people if one.slug in seen}
    yield markdown.heading(2, "历次主持者", "presided")
    yield "各篇写明主持本机构会议的人，职务照原文。"
    yield markdown.table(
        ("姓名", "职务", "首见", "末见", "会议"),
        (
            (
                markdown.link(names[slug], f"../people/{slug}.md"),
                "；".join(map(escape.markdown, offices)) or "—",
                escape.markdown(markdown.date(min(days))),
                escape.markdown(markdown.date(max(days))),
                f"{len(days)} 次",
            )
            for slug, (offices, days) in sorted(
                seen.items(), key=lambda one: (max(one[1][1]), one[0]), reverse=True
            )[:LEADING]
        ),
    )
