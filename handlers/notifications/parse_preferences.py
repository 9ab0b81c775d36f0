"""When and of what people want to hear, as they write it: on a line, or in a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from handlers.notifications.errors import (
    LONGEST,
    MOST_DAYS,
    MOST_TIMES,
    BadChoice,
    BadTime,
    BadZone,
)
from storage import Mode, Preference

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = tuple(range(7))
MOST_NAMES = 8
"""All that may be chosen has room in the 2,000 characters of a button's value."""
OFF = "off"

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_NAME = re.compile(r"[\w.:@-]{1,64}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_SPAN = re.compile(r"(\d{1,2})([dw])", re.IGNORECASE)


def times(word: str) -> tuple[str, ...]:
    """
    `09:00,16:00` in order, each once.

    Raises:
        BadTime: one is none, or there are too many.
    """
    found = []
    for part in (each.strip() for each in word.split(",") if each.strip()):
        match = _TIME.fullmatch(part)
        if match is None:
            raise BadTime(part)
        found.append(f"{int(match[1]):02}:{match[2]}")
    if not 0 < len(set(found)) <= MOST_TIMES:
        raise BadTime(word)
    return tuple(sorted(set(found)))


def quiet(word: str) -> tuple[str, str]:
    """
    `22:00-07:00`, or `off` for none.

    Raises:
        BadTime: it is neither.
    """
    if word.strip().casefold() in ("", OFF):
        return "", ""
    begin, dash, end = word.partition("-")
    if not dash:
        raise BadTime(word)
    [first], [last] = times(begin)[:1], times(end)[:1]
    if first == last or "," in word:
        raise BadTime(word)
    return first, last


def zone(word: str) -> str:
    """
    An IANA name, whatever its capitals; `slack` for what Slack says.

    Raises:
        BadZone: there is none such.
    """
    wanted = word.strip().casefold().replace(" ", "_")
    if wanted in ("", "slack"):
        return ""
    known = {name.casefold(): name for name in available_timezones()}
    if wanted in known:
        return known[wanted]
    like = [name for folded, name in sorted(known.items()) if wanted in folded]
    raise BadZone(word, like[0] if like else None)


def day(word: str) -> int:
    """
    Raises:
        BadChoice: no day of the week.
    """
    for number, name in enumerate(DAYS):
        if word.casefold()[:3] == name:
            return number
    raise BadChoice("day", word, "`mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`")


def until(word: str, now: datetime) -> datetime:
    """
    The end of `3d` or `2w`.

    Raises:
        BadChoice: no such time, or longer than MOST_DAYS.
    """
    found = _SPAN.fullmatch(word)
    days = int(found[1]) * (7 if found[2].casefold() == "w" else 1) if found else 0
    if not 0 < days <= MOST_DAYS:
        raise BadChoice("snooze", word, f"`1d` to `{MOST_DAYS}d`, or `1w` to `4w`")
    return now + timedelta(days=days)


def whole(what: str, word: str, most: int) -> int:
    """
    Raises:
        BadChoice: no whole number from 0 to *most*.
    """
    if not word.isascii() or not word.isdigit() or int(word[:6]) > most:
        raise BadChoice(what, word, f"a number from 0 to {most}")
    return int(word)


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
        if not _NAME.fullmatch(part):
            raise BadChoice(what, part, "names of letters, digits and `.:_@-`, with commas between")
    found = tuple(dict.fromkeys(parts))
    if len(found) > MOST_NAMES:
        raise BadChoice(what, f"{len(found)} names", f"at most {MOST_NAMES}")
    return found


def checked(preference: Preference) -> Preference:
    """
    One that comes from outside, as it would have been typed.

    Raises:
        UserError: nobody could have chosen it so.
    """
    quiet_from, quiet_to = quiet(f"{preference.quiet_from}-{preference.quiet_to}".strip("-"))
    return replace(
        preference,
        days=tuple(sorted({EVERY[day] for day in preference.days})) or EVERY,
        times=times(",".join(preference.times)),
        zone=zone(preference.zone),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        weekends=preference.weekends is True,
        patience_days=whole("days", str(preference.patience_days), MOST_DAYS),
        regions=names("regions", preference.regions),
        producers=names("producers", preference.producers),
        name=str(preference.name)[:LONGEST],
        working_days=whole("days", str(preference.working_days), MOST_DAYS),
        channel_id=channel(preference.channel_id),
    )


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
