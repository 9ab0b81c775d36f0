"""Stored values that cannot be read: they count as another, and can be overwritten."""

from __future__ import annotations

import logging
import threading

log = logging.getLogger(__name__)

ODD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""Errors from reading a damaged value."""
MOST = 10_000
"""Values of which it is remembered that they were logged."""


class UnreadableRow(Exception):
    """A row has a value that cannot be read, and nothing can count in its place."""


class Unreadable:
    """Logs each stored value that cannot be read once, by its place and never by what it holds."""

    def __init__(self, instead: str = "the default") -> None:
        """
        Args:
            instead: what counts in its place.
        """
        self._instead = instead
        self._logged: set[str] = set()
        self._lock = threading.Lock()

    def log(self, where: str) -> None:
        """
        Args:
            where: table, key and column.
        """
        with self._lock:
            if where in self._logged or len(self._logged) >= MOST:
                return
            self._logged.add(where)
        log.warning("%s cannot be read, and counts as %s", where, self._instead)
