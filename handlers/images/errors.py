"""What a person can put right about looking at images, with the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import UserError
from handlers.ui.blocks import listed
from handlers.ui.error_words import words


@dataclass(eq=False)
class OnlyOne(UserError):
    """Options that exclude each other were given together."""

    options: Sequence[str]


@words.register
def _(error: OnlyOne) -> str:
    return f"Give only one of {listed([f'`--{o}`' for o in error.options])}."
