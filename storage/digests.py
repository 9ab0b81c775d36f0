"""Which digest slots have been served: one row a person and slot, written before it is sent."""

from __future__ import annotations

from storage.clock import Clock
from storage.columns import stamp
from storage.database import Database


class Digests:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def claim_slot(self, team_id: str, user_id: str, slot: str) -> bool:
        """True for exactly one caller. *slot* is the local date and time: `2026-03-02 09:00`."""
        return bool(
            self._db.execute(
                """insert into digests (team_id, user_id, slot, claimed_at)
                   values (:team, :user, :slot, :now)
                   on conflict (team_id, user_id, slot) do nothing""",
                {"team": team_id, "user": user_id, "slot": slot, "now": stamp(self._clock())},
            )
        )

    def last(self, team_id: str, user_id: str) -> str | None:
        """The last slot served."""
        [row] = self._db.rows(
            """select max(slot) as slot from digests
               where team_id = :team and user_id = :user""",
            {"team": team_id, "user": user_id},
        )
        return row["slot"]  # type: ignore[no-any-return]
