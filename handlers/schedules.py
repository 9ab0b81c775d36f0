"""When and of what people want to hear, as they write it: on a line, or in a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from handlers.daytimes import MOST_DAYS, MOST_TIMES, BadChoice, BadTime, BadZone
from storage import Mode, Preference

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = tuple(range(7))
MOST_NAMES = 10
OFF = "off"

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
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


def names(words: Sequence[str]) -> tuple[str, ...]:
    """Each once; `all` for no limit."""
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    if any(part.casefold() == "all" for part in parts):
        return ()
    return tuple(dict.fromkeys(parts[:MOST_NAMES]))


def with_digests(preference: Preference, days: tuple[int, ...], at: tuple[str, ...]) -> Preference:
    """Digests on those days at those times; what comes at once stays as it was."""
    mode = Mode.BOTH if preference.mode.instant else Mode.DIGEST
    return replace(preference, mode=mode, days=days, times=at, paused_until=None)
