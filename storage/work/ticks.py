"""Scheduled jobs: a row each, claimed as all work is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINE = "name = :name"


@dataclass(frozen=True)
class Tick:
    """One run of what is named so, as its worker has claimed it."""

    name: str
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)


class Ticks:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(db, "ticks", Tick, key=("name",))
        self._clock = clock
        self._claims = Claims(db, clock, self._table)

    def every(self, name: str, span: timedelta) -> Timetable:
        """
        Have this done once every *span*, and at once where it is new.

        Args:
            span: it is due at whole multiples of it, so that nine o'clock is met on the minute.
        """
        self._table.insert_or_ignore(name=name, due_at=self._clock(), attempts=0, claim="")
        return Timetable(self._claims, name, span)

    def bring_forward(self, name: str, due_at: datetime) -> None:
        """Have this be done by then, once, if it is not due before."""
        with self._db.alone():
            if self._db.execute(
                "update ticks set due_at = :due where name = :name and due_at > :due",
                {"due": due_at, "name": name},
            ):
                self._claims.wake()

    def done(self, tick: Tick, span: timedelta) -> bool:
        """Release it until the next multiple. False if another worker has it now."""
        gone = (self._clock() - EPOCH) // span
        return self._claims.release(tick, EPOCH + (gone + 1) * span, attempts=0)


class Timetable:
    """The runs of one name, as the engine asks for them."""

    def __init__(self, claims: Claims[Tick], name: str, span: timedelta) -> None:
        self._claims = claims
        self._mine = {"name": name}
        self._span = span
        self.renew = claims.renew
        self.release = claims.release

    def claim(self, limit: int) -> Sequence[Tick]:
        return self._claims.claim(limit, where=_MINE, params=self._mine)

    def next_due(self) -> datetime | None:
        return self._claims.next_due(where=_MINE, params=self._mine)

    def mend(self) -> None:
        self._claims.pull_in(self._span, where=_MINE, params=self._mine)
