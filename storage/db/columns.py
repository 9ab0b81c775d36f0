"""How values stand in columns."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A time as text: UTC and always of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def new_id() -> str:
    """Unique over processes, and later ones sort after earlier ones."""
    return f"{time.time_ns():016x}{secrets.token_hex(4)}"
