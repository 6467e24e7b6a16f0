"""What is said to a curator, as data: an English template and its arguments. The desk words it in a language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from build_tools.core.text import cut

LONGEST = 300  # characters of a value that a message quotes: it may be any


class Message(str):
    """Reads as English, and keeps the template and the arguments that another language needs.

    Messages are stored and compared like the text that they are, so no language is in a cache.
    """

    template: str
    arguments: tuple[str | float, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return say, (self.template, *self.arguments)


def say(template: str, *arguments: object) -> Message:
    """A message; `template` is a literal with `{}` for each argument, and has its Chinese in desk/zh.yml.

    Without arguments braces stand for themselves. An argument that is a Message is translated too.

    >>> say("no theme {!r}{}", "水", say("; did you mean {}?", "水污染防治"))
    "no theme '水'; did you mean 水污染防治?"
    """
    plain = tuple(map(_plain, arguments))
    message = Message(template.format(*plain) if plain else template)
    message.template, message.arguments = template, plain
    return message


def _plain(argument: object) -> str | float:
    if isinstance(argument, Message | int | float):
        return argument
    return cut(str(argument), LONGEST)


def foreign(text: object) -> Message:
    """Words of another program (the system, a YAML reader), in its own language where desk/zh.yml lacks them."""
    return say(str(text))


NOTHING = foreign("")


class Stop(Exception):
    """Ends a command with exit code 1; the message says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def listed(messages: Iterable[Message], mark: str = ", ") -> Message:
    """All in one.

    >>> listed([say("{} s", 1), say("{} s", 2)])
    '1 s, 2 s'
    """
    found = list(messages)
    return say(mark.join(["{}"] * len(found)), *found) if found else NOTHING


def as_data(message: str) -> Any:
    """A message as what JSON can hold; `from_data` is its inverse.

    >>> from_data(as_data(say("line {}", 3))).arguments
    (3,)
    """
    if not isinstance(message, Message):
        return message
    return [message.template, *(as_data(one) if isinstance(one, str) else one for one in message.arguments)]


def from_data(data: Any) -> Any:
    """What `as_data` was given."""
    return say(*map(from_data, data)) if isinstance(data, list) else data
