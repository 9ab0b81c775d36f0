"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """
    Lets the threads of a process write one after another.

    SQLite has whoever finds its file locked sleep, and look again: of many, the same ones may be
    late for seconds. Thread-safe; not to be taken again by whoever has it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False if it has not come in time."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # it came at the last moment
                return True
            self._waiting.remove(mine)
        return False

    def give(self) -> None:
        """Let the next one have it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
