"""收录: what is in, by year and level, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from build_tools.core.article import Level, Trust
from build_tools.core.site import Card, Page, volume_of
from build_tools.core.vocabulary import load
from build_tools.facts.identity import unchecked
from build_tools.graph.link import Site
from build_tools.pages import bars, escape, lists, markdown
from build_tools.pages.markdown import label

ABROAD = frozenset({"台湾"})  # none of its meetings are what is collected here


def page(site: Site) -> Page:
    counted = [card for card in site.cards if card.attests]
    until = f"收录的会议截至{markdown.date(counted[0].filed)}。" if counted else ""
    return lists.page(
        "coverage/index.md",
        "收录",
        "本站收录了哪些年份、层级和省份的会议，还缺什么，哪些尚待核对。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "收录", "title"),
            f"本站只收编者选入的文章，不是全部会议的记录；没有收录不等于没有开会。{until}",
            markdown.heading(2, "逐年与层级", "years"),
            bars.years(site.cards),
            bars.levels(site.cards),
            _table(site),
            markdown.heading(2, "还没有的", "missing"),
            lists.fact_rows(_missing(site, counted)) if counted else "暂无文章。",
            markdown.heading(2, "待核", "unchecked"),
            lists.fact_rows(_unchecked(site)),
        ),
        updated=lists.updated(site.cards),
    )


def _table(site: Site) -> str:
    if not site.volumes:
        return "暂无文章。"
    levels = tuple(Level)
    rows = []
    for name, cards in site.volumes:
        counts = Counter(card.level for card in cards)
        shown = f"[{lists.shelf_name(name)}](../timeline/{name}.md)"
        rows.append((shown, str(len(cards)), *(str(counts[level]) for level in levels)))
    return markdown.table(("年份", "篇数", *(label("levels", level.value) for level in levels)), rows)


def _missing(site: Site, counted: list[Card]) -> Iterator[tuple[str, str]]:
    """Years between the first and the last, levels and provinces that no article is of."""
    years = {int(year) for card in counted if (year := volume_of(card.filed)).isdigit()}
    if years:
        gaps = [f"{year}年" for year in range(min(years), max(years)) if year not in years]
        yield "年份", "、".join(gaps) or f"{min(years)}年至{max(years)}年每年都有"
    levels = {card.level for card in counted}
    lacking = [label("levels", one.value) for one in Level if one not in levels and one is not Level.UNKNOWN]
    yield "层级", "、".join(lacking) or "各级都有"
    provinces = dict.fromkeys(_provinces(), 0)
    for entry in site.organizations:
        place = entry.organization.place if entry.organization else None
        here = next((one for one in provinces if (place or entry.name).startswith(one)), None)
        if here:
            provinces[here] += sum(card.attests for card in entry.cards)
    none = [name for name, count in provinces.items() if not count]
    told = f"{len(none)} 个没有：{'、'.join(none)}" if none else "各省（区、市）都有"
    yield "省份", escape.markdown(told)


def _provinces() -> list[str]:
    places = load("places_admin")
    names = (*places["municipalities"].split(), *places["provinces"], *places["regions"])
    return [name for name in names if name not in ABROAD]


def _unchecked(site: Site) -> Iterator[tuple[str, str]]:
    """What is dated by nothing, attests nothing, or has been read by rules alone."""
    trusts = Counter(card.trust for card in site.cards)
    for trust in (Trust.REPOST, Trust.TEMPLATE, Trust.DAMAGED):
        mark, said = markdown.labels("trust")[trust.value]
        yield mark, f"{trusts[trust]} 篇。{escape.markdown(said)}" if trusts[trust] else ""
    undated = sum(card.attests and not volume_of(card.filed).isdigit() for card in site.cards)
    yield "日期", f"[{undated} 篇的年份不详](../timeline/undated.md)" if undated else "每篇都有年份"
    seen = [entry for entry in site.people if entry.appearances]
    open_ = sum(entry.person is None or unchecked(entry.person) for entry in seen)
    yield "人物", f"{len(seen)} 位中 [{open_} 位未审校](../people/index.md)" if seen else ""
    held = [entry for entry in site.organizations if entry.cards]
    new = sum(entry.organization is None for entry in held)
    yield "机构", f"{len(held)} 个中 [{new} 个未审校](../organizations/index.md)" if held else ""
