"""Notification preferences of each person: for all their accounts, or for one of them."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.clock import Clock
from storage.db.columns import parse_time, to_text
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.unreadable import Unreadable
from storage.work import digest_schedules, displays
from storage.work.digest_schedules import Slot

ALL_ACCOUNTS = ""
"""Means every account that has no preference of its own."""


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
    """Days of digests; Monday is 0."""
    times: tuple[str, ...] = ("09:00",)
    """Times of digests, in the person's own zone, in order."""
    zone: str = ""
    """IANA name; "" for what Slack says."""
    quiet_from: str = ""
    quiet_to: str = ""
    """Nothing is sent between these; they may span midnight. "" and "" for no quiet hours."""
    weekends: bool = True
    """Whether instant notices come on Saturdays and Sundays."""
    patience_days: int = 3
    """Invitations pending for longer than this are notified in quiet hours, too."""
    regions: tuple[str, ...] = ()
    """Only these; none for all."""
    producers: tuple[str, ...] = ()
    """Account numbers; only these, none for all."""
    name: str = ""
    """Only images whose name holds this, whatever its capitals."""
    working_days: int = 0
    """Only invitations that have waited for so many working days."""
    channel_id: str = ""
    """Where digests are posted; "" for the person's conversation with the bot."""
    paused_until: datetime | None = None


@dataclass(frozen=True)
class _Stored:
    number: str
    preference: Preference
    changed_at: datetime


class Preferences:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._unreadable = Unreadable()
        self._table = Table(
            db,
            "preferences",
            _Stored,
            key=("team_id", "user_id", "number"),
            fields={"preference": self._read},
        )
        self._clock = clock

    def of(self, team_id: str, user_id: str) -> dict[str, Preference]:
        """Give a person's preferences that were set, by account number or ALL_ACCOUNTS."""
        stored = self._table.find(team_id=team_id, user_id=user_id)
        return {each.number: each.preference for each in stored}

    def _read(self, row: Row) -> Preference:
        """Each setting that cannot be read is as it is by default; the others stay as chosen."""
        whole = "preferences of {team_id}/{user_id} {number!r}".format(**row)
        try:
            settings = _object(row["settings"])
        except ValueError:
            self._unreadable.log(whole)
            return Preference()
        held = dict(settings)
        for name in [name for name in settings if not _readable(name, settings[name])]:
            self._unreadable.log(f"{whole}: {name}")
            del held[name]
        return from_settings(held)

    def put(
        self,
        team_id: str,
        user_id: str,
        number: str,
        preference: Preference,
        kept: Slot | None = None,
    ) -> None:
        """
        Set a person's preference for an account number, or ALL_ACCOUNTS.

        Args:
            kept: the digest's slot that was due already by what held before.
        """
        now = self._clock()
        with self._db.alone():
            self._table.upsert(
                team_id=team_id,
                user_id=user_id,
                number=number,
                settings=as_settings(preference),
                changed_at=now,
            )
            digest_schedules.begin(self._db, team_id, user_id, number, now, kept)
            displays.changed(self._db, now, displays.of_person(team_id, user_id))

    def forget(self, team_id: str, user_id: str, number: str, kept: Slot | None = None) -> bool:
        """
        Remove the preference of an account, which then follows that of all others.

        Args:
            kept: as for `put`.

        Returns:
            Whether there was one.
        """
        with self._db.alone():
            forgotten = self._table.delete(team_id=team_id, user_id=user_id, number=number)
            if forgotten and number != ALL_ACCOUNTS:
                digest_schedules.end(self._db, team_id, user_id, number, self._clock(), kept)
            elif forgotten:
                digest_schedules.begin(self._db, team_id, user_id, number, self._clock(), kept)
        return forgotten


def as_settings(preference: Preference) -> dict[str, Any]:
    """As JSON takes it."""
    until = preference.paused_until
    return {**dataclasses.asdict(preference), "paused_until": to_text(until) if until else None}


def from_settings(settings: Mapping[str, Any]) -> Preference:
    """
    What an older version of the bot did not know is as it is by default.

    Raises:
        ValueError: a setting has a value that cannot be chosen.
    """
    known = {key: value for key, value in settings.items() if key in _READERS}
    return Preference(**{key: _READERS[key](value) for key, value in known.items()})


def _object(text: str) -> dict[str, Any]:
    """
    Raises:
        ValueError: it is no JSON object.
    """
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _readable(name: str, value: Any) -> bool:
    try:
        _READERS.get(name, str)(value)
    except ValueError:
        return False
    return True


def _of(kind: type, fits: Callable[[Any], bool] = lambda _: True) -> Callable[[Any], Any]:
    """Takes values of that kind alone: JSON's `true` is no number."""

    def read(value: Any) -> Any:
        if type(value) is not kind or not fits(value):
            raise ValueError("no such setting")
        return value

    return read


def _several(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def all_of(values: Any) -> tuple[Any, ...]:
        return tuple(read(value) for value in _of(list)(values))

    return all_of


def _some(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], tuple[Any, ...]]:
    """One at least: a digest without days or times would never come."""

    def checked(values: Any) -> tuple[Any, ...]:
        found = read(values)
        if not found:
            raise ValueError("none of them")
        return found

    return checked


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = parse_time(_of(str)(value))
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _is_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text))


_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_text, _count = _of(str), _of(int, lambda count: count >= 0)
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "mode": Mode,
    "days": _some(_several(_of(int, lambda day: 0 <= day <= 6))),
    "times": _some(_several(_of(str, _is_time))),
    "zone": _text,
    "quiet_from": _of(str, lambda text: not text or _is_time(text)),
    "quiet_to": _of(str, lambda text: not text or _is_time(text)),
    "weekends": _of(bool),
    "patience_days": _count,
    "regions": _several(_text),
    "producers": _several(_text),
    "name": _text,
    "working_days": _count,
    "channel_id": _text,
    "paused_until": _moment,
}
"""By setting: how it is read. Each raises ValueError for what could not have been chosen."""
