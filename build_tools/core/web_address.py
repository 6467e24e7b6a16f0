"""The one type for addresses of the web that a page, a sidecar or a registry gives.

Python-Markdown reads link patterns inside the attributes of inline HTML: `https://a.cn/[x](onmouseover=…)`,
escaped as HTML is, ran as script. So an address is a value of a type, checked where it is read, in which no
character that Markdown, HTML, LaTeX or Typst reads as markup is left.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from build_tools.core.messages import say

LONGEST = 2000  # characters; what browsers and proxies of the field carry
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
# Left as they are: what RFC 3986 allows and no markup reads inside a link. `;` could end a character reference,
# and Python-Markdown completes `&#34` to one.
_CODED = re.compile(r"[^A-Za-z0-9./:?#@$&+,=%~_-]|%(?![0-9A-Fa-f]{2})|&(?=#)")


class WebAddress(str):
    """An http or https address; percent codes stand for whatever could be read as markup.

    Raises ValueError, saying what is wrong, for any other text. Making one of a WebAddress changes nothing.

    >>> WebAddress("https://gov.example/[x](onmouseover=alert(1)//)")
    'https://gov.example/%5Bx%5D%28onmouseover=alert%281%29//%29'
    >>> WebAddress("http://生态.example/会议?id=1&t=2")
    'http://xn--t7ty38b.example/%E4%BC%9A%E8%AE%AE?id=1&t=2'
    >>> WebAddress("javascript:alert(1)")
    Traceback (most recent call last):
    ValueError: does not begin with https:// or http://
    """

    __slots__ = ()

    def __new__(cls, text: str) -> WebAddress:
        if isinstance(text, cls):
            return text
        if len(text) > LONGEST:
            raise ValueError(say("is longer than {} characters", LONGEST))
        if not re.match(r"https?://", text):
            raise ValueError(say("does not begin with https:// or http://"))
        if re.search(r"[\s\x00-\x1f\x7f-\x9f\"'<>\ud800-\udfff]", text):
            raise ValueError(say("has a blank, a quotation mark or another character that no address holds"))
        try:
            parts = urlsplit(text)
            port = parts.port
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except ValueError as error:  # UnicodeError is one
            raise ValueError(say("has no host that can be read")) from error
        if "@" in parts.netloc or not _HOST.fullmatch(host):
            raise ValueError(say("has no host that can be read"))
        rest = text.split("://", 1)[1][len(parts.netloc) :]
        coded = _CODED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), rest)
        return super().__new__(cls, f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{coded}")


def looks_like_address(text: str) -> bool:
    """Whether somebody who wrote this meant an address, well formed or not.

    >>> looks_like_address("javascript://x"), looks_like_address("《干部任前公示》")
    (True, False)
    """
    return bool(re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]*://", text))
