"""How the time of a piece of work grows with its size, told in a way that a busy machine does not upset."""

import time
from collections.abc import Callable

ROUNDS = 6
FLOOR = 0.02  # seconds; below it a clock tells little


def grows_in_proportion(work: Callable[[int], object], size: int, times: int = 8) -> bool:
    """Whether `times` the size takes at most three times that long; the square would take `times` squared.

    It is the processor's time, the best of several rounds: one round without a disturbance is enough.
    """
    small = large = float("inf")
    for _ in range(ROUNDS):
        small, large = min(small, _seconds(work, size)), min(large, _seconds(work, size * times))
        if large <= 3 * times * max(small, FLOOR):
            return True
    return False


def _seconds(work: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun
