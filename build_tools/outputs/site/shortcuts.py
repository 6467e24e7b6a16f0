"""Python-Markdown's two dearest steps, done the short way on what our own pages are made of.

`pages` escapes every character that Markdown could read (pages/escape.py). So the text between a page's marks can go
into the tree as it is, and a block of raw HTML that we wrote need not be parsed to find its end. What is written
otherwise, as a curator's own page may be, is left to Python-Markdown. The HTML is the same; `mkdocs build`, without
this, gives the same site (decision 0001).
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_TAG = re.compile(r'</?[a-z][a-z0-9]*(?:[ ][a-zA-Z:-]+(?:="[^"<>]*")?)*[ ]?/?>')
# An element between blank lines. Not those whose content is no markup.
_BLOCK = re.compile(r"(?:\A|(?<=\n\n))<(div|details|form)[ >].*?</\1>(?=\n\n)", re.DOTALL)
_HARD = re.compile(r"[ ](?:id|name)=|<(?:script|style|textarea|title|hr)\b|&(?!#\d+;|[a-z]+;)")
_LEFT = re.compile(r"^[ ]{0,3}<|<[!?]", re.MULTILINE)  # other raw HTML, perhaps around a block


class _Blocks(Preprocessor):
    """Blocks of raw HTML into the stash, before they are parsed: by Python-Markdown, and by MkDocs for their anchors."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        found: list[str] = []

        def stash(match: re.Match[str]) -> str:
            block = match.group()
            if f"<{match.group(1)}" in block[1:] or _HARD.search(block) or "<" in _TAG.sub("", block):
                return block
            found.append(block)
            return f"\x02{len(found) - 1}\x03"

        rest = _BLOCK.sub(stash, text)
        if not found or _LEFT.search(rest):
            return lines
        store = self.md.htmlStash.store
        return re.sub("\x02(\\d+)\x03", lambda at: store(f"{found[int(at.group(1))]}\n"), rest).split("\n")


# What `pages` writes within a line: no title, none within its like, nothing that Markdown could join otherwise.
_PIECE = re.compile(
    rf"""
      \[ (?P<shown> [^\[\]!`\\<*_]+ ) \] \( (?P<target> [^\s()<>"'`\\*!\[\]&]+ ) \)
    | \*\* (?P<strong> [^*\s] (?: [^*]* [^*\s] )? ) \*\*
    | \* (?P<em> [^*\s] (?: [^*]* [^*\s] )? ) \*
    | (?P<tag> {_TAG.pattern} )
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"[\[\]*_`\\<!]|  \n")  # one of them in what is left: Python-Markdown's matter
_WITHIN = re.compile(r"[\[*`\\]")  # in a tag


class _Inline(InlineProcessor):
    """Text, links, emphasis and tags of our own lines; where there is other text, Python-Markdown's patterns too."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        short = True
        for element in list(tree.iter()):
            text = element.text
            if text and not isinstance(text, AtomicString):
                filled = Element(element.tag)
                if self._fill(filled, text):
                    element.text = filled.text
                    element[:0] = filled
                else:
                    short = False
            if element.tail and element.tail.strip():
                short = False
        return tree if short else super().run(tree, ancestors)

    def _fill(self, parent: Element, text: str) -> bool:
        """Whether all of the text is ours; then `parent` holds it."""
        at = 0
        for match in _PIECE.finditer(text):
            kind = str(match.lastgroup)
            if not _add(parent, text[at : match.start()]) or (
                kind == "tag" and _WITHIN.search(match.group())
            ):
                return False
            at = match.end()
            if kind == "tag":
                _put(parent, self.md.htmlStash.store(match.group()))
                continue
            link = kind == "target"
            child = SubElement(parent, "a" if link else kind, {"href": match["target"]} if link else {})
            if not self._fill(child, match["shown"] if link else match[kind]):
                return False
        return _add(parent, text[at:])


def _add(parent: Element, text: str) -> bool:
    if _MARKS.search(text):
        return False
    _put(parent, text)
    return True


def _put(parent: Element, text: str) -> None:
    """Text behind what the element holds so far. Atomic: no pattern is tried on it."""
    if not text:
        return
    if len(parent):
        parent[-1].tail = AtomicString((parent[-1].tail or "") + text)
    else:
        parent.text = AtomicString((parent.text or "") + text)


class Shortcuts(Extension):
    """Puts both before Python-Markdown's own steps."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(
            _Blocks(md), "digest_blocks", 25
        )  # MkDocs's parser is at 21, Markdown's at 20
        md.treeprocessors.register(_Inline(md), "inline", 20)  # its priority there
