"""Python-Markdown's inline patterns, each tried only on text that has the mark it begins with.

Python-Markdown tries all fourteen on every piece of text, most of which has no mark at all: a quarter
of the time of a page. The HTML is the same; `mkdocs build`, without this, gives the same site.
"""

from __future__ import annotations

from markdown import Extension, Markdown
from markdown.inlinepatterns import Pattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# Without its mark a pattern cannot match (markdown.inlinepatterns, 3.11); one that is not named is always tried.
MARKS = {
    "backtick": "`",
    "escape": "\\",
    "reference": "[",
    "link": "[",
    "image_link": "!",
    "image_reference": "!",
    "short_reference": "[",
    "short_image_ref": "!",
    "autolink": "<",
    "automail": "<",
    "linebreak": "\n",
    "html": "<",
    "entity": "&",
}


class _Inline(InlineProcessor):
    """The inline step. The method's name is Python-Markdown's own; should it go, pages only take longer."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.marked: list[tuple[str, Pattern]] = []

    def _InlineProcessor__handleInline(self, data: str, at: int = 0) -> str:  # noqa: N802
        if isinstance(data, AtomicString):
            return data
        apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        self.marked = self.marked or _marked(self.md)
        start = 0
        while at < len(self.marked):
            mark, pattern = self.marked[at]
            matched = False
            if mark in data:
                data, matched, start = apply(pattern, data, at, start)
            if not matched:
                at, start = at + 1, 0
        return data


def _marked(md: Markdown) -> list[tuple[str, Pattern]]:
    """The patterns in order, each with its mark; '' stands in every text."""
    known = {
        md.inlinePatterns.get_index_for_name(name): MARKS[name] for name in MARKS if name in md.inlinePatterns
    }
    return [(known.get(at, ""), pattern) for at, pattern in enumerate(md.inlinePatterns)]


class Inline(Extension):
    """Puts the inline step in the place of Python-Markdown's."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.treeprocessors.register(_Inline(md), "inline", 20)  # its priority there
