"""Progress of long work: one living line on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType

from build_tools.core.messages import NOTHING, Message, say


class Progress:
    """Stages with counts, rate and time left, on standard error.

    >>> with Progress(quiet=True) as progress:
    ...     progress.start(say("convert"), 2); progress.step(); progress.step(); progress.end()
    >>> [name for name, _, _ in progress.times]
    ['convert']
    """

    def __init__(self, quiet: bool = False, word: Callable[[Message], str] = str) -> None:
        """`word` gives a message in the language that is spoken."""
        self.quiet, self.word = quiet, word
        self.live = sys.stderr.isatty() and not quiet
        self.times: list[tuple[Message, float, int]] = []  # stage, seconds, items
        self._name = NOTHING
        self._total = self._done = 0
        self._begun = self._shown = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._name:
            self.end()

    def start(self, name: Message, total: int = 0) -> None:
        """Begin a stage of `total` items (0: unknown)."""
        if self._name:
            self.end()
        self._name, self._total, self._done = name, total, 0
        self._begun = self._shown = time.monotonic()

    def step(self, count: int = 1, volume: str = "") -> None:
        """`count` items more are done; `volume` names what they belong to, if the stage goes by volumes."""
        self._done += count
        now = time.monotonic()
        if self.live and now - self._shown > 0.1:
            self._shown = now
            spent = now - self._begun
            rate = self._done / spent if spent else 0.0
            left = (self._total - self._done) / rate if rate and self._total else 0.0
            sys.stderr.write(
                f"\r\033[K{self.word(self._name)}{volume and f' {volume}'}: {self._done}/{self._total or '?'}"
                f"  {rate:.0f}/s  " + self.word(say("{:.0f} s left", left))
            )
            sys.stderr.flush()

    def end(self) -> None:
        """Close the stage; prints its line unless it did nothing."""
        spent = time.monotonic() - self._begun
        self.times.append((self._name, spent, self._done))
        if self.live:
            sys.stderr.write("\r\033[K")
        if not self.quiet and self._done:
            sys.stderr.write(self.word(say("{}: {} in {:.2f} s", self._name, self._done, spent)) + "\n")
        sys.stderr.flush()
        self._name = NOTHING
