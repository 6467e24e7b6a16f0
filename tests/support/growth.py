"""Growth, not seconds: how cost grows with the input is the same on a fast and on a busy machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

ENOUGH = 0.08  # seconds of processor time that tell a cost from noise; nothing larger is tried then


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """`work(size)` costs at most ten times the processor time of `work(size // 4)`; n² would be sixteen times.

    A smaller `size` is taken where a quarter of it costs enough already. For what runs inside `re` and other C
    code; a loop of ours is counted (`assert_linear_steps`).
    """

    def cost(some: int) -> float:
        began = time.process_time()
        work(some)
        return time.process_time() - began

    work(size // 64)  # what is made once a process is not counted
    size = next((some for some in (size // 16, size // 4) if cost(some // 4) > ENOUGH), size)
    small = min(cost(size // 4) for _ in range(2))
    bound = 10 * small + 0.1
    assert any(cost(size) < bound for _ in range(3)), (
        f"{size // 4} takes {small:.2f} s, {size} over {bound:.2f}"
    )


def assert_linear_steps(work: Callable[[int], object], size: int) -> None:
    """`work(size)` runs at most six times the lines that `work(size // 4)` runs: the same count at every run.

    Each turn of a loop is a line run, in a comprehension too. n log n is five times, n√n eight, n² sixteen.
    """
    work(size // 16)  # what is made once a process is not counted
    small, large = steps(work, size // 4), steps(work, size)
    assert large < 6 * small, f"{size // 4} runs {small} lines, {size} runs {large}"


def steps(work: Callable[[int], object], size: int) -> int:
    """How many lines of Python `work(size)` runs."""
    count = 0

    def seen(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        nonlocal count
        count += event == "line"
        return seen

    before = sys.gettrace()
    sys.settrace(seen)
    try:
        work(size)
    finally:
        sys.settrace(before)
    return count
