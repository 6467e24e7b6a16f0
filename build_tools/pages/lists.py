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
    entries: Sequence[T], date_of: Callable[[T], str], limit: int = SHELF, id_of: Callable[[T], str] = str
) -> list[tuple[str, list[T]]]:
    """Entries (newest first) by year; more than `limit` by half-year, quarter, month; a month cut from its oldest.

    Those without a date go by the first letters of their id. So where an entry lies follows from itself, and a new one
    touches one shelf; one that is full becomes two.

    >>> shelves(["2022-01-05", "2021-03-19", "2021-03-01"], str, 1)
    [('2022', ['2022-01-05']), ('2021-03-2', ['2021-03-19']), ('2021-03-1', ['2021-03-01'])]
    >>> [name for name, _ in shelves(["2021-08", "2021-05-02", "2021-03", "2021"], str, 2)]
    ['2021-h2', '2021-h1', '2021']
    >>> [name for name, _ in shelves(["anhui-1", "anhui-2", "beijing-1"], lambda _: "", 2)]
    ['undated-a', 'undated-b']
    """
    years: dict[str, list[T]] = {}
    for entry in entries:
        years.setdefault(volume_of(date_of(entry)), []).append(entry)
    out: list[tuple[str, list[T]]] = []
    for year, some in years.items():
        if len(some) <= limit:
            out += _chunks(year, some, limit)
            continue
        if year == "undated":
            by_id = {id_of(entry): entry for entry in some}
            for prefix, ids in shelve(list(by_id), limit).items():
                out.append((f"{year}-{prefix}", [by_id[name] for name in ids]))
            continue
        months: dict[int, list[T]] = {}
        for entry in some:
            month = date_of(entry)[5:7]
            months.setdefault(int(month) if month.isdigit() else 0, []).append(entry)
        out += [*_periods(year, 1, 12, months, limit), *_chunks(year, months.get(0, []), limit)]
    return out


def _periods(
    year: str, first: int, last: int, months: Mapping[int, list[T]], limit: int
) -> Iterator[tuple[str, list[T]]]:
    """The shelves of the parts of a period that is too long for one: a year's halves, theirs, three months."""
    size = (last - first + 1) // 2
    for begin in range(last - size + 1, first - 1, -size):
        some = [entry for month in range(begin + size - 1, begin - 1, -1) for entry in months.get(month, ())]
        if len(some) > limit and size > 1:
            yield from _periods(year, begin, begin + size - 1, months, limit)
        else:
            part = f"{begin:02}" if size == 1 else f"{'h' if size == 6 else 'q'}{begin // size + 1}"
            yield from _chunks(f"{year}-{part}", some, limit)


def _chunks(name: str, entries: list[T], limit: int) -> list[tuple[str, list[T]]]:
    if len(entries) <= limit:
        return [(name, entries)] if entries else []
    oldest_first = entries[::-1]
    cut = [oldest_first[at : at + limit][::-1] for at in range(0, len(entries), limit)]
    return [(f"{name}-{at}", some) for at, some in reversed(list(enumerate(cut, 1)))]


_PARTS = {"h1": "上半年", "h2": "下半年", **{f"q{at}": f"第{'零一二三四'[at]}季度" for at in range(1, 5)}}


def shelf_name(name: str) -> str:
    """
    >>> shelf_name("2021"), shelf_name("2021-03"), shelf_name("2021-03-2"), shelf_name("undated-b")
    ('2021年', '2021年3月', '2021年3月之二', '日期不详或不计：b')
    >>> shelf_name("2021-h1"), shelf_name("2021-q4")
    ('2021年上半年', '2021年第四季度')
    """
    year, _, rest = name.partition("-")
    if year == "undated":
        return "日期不详或不计" + (f"：{rest}" if rest else "")
    month, _, chunk = rest.partition("-")
    shown = f"{year}年" + (_PARTS.get(month) or (f"{int(month)}月" if month else ""))
    return shown + (f"之{numeral(int(chunk))}" if chunk else "")


def numeral(number: int) -> str:
    """
    >>> numeral(2), numeral(11)
    ('二', '11')
    """
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)


class Sheet(NamedTuple):
    """A page unmade: its path below docs/ without `.md`, the articles that it shows, how to make it.

    `about`: what else it depends on, as text.
    """

    path: str
    cards: tuple[str, ...]
    make: Callable[[], Page]
    about: str = ""


class Sheets(NamedTuple):
    """The pages of one list, unmade: the path of the first below docs/ without `.md`, all articles that they show.

    Which pages there are, and what they show, follows from those articles and from `about`.
    """

    path: str
    cards: tuple[str, ...]
    sheets: Callable[[], Iterator[Sheet]]
    about: str = ""


SECTIONS = {
    "people": "人物", "themes": "主题", "organizations": "机构", "formulations": "提法", "timeline": "年表", "commitments": "数字与时限",
    "articles": "文章",
}  # fmt: skip


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
    newest: int = NEWEST,
    outro: Callable[[], Iterable[str | None]] = tuple,
    years: Callable[[Mapping[str, str]], Iterable[str | None]] | None = None,
) -> Sheets:
    """The page at `path` and, for a long list, its shelves at `path`/<shelf>.

    `head(title, entries)` gives the front matter of a page by what it shows alone, so that a new entry
    touches the first page and its own shelf; `show(entries, up)` gives the blocks of some entries, where
    `up` leads from the page to the root of the site. `intro` heads the first page and `outro` ends it;
    `years(shelf → its address)`, where given, is shown in place of the list of shelves.
    """
    up = "../" * path.count("/")
    folder, _, name = path.rpartition("/")

    def first(boxes: Sequence[tuple[str, list[T]]]) -> Page:
        body: list[str | None] = [*intro()]
        if years is not None:
            body += years({box: f"{name}/{box}.md" for box, _ in boxes})
        elif boxes:
            body += [
                markdown.heading(2, "逐年", "shelves"),
                " · ".join(
                    f"[{shelf_name(box)}]({name}/{box}.md)\u00a0{small(f'{_articles(some, card_of)} 篇')}"
                    for box, some in boxes
                ),
            ]
        if boxes:
            body.append(small("以下是最近的，全部见上列各年。"))
        body += show(entries[:newest] if boxes else entries, up)
        body += outro()
        return Page(f"{path}.md", markdown.front_matter(head(title, entries), jsonld) + markdown.blocks(body))

    def shelf(boxes: Sequence[tuple[str, list[T]]], at: int) -> Page:
        some = boxes[at][1]
        heading = f"{title} · {shelf_name(boxes[at][0])}"
        steps = [("首页", f"../{up}index.md"), (SECTIONS[folder], "../index.md"), (title, f"../{name}.md")]
        blocks = (
            crumbs(*steps),
            markdown.heading(1, heading, "title"),
            *show(some, f"../{up}"),
            turn([box for box, _ in boxes], at),
        )
        return Page(
            f"{path}/{boxes[at][0]}.md", markdown.front_matter(head(heading, some)) + markdown.blocks(blocks)
        )

    shown = tuple([card_of(entry).id for entry in entries])

    def sheets() -> Iterator[Sheet]:
        boxes = []
        if len(entries) > limit:
            boxes = shelves(
                entries, lambda entry: card_of(entry).filed, limit, lambda entry: card_of(entry).id
            )
        for at, (box, some) in enumerate(boxes):
            ids = tuple(card_of(entry).id for entry in some)
            beside = [boxes[to][0] for to in (at - 1, at + 1) if 0 <= to < len(boxes)]
            yield Sheet(f"{path}/{box}", ids, partial(shelf, boxes, at), repr(beside))
        yield Sheet(path, shown, partial(first, boxes))

    return Sheets(path, shown, sheets)


def _articles(entries: Iterable[T], card_of: Callable[[T], Card]) -> int:
    return len({card_of(entry).id for entry in entries})


def turn(names: Sequence[str], at: int) -> str | None:
    """Links from the shelf at `at` of shelves, newest first, to the older one and the newer one."""
    older, newer = names[at + 1 : at + 2], names[at - 1 : at] if at else []
    steps = [f"← {markdown.link(shelf_name(name), f'{name}.md')}" for name in older]
    steps += [f"{markdown.link(shelf_name(name), f'{name}.md')} →" for name in newer]
    return markdown.paragraph(" · ".join(steps), ".digest-turn") if steps else None


def crumbs(*steps: tuple[str, str]) -> str:
    return markdown.paragraph(
        " › ".join(markdown.link(text, target) for text, target in steps), ".digest-crumbs"
    )


GLUE = "\u2060"  # before a count: no line may begin with it


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
    day = markdown.date(card.filed) if card.attests else "不计日期"
    when = f"*{escape.markdown(day)}*{{ .digest-date }} "
    return (
        f"{when}{markdown.link(card.title, target)}{markdown.trust_mark(card.trust)} {small(said)}".rstrip()
    )


def card_lines(cards: Iterable[Card], up: str) -> str:
    return markdown.bullets(card_line(card, up) for card in cards)


def by_year(cards: Sequence[Card]) -> str:
    """`2024年 3 篇 · 2023年 1 篇`, newest first; nothing of a list so long that its shelves say it."""
    if len(cards) > SHELF:
        return ""
    counts = Counter(volume_of(card.filed) for card in cards if card.attests)
    years = sorted((year for year in counts if year != "undated"), reverse=True)
    shown = [f"{year}{GLUE}年 {counts[year]} 篇" for year in years]
    return " · ".join(shown + ([f"日期不详 {counts['undated']} 篇"] if counts["undated"] else []))


def counted(cards: Sequence[Card]) -> str:
    """How many articles count as evidence, and how many more there are: `3 篇（另有范文或受损文本 1 篇，不计）`."""
    found = {card.id: card.attests for card in cards}
    rest = len(found) - sum(found.values())
    if not rest:
        return f"{len(found)} 篇" if found else "暂无文章"
    return f"{len(found) - rest} 篇（另有范文或受损文本 {rest} 篇，不计）"


def updated(cards: Iterable[Card]) -> str | None:
    """The newest publish date: what a sitemap and a feed may call the page's date, free of any clock."""
    return max(filter(None, (markdown.iso(card.published) for card in cards)), default=None)


def fact_rows(rows: Iterable[tuple[str, str]]) -> str:
    return markdown.bullets(f"**{name}** {shown}" for name, shown in rows if shown)


def themes_of(cards: Iterable[Card], site: Site, up: str) -> Iterator[str]:
    counts = Counter(hit.label for card in cards if card.attests for hit in card.themes)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:THEMES_SHOWN]
    if best:
        yield markdown.heading(2, "会议主题", "themes")
        yield " · ".join(
            f"{markdown.link(name, f'{up}themes/{site.theme_slugs[name]}.md')} {count} 篇"
            for name, count in best
        )


def attending(cards: Iterable[Card], site: Site) -> str:
    """Those who took part in the most meetings of a list."""
    counts = Counter(chain.from_iterable(site.attending[card.id] for card in cards if card.attests))
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOGETHER_SHOWN]
    return "、".join(markdown.link(name, f"../people/{slug}.md") for (slug, name), _ in best)


def page(path: str, title: str, description: str, blocks: Iterable[str | None], **fields: str | None) -> Page:
    head = {"title": title, "description": description, "page": "list", **fields}
    return Page(path, markdown.front_matter(head) + markdown.blocks(blocks))


def names(
    folder: str,
    spelt: Mapping[str, str],
    title: str,
    intro: Sequence[str],
    line: Callable[[str, str], str],
) -> Iterator[Page]:
    """An index of names by their pinyin (`spelt`: slug → pinyin): on one page, or on shelves by growing prefixes."""
    slug_of = {f"{pinyin}-{slug}": slug for slug, pinyin in spelt.items()}
    boxes = {
        box: [slug_of[name] for name in inside] for box, inside in shelve(sorted(slug_of), NAMES).items()
    }
    if len(slug_of) <= NAMES:
        body = []
        for box, inside in boxes.items():
            body += [
                markdown.heading(2, box.upper(), f"index-{box}"),
                markdown.bullets(line(slug, "") for slug in inside),
            ]
    else:
        shown = (
            f"[{box.upper()}](by/{box}.md){GLUE}{small(str(len(inside)))}" for box, inside in boxes.items()
        )
        body = [markdown.paragraph(" · ".join(shown), ".digest-letters")]
        order = list(boxes)
        for at, (box, inside) in enumerate(boxes.items()):
            above = crumbs(("首页", "../../index.md"), (title, "../index.md"))
            name = f"{title}：{box.upper()}"
            before, after = order[at - 1 : at] if at else [], order[at + 1 : at + 2]
            steps = [f"← {markdown.link(one.upper(), f'{one}.md')}" for one in before]
            steps += [f"{markdown.link(one.upper(), f'{one}.md')} →" for one in after]
            blocks = (
                above,
                markdown.heading(1, name, "title"),
                markdown.bullets(line(slug, "../") for slug in inside),
                markdown.paragraph(" · ".join(steps), ".digest-turn"),
            )
            yield page(f"{folder}/by/{box}.md", name, f"{name}。", blocks)
    yield page(
        f"{folder}/index.md",
        title,
        f"{title}索引。",
        (crumbs(("首页", "../index.md")), markdown.heading(1, title, "title"), *intro, *body),
    )
