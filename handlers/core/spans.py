"""Lengths of time as people write them: `12h`, `7 days`, `a week`, `3 days ago`."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), timedelta(weeks=1)),
}
_SPAN = re.compile(r"([0-9]{1,4}|an?|one)( ?)([a-z]+)")
_COUNT = re.compile(r"[0-9]{1,4}|an?|one")
_ONE = ("a", "an", "one")
AGO = "ago"


def span(text: str) -> timedelta | None:
    """Whole hours, days or weeks; None if it is no such time."""
    found = _SPAN.fullmatch(text.lower())
    if found is None or found[3] not in _UNITS or (found[1] in _ONE and not found[2]):
        return None
    return (1 if found[1] in _ONE else int(found[1])) * _UNITS[found[3]]


def days(text: str) -> int | None:
    """Whole days, which a bare number means, too; None if it is no such time."""
    length = span(f"{text}d" if text.isdecimal() else text)
    return length.days if length is not None and length == timedelta(days=length.days) else None


def hours(text: str) -> int | None:
    """Whole hours, which a bare number means, too; None if it is no such time."""
    length = span(f"{text}h" if text.isdecimal() else text)
    return None if length is None else int(length / timedelta(hours=1))


def continues_range(value: str, word: str) -> bool:
    """Whether a word belongs to the time that was begun before it: `7`, then `days`."""
    if word.lower() == AGO:
        return span(value) is not None
    return bool(_COUNT.fullmatch(value.lower())) and word.lower() in _UNITS
