"""The pages of people, and their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby

from build_tools.core.article import Role
from build_tools.core.registry import Post
from build_tools.core.site import Card, Page, Said, volume_of
from build_tools.core.text import cut
from build_tools.core.web_address import WebAddress
from build_tools.facts.identity import UNCHECKED, unchecked
from build_tools.graph.addresses import person_slug
from build_tools.graph.link import Appearance, PersonEntry, Site, has_feed
from build_tools.pages import bars, escape, lists, markdown
from build_tools.pages.markdown import label

ROLES = tuple(Role)
FOREMOST = 16  # people named first, on the home page and in a long index
OFFICES_SHOWN = 40
SHELF = 24  # articles a page, each with his words: at most sixty screens of a phone
NEWEST = 12
WORDS = 1200  # characters of an article on a full page, whole statements and at least one
THEMES = 4  # named beside a statement
TITLE = 24  # characters of an article's title that a cell of a table shows


def person(entry: PersonEntry, site: Site) -> lists.Sheets:
    """A person: what he said, whole, by year; then his meetings by role, his posts and offices."""
    registered = entry.person

    def head(title: str, rows: Sequence[Appearance]) -> lists.Head:
        return {
            "title": title,
            "description": f"{title}：本站收录相关会议与讲话 {lists.counted([row.card for row in rows])}。",
            "page": "person",
            "feed": f"people/{entry.slug}" if has_feed(entry) else None,
            "updated": lists.updated(row.card for row in rows),
        }

    jsonld: dict[str, object] = {"@type": "Person", "name": entry.name}
    if registered is not None and registered.other_names:
        jsonld["alternateName"] = list(registered.other_names)
    if registered is not None and registered.posts:
        jsonld["jobTitle"] = list(dict.fromkeys(post.office for post in registered.posts))
    return lists.paged(
        f"people/{entry.slug}",
        head,
        partial(_about_person, entry, site),
        entry.appearances,
        card_of=lambda row: row.card,
        show=partial(_appearances, entry, site),
        title=entry.name,
        jsonld=jsonld,
        limit=SHELF,
        newest=NEWEST,
        outro=partial(_career, entry, site),
    )


def _about_person(entry: PersonEntry, site: Site) -> list[str | None]:
    registered = entry.person
    cards = [row.card for row in entry.appearances]
    attested = [row for row in entry.appearances if row.card.attests]
    counts = Counter(role for row in attested for role in row.roles)
    roles = " · ".join(f"{label('roles', role.value)} {counts[role]} 次" for role in ROLES if counts[role])
    years = sorted(row.card.filed for row in attested if row.card.filed[:1].isdigit())
    span = "至".join(dict.fromkeys(map(markdown.date, (years[0], years[-1])))) if years else ""
    spoke: Counter[str] = Counter()
    for card in cards:
        for slug, _, theme, count in site.spoke[card.id]:
            spoke[theme] += count * (slug == entry.slug)
    best = sorted((-count, theme) for theme, count in spoke.items() if count)[: lists.THEMES_SHOWN]
    themes = " · ".join(
        f"{markdown.link(theme, f'../themes/{site.theme_slugs[theme]}.md')} {-minus} 段"
        for minus, theme in best
    )
    return [
        lists.crumbs(("首页", "../index.md"), ("人物", "index.md")),
        markdown.heading(1, entry.name, "title"),
        markdown.paragraph("未审校：此人由规则从文中读出，编者尚未核对，同名者可能并在一处。", ".digest-note")
        if registered is None
        else None,
        escape.markdown(registered.summary) if registered is not None and registered.summary else None,
        lists.fact_rows(
            (
                ("又名", escape.markdown("、".join(registered.other_names)) if registered else ""),
                ("收录", lists.counted(cards)),
                ("起讫", escape.markdown(span)),
                ("角色", escape.markdown(roles)),
                ("谈及主题", themes),
            )
        ),
        bars.years(cards),
    ]


def _career(entry: PersonEntry, site: Site) -> list[str | None]:
    """What follows the meetings: posts, offices, those met with."""
    registered = entry.person
    return [
        *_posts(registered.posts if registered else (), {row.card.id: row.card for row in entry.appearances}),
        *_offices([row for row in entry.appearances if row.card.attests]),
        *_together(entry, site),
    ]


def _posts(posts: Sequence[Post], articles: Mapping[str, Card]) -> Iterator[str]:
    """The curated posts; what several sources tell is one row with all of them."""
    if posts:
        told: dict[Post, list[str | None]] = {}
        for post in posts:
            told.setdefault(replace(post, source=None), []).append(post.source)
        yield markdown.heading(2, "任职", "posts")
        yield markdown.table(
            ("职务", "机构", "起", "止", "依据"),
            (
                (
                    escape.markdown(post.office),
                    escape.markdown(post.organization or "—"),
                    escape.markdown(markdown.date(post.start)) if post.start else "—",
                    escape.markdown(markdown.date(post.end)) if post.end else "—",
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
        said = f"{cut(card.title, TITLE)}（{markdown.date(card.date)}）"
        return markdown.link(said, f"../articles/{source}.md") + markdown.trust_mark(card.trust)
    return markdown.outside("来源", source) if isinstance(source, WebAddress) else escape.markdown(source)


def _offices(rows: Sequence[Appearance]) -> Iterator[str]:
    """Offices as the articles word them, each with the first and the last time it is seen."""
    seen: dict[str, list[Card]] = {}
    for row in reversed(rows):
        for office in row.offices:
            seen.setdefault(office, []).append(row.card)
    if not seen:
        return
    yield markdown.heading(2, "文中所见职务", "offices")
    latest = sorted(seen.items(), key=lambda item: item[1][-1].filed, reverse=True)[:OFFICES_SHOWN]
    yield markdown.table(
        ("职务", "始见", "末见", "篇数"),
        (
            (
                escape.markdown(office),
                markdown.link(markdown.date(cards[0].filed), f"../articles/{cards[0].id}.md"),
                markdown.link(markdown.date(cards[-1].filed), f"../articles/{cards[-1].id}.md"),
                f"{len(cards)} 篇",
            )
            for office, cards in latest
        ),
    )


def _together(entry: PersonEntry, site: Site) -> Iterator[str]:
    """Those who took part in the same meetings most often."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in entry.appearances:
        if set(row.roles) <= {Role.MENTIONED} or not row.card.attests:
            continue
        counts.update(who for who in site.attending[row.card.id] if who[0] != entry.slug)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: lists.TOGETHER_SHOWN]
    if best:
        yield markdown.heading(2, "同会者", "together")
        yield " · ".join(f"{markdown.link(name, f'{slug}.md')} {count} 次" for (slug, name), count in best)


def _appearances(entry: PersonEntry, site: Site, rows: Sequence[Appearance], up: str) -> Iterator[str]:
    """His own words by year, then the meetings under the foremost role held there; last what attests nothing."""
    quoted = {row.card.id: site.excerpts(row.card.id) for row in rows}  # each is read from a pickle
    attested = [row for row in rows if row.card.attests]
    yield markdown.heading(2, "他的话", "statements")
    spoken = [(row.card, said) for row in attested if (said := _said(quoted[row.card.id].spoken, row.names))]
    if not spoken:
        yield "这里所列的文章没有记下此人自己的话。"
    for year, some in groupby(spoken, key=lambda one: volume_of(one[0].filed)):
        yield markdown.heading(3, lists.shelf_name(year), f"said-{year}")
        for card, said in some:
            yield markdown.paragraph(lists.card_line(card, up), ".digest-source")
            yield from _statements(card, said, site, up, WORDS * max(1, SHELF // len(spoken)))
    for role in ROLES:
        held = [row for row in attested if _foremost(row) is role]
        if held:
            yield markdown.heading(2, label("roles", role.value), f"role-{role.value}")
            yield markdown.bullets(
                f"{lists.card_line(row.card, up, ' · '.join((_roles(row), *row.offices)).strip(' ·'))}"
                f"{_acting(row, quoted[row.card.id].acting, up)}"
                for row in held
            )
    rest = [row.card for row in rows if not row.card.attests]
    if rest:
        yield markdown.heading(2, "范文与受损文本", "unattested")
        yield "以下文字不作依据：其中的日期、职务和言论都不计入本页。"
        yield lists.card_lines(rest, up)


def _said(spoken: Mapping[str, tuple[Said, ...]], names: Sequence[str]) -> tuple[Said, ...]:
    """What an article has of a person's words, under each of the names that it has for him."""
    return tuple(chain.from_iterable(spoken.get(name, ()) for name in names))


def _acting(row: Appearance, acting: Mapping[str, tuple[str, int]], up: str) -> str:
    """A link to the paragraph that the role is read from."""
    found = [acting[name] for name in row.names if name in acting]
    where, number = min(found, key=lambda place: place[1], default=("", 0))
    target = f"{up}articles/{row.card.id}.md#{where}"
    return f" *{markdown.link(f'第{number}段', target)}*{{ .digest-at }}" if where else ""


def _foremost(row: Appearance) -> Role:
    return next((role for role in ROLES if role in row.roles), Role.MENTIONED)


def _roles(row: Appearance) -> str:
    """The other roles than the one that the list stands under."""
    first = _foremost(row)
    return "、".join(label("roles", role.value) for role in ROLES if role in row.roles and role is not first)


def _statements(card: Card, said: Sequence[Said], site: Site, up: str, left: int) -> Iterator[str]:
    """The words themselves, each with its paragraph and the themes that it speaks of."""
    page = f"{up}articles/{card.id}.md"
    for at, one in enumerate(said):
        left -= len(one.words)
        if at and left < 0:
            yield markdown.paragraph(
                markdown.link(f"此篇另有 {len(said) - at} 段", f"{page}#{one.where}"), ".digest-source"
            )
            return
        place = markdown.link(f"第{one.number}段", f"{page}#{one.where}")
        themes = [
            markdown.link(theme, f"{up}themes/{site.theme_slugs[theme]}.md")
            for theme in one.themes
            if theme in site.theme_slugs
        ]
        told = " · ".join((place, *themes[:THEMES]))
        yield f"> {escape.markdown(one.verb)}：{escape.markdown('：' + one.words)[1:]} *{told}*{{ .digest-at }}"


def often(entry: PersonEntry) -> tuple[int, str]:
    return -len(entry.appearances), entry.slug


def _latest_office(posts: Sequence[Post], rows: Sequence[Appearance]) -> str:
    """His post by the registry, the one without an end first, else the latest as worded; with its place or body."""
    if posts:
        post = max(posts, key=lambda one: (one.end is None, one.start or ""))
        return joined(post.organization or "", post.office)
    for row in rows:
        if row.offices:
            office, body = row.offices[0], row.card.organization or ""
            return f"{office}（{body}）" if body and not office.startswith(body[:2]) else office
    return ""


def joined(body: str, office: str) -> str:
    """The office with its body before it, what both say once.

    >>> joined("黑龙江省生态环境厅", "厅党组成员"), joined("黑龙江省生态环境厅", "省生态环境厅党组书记")
    ('黑龙江省生态环境厅党组成员', '黑龙江省生态环境厅党组书记')
    >>> joined("重庆市", "市长"), joined("生态环境部", "生态环境部部长"), joined("重庆市政协", "市政协主席")
    ('重庆市市长', '生态环境部部长', '重庆市政协主席')
    """
    for size in range(min(len(body), len(office)), 0, -1):
        if body.endswith(office[:size]) and not (size == 1 and office[1:].startswith("长")):
            return body + office[size:]
    return body + office


def index(site: Site) -> Iterator[Page]:
    by_slug = {entry.slug: entry for entry in site.people if entry.appearances or entry.person is not None}

    def line(slug: str, up: str) -> str:
        entry = by_slug[slug]
        attested = [row for row in entry.appearances if row.card.attests]
        said = [f"{len(attested)} 篇"]
        office = _latest_office(entry.person.posts if entry.person else (), attested)
        said += [office] if office else []
        said += [UNCHECKED] if entry.person is None or unchecked(entry.person) else []
        return f"{markdown.link(entry.name, f'{up}{slug}.md')} {lists.small(' · '.join(said))}"

    attested = (entry for entry in site.people if any(row.card.attests for row in entry.appearances))
    foremost = sorted(attested, key=often)[:FOREMOST]
    intro = []
    if len(by_slug) > lists.NAMES:
        intro = [
            markdown.heading(2, "最常见", "often"),
            markdown.bullets(line(entry.slug, "") for entry in foremost),
            markdown.heading(2, "拼音", "pinyin"),
        ]
    note = "标“未审校”者由规则从文中读出，编者尚未核对；只以姓或名出现的人不立页面。"
    spelt = {slug: person_slug(entry.name) for slug, entry in by_slug.items()}
    yield from lists.names("people", spelt, "人物", [note, *intro], line)
