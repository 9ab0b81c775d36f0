"""What the cloud said a moment ago, for menus that ask again at every letter."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import TTLCache

from handlers.core.replies import Option

T = TypeVar("T")

LIFE_S = 60.0
"""How long an answer is as good as a new one."""
MOST = 200_000
"""Things kept in all, whoever reads them."""
AT_ONCE = 16
"""Readings at the same time."""


class Reading(Generic[T]):
    """A list that is being read, or was. What has come of it so far can be had at any time."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self.done: Future[None] = Future()
        """Set when all is there, or with what went wrong."""

    def so_far(self) -> Sequence[T]:
        return tuple(self._items)

    def read(self, source: Callable[[], Iterable[T]]) -> None:
        for item in source():
            self._items.append(item)

    def __len__(self) -> int:
        return len(self._items)


class Cache(Generic[T]):
    """
    Lists by key, each read once at a time and kept for a minute. Thread-safe; one a process.

    A list that could not be read is forgotten at once, so that the next who asks tries again.

    Args:
        timer: seconds, as `time.monotonic` counts them.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._kept: TTLCache[Hashable, Reading[T]] = TTLCache(
            most, LIFE_S, timer, getsizeof=lambda reading: 1 + len(reading)
        )
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="menus")

    def read(self, key: Hashable, source: Callable[[], Iterable[T]]) -> Reading[T]:
        """What is kept under *key*, or what begins to be read from *source*, in a thread."""
        with self._lock:
            reading = self._kept.get(key)
            if reading is None:
                reading = Reading[T]()
                self._kept[key] = reading
                self._pool.submit(self._read, key, reading, source)
            return reading

    def _read(self, key: Hashable, reading: Reading[T], source: Callable[[], Iterable[T]]) -> None:
        try:
            reading.read(source)
        except Exception as error:  # noqa: BLE001 - whoever waits for it says it
            self._put_away(key, None)
            reading.done.set_exception(error)
        else:
            self._put_away(key, reading)
            reading.done.set_result(None)

    def _put_away(self, key: Hashable, reading: Reading[T] | None) -> None:
        """Its minute begins now, and now it is known how much room it takes."""
        with self._lock:
            self._kept.pop(key, None)
            if reading is not None:
                with suppress(ValueError):  # it alone is more than is kept
                    self._kept[key] = reading


def gathered(readings: Sequence[Reading[T]], patience_s: float) -> Sequence[T]:
    """
    What the readings have, all of it or what is there when patience ends.

    Raises:
        Whatever a reading raised, if none has anything.
    """
    done, _ = wait([reading.done for reading in readings], timeout=patience_s)
    items = [item for reading in readings for item in reading.so_far()]
    if not items:
        for each in done:
            each.result()
    return items


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose, as it is kept: what it shows, and what it is found by."""

    option: Option
    words: str
    """In lower case, what it is called first."""
    same: tuple[str, ...] = ()
    """Equal for one thing that is seen from several places."""
    own: bool = False
