"""Long lists on short pages: shelves by date that stay put when the corpus grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeVar

from build_tools.core.site import Card, Page, volume_of
from build_tools.graph.addresses import shelve
from build_tools.graph.link import Site
from build_tools.pages import escape, markdown
from build_tools.pages.markdown import label

NAMES = 300  # names on one page of an index
TOGETHER_SHOWN = 12
THEMES_SHOWN = 12
T = TypeVar("T")
Head = Mapping[str, str | Sequence[str] | None]
SHELF = 100  # entries a page: with passages about 120 kB of HTML, the ceiling is 200
NEWEST = 30  # entries that the first page shows when the rest is on shelves


def shelves(
    entries: Sequence[T], date_of: Callable[[T], str], limit: int = SHELF
) -> list[tuple[str, list[T]]]:
    """Entries (newest first) by year; a year of more than `limit` by month; a month cut from its oldest.

    Where an entry lies follows from its own date, so a new one touches one shelf.

    >>> shelves(["2022-01-05", "2021-03-19", "2021-03-01"], str, 1)
    [('2022', ['2022-01-05']), ('2021-03-2', ['2021-03-19']), ('2021-03-1', ['2021-03-01'])]
    """
    out: list[tuple[str, list[T]]] = []
    months: dict[str, list[T]] = {}
    for entry in entries:
        months.setdefault(date_of(entry)[:7], []).append(entry)
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(volume_of(month), []).append(month)
    for year, inside in years.items():
        if year == "undated":
            here = set(inside)
            out.extend(_chunks(year, [entry for entry in entries if date_of(entry)[:7] in here], limit))
            continue
        if sum(len(months[month]) for month in inside) <= limit:
            out.extend(_chunks(year, [entry for month in inside for entry in months[month]], limit))
            continue
        for month in inside:
            out.extend(_chunks(month, months[month], limit))
    return out


def _chunks(name: str, entries: list[T], limit: int) -> list[tuple[str, list[T]]]:
    if len(entries) <= limit:
        return [(name, entries)]
    oldest_first = entries[::-1]
    cut = [oldest_first[at : at + limit][::-1] for at in range(0, len(entries), limit)]
    return [(f"{name}-{at}", some) for at, some in reversed(list(enumerate(cut, 1)))]


def shelf_name(name: str) -> str:
    """
    >>> shelf_name("2021"), shelf_name("2021-03"), shelf_name("2021-03-2"), shelf_name("undated")
    ('2021年', '2021年3月', '2021年3月之二', '日期不详')
    """
    year, _, rest = name.partition("-")
    if year == "undated":
        return "日期不详" + (f"之{numeral(int(rest))}" if rest else "")
    month, _, chunk = rest.partition("-")
    shown = f"{year}年" + (f"{int(month)}月" if month else "")
    return shown + (f"之{numeral(int(chunk))}" if chunk else "")


def numeral(number: int) -> str:
    """
    >>> numeral(2), numeral(11)
    ('二', '11')
    """
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)


class Sheet(NamedTuple):
    """A page unmade: its path below docs/ without `.md`, the articles that it shows, how to make it."""

    path: str
    cards: tuple[str, ...]
    make: Callable[[], Page]


def paged(
    path: str,
    head: Callable[[str, Sequence[T]], Head],
    intro: Callable[[], Iterable[str | None]],
    entries: Sequence[T],
    *,
    card_of: Callable[[T], Card],
    show: Callable[[Sequence[T], str], Iterable[str]],
    title: str,
    jsonld: object = None,
    limit: int = SHELF,
) -> Iterator[Sheet]:
    """The page at `path` and, for a long list, its shelves at `path`/<shelf>.

    `head(title, entries)` gives the front matter of a page by what it shows alone, so that a new entry
    touches the first page and its own shelf; `show(entries, up)` gives the blocks of some entries, where
    `up` leads from the page to the root of the site. `intro` heads the first page.
    """
    up = "../" * path.count("/")
    name = path.rpartition("/")[2]
    boxes = shelves(entries, lambda entry: card_of(entry).date, limit) if len(entries) > limit else []

    def first() -> Page:
        body: list[str | None] = [*intro()]
        if boxes:
            body += [
                markdown.heading(2, "逐年", "shelves"),
                markdown.bullets(
                    f"[{shelf_name(box)}]({name}/{box}.md)（{len(some)}）" for box, some in boxes
                ),
                markdown.heading(2, "最近", "newest"),
            ]
        body += show(entries[:NEWEST] if boxes else entries, up)
        return Page(f"{path}.md", markdown.front_matter(head(title, entries), jsonld) + markdown.blocks(body))

    def shelf(box: str, some: Sequence[T]) -> Page:
        heading = f"{title} · {shelf_name(box)}"
        crumb = markdown.paragraph(markdown.link(title, f"../{name}.md"), ".digest-crumbs")
        blocks = (crumb, markdown.heading(1, heading, "title"), *show(some, f"../{up}"))
        return Page(f"{path}/{box}.md", markdown.front_matter(head(heading, some)) + markdown.blocks(blocks))

    for box, some in boxes:
        ids = tuple(card_of(entry).id for entry in some)
        yield Sheet(f"{path}/{box}", ids, partial(shelf, box, some))
    yield Sheet(path, tuple(card_of(entry).id for entry in entries), first)


def crumbs(*steps: tuple[str, str]) -> str:
    return markdown.paragraph(
        " › ".join(markdown.link(text, target) for text, target in steps), ".digest-crumbs"
    )


def small(text: str) -> str:
    """A quiet note behind a list item."""
    return f"*{escape.markdown(text)}*{{ .digest-at }}" if text else ""


def card_line(card: Card, up: str, note: str = "", anchor: str = "") -> str:
    """One article in a list: date, title, what it is."""
    target = f"{up}articles/{card.id}.md" + (f"#{anchor}" if anchor else "")
    said = note or " · ".join(
        filter(
            None, (card.organization or "", label("kinds", card.kind.value) if card.kind != "meeting" else "")
        )
    )
    when = f"*{escape.markdown(markdown.date(card.date))}*{{ .digest-date }} "
    return (
        f"{when}{markdown.link(card.title, target)}{markdown.trust_mark(card.trust)} {small(said)}".rstrip()
    )


def card_lines(cards: Iterable[Card], up: str) -> str:
    return markdown.bullets(card_line(card, up) for card in cards)


def by_year(cards: Iterable[Card]) -> str:
    """`2024年 3 · 2023年 1`, newest first."""
    counts = Counter(volume_of(card.date) for card in cards)
    years = sorted((year for year in counts if year != "undated"), reverse=True)
    shown = [f"{year}年 {counts[year]} 篇" for year in years]
    return " · ".join(shown + ([f"日期不详 {counts['undated']} 篇"] if counts["undated"] else []))


def updated(cards: Iterable[Card]) -> str | None:
    """The newest publish date: what a sitemap and a feed may call the page's date, free of any clock."""
    return max(filter(None, (markdown.iso(card.published) for card in cards)), default=None)


def fact_rows(rows: Iterable[tuple[str, str]]) -> str:
    return markdown.bullets(f"**{name}** {shown}" for name, shown in rows if shown)


def themes_of(cards: Iterable[Card], site: Site, up: str) -> Iterator[str]:
    counts = Counter(hit.label for card in cards for hit in card.themes)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:THEMES_SHOWN]
    if best:
        yield markdown.heading(2, "相关主题", "themes")
        yield " · ".join(
            f"{markdown.link(name, f'{up}themes/{site.theme_slugs[name]}.md')} {count} 篇"
            for name, count in best
        )


def attending(cards: Iterable[Card], site: Site) -> str:
    """Those who took part in the most meetings of a list."""
    counts = Counter(chain.from_iterable(site.attending[card.id] for card in cards))
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOGETHER_SHOWN]
    return "、".join(markdown.link(name, f"../people/{slug}.md") for (slug, name), _ in best)


def page(path: str, title: str, description: str, blocks: Iterable[str | None], **fields: str | None) -> Page:
    head = {"title": title, "description": description, "page": "list", **fields}
    return Page(path, markdown.front_matter(head) + markdown.blocks(blocks))


def names(
    folder: str, slugs: Sequence[str], title: str, intro: Sequence[str], line: Callable[[str, str], str]
) -> Iterator[Page]:
    """An index of names by their pinyin: on one page, or on shelves by growing prefixes."""
    boxes = shelve(list(slugs), NAMES)
    if len(slugs) <= NAMES:
        body = []
        for box, inside in boxes.items():
            body += [
                markdown.heading(2, box.upper(), f"index-{box}"),
                markdown.bullets(line(slug, "") for slug in inside),
            ]
    else:
        body = [
            " · ".join(f"[{box}](by/{box}.md) {small(str(len(inside)))}" for box, inside in boxes.items())
        ]
        for box, inside in boxes.items():
            above = crumbs(("首页", "../../index.md"), (title, "../index.md"))
            lines = markdown.bullets(line(slug, "../") for slug in inside)
            name = f"{title}：{box}"
            yield page(
                f"{folder}/by/{box}.md",
                name,
                f"{name}。",
                (above, markdown.heading(1, name, "title"), lines),
            )
    yield page(
        f"{folder}/index.md", title, f"{title}索引。", (markdown.heading(1, title, "title"), *intro, *body)
    )
