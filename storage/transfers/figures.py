"""The number and size of an account's images, by region and day: the cloud keeps no record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.columns import to_text
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class Day:
    """The images of one account in one region, on one day in UTC."""

    account_id: str
    region: str
    day: date
    images: int
    size: int
    """Bytes."""


@dataclass(frozen=True)
class CountDue:
    """A region of an account whose images are to be counted, as its worker has claimed it."""

    account_id: str
    region: str
    attempts: int
    claim: str = field(repr=False)


class Figures:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "figures",
            Day,
            key=("account_id", "region", "day"),
            order="day, region",
            fields={"size": itemgetter("bytes")},
        )
        self._clock = clock
        self._counts = Table(db, "counts", CountDue, key=("account_id", "region"))
        self.claims = Claims(db, clock, self._counts, lane="lane")

    def reconcile(self) -> None:
        """Have a row to count for each region of each linked account."""
        now = to_text(self._clock())
        accounts = self._db.rows("select id, cloud, regions from accounts")
        self._db.execute_many(
            _DUE,
            [
                {"id": row["id"], "region": each, "lane": f"{row['cloud']} {each}", "now": now}
                for row in accounts
                for each in json.loads(row["regions"])
            ],
        )

    def put(self, account_id: str, region: str, images: int, size: int) -> None:
        """Set today's count. Nothing is kept for an account that has been unlinked meanwhile."""
        self._db.execute(
            f"""insert into figures (account_id, region, day, images, bytes, shares)
                select id, :region, :day, :images, :size, '' from accounts
                where id = :account {self._db.row_lock}
                on conflict (account_id, region, day) do update
                set images = excluded.images, bytes = excluded.bytes""",  # noqa: S608 - our own words
            {
                "account": account_id,
                "region": region,
                "day": _today(self._clock()),
                "images": images,
                "size": size,
            },
        )

    def of(self, account_ids: Sequence[str]) -> list[Day]:
        """Give all that was counted of these accounts, day by day."""
        return [day for each in account_ids for day in self._table.find(account_id=each)]

    def prune(self, before: datetime) -> int:
        """Delete the days before then."""
        return self._db.execute(
            "delete from figures where day < :before", {"before": _today(before)}
        )


def _today(now: datetime) -> date:
    return now.date()


_DUE = """
    insert into counts (account_id, region, lane, due_at, attempts, claim)
    select id, :region, :lane, :now, 0, '' from accounts where id = :id
    on conflict do nothing"""
