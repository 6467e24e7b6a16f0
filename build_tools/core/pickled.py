"""How dataclasses are pickled."""

from __future__ import annotations

import copyreg
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any


def pickled_by_fields(cls: type[Any]) -> None:
    """Pickle as a call of the class: the dataclass's own state methods look up `fields()` for every object.

    Reading 1,000 cached articles takes a third of the time (`digest bench`, stage docs). The pickler calls no
    function of Python for it: writing one takes two thirds of the time with one.
    """
    names = tuple(item.name for item in fields(cls))
    several = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)
    cls._fields_told = property(several)
    copyreg.pickle(cls, attrgetter("__class__", "_fields_told"))


def pickled_as_tuple(cls: type[Any]) -> None:
    """Pickle a NamedTuple in the same bytes as by default, without five look-ups for each object."""
    new = copyreg.__newobj__  # type: ignore[attr-defined]
    copyreg.pickle(cls, lambda one: (new, (cls, *one)))


def pickle_compactly(module: dict[str, Any]) -> None:
    """Have every slotted dataclass of a module (its `globals()`) pickled by its fields."""
    for one in list(module.values()):
        if isinstance(one, type) and is_dataclass(one) and "__slots__" in vars(one):
            pickled_by_fields(one)
