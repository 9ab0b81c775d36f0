"""Which digest slots have been served: a row each, claimed before anything is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table


class SlotState(StrEnum):
    """What became of a slot."""

    CLAIMED = "claimed"
    """Somebody is at it, or died at it: it may be claimed again until it is settled."""
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
    """Why it was skipped, or what went wrong with it."""
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

    def claim(self, team_id: str, user_id: str, number: str, slot: str, due_at: datetime) -> bool:
        """False if it is settled: served, or skipped. Whoever settles it may serve it."""
        return bool(
            self._db.execute(
                """insert into slots (team_id, user_id, number, slot, due_at, state, detail, at)
                   values (:team, :user, :number, :slot, :due, 'claimed', '', :now)
                   on conflict (team_id, user_id, number, slot) do update set at = excluded.at
                   where slots.state = 'claimed'""",
                {
                    "team": team_id,
                    "user": user_id,
                    "number": number,
                    "slot": slot,
                    "due": due_at,
                    "now": self._clock(),
                },
            )
        )

    def settle(
        self,
        team_id: str,
        user_id: str,
        number: str,
        slot: str,
        state: SlotState,
        detail: str = "",
    ) -> bool:
        """True for exactly one caller. What is said is put in the same transaction."""
        return self._set(team_id, user_id, number, slot, state, detail)

    def broke(self, team_id: str, user_id: str, number: str, slot: str, detail: str) -> None:
        """Note what went wrong. It may be tried again."""
        self._set(team_id, user_id, number, slot, SlotState.CLAIMED, detail)

    def overtaken(self, team_id: str, user_id: str, number: str, before: datetime) -> int:
        """Give up what was claimed and never settled, now that a later slot is due."""
        return self._db.execute(
            """update slots set state = 'skipped', at = :now,
                   detail = case when detail = '' then 'overtaken by the next one' else detail end
               where team_id = :team and user_id = :user and number = :number
                 and state = 'claimed' and due_at < :before""",
            {
                "team": team_id,
                "user": user_id,
                "number": number,
                "before": before,
                "now": self._clock(),
            },
        )

    def last(
        self, team_id: str, user_id: str, number: str, state: SlotState | None = None
    ) -> SlotRow | None:
        """
        The latest slot that is known, or the latest in that state.

        One that a clock far ahead has served is not known before its time.
        """
        known = self._table.where(
            f"""team_id = :team and user_id = :user and number = :number
                and due_at <= :now {"and state = :state" if state else ""}""",
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
        last = self.last(team_id, user_id, number)
        if last is None:
            return ""
        if last.state in (SlotState.CLAIMED, SlotState.SKIPPED):
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

    def _set(
        self, team_id: str, user_id: str, number: str, slot: str, state: SlotState, detail: str
    ) -> bool:
        return bool(
            self._table.update(
                {"state": state, "detail": detail, "at": self._clock()},
                team_id=team_id,
                user_id=user_id,
                number=number,
                slot=slot,
                state=SlotState.CLAIMED,
            )
        )


def digest_key(team_id: str, user_id: str, number: str, slot: str) -> str:
    """Begins the outbox's keys of a digest's messages."""
    return f"digest {team_id}/{user_id} {number or '*'} {slot}"
