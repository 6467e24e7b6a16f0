"""The pages of people, themes, organisations and formulations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from build_tools import escape, lists, parts
from build_tools.core.article import Role, ThemeHit
from build_tools.core.registry import Post
from build_tools.core.site import Card
from build_tools.core.text import cut
from build_tools.core.web_address import WebAddress
from build_tools.graph.link import (
    Appearance,
    FormulationEntry,
    OrganizationEntry,
    PersonEntry,
    Site,
    ThemeEntry,
    has_feed,
    volume_of,
)
from build_tools.parts import label

ROLES = tuple(Role)
OFFICES_SHOWN = 40
TOGETHER_SHOWN = 12
THEMES_SHOWN = 12
THEME_SHELF = 60
Spoken = tuple[int, tuple[tuple[str, str, str], ...]]  # how many, the first (models.Excerpts)
TITLE = 24  # characters of an article's title that a cell of a table shows


def _fact_rows(rows: Iterable[tuple[str, str]]) -> str:
    return parts.bullets(f"**{name}** {markdown}" for name, markdown in rows if markdown)


# --- people ------------------------------------------------------------------


def person(entry: PersonEntry, site: Site) -> Iterator[lists.Sheet]:
    """A person: offices with dates and evidence, meetings by role, statements with their paragraphs."""
    registered = entry.person

    def head(title: str, rows: Sequence[Appearance]) -> lists.Head:
        return {
            "title": title,
            "description": f"{title}：本站收录 {len(rows)} 篇相关会议与讲话。",
            "page": "person",
            "feed": f"people/{entry.slug}" if has_feed(entry) else None,
            "updated": lists.updated(row.card for row in rows),
        }

    jsonld: dict[str, object] = {"@type": "Person", "name": entry.name}
    if registered is not None and registered.other_names:
        jsonld["alternateName"] = list(registered.other_names)
    if registered is not None and registered.posts:
        jsonld["jobTitle"] = [post.office for post in registered.posts]
    yield from lists.paged(
        f"people/{entry.slug}",
        head,
        partial(_about_person, entry, site),
        entry.appearances,
        card_of=lambda row: row.card,
        show=partial(_appearances, site),
        title=entry.name,
        jsonld=jsonld,
    )


def _about_person(entry: PersonEntry, site: Site) -> list[str | None]:
    registered = entry.person
    cards = [row.card for row in entry.appearances]
    counts = Counter(role for row in entry.appearances for role in row.roles)
    roles = " · ".join(f"{label('roles', role.value)} {counts[role]}" for role in ROLES if counts[role])
    years = sorted(card.date for card in cards if card.date)
    span = f"{parts.date(years[0])}至{parts.date(years[-1])}" if years else ""
    return [
        lists.crumbs(("首页", "../index.md"), ("人物", "index.md")),
        parts.heading(1, entry.name, "title"),
        parts.paragraph("未审校：此人由规则从文中读出，编者尚未核对，同名者可能并在一处。", ".digest-note")
        if registered is None
        else None,
        escape.markdown(registered.summary) if registered is not None and registered.summary else None,
        _fact_rows(
            (
                ("又名", escape.markdown("、".join(registered.other_names)) if registered else ""),
                ("收录", f"{len(cards)} 篇"),
                ("起讫", escape.markdown(span)),
                ("角色", escape.markdown(roles)),
            )
        ),
        *_posts(registered.posts if registered else (), {card.id: card for card in cards}),
        *_offices(entry.appearances),
        *_together(entry, site),
        *_themes_of(cards, site, "../"),
    ]


def _posts(posts: Sequence[Post], articles: Mapping[str, Card]) -> Iterator[str]:
    """The curated posts; what several sources tell is one row with all of them."""
    if posts:
        told: dict[Post, list[str | None]] = {}
        for post in posts:
            told.setdefault(replace(post, source=None), []).append(post.source)
        yield parts.heading(2, "任职", "posts")
        yield parts.table(
            ("职务", "机构", "起", "止", "依据"),
            (
                (
                    escape.markdown(post.office),
                    escape.markdown(post.organization or "—"),
                    escape.markdown(parts.date(post.start)) if post.start else "—",
                    escape.markdown(parts.date(post.end)) if post.end else "—",
                    "、".join(_source(source, articles) for source in sources),
                )
                for post, sources in told.items()
            ),
        )


def _source(source: str | None, articles: Mapping[str, Card]) -> str:
    if source is None:
        return "—"
    if source in articles:
        card = articles[source]
        said = f"{cut(card.title, TITLE)}（{parts.date(card.date)}）"
        return parts.link(said, f"../articles/{source}.md") + parts.trust_mark(card.trust)
    return parts.outside("来源", source) if isinstance(source, WebAddress) else escape.markdown(source)


def _offices(rows: Sequence[Appearance]) -> Iterator[str]:
    """Offices as the articles word them, each with the first and the last time it is seen."""
    seen: dict[str, list[Card]] = {}
    for row in reversed(rows):
        for office in row.offices:
            seen.setdefault(office, []).append(row.card)
    if not seen:
        return
    yield parts.heading(2, "文中所见职务", "offices")
    latest = sorted(seen.items(), key=lambda item: item[1][-1].date, reverse=True)[:OFFICES_SHOWN]
    yield parts.table(
        ("职务", "始见", "末见", "篇数"),
        (
            (
                escape.markdown(office),
                parts.link(parts.date(cards[0].date), f"../articles/{cards[0].id}.md"),
                parts.link(parts.date(cards[-1].date), f"../articles/{cards[-1].id}.md"),
                str(len(cards)),
            )
            for office, cards in latest
        ),
    )


def _together(entry: PersonEntry, site: Site) -> Iterator[str]:
    """Those who took part in the same meetings most often."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in entry.appearances:
        if set(row.roles) <= {Role.MENTIONED}:
            continue
        counts.update(who for who in site.attending[row.card.id] if who[0] != entry.slug)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOGETHER_SHOWN]
    if best:
        yield parts.heading(2, "同会者", "together")
        yield " · ".join(f"{parts.link(name, f'{slug}.md')} {count} 次" for (slug, name), count in best)


def _themes_of(cards: Iterable[Card], site: Site, up: str) -> Iterator[str]:
    counts = Counter(hit.label for card in cards for hit in card.themes)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:THEMES_SHOWN]
    if best:
        yield parts.heading(2, "相关主题", "themes")
        yield " · ".join(
            f"{parts.link(name, f'{up}themes/{site.theme_slugs[name]}.md')} {count} 篇"
            for name, count in best
        )


def _appearances(site: Site, rows: Sequence[Appearance], up: str) -> Iterator[str]:
    """Meetings under the foremost role held there, then the statements."""
    quoted = {row.card.id: site.excerpts(row.card.id) for row in rows}  # each is read from a pickle
    for role in ROLES:
        held = [row for row in rows if _foremost(row) is role]
        if held:
            yield parts.heading(2, label("roles", role.value), f"role-{role.value}")
            yield parts.bullets(
                f"{lists.card_line(row.card, up, ' · '.join((_roles(row), *row.offices)).strip(' ·'))}"
                f"{_acting(row, quoted[row.card.id].acting, up)}"
                for row in held
            )
    said = ((row.card, quoted[row.card.id].spoken, row.names) for row in rows)
    spoken = [(card, _joined(of, names)) for card, of, names in said if not of.keys().isdisjoint(names)]
    if spoken:
        yield parts.heading(2, "发言", "statements")
        yield "\n".join(
            f"- {lists.card_line(card, up)}\n{_statements(card, words, up)}" for card, words in spoken
        )


def _joined(spoken: Mapping[str, Spoken], names: Sequence[str]) -> Spoken:
    """What an article quotes of a person, under each of the names that it has for him."""
    found = [spoken[name] for name in names if name in spoken]
    return sum(count for count, _ in found), tuple(chain.from_iterable(shown for _, shown in found))


def _acting(row: Appearance, acting: Mapping[str, tuple[str, int]], up: str) -> str:
    """A link to the paragraph that the role is read from."""
    found = [acting[name] for name in row.names if name in acting]
    where, number = min(found, key=lambda place: place[1], default=("", 0))
    target = f"{up}articles/{row.card.id}.md#{where}"
    return f" *{parts.link(f'第{number}段', target)}*{{ .digest-at }}" if where else ""


def _foremost(row: Appearance) -> Role:
    return next((role for role in ROLES if role in row.roles), Role.MENTIONED)


def _roles(row: Appearance) -> str:
    """The other roles than the one that the list stands under."""
    first = _foremost(row)
    return "、".join(label("roles", role.value) for role in ROLES if role in row.roles and role is not first)


def _statements(card: Card, spoken: Spoken, up: str) -> str:
    count, shown = spoken
    page = f"{up}articles/{card.id}.md"
    lines = [
        f"    - {parts.link(verb, f'{page}#{where}')}：{escape.markdown(words)}"
        for verb, where, words in shown
    ]
    if count > len(shown):
        lines.append(f"    - {parts.link(f'另有 {count - len(shown)} 段', page)}")
    return "\n".join(lines)


# --- themes ------------------------------------------------------------------


def theme(entry: ThemeEntry, site: Site, printed: bool = False) -> Iterator[lists.Sheet]:
    """A theme: what it covers, its place among the others, the articles and passages that speak of it."""
    concept = entry.theme

    def head(title: str, hits: Sequence[tuple[Card, ThemeHit]]) -> lists.Head:
        note = concept.scope_note if concept is not None else ""
        return {
            "title": title,
            "description": note or f"主题“{title}”：本站收录 {len(hits)} 篇。",
            "page": "theme",
            "feed": f"themes/{entry.slug}" if entry.hits else None,
            "updated": lists.updated(card for card, _ in hits),
        }

    jsonld: dict[str, object] = {"@type": "DefinedTerm", "name": entry.label}
    if concept is not None and concept.scope_note:
        jsonld["description"] = concept.scope_note
    if concept is not None and concept.alt_labels:
        jsonld["alternateName"] = list(concept.alt_labels)
    yield from lists.paged(
        f"themes/{entry.slug}",
        head,
        partial(_about_theme, entry, site, printed),
        entry.hits,
        card_of=lambda hit: hit[0],
        show=partial(_hits, site, entry.label),
        title=entry.label,
        jsonld=jsonld,
        limit=THEME_SHELF,
    )


def _about_theme(entry: ThemeEntry, site: Site, printed: bool) -> list[str | None]:
    concept = entry.theme
    cards = [card for card, _ in entry.hits]

    def named(labels: Sequence[str]) -> str:
        return "、".join(parts.link(name, f"{site.theme_slugs[name]}.md") for name in labels)

    return [
        lists.crumbs(("首页", "../index.md"), ("主题", "index.md")),
        parts.heading(1, entry.label, "title"),
        escape.markdown(concept.scope_note) if concept is not None and concept.scope_note else None,
        _fact_rows(
            (
                ("又称", escape.markdown(" · ".join(concept.alt_labels)) if concept is not None else ""),
                ("上位", named(entry.broader)),
                ("下位", named(entry.narrower)),
                ("参见", named(entry.related)),
                ("收录", f"{len(cards)} 篇" if cards else "暂无文章"),
                ("逐年", lists.by_year(cards) if cards else ""),
                ("人物", _attending(cards, site)),
                (
                    "印刷版",
                    parts.link("主题汇编（PDF）", f"../pdf/themes/{entry.slug}.pdf")
                    if printed and cards
                    else "",
                ),
            )
        ),
    ]


def _hits(site: Site, label: str, hits: Sequence[tuple[Card, ThemeHit]], up: str) -> Iterator[str]:
    if not hits:
        return
    yield parts.heading(2, "文章与段落", "articles")
    lines = []
    for card, _ in hits:
        count, shown = site.excerpts(card.id).passages.get(label, (0, ()))
        lines.append(f"- {lists.card_line(card, up)}")
        for where, words in shown:
            target = f"{up}articles/{card.id}.md#{where}"
            lines.append(f"    - {parts.link(words, target)}{{ .digest-passage }}")
        if count > len(shown):
            lines.append(f"    - 另有 {count - len(shown)} 段")
    yield "\n".join(lines)


# --- organisations -----------------------------------------------------------


def organization(entry: OrganizationEntry, site: Site) -> Iterator[lists.Sheet]:
    """An organisation: its place, those who took part in its meetings, the meetings."""

    def head(title: str, cards: Sequence[Card]) -> lists.Head:
        return {
            "title": title,
            "description": f"{title}：本站收录 {len(cards)} 篇会议与讲话。",
            "page": "organization",
            "feed": f"organizations/{entry.slug}" if entry.cards else None,
            "updated": lists.updated(cards),
        }

    def show(cards: Sequence[Card], up: str) -> Iterator[str]:
        if cards:
            yield parts.heading(2, "会议与讲话", "articles")
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
        return parts.link(name, f"{site.organization_slugs[name]}.md")

    return [
        lists.crumbs(("首页", "../index.md"), ("机构", "index.md")),
        parts.heading(1, entry.name, "title"),
        parts.paragraph("未审校：此机构由规则从文中读出，编者尚未核对。", ".digest-note")
        if registered is None
        else None,
        _fact_rows(
            (
                ("又称", escape.markdown("、".join(registered.other_names)) if registered else ""),
                ("层级", label("levels", registered.level.value) if registered else ""),
                ("地方", escape.markdown(registered.place or "") if registered else ""),
                ("上级", named(entry.parent) if entry.parent else ""),
                ("下属", "、".join(map(named, entry.children))),
                ("收录", f"{len(entry.cards)} 篇" if entry.cards else "暂无文章"),
                ("逐年", lists.by_year(entry.cards) if entry.cards else ""),
                ("人物", _attending(entry.cards, site)),
            )
        ),
        *_themes_of(entry.cards, site, "../"),
    ]


def _attending(cards: Iterable[Card], site: Site) -> str:
    """Those who took part in the most meetings of a list."""
    counts = Counter(chain.from_iterable(site.attending[card.id] for card in cards))
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOGETHER_SHOWN]
    return "、".join(parts.link(name, f"../people/{slug}.md") for (slug, name), _ in best)


# --- formulations ------------------------------------------------------------


def formulation(entry: FormulationEntry, per_year: Counter[str]) -> Iterator[lists.Sheet]:
    """A formulation (提法): first and last seen, variants, share of each year (`per_year`: articles)."""
    item = entry.formulation

    def show(hits: Sequence[tuple[Card, str, str]], up: str) -> Iterator[str]:
        if hits:
            yield parts.heading(2, "出处", "articles")
            yield parts.bullets(lists.card_line(card, up, variant, where) for card, variant, where in hits)

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
        said = parts.link(parts.date(card.date), f"../articles/{card.id}.md#{where}")
        return f"{said} {escape.markdown(card.title)}{parts.trust_mark(card.trust)}（{escape.markdown(variant)}）"

    intro: list[str | None] = [
        lists.crumbs(("首页", "../index.md"), ("提法", "index.md")),
        parts.heading(1, item.label, "title"),
        escape.markdown(item.note) if item.note else None,
        _fact_rows(
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
        intro += [parts.heading(2, "内容", "parts"), parts.bullets(map(escape.markdown, item.parts))]
    if variants:
        intro += [
            parts.heading(2, "写法", "variants"),
            parts.bullets(
                f"{escape.markdown(variant)} {lists.small(f'{count} 处')}"
                for variant, count in sorted(variants.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
            parts.heading(2, "逐年", "years"),
            parts.table(
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
