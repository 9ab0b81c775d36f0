"""What a handler may use: the store, the clouds, the clock, and the context of the request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from cloud import Clouds, Connection, Credentials, Images, asking_for, traced
from cloud.errors import CloudError, Unavailable
from handlers.core.authorization_errors import LacksRole
from handlers.core.directory import Directory, EmptyDirectory
from handlers.core.errors import (
    LostCredentials,
    NoSuchAccount,
    NotLinked,
    NotYours,
    Trouble,
    UnderWay,
    UserError,
)
from handlers.core.interactions import Person
from handlers.core.list_cache import Cache, MenuItem
from handlers.core.numbers import account_number
from handlers.core.operations import NeedsApproval, NeedsPage, Operation
from handlers.core.places import AccountRegion
from handlers.core.request_context import RequestContext
from handlers.core.roles import AccountAccess, Roles
from storage import Account, Entry, Policy, Role, Rule, Store
from storage.clock import Clock
from storage.errors import Sealed

T = TypeVar("T")
log = logging.getLogger(__name__)

CONCURRENT_REGIONS = 8
"""Regions asked at the same time for one answer."""
REGIONS_TIMEOUT_S = 45.0
"""Seconds after which an answer goes out without the regions that are still silent."""
LOCK_S = 60.0
"""Seconds after which a lock that was never released lapses."""


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


@dataclass(frozen=True)
class Services:
    store: Store
    clouds: Clouds
    clock: Clock
    public_url: str = ""
    """Base address of the bot's own pages, PUBLIC_URL; "" if it is not set."""
    menus: Cache[MenuItem] = field(default_factory=Cache, repr=False)
    """Cached listings for menus."""
    directory: Directory = field(default_factory=EmptyDirectory, repr=False)
    """What Slack knows of people and user groups."""
    context: RequestContext | None = None
    """Context of the request that is answered; None for a job, which is not checked."""

    @property
    def roles(self) -> Roles:
        return Roles(self.store, self.directory)

    def for_request(self, context: RequestContext) -> Services:
        """Return the services for one request, whose role and channel are then checked."""
        return replace(self, context=context)

    def accounts_of(self, person: Person) -> Sequence[Account]:
        """
        Return the accounts that the person may view in this channel, the one in use first.

        Raises:
            NotLinked: they have none.

            LacksRole: they may look at none here.
        """
        access = self.roles.accesses(person, self._channel)
        if not access:
            raise NotLinked(person.team_id, person.user_id)
        visible = [each.account for each in access if each.effective_role.allows(Role.VIEWER)]
        if not visible:
            raise self._lacking(access[0].account, access[0], Role.VIEWER)
        return visible

    def current_account(self, person: Person) -> Account:
        """Return the account the person works with: the one linked or chosen last."""
        return self.accounts_of(person)[0]

    def account(self, person: Person, account_id: str) -> Account:
        """
        Return the account of a button, by *person*'s own link if they have one.

        A colleague who linked the same account may press the button too, and acts with
        their own credentials.

        Raises:
            NotYours: they have no access to it.

            LacksRole: they may not do with it what they asked for.
        """
        meant = self.store.accounts.get(account_id)
        if meant is None:
            raise NotYours("", "")
        access = self.roles.access_to(person, meant, self._channel)
        if access is None:
            here = meant.team_id == person.team_id
            raise NotYours(meant.project_id if here else "", meant.user_id if here else "")
        self.require_role(access.account)
        return access.account

    def account_named(self, person: Person, word: str) -> Account:
        """
        Return the person's account with that number or name.

        Raises:
            NoSuchAccount: the person has none such.

            LacksRole: as `account`.
        """
        accounts = self.accounts_of(person)
        numbers = [account.project_id for account in accounts]
        number = account_number(word, numbers)
        named = [a for a in accounts if number == a.project_id or word == a.project_name]
        if not named:
            named = [a for a in accounts if word.casefold() == a.project_name.casefold()]
        if not named:
            raise NoSuchAccount(word, numbers)
        self.require_role(named[0])
        return named[0]

    def require_role(self, account: Account, needs: Role | None = None) -> None:
        """
        Check the person's role on the account. In a job, which carries out what was allowed, do
        nothing.

        Args:
            needs: the role, if it is not that of the route.

        Raises:
            LacksRole: naming the role that is missing, and the admins.
        """
        needed = needs or (self.context.needs if self.context else None)
        if self.context is None or needed is None:
            return
        access = self.roles.access_to(self.context.person, account, self._channel)
        if access is None or not access.effective_role.allows(needed):
            raise self._lacking(account, access, needed)

    def _lacking(self, account: Account, access: AccountAccess | None, needs: Role) -> LacksRole:
        has, ceiling = (access.role, access.ceiling) if access else (Role.NONE, Role.ADMIN)
        return LacksRole(account.project_id, has, needs, self.roles.admins(account.key), ceiling)

    def authorize(self, operation: Operation) -> None:
        """
        Check that the operation may be done now. Call it before the first change.

        In a job, which carries out what was authorized, do nothing.

        Raises:
            LacksRole: as `require_role`.

            NeedsPage: it has to be confirmed on a page of the bot first.

            NeedsApproval: a second person has to approve it first.
        """
        if self.context is None:
            return
        self.require_role(operation.account)
        policy = self.store.policies.of(operation.account.key)
        if policy.strict and self.context.clearances.confirmed != operation.key:
            raise NeedsPage(operation)
        if (
            self._requires_approval(operation, policy)
            and self.context.clearances.approved != operation.key
        ):
            raise NeedsApproval(operation, policy)
        self.context.clearances.authorized.add(operation.key)

    def _requires_approval(self, operation: Operation, policy: Policy) -> bool:
        if operation.guarded is None:
            return False
        rule = policy.rule(operation.guarded)
        if rule == Rule.OUTSIDE:
            return not all(
                self._named_by_an_approver(operation, number) for number in operation.numbers
            )
        return rule == Rule.ALWAYS

    def _named_by_an_approver(self, operation: Operation, number: str) -> bool:
        """Whether an approver other than the requester entered it in the address book."""
        key = operation.account.key
        known = self.store.names.by_number(key.team_id, key.cloud, number)
        person = self.context.person.user_id if self.context else ""
        if known is None or known.named_by == person:
            return False
        return known.named_by in self.roles.people_with_role(key, Role.APPROVER)

    @contextmanager
    def audited(
        self,
        actor: str,
        action: str,
        target: str,
        *,
        account: str = "",
        region: str = "",
        detail: str = "",
        approvers: Sequence[str] = (),
    ) -> Iterator[Entry]:
        """
        Write an audit entry around a change, with its approvers and the cloud's request id.

        Args:
            actor: `T1/U2`; for a job, `T1/job/expiries`, so that only its workspace reads it.

            approvers: if they are not those of the request's context.
        """
        with (
            self.store.audit.entry(
                actor,
                action,
                target,
                account=account,
                region=region,
                detail=detail,
                approvers=approvers or (self.context.clearances.approvers if self.context else ()),
            ) as entry,
            traced() as trace,
        ):
            try:
                yield entry
            finally:
                entry.request_id = trace.request_id

    @property
    def _channel(self) -> str:
        return self.context.channel_id if self.context else ""

    def credentials(self, account: Account) -> Credentials:
        """
        Return the account's decrypted credentials.

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
        """
        Return a connection to the account's cloud, after checking the role.

        Raises:
            LostCredentials, LacksRole: as `credentials` and `require_role`.
        """
        self.require_role(account)
        return self._connect(account)

    def images(self, account: Account, region: str) -> Images:
        return self.connection(account).images(region)

    def query_images(
        self,
        places: Sequence[AccountRegion],
        call: Callable[[Images], T],
        *,
        timeout_s: float = REGIONS_TIMEOUT_S,
    ) -> RegionResults[T]:
        """Call the image service of every region, as `query_regions` does."""
        return self.query_regions(
            places, lambda connection, region: call(connection.images(region)), timeout_s=timeout_s
        )

    def query_regions(
        self,
        places: Sequence[AccountRegion],
        call: Callable[[Connection, str], T],
        *,
        timeout_s: float = REGIONS_TIMEOUT_S,
    ) -> RegionResults[T]:
        """
        Call every region in parallel; the error of one does not affect the others.

        For reading only: roles are not checked. The store is read here, not in the threads.

        Args:
            timeout_s: seconds after which regions that have not answered count as Unavailable.
        """
        connections, troubles = self._connections(places)
        reachable = [place for place in places if place.account.id in connections]
        pool = ThreadPoolExecutor(max_workers=CONCURRENT_REGIONS, thread_name_prefix="regions")

        def ask(place: AccountRegion) -> T:
            with asking_for(timeout_s):
                return call(connections[place.account.id], place.region)

        tasks = [(place, pool.submit(ask, place)) for place in reachable]
        wait([task for _, task in tasks], timeout=timeout_s)
        pool.shutdown(wait=False, cancel_futures=True)
        return _collect(tasks, troubles)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """
        Let no other request do this at the same time, for a double click for instance.

        Raises:
            UnderWay: the lock is held.
        """
        if not self.store.once.claim(key, LOCK_S):
            raise UnderWay
        try:
            yield
        finally:
            self.store.once.release(key)

    def _connect(self, account: Account) -> Connection:
        return self.clouds.connect(self.credentials(account))

    def _connections(
        self, places: Sequence[AccountRegion]
    ) -> tuple[Mapping[str, Connection], list[Trouble]]:
        connections: dict[str, Connection] = {}
        troubles: list[Trouble] = []
        for place in places:
            if place.account.id not in connections:
                try:
                    connections[place.account.id] = self._connect(place.account)
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
