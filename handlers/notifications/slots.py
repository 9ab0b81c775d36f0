"""
Compute when each person is notified: slots of digests, and quiet hours.

Wall-clock times in, aware datetimes out. Pure: every function takes the current time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from storage import ALL_ACCOUNTS, Preference, Slot

LOOK_AHEAD = timedelta(days=15)
"""How far ahead to look for slots: every preference has one within a week."""
FURTHEST = timedelta(days=9)
"""The farthest that one can be: quiet hours end within a day."""


def effective_preference(preferences: Mapping[str, Preference], number: str) -> Preference:
    """The preference of an account: its own, else that of all, else what nobody has changed."""
    return preferences.get(number) or preferences.get(ALL_ACCOUNTS) or Preference()


def zone_of(preference: Preference, slack_zone: str | None) -> ZoneInfo:
    """The zone that was chosen, else Slack's; UTC if there is no such zone."""
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
    """
    The slots between these moments, both included, in order.

    One that falls into quiet hours comes when they end. Several that come at one moment, as those
    do that fell into the same quiet hours, are one, by the name of the first.
    """
    known: set[datetime] = set()
    for slot in sorted(_wall_clock_slots(preference, where, start, end), key=lambda each: each.at):
        if slot.at not in known:
            known.add(slot.at)
            yield slot


def _wall_clock_slots(
    preference: Preference, where: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Slot]:
    """Each day and time of the wall clock that comes between these moments."""
    day = start.astimezone(where).date() - timedelta(days=1)
    while day <= end.astimezone(where).date() + timedelta(days=1):
        for word in preference.times if day.weekday() in preference.days else ():
            at = after_quiet(preference, where, _to_utc(day, time.fromisoformat(word), where))
            if start <= at <= end:
                yield Slot(f"{day} {word}", at)
        day += timedelta(days=1)


def next_slots(
    preference: Preference, where: ZoneInfo, now: datetime, count: int
) -> Iterator[Slot]:
    """So many slots after now."""
    coming = (slot for slot in slots(preference, where, now, now + LOOK_AHEAD) if slot.at > now)
    return islice(coming, count)


def quiet_until(preference: Preference, where: ZoneInfo, now: datetime) -> datetime | None:
    """Return when an instant notification may be sent; None if it may be now."""
    if preference.paused_until and now < preference.paused_until:
        return preference.paused_until
    if (until := after_quiet(preference, where, now)) > now:
        return until
    local = now.astimezone(where)
    if not preference.weekends and local.weekday() >= _SATURDAY:
        monday = local.date() + timedelta(days=7 - local.weekday())
        return _to_utc(monday, time(0), where)
    return None


def after_quiet(preference: Preference, where: ZoneInfo, at: datetime) -> datetime:
    """The first moment from then on at which the clocks there show no quiet hours."""
    return _quiet_hours_end(preference, where, at) or at


def working_days(since: datetime, now: datetime, where: ZoneInfo) -> int:
    """Count the days from Monday to Friday that have begun since then."""
    day, count = since.astimezone(where).date(), 0
    while day < now.astimezone(where).date():
        day += timedelta(days=1)
        count += day.weekday() < _SATURDAY
    return count


_SATURDAY = 5


def _quiet_hours_end(preference: Preference, where: ZoneInfo, now: datetime) -> datetime | None:
    """When the clocks show the end of the quiet hours that hold now; they may go over midnight."""
    if not (preference.quiet_from and preference.quiet_to):
        return None
    begin, end = time.fromisoformat(preference.quiet_from), time.fromisoformat(preference.quiet_to)
    local = now.astimezone(where)
    clock = local.time()
    within = begin <= clock < end if begin <= end else clock >= begin or clock < end
    if not within:
        return None
    day = local.date() + (timedelta(days=1) if clock >= end else timedelta(0))
    first = _to_utc(day, end, where)
    if first > now:
        return first
    return datetime.combine(day, end, where).replace(fold=1).astimezone(UTC)  # shown once more


def _to_utc(day: date, clock: time, where: ZoneInfo) -> datetime:
    """
    When the clocks there show that: the first time if twice, the first moment after if never.

    Of a time that clocks leave out, the two readings lie on either side of the change.
    """
    local = datetime.combine(day, clock, where)
    at = local.astimezone(UTC)
    if at.astimezone(where).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    moment = local.replace(fold=1).astimezone(UTC)
    before = moment.astimezone(where).utcoffset()
    while moment < at and moment.astimezone(where).utcoffset() == before:
        moment += timedelta(minutes=1)
    return moment
