"""What a handler may use: the store, the clouds, the clock, and the context of the request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cloud import Clouds, Connection, Credentials, Images, traced
from cloud.models import LONG_AGO
from handlers.core.approval_rules import people_needed
from handlers.core.directory import Directory, EmptyDirectory
from handlers.core.errors import (
    LostCredentials,
    NotLinked,
    NotYours,
    UnderWay,
    WhichAccount,
)
from handlers.core.facts import differences
from handlers.core.interactions import Person
from handlers.core.list_cache import Cache, MenuItem
from handlers.core.operations import (
    ChangedSince,
    Clearances,
    NeedsApproval,
    NeedsPage,
    Operation,
)
from handlers.core.places import AccountRegion
from handlers.core.region_queries import (
    REGIONS_TIMEOUT_S,
    RegionResults,
    RegionSlots,
    query_regions,
)
from handlers.core.request_context import RequestContext
from handlers.core.roles import Roles
from storage import Account, AccountKey, Entry, Role, Store
from storage.clock import Clock
from storage.errors import Sealed

T = TypeVar("T")
log = logging.getLogger(__name__)

LOCK_S = 60.0
"""Seconds after which a lock that was never released lapses."""


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
    region_slots: RegionSlots = field(default_factory=RegionSlots, repr=False)
    answer_s: float = REGIONS_TIMEOUT_S
    """Seconds after which an answer goes out without the regions that are still silent."""
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
            raise self.roles.lacking(access[0].account.key, access[0], Role.VIEWER)
        return visible

    def current_account(self, person: Person) -> Account:
        """
        Return the account the person works with: the one linked or chosen last.

        Raises:
            WhichAccount: they have several, all lent to them, and have chosen none.
        """
        accounts = self.accounts_of(person)
        if len(accounts) > 1 and accounts[0].used_at == LONG_AGO:
            raise WhichAccount("", accounts)
        return accounts[0]

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
            raise self.roles.lacking(account.key, access, needed)

    def authorize(self, operation: Operation) -> None:
        """
        Check that the operation may be done now. Call it before the first change.

        In a job, which carries out what was authorized, do nothing.

        Raises:
            LacksRole: as `require_role`.

            ChangedSince: as `must_be_as_shown`.

            NeedsPage: it has to be confirmed on a page of the bot first.

            NeedsApproval: a second person has to approve it first.
        """
        if self.context is None:
            return
        operation = self._with_reason(operation)
        self.require_role(operation.account)
        self.must_be_as_shown(operation)
        policy = self.store.policies.of(operation.account.key)
        clearances = self.context.clearances
        if policy.strict and operation.needs_page and clearances.confirmed != operation.key:
            raise NeedsPage(operation)
        people = people_needed(operation, policy, self.context.person, self.roles)
        if people and clearances.approved != operation.key:
            raise NeedsApproval(operation, replace(policy, people=people))
        clearances.authorized.add(operation.key)

    @property
    def reason(self) -> str:
        """Why the person asks for what is answered; "" if they did not say."""
        return self.context.because if self.context else ""

    def because(self, reason: str) -> Services:
        """Return the services for a request whose button carries its reason."""
        if self.context is None or not reason:
            return self
        return replace(self, context=replace(self.context, because=reason))

    def must_be_as_shown(self, operation: Operation) -> None:
        """
        Compare what would be done with all that was shown to the people who confirmed or approved.

        Raises:
            ChangedSince: naming each difference.
        """
        operation = self._with_reason(operation)
        clearances = self.context.clearances if self.context else Clearances()
        if clearances.shown is None or operation.key in clearances.authorized:
            return
        if found := differences(clearances.shown, operation.facts):
            raise ChangedSince(found)

    @contextmanager
    def audited(
        self,
        actor: str,
        action: str,
        target: str,
        *,
        account: AccountKey | str = "",
        region: str = "",
        detail: str = "",
        approvers: Sequence[str] = (),
    ) -> Iterator[Entry]:
        """
        Write an audit entry around a change, with its approvers and the cloud's request id.

        Args:
            account: its number alone, if what is done concerns no one cloud.

            actor: `T1/U2`; for a job, `T1/job/expiries`, so that only its workspace reads it.

            approvers: if they are not those of the request's context.
        """
        if not approvers and self.context:
            approvers = self.context.clearances.approvers
        why = f"because {self.reason}" if self.reason else ""
        detail = "; ".join(filter(None, (detail, why)))
        key = account if isinstance(account, AccountKey) else AccountKey("", "", account)
        facts = {"account": key.project_id, "cloud": key.cloud, "region": region, "detail": detail}
        record = self.store.audit.entry(actor, action, target, **facts, approvers=approvers)
        with record as entry, traced() as trace:
            try:
                yield entry
            finally:
                entry.request_id = trace.request_id

    def _with_reason(self, operation: Operation) -> Operation:
        """The operation with the reason of the request, if it has none of its own."""
        if not self.reason or operation.facts.because:
            return operation
        facts = replace(operation.facts, because=self.reason)
        return replace(operation, facts=facts)

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
            log.warning("credentials of account %s cannot be decrypted", account.id)
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
    ) -> RegionResults[T]:
        """Call the image service of every region, as `query_regions` does."""
        return self.query_regions(
            places, lambda connection, region: call(connection.images(region))
        )

    def query_regions(
        self,
        places: Sequence[AccountRegion],
        call: Callable[[Connection, str], T],
    ) -> RegionResults[T]:
        """Call every region in parallel, for reading only: roles are not checked."""
        return query_regions(places, self._connect, call, self.answer_s, self.region_slots)

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
