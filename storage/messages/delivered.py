"""Record which invitations each person was notified of, so that none is lost or sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table
from storage.sharing.invitations import Invitation

AUTO_ACCEPT_JOB = "job/invitations"
"""Answers for those who trust a producer, as the audit names it."""

InvitationKey = tuple[str, str, str]
"""Account, region and image of an invitation."""


@dataclass(frozen=True)
class Delivery:
    """The last notification that a person got of an invitation."""

    first_seen: datetime
    """Tells it from an earlier invitation to the same image."""
    told_at: datetime
    state: str


class Delivered:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db, "told", Delivery, key=("team_id", "user_id", "account_id", "region", "image_id")
        )
        self._clock = clock

    def of(self, team_id: str, user_id: str) -> dict[InvitationKey, Delivery]:
        rows = self._db.rows(
            "select * from told where team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id},
        )
        return {(r["account_id"], r["region"], r["image_id"]): self._table.read(r) for r in rows}

    def note(self, team_id: str, user_id: str, invitation: Invitation, state: str = "") -> bool:
        """
        Record that the person is notified of an invitation as it is now.

        True if that is news to them; of several callers at once, for one.
        """
        return self.mark(
            team_id,
            user_id,
            invitation_key(invitation),
            since=invitation.first_seen,
            state=state or str(invitation.state),
        )

    def mark(
        self, team_id: str, user_id: str, place: InvitationKey, *, since: datetime, state: str
    ) -> bool:
        """Like `note`, for anything at that place that was first seen at *since*."""
        account_id, region, image_id = place
        return bool(
            self._db.execute(
                """insert into told (team_id, user_id, account_id, region, image_id,
                                     first_seen, told_at, state)
                   values (:team, :user, :account, :region, :image, :seen, :now, :state)
                   on conflict (team_id, user_id, account_id, region, image_id) do update
                   set first_seen = excluded.first_seen, told_at = excluded.told_at,
                       state = excluded.state
                   where told.first_seen <> excluded.first_seen or told.state <> excluded.state""",
                {
                    "team": team_id,
                    "user": user_id,
                    "account": account_id,
                    "region": region,
                    "image": image_id,
                    "seen": since,
                    "now": self._clock(),
                    "state": state,
                },
            )
        )

    def prune(self, before: datetime) -> int:
        """
        Delete what was delivered before then of invitations that are no longer known.

        That of an account as a whole, which names no image, lasts as long as its link.
        """
        return self._db.execute(
            """delete from told
               where told_at < :before and image_id <> ''
                 and not exists (select 1 from invitations i
                                 where i.account_id = told.account_id and i.region = told.region
                                   and i.image_id = told.image_id)""",
            {"before": before},
        )


def invitation_key(invitation: Invitation) -> InvitationKey:
    return invitation.account_id, invitation.region, invitation.image_id
