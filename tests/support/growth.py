"""Growth, not seconds: how the cost of hostile input grows is the same on a fast and on a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """`work(size)` costs at most ten times the processor time of `work(size // 4)`; n² would be sixteen times."""

    def cost(some: int) -> float:
        began = time.process_time()
        work(some)
        return time.process_time() - began

    small = min(cost(size // 4) for _ in range(2))
    bound = 10 * small + 0.1
    assert any(cost(size) < bound for _ in range(3)), (
        f"{size // 4} takes {small:.2f} s, {size} over {bound:.2f}"
    )
