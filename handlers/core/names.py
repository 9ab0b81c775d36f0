"""Names that people give to images and servers, and ids of questions."""

from __future__ import annotations

import secrets

from handlers.core.errors import BadName
from handlers.core.text import clean

MAX_NAME_LENGTH = 255
"""Characters of an image's name, and of a server's."""


def checked_name(text: str) -> str:
    """
    A name for an image or a server, without what nobody sees.

    Raises:
        BadName: nothing is left of it, or it is too long.
    """
    name = clean(text)
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        raise BadName(MAX_NAME_LENGTH)
    return name


def new_question_id() -> str:
    """Return a random id for a question, so that its button is accepted once."""
    return secrets.token_hex(8)
