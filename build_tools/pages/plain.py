"""The page of an article whose own page could not be made: its title and text, nothing that could fail again."""

from __future__ import annotations

import json

from build_tools.core.article import Article
from build_tools.core.site import Page


def plain(one: Article) -> Page:
    """Title and paragraphs at their anchors, so that what links to them still arrives."""
    title = "".join(char for char in one.display_title if char.isprintable()) or one.id
    lines = (
        f'<h1 id="title">{_shown(title)}</h1>',
        "本页未能按常规制作，以下只列正文；编者已得到报告。",
        *(f'<p id="{item.id}">{_shown(item.text)}</p>' for item in one.body),
        f"[采集原文](../raw/{one.id}.txt)",
    )
    head = json.dumps(title, ensure_ascii=False)
    return Page(f"articles/{one.id}.md", f"---\ntitle: {head}\n---\n" + "\n\n".join(lines) + "\n")


def _shown(text: str) -> str:
    """Every character that is neither a letter nor a digit as its number: neither HTML nor Markdown reads it.

    >>> _shown("要<b>")
    '要&#60;b&#62;'
    """
    return "".join(char if char.isalnum() else f"&#{ord(char)};" for char in text)
