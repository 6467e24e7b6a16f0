"""Whatever a text contains, the reader sees that text, through Markdown with the site's own extensions."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import markdown
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from build_tools.core.article import BodyItem, Gap
from build_tools.core.paths import ROOT
from build_tools.pages import escape
from build_tools.pages import markdown as parts
from build_tools.pages.body import body_text

CONFIG = ROOT / "mkdocs.yml"
HOSTILE = """\
<script>alert(1)</script>
<b onclick="x()">甲</b> &lt; &amp;amp; &#42; &nbsp;
<!-- 注 --> <?php ?> <![CDATA[x]]> </p></div></details>
**粗** __粗__ *斜* _斜_ ~~删~~ ==标== ^上^ `码` ``码``
# 标题
1. 一
1) 一
12. 十二
- 甲
+ 甲
* 甲
> 引
    代码
```python
---
===
***
[甲](javascript:alert(1)) ![图](x.png) [甲][乙] [乙]: http://x
http://example.org <http://example.org> a@b.cn <a@b.cn>
{: #x .y onclick=z } 甲{ .gap } { #p-1 }
甲 | 乙 | 丙
| --- | --- |
{{ config.site_name }} {% include "x" %} {# 注 #}
:smile: :material-abacus: ++ctrl++
!!! note "甲"
??? note
/// tab
--8<-- "mkdocs.yml"
[^1] [^1]: 注
*[HTML]: 甲
\\* \\\\ \\< \\&
(c) -- --> ... "引" '引' 1/2 +/-
$x^2$ \\(x\\) $$
\u202e反\u202c \u200b零宽 \ufeff头
PM2.5<35μg/m³;A&B;R=0.98;100%;@生态环境部
[TOC]
=== "甲"
: 定义
甲\u2028乙\u0085丙
""".splitlines()[:-1]


class _Text(HTMLParser):
    """textContent of the element with an id."""

    VOID = frozenset({"br", "hr", "img", "input", "wbr"})

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wanted, self.depth, self.out, self.found = wanted, 0, "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth and tag not in self.VOID:
            self.depth += 1
        elif ("id", self.wanted) in attrs:
            self.depth, self.found = 1, self.found + 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.out += data


def shown(html: str, wanted: str) -> str:
    parser = _Text(wanted)
    parser.feed(html)
    parser.close()
    assert parser.found == 1, f"{parser.found} elements with id {wanted} in {html!r}"
    return parser.out


def site_markdown() -> markdown.Markdown:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
    listed = yaml.load(CONFIG.read_text("utf-8"), Loader)["markdown_extensions"]
    names = [item if isinstance(item, str) else next(iter(item)) for item in listed]
    configs = {k: v or {} for item in listed if isinstance(item, dict) for k, v in item.items()}
    return markdown.Markdown(extensions=names, extension_configs=configs)


MD = site_markdown()
# The texts that cleaning hands on: one line, no outer blanks, no control characters.
CLEAN = st.text(
    st.characters(exclude_categories=("Cs", "Cc"))
    | st.sampled_from("*_`[](){}<>&#!|~^=+-:$@\\.,;'\"/%? \u3000一、。“”"),
    min_size=1,
    max_size=60,
).filter(lambda text: text == text.strip() and text.strip() != "")


def convert(text: str) -> str:
    return MD.reset().convert(text)


@pytest.mark.parametrize("text", [line.strip() for line in HOSTILE])
def test_a_hostile_paragraph_shows_exactly_its_text(text: str) -> None:
    html = convert(f"前\n\n{parts.paragraph(escape.markdown(text), '#p-1')}\n\n后\n")
    assert shown(html, "p-1") == text
    assert re.findall(r"<(\w+)", html) == ["p", "p", "p"]


@given(CLEAN)
def test_any_paragraph_shows_exactly_its_text(text: str) -> None:
    assert shown(convert(parts.paragraph(escape.markdown(text), "#p-1")), "p-1") == text


@given(CLEAN, CLEAN)
def test_any_heading_and_link_and_cell_show_exactly_their_text(text: str, other: str) -> None:
    html = convert(
        parts.blocks(
            (
                parts.heading(2, text, "h-1"),
                parts.paragraph(parts.link(other, "#h-1"), "#p-1"),
                parts.table(("甲", "乙"), [(f"{escape.markdown(text)} {{ #c-1 }}", escape.markdown(other))]),
                parts.bullets([f"**名** {escape.markdown(text)} *{escape.markdown(other)}*{{ #i-1 }}"]),
            )
        )
    )
    assert shown(html, "h-1") == text
    assert shown(html, "p-1") == other
    assert shown(html, "c-1").strip() == text
    assert shown(html, "i-1") == other


@given(CLEAN, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=6), st.data())
def test_marks_inside_a_paragraph_leave_its_text_alone(
    text: str, leads: list[tuple[int, int]], data: st.DataObject
) -> None:
    lead = tuple((start, start + size) for start, size in leads)
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 8)), max_size=3))
    gaps = [Gap("p-1", start, text[start : start + size], text[:5] or None) for start, size in spans]
    html = convert(parts.paragraph(body_text(BodyItem("p-1", text, 0, lead), gaps), "#p-1"))
    assert shown(html, "p-1") == text


def test_lead_clause_is_strong_and_a_gap_has_its_reading_beside_it() -> None:
    html = convert(
        body_text(BodyItem("p-1", "一是抓规划。思想的****观", 0, ((0, 6),)), [Gap("p-1", 9, "****", "世界")])
    )
    assert "<strong>一是抓规划。</strong>" in html
    assert 'title="疑作“世界”（编者推测）"' in html


@given(st.text(max_size=60))
def test_front_matter_gives_the_html_of_any_text(text: str) -> None:
    loaded = yaml.safe_load(f"title: {escape.front_matter(text)}\n")["title"]
    assert loaded == escape.html(text).encode("utf-8", "replace").decode().replace("?", "?")
    assert "<" not in loaded and '"' not in loaded


@given(st.text(max_size=60))
def test_json_in_a_script_cannot_end_it_and_reads_back(text: str) -> None:
    line = escape.script_json({"name": text})
    assert not set("<>&\n\u2028") & set(line)
    assert json.loads(line) == {"name": text}


def test_han_text_stays_readable_in_the_source() -> None:
    text = "会议指出，2023年PM2.5浓度下降3.1%（同比），见《方案》。"
    assert escape.markdown(text) == text
