"""All that a handler may use: what is remembered, the cloud, and the time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cloud import Clouds, Connection, Credentials, Images
from cloud.errors import CloudError, NoSuchRegion, Unavailable
from handlers import access
from handlers.cache import Cache
from handlers.errors import LostCredentials, Trouble, UnderWay, UserError
from handlers.requests import Person
from handlers.views.menus import Item
from storage import Account, Store
from storage.clock import Clock
from storage.errors import Sealed

T = TypeVar("T")
log = logging.getLogger(__name__)

AT_ONCE = 8
"""Regions asked at the same time for one answer."""
PATIENCE = 45.0
"""Seconds after which an answer goes out without the regions that are still silent."""
CLAIM = 60.0
"""Seconds after which an action that never ended may be tried again."""


@dataclass(frozen=True)
class Place:
    """One region of one linked account: where a question is asked."""

    account: Account
    region: str


@dataclass(frozen=True)
class Gathered(Generic[T]):
    """What several places answered, and which of them could not."""

    results: Sequence[tuple[Place, T]]
    troubles: Sequence[Trouble] = ()

    def checked(self) -> Gathered[T]:
        """Itself, unless every place failed: then there is no answer but the first error."""
        if self.troubles and not self.results:
            raise self.troubles[0].error
        return self


@dataclass(frozen=True)
class Services:
    store: Store
    clouds: Clouds
    clock: Clock
    public_url: str = ""
    """Where people reach the bot's own pages; "" if it was not told."""
    menus: Cache[Item] = field(default_factory=Cache, repr=False)
    """What menus have read a moment ago."""

    def accounts_of(self, person: Person) -> Sequence[Account]:
        """The person's linked accounts, the default one first."""
        return access.accounts_of(person, self.store)

    def account_of(self, person: Person) -> Account:
        """The person's default account: the one linked last."""
        return self.accounts_of(person)[0]

    def account(self, person: Person, account_id: str) -> Account:
        """The account a button speaks of, if the person may use it."""
        return access.account_by_id(person, account_id, self.store)

    def credentials(self, account: Account) -> Credentials:
        """
        Raises:
            LostCredentials: the bot's secret key was changed.
        """
        try:
            sealed = self.store.accounts.credentials(account.id)
        except Sealed as error:
            log.warning("credentials of account %s cannot be unsealed", account.id)
            raise LostCredentials(account.project_id) from error
        return Credentials.from_json(sealed)

    def connection(self, account: Account) -> Connection:
        return self.clouds.connect(self.credentials(account))

    def images(self, account: Account, region: str) -> Images:
        return self.connection(account).images(region)

    def in_regions(
        self,
        places: Sequence[Place],
        call: Callable[[Images], T],
        *,
        patience: float = PATIENCE,
    ) -> Gathered[T]:
        """Ask the images of every place, as `in_places` does."""
        return self.in_places(
            places, lambda connection, region: call(connection.images(region)), patience=patience
        )

    def in_places(
        self,
        places: Sequence[Place],
        call: Callable[[Connection, str], T],
        *,
        patience: float = PATIENCE,
    ) -> Gathered[T]:
        """
        Ask every place at once; one region's trouble does not silence the others.

        The store is read here and not in the threads, which know only the cloud.
        """
        connections, troubles = self._connections(places)
        reachable = [place for place in places if place.account.id in connections]
        pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="regions")
        tasks = [
            (place, pool.submit(call, connections[place.account.id], place.region))
            for place in reachable
        ]
        wait([task for _, task in tasks], timeout=patience)
        pool.shutdown(wait=False, cancel_futures=True)
        return _sorted_out(tasks, troubles)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Do this nowhere else at the same time: a double click ends here."""
        if not self.store.once.claim(key, CLAIM):
            raise UnderWay
        try:
            yield
        finally:
            self.store.once.release(key)

    def _connections(
        self, places: Sequence[Place]
    ) -> tuple[Mapping[str, Connection], list[Trouble]]:
        connections: dict[str, Connection] = {}
        troubles: list[Trouble] = []
        for place in places:
            if place.account.id not in connections:
                try:
                    connections[place.account.id] = self.connection(place.account)
                except UserError as error:
                    troubles.append(Trouble(place.account.project_id, place.region, error))
        return connections, troubles


def places_of(accounts: Sequence[Account], region: str | None = None) -> list[Place]:
    """
    Where to look for these accounts: in *region*, else in each one's fixed region, else in all.

    Raises:
        cloud.errors.NoSuchRegion: none of the accounts has that region.
    """
    if region is None:
        return [
            Place(account, each)
            for account in accounts
            for each in ((account.region,) if account.region else account.regions)
        ]
    wanted = region.casefold()
    known = [Place(account, each) for account in accounts for each in account.regions]
    found = [place for place in known if place.region.casefold() == wanted]
    if not found:
        raise NoSuchRegion(region, tuple(sorted({place.region for place in known})))
    return found


def _sorted_out(tasks: Sequence[tuple[Place, Future[T]]], troubles: list[Trouble]) -> Gathered[T]:
    results: list[tuple[Place, T]] = []
    for place, task in tasks:
        try:
            results.append((place, _result(task)))
        except (CloudError, UserError) as error:
            troubles.append(Trouble(place.account.project_id, place.region, error))
    return Gathered(results, troubles)


def _result(task: Future[T]) -> T:
    if not task.done() or task.cancelled():
        raise Unavailable("no answer in time")
    return task.result()
