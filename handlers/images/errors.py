"""Errors about viewing images that a person can correct, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.core.errors import UserError
from handlers.ui.blocks import code, date, listed, named
from handlers.ui.error_words import words


@dataclass(eq=False)
class OnlyOne(UserError):
    """Options that exclude each other were given together."""

    options: Sequence[str]


@words.register
def _(error: OnlyOne) -> str:
    return f"Use only one of {listed([f'`--{o}`' for o in error.options])}."


@dataclass(eq=False)
class NoLongerShared(UserError):
    """The image was shared with an account of the person, and is no longer."""

    name: str
    owner: str
    """Number of the account that had shared it."""
    number: str
    """Number of the account that it was shared with."""
    ended_at: datetime | None = None


@words.register
def _(error: NoLongerShared) -> str:
    until = f" until {date(error.ended_at)}" if error.ended_at else ""
    return (
        f"{named(error.name)} was shared by {code(error.owner)} with {code(error.number)}{until}. "
        "It was unshared, made private or deleted since. Ask its owner to share it again."
    )
