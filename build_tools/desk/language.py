"""The curator's language, and the only way to the terminal.

Every room below hands over messages as data (core/messages); here they are worded, in Chinese or in English.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from build_tools.core.diagnostics import Diagnostic
from build_tools.core.messages import Message, say

LANGUAGES = ("en", "zh")
_words: dict[str, str] = {}  # of the language that is spoken; English has none


def chosen(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language that a call asks for: `--lang`, else the locale, which is the first of its variables that is set.

    >>> chosen(["build", "--lang=zh"], {}), chosen([], {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}), chosen([], {"LC_ALL": "C", "LANG": "zh_CN"})
    ('zh', 'zh', 'en')
    """
    for word, after in pairwise([*words, ""]):
        if (
            told := word.removeprefix("--lang=") if word != "--lang" else after
        ) in LANGUAGES and told != word:
            return told
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if locale.startswith("zh") else "en"


def speak(language: str) -> None:
    """Word everything from now on in one of LANGUAGES."""
    _words.clear()
    if language == "zh":
        _words.update(catalogue())


def catalogue() -> dict[str, str]:
    """English template → Chinese template: what the code says, then what other programs say."""
    import yaml  # noqa: PLC0415  English needs none

    text = Path(__file__).with_name("zh.yml").read_text("utf-8")
    told: dict[str, dict[str, str]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {**told["foreign"], **told["own"]}


def chinese() -> bool:
    return bool(_words)


def word(message: str) -> str:
    """The message in the language that is spoken; what is not a Message stays as it is.

    >>> speak("zh"); word(say("no theme {!r}; the line has no effect", "水"))
    '没有主题“水”，本行无效'
    >>> speak("en"); word(say("no theme {!r}; the line has no effect", "水"))
    "no theme '水'; the line has no effect"
    """
    if not isinstance(message, Message) or not _words:
        return str(message)
    template = _words.get(message.template, message.template.replace("}, {", "}，{"))  # a list
    arguments = [word(one) if isinstance(one, str) else one for one in message.arguments]
    return template.format(*arguments) if arguments else template


def help_of(text: str | None) -> str:
    """A help text, of which click keeps the words alone."""
    return word(say(text or ""))


def shown(text: str) -> str:
    r"""The text with whatever could steer a terminal or a CI's log written out.

    >>> print(shown("a\x1b[2Jb\n::error::c\u202e"), shown(" ::error::x"))
    a\x1b[2Jb\n::error::c\u202e \ ::error::x
    """
    seen = "".join(
        char
        if char.isprintable() or unicodedata.category(char) == "Zs"
        else char.encode("unicode_escape").decode()
        for char in text
    )
    return f"\\{seen}" if seen.lstrip().startswith(("::", "##[")) else seen


def captioned(field: str, value: str) -> str:
    """A value that a correction gives in English, with its Chinese where that is spoken."""
    if not chinese() or field not in ("level", "kind", "trust", "role", "warning"):
        return value
    from build_tools.pages import markdown  # noqa: PLC0415  most commands show none

    read: Mapping[str, Callable[[str], str]]
    read = {"role": partial(markdown.label, "roles"), "warning": meaning}
    return f"{value}（{read.get(field, partial(markdown.corrected, field))(value)}）"


def meaning(code: str) -> str:
    """What readers are told of a warning."""
    from build_tools.pages import markdown  # noqa: PLC0415

    return markdown.labels("repairs").get(code) or markdown.label("warnings", code)


def out(*lines: str) -> None:
    for line in lines:
        print(shown(word(line)))


def err(*lines: str) -> None:
    for line in lines:
        print(shown(word(line)), file=sys.stderr)


def out_json(value: Any) -> None:
    """JSON as Chinese is read, its control characters as codes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    print(
        re.sub(
            "[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]",
            lambda m: f"\\u{ord(m[0]):04x}",
            text,
        )
    )


def line_of(one: Diagnostic) -> str:
    """One diagnostic as one line: file, place, what is wrong, what to do."""
    place = f"{one.file}:{one.line}" if one.line else one.file
    return f"{place}: {help_of(one.severity)}: {word(one.what)} → {word(one.remedy)}"


def width(text: str) -> int:
    """Columns of a terminal.

    >>> width("a会")
    3
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
