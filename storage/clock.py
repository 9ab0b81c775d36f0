"""The clock, passed in so that a test can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)
