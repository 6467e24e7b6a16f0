"""A date that lost its 月, or 月 and 日 (`61日` for `6月1日`, `720上午`), put right where the publish date proves it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from build_tools.cleaning.dates import NEAR, day_of, fold, published_of, resolve
from build_tools.core.article import Edit, LineKind

_LOST = re.compile(
    r"^[ ?]*+(?:[^\d。]{0,30}[讯电)])? *(?:(?P<n>\d{2,4})(?P<day>日)(?=上午|下午|晚|[,]|在|至)|(?P<bare>\d{3,4})(?=上午|下午))"
)


def lost_separator_edit(line: str, published: str | None) -> Edit | None:
    """`61日` → `6月1日`, only where the publish date proves it: 0 to NEAR days before, one reading.

    >>> lost_separator_edit("61日下午,会议召开。", "2023-06-02")
    Edit(start=0, before='61日', after='6月1日')
    >>> lost_separator_edit("720上午,区政协召开会议。", "2016-07-21")
    Edit(start=0, before='720', after='7月20日')
    >>> lost_separator_edit("21日下午,会议召开。", "2023-06-22") is None
    True
    """
    day = day_of(published)
    match = _LOST.match(fold(line[:120]))
    if day is None or match is None:
        return None
    digits = match["n"] or match["bare"]
    if len(digits) == 2 and 1 <= int(digits) <= 31:
        return None
    readings = []
    for cut in range(1, len(digits)):
        month, of_month = digits[:cut], digits[cut:]
        if len(month) > 2 or len(of_month) > 2 or of_month[0] == "0" or month[0] == "0":
            continue
        if not 1 <= int(month) <= 12:
            continue
        resolved = day_of(resolve(int(month), int(of_month), day))
        if resolved is not None and 0 <= (day - resolved).days <= NEAR:
            readings.append(f"{month}月{of_month}日")
    if len(readings) != 1:
        return None
    return Edit(match.end() - len(digits) - bool(match["day"]), digits + (match["day"] or ""), readings[0])


def repair_dates(lines: Sequence[str], kinds: Sequence[LineKind]) -> list[tuple[int, Edit]]:
    """Edits of the first paragraphs whose date lost its 月 (rule id `date_lost_separator`).

    >>> repair_dates(["发布时间:2023.06.02", "61日,会议召开。"], [LineKind.META, LineKind.PARAGRAPH])
    [(1, Edit(start=0, before='61日', after='6月1日'))]
    """
    paragraphs = [i for i, kind in enumerate(kinds) if kind is LineKind.PARAGRAPH][:3]
    lost = [i for i in paragraphs if _LOST.match(fold(lines[i][:120]))]
    fact = (
        published_of([line for line, kind in zip(lines, kinds, strict=True) if kind is LineKind.META])
        if lost
        else None
    )
    edits = ((i, lost_separator_edit(lines[i], fact.value)) for i in lost if fact is not None)
    return [(i, edit) for i, edit in edits if edit is not None]
