"""Pages are the same with our shortcuts and with Python-Markdown's own steps."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions.toc import TocExtension

from build_tools.outputs.site.shortcuts import Shortcuts
from tests.pages.test_escape import HOSTILE

EXTENSIONS = ["attr_list", "tables", TocExtension(marker="")]  # as in mkdocs.yml

pieces = st.one_of(
    st.sampled_from(
        [
            "*",
            "**",
            "_",
            "__",
            "`",
            "``",
            "\\",
            "[",
            "]",
            "(",
            ")",
            "![",
            "](a.md)",
            "[1]",
            "<",
            ">",
            "<https://a.cn>",
            "<a@b.cn>",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "&",
            "&#42;",
            "&amp;",
            "!",
            "[甲](a_b.md)",
            "[甲](#p-1){ .x }",
            "*乙*{ .x }",
            "**丙**",
            '<span class="gap" title="*">',
            "</span>",
            "<br>",
            '"',
            "'",
        ]
    ),
    st.sampled_from(
        [
            *(
                "\n[1]: b.md\n",
                "  \n",
                "\n\n",
                "- ",
                "    - ",
                "# ",
                " | ",
                "\n|-|\n",
                "{ .x }",
                "{ #y }",
                "{: #y .x .z-1 }",
                "{ .x title=甲 }",
                "{ hidden }",
                "\n- ",
                "\n1. ",
                "\n> ",
                "\n---\n",
                "\n===\n",
                "\n***\n",
                "\n    ",
                "\n",
                "[甲]: a.md",
                "[TOC]",
                " ",
            ),
            *(
                '\n\n<div class="a"><b>&gt;</b>\n\n*甲*</div>\n\n',
                '\n\n<div id="a">甲</div>\n\n',
                "\n<div>",
                "</div>\n",
            ),
            *("\n\n<details>\n<summary>甲</summary>\n<div>乙</div>\n</details>\n\n", "\n{ .x }\n\n"),
        ]
    ),
    st.text("环境会议ab1", min_size=1, max_size=4),
)


def html(text: str, *more: Shortcuts) -> tuple[str, list[object]]:
    md = Markdown(extensions=[*EXTENSIONS, *more])
    return md.convert(text), getattr(md, "toc_tokens", [])


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
@example("*[甲](a.md)*{ .x } &#42;乙  \n![丙][1]\n\n[1]: b.png")
@example("\n\n".join(HOSTILE))
def test_the_html_is_the_same(text: str) -> None:
    assert html(text, Shortcuts()) == html(text)


def test_pages_of_ours_are_the_same_and_reach_none_of_the_patterns() -> None:
    text = (
        "# 甲&#42;乙 { #title }\n\n- **时间** 2024年\n- *受损*{ .digest-trust } [第1段](#p-1)、[乙](../a.md)\n    - 丙\n\n"
        '<div class="digest-side"><a href="#p-1" aria-label="第1段">1</a></div>\n\n'
        '会议指出，**要**<span class="gap" title="原文被遮盖">&#42;&#42;</span>落实。\n{ #p-1 }\n\n'
        '| 甲 | 乙 |\n| --- | --- |\n| [丙](b.md) | — |\n\n<details class="x">\n<summary>丁</summary>\n<pre>\n\n{}</pre>\n</details>\n'
    )
    asked = []
    md = Markdown(extensions=[*EXTENSIONS, Shortcuts()])
    for pattern in md.inlinePatterns:
        pattern.getCompiledRegExp = lambda own=pattern.compiled_re: asked.append(own) or own  # type: ignore[func-returns-value]
    assert md.convert(text) == html(text)[0]
    assert not asked
