"""Which themes of the registry an article is about, and the passages that speak of them.

Scores are local: they depend on the article and the thesaurus alone, so that one
new article changes no other article's themes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import ahocorasick_rs

from build_tools.core.article import BodyItem, ThemeHit
from build_tools.core.registry import Theme
from build_tools.facts.lexicon import whole

# Weights and threshold, set on the five founding articles and the work half of tests/eval:
# a theme named once in passing scores 1.5, twice in one paragraph 1.8, in two paragraphs 3.0.
_TITLE, _DECK, _HEADING, _LEAD, _PARAGRAPH, _OPENING, _MENTION = 5.0, 3.0, 2.5, 1.6, 1.2, 0.5, 0.3
_TASK = 1.0  # a task or a problem that has a sentence of its own: two to a theme count
_MENTIONS_COUNTED = 6
_PARAGRAPHS_COUNTED = 8
_OPENING_WIDTH = 40
THRESHOLD = 2.1  # more than one mention at the beginning of one paragraph


_IS_TASK = re.compile(
    "(?<![主重需首])要(?![求点素闻])|必须|务必|确保|[前底]完成|研究部署|全部|不得|推动|修订|推进"
)
_OWN_WIDTH = 15  # characters in which a sentence of its own names its theme; or it names it twice
_STOPS = re.compile("[。；！？\n]")


def _tasks(text: str, places: Sequence[tuple[int, int]]) -> int:
    """How many sentences with such a place set a task or tell of a problem.

    >>> _tasks("要管好噪声。噪声投诉五件。", [(3, 5), (6, 8)])
    1
    """
    sentences: dict[int, str] = {}
    stops = [0, *(match.end() for match in _STOPS.finditer(text)), len(text) + 1]
    at_stop = [bisect_right(stops, start) - 1 for start, _ in places]
    often = Counter(at_stop)
    for at, (start, _) in zip(at_stop, places, strict=True):
        if start - stops[at] < _OWN_WIDTH or often[at] > 1:
            sentences.setdefault(at, text[stops[at] : stops[at + 1]])
    return sum(bool(_IS_TASK.search(sentence)) for sentence in sentences.values())


@dataclass(frozen=True)
class Thesaurus:
    """The themes compiled for finding; build it once a process.

    Where labels overlap, the leftmost longest one is read; it counts for each theme that
    has it, or has the label that it ends in.
    """

    themes: tuple[Theme, ...]
    _labels: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _automaton: ahocorasick_rs.AhoCorasick = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        labels: dict[str, tuple[str, ...]] = {}
        for theme in self.themes:
            for label in (theme.pref_label, *theme.alt_labels):
                key = label.strip("“”‘’\"'").lower()
                if key and theme.pref_label not in labels.get(key, ()):
                    labels[key] = (*labels.get(key, ()), theme.pref_label)
        # A Chinese compound has its head at the end: 农村黑臭水体 are 黑臭水体 too. A row of words has none.
        compounds = {
            key: tuple(dict.fromkeys(theme for at in range(len(key)) for theme in labels.get(key[at:], ())))
            for key in labels
            if "、" not in key
        }
        object.__setattr__(self, "_labels", labels | compounds)
        object.__setattr__(self, "_words", tuple(labels))
        longest = ahocorasick_rs.MatchKind.LeftmostLongest
        object.__setattr__(self, "_automaton", ahocorasick_rs.AhoCorasick(self._words, matchkind=longest))

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """(pref_label, start, end) of every mention, in reading order.

        >>> Thesaurus((Theme("c", "碳达峰碳中和", ("双碳", "碳达峰")),)).spans("抓好“双碳”和碳达峰")
        [('碳达峰碳中和', 3, 5), ('碳达峰碳中和', 7, 10)]
        """
        out = []
        lowered = text.lower()
        if len(lowered) != len(text):  # İ has two lower-case characters
            lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
        for which, start, end in self._automaton.find_matches_as_indexes(whole(lowered)):
            out += [(label, start, end) for label in self._labels[self._words[which]]]
        return out


def find_themes(
    title: str | None, body: Sequence[BodyItem], thesaurus: Thesaurus, decks: Sequence[str] = ()
) -> tuple[ThemeHit, ...]:
    """The themes of an article, best first, each with a score in (0, 1) and its passages in the body.

    Title, decks, headings and the lead clauses of enumerations weigh more than running
    text; a theme that is only mentioned in passing is none (see `mentions` for those).

    >>> theme = Theme("n", "噪声污染防治", ("噪声",))
    >>> body = [BodyItem("p-1", "会议研究噪声管理。"), BodyItem("p-2", "要管好夜间施工噪声。")]
    >>> find_themes(None, body, Thesaurus((theme,)))
    (ThemeHit(label='噪声污染防治', score=0.588, passages=(('p-1', 4, 6), ('p-2', 7, 9))),)
    """
    weights: dict[str, float] = {}

    def add(label: str, weight: float) -> None:
        weights[label] = weights.get(label, 0.0) + weight

    for label in {label for label, _, _ in thesaurus.spans(title or "")}:
        add(label, _TITLE)
    for label in {label for deck in decks for label, _, _ in thesaurus.spans(deck)}:
        add(label, _DECK)
    passages = mentions(body, thesaurus)
    items = {item.id: item for item in body}
    for label, places in passages.items():
        paragraphs: dict[str, list[tuple[int, int]]] = {}
        openings: set[str] = set()
        emphases: set[tuple[str, int]] = set()
        for where, start, end in places:
            item = items[where]
            if item.level:
                emphases.add((where, -1))
                continue
            paragraphs.setdefault(where, []).append((start, end))
            if start < _OPENING_WIDTH:
                openings.add(where)
            emphases.update((where, begin) for begin, stop in item.lead if begin <= start < stop)
        headings = sum(1 for _, begin in emphases if begin < 0)
        add(label, _HEADING * min(headings, 2) + _LEAD * min(len(emphases) - headings, 3))
        add(label, _PARAGRAPH * min(len(paragraphs), _PARAGRAPHS_COUNTED) + _OPENING * min(len(openings), 3))
        tasks = sum(_tasks(items[where].text, here) for where, here in paragraphs.items())
        add(label, _TASK * min(tasks, 2))
        add(label, _MENTION * min(len(places), _MENTIONS_COUNTED))
    hits = [
        ThemeHit(label, round(weight / (weight + 3.5), 3), tuple(passages.get(label, ())))
        for label, weight in weights.items()
        if weight >= THRESHOLD
    ]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.label)))


def mentions(body: Sequence[BodyItem], thesaurus: Thesaurus) -> dict[str, list[tuple[str, int, int]]]:
    """Every passage of every theme, passing mentions included: label → (item id, start, end)."""
    out: dict[str, list[tuple[str, int, int]]] = {}
    for item in body:
        for label, start, end in thesaurus.spans(item.text):
            out.setdefault(label, []).append((item.id, start, end))
    return out
