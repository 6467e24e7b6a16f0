"""What curators write: people, organisations, themes, sources and sidecars (Popolo, SKOS)."""

from __future__ import annotations

from dataclasses import dataclass, field

from build_tools.core.article import Level
from build_tools.core.pickled import pickle_compactly
from build_tools.core.web_address import WebAddress


@dataclass(frozen=True, slots=True)
class Post:
    """Popolo Membership/Post: an office held in an organisation over a time."""

    office: str
    organization: str | None = None
    start: str | None = None
    end: str | None = None
    source: str | None = None  # an article's id, a WebAddress, or words


@dataclass(frozen=True, slots=True)
class Person:
    """Popolo Person. `contexts` are organisations that tell namesakes apart."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    summary: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Organization:
    """Popolo Organization."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    parent: str | None = None
    level: Level = Level.UNKNOWN
    place: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """SKOS Concept."""

    id: str
    pref_label: str
    alt_labels: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    scope_note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Formulation:
    """提法: a fixed wording to be traced; `parts` expand a numbered slogan."""

    id: str
    label: str
    variants: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet: a publisher's own names."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    kind: str = ""
    url: WebAddress | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page's old address and its new one, as `people/wang-wei`: no slash at the ends."""

    old: str
    new: str
    line: int = 0


@dataclass(frozen=True)
class Registries:
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    themes: tuple[Theme, ...] = ()
    formulations: tuple[Formulation, ...] = ()
    sources: tuple[Source, ...] = ()
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True)
class Sidecar:
    """`corpus/articles/<id>.yml`. A correction is (field, value, reason); `lines` tells where each stands."""

    url: WebAddress | None = None
    fetched: str | None = None
    status: str = "published"
    corrections: tuple[tuple[str, object, str], ...] = ()
    lines: tuple[int, ...] = ()
    reason: str | None = None  # of the status


@dataclass(frozen=True)
class Raw:
    """One article as the corpus holds it."""

    id: str
    name: str  # file name
    data: bytes
    sidecar: Sidecar = field(default_factory=Sidecar)


pickle_compactly(globals())
