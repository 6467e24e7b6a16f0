"""Write any text into Markdown, HTML and front matter so that a reader sees exactly that text.

Python-Markdown's backslash escapes failed on 1,087 of 6,000 hostile strings, numeric character
references on none. So every ASCII character that Markdown, attribute lists, tables, emoji
shortcodes or HTML could read is written `&#N;`; Han text and its punctuation stay as they are.
"""

from __future__ import annotations

import html as _html
import json
import re

# `, . % ; ? ' " ( ) / -` mean nothing inside a block of one line that holds no `[`, `<`, `:` or `&`.
# A tab would be expanded and a line feed would end the block.
_ACTIVE = re.compile(r"[\x00-\x1f\x7f!#$&*+:<=>@\[\\\]^_`{|}~\ud800-\udfff]")
# At the start of a block a list marker or a rule could be read: `1.`, `-`, `(`.
_START = re.compile(r" +|[!-/:-@\[-`{-~]|\d+(?=([.)]))")
# What YAML cannot hold in a double-quoted scalar, or a line splitter would cut.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _reference(match: re.Match[str]) -> str:
    char = match.group()
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"&#{ord(char)};"


def within(text: str) -> str:
    """As `markdown`, not at the start of a block. Python-Markdown leaves it in the HTML as it is."""
    return _ACTIVE.sub(_reference, text)


def markdown(text: str) -> str:
    """Markdown of one line that shows `text` exactly, also at the start of a block, in a cell or a link.

    >>> markdown("PM2.5浓度下降<3%,见[附件]")
    'PM2.5浓度下降&#60;3%,见&#91;附件&#93;'
    >>> markdown("1. 坚持")
    '1&#46; 坚持'

    Lost in any form, so to be settled in cleaning: control characters and blanks at both ends.
    A lone surrogate, which no UTF-8 file can hold, becomes U+FFFD.
    """
    out = within(text)
    start = _START.match(text)
    if start is None:
        return out
    if start.group(1):  # digits before a point or a bracket
        at = start.end()
        return f"{out[:at]}&#{ord(out[at])};{out[at + 1 :]}"
    if _ACTIVE.match(text):
        return out
    return "".join(f"&#{ord(c)};" for c in start.group()) + out[start.end() :]


def html(text: str) -> str:
    """HTML, also inside a quoted attribute. A form that a Markdown inline tag may carry, too.

    >>> html('<b title="甲">')
    '&lt;b title=&quot;甲&quot;&gt;'
    """
    return _html.escape(text)


def yaml(text: str) -> str:
    """A double-quoted YAML scalar of the text as it is.

    >>> yaml('“甲”: "乙"')
    '"“甲”: \\\\"乙\\\\""'
    """
    return _UNPRINTABLE.sub(
        lambda m: f"\\u{ord(m.group()):04x}" if not "\ud800" <= m.group() <= "\udfff" else "\ufffd",
        json.dumps(text, ensure_ascii=False),
    )


def front_matter(text: str) -> str:
    """A YAML scalar of the HTML form: Material puts front-matter strings into pages without escaping.

    >>> front_matter("<script>甲")
    '"&lt;script&gt;甲"'
    """
    return yaml(html(text))


def script_json(value: object) -> str:
    """JSON in one line that is safe inside a `<script>` element, keys in the order given.

    >>> script_json({"name": "</script>甲"})
    '{"name":"\\\\u003c/script\\\\u003e甲"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return _UNPRINTABLE.sub(
        lambda m: f"\\u{ord(m.group()):04x}",
        text,
    )
