"""
For how long something is shared, and what can go wrong when that is said or extended.

The words are in views/expiries.py.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.core.errors import UserError

LEAST, MOST = timedelta(hours=1), timedelta(days=365)

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPAN = re.compile(r"(\d{1,4})([hdw])", re.ASCII | re.IGNORECASE)


class BadSpan(UserError):
    """The word is no time for which something can be shared."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class ShareOver(UserError):
    """There is nothing to extend: the time is over, or the share was ended by hand."""

    def __init__(self, name: str, image_id: str, number: str, span: timedelta | None) -> None:
        super().__init__(f"{image_id} with {number}")
        self.name, self.image_id, self.number, self.span = name, image_id, number, span
        """The span is that of the share, if it is still known."""


class NoEnd(UserError):
    """There is nothing to extend: the share lasts until somebody ends it."""

    def __init__(self, name: str, number: str) -> None:
        super().__init__(number)
        self.name, self.number = name, number


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
