"""How an article is cited: GB/T 7714, APA, BibTeX, RIS and CSL-JSON, all of one electronic document ([EB/OL], webpage).

They are made here alone: the page shows them without scripts, the files lie beside it, and the dialog of
`digest.js` puts in the day of reading and a paragraph. A model text or a damaged one says so in each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from build_tools.core.article import Article
from build_tools.core.site import UNATTESTED
from build_tools.pages import escape, markdown

ACCESSED = "引用日期"  # the reader's day, which no build knows
# An author that is a publisher or an office: 新华社, 生态环境部, 本报评论员.
OFFICE = re.compile("[社报网部厅局处办委院台室站科会]$|中心|公司|本[报刊网台]|评论员|编辑部")
_WEBSITE = re.compile("网站?$|官网|客户端$|公众号$")  # who put it up, not who wrote it
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def authors(one: Article) -> list[str]:
    """Those who wrote it; a website that is named as the author published it."""
    return [fact.value for fact in one.authors if not _WEBSITE.search(fact.value)]


def publisher(one: Article) -> str:
    """The labelled source, else the website that is named as the author, else the outlet of the dateline."""
    sites = [fact.value for fact in one.authors if _WEBSITE.search(fact.value)]
    return next(
        (fact.value for fact in (one.source, one.dateline_outlet) if fact is not None), "".join(sites[:1])
    )


def caution(one: Article) -> str:
    """What a citation of a text that attests nothing must say (范文：本篇出自范文网站…); '' for others."""
    if one.trust.value not in UNATTESTED:
        return ""
    mark, said = markdown.labels("trust")[one.trust.value.value]
    return f"{mark}：{said}"


def texts(one: Article, address: str) -> dict[str, str]:
    """The name of each form → the citation. `address` is that of the page."""
    return {
        "GB/T 7714—2025": gbt(one, address),
        "GB/T 7714—2015": gbt(one, address, old=True),
        "APA": _apa(one, address),
        "BibTeX": _bibtex(one, address),
        "RIS": _ris(one, address),
        "CSL-JSON": _csl(one, address),
    }


def files(one: Article, address: str) -> Iterator[tuple[str, bytes]]:
    """(path below docs/, bytes) of the files beside the page."""
    made = texts(one, address)
    for ending, name in ENDINGS.items():
        yield f"articles/{one.id}/{one.id}{ending}", f"{made[name]}\n".encode()


ENDINGS = {".bib": "BibTeX", ".ris": "RIS", ".csl.json": "CSL-JSON"}


def block(one: Article, address: str, edition: bool = True) -> Iterator[str]:
    """The section of the page that cites it: readable and complete without scripts."""
    yield markdown.heading(2, "引用", "cite")
    warning = caution(one)
    if warning:
        yield markdown.paragraph(f"引用时请注明——{escape.markdown(warning)}", ".digest-note")
    shown = "\n".join(
        f'<p>{escape.html(name)}</p>\n<pre data-cite="{escape.html(name)}">{_one_block(text)}</pre>'
        for name, text in texts(one, address).items()
    )
    yield (
        f'<details class="digest-citations">\n<summary>引文（{ACCESSED}请填阅读之日）</summary>\n'
        f"<div>{shown}</div>\n</details>"
    )
    links = " · ".join(markdown.link(name, f"{one.id}/{one.id}{ending}") for ending, name in ENDINGS.items())
    text = f"；文本的 TEI 版：{markdown.link('TEI', f'{one.id}/{one.id}.tei.xml')}" if edition else ""
    yield f"引文文件：{links}{text}"


def _one_block(text: str) -> str:
    """HTML without a blank line: one would end the block for Markdown."""
    return escape.html(text).replace("&quot;", '"').replace("\n\n", "\n")


def _date(one: Article) -> str:
    return (markdown.iso(one.published.value) if one.published is not None else None) or ""


def gbt(one: Article, address: str, old: bool = False) -> str:
    """主要责任者. 题名[文献类型/载体]. 出版者, (公布日期)[引用日期]. 获取路径. The older edition has the year too."""
    names, source, day = authors(one), publisher(one), _date(one)
    who = f"{'，'.join(names[:3])}，等" if len(names) > 3 else "，".join(names)
    year = f"{day[:4]}" if old and day and source else ""
    when = f"{year}({day})" if day else ""
    warning = caution(one)
    return (
        f"{f'{who}. ' if who else ''}{one.display_title}[EB/OL]. "
        f"{f'{source}, ' if source and source != who else ''}{when}[{ACCESSED}]{f'. {address}' if address else ''}."
        + (f"（{warning}）" if warning else "")
    )


def _apa(one: Article, address: str) -> str:
    source, day = publisher(one), _date(one).split("-")
    who = ", ".join(authors(one)) or source
    when = "n.d."
    if day[0]:
        month = [f"{_MONTHS[int(day[1]) - 1]}{f' {int(day[2])}' if day[2:] else ''}"] if day[1:] else []
        when = ", ".join([day[0], *month])
    warning = caution(one)
    return (
        f"{f'{who}. ' if who else ''}({when}). {one.display_title}{f' [{warning}]' if warning else ''}. "
        f"{f'{source}. ' if source and source != who else ''}{address}"
    )


def _tex(text: str) -> str:
    return re.sub(r"[\\{}$&#^_%~]", lambda match: _TEX.get(match[0], f"\\{match[0]}"), text)


def _bibtex(one: Article, address: str) -> str:
    """An entry of biblatex's kind `online`.

    >>> _tex("1~3月_50%")
    '1\\\\textasciitilde{}3月\\\\_50\\\\%'
    """
    names, source, day, warning = authors(one), publisher(one), _date(one), caution(one)
    rows = [
        ("author", " and ".join(f"{{{_tex(name)}}}" for name in names)),
        ("title", _tex(one.display_title)),
        ("organization", _tex(source)),
        ("date", day),
        ("url", address),
        ("note", _tex(warning)),
        ("langid", "chinese"),
    ]
    inside = ",\n".join(f"  {key} = {{{value}}}" for key, value in rows if value)
    return f"@online{{{one.id},\n{inside}\n}}"


def _ris(one: Article, address: str) -> str:
    day = _date(one)
    rows = [
        ("TY", "ELEC"),
        *(("AU", name) for name in authors(one)),
        ("TI", one.display_title),
        ("PB", publisher(one)),
        ("DA", day.replace("-", "/")),
        ("PY", day[:4]),
        ("N1", caution(one)),
        ("UR", address),
        ("LA", "zh-CN"),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
    return "\n".join([*lines, "ER  - "])


def _csl(one: Article, address: str) -> str:
    day = _date(one)
    item = {
        "id": one.id,
        "type": "webpage",
        "title": one.display_title,
        "author": [{"literal": name} for name in authors(one)],
        "publisher": publisher(one),
        "issued": {"date-parts": [[int(part) for part in day.split("-")]]} if day else None,
        "note": caution(one),
        "URL": address,
        "language": "zh-CN",
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False)
