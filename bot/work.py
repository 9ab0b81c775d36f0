"""
The bot's own hands: requests are acknowledged at once and answered here.

Bolt's own pool has five threads, and forty commands in a second would starve in it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

HANDS = 40
"""Requests answered at the same time. Nearly all of that time they wait for the cloud."""
WAITING = 400
"""Requests that may wait for a hand; more are refused politely."""


class Work:
    """A bounded queue before a pool of threads."""

    def __init__(self, hands: int = HANDS, waiting: int = WAITING, name: str = "answer") -> None:
        self._pool = ThreadPoolExecutor(max_workers=hands, thread_name_prefix=name)
        self._room = threading.BoundedSemaphore(hands + waiting)

    def take(self, task: Callable[[], None]) -> bool:
        """Have this done soon. False, at once, if there is no room or the end has come."""
        if not self._room.acquire(blocking=False):
            return False
        try:
            self._pool.submit(self._do, task)
        except RuntimeError:  # finish() was called
            self._room.release()
            return False
        return True

    def finish(self) -> None:
        """Do what was taken, and take no more."""
        self._pool.shutdown(wait=True)

    def _do(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:
            log.exception("an answer broke")
        finally:
            self._room.release()
