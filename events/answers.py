"""Answers that were given, kept while there is room: the least lately used goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST_BYTES = 16_000_000
MISSING = object()
"""What is found where no answer is kept."""


class Answers:
    """A bounded store of answers by what was asked. Threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._time = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Any:
        """The answer to what was asked before; MISSING where it is not kept."""
        with self._lock:
            if key not in self._kept:
                return MISSING
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, answer: Any, size: int, since: int) -> None:
        """Keep an answer of about `size` bytes that was asked for at the time `since`."""
        with self._lock:
            # What was asked for before the store was written to is no longer true.
            if since != self._time or key in self._kept or size > self._most:
                return
            self._kept[key] = (answer, size)
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1][1]

    @property
    def now(self) -> int:
        """A number that changes when all is forgotten."""
        return self._time

    def forget(self) -> None:
        """Let go of everything: the store was written to."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0
            self._time += 1
