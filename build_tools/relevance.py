"""Which registry entries bear on which article: a change of any other leaves its results alone (layer 1).

Conversion looks for the wordings of people, themes and formulations in the article's own text, so an
entry none of whose wordings stand there cannot change what comes out. Organisations and sources are
not read by conversion at all. What an entry tells beside that (notes, line numbers) is no matter here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from functools import lru_cache
from typing import NamedTuple

from build_tools.cache import key_of
from build_tools.models import Formulation, Person, Registries, Theme
from build_tools.text import pairs

_pairs = lru_cache(maxsize=4096)(pairs)  # of the wordings of the registries
MASKS = "*＊"  # a masked text may be read by any formulation


class Trace(NamedTuple):
    """What conversion reads of one entry: its wordings, lower case, and all of it as one string."""

    kind: str
    wordings: tuple[str, ...]
    told: str

    def bears(self, text: str, names: Collection[str], near: Set[int] | None = None) -> bool:
        """Whether the entry may change what comes out of an article.

        `text` is its clean text in lower case; `names` are its participants, whom a curator may have added.
        `near`, the pairs of the text, settles most of the 250 wordings of a registry at once.
        """
        for wording in self.wordings:
            if (near is None or near >= _pairs(wording)) and wording in text:
                return True
        if self.kind == "person":
            return any(name.lower() in self.wordings for name in names)
        return self.kind == "formulation" and any(mask in text for mask in MASKS)


def traces(registries: Registries) -> frozenset[Trace]:
    """The traces of all entries that conversion reads.

    >>> [trace.wordings for trace in traces(Registries(themes=(Theme("c", "碳达峰碳中和", ("“双碳”", "CO2")),)))]
    [('碳达峰碳中和', '双碳', 'co2')]
    """
    return frozenset(
        (
            *map(_person, registries.people),
            *map(_theme, registries.themes),
            *map(_formulation, registries.formulations),
        )
    )


def _person(person: Person) -> Trace:
    offices = tuple(post.office for post in person.posts)
    told = repr((person.id, person.name, person.other_names, offices))
    return Trace("person", _folded((person.name, *person.other_names)), told)


def _theme(theme: Theme) -> Trace:
    # As themes.Thesaurus reads them: without outer quotes, whatever the case.
    labels = tuple(label.strip("“”‘’\"'") for label in (theme.pref_label, *theme.alt_labels))
    return Trace("theme", _folded(labels), repr((theme.pref_label, theme.alt_labels)))


def _formulation(item: Formulation) -> Trace:
    told = repr((item.id, item.label, item.variants, item.parts))
    return Trace("formulation", _folded((item.label, *item.variants)), told)


def _folded(wordings: Iterable[str]) -> tuple[str, ...]:
    return tuple(wording.lower() for wording in wordings if wording)


def bearing_key(known: Iterable[Trace], text: str, names: Collection[str]) -> str:
    """A key of the entries that bear on an article, whatever their order in the registry."""
    near = pairs(text)
    bearing = (trace for trace in known if trace.bears(text, names, near))
    return key_of(*sorted(f"{trace.kind} {trace.told}" for trace in bearing))
