"""Which registry entries bear on which article: a change of any other leaves its results alone.

Conversion looks for the wordings of people, themes and formulations in the article's own text, so an
entry none of whose wordings stand there cannot change what comes out. Organisations and sources are
not read by conversion at all. What an entry tells beside that (notes, line numbers) is no matter here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from build_tools.core.files import key_of
from build_tools.core.registry import Formulation, Person, Registries, Theme
from build_tools.core.text import pairs

MASKS = "*＊"  # a masked text may be read by any formulation


class Trace(NamedTuple):
    """What conversion reads of one entry: its wordings, lower case, and all of it as one string."""

    kind: str
    wordings: tuple[str, ...]
    told: str

    def bears(self, text: str, names: Collection[str]) -> bool:
        """Whether the entry may change what comes out of an article.

        `text` is its clean text in lower case; `names` are its participants, whom a curator may have added.
        """
        if any(wording in text for wording in self.wordings):
            return True
        if self.kind == "person":
            return any(name.lower() in self.wordings for name in names)
        return self.kind == "formulation" and _masked(text)


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
    posts = tuple((post.office, post.organization, post.start, post.end) for post in person.posts)
    told = repr(
        (person.id, person.name, person.other_names, posts, person.summary.startswith("未审校"))
    )  # identity.unchecked
    return Trace("person", _folded((person.name, *person.other_names)), told)


def _theme(theme: Theme) -> Trace:
    # As themes.Thesaurus reads them: without outer quotes, whatever the case.
    labels = tuple(label.strip("“”‘’\"'") for label in (theme.pref_label, *theme.alt_labels))
    return Trace("theme", _folded(labels), repr((theme.pref_label, theme.alt_labels)))


def _formulation(item: Formulation) -> Trace:
    told = repr((item.id, item.label, item.variants, item.parts))
    return Trace("formulation", _folded((item.label, *item.variants)), told)


def _masked(text: str) -> bool:
    return any(mask in text for mask in MASKS)


def _folded(wordings: Iterable[str]) -> tuple[str, ...]:
    return tuple(wording.lower() for wording in wordings if wording)


class _Index(NamedTuple):
    """What the entries tell, by their wordings; the wordings by the pairs of characters in them."""

    told: dict[str, list[str]]
    persons: dict[str, list[str]]
    formulations: list[str]
    wordings: tuple[tuple[str, frozenset[int]], ...]
    pairs: frozenset[int]


@lru_cache(maxsize=1)  # of one registry, for the articles of a chunk
def _index(known: frozenset[Trace]) -> _Index:
    told: dict[str, list[str]] = {}
    persons: dict[str, list[str]] = {}
    formulations: list[str] = []
    for trace in known:
        line = f"{trace.kind} {trace.told}"
        for wording in trace.wordings:
            told.setdefault(wording, []).append(line)
            if trace.kind == "person":
                persons.setdefault(wording, []).append(line)
        if trace.kind == "formulation":
            formulations.append(line)
    wordings = tuple((wording, frozenset(pairs(wording))) for wording in told)
    every = frozenset[int]().union(*(own for _, own in wordings))
    return _Index(told, persons, formulations, wordings, every)


def bearing_key(known: frozenset[Trace], text: str, names: Collection[str]) -> str:
    """A key of the entries that bear on an article, whatever their order in the registry.

    As `Trace.bears` says of each. Of 650 wordings 80 stand in an article; their pairs tell these from
    nearly all others, before any is looked for.
    """
    index = _index(known)
    near = index.pairs.intersection(pairs(text))
    bearing: set[str] = set()
    for wording, own in index.wordings:
        if near >= own and wording in text:
            bearing.update(index.told[wording])
    for name in names:
        bearing.update(index.persons.get(name.lower(), ()))
    if _masked(text):
        bearing.update(index.formulations)
    return key_of(*sorted(bearing))
