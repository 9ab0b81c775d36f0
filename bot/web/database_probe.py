"""Probe the database, with an answer in a moment even if it hangs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

WAIT_S = 0.5
"""How long a query may take. A probe that comes meanwhile waits for the rest of it."""


class DatabaseProbe(Generic[T]):
    """
    One question at a time, asked by a thread of its own.

    A question that is not answered in time is not asked again before it has ended: so a database
    that is frozen holds this one thread, however often it is probed.
    """

    def __init__(self, question: Callable[[], T]) -> None:
        self._question = question
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="database-probe")
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None
        self._until = 0.0

    def answer(self) -> T | None:
        """Return the answer; None if it does not come in time, or is an error."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = self._pool.submit(self._question)
                self._until = time.monotonic() + WAIT_S
            asked, left = self._asked, self._until - time.monotonic()
        try:
            return asked.result(max(left, 0))
        except TimeoutError:
            log.warning("the database does not answer in time")
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no answer
            log.warning("the database cannot be queried: %s", type(error).__name__)
        return None
