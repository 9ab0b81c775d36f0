"""A short-lived cache of cloud listings, for menus that are asked again at every letter."""

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
"""Seconds for which a listing is kept."""
MAX_ITEMS = 200_000
"""Items kept in all listings together."""
CONCURRENT_READS = 16
"""Listings read at the same time."""


class Listing(Generic[T]):
    """A list that is read in the background. The items read so far are available at any time."""

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
        """Return the listing kept under *key*, or start to read it from *source* in a thread."""
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
        except Exception as error:  # noqa: BLE001 - the request that asked reports it
            self._store(key, None)
            listing.done.set_exception(error)
        else:
            self._store(key, listing)
            listing.done.set_result(None)

    def _store(self, key: Hashable, listing: Listing[T] | None) -> None:
        """Keep it again, for its size and its age count from the end of reading."""
        with self._lock:
            self._listings.pop(key, None)
            if listing is not None:
                with suppress(ValueError):  # it alone exceeds the limit
                    self._listings[key] = listing


def collect(listings: Sequence[Listing[T]], timeout_s: float) -> Sequence[T]:
    """
    Return the items of the listings: all, or those read within *timeout_s* seconds.

    Raises:
        Exception: what a listing raised, if none has an item.
    """
    done, _ = wait([listing.done for listing in listings], timeout=timeout_s)
    items = [item for listing in listings for item in listing.so_far()]
    if not items:
        for each in done:
            each.result()
    return items


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An option of a menu, and the text that it is found by."""

    option: Option
    search_text: str
    """In lower case; its name first."""
    identity: tuple[str, ...] = ()
    """Equal for one image that several accounts see."""
    shareable: bool = False
    """Whether it is one's own image, and not one that everybody has."""
    own: bool = False
