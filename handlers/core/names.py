"""Names that people give to images and servers, and ids of questions."""

from __future__ import annotations

import secrets

from handlers.core.errors import BadName, BeyondPlane
from handlers.core.text import clean

LAST_OF_PLANE = "\uffff"
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


def image_name(text: str) -> str:
    """
    A name for an image, as `checked_name`.

    Raises:
        BadName, BeyondPlane: the image service would refuse it.
    """
    name = checked_name(text)
    check_plane(name)
    return name


def check_plane(text: str) -> None:
    """
    Refuse what every Glance refuses in a name, a tag or a property: most emoji, among others.

    Source: glance, common/utils.py, no_4byte_params.

    Raises:
        BeyondPlane: it has a character that takes four bytes.
    """
    beyond = "".join(dict.fromkeys(char for char in text if char > LAST_OF_PLANE))
    if beyond:
        raise BeyondPlane(beyond)


def new_question_id() -> str:
    """Return a random id for a question, so that its button is accepted once."""
    return secrets.token_hex(8)
