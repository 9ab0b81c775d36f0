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

TTL_S = 60.0
"""How long an answer is as good as a new one."""
MAX_ITEMS = 200_000
"""Things kept in all, whoever reads them."""
CONCURRENT_READS = 16
"""Readings at the same time."""


class Listing(Generic[T]):
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

    def __init__(
        self, timer: Callable[[], float] = time.monotonic, max_items: int = MAX_ITEMS
    ) -> None:
        self._listings: TTLCache[Hashable, Listing[T]] = TTLCache(
            max_items, TTL_S, timer, getsizeof=lambda listing: 1 + len(listing)
        )
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(CONCURRENT_READS, thread_name_prefix="menus")

    def read(self, key: Hashable, source: Callable[[], Iterable[T]]) -> Listing[T]:
        """What is kept under *key*, or what begins to be read from *source*, in a thread."""
        with self._lock:
            listing = self._listings.get(key)
            if listing is None:
                listing = Listing[T]()
                self._listings[key] = listing
                self._pool.submit(self._read, key, listing, source)
            return listing

    def _read(self, key: Hashable, listing: Listing[T], source: Callable[[], Iterable[T]]) -> None:
        try:
            listing.read(source)
        except Exception as error:  # noqa: BLE001 - whoever waits for it says it
            self._store(key, None)
            listing.done.set_exception(error)
        else:
            self._store(key, listing)
            listing.done.set_result(None)

    def _store(self, key: Hashable, listing: Listing[T] | None) -> None:
        """Its minute begins now, and now it is known how much room it takes."""
        with self._lock:
            self._listings.pop(key, None)
            if listing is not None:
                with suppress(ValueError):  # it alone is more than is kept
                    self._listings[key] = listing


def collect(listings: Sequence[Listing[T]], timeout_s: float) -> Sequence[T]:
    """
    What the readings have, all of it or what is there when patience ends.

    Raises:
        Whatever a reading raised, if none has anything.
    """
    done, _ = wait([listing.done for listing in listings], timeout=timeout_s)
    items = [item for listing in listings for item in listing.so_far()]
    if not items:
        for each in done:
            each.result()
    return items


@dataclass(frozen=True, slots=True)
class MenuItem:
    """Something to choose, as it is kept: what it shows, and what it is found by."""

    option: Option
    search_text: str
    """In lower case, what it is called first."""
    identity: tuple[str, ...] = ()
    """Equal for one thing that is seen from several places."""
    own: bool = False
