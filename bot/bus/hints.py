"""Read which accounts and images a notification of Glance concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_ID = 255
"""Characters, as in Glance's own tables; anything longer is not an id."""


@dataclass(frozen=True)
class Hint:
    """Something has changed for one account, or for everyone who was invited to an image."""

    image: str
    project: str = ""
    """Whose invitation it was; "" if the image itself has changed."""


def hint_of(event_type: object, payload: object) -> Hint | None:
    """
    Read what a notification concerns, or None if it is not relevant or cannot be read.

    A member event names no owner, and an image event no members.
    """
    names = _NAMES.get(event_type) if isinstance(event_type, str) else None
    if names is None or not isinstance(payload, Mapping):
        return None
    ids = [_id(payload, each) for each in names]
    return Hint(*ids) if all(ids) else None


def _id(payload: Mapping[Any, Any], name: str) -> str:
    value = payload.get(name)
    return (
        value if isinstance(value, str) and len(value) <= LONGEST_ID and "\0" not in value else ""
    )


_MEMBER = ("image_id", "member_id")
_NAMES = {
    "image.member.create": _MEMBER,
    "image.member.update": _MEMBER,
    "image.member.delete": _MEMBER,
    "image.update": ("id",),
    "image.delete": ("id",),
}
"""The events that are listened to, with the fields of their payload that are read."""
EVENTS = frozenset(_NAMES)
