"""Python-Markdown's dearest steps, done the short way on what our own pages are made of.

`pages` escapes every character that Markdown could read (pages/escape.py). So the text between a page's marks can go
into the tree as it is, a block of raw HTML that we wrote need not be parsed to find its end, and a line whose first
character opens nothing is a paragraph without asking ten processors of blocks. What is written
otherwise, as a curator's own page may be, is left to Python-Markdown. The HTML is the same; `mkdocs build`, without
this, gives the same site (decision 0001).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.preprocessors import Preprocessor
from markdown.serializers import RE_AMP, to_xhtml_string
from markdown.treeprocessors import InlineProcessor, Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString

_TAG = re.compile(r'</?[a-z][a-z0-9]*(?:[ ][a-zA-Z:-]+(?:="[^"<>]*")?)*[ ]?/?>')
# An element between blank lines. Not those whose content is no markup.
_BLOCK = re.compile(r"(?:\A|(?<=\n\n))<(div|details|form)[ >].*?</\1>(?=\n\n)", re.DOTALL)
_HARD = re.compile(r"[ ](?:id|name)=|<(?:script|style|textarea|title|hr)\b|&(?!#\d+;|[a-z]+;)")
_LEFT = re.compile(r"^[ ]{0,3}<|<[!?]", re.MULTILINE)  # other raw HTML, perhaps around a block


class _Blocks(Preprocessor):
    """Blocks of raw HTML into the stash, before they are parsed: by Python-Markdown, and by MkDocs for their anchors."""

    known: dict[tuple[str, str], str]

    def run(self, lines: list[str]) -> list[str]:
        steps = self.md.treeprocessors
        # MkDocs puts it there after all extensions.
        if "relpath" in steps and hasattr(steps["relpath"], "path_to_url"):
            steps.register(_Links(steps["relpath"], self.known), "relpath", 0)
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


# Lines none of which opens a list, quotation, heading, rule, table or reference.
_PROSE = re.compile(r"(?:(?:[^\x00-\x01\x03-%'-Z\\-`|-\x7f\n]|<|\*{1,2}[^*\s])[^\n]*(?:\n(?!\Z)|\Z))+")


class _Prose(BlockProcessor):
    """A block that is a paragraph by the first character of each of its lines."""

    def test(self, parent: Element, block: str) -> bool:
        return _PROSE.fullmatch(block) is not None and "]:" not in block

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        paragraph: BlockProcessor = self.parser.blockprocessors["paragraph"]
        return paragraph.run(parent, blocks)


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
        self.short = False
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
        self.short = short
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


class _Unescape(UnescapeTreeprocessor):
    """Puts escaped characters back where Python-Markdown's patterns may have escaped some."""

    inline: _Inline

    def run(self, root: Element) -> None:
        if not self.inline.short:
            super().run(root)


class _Links(Treeprocessor):
    """MkDocs's own resolver of links, asked once a page for each link, and once a folder for those without an anchor.

    A folder's pages have the same answer, its index and those whose own name is in the link apart. A link that it
    warns of comes back as it was: that is not kept, so each page is told of.
    """

    def __init__(self, own: Any, known: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self.own, self.known = own, known

    def run(self, root: Element) -> None:
        folder, name = self.own.file.src_uri.rpartition("/")[0], self.own.file.name
        ours: dict[str, str] = {}
        for element in root.iter():
            if element.tag in ("a", "img"):
                key = "href" if element.tag == "a" else "src"
                url = element.attrib[key]
                if url not in ours:
                    alike = name != "index" and not (name in url or "#" in url or "%" in url)
                    ours[url] = (alike and self.known.get((folder, url))) or self.own.path_to_url(url)
                    if alike and ours[url] != url:
                        self.known[folder, url] = ours[url]
                element.set(key, ours[url])


class _Attributes(AttrListTreeprocessor):
    """Lists of ids and classes alone are read by their blanks."""

    def assign_attrs(self, elem: Element, attrs_string: str, *, strict: bool = False) -> str:
        if not _NAMED.fullmatch(attrs_string):
            return super().assign_attrs(elem, attrs_string, strict=strict)
        for word in attrs_string.split():
            key, before = ("id", "") if word[0] == "#" else ("class", elem.get("class", ""))
            elem.set(key, f"{before} {word[1:]}".lstrip())
        return ""


_EMPTY = frozenset(xml.etree.ElementTree.HTML_EMPTY)
_NAMED = re.compile(r"[#.][a-z0-9-]+(?: [#.][a-z0-9-]+)* *")


def _serialized(element: Element) -> str:
    """The XHTML of a tree, as Python-Markdown writes it."""
    if not all(isinstance(one.tag, str) for one in element.iter()):  # a comment
        return to_xhtml_string(element)
    out: list[str] = []
    _write(element, out.append)
    return "".join(out)


def _write(element: Element, write: Callable[[str], None]) -> None:
    tag = element.tag
    attributes = ""
    for key, value in sorted(element.items()):
        attributes += f" {key}" if value is None else f' {key}="{_text(value).replace(chr(34), "&quot;")}"'
    if tag in _EMPTY:
        write(f"<{tag}{attributes} />")
    else:
        write(f"<{tag}{attributes}>{_text(element.text or '')}")
        for child in element:
            _write(child, write)
        write(f"</{tag}>")
    if element.tail:
        write(_text(element.tail))


def _text(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


class Shortcuts(Extension):
    """Puts all of them in the place of Python-Markdown's own steps, or before them. One for the pages of one build."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str, str], str] = {}

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        blocks = _Blocks(md)
        blocks.known = self.known
        md.preprocessors.register(blocks, "digest_blocks", 25)  # MkDocs's parser is at 21, Markdown's at 20
        md.parser.blockprocessors.register(_Prose(md.parser), "digest_prose", 200)
        inline, unescape = _Inline(md), _Unescape(md)
        unescape.inline = inline
        md.treeprocessors.register(inline, "inline", 20)  # their priorities there
        md.treeprocessors.register(unescape, "unescape", 0)
        if "attr_list" in md.treeprocessors:
            md.treeprocessors.register(_Attributes(md), "attr_list", 8)
        toc = md.treeprocessors["toc"] if "toc" in md.treeprocessors else None  # noqa: SIM401  no dict
        if (
            isinstance(toc, TocTreeprocessor) and not toc.marker
        ):  # nothing reads its HTML, MkDocs reads its tokens
            toc.build_toc_div = lambda toc_list: Element("div")  # type: ignore[method-assign]
        md.block_level_elements = set(md.block_level_elements)  # type: ignore[assignment]  # asked 600 times a page
        md.output_formats = {**md.output_formats, "xhtml": _serialized}  # type: ignore[misc]
