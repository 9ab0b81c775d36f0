"""How many images an account had in each region, day by day: the cloud keeps no such record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.clock import Clock
from storage.db.database import Database


@dataclass(frozen=True)
class Day:
    """One region of one account, on one day in UTC."""

    account_id: str
    region: str
    day: date
    images: int
    size: int
    """Bytes."""


class Figures:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(self, account_id: str, region: str, images: int, size: int) -> None:
        """As it is today; later today it is put anew. Nothing is kept of an unlinked account."""
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

    def counted(self, account_id: str, region: str) -> bool:
        """Whether it was put today."""
        return bool(
            self._db.rows(
                """select 1 as yes from figures
                   where account_id = :account and region = :region and day = :day""",
                {"account": account_id, "region": region, "day": _today(self._clock())},
            )
        )

    def of(self, account_ids: Sequence[str]) -> list[Day]:
        """All that is known of these accounts, day by day."""
        days: list[Day] = []
        for account_id in account_ids:
            rows = self._db.rows(
                "select * from figures where account_id = :account order by day, region",
                {"account": account_id},
            )
            days += [
                Day(
                    row["account_id"],
                    row["region"],
                    date.fromisoformat(row["day"]),
                    row["images"],
                    row["bytes"],
                )
                for row in rows
            ]
        return days


def _today(now: datetime) -> str:
    return now.date().isoformat()
