"""
Claims on rows of work: the one place that decides which worker has which row.

A table of work has the columns `due_at`, `claim`, `claimed_until` and `attempts`. A claim is a
lease: it expires unless it is renewed, which frees the rows of a worker that died. Writes of a
worker that has lost its claim are refused.

With a lane (a region, a conversation) work is fair: the lanes are walked, and each gives its first
row in turn, from the lane after the one that was served last. An index on (lane, due_at) makes
that a step a lane, however many rows wait, and one on (lane) `where claim <> ''` counts those
under way.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from storage.clock import Clock
from storage.db.claim_statements import Statements
from storage.db.columns import parse_time_or_none
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.errors import LostClaim

SKEW = timedelta(seconds=60)
"""The most by which the clocks of several machines may differ."""
RENEWED_TOGETHER = 500


class Claimed(Protocol):
    """A row of work as its worker has claimed it; it has the columns of its key, too."""

    @property
    def claim(self) -> str:
        """The token of the claim, which allows writing."""

    @property
    def attempts(self) -> int:
        """Claims since one last succeeded, this one included."""


Work = TypeVar("Work", bound=Claimed)


class Claims(Generic[Work]):
    """
    The claims on one table. Thread-safe.

    Args:
        key: columns of a unique key, if it is not that of the table's upserts.

        lane: the column or expression that rows are fair between, never null; "" for none.

        waiting: condition of the rows that are work, or are to be again, as partial indexes
            name it.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        table: Table[Work],
        *,
        key: Sequence[str] = (),
        lane: str = "",
        waiting: str = "true",
    ) -> None:
        self._db = db
        self._clock = clock
        self._table = table
        self._key = tuple(key) or table.key
        self._lane = lane
        self._waiting = waiting
        self._statements = Statements(db, table.name, self._key, lane, waiting)
        self._worker = secrets.token_hex(4)
        """Begins the tokens of this process."""
        self._served = ""
        """The lane that was served last."""

    def claim(
        self,
        limit: int,
        *,
        due_by: datetime | None = None,
        per_lane: int | None = None,
        share: int | None = None,
        lanes: Sequence[str] = (),
        without: Sequence[str] = (),
        where: str = "true",
        params: Mapping[str, Any] | None = None,
    ) -> list[Work]:
        """
        Take up to *limit* rows that are due, for this worker alone, the longest due first.

        Args:
            due_by: what counts as due, if it is not what is due now.

            per_lane: how many of a lane may be claimed at once, by all workers.

            share: how many of a lane this process may have under way at once.

            lanes: the only ones to look in, if any are given.

            without: lanes to pass over.

            where: a further condition of the rows, with its *params*.
        """
        now = self._clock()
        values = {
            **(params or {}),
            "claim": self._worker + secrets.token_hex(8),
            "until": now + self._db.lease,
            "now": now,
            "due": due_by or now,
        }
        if limit <= 0:
            return []
        if not self._lane:
            rows = self._db.rows(self._statements.first(where), {**values, "limit": limit})
        else:
            with self._alone(per_lane):
                bounds = {"per_lane": per_lane, "share": share, "mine": f"{self._worker}%"}
                rows = self._walk(limit, bounds, lanes, without, where, values)
        rows.sort(key=lambda row: (row["due_at"], *(row[each] for each in self._key)))
        return self._table.read_all(rows)

    def renew(self, held: Sequence[Work]) -> list[Work]:
        """Hold these for another lease from now on, and give those that are still ours."""
        kept = {each for some in _batches(held) for each in self._renewed(some)}
        return [each for each in held if self._identity(each) in kept]

    def release(
        self, work: Work, due_at: datetime | None, *, counted: bool = True, **changes: Any
    ) -> bool:
        """
        Release a row until it is due again. False, and nothing is written, if it was lost.

        Args:
            due_at: None, where a column allows it, for a row that is not due for now.

            counted: whether this was an attempt. `attempts=0` says that it succeeded.

            changes: further columns.
        """
        freed = {"claim": "", "claimed_until": None, "attempts": work.attempts - (not counted)}
        return bool(self._update(work, {**freed, **changes, "due_at": due_at}))

    def save(self, work: Work, **changes: Any) -> Work:
        """
        Keep how far it is, under the same claim.

        Raises:
            storage.errors.LostClaim: somebody else has it, and nothing was saved.
        """
        if rows := self._update(work, changes):
            return self._table.read(rows[0])
        raise LostClaim(self._table.name)

    def finish(self, work: Work) -> bool:
        """Delete a row that is done. False, and it stays, if it was lost."""
        return self._table.delete(**self._key_of(work), claim=work.claim)

    def holds(self, work: Work) -> bool:
        """Whether this worker still has its claim."""
        return self._table.get(**self._key_of(work), claim=work.claim) is not None

    def next_due(
        self, *, where: str = "true", params: Mapping[str, Any] | None = None
    ) -> datetime | None:
        """When the first row is due, or the first claim lapses; None if there are none."""
        rows = f"from {self._table.name} where {self._waiting} and {where}"
        [row] = self._db.rows(
            f"""select min(at) as at from (
                    select * from (select due_at as at {rows} and claim = ''
                                   order by due_at limit 1) as free
                    union all
                    select min(claimed_until) as at {rows} and claim <> '') as first""",  # noqa: S608 - our own words
            params or {},
        )
        try:
            return parse_time_or_none(row["at"])
        except ValueError:
            return self._clock()  # a row whose time cannot be read; looking claims it

    def under_way(self) -> int:
        """Count the rows that workers have claimed."""
        [row] = self._db.rows(
            f"""select count(*) as n from {self._table.name}
                where claim <> '' and claimed_until > :now""",  # noqa: S608
            {"now": self._clock()},
        )
        return int(row["n"])

    def pull_in(
        self, furthest: timedelta, *, where: str = "true", params: Mapping[str, Any] | None = None
    ) -> int:
        """
        Have rows be due that are further off than any is put, and count them.

        The clock was ahead when they were put there; likewise with claims.
        """
        now = self._clock()
        values = {**(params or {}), "now": now}
        set_back = f"update {self._table.name} set"
        lapsed = self._db.execute(
            f"""{set_back} claimed_until = :now
                where claim <> '' and claimed_until > :far and {where}""",
            {**values, "far": now + SKEW + self._db.lease},
        )
        due = self._db.execute(
            f"""{set_back} due_at = :now
                where {self._waiting} and claim = '' and due_at > :far and {where}""",
            {**values, "far": now + SKEW + furthest},
        )
        return lapsed + due

    def wake(self) -> None:
        """Wake those who wait for this table's rows, once this transaction is committed."""
        self._db.notify(self._table.name)

    def _alone(self, per_lane: int | None) -> AbstractContextManager[None]:
        """Of two that count a lane beside each other, both would find room for its last row."""
        return self._db.alone(f"claims on {self._table.name}" if per_lane is not None else "")

    def _walk(
        self,
        limit: int,
        bounds: Mapping[str, Any],
        lanes: Sequence[str],
        without: Sequence[str],
        where: str,
        values: Mapping[str, Any],
    ) -> list[Row]:
        """Take a row of each lane, from lane to lane, until there are enough or none is left."""
        named = {f"lane_{n}": lane for n, lane in enumerate([*lanes, *without])}
        words = [f":{name}" for name in named]
        sql = self._statements.of_each_lane(
            where,
            words[: len(lanes)],
            words[len(lanes) :],
            bounded=bounds["per_lane"] is not None,
            shared=bounds["share"] is not None,
        )
        rows: list[Row] = []
        after = self._served
        while len(rows) < limit:
            found = self._db.rows(
                sql,
                {
                    **values,
                    **named,
                    **bounds,
                    "after": after,
                    "limit": limit - len(rows),
                },
            )
            rows += found
            if found:
                self._served = max(row["lane_served"] for row in found)
            elif not after:
                break
            after = ""
        return rows

    def _renewed(self, held: Sequence[Work]) -> list[tuple[Any, ...]]:
        columns = ("claim", *self._key)
        values = {
            f"v{n}_{m}": v for n, w in enumerate(held) for m, v in enumerate(self._identity(w))
        }
        tuples = ", ".join(
            f"({', '.join(f':v{n}_{m}' for m in range(len(columns)))})" for n in range(len(held))
        )
        rows = self._db.rows(
            f"""update {self._table.name} set claimed_until = :until
                where claim <> '' and ({", ".join(columns)}) in (values {tuples})
                returning {", ".join(columns)}""",  # noqa: S608
            {**values, "until": self._clock() + self._db.lease},
        )
        return [tuple(row[each] for each in columns) for row in rows]

    def _update(self, work: Work, changes: Mapping[str, Any]) -> list[Row]:
        return self._table.update(changes, **self._key_of(work), claim=work.claim)

    def _key_of(self, work: Work) -> dict[str, Any]:
        return {each: getattr(work, each) for each in self._key}

    def _identity(self, work: Work) -> tuple[Any, ...]:
        return (work.claim, *self._key_of(work).values())


def _batches(held: Sequence[Work]) -> Iterator[Sequence[Work]]:
    each = iter(held)
    while batch := list(islice(each, RENEWED_TOGETHER)):
        yield batch
