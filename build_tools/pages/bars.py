"""Small static bars (SVG): how many articles a year or a level has, above the table that says the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from build_tools.core.site import Card, volume_of
from build_tools.pages import escape, markdown

WIDTH, HEIGHT, FOOT, HEAD = 680, 78, 22, 20  # user units: the text is 680 px wide, labels of a phone 19 high
WIDEST = 56
LABEL = 44
PHONE = 360  # user units: a wider one is made smaller on a phone, its words are made larger there
MOST = 40  # bars that still have room for their labels


def bars(about: str, counts: Sequence[tuple[str, int]]) -> str | None:
    """A bar for each (label, count); None where fewer than two would stand.

    >>> print(bars("逐年篇数", [("2023", 1), ("2024", 2)]).count("<rect"))
    2
    """
    shown = counts[-MOST:]
    if len(shown) < 2:
        return None
    top = max(count for _, count in shown) or 1
    step = min(WIDEST, WIDTH / len(shown))
    parts = []
    every = math.ceil(LABEL / step)  # labels that do not run into one another
    for at, (label, count) in enumerate(shown):
        high = round((HEIGHT - HEAD) * count / top, 1)
        x, middle = round(at * step + step * 0.14, 1), round(at * step + step / 2, 1)
        parts.append(
            f'<rect x="{x}" y="{round(HEIGHT - high, 1)}" width="{round(step * 0.72, 1)}" height="{high}"/>'
            f'<text x="{middle}" y="{round(HEIGHT - high - 3, 1)}">{count}</text>'
            + f'<text x="{middle}" y="{HEIGHT + FOOT - 4}">{escape.html(label)}</text>'
            * ((len(shown) - 1 - at) % every == 0)
        )
    size = round(step * len(shown))
    wide = ' class="digest-wide"' if size > PHONE else ""
    told = escape.html(f"{about}：" + "，".join(f"{label} {count}" for label, count in shown))
    return (
        f'<div class="digest-bars"><svg{wide} viewBox="0 0 {size} {HEIGHT + FOOT}" width="{size}" role="img" '
        f'aria-label="{told}">{"".join(parts)}</svg></div>'
    )


def years(cards: Iterable[Card], about: str = "逐年篇数") -> str | None:
    """Articles by year, the years between without any too; what attests nothing counts nowhere."""
    counts = Counter(volume_of(card.filed) for card in cards if card.attests)
    known = sorted(int(year) for year in counts if year.isdigit())
    if not known:
        return None
    return bars(about, [(str(year), counts[str(year)]) for year in range(known[0], known[-1] + 1)])


def levels(cards: Iterable[Card]) -> str | None:
    """Articles by level, in the order of the state."""
    counts = Counter(card.level.value for card in cards if card.attests)
    names = markdown.labels("levels")
    return bars("各级篇数", [(str(names[level]), counts[level]) for level in names])
