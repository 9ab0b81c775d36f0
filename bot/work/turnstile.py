"""Bound how many may work at the same time, without counting the slow ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """
    Lets so many through at a time. Thread-safe.

    A row that waits for an answer takes only a thread, and no place from others:
    after *slow_s* another one is let through instead.
    """

    def __init__(self, most: int, slow_s: float) -> None:
        self._most = most
        self._slow_s = slow_s
        self._since: dict[int, float] = {}
        """When each thread that is through has begun, by the monotonic clock."""
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        me = threading.get_ident()
        with self._changed:
            while (pause := self._full_for()) > 0:
                self._changed.wait(pause)
            self._since[me] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._since[me]
                self._changed.notify()

    def _full_for(self) -> float:
        """Return until when there is no place, at most; 0 if there is one."""
        slow = time.monotonic() - self._slow_s
        quick = [since for since in self._since.values() if since > slow]
        return min(quick) - slow if len(quick) >= self._most else 0.0
