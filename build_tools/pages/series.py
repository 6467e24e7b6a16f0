"""Serial meetings side by side: what a meeting set out beside what the one before it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from build_tools.core.site import Card, Page
from build_tools.graph.link import Site
from build_tools.graph.serial import SeriesEntry
from build_tools.pages import escape, lists, markdown

PAIRS = 12  # on a page, newest first
ACROSS = 4  # meetings in one table, the newest
ALIKE = 0.5  # of two tasks: shared pairs of characters, twice, over all pairs (Dice)
TOLD = (
    "历次同名会议的要点，两两并列。任务的异同由规则按字句比出：字句相近的算保留，只在后一次出现的算新增，"
    "只在前一次出现的算未再提。"
)
Task = tuple[str, str]  # wording, block id


def series(entry: SeriesEntry, site: Site) -> Page:
    """A page of comparisons: each meeting of the series with the one before."""
    blocks: list[str | None] = [
        lists.crumbs(("首页", "../index.md"), ("历次对照", "index.md")),
        markdown.heading(1, entry.name, "title"),
        escape.markdown(entry.organization) + TOLD,
    ]
    pairs = list(pairwise(entry.cards))[:PAIRS]
    blocks += _counts(pairs, site)
    if len(entry.cards) > 2:
        blocks += _threads(entry.cards[:ACROSS][::-1], site)
    for later, earlier in pairs:
        blocks += _pair(earlier, later, site)
    blocks += [markdown.heading(2, "历次会议", "articles"), lists.card_lines(entry.cards, "../")]
    return lists.page(
        f"series/{entry.slug}.md",
        entry.name,
        f"{entry.organization}历次{entry.name}的要点对照。",
        blocks,
        updated=lists.updated(entry.cards),
    )


def _pair(earlier: Card, later: Card, site: Site) -> Iterator[str]:
    before, after = site.excerpts(earlier.id).key_points, site.excerpts(later.id).key_points
    names = markdown.date(earlier.filed), markdown.date(later.filed)
    yield markdown.heading(2, f"{names[1]}与{names[0]}", _anchor(earlier, later))
    yield " · ".join(
        markdown.link(f"{name}：{card.title}", f"../articles/{card.id}.md")
        for name, card in zip(names, (earlier, later), strict=True)
    )
    if not before or not after:
        yield "其中一次没有读出要点，无从对照。"
        return
    rows = [(_word(old, new), _cell(old, earlier), _cell(new, later)) for old, new in compared(before, after)]
    yield markdown.table(("异同", *(escape.markdown(name) for name in names)), rows)


def _anchor(earlier: Card, later: Card) -> str:
    return f"vs-{later.filed}-{earlier.id}"[:60]


def _word(old: Task | None, new: Task | None) -> str:
    return "保留" if old and new else "新增" if new else "未再提"


def _counts(pairs: Sequence[tuple[Card, Card]], site: Site) -> Iterator[str]:
    """How much of each meeting's tasks is from the one before, each row leading to the comparison."""
    rows = []
    for later, earlier in pairs:
        before, after = site.excerpts(earlier.id).key_points, site.excerpts(later.id).key_points
        if before and after:
            counts = Counter(_word(*pair) for pair in compared(before, after))
            told = [f"{counts[word]} 项" for word in ("保留", "新增", "未再提")]
        else:
            told = ["—"] * 3
        names = f"{markdown.date(later.filed)}与{markdown.date(earlier.filed)}"
        rows.append((markdown.link(names, f"#{_anchor(earlier, later)}"), f"{len(after)} 项", *told))
    yield markdown.table(("两次会议", "后一次要点", "保留", "新增", "未再提"), rows)


def _threads(cards: Sequence[Card], site: Site) -> Iterator[str]:
    """A table of the meetings, oldest first: a row is a task as each of them words it."""
    rows: list[list[Task | None]] = []
    for at, card in enumerate(cards):
        last = [row[-1] for row in rows if row[-1] is not None]
        found = {old: new for old, new in compared(last, site.excerpts(card.id).key_points) if old and new}
        taken = set(found.values())
        for row in rows:
            row.append(found.get(row[-1]) if row[-1] is not None else None)
        rows += [[None] * at + [task] for task in site.excerpts(card.id).key_points if task not in taken]
    yield markdown.heading(2, "历次并列", "across")
    yield "一行是一项任务在各次会议上的提法；中断后再提的另起一行。"
    yield markdown.table(
        [escape.markdown(markdown.date(card.filed)) for card in cards],
        ([_cell(task, card) for task, card in zip(row, cards, strict=True)] for row in rows),
    )


def _cell(task: Task | None, card: Card) -> str:
    if task is None:
        return "—"
    return f"{markdown.link(task[0], f'../articles/{card.id}.md#{task[1]}')} {{ .digest-wording }}"


def compared(before: Sequence[Task], after: Sequence[Task]) -> list[tuple[Task | None, Task | None]]:
    """Pairs of the earlier and the later task that are alike, in the later order; then what was added, then dropped.

    >>> old, new = [("打好蓝天保卫战", "a"), ("严防风险", "b")], [("推进改革", "c"), ("持续打好蓝天保卫战", "d")]
    >>> [(a and a[0], b and b[0]) for a, b in compared(old, new)]
    [('打好蓝天保卫战', '持续打好蓝天保卫战'), (None, '推进改革'), ('严防风险', None)]
    """
    left = list(before)
    kept, added = [], []
    for task in after:
        best = max(left, key=lambda old: _alike(old[0], task[0]), default=None)
        if best is not None and _alike(best[0], task[0]) >= ALIKE:
            left.remove(best)
            kept.append((best, task))
        else:
            added.append((None, task))
    return [*kept, *added, *((old, None) for old in left)]


def _alike(one: str, other: str) -> float:
    pairs, others = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    return 2 * len(pairs & others) / max(1, len(pairs) + len(others))


def index(site: Site) -> Page:
    rows = [
        (
            markdown.link(entry.name, f"{entry.slug}.md"),
            escape.markdown(entry.organization),
            f"{len(entry.cards)} 次",
            escape.markdown(f"{markdown.date(entry.cards[-1].filed)}至{markdown.date(entry.cards[0].filed)}"),
        )
        for entry in site.series
    ]
    return lists.page(
        "series/index.md",
        "历次对照",
        "同一机构历次同名会议的要点对照：保留、新增、未再提。",
        (
            lists.crumbs(("首页", "../index.md")),
            markdown.heading(1, "历次对照", "title"),
            "同一机构逐年召开的同名会议，两两并列，看任务的保留、新增与未再提。",
            markdown.table(("会议", "机构", "收录", "起讫"), rows)
            if rows
            else "本站还没有收录同名会议的两次以上。",
        ),
        updated=lists.updated(site.cards),
    )
