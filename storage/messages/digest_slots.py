"""The outcome of each digest slot: a row each, written with its message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table
from storage.work.digest_schedules import Slot


class SlotState(StrEnum):
    """The outcome of a slot."""

    SENT = "sent"
    EMPTY = "empty"
    """There was nothing to say."""
    SKIPPED = "skipped"
    """It was not served, and never will be."""


@dataclass(frozen=True)
class SlotRow:
    """One slot of one person's preference."""

    number: str
    """The account that the preference is of, or ALL_ACCOUNTS."""
    slot: str
    """Local date and time: `2026-03-02 09:00`."""
    due_at: datetime
    state: SlotState
    detail: str
    """Why it was skipped."""
    at: datetime
    """When that became of it."""


class Digests:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "slots",
            SlotRow,
            key=("team_id", "user_id", "number", "slot"),
        )
        self._clock = clock

    def settle(
        self,
        team_id: str,
        user_id: str,
        number: str,
        slot: Slot,
        state: SlotState,
        detail: str = "",
    ) -> bool:
        """True for exactly one caller, who enqueues the message in the same transaction."""
        return self._table.insert_or_ignore(
            team_id=team_id,
            user_id=user_id,
            number=number,
            slot=slot.name,
            due_at=slot.at,
            state=state,
            detail=detail,
            at=self._clock(),
        )

    def settled(
        self, team_id: str, user_id: str, number: str, names: Collection[str]
    ) -> frozenset[str]:
        """Give those of these slots that were served or skipped."""
        named = {f"name_{n}": name for n, name in enumerate(names)}
        if not named:
            return frozenset()
        rows = self._db.rows(
            f"""select slot from slots
                where team_id = :team and user_id = :user and number = :number
                  and slot in (:{", :".join(named)})""",  # noqa: S608 - our own words
            {"team": team_id, "user": user_id, "number": number, **named},
        )
        return frozenset(row["slot"] for row in rows)

    def last(
        self, team_id: str, user_id: str, number: str, state: SlotState | None = None
    ) -> SlotRow | None:
        """
        The latest slot that is known, or the latest in that state.

        One that a clock far ahead has served is not known before its time, and one that an
        earlier release has claimed not before it is settled.
        """
        known = self._table.where(
            f"""team_id = :team and user_id = :user and number = :number
                and due_at <= :now and state <> 'claimed'
                {"and state = :state" if state else ""}""",
            {
                "team": team_id,
                "user": user_id,
                "number": number,
                "now": self._clock(),
                **({"state": state} if state else {}),
            },
            "due_at desc, slot desc limit 1",
        )
        return known[0] if known else None

    def last_error(self, team_id: str, user_id: str, number: str) -> str:
        """
        What went wrong with the latest digest, in being made or in being said; "" if nothing did.

        What Slack refused is known to the outbox, under the digest's key.
        """
        if error := self._composing_error(team_id, user_id, number):
            return error
        last = self.last(team_id, user_id, number)
        if last is None:
            return ""
        if last.state == SlotState.SKIPPED:
            return last.detail
        prefix = f"{digest_key(team_id, user_id, number, last.slot)} "
        rows = self._db.rows(
            """select error from outbox
               where substr(dedupe_key, 1, :length) = :prefix and error is not null
                 and sent_at is null
               order by created_at desc limit 1""",
            {"prefix": prefix, "length": len(prefix)},
        )
        return str(rows[0]["error"]) if rows else ""

    def prune(self, before: datetime) -> int:
        """Forget the slots of before then."""
        return self._db.execute("delete from slots where at < :before", {"before": before})

    def _composing_error(self, team_id: str, user_id: str, number: str) -> str:
        rows = self._db.rows(
            """select error from digest_schedules
               where team_id = :team and user_id = :user and number = :number""",
            {"team": team_id, "user": user_id, "number": number},
        )
        return str(rows[0]["error"]) if rows else ""


def digest_key(team_id: str, user_id: str, number: str, slot: str) -> str:
    """Begins the outbox's keys of a digest's messages."""
    return f"digest {team_id}/{user_id} {number or '*'} {slot}"
