"""The same text elsewhere: local, stable, linear in the corpus.

A signature is a bottom-k sketch of the four-character shingles of a text: the k
smallest hashes stand for all of them, so that both the overlap of two texts and
how much of the shorter one lies in the longer can be estimated from the sketches
alone (A. Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from build_tools.core.article import DateRange, Trust
from build_tools.core.site import Card, Link
from build_tools.core.text import HAN

SHINGLE = 4  # characters: one 64-bit word of UTF-16, so that a text is cut without a loop
SKETCH = 96  # hashes kept: an overlap of .5 is estimated to ±.05, a half as long copy to ±.07
SAME_OVERLAP = 0.5  # unrelated articles of tests/eval/work share at most .05
SAME_CONTAINED = 0.62  # of the shorter text; unrelated articles measured below .2
SAME_SHORT = 60  # shingles: below that, only the overlap counts
_NOISE = re.compile(f"[^{HAN}0-9]")
_GOLDEN = 0x9E3779B97F4A7C15  # multiplicative hashing (Knuth): the high half of the product is well spread


Signature = tuple[int, ...]


def signature(text: str) -> Signature:
    """How many different shingles the text has, then its smallest hashes in order; () for no text.

    Only Han characters and digits count, so that punctuation, blanks and glosses
    change nothing. The same on every machine and in every process.

    >>> signature("会议强调，要抓好整改。") == signature("会议强调,要抓好整改")
    True
    """
    units = _NOISE.sub("", text).encode("utf-16-le", "surrogatepass")
    if not units:
        return ()
    units = units.ljust(2 * SHINGLE, b"\0")
    hashes = _hashes(units)
    limit = 3 * SKETCH * 0x100000000 // len(hashes)
    few = [value for value in hashes if value <= limit]
    return (len(hashes), *sorted(few if len(few) >= SKETCH else hashes)[:SKETCH])


def _hashes(units: bytes) -> set[int]:
    """The hash of every shingle: all are digits of one long number, so that one product takes all of theirs.

    A digit has 16 bytes, as the product of two words has; bytes 4 to 7 of it are the hash.
    """
    shingles = b"".join(units[shift : shift + (len(units) - shift) // 8 * 8] for shift in (0, 2, 4, 6))
    digits = memoryview(bytearray(2 * len(shingles))).cast("Q")
    digits[::2] = memoryview(shingles).cast("Q")
    product = int.from_bytes(digits, "little") * _GOLDEN
    out = array("I", product.to_bytes(2 * len(shingles), "little"))
    if sys.byteorder == "big":
        out.byteswap()
    return set(out[1::4])


def likeness(one: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
    """(overlap, containment): shared shingles among all, and among those of the shorter text.

    >>> text = "会议强调，要坚决扛起生态环境保护的政治责任，抓好督察反馈问题整改，确保按期销号。"
    >>> likeness(signature(text), signature(text + "会议还研究了其他事项。"))[1]
    1.0
    """
    if len(one) < 2 or len(other) < 2:
        return 0.0, 0.0
    shared = len(set(one[1:]).intersection(other[1:]))
    return _shares(one, other, shared)


def _shares(one: Sequence[int], other: Sequence[int], shared: int) -> tuple[float, float]:
    """(overlap, containment) of two sketches that have `shared` hashes in common."""
    if not shared:
        return 0.0, 0.0
    # Up to the smaller of the two largest hashes kept, both sketches are complete; what they share lies there.
    top = min(_limit(one), _limit(other))
    left, right = bisect_right(one, top, 1) - 1, bisect_right(other, top, 1) - 1
    return shared / (left + right - shared), shared / min(left, right)


def _limit(sketch: Sequence[int]) -> int:
    return sketch[-1] if sketch[0] > SKETCH else 0xFFFFFFFF


def _same(one: Sequence[int], other: Sequence[int], shares: tuple[float, float]) -> float:
    """The likeness of two signatures of one text, else 0.

    One text: half of all shingles are shared, or most of the shorter copy lies in
    the longer one (a trimmed repost).
    """
    overlap, contained = shares
    short = min(one[0], other[0]) < SAME_SHORT if one and other else True
    if overlap >= SAME_OVERLAP or (contained >= SAME_CONTAINED and not short and overlap >= 0.08):
        return round(max(overlap, contained), 3)
    return 0.0


# --- near-duplicates ---------------------------------------------------------

_RARE = 24  # a hash in more articles than that is a formula or one text many times
_PROBES = 32  # smallest hashes looked up: a copy cut to a third still shares ten of them
_HITS = 3
# Of k smallest hashes, two copies of like length share .6 k or more, one cut to a third .33 k: a share below a
# quarter, times the ratio of their lengths, is three and more standard deviations under that (binomial, k = 32).
_FEWEST = 0.25
_CLIQUE = 8


def _candidates(cards: Sequence[Card]) -> list[tuple[int, int, int]]:
    """Pairs worth comparing, and how many of their smallest hashes they share: three or more.

    A hash that very many hold ties each holder to the first and to the one before it
    only, which joins a large cluster at a cost linear in its size.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for at, card in enumerate(cards):
        for value in card.signature[1 : _PROBES + 1]:
            holders[value].append(at)
    # A pair is one integer: counting those takes half the time of counting tuples.
    many = len(cards)
    pairs: list[int] = []
    for found in holders.values():
        if len(found) > _RARE:
            first = found[0] * many
            pairs += [first + at for at in found[1:]]
            pairs += [one * many + other for one, other in pairwise(found[1:])]
        elif len(found) > 1:
            pairs += [one * many + other for one, other in combinations(found, 2)]
    return sorted((*divmod(pair, many), hits) for pair, hits in Counter(pairs).items() if hits >= _HITS)


def _apart(one: Card | Sketch, other: Card | Sketch) -> bool:
    """Whether the days of two meetings, as far as known, are more than a month apart: bodies word meetings alike.

    A copy that dates its "今日" by the day it was published is some days late, or in the next month.
    """
    if one.held is None or other.held is None:
        return False
    early, late = sorted(
        ((_month(card.held.start, 1), _month(card.held.end, 12)) for card in (one, other) if card.held),
        key=lambda months: months[0] or 0,
    )
    return bool(early[1] and late[0] and late[0] - early[1] > 1)


def _month(edtf: str, unknown: int) -> int | None:
    """The months from the year 0 to that of an EDTF date, by `unknown` where it says a year alone; None without one."""
    year, month, *_ = f"{edtf}--".split("-")
    return 12 * int(year) + (int(month) if month.isdigit() else unknown) if year.isdigit() else None


def clusters(cards: Sequence[Card]) -> list[tuple[Card, ...]]:
    """Groups of cards that bear one text, each sorted by id; the order of `cards` changes nothing."""
    ordered = sorted((card for card in cards if card.signature), key=lambda card: card.id)
    parent = list(range(len(ordered)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, pairs in groupby(_candidates(ordered), key=itemgetter(0)):
        left = ordered[one].signature
        hashes = set(left[1:])
        for _, other, hits in pairs:
            right = ordered[other].signature
            size = min(len(left), len(right), _PROBES + 1) - 1
            few = hits < _FEWEST * size * min(left[0], right[0]) / max(left[0], right[0])
            if few or _apart(ordered[one], ordered[other]):
                continue
            shared = len(hashes.intersection(right[1:]))
            if _same(left, right, _shares(left, right, shared)) and root(one) != root(other):
                parent[max(root(one), root(other))] = min(root(one), root(other))
    groups: dict[int, list[Card]] = defaultdict(list)
    for at, card in enumerate(ordered):
        groups[root(at)].append(card)
    return [tuple(group) for group in groups.values() if len(group) > 1]


class Sketch(NamedTuple):
    """What tells whether two articles bear one text."""

    signature: Signature
    held: DateRange | None


def twins(mine: Sketch, others: Mapping[str, Sketch]) -> list[str]:
    """The names of those among `others` that bear the same text."""
    return sorted(
        name
        for name, one in others.items()
        if _same(mine.signature, one.signature, likeness(mine.signature, one.signature))
        and not _apart(mine, one)
    )


_TRUST_ORDER = [Trust.ORIGINAL, Trust.REPOST, Trust.TEMPLATE, Trust.DAMAGED, Trust.REJECTED]


def _rank(card: Card) -> tuple[int, str, int, str, str]:
    size = card.signature[0] if card.signature else 0
    return _TRUST_ORDER.index(card.trust), card.published or "9999", -size, card.fetched or "", card.id


def base_of(cluster: Sequence[Card]) -> tuple[Card, str]:
    """The base text of a cluster and why: the publisher's own page, the least damaged, earliest, fullest.

    Of copies that are alike in all that, the one that was here first stays the base: the first fetched,
    where a copy that says no day counts as an old one. Raises ValueError for an empty cluster.
    """
    first, *rest = sorted(cluster, key=_rank)
    if not rest:
        return first, "别无异本"
    mine, next_best = _rank(first), _rank(rest[0])
    if mine[0] != next_best[0]:
        reason = {Trust.ORIGINAL: "原发页面", Trust.REPOST: "他本残损", Trust.TEMPLATE: "他本残损"}
        return first, reason.get(first.trust, "他本更残")
    if mine[1] != next_best[1]:
        return first, "发布最早"
    if mine[2] != next_best[2]:
        return first, "文字最全"
    if mine[3] != next_best[3]:
        return first, "收录最早"
    return first, "各本相当，依编号取"


def near_duplicates(cards: Sequence[Card]) -> list[Link]:
    """Links between the copies of one text: from each variant to the base, and in small clusters all pairs.

    The target is always the better of two; that of a base is never a source. `reason` says why it is the base.
    """
    out = []
    for cluster in clusters(cards):
        base, why = base_of(cluster)
        variants = sorted((card for card in cluster if card is not base), key=_rank, reverse=True)
        for card in variants:
            overlap, contained = likeness(card.signature, base.signature)
            score = round(max(overlap, contained), 3)
            out.append(Link("near_duplicate", card.id, base.id, score, f"同一文本，底本{why}"))
        if len(cluster) <= _CLIQUE:
            for one, other in combinations(variants, 2):
                overlap, contained = likeness(one.signature, other.signature)
                out.append(
                    Link(
                        "near_duplicate",
                        one.id,
                        other.id,
                        round(max(overlap, contained), 3),
                        "同一底本的异本",
                    )
                )
    return sorted(out, key=lambda link: (link.source, link.target))
