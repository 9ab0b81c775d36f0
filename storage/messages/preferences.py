"""How each person wants to hear of invitations: of all their accounts, or of one of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.clock import Clock
from storage.db.columns import parse_time, to_text
from storage.db.database import Database, Row
from storage.db.table import Table

ALL_ACCOUNTS = ""
"""Stands for every account that has no preference of its own."""


class Mode(StrEnum):
    DIGEST = "digest"
    INSTANT = "instant"
    BOTH = "both"
    OFF = "off"

    @property
    def digests(self) -> bool:
        return self in (Mode.DIGEST, Mode.BOTH)

    @property
    def instant(self) -> bool:
        return self in (Mode.INSTANT, Mode.BOTH)


@dataclass(frozen=True)
class Preference:
    mode: Mode = Mode.BOTH
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Of digests; Monday is 0."""
    times: tuple[str, ...] = ("09:00",)
    """Of digests, in the person's own zone, in order."""
    zone: str = ""
    """IANA name; "" for what Slack says."""
    quiet_from: str = ""
    quiet_to: str = ""
    """Between these nothing is said; it may go over midnight. "" and "" for no such time."""
    weekends: bool = True
    """Whether instant notices come on Saturdays and Sundays."""
    patience_days: int = 3
    """What has waited for longer than this passes through quiet times."""
    regions: tuple[str, ...] = ()
    """Only these; none for all."""
    producers: tuple[str, ...] = ()
    """Account numbers; only these, none for all."""
    name: str = ""
    """Only images whose name holds this, whatever its capitals."""
    working_days: int = 0
    """Only invitations that have waited for so many working days."""
    channel_id: str = ""
    """Where digests are said; "" for the person's conversation with the bot."""
    paused_until: datetime | None = None


@dataclass(frozen=True)
class _Stored:
    number: str
    preference: Preference
    changed_at: datetime


class Preferences:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._table = Table(
            db,
            "preferences",
            _Stored,
            key=("team_id", "user_id", "number"),
            fields={"preference": _preference},
        )
        self._clock = clock

    def of(self, team_id: str, user_id: str) -> dict[str, Preference]:
        """Give a person's preferences that were set, by account number or ALL_ACCOUNTS."""
        stored = self._table.find(team_id=team_id, user_id=user_id)
        return {each.number: each.preference for each in stored}

    def put(self, team_id: str, user_id: str, number: str, preference: Preference) -> None:
        """Set a person's preference for an account number, or ALL_ACCOUNTS."""
        self._table.upsert(
            team_id=team_id,
            user_id=user_id,
            number=number,
            settings=as_settings(preference),
            changed_at=self._clock(),
        )

    def changed_at(self, team_id: str, user_id: str, number: str) -> datetime | None:
        """Give the time at which a preference was set; None if it never was."""
        stored = self._table.get(team_id=team_id, user_id=user_id, number=number)
        return stored.changed_at if stored else None

    def forget(self, team_id: str, user_id: str, number: str) -> bool:
        """Remove a preference. True if there was one."""
        return self._table.delete(team_id=team_id, user_id=user_id, number=number)


def _preference(row: Row) -> Preference:
    return from_settings(json.loads(row["settings"]))


def as_settings(preference: Preference) -> dict[str, Any]:
    """As JSON takes it."""
    until = preference.paused_until
    return {**dataclasses.asdict(preference), "paused_until": to_text(until) if until else None}


def from_settings(settings: Mapping[str, Any]) -> Preference:
    """What an older version of the bot did not know is as it is by default."""
    known = {field.name for field in dataclasses.fields(Preference)}
    held = {key: value for key, value in settings.items() if key in known}
    lists = {key: tuple(value) for key, value in held.items() if isinstance(value, list)}
    until = held.get("paused_until")
    return Preference(
        **{
            **held,
            **lists,
            "mode": Mode(held.get("mode", Mode.BOTH)),
            "paused_until": parse_time(until) if until else None,
        }
    )
