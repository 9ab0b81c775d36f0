"""Shares that end by themselves: when, who promised it, and why."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.access.accounts import Account
from storage.clock import Clock
from storage.db.columns import parse_time, parse_time_or_none, to_text
from storage.db.database import Database, Row

LEASE = timedelta(minutes=5)
NOTICE = timedelta(days=1)
"""How long before the end people are reminded, of a share that lasts at least twice as long."""

_KEY = ("team_id", "cloud", "region", "image_id", "number")
_THIS = " and ".join(f"{column} = :{column}" for column in _KEY)


@dataclass(frozen=True)
class Expiry:
    """One share that is to end, as a workspace has promised it."""

    team_id: str
    cloud: str
    region: str
    image_id: str
    number: str
    """The account it is shared with."""
    account_id: str
    """The link with whose credentials it is to be ended."""
    user_id: str
    """Who shared it."""
    project_id: str
    """The number of the account that shared it."""
    image_name: str
    because: str
    """Why it was shared; "" if nobody said."""
    span: timedelta
    """For how long it was shared at first: so long, too, an extension is."""
    ends_at: datetime
    remind_at: datetime | None
    """None once everybody was reminded."""
    attempts: int = 0
    """How often it was claimed since anything came of it, this time included."""
    claim: str = field(default="", repr=False)


class Expiries:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(
        self,
        account: Account,
        user_id: str,
        region: str,
        image_id: str,
        image_name: str,
        number: str,
        span: timedelta,
        because: str,
    ) -> None:
        """
        Have this share end after *span* from now, whatever was said of its end before.

        Nothing is kept for an account that was unlinked meanwhile.
        """
        ends_at = self._clock() + span
        self._db.execute(
            f"""insert into expiries (team_id, cloud, region, image_id, number, account_id,
                                      user_id, project_id, image_name, because, seconds,
                                      ends_at, remind_at, due_at, attempts, claim)
                select team_id, cloud, :region, :image_id, :number, id, :user, project_id, :name,
                       :because, :seconds, :ends, :remind, :remind, 0, ''
                from accounts where id = :account {self._db.row_lock}
                on conflict (team_id, cloud, region, image_id, number) do update
                set account_id = excluded.account_id, user_id = excluded.user_id,
                    project_id = excluded.project_id, image_name = excluded.image_name,
                    because = excluded.because, seconds = excluded.seconds,
                    ends_at = excluded.ends_at, remind_at = excluded.remind_at,
                    due_at = excluded.due_at, attempts = 0, claim = ''""",  # noqa: S608 - our own words
            {
                "account": account.id,
                "user": user_id,
                "region": region,
                "image_id": image_id,
                "name": image_name,
                "number": number,
                "because": because,
                "seconds": int(span.total_seconds()),
                **_times(ends_at, span),
            },
        )

    def forget(self, account: Account, region: str, image_id: str, number: str) -> bool:
        """It was ended, or is to last. True if it was to end by itself."""
        params = {**_place(account, region, image_id), "number": number}
        return bool(self._db.execute(f"delete from expiries where {_THIS}", params))  # noqa: S608

    def of_image(self, account: Account, region: str, image_id: str) -> Mapping[str, Expiry]:
        """What the account's workspace knows of an image's shares, by number."""
        rows = self._db.rows(
            """select * from expiries where team_id = :team_id and cloud = :cloud
               and region = :region and image_id = :image_id order by ends_at, number""",
            _place(account, region, image_id),
        )
        return {row["number"]: _expiry(row) for row in rows}

    def extend(self, seen: Expiry) -> Expiry | None:
        """
        Have it end one span later than it was *seen* to.

        None if that was done already, if its time is over, or if somebody is at work on it:
        of two who extend the same end, one succeeds.
        """
        now = self._clock()
        rows = self._db.rows(
            f"""update expiries
                set ends_at = :ends, remind_at = :remind, due_at = :remind, attempts = 0, claim = ''
                where {_THIS} and ends_at = :seen and ends_at > :now
                  and (claim = '' or claimed_until <= :now)
                returning *""",  # noqa: S608 - our own words
            {
                **_key(seen),
                **_times(seen.ends_at + seen.span, seen.span),
                "seen": to_text(seen.ends_at),
                "now": to_text(now),
            },
        )
        return _expiry(rows[0]) if rows else None

    def claim(self, limit: int = 20, lease: timedelta = LEASE) -> list[Expiry]:
        """
        Take up to *limit* that are to be reminded of, or to end, for this worker alone.

        A claim lapses after *lease*, so a worker that dies gives its shares back.
        """
        now = self._clock()
        rows = self._db.rows(
            f"""with free as materialized (
                    select {", ".join(_KEY)} from expiries
                    where due_at <= :now and (claim = '' or claimed_until <= :now)
                    order by due_at, image_id, number limit :limit {self._db.free_rows})
                update expiries
                set claim = :claim, claimed_until = :until, attempts = attempts + 1
                where ({", ".join(_KEY)}) in (select * from free)
                returning *""",  # noqa: S608 - our own words
            {
                "claim": secrets.token_hex(8),
                "until": to_text(now + lease),
                "now": to_text(now),
                "limit": limit,
            },
        )
        return sorted((_expiry(row) for row in rows), key=lambda e: (e.ends_at, e.number))

    def holds(self, expiry: Expiry) -> bool:
        """Whether it still stands as this worker has claimed it."""
        return bool(
            self._db.rows(
                f"select 1 from expiries where {_THIS} and claim = :held",  # noqa: S608
                {**_key(expiry), "held": expiry.claim},
            )
        )

    def reminded(self, expiry: Expiry) -> None:
        """Everybody knows: the next thing is its end."""
        ends = to_text(expiry.ends_at)
        self._let_go(expiry, {"remind_at": None, "due_at": ends, "attempts": 0})

    def retry(self, expiry: Expiry, at: datetime, *, counted: bool = True) -> None:
        """It could not be done, or, not *counted*, it was not its turn: not before *at*."""
        attempts = expiry.attempts if counted else expiry.attempts - 1
        self._let_go(expiry, {"due_at": to_text(at), "attempts": attempts})

    def done(self, expiry: Expiry) -> None:
        """It has ended. Only with the claim: it may have been promised anew meanwhile."""
        self._db.execute(
            f"delete from expiries where {_THIS} and claim = :held",  # noqa: S608
            {**_key(expiry), "held": expiry.claim},
        )

    def count(self, account_id: str) -> int:
        """How many shares end with the credentials of this link."""
        [row] = self._db.rows(
            "select count(*) as n from expiries where account_id = :id", {"id": account_id}
        )
        return int(row["n"])

    def _let_go(self, expiry: Expiry, changes: Mapping[str, Any]) -> None:
        settings = ", ".join(f"{column} = :{column}" for column in changes)
        self._db.execute(
            f"""update expiries set {settings}, claim = ''
                where {_THIS} and claim = :held""",  # noqa: S608 - our own words
            {**changes, **_key(expiry), "held": expiry.claim},
        )


def _times(ends_at: datetime, span: timedelta) -> dict[str, str]:
    """The end, and the reminder: a day before, or when a quarter of a short span is left."""
    notice = NOTICE if span >= 2 * NOTICE else span / 4
    return {"ends": to_text(ends_at), "remind": to_text(ends_at - notice)}


def _place(account: Account, region: str, image_id: str) -> dict[str, str]:
    return {
        "team_id": account.team_id,
        "cloud": account.cloud,
        "region": region,
        "image_id": image_id,
    }


def _key(expiry: Expiry) -> dict[str, str]:
    return {column: getattr(expiry, column) for column in _KEY}


def _expiry(row: Row) -> Expiry:
    fixed = (*_KEY, "account_id", "user_id", "project_id", "image_name", "because")
    return Expiry(
        **{column: row[column] for column in fixed},
        span=timedelta(seconds=row["seconds"]),
        ends_at=parse_time(row["ends_at"]),
        remind_at=parse_time_or_none(row["remind_at"]),
        attempts=row["attempts"],
        claim=row["claim"],
    )
