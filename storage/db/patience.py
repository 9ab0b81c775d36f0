"""Time limits of statements, and failing fast after one was reached."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TIMEOUT_S = 3
"""Unless a setting says otherwise."""
AWAY_S = 1.0
"""After an answer did not come, for how long nobody else waits a whole timeout for one."""
AGAIN_S = 0.5
"""How long they wait."""
UNBOUNDED_S = 30.0
"""How long a lock or a connection is waited for within `unbounded`."""


class Patience:
    """
    Fail fast while a database does not answer. One for each database. Thread-safe.

    A request queries the database several times, and should not wait a whole timeout each time. So
    after one timeout the next queries fail at once, for a second.
    """

    def __init__(
        self, timeout_s: float = TIMEOUT_S, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout_s = timeout_s
        self._timer = timer
        self._away_until = 0.0
        self._mine = threading.local()

    @property
    def unbounded(self) -> bool:
        """Whether this thread may take as long as it takes."""
        return bool(getattr(self._mine, "unbounded", False))

    @property
    def seconds(self) -> float:
        """How long this thread waits now for a lock, a connection or an answer."""
        if self.unbounded:
            return UNBOUNDED_S
        away = self._timer() < self._away_until
        return min(AGAIN_S, self._timeout_s) if away else self._timeout_s

    def lost(self) -> None:
        """Record that it did not answer in time."""
        self._away_until = self._timer() + AWAY_S

    @contextmanager
    def without_bound(self) -> Iterator[None]:
        """For what takes long and keeps nobody waiting: migrations, housekeeping."""
        before = self.unbounded
        self._mine.unbounded = True
        try:
            yield
        finally:
            self._mine.unbounded = before
