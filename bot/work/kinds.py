"""A kind of work: where its rows are, what is done with one, and by how many hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from bot.settings import Settings
from bot.wiring import Runtime
from storage import Claimed, Claims, Tick, Timetable

T = TypeVar("T", bound=Claimed)
TICKS = frozenset({"ticks"})


class Rows(Protocol[T]):
    """The rows of one kind, each claimed with a lease of a minute. Thread-safe."""

    def claim(self, limit: int) -> Sequence[T]:
        """Take up to *limit* rows that are due."""

    def renew(self, held: Sequence[T]) -> Sequence[T]:
        """Hold these for another minute, and give those that are still ours."""

    def release(self, work: T, due_at: datetime, *, counted: bool = True) -> bool:
        """Release a row until it is due again; if not *counted*, it was no attempt."""

    def next_due(self) -> datetime | None:
        """When there is something to claim next, as far as is known."""

    def mend(self) -> None:
        """Have rows be due that a clock that was ahead has put too far off."""


class TableRows(Generic[T]):
    """
    The rows of a table, without more.

    Args:
        furthest: how far off the farthest may be put; what is farther was put by a wrong clock.

        bounds: further arguments of each claim.
    """

    def __init__(self, claims: Claims[T], furthest: timedelta, **bounds: Any) -> None:
        self._claims = claims
        self._furthest = furthest
        self._bounds = bounds
        self.renew, self.release, self.next_due = claims.renew, claims.release, claims.next_due

    def claim(self, limit: int) -> Sequence[T]:
        return self._claims.claim(limit, **self._bounds)

    def mend(self) -> None:
        self._claims.pull_in(self._furthest)


@dataclass(frozen=True)
class Kind(Generic[T]):
    rows: Callable[[Runtime], Rows[T]]
    do: Callable[[Runtime, T], None]
    """Does what is due, and releases the row: sets when it is due again, or deletes it."""
    hands: Callable[[Settings], int]
    """How many rows one process has in hand at most."""
    topics: frozenset[str] = frozenset()
    """Tables that wake it at once when a row in them becomes due."""
    every: timedelta | None = None
    """How often it is done by the clock, at multiples of this; None for rows of their own times."""
    spare: Callable[[Settings], int] = lambda _: 0
    """
    How many rows beyond that it may have claimed: so no hand waits for a claim, and others take the
    place of those that are at one row for over a second.
    """
    close: Callable[[Any], None] = lambda _: None
    """Writes what its rows have not written at once; after it nothing is claimed any more."""
    most_s: float = 300.0
    """For how long one may be in hand. Then its claim lapses, and others may have it."""


def by_the_clock(
    name: str, run: Callable[[Runtime], None], span: timedelta, most_s: float = 3600.0
) -> Kind[Tick]:
    """
    Have a job run once every *span*, or when it is brought forward, by one process at a time.

    Args:
        run: what it does is harmless to repeat, for its process may die in the middle.
    """

    def do(runtime: Runtime, tick: Tick) -> None:
        run(runtime)
        runtime.store.ticks.done(tick, span)

    def rows(runtime: Runtime) -> Timetable:
        return runtime.store.ticks.every(name, span)

    return Kind(rows, do, hands=lambda _: 1, topics=TICKS, every=span, most_s=most_s)
