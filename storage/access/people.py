"""The people we talk with: where and when to reach them, and whether we may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import parse_time_or_none, to_text
from storage.db.database import Database, Row


@dataclass(frozen=True)
class PersonRow:
    team_id: str
    user_id: str
    time_zone: str | None
    """IANA name, as Slack tells it; None until it was asked."""
    time_zone_at: datetime | None
    dm_channel: str | None
    paused_reason: str | None
    """Why nothing is sent to them: Slack's error code; None if they can be reached."""
    paused_at: datetime | None


class People:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def seen(self, team_id: str, user_id: str) -> PersonRow:
        """Note that this person exists."""
        [row] = self._db.rows(
            """insert into people (team_id, user_id, seen_at) values (:team, :user, :now)
               on conflict (team_id, user_id) do update set seen_at = excluded.seen_at
               returning *""",
            {"team": team_id, "user": user_id, "now": to_text(self._clock())},
        )
        return _person(row)

    def get(self, team_id: str, user_id: str) -> PersonRow | None:
        rows = self._db.rows(
            "select * from people where team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id},
        )
        return _person(rows[0]) if rows else None

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """What Slack said of the person; None as long as nobody has asked."""
        known = self.get(team_id, user_id)
        return known.time_zone if known else None

    def all(self) -> list[PersonRow]:
        return [_person(row) for row in self._db.rows("select * from people order by 1, 2")]

    def set_time_zone(self, team_id: str, user_id: str, time_zone: str) -> None:
        self._set(team_id, user_id, time_zone=time_zone, time_zone_at=to_text(self._clock()))

    def set_dm_channel(self, team_id: str, user_id: str, channel: str) -> None:
        self._set(team_id, user_id, dm_channel=channel)

    def pause(self, team_id: str, user_id: str, reason: str) -> None:
        """Send this person nothing until they speak to us again."""
        self._set(team_id, user_id, paused_reason=reason, paused_at=to_text(self._clock()))

    def resume(self, team_id: str, user_id: str) -> str | None:
        """End a pause; what it was for is told to one caller only."""
        paused = self._db.rows(
            """select paused_reason as reason from people
               where team_id = :team and user_id = :user and paused_reason is not null""",
            {"team": team_id, "user": user_id},
        )
        if not paused:
            return None
        ended = self._db.execute(
            """update people set paused_reason = null, paused_at = null
               where team_id = :team and user_id = :user and paused_reason = :reason""",
            {"team": team_id, "user": user_id, **paused[0]},
        )
        return str(paused[0]["reason"]) if ended else None

    def _set(self, team_id: str, user_id: str, **columns: str) -> None:
        names = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
        self._db.execute(
            f"""insert into people (team_id, user_id, seen_at, {names})
                values (:team, :user, :now, {values})
                on conflict (team_id, user_id) do update set {changes}""",  # noqa: S608 - our own words
            {"team": team_id, "user": user_id, "now": to_text(self._clock()), **columns},
        )


def _person(row: Row) -> PersonRow:
    return PersonRow(
        row["team_id"],
        row["user_id"],
        row["time_zone"],
        parse_time_or_none(row["time_zone_at"]),
        row["dm_channel"],
        row["paused_reason"],
        parse_time_or_none(row["paused_at"]),
    )
