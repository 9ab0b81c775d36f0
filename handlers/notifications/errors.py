"""Errors in notification preferences, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import UserError
from handlers.ui.blocks import code, listed, named, typed
from handlers.ui.error_words import words

WORKING_DAYS = tuple(range(5))
"""Days of the week; Monday is 0."""
MAX_TIMES, MAX_DAYS = 6, 30
MAX_CONTACT_DAYS = 90
"""Days until a second contact is notified."""
MAX_NAME_FILTER = 80
"""Characters of a filter on names."""


@dataclass(eq=False)
class BadTime(UserError):
    """No time of day, or more of them than a day may have."""

    word: str


@words.register
def _(error: BadTime) -> str:
    return (
        f"{typed(error.word)} is not a time of day. Write `09:00` or `9am`, several as "
        f"`09:00,16:00` (up to {MAX_TIMES}), and quiet hours as `22:00-07:00` or `off`."
    )


@dataclass(eq=False)
class BadZone(UserError):
    """No time zone, or several that the word may mean."""

    word: str
    meant: Sequence[str]


@words.register
def _(error: BadZone) -> str:
    return (
        f"{typed(error.word)} is not a time zone that I know."
        + (f" Did you mean {listed([code(m) for m in error.meant], 'or')}?" if error.meant else "")
        + " Name a city, as in `Zurich` or `Europe/Zurich`, or `slack` for your Slack time zone."
    )


@dataclass(eq=False)
class BadChoice(UserError):
    """A word that is not allowed here; *allowed* lists them."""

    what: str
    word: str
    allowed: str


@words.register
def _(error: BadChoice) -> str:
    return (
        f"{named(error.what)} cannot be {typed(error.word) if error.word else 'empty'}. "
        f"Use {error.allowed}."
    )
