"""`digest bench convert`: processor time from bytes to facts, an article of 2,950 characters, room by room.

The time by room is measured without the profiler, step by step as `facts.extract` takes them; the functions
that take longest come from a second run under the profiler, whose own cost falls on those called most.
"""

from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

from build_tools.bench import corpus as bench_corpus
from build_tools.cleaning.decode import decode
from build_tools.cleaning.engine import clean
from build_tools.core.registry import Raw, Registries
from build_tools.facts.extract import extract, verify

ROUNDS = 3  # the best counts: others use the machine too
SHOWN = 12  # functions a room


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time an article, and the same for TARGET characters."""

    room: str
    milliseconds: float
    of_target: float


def measure(count: int) -> tuple[list[Spent], pstats.Stats]:
    """Decoding, cleaning (lines and edits), facts, the proof of the ledger, over `count` articles."""
    raws = [
        Raw(name, f"{name}.txt", text.encode("utf-8"))
        for name, text in (bench_corpus.article(number) for number in range(count))
    ]
    characters = sum(len(raw.data.decode("utf-8")) for raw in raws)
    texts = [decode(raw.name, raw.data).text for raw in raws]
    articles = [extract(raw, Registries()) for raw in raws]
    decoding = _best(lambda: [decode(raw.name, raw.data) for raw in raws])
    cleaning = _best(lambda: [clean(text) for text in texts])
    whole = _best(lambda: [extract(raw, Registries()) for raw in raws])
    proving = _best(lambda: list(map(verify, articles)))
    spent = {
        "decoding": decoding,
        "cleaning": cleaning,
        "facts": whole - decoding - cleaning,
        "proof of the ledger": proving,
        "together": whole + proving,
    }
    profile = cProfile.Profile()
    profile.runcall(lambda: [extract(raw, Registries()) for raw in raws])
    scale = 1000 * bench_corpus.TARGET / characters
    rows = [Spent(room, 1000 * seconds / count, seconds * scale) for room, seconds in spent.items()]
    return rows, pstats.Stats(profile)


def _best(work: Callable[[], object]) -> float:
    def once() -> float:
        begun = process_time()
        work()
        return process_time() - begun

    return min(once() for _ in range(ROUNDS))


def longest(stats: pstats.Stats) -> Iterator[tuple[str, str, float]]:
    """Room, function and seconds of its own, the SHOWN longest of each room."""
    told: dict[str, list[tuple[float, str]]] = {}
    for (path, line, name), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        parts = Path(path).parts
        if "build_tools" in parts:
            at = parts.index("build_tools")
            told.setdefault(parts[at + 1], []).append((own, f"{'/'.join(parts[at + 2 :])}:{line} {name}"))
    for room, functions in sorted(told.items()):
        for own, name in sorted(functions, reverse=True)[:SHOWN]:
            yield room, name, own


def main(count: int, target: Path | None) -> int:
    """Print the table and the profile; also as JSON to `target`."""
    rows, stats = measure(count)
    print(f"{'room':22} {'ms an article':>14} {f'ms a {bench_corpus.TARGET} characters':>26}")
    for row in rows:
        print(f"{row.room:22} {row.milliseconds:14.2f} {row.of_target:26.2f}")
    for room, name, own in longest(stats):
        print(f"{room:10} {1000 * own / count:8.3f} ms  {name}")
    if target is not None:
        target.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")
    return 0
