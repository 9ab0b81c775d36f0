"""Snoozed invitations and muted producers, of each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.clock import Clock
from storage.db.columns import LONG_AGO, parse_time_or_none, to_text
from storage.db.database import Database
from storage.db.table import Table
from storage.messages.delivered import InvitationKey, invitation_key
from storage.sharing.invitations import Invitation
from storage.work import displays


@dataclass(frozen=True)
class Snooze:
    until: datetime | None
    """None: until the invitation changes."""
    seen: str
    """The invitation's `fingerprint` when it was snoozed."""


@dataclass(frozen=True)
class Mute:
    cloud: str
    producer: str
    """Account number."""
    at: datetime


class Snoozes:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._snoozes = Table(
            db,
            "snoozes",
            Snooze,
            key=("team_id", "user_id", "account_id", "region", "image_id"),
            fields={"until": lambda row: parse_time_or_none(row["until"] or None)},
            instead={"until": LONG_AGO},
        )
        self._mutes = Table(
            db,
            "mutes",
            Mute,
            key=("team_id", "user_id", "cloud", "producer"),
            order="producer, cloud",
        )
        self._clock = clock

    def of(self, team_id: str, user_id: str) -> dict[InvitationKey, Snooze]:
        """Give what a person has snoozed, by account, region and image."""
        rows = self._db.rows(
            "select * from snoozes where team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id},
        )
        return {(r["account_id"], r["region"], r["image_id"]): self._snoozes.read(r) for r in rows}

    def put(
        self, team_id: str, user_id: str, invitation: Invitation, until: datetime | None
    ) -> None:
        """Snooze an invitation until then, or, with None, until it changes."""
        with self._db.alone():
            self._snoozes.upsert(
                **_one(team_id, user_id, invitation_key(invitation)),
                until=until or "",
                seen=fingerprint(invitation),
            )
            self._changed(team_id, user_id)

    def end(self, team_id: str, user_id: str, place: InvitationKey) -> bool:
        """End a snooze. True for exactly one caller."""
        with self._db.alone():
            self._changed(team_id, user_id)
            return self._snoozes.delete(**_one(team_id, user_id, place))

    def mute(self, team_id: str, user_id: str, cloud: str, producer: str) -> bool:
        """Mute all invitations of a producer. True if it was not muted."""
        with self._db.alone():
            self._changed(team_id, user_id)
            return self._mutes.insert_or_ignore(
                team_id=team_id, user_id=user_id, cloud=cloud, producer=producer, at=self._clock()
            )

    def unmute(self, team_id: str, user_id: str, cloud: str, producer: str) -> bool:
        """End a mute. True if the producer was muted."""
        whose = {"team_id": team_id, "user_id": user_id}
        with self._db.alone():
            self._changed(team_id, user_id)
            return self._mutes.delete(**whose, cloud=cloud, producer=producer)

    def _changed(self, team_id: str, user_id: str) -> None:
        displays.changed(self._db, self._clock(), displays.of_person(team_id, user_id))

    def muted(self, team_id: str, user_id: str) -> list[Mute]:
        """Give the producers that a person has muted, by number."""
        return self._mutes.find(team_id=team_id, user_id=user_id)

    def prune(self) -> int:
        """Delete the snoozes of invitations that are no longer known."""
        return self._db.execute(
            """delete from snoozes
               where not exists (select 1 from invitations i
                                 where i.account_id = snoozes.account_id
                                   and i.region = snoozes.region
                                   and i.image_id = snoozes.image_id)"""
        )


def fingerprint(invitation: Invitation) -> str:
    """Give, in one text, all that may change of a pending invitation."""
    parts = (to_text(invitation.first_seen), invitation.image_name, str(invitation.size))
    return " ".join(parts)


def _one(team_id: str, user_id: str, place: InvitationKey) -> dict[str, Any]:
    account_id, region, image_id = place
    return {
        "team_id": team_id,
        "user_id": user_id,
        "account_id": account_id,
        "region": region,
        "image_id": image_id,
    }
