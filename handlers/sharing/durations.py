"""
Parse for how long an image is shared.

The words of its errors are in `errors.py`.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.core import spans
from handlers.sharing.errors import BadSpan

MIN_DURATION, MAX_DURATION = timedelta(hours=1), timedelta(days=365)


def parse_duration(word: str) -> timedelta:
    """
    `12h`, `7 days` or `a week` as a time: whole hours, days or weeks.

    Raises:
        BadSpan: anything else, less than an hour or more than a year.
    """
    length = spans.span(word)
    if length is None or not MIN_DURATION <= length <= MAX_DURATION:
        raise BadSpan(word)
    return length
