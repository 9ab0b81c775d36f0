"""A fair lock: threads get it in the order in which they asked."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """
    Let the threads of a process write one after another.

    With SQLite alone, a thread that finds the file locked sleeps and tries again: of many, some may
    be late for seconds. Thread-safe; not reentrant.
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
