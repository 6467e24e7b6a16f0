"""The pages that lead to all others: home, lists, timeline, open data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from build_tools.core.registry import Formulation, Organization, Person, Theme
from build_tools.core.site import ARCHIVE, LONG, SHORT, Card, Page, archive_of, volume_of
from build_tools.core.text import cut
from build_tools.core.vocabulary import load as vocabulary
from build_tools.graph.link import Site
from build_tools.pages import (
    article,
    bars,
    coverage,
    escape,
    formulations,
    ledger,
    lists,
    markdown,
    organizations,
    people,
    series,
    themes,
)
from build_tools.pages.markdown import label

LATEST = 10
POINTS, POINT = 2, 60  # key points of each, characters of each
LATEST_LIST = 50


class Group(NamedTuple):
    """Pages that one entry gives, and the articles that they show: made again only when those change.

    `cards` is None for pages that speak of the whole corpus. What `make` yields depends on the named
    cards, on what their own pages link to, and on `about`: what the registries tell of the entry.
    """

    name: str
    cards: tuple[str, ...] | None
    make: Callable[[], Iterator[Page]]
    about: str = ""


class Section(NamedTuple):
    """The groups of one list: none is another than before while its own articles and `about` are as they were.

    `name`, `cards` and `about` are as in Group, of all of them.
    """

    name: str
    cards: tuple[str, ...] | None
    groups: Callable[[], Iterator[Group]]
    about: str = ""


def groups(site: Site) -> Iterator[Group]:
    """Every page but the articles', unmade."""
    for section in sections(site):
        yield from section.groups()


def sections(
    site: Site, printed: bool = False, unprinted: Collection[str] = (), archives: Sequence[str] = ()
) -> Iterator[Section]:
    """Every page but the articles', unmade. Names are unique, and so are the paths of the pages.

    `printed` says whether the PDFs of themes and of the whole digest are there to be linked, all but
    those at the paths `unprinted` below pdf/. `archives`: the volumes whose long tables of the open data are in archives.
    A group is named by the path of its first page without `.md`; a long list's shelves are groups of
    their own, so that a new article makes its own shelf anew and not the others.
    """

    def alone(name: str, cards: tuple[str, ...] | None, make: Callable[[], Iterator[Page]]) -> Section:
        return Section(name, cards, lambda: iter((Group(name, cards, make),)))

    def once(name: str, make: Callable[[Site], Iterator[Page]]) -> Section:
        return alone(name, None, lambda: make(site))

    def listed(some: lists.Sheets, about: str = "", first: str = "") -> Section:
        def inside() -> Iterator[Group]:
            for sheet in some.sheets():
                told = about + some.about + sheet.about
                told += first * (sheet.path.count("/") == 1)  # what only the first page shows
                yield Group(sheet.path, sheet.cards, lambda sheet=sheet: iter((sheet.make(),)), told)  # type: ignore[misc]

        return Section(some.path, some.cards, inside, about + some.about + first)

    yield once("index", lambda site: iter((home(site, printed and "digest.pdf" not in unprinted),)))
    yield once("coverage/index", lambda site: iter((coverage.page(site),)))
    yield once("articles/index", articles)
    yield once("timeline/index", timeline)
    volumes = [name for name, _ in site.volumes]
    for at, (name, cards) in enumerate(site.volumes):
        beside_it = repr(volumes[max(0, at - 1) : at + 2])
        yield listed(_year(name, cards, lists.turn(volumes, at)), first=beside_it)
    yield once("series/index", lambda site: iter((series.index(site),)))
    for entry in site.series:
        ids = tuple(card.id for card in entry.cards)
        yield alone(f"series/{entry.slug}", ids, lambda entry=entry: iter((series.series(entry, site),)))  # type: ignore[misc]
    yield from map(listed, ledger.ledger(site))
    yield once("people/index", people.index)
    for person in site.people:
        yield listed(people.person(person, site), _told(person.person))
    yield once("themes/index", lambda site: iter((themes.index(site),)))
    for theme in site.themes:
        around = (theme.label, *theme.broader, *theme.narrower, *theme.related)
        has_pdf = printed and themes.bound(theme) and f"themes/{theme.slug}.pdf" not in unprinted
        yield listed(themes.theme(theme, site, has_pdf), _told(theme.theme, site.theme_slugs, around))
    yield once("organizations/index", organizations.index)
    for held in site.organizations:
        beside = (name for name in (held.parent, *held.children) if name)
        leaders = repr([*organizations.leaders(held, site)])
        told = _told(held.organization, site.organization_slugs, beside)
        yield listed(organizations.organization(held, site), told, leaders)
    per_year = Counter(volume_of(card.filed) for card in site.cards if card.attests)
    yield once("formulations/index", lambda site: iter((formulations.index(site),)))
    for item in site.formulations:  # their shares count all articles of a year
        years = {year: per_year[year] for year in sorted({volume_of(card.filed) for card, _, _ in item.hits})}
        yield listed(formulations.formulation(item, years, site), _told(item.formulation), repr(years))
    yield once("data/index", lambda site: iter((data(site, archives),)))
    for card in site.withdrawn:
        yield alone(f"articles/{card.id}", (card.id,), lambda card=card: iter((article.withdrawn(card),)))  # type: ignore[misc]


def _told(
    entry: Person | Theme | Organization | Formulation | None,
    slugs: Mapping[str, str] | None = None,
    around: Iterable[str] = (),
) -> str:
    """All that the registries tell of an entry and of the pages that it names, wherever it stands in its file."""
    own = replace(entry, line=0) if entry is not None else None
    return repr((own, [(name, (slugs or {}).get(name)) for name in around]))


# --- home --------------------------------------------------------------------


def home(site: Site, printed: bool = False) -> Page:
    """The front door: search, what was decided last, themes and people, what is in and what the marks mean."""
    counted = [card for card in site.cards if card.attests]
    seen = sorted((entry for entry in site.people if entry.appearances), key=people.often)
    reviewed = [entry for entry in seen if entry.person is not None][: people.FOREMOST]
    shown = reviewed or seen[: people.FOREMOST]
    about = {entry.label: sum(card.attests for card, _ in entry.hits) for entry in site.themes}
    spoken_of = sorted(
        (entry for entry in site.themes if about[entry.label]), key=lambda e: (-about[e.label], e.slug)
    )
    numbers = (
        f"{len(counted)} 篇会议与讲话",
        f"{sum(1 for entry in site.people if entry.appearances)} 位人物",
        f"{len(spoken_of)} 个主题",
        f"{sum(1 for entry in site.organizations if entry.cards)} 个机构",
    )
    return lists.page(
        "index.md",
        "生态环境会议文摘",
        "中国生态环境会议通稿与讲话的校订文摘：按人物、主题、机构和年份互相链接，逐段可引。",
        (
            markdown.heading(1, "生态环境会议文摘", "title"),
            markdown.paragraph(
                "谁在何时何地、就什么主题说了什么：生态环境领域会议通稿与讲话的校订本。"
                "文字逐条校勘、处处可核，每一段都有固定地址，可检索、可引用、可印刷。",
                ".digest-deck",
            ),
            SEARCH_BOX,
            markdown.paragraph(" · ".join(numbers), ".digest-numbers"),
            lists.small(f"收录的会议截至{markdown.date(counted[0].filed)}") if counted else None,
            markdown.heading(2, "最近的会议与决定", "latest"),
            "\n".join(_latest(counted[:LATEST], site)) or "暂无文章。",
            " · ".join(
                (
                    markdown.link("全部文章", "articles/index.md"),
                    markdown.link("年表", "timeline/index.md"),
                    markdown.link("历次对照", "series/index.md"),
                    markdown.link("数字与时限", "commitments/index.md"),
                    markdown.link("订阅（Atom）", "feeds/site.atom"),
                    *(
                        (markdown.link("全编印刷版（PDF）", "pdf/digest.pdf"),)
                        if printed and site.cards
                        else ()
                    ),
                )
            ),
            markdown.heading(2, "主题", "themes"),
            _cloud((entry.label, f"themes/{entry.slug}.md", about[entry.label]) for entry in spoken_of),
            markdown.heading(2, "人物", "people"),
            _cloud((entry.name, f"people/{entry.slug}.md", len(entry.appearances)) for entry in shown),
            markdown.link("全部人物", "people/index.md"),
            markdown.heading(2, "收录范围", "coverage"),
            "本站只收编者选入的文章，不是全部会议的记录；没有收录不等于没有开会。",
            bars.years(site.cards),
            bars.levels(site.cards),
            markdown.link("逐年与层级，还缺什么，哪些待核", "coverage/index.md"),
            markdown.heading(2, "标记", "marks"),
            marks(),
            markdown.link("凡例", "about.md") + " · " + markdown.link("开放数据", "data/index.md"),
        ),
        page="home",
        updated=lists.updated(site.cards),
    )


SEARCH_BOX = (
    '<form class="digest-front" action="search/" method="get" role="search">'
    '<input type="search" name="q" maxlength="500" placeholder="检索全文：字句、人名、拼音" aria-label="检索全文">'
    '<button class="digest-button" type="submit">检索</button></form>'
)


def _latest(cards: Sequence[Card], site: Site) -> Iterator[str]:
    """The latest articles, each with the first of its key points."""
    for card in cards:
        yield f"- {lists.card_line(card, '')}"
        for point, _ in site.excerpts(card.id).key_points[:POINTS]:
            yield f"    - {escape.markdown(cut(point, POINT))}"


def marks() -> str:
    """What the marks beside titles and names mean."""
    shown = [
        f"**{words[0]}** {escape.markdown(words[1])}"
        for trust, words in markdown.labels("trust").items()
        if trust not in ("original", "rejected")
    ]
    return markdown.bullets((*shown, "**未审校** 由规则从文中读出，编者尚未核对。"))


def _cloud(entries: Iterable[tuple[str, str, int]]) -> str | None:
    """Names with how many articles each has, in a running line."""
    items = [
        f"{markdown.link(name, target)}{lists.GLUE}{lists.small(str(count))}"
        for name, target, count in entries
    ]
    return markdown.paragraph(" ".join(items), ".digest-cloud") if items else None


# --- articles and timeline ---------------------------------------------------


def articles(site: Site) -> Iterator[Page]:
    kinds = Counter(card.kind for card in site.cards)
    yield lists.page(
        "articles/index.md",
        "文章",
        f"本站收录的 {len(site.cards)} 篇会议通稿与讲话。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "文章", "title"),
            "、".join(f"{label('kinds', kind.value)} {count} 篇" for kind, count in sorted(kinds.items()))
            + "。"
            if kinds
            else "暂无文章。",
            markdown.heading(2, "逐年", "years") if site.volumes else None,
            markdown.bullets(
                f"[{lists.shelf_name(name)}](../timeline/{name}.md) {lists.small(f'{len(cards)} 篇')}"
                for name, cards in site.volumes
            ),
            markdown.heading(2, "最近", "latest") if site.cards else None,
            lists.card_lines(site.cards[:LATEST_LIST], "../"),
        ),
        updated=lists.updated(site.cards),
    )


def timeline(site: Site) -> Iterator[Page]:
    """A page a year, month by month; a year of many articles has its months on shelves."""
    rows = []
    for name, cards in site.volumes:
        names = Counter(card.organization for card in cards if card.organization).most_common(3)
        rows.append(
            f"[{lists.shelf_name(name)}]({name}.md) "
            + lists.small(" · ".join((f"{len(cards)} 篇", *(organization for organization, _ in names))))
        )
    yield lists.page(
        "timeline/index.md",
        "年表",
        "按会议日期排列的全部文章。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "年表", "title"),
            "日期取会议日期；会议日期年份不详的取发布日期。范文和受损文本的日期不作依据，另列一页。",
            bars.years(site.cards),
            markdown.bullets(rows),
        ),
        updated=lists.updated(site.cards),
    )


def _year(name: str, cards: Sequence[Card], turn: str | None = None) -> lists.Sheets:
    def show(some: Sequence[Card], up: str) -> Iterator[str]:
        months: dict[str, list[Card]] = {}
        for card in some:
            months.setdefault(card.filed[:7], []).append(card)
        for month, held in months.items():
            if month[5:].isdigit():
                yield markdown.heading(2, f"{int(month[5:])}月", f"m-{month}")
            yield lists.card_lines(held, up)

    title = lists.shelf_name(name)
    return lists.paged(
        f"timeline/{name}",
        lambda name, held: {
            "title": f"{name}年表" if name == title else name,
            "description": f"{name}的 {len(held)} 篇会议与讲话。",
            "page": "list",
            "updated": lists.updated(held),
        },
        lambda: [
            lists.crumbs(("首页", "../index.md"), ("年表", "index.md")),
            markdown.heading(1, title, "title"),
            None if name.isdigit() else "这里是没有日期的文章，以及日期不作依据的范文和受损文本。",
        ],
        cards,
        card_of=lambda card: card,
        show=show,
        title=title,
        limit=2 * lists.SHELF,
        outro=lambda: [turn],
    )


# --- people, themes, organisations, formulations ------------------------------


# --- open data ---------------------------------------------------------------

FILES = (
    ("digest-data.zip", "全部数据", "以下各文件，一个压缩包"),
    (
        "articles.jsonl",
        "文章",
        "每行一篇：题名、日期、来源、机构、层级、类型、人物、主题、要点、段落、校勘条数、可信度",
    ),
    ("articles.csv", "文章（表格）", "同上各项中可列成表的部分"),
    ("statements.jsonl", "发言", "每行一段：文章、段落、发言者、动词、文字"),
    ("people.jsonl", "人物", "姓名、别名、任职、文章"),
    ("themes.jsonl", "主题", "主题词、别称、上位词、范围说明"),
    ("organizations.jsonl", "机构", "名称、别称、层级、上级"),
    ("formulations.jsonl", "提法", "每行一处：提法、写法、文章、段落"),
    ("commitments.jsonl", "数字与时限", "每行一项：文章、段落、内容、数量、时限"),
    ("links.jsonl", "链接", "同文异本、相关、相同段落及分值"),
    (
        "digest-tei.xml",
        "TEI 全编",
        "各篇的 TEI P5 版合为一个 teiCorpus：发言、人名、机构、日期、缺损、推测、改字",
    ),
    ("datapackage.json", "数据说明", "以上各表的字段说明（Frictionless Data Package）"),
    ("dcat.jsonld", "数据目录", "以上各文件的目录（W3C DCAT）"),
)
DATA_TOLD = (
    "本站页面上的一切都可以整份取走：每行一个 JSON 对象；日期按 EDTF 写到所知的精度。"
    "数据的编排以 MIT 许可发布，各篇文字的权利属于原发布机构。"
)
EDITS_TOLD = (
    "每篇的全部改动见各篇“校勘记”之首（`edits/<id>.jsonl`）：首行说原文何在，其后每行一遍改动，按施行次序排列。"
    "对原文逐遍施行，每遍之内自后至前，即得校订后的全文（首行有其 SHA-256）；反过来逐处换回，即得原文。"
)


def _fields() -> Iterator[str]:
    """A table a file, as `datapackage.json` tells it to machines."""
    for name in vocabulary("schema"):
        yield markdown.heading(3, name, f"fields-{re.sub('[^a-z]+', '-', name)}")
        rows = ((f"`{field}`", kind, escape.markdown(told)) for field, kind, told, _ in markdown.fields(name))
        yield markdown.table(("字段", "类型", "说明"), rows)


def data(site: Site, archives: Sequence[str] = ()) -> Page:
    """`archives`: the volumes whose long tables are in archives of their own."""
    files = [one for one in FILES if one[0] != "digest-tei.xml" or (site.cards and not archives)]
    apart = [one for one in files if not archives or one[0] in (*SHORT, "dcat.jsonld")]

    def named(names: Collection[str]) -> str:
        return "、".join(f"`{name}`（{title}）" for name, title, _ in files if name in names)

    rest = {name for name, *_ in files} - {name for name, *_ in apart} - {ARCHIVE, *LONG}
    years = " · ".join(f"[{lists.shelf_name(name)}]({archive_of(name)})" for name in archives)
    return lists.page(
        "data/index.md",
        "开放数据",
        "本站全部数据的下载与说明。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "开放数据", "title"),
            DATA_TOLD,
            markdown.table(
                ("文件", "内容"),
                (
                    (f"[{name}]({name})", f"**{title}** {escape.markdown(fields)}")
                    for name, title, fields in apart
                ),
            ),
            f"篇数多，{named(LONG)}按年各成一个压缩包：{years}。" if archives else None,
            f"上列各表和{named(rest)}合在 [{ARCHIVE}]({ARCHIVE})。" if archives else None,
            "每篇采集原文一字不改，见各篇“采集原文”（`raw/<id>.txt`）。",
            EDITS_TOLD,
            markdown.heading(2, "字段", "fields"),
            *_fields(),
            f"各年各级收录多少、可信度如何，见{markdown.link('收录', '../coverage/index.md')}。",
        ),
        updated=lists.updated(site.cards),
    )
