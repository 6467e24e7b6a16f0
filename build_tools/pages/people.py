"""The pages of people, and their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from build_tools.core.article import Role
from build_tools.core.registry import Post
from build_tools.core.site import Card, Page
from build_tools.core.text import cut
from build_tools.core.web_address import WebAddress
from build_tools.facts.identity import UNCHECKED, unchecked
from build_tools.graph.link import Appearance, PersonEntry, Site, has_feed
from build_tools.pages import escape, lists, markdown
from build_tools.pages.markdown import label

ROLES = tuple(Role)
FOREMOST = 16  # people named first, on the home page and in a long index
OFFICES_SHOWN = 40
Spoken = tuple[int, tuple[tuple[str, str, str], ...]]  # how many, the first (models.Excerpts)
TITLE = 24  # characters of an article's title that a cell of a table shows


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
    span = f"{markdown.date(years[0])}至{markdown.date(years[-1])}" if years else ""
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
                ("收录", f"{len(cards)} 篇"),
                ("起讫", escape.markdown(span)),
                ("角色", escape.markdown(roles)),
            )
        ),
        *_posts(registered.posts if registered else (), {card.id: card for card in cards}),
        *_offices(entry.appearances),
        *_together(entry, site),
        *lists.themes_of(cards, site, "../"),
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
    latest = sorted(seen.items(), key=lambda item: item[1][-1].date, reverse=True)[:OFFICES_SHOWN]
    yield markdown.table(
        ("职务", "始见", "末见", "篇数"),
        (
            (
                escape.markdown(office),
                markdown.link(markdown.date(cards[0].date), f"../articles/{cards[0].id}.md"),
                markdown.link(markdown.date(cards[-1].date), f"../articles/{cards[-1].id}.md"),
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
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: lists.TOGETHER_SHOWN]
    if best:
        yield markdown.heading(2, "同会者", "together")
        yield " · ".join(f"{markdown.link(name, f'{slug}.md')} {count} 次" for (slug, name), count in best)


def _appearances(site: Site, rows: Sequence[Appearance], up: str) -> Iterator[str]:
    """Meetings under the foremost role held there, then the statements."""
    quoted = {row.card.id: site.excerpts(row.card.id) for row in rows}  # each is read from a pickle
    for role in ROLES:
        held = [row for row in rows if _foremost(row) is role]
        if held:
            yield markdown.heading(2, label("roles", role.value), f"role-{role.value}")
            yield markdown.bullets(
                f"{lists.card_line(row.card, up, ' · '.join((_roles(row), *row.offices)).strip(' ·'))}"
                f"{_acting(row, quoted[row.card.id].acting, up)}"
                for row in held
            )
    said = ((row.card, quoted[row.card.id].spoken, row.names) for row in rows)
    spoken = [(card, _joined(of, names)) for card, of, names in said if not of.keys().isdisjoint(names)]
    if spoken:
        yield markdown.heading(2, "发言", "statements")
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
    return f" *{markdown.link(f'第{number}段', target)}*{{ .digest-at }}" if where else ""


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
        f"    - {markdown.link(verb, f'{page}#{where}')}：{escape.markdown(words)}"
        for verb, where, words in shown
    ]
    if count > len(shown):
        lines.append(f"    - {markdown.link(f'另有 {count - len(shown)} 段', page)}")
    return "\n".join(lines)


# --- themes ------------------------------------------------------------------


# --- organisations -----------------------------------------------------------


# --- formulations ------------------------------------------------------------


def often(entry: PersonEntry) -> tuple[int, str]:
    return -len(entry.appearances), entry.slug


def index(site: Site) -> Iterator[Page]:
    by_slug = {entry.slug: entry for entry in site.people if entry.appearances or entry.person is not None}

    def line(slug: str, up: str) -> str:
        entry = by_slug[slug]
        said = [f"{len(entry.appearances)} 篇"]
        office = next((row.offices[0] for row in entry.appearances if row.offices), "")
        said += [office] if office else []
        said += [UNCHECKED] if entry.person is None or unchecked(entry.person) else []
        return f"{markdown.link(entry.name, f'{up}{slug}.md')} {lists.small(' · '.join(said))}"

    foremost = sorted((entry for entry in site.people if entry.appearances), key=often)[:FOREMOST]
    intro = []
    if len(by_slug) > lists.NAMES:
        intro = [
            markdown.heading(2, "最常见", "often"),
            markdown.bullets(line(entry.slug, "") for entry in foremost),
            markdown.heading(2, "拼音", "pinyin"),
        ]
    note = "标“未审校”者由规则从文中读出，编者尚未核对；只以姓或名出现的人不立页面。"
    yield from lists.names("people", list(by_slug), "人物", [note, *intro], line)
