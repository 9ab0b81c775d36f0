"""The people who use the bot: their time zone, their conversation with it, and pauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.work import digest_schedules

LEFT = "user_disabled"
"""The reason of the pause of who has left the workspace: Slack's word for it."""
FIRST_OF_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""When those are due of whom Slack was never asked."""


@dataclass(frozen=True)
class PersonRow:
    team_id: str
    user_id: str
    time_zone: str | None
    """IANA name, from Slack; None until Slack was asked."""
    time_zone_at: datetime | None
    dm_channel: str | None
    paused_reason: str | None
    """Slack's error code, for which nothing is sent to them; None while they can be reached."""
    paused_at: datetime | None


@dataclass(frozen=True)
class Profile:
    """A person of whom Slack is to be asked, as the worker has claimed them."""

    team_id: str
    user_id: str
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)


class People:
    """
    Args:
        resumed: called with team and person in the transaction in which a pause of theirs ends.
    """

    def __init__(
        self, db: Database, clock: Clock, resumed: Callable[[str, str], None] = lambda _, __: None
    ) -> None:
        self._db = db
        self._table = Table(db, "people", PersonRow, key=("team_id", "user_id"))
        self._clock = clock
        self._resumed = resumed
        profiles = Table(db, "people", Profile, key=("team_id", "user_id"))
        self.profiles = Claims(db, clock, profiles, lane="team_id")

    def seen(self, team_id: str, user_id: str) -> PersonRow:
        """Note that this person uses the bot now."""
        row = self._set(team_id, user_id, seen_at=self._clock())
        if row["time_zone_at"] is None:
            self.profiles.wake()
        return self._table.read(row)

    def get(self, team_id: str, user_id: str) -> PersonRow | None:
        return self._table.get(team_id=team_id, user_id=user_id)

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """Give the person's IANA time zone, from Slack; None until Slack was asked."""
        known = self.get(team_id, user_id)
        return known.time_zone if known else None

    def all(self) -> list[PersonRow]:
        """Give the people of all workspaces."""
        return self._table.find()

    def set_time_zone(self, team_id: str, user_id: str, time_zone: str) -> None:
        now = self._clock()
        with self._db.alone():
            before = self.time_zone(team_id, user_id)
            self._set(team_id, user_id, time_zone=time_zone, time_zone_at=now)
            if time_zone != before:
                digest_schedules.reckon_anew(self._db, team_id, user_id, now)

    def set_dm_channel(self, team_id: str, user_id: str, channel: str) -> None:
        self._set(team_id, user_id, dm_channel=channel)

    def pause(self, team_id: str, user_id: str, reason: str) -> None:
        """
        Send this person nothing until they use the bot again.

        If they have left, look at once at what they leave behind.
        """
        now = self._clock()
        at_once = {"due_at": now} if reason == LEFT else {}
        self._set(team_id, user_id, paused_reason=reason, paused_at=now, **at_once)
        if at_once:
            self.profiles.wake()

    def resume(self, team_id: str, user_id: str) -> str | None:
        """End a pause, and give its reason: to one caller only."""
        known = self.get(team_id, user_id)
        if known is None or known.paused_reason is None:
            return None
        with self._db.alone():
            resumed = self._table.update(
                {"paused_reason": None, "paused_at": None},
                team_id=team_id,
                user_id=user_id,
                paused_reason=known.paused_reason,
            )
            if resumed:
                digest_schedules.reckon_anew(self._db, team_id, user_id, self._clock())
                self._resumed(team_id, user_id)
        return known.paused_reason if resumed else None

    def rest(self, profile: Profile, until: datetime) -> None:
        """Ask nothing of that workspace until then, and of this person first."""
        self._db.execute(
            """update people set due_at = :later
               where team_id = :team and due_at < :later and claim = ''""",
            {"team": profile.team_id, "later": until + timedelta(seconds=1)},
        )
        self.profiles.release(profile, until)

    def left(self, team_id: str) -> frozenset[str]:
        """Give the ids of those who have left the workspace."""
        return frozenset(
            each.user_id for each in self._table.find(team_id=team_id, paused_reason=LEFT)
        )

    def note_presence(self, team_id: str, user_id: str, *, left: bool) -> bool:
        """Note that a person has left, or is there. True if that is news."""
        known = self.get(team_id, user_id)
        gone = known is not None and known.paused_reason == LEFT
        if left == gone:
            return False
        if left:
            self.pause(team_id, user_id, LEFT)
        else:
            self.resume(team_id, user_id)
        return True

    def _set(self, team_id: str, user_id: str, **columns: Any) -> Row:
        new = {} if "seen_at" in columns else {"seen_at": self._clock()}
        new |= {"due_at": FIRST_OF_ALL}
        return self._table.upsert(if_new=new, team_id=team_id, user_id=user_id, **columns)
