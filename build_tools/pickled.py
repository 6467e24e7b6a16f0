"""How dataclasses are pickled (layer 0)."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any


def pickled_by_fields(cls: type[Any]) -> None:
    """Pickle as a call of the class: the dataclass's own state methods look up `fields()` for every object.

    Reading 1,000 cached articles takes a third of the time (`digest bench`, stage docs).
    """
    names = tuple(item.name for item in fields(cls))
    several = attrgetter(*names)

    def reduce(self: object) -> tuple[type, tuple[object, ...]]:
        return cls, several(self) if len(names) > 1 else (several(self),)

    cls.__reduce__ = reduce  # type: ignore[assignment]
