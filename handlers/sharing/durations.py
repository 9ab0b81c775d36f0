"""
For how long something is shared, and what can go wrong when that is said or extended.

The words are in views/expiries.py.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.sharing.errors import BadSpan

LEAST, MOST = timedelta(hours=1), timedelta(days=365)

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPAN = re.compile(r"(\d{1,4})([hdw])", re.ASCII | re.IGNORECASE)


def parse_duration(word: str) -> timedelta:
    """
    `12h`, `7d` or `2w` as a time: whole hours, days or weeks.

    Raises:
        BadSpan: anything else, less than an hour or more than a year.
    """
    found = _SPAN.fullmatch(word)
    if found is None:
        raise BadSpan(word)
    length = int(found[1]) * _UNITS[found[2].lower()]
    if not LEAST <= length <= MOST:
        raise BadSpan(word)
    return length
