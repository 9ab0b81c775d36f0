"""The workers that move transfers on, apart from the ticks: a stream may keep one for hours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

WORKERS = 8
"""Transfers moved at the same time by one process."""
STREAMS = 4
"""Of these, how many may copy bytes; the others are left to those that only look and wait."""


class TransferPool:
    """A pool that knows how many of its workers are free. Thread-safe."""

    def __init__(self, workers: int = WORKERS, streams: int = STREAMS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="move")
        self._streams = threading.BoundedSemaphore(streams)
        self._lock = threading.Lock()
        self._free = workers

    @property
    def free(self) -> int:
        """Number of free workers; below 0 if tasks are queued."""
        with self._lock:
            return self._free

    def take(self, task: Callable[[], None]) -> Future[None]:
        """
        Run a task as soon as a worker is free.

        Raises:
            RuntimeError: after `finish`.
        """
        self._count(-1)
        try:
            return self._pool.submit(self._do, task)
        except RuntimeError:
            self._count(1)
            raise

    @contextmanager
    def streaming(self) -> Iterator[bool]:
        """
        Reserve one of the streams for the block. Yield False if all are in use: then copy no bytes.
        """
        taken = self._streams.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._streams.release()

    def finish(self) -> None:
        """
        Finish the tasks taken, and take no more.

        Queued tasks are not cancelled: they see that the program stops, and release their claims.
        """
        self._pool.shutdown(wait=True)

    def _do(self, task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            self._count(1)

    def _count(self, more: int) -> None:
        with self._lock:
            self._free += more
