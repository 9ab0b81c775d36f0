"""When each person's next digest is due: a row for each preference, claimed as all work is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table
from storage.errors import LostClaim

_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True)
class Slot:
    """One time at which somebody wants a digest."""

    name: str
    """The wall clock's date and time, whatever the zone: `2026-03-02 09:00`."""
    at: datetime


@dataclass(frozen=True)
class DigestSchedule:
    """The digests of one person by one preference."""

    team_id: str
    user_id: str
    number: str
    """The account that the preference is of, or ALL_ACCOUNTS."""
    since: datetime
    """Slots from then on are still to be served."""
    slot: str
    slot_at: datetime | None
    """A slot that was due when the preference changed, and is served all the same."""
    due_at: datetime | None
    """When to look at it next; None while nobody wants such digests."""
    error: str
    """What went wrong when the digest was last composed."""
    attempts: int
    claim: str = field(repr=False)

    @property
    def kept(self) -> Slot | None:
        return Slot(self.slot, self.slot_at) if self.slot_at else None


class DigestSchedules:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(
            db, "digest_schedules", DigestSchedule, key=("team_id", "user_id", "number")
        )
        self.claims = Claims(db, clock, self._table, waiting="due_at is not null")

    def get(self, team_id: str, user_id: str, number: str) -> DigestSchedule | None:
        return self._table.get(team_id=team_id, user_id=user_id, number=number)

    def put_off(self, schedule: DigestSchedule, due_at: datetime) -> None:
        """Release it until then."""
        self._release(schedule, due_at)

    def park(self, schedule: DigestSchedule) -> None:
        """Release it until the person's preference or accounts change."""
        self._release(schedule, None, slot="", slot_at=None)

    def served(self, schedule: DigestSchedule, slot: Slot, due_at: datetime) -> None:
        """Continue after this slot, in the transaction that settles it."""
        since = slot.at + _AFTER
        self._release(schedule, due_at, since=since, slot="", slot_at=None, error="")

    def note(self, schedule: DigestSchedule, error: str) -> None:
        """Note what went wrong, and keep the claim."""
        self.claims.save(schedule, error=error)

    def reconcile(self) -> None:
        """Have a row for each preference, also where an earlier release has written it."""
        self._db.execute(_MISSING, {"now": self._clock()})

    def _release(self, schedule: DigestSchedule, due_at: datetime | None, **more: Any) -> None:
        """
        Raises:
            storage.errors.LostClaim: somebody else has it, or it is to be reckoned again.
        """
        if not self.claims.release(schedule, due_at, attempts=0, **more):
            raise LostClaim("digest_schedules")


def begin(
    db: Database, team_id: str, user_id: str, number: str, now: datetime, kept: Slot | None
) -> None:
    """
    Have slots count from now on, by a preference that has just been set.

    Args:
        kept: the slot that was due already by the preference before.
    """
    _put(db, team_id, user_id, number, now, kept, since="excluded.since")


def reckon_anew(db: Database, team_id: str, user_id: str, now: datetime) -> None:
    """Have the next slots of a person be reckoned now: their accounts or their zone changed."""
    db.execute(
        f"""update digest_schedules set since = {_SINCE}, due_at = :now, {_FREE}
            where team_id = :team and user_id = :user""",  # noqa: S608 - our own words
        {"team": team_id, "user": user_id, "now": now},
    )
    db.notify("digest_schedules")
    _look_for_news(db, team_id, user_id, now)


def begin_if_new(db: Database, team_id: str, user_id: str, now: datetime) -> None:
    """Start, or continue, the digests of a person who has linked an account."""
    _put(db, team_id, user_id, "", now, None, since=_SINCE)
    reckon_anew(db, team_id, user_id, now)


def end(
    db: Database, team_id: str, user_id: str, number: str, now: datetime, kept: Slot | None
) -> None:
    """
    End the digests of an account that follows the preference of all others from now on.

    Args:
        kept: the slot that was due already by its own preference.
    """
    db.execute(
        """delete from digest_schedules
           where team_id = :team and user_id = :user and number = :number""",
        {"team": team_id, "user": user_id, "number": number},
    )
    _put(db, team_id, user_id, "", now, kept, since=_SINCE)


def _put(
    db: Database,
    team_id: str,
    user_id: str,
    number: str,
    now: datetime,
    kept: Slot | None,
    *,
    since: str,
) -> None:
    """A worker that has claimed it loses the claim: it has read the old state."""
    db.execute(
        f"""insert into digest_schedules (team_id, user_id, number, since, slot, slot_at, due_at,
                                          error, attempts, claim)
            values (:team, :user, :number, :now, :slot, :slot_at, :now, '', 0, '')
            on conflict (team_id, user_id, number) do update
            set since = {since}, due_at = excluded.due_at, {_FREE},
                slot = case when excluded.slot = '' then digest_schedules.slot
                       else excluded.slot end,
                slot_at = coalesce(excluded.slot_at, digest_schedules.slot_at)""",  # noqa: S608
        {
            "team": team_id,
            "user": user_id,
            "number": number,
            "now": now,
            "slot": kept.name if kept else "",
            "slot_at": kept.at if kept else None,
        },
    )
    db.notify("digest_schedules")
    _look_for_news(db, team_id, user_id, now)


def _look_for_news(db: Database, team_id: str, user_id: str, now: datetime) -> None:
    """Likewise whether they are to be notified at once of what they missed."""
    if db.execute(
        """update news set due_at = :now
           where team_id = :team and user_id = :user and due_at > :now""",
        {"team": team_id, "user": user_id, "now": now},
    ):
        db.notify("news")


_FREE = "claim = '', claimed_until = null, attempts = 0"
_SINCE = """case when digest_schedules.due_at is null then :now
                 else digest_schedules.since end"""
"""Nobody wanted the slots of while it was parked."""
_MISSING = """
    insert into digest_schedules (team_id, user_id, number, since, slot, slot_at, due_at, error,
                                  attempts, claim)
    select team_id, user_id, number, :now, '', null, :now, '', 0, ''
    from (select distinct team_id, user_id, '' as number from accounts
          union select team_id, user_id, number from preferences) as wanted
    where true on conflict do nothing"""
