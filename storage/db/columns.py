"""How values stand in columns."""

from __future__ import annotations

import re
import secrets
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit


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


_VERSION = re.compile(r"(/v\d+(\.\d+)?)?/*$")


def site(address: str) -> str:
    """
    One cloud, by whatever version of its Identity service one logs in.

    Or the same account, linked by v2.0 and by v3, would be two, with an admin each.
    """
    parts = urlsplit(address)
    path = _VERSION.sub("", parts.path)
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, "", ""))
