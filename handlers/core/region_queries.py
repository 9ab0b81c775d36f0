"""Ask several regions at once, of one account or more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from cloud import Connection, asking_for
from cloud.errors import CloudError, Unavailable
from cloud.reference import carried
from handlers.core.errors import Trouble, UserError
from handlers.core.places import AccountRegion
from storage import Account

T = TypeVar("T")

CONCURRENT_REGIONS = 8
"""Regions asked at the same time for one answer."""
REGIONS_TIMEOUT_S = 20.0
"""Seconds after which an answer goes out without the regions that are still silent."""
REGION_REQUESTS = 24
"""Requests of people that may wait for one region at the same time."""
SLOT_S = 2.0
"""Seconds that another one waits to be one of them, before it is answered without the region."""


@dataclass(frozen=True)
class RegionResults(Generic[T]):
    """The answers of several regions, and the errors of those that failed."""

    results: Sequence[tuple[AccountRegion, T]]
    troubles: Sequence[Trouble] = ()

    def or_raise(self) -> RegionResults[T]:
        """Return these results; raise the first error if every region failed."""
        if self.troubles and not self.results:
            raise self.troubles[0].error
        return self


class RegionSlots:
    """
    Bounds how many requests wait for one region, so that a region that hangs cannot take all the
    threads that answer. Thread-safe; one a process.
    """

    def __init__(self, most: int = REGION_REQUESTS, wait_s: float = SLOT_S) -> None:
        self._wait_s = wait_s
        self._slots: dict[tuple[str, str], BoundedSemaphore] = defaultdict(
            lambda: BoundedSemaphore(most)
        )
        self._lock = Lock()

    @contextmanager
    def taken(self, place: AccountRegion) -> Iterator[None]:
        """
        Raises:
            Unavailable: too many wait for this region already.
        """
        with self._lock:
            slots = self._slots[place.account.cloud, place.region]
        if not slots.acquire(timeout=self._wait_s):
            raise Unavailable("too many requests wait for it already")
        try:
            yield
        finally:
            slots.release()


def query_regions(
    places: Sequence[AccountRegion],
    connect: Callable[[Account], Connection],
    call: Callable[[Connection, str], T],
    timeout_s: float,
    slots: RegionSlots,
) -> RegionResults[T]:
    """
    Call every region in parallel; the error of one does not affect the others.

    Args:
        connect: opens an account's connection, once per account, here and not in the threads: it
            may read the store.

        timeout_s: seconds after which regions that have not answered count as Unavailable.

        slots: what may wait for each region.
    """
    connections, troubles = _connections(places, connect)
    reachable = [place for place in places if place.account.id in connections]
    pool = ThreadPoolExecutor(max_workers=CONCURRENT_REGIONS, thread_name_prefix="regions")

    def ask(place: AccountRegion) -> T:
        with slots.taken(place), asking_for(timeout_s):
            return call(connections[place.account.id], place.region)

    tasks = [(place, pool.submit(carried(partial(ask, place)))) for place in reachable]
    wait([task for _, task in tasks], timeout=timeout_s)
    pool.shutdown(wait=False, cancel_futures=True)
    return _collect(tasks, troubles)


def _connections(
    places: Sequence[AccountRegion], connect: Callable[[Account], Connection]
) -> tuple[Mapping[str, Connection], list[Trouble]]:
    connections: dict[str, Connection] = {}
    troubles: list[Trouble] = []
    for place in places:
        if place.account.id not in connections:
            try:
                connections[place.account.id] = connect(place.account)
            except UserError as error:
                troubles.append(Trouble(place.account.project_id, place.region, error))
    return connections, troubles


def _collect(
    tasks: Sequence[tuple[AccountRegion, Future[T]]], troubles: list[Trouble]
) -> RegionResults[T]:
    results: list[tuple[AccountRegion, T]] = []
    for place, task in tasks:
        try:
            results.append((place, _result(task)))
        except (CloudError, UserError) as error:
            troubles.append(Trouble(place.account.project_id, place.region, error))
    return RegionResults(results, troubles)


def _result(task: Future[T]) -> T:
    if not task.done() or task.cancelled():
        raise Unavailable("no answer in time")
    return task.result()
