"""Circuit breakers: regions that do not answer are not called for a while, except for a probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table

FAILURES = 5
"""Failures of a region, with no success between them, after which it is left alone."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=5)
"""For how long at first, and at most. Then one place is asked, to see."""


@dataclass(frozen=True)
class Breaker:
    """A region of a cloud that has failed lately."""

    lane: str
    failures: int
    open_until: datetime | None
    """Nothing is asked before then, and then one place, to see; None while it is closed."""


class Breakers:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(db, "breakers", Breaker, key=("lane",))

    def all(self) -> Sequence[Breaker]:
        """Those of regions that have failed since they last answered."""
        return self._table.find()

    def failed(self, lane: str) -> None:
        """Count a failure. What was asked before it was opened says nothing new."""
        now = self._clock()
        known = self._table.get(lane=lane)
        if known and known.open_until and known.open_until > now:
            return
        failures = known.failures + 1 if known else 1
        pause = min(LONGEST_PAUSE, PAUSE * 2 ** min(max(0, failures - FAILURES), 10))
        until = now + pause if failures >= FAILURES else None
        self._table.upsert(lane=lane, failures=failures, open_until=until)

    def works(self, lane: str) -> bool:
        """Record that it answers. True if it had failed."""
        return self._table.delete(lane=lane)

    def close_all(self) -> None:
        """Ask everywhere again."""
        self._db.execute("delete from breakers")
