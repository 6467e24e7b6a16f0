"""Small pieces of Markdown that every page is made of.

Functions named after an element return Markdown of that element; text that they are given is plain
text and is escaped here, save where a parameter is called `inner`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from build_tools.core.article import DateRange, Fact, Trust
from build_tools.core.vocabulary import load
from build_tools.core.web_address import WebAddress
from build_tools.corpus.corrections import CORRECTABLE, DATE, PEOPLE, RANGE, THEMES, WORDING, as_mapping
from build_tools.pages import escape, headline

_EDTF = re.compile(r"(\d{4}|XXXX)(?:-(\d\d|XX))?(?:-(\d\d|XX))?")


@cache
def labels(group: str) -> Mapping[str, Any]:
    """The Chinese words for the values of one kind, as in `data/captions.yml`."""
    table: Mapping[str, Any] = load("captions")[group]
    return table


def label(group: str, value: str) -> str:
    """
    >>> label("roles", "presides"), label("warnings", "some_new_code")
    ('主持', 'some_new_code')
    """
    return str(labels(group).get(value, value))


def fields(file: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """The fields of a file of the open data, as in `data/schema.yml`: name, type, description, its few values.

    Raises KeyError for a file that is not described.

    >>> fields("links.jsonl")[1]
    ('source', 'string', '一篇文章的标识', ())
    """
    out = []
    for name, (kind, told, *group) in load("schema")[file].items():
        captions = labels(group[0]) if group else {}
        words = [f"{value} {word if isinstance(word, str) else word[0]}" for value, word in captions.items()]
        out.append((name, kind, f"{told}：{'、'.join(words)}" if words else told, tuple(captions)))
    return out


def date(edtf: str) -> str:
    """An EDTF date as a Chinese reader writes it.

    >>> date("2021-03-19"), date("2021-03"), date("XXXX-02-23"), date("")
    ('2021年3月19日', '2021年3月', '2月23日（年份不详）', '日期不详')
    """
    match = _EDTF.fullmatch(edtf)
    if match is None:
        return edtf or "日期不详"
    year, month, day = match.groups()
    out = "" if year == "XXXX" else f"{year}年"
    for part, unit in ((month, "月"), (day, "日")):
        if part and part != "XX":
            out += f"{int(part)}{unit}"
    if year == "XXXX":
        out = f"{out}（年份不详）" if out else "日期不详"
    return out


def date_range(held: DateRange) -> str:
    """
    >>> date_range(DateRange("2024-01-23", "2024-01-24"))
    '2024年1月23日至24日'
    >>> date_range(DateRange("2023-12-31", "2024-01-02"))
    '2023年12月31日至2024年1月2日'
    """
    if held.start == held.end:
        return date(held.start)
    start, end = held.start.split("-"), held.end.split("-")
    shared = 0
    while shared < min(len(start), len(end)) - 1 and start[shared] == end[shared]:
        shared += 1
    units = "年月日"
    tail = "".join(
        f"{int(part) if part.isdigit() else part}{units[at]}" for at, part in enumerate(end) if at >= shared
    )
    head = date(held.start).removesuffix("（年份不详）")
    return f"{head}至{tail}" + ("（年份不详）" if start[0] == "XXXX" else "")


def iso(edtf: str | None) -> str | None:
    """The date for machines that know no EDTF: None unless the year is known."""
    return edtf if edtf and edtf[:4].isdigit() and "X" not in edtf else None


def corrected(field: str, value: object) -> str:
    """What a curator's correction puts in, in Chinese; `value` is frozen as in `Sidecar.corrections`.

    >>> corrected("people", (("张三", (("offices", ("某市市长",)), ("roles", ("presides",)))), ("江山", None)))
    '张三（职务：某市市长；角色：主持）、江山（不作人物）'
    >>> corrected("themes", (("危险废物", True), ("核与辐射安全", False)))
    '列入：危险废物；不列入：核与辐射安全'
    >>> corrected("held", (("start", "2024-01-23"), ("end", "2024-01-24"))), corrected("trust", "repost")
    ('2024年1月23日至24日', '转载')
    >>> corrected("text", (("before", "推进推进"), ("after", "推进"))), corrected("place", None)
    ('“推进推进”改为“推进”', '（空）')
    """
    words, shape = labels("corrected"), CORRECTABLE[field]
    if value is None:
        return str(words["none"])
    pairs = as_mapping(value) if shape.by_name or shape in (RANGE, WORDING) else {}
    if shape is PEOPLE:
        return "、".join(_person_told(name, told, words) for name, told in pairs.items())
    if shape is THEMES:
        both = {key: [name for name, on in pairs.items() if on is (key == "on")] for key in ("on", "off")}
        return "；".join(words[key].format("、".join(found)) for key, found in both.items() if found)
    if shape is WORDING:
        return str(words["text" if pairs["after"] else "cut"].format(pairs["before"], pairs["after"]))
    if shape in (DATE, RANGE):
        return date_range(DateRange(**pairs)) if pairs else date(str(value))
    if shape.choice:
        told = labels(shape.group)[str(value)]
        return str(told if isinstance(told, str) else told[0])
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _person_told(name: str, told: object, words: Mapping[str, Any]) -> str:
    if told is None:
        return str(words["away"].format(name))
    given: dict[str, tuple[str, ...]] = dict(told) if isinstance(told, tuple) else {}
    shown = {
        "offices": given.get("offices", ()),
        "roles": [label("roles", one) for one in given.get("roles", ())],
    }
    said = "；".join(words[key].format("、".join(found)) for key, found in shown.items() if found)
    return str(words["person"].format(name, said or words["kept"]))


def implied(fact: Fact[Any]) -> str:
    """What stands behind a value that the text does not say itself: 「（推定）」, else nothing."""
    return "（推定）" if fact.inferred else ""


def trust_mark(trust: Trust) -> str:
    """The short mark behind a title in a list; a text from its own publisher needs none.

    >>> trust_mark(Trust.TEMPLATE), trust_mark(Trust.ORIGINAL)
    (' *范文*{ .digest-trust }', '')
    """
    return "" if trust is Trust.ORIGINAL else f" *{labels('trust')[trust.value][0]}*{{ .digest-trust }}"


def link(text: str, target: str) -> str:
    """
    >>> link("孙金龙", "../people/sun-jinlong.md")
    '[孙金龙](../people/sun-jinlong.md)'
    """
    return f"[{escape.markdown(text)}]({target})"


def outside(text: str, address: WebAddress) -> str:
    """A link that leaves the site.

    >>> outside("原网页", WebAddress("https://example.org/a_b_(1)"))
    '[原网页](https://example.org/a_b_%281%29){ rel="noopener nofollow" }'
    """
    return f'{link(text, address)}{{ rel="noopener nofollow" }}'


def maybe_link(text: str, target: str | None) -> str:
    return link(text, target) if target is not None else escape.markdown(text)


def heading(level: int, text: str, anchor: str) -> str:
    """
    >>> heading(2, "正文", "text")
    '## 正文 { #text }'
    """
    return f"{'#' * level} {escape.markdown(text)} {{ #{anchor} }}"


def paragraph(inner: str, *attributes: str) -> str:
    """A paragraph with its attribute list, such as `#p-1a2b3c4d` or `.digest-deck`."""
    return f"{inner}\n{{ {' '.join(attributes)} }}" if attributes else inner


def bullets(inner_items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in inner_items)


def table(heads: Sequence[str], inner_rows: Iterable[Sequence[str]]) -> str:
    """A table whose dates, counts and short wordings stay on one line, without the columns that say nothing (—).

    A phone stacks one of more than three columns (assets/boot.js).

    >>> table(("会议", "时间"), [("党组会议", "[2021年3月](a.md)")]).splitlines()[-1]
    '| 党组会议 { .digest-whole } | [2021年3月](a.md) { .digest-whole } |'
    >>> print(table(("姓名", "起"), [("黄润秋", "—"), ("孙金龙", "—")]))
    | 姓名 |
    | --- |
    | 黄润秋 { .digest-whole } |
    | 孙金龙 { .digest-whole } |
    """
    columns = list(zip(heads, *inner_rows, strict=True))
    told = [column for column in columns if set(column[1:]) != {"—"}]
    head, *rows = zip(*told, strict=True)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += (f"| {' | '.join(map(_marked, row))} |" for row in rows)
    return "\n".join(lines)


_WHOLE = 12  # characters: 2023年12月31日
_SHORT = range(3, 9)  # 未再提, 生态环境部部长
_OWN = re.compile(r" \{ [^{}]+ \}$")
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def _marked(inner: str) -> str:
    shown = _LINKED.sub(r"\1", inner)
    if len(shown) not in _SHORT and (len(shown) > _WHOLE or not re.search(r"\d", shown)):
        return inner
    if _OWN.search(inner):  # it has attributes already: a cell has one list
        return f"{inner.removesuffix(' }')} .digest-whole }}"
    return f"{inner} {{ .digest-whole }}"


def blocks(markdown: Iterable[str | None]) -> str:
    """Blocks of a page, one blank line between; None and empty ones fall out."""
    return "\n\n".join(part for part in markdown if part) + "\n"


def front_matter(
    fields: Mapping[str, str | Sequence[str] | None], jsonld: object = None, names: Iterable[str] = ()
) -> str:
    """YAML front matter: strings HTML-escaped (the theme prints them as they are), Nones left out.

    `jsonld` becomes a JSON string that is safe inside a script element. `words` are those of a long title, as the HTML
    of its heading has them: the theme lets the heading be broken between them alone, so never in one of `names`.
    """
    lines = ["---"]
    for key, value in fields.items():
        if value is None or value == ():
            continue
        if isinstance(value, str):
            lines.append(f"{key}: {escape.front_matter(value)}")
        else:
            lines.append(f"{key}: [{', '.join(escape.front_matter(item) for item in value)}]")
    words = headline.pieces(str(fields.get("title") or ""), names)
    if len(words) > 1:
        lines.append(f"words: [{', '.join(escape.yaml(escape.within(word)) for word in words)}]")
    if jsonld is not None:
        lines.append(f"jsonld: {escape.yaml(escape.script_json(jsonld))}")
    lines.append("---")
    return "\n".join(lines) + "\n"


def mark(number: Mapping[str, int], where: str) -> str:
    """A link to the place on the page where something stands; `number`: paragraph id → its number.

    >>> mark({"p-1a2b3c4d": 3}, "p-1a2b3c4d"), mark({}, "deck")
    ('[第3段](#p-1a2b3c4d)', '副题')
    """
    if where in number:
        return f"[第{number[where]}段](#{where})"
    return f"[小标题](#{where})" if where.startswith("h-") else escape.markdown(label("where", where))
