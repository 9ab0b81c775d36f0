"""What buttons carry. Each view packs and reads its own; the packing itself is here."""

from __future__ import annotations

import json

from handlers.core.errors import BadButton, TooLong

MOST = 2000
"""Characters Slack takes as a button's value."""


def pack(*parts: str, most: int = MOST) -> str:
    value = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if len(value) > most:
        raise TooLong
    return value


def unpack(value: str, least: int = 0) -> tuple[str, ...]:
    """The parts of a packed value, of which there must be so many."""
    try:
        parts = json.loads(value)
    except ValueError as error:
        raise BadButton from error
    if not isinstance(parts, list) or len(parts) < least:
        raise BadButton
    if not all(isinstance(part, str) for part in parts):
        raise BadButton
    return tuple(parts)


def number(part: str) -> int:
    if not part.isdecimal():
        raise BadButton
    return int(part)
