"""One clear line for every bad input: file, place, what is wrong, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from build_tools.core.messages import Message, as_data, from_data, say


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """`severity` is `error` (exit code 1), `warning` or `note`. `line` is 1-based, 0 for none."""

    file: str
    line: int
    severity: str
    what: Message
    remedy: Message

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.what} → {self.remedy}"

    def as_data(self) -> dict[str, Any]:
        """What JSON can hold; `Report.extend` takes it."""
        return {one.name: as_data(getattr(self, one.name)) for one in fields(self)}


class CorpusError(Exception):
    """Raised by a stage that cannot go on with one input; carries its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass
class Report:
    """Collects diagnostics and owns the exit code: 0 good, 1 the corpus has errors."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    _known: set[Diagnostic] = field(default_factory=set, repr=False)

    def add(self, diagnostic: Diagnostic) -> None:
        if diagnostic not in self._known:
            self._known.add(diagnostic)
            self.diagnostics.append(diagnostic)

    def extend(self, stored: Iterable[Mapping[str, Any]]) -> None:
        """Add diagnostics that were kept as data."""
        for one in stored:
            self.add(Diagnostic(**{key: from_data(value) for key, value in one.items()}))

    def error(self, file: str, what: Message, remedy: Message, line: int = 0) -> None:
        self.add(Diagnostic(file, line, "error", what, remedy))

    def warning(self, file: str, what: Message, remedy: Message, line: int = 0) -> None:
        self.add(Diagnostic(file, line, "warning", what, remedy))

    @property
    def exit_code(self) -> int:
        return 1 if any(d.severity == "error" for d in self.diagnostics) else 0

    def summary(self) -> Message:
        counts = Counter(d.severity for d in self.diagnostics)
        return say("{} errors, {} warnings", counts["error"], counts["warning"])

    def lines(self) -> list[str]:
        return [str(d) for d in sorted(self.diagnostics)]
