"""One attempt at a claimed transfer: what its steps may use, and where they keep state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar

from bot.wiring import Runtime
from cloud import Compute, Connection, Images, ObjectStore, Tasks
from handlers import Person
from handlers.core.errors import NotLinked
from handlers.transfers import transfers
from handlers.transfers.plans import Plan, plan_of
from storage import Account, AccountKey, Kind, Transfer
from storage.errors import LostClaim

P = TypeVar("P", bound=Plan)

HEARTBEAT = timedelta(seconds=10)
"""How often a stream renews its claim and redraws its card."""

ACTIONS = {
    Kind.EXPORT: "image.export",
    Kind.IMPORT: "image.import",
    Kind.COPY: "image.copy",
    Kind.SNAPSHOT: "server.snapshot",
    Kind.LAUNCH: "server.launch",
}
"""What the audit calls them."""


class Stopped(Exception):
    """The program is stopping. The next attempt continues from here."""


class Failed(Exception):
    """The cloud tried and could not. The message is the cloud's own, and may be empty."""


@dataclass(frozen=True)
class Wait:
    """A step's result when the transfer has to be released until later."""

    seconds: float | None = None
    """None for the usual pace: 30 s at first, growing to 5 minutes."""
    next_step: bool = False
    """Whether this step is done, and the next one follows then."""


class Attempt:
    """A claimed transfer in one thread. What saves may raise LostClaim: then stop at once."""

    def __init__(self, runtime: Runtime, transfer: Transfer) -> None:
        self.runtime = runtime
        self.transfer = transfer
        self._beat_at = runtime.clock()

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.transfer.kind, self.transfer.plan)

    def plan_as(self, kind: type[P]) -> P:
        """
        Give the plan as the type that a step works on.

        Raises:
            TypeError: the transfer is of another kind.
        """
        if not isinstance(self.plan, kind):
            raise TypeError(f"{self.transfer.step} is no step of a {self.transfer.kind}")
        return self.plan

    @property
    def phase(self) -> str:
        """The part of the step's name before the dot."""
        return self.transfer.step.partition(".")[0]

    @cached_property
    def account(self) -> Account:
        """
        Raises:
            handlers.core.errors.NotLinked: it was unlinked since the transfer began.
        """
        account = self.runtime.store.accounts.get(self.transfer.account_id)
        if account is None:
            raise NotLinked(self.transfer.team_id, self.transfer.user_id)
        return account

    @cached_property
    def connection(self) -> Connection:
        return self.runtime.services.connection(self.account)

    def images(self, region: str = "") -> Images:
        return self.connection.images(region or self.transfer.region)

    def tasks(self, region: str = "") -> Tasks:
        return self.connection.tasks(region or self.transfer.region)

    def object_store(self, region: str = "") -> ObjectStore:
        return self.connection.object_store(region or self.transfer.region)

    def compute(self) -> Compute:
        return self.connection.compute(self.transfer.region)

    def recall(self, name: str, default: Any = None) -> Any:
        """Read what an earlier step or attempt has kept."""
        return self.transfer.memory.get(name, default)

    def remember(self, **learnt: Any) -> None:
        """Keep values in the transfer's memory before going on. None deletes one."""
        memory = {**self.transfer.memory, **learnt}
        self.save(memory={name: value for name, value in memory.items() if value is not None})

    def save(self, **changes: Any) -> None:
        """
        Raises:
            storage.errors.LostClaim: another process has the transfer now.
        """
        self.transfer = self.runtime.store.transfers.save(self.transfer, **changes)

    def redraw_card(self) -> None:
        transfers.redraw(self.transfer, self.runtime.services)

    def renew_claim(self) -> None:
        """
        Extend the claim by a lease from now.

        Raises:
            storage.errors.LostClaim: another process has the transfer now.
        """
        if not self.runtime.store.transfers.renew(self.transfer):
            raise LostClaim(self.transfer.id)
        self._beat_at = self.runtime.clock()

    def heartbeat(self, done: int, total: int) -> None:
        """Save progress every HEARTBEAT; call it for each chunk. *done* and *total* are bytes."""
        if self.runtime.clock() - self._beat_at >= HEARTBEAT:
            self.renew_claim()
            self.save_progress(done, total)

    def save_progress(self, done: int, total: int, **learnt: Any) -> None:
        """Save how many bytes of *total* are *done*, with other results, and show it."""
        self.remember(progress={"done": done, "total": total}, **learnt)
        self.redraw_card()

    def raise_if_stopping(self) -> None:
        """
        Raises:
            Stopped: the program is stopping.
        """
        if self.runtime.stopping.is_set():
            raise Stopped

    def raise_if_not_allowed(self) -> None:
        """
        Raises:
            handlers.core.authorization_errors.RoleLost: who began it has lost the role for it.
        """
        transfers.check_still_allowed(self.transfer, self.account, self.runtime.services)

    @contextmanager
    def audited(self, detail: str = "") -> Iterator[None]:
        """
        Open an audit entry around a change in the cloud, as the person who started the transfer.

        The claim is renewed first, so that a process that stalled past its lease changes nothing.
        """
        self.renew_claim()
        transfer = self.transfer
        with self.runtime.services.audited(
            Person(transfer.team_id, transfer.user_id).actor,
            ACTIONS[transfer.kind],
            transfer.title,
            account=self._key,
            region=transfer.region,
            detail=f"{transfer.id} {transfer.step} {detail}".rstrip(),
        ):
            yield

    @property
    def _key(self) -> AccountKey:
        """The account, for the audit: its cloud is not known once it was unlinked."""
        linked = self.runtime.store.accounts.get(self.transfer.account_id)
        cloud = linked.cloud if linked else ""
        return AccountKey(self.transfer.team_id, cloud, self.transfer.account)
