"""Pages are the same with our inline step and with Python-Markdown's own."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from build_tools.outputs.site.inline import MARKS, Inline
from tests.pages.test_escape import HOSTILE

EXTENSIONS = ["attr_list", "tables", "toc"]  # as in mkdocs.yml

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
            '"',
            "'",
        ]
    ),
    st.sampled_from(["\n[1]: b.md\n", "  \n", "\n\n", "- ", "# ", " | ", "\n|-|\n", "{ .x }", "{ #y }", " "]),
    st.text("环境会议ab1", min_size=1, max_size=4),
)


def html(text: str, *more: Inline) -> str:
    return Markdown(extensions=[*EXTENSIONS, *more]).convert(text)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
@example("*[甲](a.md)*{ .x } &#42;乙  \n![丙][1]\n\n[1]: b.png")
@example("\n\n".join(HOSTILE))
def test_the_html_is_the_same(text: str) -> None:
    assert html(text, Inline()) == html(text)


def test_every_pattern_that_is_told_of_is_there_and_our_step_is_the_one_that_runs() -> None:
    md = Markdown(extensions=[*EXTENSIONS, Inline()])
    assert set(MARKS) <= {item.name for item in md.inlinePatterns._priority}
    asked = []
    for pattern in md.inlinePatterns:
        pattern.getCompiledRegExp = lambda own=pattern.compiled_re: asked.append(own) or own  # type: ignore[func-returns-value]
    assert md.convert("没有记号的文字") == "<p>没有记号的文字</p>"
    assert len(asked) == len(md.inlinePatterns) - len(MARKS)
