"""Times of day and days of the week as people write them: `9am`, `22-7`, `mon-fri`."""

from __future__ import annotations

import re

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
END = "24:00"
"""The end of a day, which is the beginning of the next."""
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?h?(?: ?([ap])\.?m\.?)?")
_TO = re.compile(r" ?[-–—] ?| (?:to|till|until) ")
_JOINT = re.compile(r"[-–—]|to|till|until|[ap]\.?m\.?", re.IGNORECASE)
_FEWEST = 3
"""Letters of a day's name."""


def time_of_day(text: str) -> str | None:
    """As the clock shows it, `09:00`; `24:00` for the end of a day, None if it is not a time."""
    word = text.strip().lower()
    found = _TIME.fullmatch(word)
    if word in _NAMED or found is None:
        return _NAMED.get(word)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    if minute >= 60 or hour * 60 + minute > 24 * 60:
        return None
    return f"{hour:02}:{minute:02}"


def time_range(text: str) -> tuple[str, str] | None:
    """
    From when to when, as `22:00-07:00`, `22-7` or `10pm to 7am`; None if it is not that.

    `9-5pm` may mean either half of the day, and so is refused.
    """
    ends = [time_of_day(part) for part in _TO.split(text.strip().lower())]
    match ends:
        case [str(begin), str(end)] if not _lacks_half_of_day(text):
            return begin, end.replace(END, "00:00")
    return None


def day(text: str) -> int | None:
    """The day of the week, Monday being 0: `mon`, `Tues`, `fridays`; None if it is no day."""
    word = text.lower()
    for number, name in enumerate(DAYS):
        if len(word) >= _FEWEST and (f"{name}s".startswith(word) or word == f"{name[:3]}s"):
            return number
    return None


def day_range(text: str) -> tuple[int, ...] | None:
    """A day, or all from one to another: `mon-fri`; None if it is neither."""
    numbers = [day(part) for part in re.split("[-–—]", text)]
    match numbers:
        case [int(one)]:
            return (one,)
        case [int(first), int(last)]:
            return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
    return None


def continues_range(value: str, word: str) -> bool:
    """Whether a word belongs to the range of times that was begun before it: `22`, `to`, `7`."""
    open_ = bool(_JOINT.fullmatch(value.split()[-1])) and value.split()[-1].lower()[-1] != "m"
    joins = bool(_JOINT.fullmatch(word)) or word.startswith(("-", "–"))
    return open_ or joins or value.endswith("-")


def _lacks_half_of_day(text: str) -> bool:
    """Whether the end names morning or afternoon, and the start lacks it."""
    begin, *_, end = _TO.split(text.strip().lower())
    unsure = begin.isdecimal() and int(begin) <= 12
    return unsure and end.rstrip(".").endswith("m") and end not in _NAMED
