"""How values stand in columns."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """A time as text: UTC and always of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def parse_time_or_none(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)


def new_id() -> str:
    """Unique over processes, and later ones sort after earlier ones."""
    return f"{time.time_ns():016x}{secrets.token_hex(4)}"
