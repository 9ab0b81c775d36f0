"""Workspaces to which workers send nothing for a while: they limit us, refuse us, or hang."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table

FAILURES = 3
"""Messages without an answer, and with no success between them, after which it rests."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
"""For how long at first, and at most, if it does not answer."""


@dataclass(frozen=True)
class Rest:
    """A workspace that has limited or refused us, or has not answered, since it last took one."""

    team_id: str
    until: datetime
    error: str
    """Slack's word."""
    failures: int

    @property
    def probing(self) -> bool:
        """Whether it gets one message at a time, until it has taken one."""
        return self.failures >= FAILURES


class Rests:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(db, "rests", Rest, key=("team_id",))

    def all(self) -> Sequence[Rest]:
        return self._table.find()

    def rest(self, team_id: str, until: datetime, error: str) -> bool:
        """Leave a workspace alone until then. True if it was not resting already."""
        known = self._table.get(team_id=team_id)
        news = known is None or known.until <= self._clock()
        if known is None or known.until < until:
            self._table.upsert(team_id=team_id, until=until, error=error, failures=FAILURES)
        return news

    def unanswered(self, team_id: str, error: str) -> None:
        """Count a message without an answer. What was sent before it rested says nothing new."""
        now = self._clock()
        known = self._table.get(team_id=team_id)
        if known and known.until > now:
            return
        failures = known.failures + 1 if known else 1
        pause = min(LONGEST_PAUSE, PAUSE * 2 ** min(max(0, failures - FAILURES), 10))
        until = now + pause if failures >= FAILURES else now
        self._table.upsert(team_id=team_id, until=until, error=error, failures=failures)

    def over(self, team_id: str) -> bool:
        """Record that it takes messages. True if it had not."""
        return self._table.delete(team_id=team_id)
