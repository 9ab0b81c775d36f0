"""
What can go wrong when people say when and of what they want to hear.

The words are in views/preferences.py.
"""

from __future__ import annotations

from handlers.core.errors import UserError

WORKING = tuple(range(5))
"""Days of the week; Monday is 0."""
MOST_TIMES, MOST_DAYS = 6, 30
LONGEST = 80
"""Characters of a word that names are to hold."""


class BadTime(UserError):
    """No time of day, or more of them than a day may have."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class BadZone(UserError):
    """No IANA time zone."""

    def __init__(self, word: str, suggestion: str | None) -> None:
        super().__init__(word)
        self.word, self.suggestion = word, suggestion


class BadChoice(UserError):
    """A word that is none of those that may stand there."""

    def __init__(self, what: str, word: str, allowed: str) -> None:
        super().__init__(f"{what} {word}")
        self.what, self.word, self.allowed = what, word, allowed
