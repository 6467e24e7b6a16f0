"""From a file's bytes to its text: encodings, and the HTML step with its version.

Guarantees: the text holds no lone surrogate and no NUL; what cannot be decoded
is U+FFFD there, with the warning `undecodable_bytes`; line ends stay as in the
file. Whatever is no text raises CorpusError with one clear line.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from build_tools.cleaning.html import read_page
from build_tools.core.article import Decoded
from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.messages import Message, say
from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

# A long speech is 30 kB, a page with inlined images below 2 MB.
MAX_BYTES = 5_000_000
# A book of 300 pages has some 9,000 lines. A line costs about .1 ms however short it is, so 1 MB of short ones 10 s.
MAX_LINES = 20_000
HTML = (".html", ".htm", ".xhtml", ".shtml")
BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Header lines, whatever the first is, one of which says that more follows (RFC 2045).
MAIL = re.compile(
    rb"(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]{0,400}\r?\n(?:[ \t][^\n]{0,400}\r?\n)*){0,30}?(?i:mime-version|content-type):"
)
MAGIC = (
    (b"%PDF", say("a PDF")),
    (b"PK\x03\x04", say("a ZIP archive (docx, xlsx, epub)")),
    (b"\xd0\xcf\x11\xe0", say("an old Office file (doc, xls)")),
    (b"{\\rtf", say("an RTF file")),
    (b"\x89PNG", say("a PNG picture")),
    (b"\xff\xd8\xff", say("a JPEG picture")),
    (b"GIF8", say("a GIF picture")),
    (b"\x1f\x8b", say("a gzip archive")),
    (b"Rar!", say("a RAR archive")),
    (b"7z\xbc\xaf", say("a 7z archive")),
)
# The codecs that Chinese pages come in, as tried; cp950 holds the ETEN characters that plain big5 lacks.
CHINESE = ("gb18030", "cp950", "big5hkscs")
DECLARED = re.compile(rb"""charset\s*=\s*+["']?\s*([A-Za-z0-9_:-]{2,20})""", re.IGNORECASE)
ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "cp950",
}
# Control characters that no text holds; VT and FF stand in text taken from PDFs, SUB ends DOS files.
CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
HAN_ONE = re.compile(f"[{HAN}]")
# 113 pages score .61 and more; read in a wrong codec (169 readings that do not fail) .09 and less.
PLAUSIBLE = 0.25
SAMPLE = 20_000


def _euro(error: UnicodeError) -> tuple[str, int]:
    """0x80, which GBK of Windows (code page 936) has for €, and Python's GB18030 does not know.

    >>> b"5\\x80".decode("gb18030", EURO)
    '5€'
    """
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80 and "gb" in error.encoding:
        return "€", error.start + 1
    raise error


EURO = "gbk-euro"
codecs.register_error(EURO, _euro)


def decode(name: str, data: bytes) -> Decoded:
    """The text of the file `name`, whose bytes are `data`.

    >>> decode("a.txt", "会议强调,要抓紧。".encode("gb18030")).encoding
    'gb18030'

    Raises CorpusError for what is empty, larger than MAX_BYTES, longer than MAX_LINES, binary, or not
    readable as text; the message says what the file seems to be.
    """
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 1e6, MAX_BYTES / 1e6
        raise _error(
            name,
            say("{:.1f} MB, more than {:.0f} MB", size, limit),
            say("cut the file down to the article itself"),
        )
    if not data.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"):
        raise _error(name, say("the file is empty"), say("fetch the page again, or remove the file"))
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise _error(
                name, say("this is {}, not text", what), say("save the article as .txt (UTF-8) or .html")
            )
    if MAIL.match(data):
        raise _error(
            name,
            say("this is {}, not text", say("a web archive or mail (mht, eml)")),
            say("save the article as .txt (UTF-8) or .html"),
        )
    text, encoding, warnings = _characters(name, data)
    controls = len(CONTROL.findall(text))
    if controls > 8 and controls * 50 > len(text):
        raise _error(
            name,
            say("{} control characters: binary data, not text", controls),
            say("save the article as .txt (UTF-8)"),
        )
    tool: str | None = None
    hints: tuple[tuple[str, str], ...] = ()
    if name.lower().endswith(HTML):
        text, tool, hints = read_page(text)
    if (lines := text.count("\n") + 1) > MAX_LINES:
        raise _error(
            name,
            say("{} lines, more than {}", lines, MAX_LINES),
            say("cut the file down to the article itself"),
        )
    if not any(char.isalnum() for char in text):
        raise _error(
            name, say("there is no text in it"), say("fetch the page again, or paste the article into a .txt")
        )
    return Decoded(text, encoding, tool, hints, warnings)


def _characters(name: str, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Text, codec and warnings, by byte order mark, UTF-8, declaration and plausibility, in this order."""
    for bom, codec in BOMS:
        if data.startswith(bom):
            return _lenient(name, data[len(bom) :], codec, len(bom))
    if b"\0" in data:
        return _wide(name, data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
    else:
        if text.isascii() or HAN_ONE.search(text):
            return text, "utf-8", ()
        bad = len(data)
    declared = _declared(data)
    scores = {
        codec: score + 0.1 * (codec == declared) for codec in CHINESE if (score := _strict(data, codec)) >= 0
    }
    if scores and max(scores.values()) >= PLAUSIBLE:
        best = max(scores, key=lambda codec: scores[codec])
        return data.decode(best, EURO), best, ()
    return _damaged(name, data, bad)


def _damaged(name: str, data: bytes, bad: int) -> tuple[str, str, tuple[str, ...]]:
    """The reading that loses least, of the Chinese codecs or one that charset-normalizer finds."""
    best, best_score = "", 0.0
    for codec in ("utf-8", *CHINESE):
        text = data.decode(codec, "replace")
        score = plausibility(text) - 3 * text.count("\ufffd") / max(1, len(text))
        if score > best_score:
            best, best_score = codec, score
    if best_score >= PLAUSIBLE:
        return _lenient(name, data, best)
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 60 ms to import, needed for the odd file only

    guess = from_bytes(data[:SAMPLE], cp_exclusion=["utf_7"]).best()
    if guess is not None:
        text = data.decode(guess.encoding, "replace")
        if HAN_ONE.search(text) and plausibility(text) >= PLAUSIBLE and text.count("\ufffd") * 20 < len(text):
            return _lenient(name, data, guess.encoding)
    if bad == len(data):
        return data.decode("utf-8"), "utf-8", ()
    raise _error(
        name,
        say(
            "not readable as UTF-8, GB18030, Big5 or UTF-16: first bad byte 0x{:02x} at offset {}",
            data[bad],
            bad,
        ),
        say("find out its encoding and save it as UTF-8"),
    )


def _wide(name: str, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """UTF-16 without a mark: line feeds and ASCII digits have NUL halves there. Else it is binary."""
    best, best_score = "", 0.0
    for codec in ("utf-16-le", "utf-16-be"):
        score = plausibility(data.decode(codec, "replace"))
        if score > best_score:
            best, best_score = codec, score
    if best_score >= PLAUSIBLE:
        text, codec, warnings = _lenient(name, data, best)
        if "\0" not in text:
            return text, codec, warnings
    at = data.index(b"\0")
    raise _error(
        name, say("NUL byte at offset {}: binary data, not text", at), say("save the article as .txt (UTF-8)")
    )


def _lenient(name: str, data: bytes, codec: str, offset: int = 0) -> tuple[str, str, tuple[str, ...]]:
    """Decode; undecodable bytes become U+FFFD. Half lost is no text."""
    try:
        text, warnings = data.decode(codec, EURO), tuple[str, ...]()
    except UnicodeDecodeError as error:
        text, warnings = data.decode(codec, "replace"), ("undecodable_bytes",)
        if text.count("\ufffd") * 4 > len(text):
            place = f"0x{data[error.start]:02x} at offset {offset + error.start}"
            what = say("not readable as {}: first bad byte {}", codec, place)
            raise _error(name, what, say("find out its encoding and save it as UTF-8")) from None
    if "\0" in text:
        raise _error(
            name,
            say("NUL at character {}: binary data, not text", text.index(chr(0))),
            say("save it as UTF-8 text"),
        )
    return text, codec, warnings


def _strict(data: bytes, codec: str) -> float:
    try:
        return plausibility(data.decode(codec, EURO))
    except UnicodeDecodeError:
        return -1.0


def _declared(data: bytes) -> str:
    found = DECLARED.search(data, 0, 4096)
    name = found.group(1).decode("ascii").lower() if found else ""
    return ALIASES.get(name, name)


@cache
def _common() -> re.Pattern[str]:
    words = load("han")
    return re.compile("[" + re.sub(r"\s", "", words["simplified"] + words["traditional"]) + "]")


def plausibility(text: str) -> float:
    """The share of frequent Han among all characters beyond ASCII that are no punctuation, 0 to 1.

    >>> plausibility("会议强调,要抓紧落实。") > 0.7 > 0.2 > plausibility("鐢熸佺幆澧冮儴鍏氱粍")
    True
    """
    sample = text[:SAMPLE]
    letters = len(re.findall(r"[^\x00-\x7f\u2000-\u206f\u3000-\u301f\uff00-\uffef\u00a0]", sample))
    return len(_common().findall(sample)) / letters if letters else 0.0


def _error(name: str, what: Message, remedy: Message) -> CorpusError:
    return CorpusError(Diagnostic(name, 0, "error", what, remedy))
