"""Shares that expire: when, who set it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.access.accounts import Account
from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.unreadable import Unreadable

NOTICE = timedelta(days=1)
"""How long before the end people are reminded, of a share that lasts at least twice as long."""

SPAN = timedelta(days=7)
"""How long an extension is if it cannot be read how long the share was."""
MOST = timedelta(days=366)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
MOST_OF_IMAGE = 128
"""Members that an image may have."""

_unreadable = Unreadable()
_KEY = ("team_id", "cloud", "region", "image_id", "number")
_THIS = " and ".join(f"{column} = :{column}" for column in _KEY)


@dataclass(frozen=True)
class Expiry:
    """One share that is to be ended, as people of a workspace have asked."""

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
    """For how long it was shared at first, and is extended at a time."""
    ends_at: datetime
    remind_at: datetime | None
    """When to remind people; None once that was done."""
    attempts: int = 0
    """Claims since one last succeeded, this one included."""
    claim: str = field(default="", repr=False)

    @property
    def key(self) -> AccountKey:
        """The account that shared it."""
        return AccountKey(self.team_id, self.cloud, self.project_id)


class Expiries:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db, "expiries", Expiry, key=_KEY, order="ends_at, number", fields={"span": _span}
        )
        self._clock = clock
        self.claims = Claims(db, clock, self._table, lane="cloud || ' ' || region")

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
        Have this share end *span* from now, in place of an earlier end.

        Nothing is kept for an account that has been unlinked meanwhile.
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
                "seconds": span,
                **_times(ends_at, span),
            },
        )
        self.claims.wake()

    def forget(self, account: Account, region: str, image_id: str, number: str) -> bool:
        """Have a share not expire, for it was ended or is to last. True if it was to expire."""
        return self._table.delete(**_image(account, region, image_id), number=number)

    def of_image(self, account: Account, region: str, image_id: str) -> Mapping[str, Expiry]:
        """Give the expiries of an image's shares in the account's workspace, by number."""
        found = self._table.find(**_image(account, region, image_id))
        return {each.number: each for each in found}

    def extend(self, seen: Expiry) -> Expiry | None:
        """
        Have it end one span later than it was *seen* to.

        None if that was done already, if its time is over, or if a worker has claimed it:
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
                "seen": seen.ends_at,
                "now": now,
            },
        )
        return self._table.read(rows[0]) if rows else None

    def claim_ended(self, account: Account, region: str, image_id: str) -> list[Expiry]:
        """Take those of an image that have expired, whenever they are due."""
        place = _image(account, region, image_id)
        this = " and ".join(f"{column} = :{column}" for column in place)
        return self.claims.claim(
            MOST_OF_IMAGE,
            due_by=LATEST,
            lanes=[f"{account.cloud} {region}"],
            where=f"ends_at <= :now and {this}",
            params=place,
        )

    def holds(self, expiry: Expiry) -> bool:
        """Whether this worker still has its claim."""
        return self.claims.holds(expiry)

    def reminded(self, expiry: Expiry) -> None:
        """Everybody knows: the next thing is its end."""
        self.claims.release(expiry, expiry.ends_at, remind_at=None, attempts=0)

    def retry(self, expiry: Expiry, at: datetime, *, counted: bool = True) -> None:
        """Try it again, not before *at*: it failed, or, not *counted*, had to wait."""
        self.claims.release(expiry, at, counted=counted)

    def done(self, expiry: Expiry) -> None:
        """Remove what has ended. Only with the claim: a new end may have been set meanwhile."""
        self.claims.finish(expiry)

    def count(self, account_id: str) -> int:
        """Count the shares that expire with the credentials of this link."""
        return len(self._table.find(account_id=account_id))

    def of_nobody_else(self, team_id: str, user_id: str) -> list[Expiry]:
        """Give those that only this person's credentials can end: no other has the account."""
        return self._table.where(
            """account_id in (
                   select a.id from accounts a
                   where a.team_id = :team and a.user_id = :user and not exists (
                       select 1 from accounts o
                       where o.team_id = a.team_id and o.cloud = a.cloud
                         and o.project_id = a.project_id and o.user_id <> a.user_id))""",
            {"team": team_id, "user": user_id},
        )


def _times(ends_at: datetime, span: timedelta) -> dict[str, datetime]:
    """The end, and the reminder: a day before, or when a quarter of a short span is left."""
    notice = NOTICE if span >= 2 * NOTICE else span / 4
    return {"ends": ends_at, "remind": ends_at - notice}


def _image(account: Account, region: str, image_id: str) -> dict[str, str]:
    return {
        "team_id": account.team_id,
        "cloud": account.cloud,
        "region": region,
        "image_id": image_id,
    }


def _key(expiry: Expiry) -> dict[str, str]:
    return {column: getattr(expiry, column) for column in _KEY}


def _span(row: Row) -> timedelta:
    """One that cannot be read counts as SPAN: the end itself is kept apart from it."""
    seconds = row["seconds"]
    if type(seconds) is int and 0 < seconds <= MOST.total_seconds():
        return timedelta(seconds=seconds)
    _unreadable.log("expiries of {team_id} {image_id} {number}: seconds".format(**row))
    return SPAN
