"""When each person is to be told: slots of digests, and times in which nothing is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from storage import Preference
from storage.preferences import ALL


@dataclass(frozen=True)
class Slot:
    name: str
    at: datetime


def effective(preferences: Mapping[str, Preference], number: str) -> Preference:
    return preferences.get(number) or preferences.get(ALL) or Preference()


def zone(preference: Preference, slack_zone: str | None) -> ZoneInfo:
    for name in (preference.zone, slack_zone):
        if name:
            try:
                return ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")


def slots(
    preference: Preference, where: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Slot]:
    day: date = start.astimezone(where).date() - timedelta(days=1)
    while day <= end.astimezone(where).date() + timedelta(days=1):
        if day.weekday() in preference.days:
            for word in preference.times:
                local = datetime.combine(day, time.fromisoformat(word), where)
                at = local.astimezone(UTC)
                at = quiet_until(preference, where, at, instant=False) or at
                if start <= at <= end:
                    yield Slot(f"{day} {word}", at)
        day += timedelta(days=1)


def last_slot(preference: Preference, where: ZoneInfo, now: datetime) -> Slot | None:
    found = list(slots(preference, where, now - timedelta(days=8), now))
    return max(found, key=lambda slot: slot.at) if found else None


def next_slots(
    preference: Preference, where: ZoneInfo, now: datetime, count: int
) -> Iterator[Slot]:
    coming = (s for s in slots(preference, where, now, now + timedelta(days=15)) if s.at > now)
    return islice(coming, count)


def quiet_until(
    preference: Preference, where: ZoneInfo, now: datetime, *, instant: bool = True
) -> datetime | None:
    local = now.astimezone(where)
    if instant and preference.paused_until and now < preference.paused_until:
        return preference.paused_until
    if preference.quiet_from and preference.quiet_to:
        start, end = (time.fromisoformat(w) for w in (preference.quiet_from, preference.quiet_to))
        t = local.time()
        inside = start <= t < end if start <= end else t >= start or t < end
        if inside:
            day = local.date() + (timedelta(days=1) if t >= end else timedelta(0))
            return datetime.combine(day, end, where).astimezone(UTC)
    if instant and not preference.weekends and local.weekday() >= 5:
        day = local.date() + timedelta(days=7 - local.weekday())
        return datetime.combine(day, time(0), where).astimezone(UTC)
    return None


def working_days(since: datetime, now: datetime, where: ZoneInfo) -> int:
    day, count = since.astimezone(where).date(), 0
    while day < now.astimezone(where).date():
        day += timedelta(days=1)
        count += day.weekday() < 5
    return count
