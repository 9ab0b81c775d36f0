"""Parse notification preferences, as people write them in a command or a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from handlers.core import clock_times, spans, zones
from handlers.core.lists import STOPS, listed
from handlers.core.numbers import account_number, other_script
from handlers.core.suggestions import closest
from handlers.notifications.errors import (
    MAX_DAYS,
    MAX_NAME_FILTER,
    MAX_TIMES,
    WORKING_DAYS,
    BadChoice,
    BadTime,
    BadZone,
)
from storage import Mode, Preference

EVERY_DAY = tuple(range(7))
MAX_NAMES = 8
"""All that may be chosen has room in the 2,000 characters of a button's value."""
OFF = "off"

DAY_NAMES = "`mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`"

_SEVERAL = {
    **dict.fromkeys(("daily", "day", "everyday"), EVERY_DAY),
    **dict.fromkeys(("weekdays", "weekday", "workdays", "workday"), WORKING_DAYS),
    **dict.fromkeys(("weekends", "weekend"), (5, 6)),
}
_FILLERS = frozenset({"at", "on", "every", "each", "weekly", "the", "o'clock"})
_BEGINNINGS = frozenset({"every", "each", "weekly", *_SEVERAL})
_HALF = re.compile(r"(?<=[0-9]) ([ap]\.?m\b)", re.IGNORECASE)
"""The half of the day after a space."""
_NAME = re.compile(r"[\w.:@-]{1,64}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")


def times(text: str) -> tuple[str, ...]:
    """
    `09:00,16:00` or `9am and 4pm` in order, each once.

    Raises:
        BadTime: one is no time of day, or there are too many.
    """
    parts = listed(_HALF.sub(r"\1", text).split())
    found = {clock_times.time_of_day(part) for part in parts}
    if None in found or not 0 < len(found) <= MAX_TIMES:
        raise BadTime(text)
    return tuple(sorted(each.replace(clock_times.END, "00:00") for each in found if each))


def schedule(words: Sequence[str], before: Preference) -> Preference | None:
    """
    Return digests on the days and at the times given; None if the words give neither.

    Without times they come at those that were chosen before.

    Raises:
        BadTime, BadChoice: a word is no day and no time.
    """
    parts = listed(_HALF.sub(r"\1", " ".join(words).casefold()).split())
    if not parts or (parts[0] not in _BEGINNINGS and not _days(parts[0])):
        return None
    days: set[int] = set()
    clock: list[str] = []
    for part in (each for each in parts if each not in _FILLERS):
        found = _days(part)
        days.update(found)
        clock += [] if found else [part]
    on = tuple(sorted(days))
    for part in clock:
        _on_a_day(part, on)
    if not days:
        raise BadChoice("day", "", DAY_NAMES)
    return with_digests(before, on, times(" ".join(clock)) if clock else before.times)


def _days(part: str) -> tuple[int, ...]:
    return _SEVERAL.get(part) or clock_times.day_range(part) or ()


def _on_a_day(part: str, on: tuple[int, ...]) -> None:
    """
    Raises:
        BadChoice: a word among days and times looks like a misspelt day.

        BadTime: it is the end of a day, and so belongs to the next.
    """
    if part.isalpha() and clock_times.time_of_day(part) is None:
        near = closest(part, clock_times.DAYS)
        raise BadChoice("day", part, f"`{near}`, for instance" if near else DAY_NAMES)
    if clock_times.time_of_day(part) == clock_times.END and on != EVERY_DAY:
        raise BadTime(part)


def quiet_hours(word: str) -> tuple[str, str]:
    """
    `22:00-07:00` or `10pm to 7am`, or `off` for none.

    Raises:
        BadTime: it is neither.
    """
    if word.strip().casefold() in ("", OFF):
        return "", ""
    found = clock_times.time_range(word)
    if found is None or found[0] == found[1]:
        raise BadTime(word)
    return found


def zone(word: str) -> str:
    """
    An IANA name, or the city's in it; `slack` for what Slack says.

    Raises:
        BadZone: no zone is called so, or several are.
    """
    if word.strip().casefold() in ("", "slack"):
        return ""
    found = zones.zone(word)
    if found is None:
        raise BadZone(word, zones.candidates(word))
    return found


def until(text: str, now: datetime) -> datetime:
    """
    The end of `3d`, `2 weeks` or `for 3 days`.

    Raises:
        BadChoice: no such time, or longer than MOST_DAYS.
    """
    days = spans.days(text.removeprefix("for ").rstrip(STOPS)) if not text.isdecimal() else None
    if days is None or not 0 < days <= MAX_DAYS:
        raise BadChoice("snooze", text, f"`1d` to `{MAX_DAYS}d`, or `1w` to `4w`")
    return now + timedelta(days=days)


def whole_number(what: str, word: str, maximum: int) -> int:
    """
    A count of days, as `2` or `2 days`.

    Raises:
        BadChoice: no whole number from 0 to *maximum*.
    """
    days = spans.days(word)
    if days is None or days > maximum:
        raise BadChoice(what, word, f"a number from 0 to {maximum}")
    return days


def names(what: str, words: Sequence[str]) -> tuple[str, ...]:
    """
    Regions or account numbers, each once; `all` for no limit.

    Raises:
        BadChoice: one cannot be such a name, or there are more than MOST_NAMES.
    """
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    if any(part.casefold() == "all" for part in parts):
        return ()
    for part in parts:
        if not _NAME.fullmatch(part) or other_script(part):
            raise BadChoice(what, part, "names of letters, digits and `.:_@-`, with commas between")
    found = tuple(dict.fromkeys(map(account_number, parts)))
    if len(found) > MAX_NAMES:
        raise BadChoice(what, f"{len(found)} names", f"up to {MAX_NAMES}")
    return found


def validate(preference: Preference) -> Preference:
    """
    One that comes from outside, as it would have been typed.

    Raises:
        UserError: nobody could have chosen it so.
    """
    quiet_from, quiet_to = quiet_hours(f"{preference.quiet_from}-{preference.quiet_to}".strip("-"))
    at = times(",".join(preference.times))
    if at != preference.times:
        raise BadTime(",".join(preference.times))
    return replace(
        preference,
        days=tuple(sorted({EVERY_DAY[day] for day in preference.days})) or EVERY_DAY,
        times=at,
        zone=_as_saved(preference.zone),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        weekends=preference.weekends is True,
        patience_days=whole_number("days", str(preference.patience_days), MAX_DAYS),
        regions=names("regions", preference.regions),
        producers=names("producers", preference.producers),
        name=str(preference.name)[:MAX_NAME_FILTER],
        working_days=whole_number("days", str(preference.working_days), MAX_DAYS),
        channel_id=channel(preference.channel_id),
    )


def _as_saved(name: str) -> str:
    """A zone that was chosen once, even if it would not be understood today."""
    return name if name in available_timezones() else zone(name)


def channel(channel_id: str) -> str:
    """
    Slack's id of one, or "" for none.

    Raises:
        BadChoice: it is no such id.
    """
    if channel_id and not _CHANNEL.fullmatch(channel_id):
        raise BadChoice("channel", channel_id, "a channel that I can be invited to")
    return channel_id


def with_digests(preference: Preference, days: tuple[int, ...], at: tuple[str, ...]) -> Preference:
    """Digests on those days at those times; what comes at once stays as it was."""
    mode = Mode.BOTH if preference.mode.instant else Mode.DIGEST
    return replace(preference, mode=mode, days=days, times=at, paused_until=None)
