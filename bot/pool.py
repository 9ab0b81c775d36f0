"""
The bot's own workers: requests are acknowledged at once and answered here.

Bolt's own pool has five threads, and forty commands in a second would starve in it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

WORKERS = 40
"""Requests answered at the same time. Nearly all of that time they wait for the cloud."""
WAITING = 400
"""Requests that may wait for a hand; more are refused politely."""


class RequestPool:
    """A bounded queue before a pool of threads."""

    def __init__(
        self, workers: int = WORKERS, waiting: int = WAITING, name: str = "answer"
    ) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        self._room = threading.BoundedSemaphore(workers + waiting)

    def take(self, task: Callable[[], None]) -> bool:
        """
        Queue a task.

        Returns:
            False, at once, if the queue is full or the pool is finishing.
        """
        if not self._room.acquire(blocking=False):
            return False
        try:
            self._pool.submit(self._do, task)
        except RuntimeError:  # finish() was called
            self._room.release()
            return False
        return True

    def finish(self) -> None:
        """Do the queued tasks, and take no more."""
        self._pool.shutdown(wait=True)

    def _do(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:
            log.exception("an answer broke")
        finally:
            self._room.release()


class Handover(Generic[T]):
    """
    Pass a result to a thread that waits for it for a limited time.

    Either the waiting thread takes the result in time, or the giver learns that it did not.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._result: T | None = None
        self._left = False

    def give(self, result: T) -> bool:
        """Pass the result on. Return False if the other thread has stopped waiting."""
        with self._changed:
            self._result = result
            self._changed.notify()
            return not self._left

    def wait(self, seconds: float) -> T | None:
        """
        Wait for the result.

        Args:
            seconds: how long at most.

        Returns:
            The result; None if it did not come in time: then `give` returns False.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._result is not None, seconds)
            self._left = self._result is None
            return self._result
