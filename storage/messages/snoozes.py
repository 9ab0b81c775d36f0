"""What people do not want to hear of for now: single invitations, and all of a producer's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import parse_time, parse_time_or_none, to_text
from storage.db.database import Database
from storage.messages.told import Key, key_of
from storage.sharing.invitations import Invitation


@dataclass(frozen=True)
class Snooze:
    until: datetime | None
    """None for as long as the invitation is as it was."""
    seen: str
    """How it was."""


@dataclass(frozen=True)
class Mute:
    cloud: str
    producer: str
    """Account number."""
    at: datetime


class Snoozes:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def of(self, team_id: str, user_id: str) -> dict[Key, Snooze]:
        rows = self._db.rows(
            "select * from snoozes where team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id},
        )
        return {
            (r["account_id"], r["region"], r["image_id"]): Snooze(
                parse_time_or_none(r["until"] or None), r["seen"]
            )
            for r in rows
        }

    def put(
        self, team_id: str, user_id: str, invitation: Invitation, until: datetime | None
    ) -> None:
        """Leave it out until then, or, with None, until it changes."""
        self._db.execute(
            """insert into snoozes (team_id, user_id, account_id, region, image_id, until, seen)
               values (:team, :user, :account, :region, :image, :until, :seen)
               on conflict (team_id, user_id, account_id, region, image_id) do update
               set until = excluded.until, seen = excluded.seen""",
            {
                **_one(team_id, user_id, key_of(invitation)),
                "until": to_text(until) if until else "",
                "seen": looks(invitation),
            },
        )

    def end(self, team_id: str, user_id: str, place: Key) -> bool:
        """True for exactly one caller."""
        return bool(
            self._db.execute(
                """delete from snoozes
                   where team_id = :team and user_id = :user and account_id = :account
                     and region = :region and image_id = :image""",
                _one(team_id, user_id, place),
            )
        )

    def mute(self, team_id: str, user_id: str, cloud: str, producer: str) -> bool:
        """True if the producer was not muted."""
        return bool(
            self._db.execute(
                """insert into mutes (team_id, user_id, cloud, producer, at)
                   values (:team, :user, :cloud, :producer, :now)
                   on conflict (team_id, user_id, cloud, producer) do nothing""",
                {
                    "team": team_id,
                    "user": user_id,
                    "cloud": cloud,
                    "producer": producer,
                    "now": to_text(self._clock()),
                },
            )
        )

    def unmute(self, team_id: str, user_id: str, cloud: str, producer: str) -> bool:
        """True if the producer was muted."""
        return bool(
            self._db.execute(
                """delete from mutes
                   where team_id = :team and user_id = :user and cloud = :cloud
                     and producer = :producer""",
                {"team": team_id, "user": user_id, "cloud": cloud, "producer": producer},
            )
        )

    def muted(self, team_id: str, user_id: str) -> list[Mute]:
        rows = self._db.rows(
            """select * from mutes where team_id = :team and user_id = :user
               order by producer, cloud""",
            {"team": team_id, "user": user_id},
        )
        return [Mute(row["cloud"], row["producer"], parse_time(row["at"])) for row in rows]


def looks(invitation: Invitation) -> str:
    """All that may change of an invitation that waits."""
    parts = (to_text(invitation.first_seen), invitation.image_name, str(invitation.size))
    return " ".join(parts)


def _one(team_id: str, user_id: str, place: Key) -> dict[str, str]:
    account_id, region, image_id = place
    return {
        "team": team_id,
        "user": user_id,
        "account": account_id,
        "region": region,
        "image": image_id,
    }
