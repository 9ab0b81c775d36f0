"""One turn of a transfer: what its steps may use, and how what they learn is kept."""

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
from storage import Account, Kind, Transfer
from storage.errors import LostClaim

P = TypeVar("P", bound=Plan)

LEASE = timedelta(minutes=5)
"""After which another process may go on with a transfer whose process died."""
BEAT = timedelta(seconds=10)
"""How often a stream renews its claim, and its progress is drawn."""

ACTIONS = {
    Kind.EXPORT: "image.export",
    Kind.IMPORT: "image.import",
    Kind.COPY: "image.copy",
    Kind.SNAPSHOT: "server.snapshot",
    Kind.LAUNCH: "server.launch",
}
"""What the audit calls them."""


class Stopped(Exception):
    """The program is to stop. The transfer goes on from here at its next turn."""


class Failed(Exception):
    """The cloud tried and could not. The message is the cloud's own, and may be empty."""


@dataclass(frozen=True)
class Wait:
    """A step's answer when there is nothing to do but look again later."""

    seconds: float | None = None
    """None for the usual pace: 30 s at first, then longer."""
    onward: bool = False
    """Whether the step is done, and the next one comes then."""


class Attempt:
    """A claimed transfer in one thread. Whatever saves may raise LostClaim: then stop at once."""

    def __init__(self, runtime: Runtime, transfer: Transfer) -> None:
        self.runtime = runtime
        self.transfer = transfer
        self._beat_at = runtime.clock()

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.transfer.kind, self.transfer.plan)

    def planned(self, kind: type[P]) -> P:
        """The plan, as the kind that a step is made for."""
        if not isinstance(self.plan, kind):
            raise TypeError(f"{self.transfer.step} is no step of a {self.transfer.kind}")
        return self.plan

    @property
    def phase(self) -> str:
        """The first word of the step."""
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
        """What an earlier turn, or step, has learnt."""
        return self.transfer.memory.get(name, default)

    def remember(self, **learnt: Any) -> None:
        """Keep this before going on. None forgets."""
        memory = {**self.transfer.memory, **learnt}
        self.save(memory={name: value for name, value in memory.items() if value is not None})

    def save(self, **changes: Any) -> None:
        """
        Raises:
            storage.errors.LostClaim: another process has the transfer now.
        """
        self.transfer = self.runtime.store.transfers.save(self.transfer, **changes)

    def draw(self) -> None:
        transfers.redraw(self.transfer, self.runtime.services)

    def hold(self) -> None:
        """Have the claim last another LEASE from now on."""
        if not self.runtime.store.transfers.renew(self.transfer, LEASE):
            raise LostClaim(self.transfer.id)
        self._beat_at = self.runtime.clock()

    def beat(self, done: int, total: int) -> None:
        """To be called often while bytes flow. *done* and *total* are bytes."""
        if self.runtime.clock() - self._beat_at >= BEAT:
            self.hold()
            self.progress(done, total)

    def progress(self, done: int, total: int, **learnt: Any) -> None:
        """Keep, and show, how far it is."""
        self.remember(progress={"done": done, "total": total}, **learnt)
        self.draw()

    def must_go_on(self) -> None:
        """
        Raises:
            Stopped: not now.
        """
        if self.runtime.stopping.is_set():
            raise Stopped

    def must_be_allowed(self) -> None:
        """
        Raises:
            handlers.core.authorization_errors.RoleLost: who began it has lost the role for it.
        """
        transfers.still_allowed(self.transfer, self.account, self.runtime.services)

    @contextmanager
    def on_record(self, detail: str = "") -> Iterator[None]:
        """
        Change the cloud within; who had it done, and how it ended, goes into the audit.

        The claim is renewed first: a process that stood still for too long changes nothing more.
        """
        self.hold()
        transfer = self.transfer
        with self.runtime.services.audited(
            Person(transfer.team_id, transfer.user_id).actor,
            ACTIONS[transfer.kind],
            transfer.title,
            account=transfer.account,
            region=transfer.region,
            detail=f"{transfer.id} {transfer.step} {detail}".rstrip(),
        ):
            yield
