"""Check accounts for invitations: each region of each account is a row, claimed when due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import LRUCache

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind
from cloud import Connection, asking_for
from cloud.errors import Unavailable
from handlers.core.errors import UserError
from handlers.core.places import AccountRegion
from handlers.invitations import look
from handlers.invitations.look import Outcome
from handlers.notifications import send_login_warnings
from handlers.notifications.send_instant import BURST_GAP
from storage import Account, Place
from storage.errors import LostClaim

CONNECTIONS = 200_000
"""Kept at most, as many as there are logins."""
NEWS = "news"
"""The job that finds whom to notify at once, which is due as soon as a burst may be over."""
LIMITED = (413, 429)
"""Answers that limit one account, and say nothing of its region."""


@dataclass(frozen=True)
class Look:
    """One region of one account that is to be looked at, with all that this takes."""

    place: Place
    account: Account
    connection: Connection | UserError

    @property
    def claim(self) -> str:
        return self.place.claim

    @property
    def attempts(self) -> int:
        return self.place.attempts

    def connect(self) -> Connection:
        if isinstance(self.connection, UserError):
            raise self.connection
        return self.connection


class Looks:
    """The rows of this kind."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._places = runtime.store.places
        self._connections: LRUCache[tuple[str, datetime], Connection] = LRUCache(CONNECTIONS)

    def claim(self, limit: int) -> Sequence[Look]:
        """In one transaction with all that is read for them."""
        store, bound = self._runtime.store, self._runtime.settings.looks_per_region
        with store.together():
            places = self._places.claim(limit, bound)
            accounts = store.accounts.of_ids({each.account_id for each in places})
            connections = {id_: self._connection(each) for id_, each in accounts.items()}
        return [
            Look(each, accounts[each.account_id], connections[each.account_id])
            for each in places
            if each.account_id in accounts
        ]

    def renew(self, held: Sequence[Look]) -> Sequence[Look]:
        kept = set(self._places.claims.renew([each.place for each in held]))
        return [each for each in held if each.place in kept]

    def release(self, work: Look, due_at: datetime, *, counted: bool = True) -> bool:
        return self._places.claims.release(work.place, due_at, counted=counted)

    def next_due(self) -> datetime | None:
        return self._places.claims.next_due()

    def mend(self) -> None:
        self._places.claims.pull_in(timedelta(seconds=self._runtime.settings.look_seldom_s))

    def _connection(self, account: Account) -> Connection | UserError:
        """Reuse the client until it is linked again, so that no look reads and opens a secret."""
        linked = account.id, account.linked_at
        try:
            if linked not in self._connections:
                self._connections[linked] = self._runtime.services.connection(account)
            return self._connections[linked]
        except UserError as error:
            return error


def do(runtime: Runtime, work: Look) -> None:
    """Look, and set the next look: soon after something has happened, otherwise later."""
    settings = runtime.settings

    def finish(outcome: Outcome) -> None:
        _note_for_region(runtime, work.place, outcome.error)
        if outcome.error:
            send_login_warnings.warn(work.account, outcome.error, runtime.services)
        released = runtime.store.places.looked(
            work.place,
            news=outcome.news,
            error=type(outcome.error).__name__ if outcome.error else "",
            every=timedelta(seconds=settings.look_every_s),
            seldom=timedelta(seconds=settings.look_seldom_s),
        )
        if not released:
            raise LostClaim(work.place.lane)
        if outcome.news:
            runtime.store.ticks.bring_forward(NEWS, runtime.clock() + BURST_GAP)

    with asking_for(settings.look_deadline_s):
        look.refresh_region(
            AccountRegion(work.account, work.place.region),
            runtime.services,
            connect=work.connect,
            finish=finish,
        )


def _note_for_region(runtime: Runtime, place: Place, error: Exception | None) -> None:
    """Whether the region answers; what is wrong with one account says nothing of it."""
    breakers = runtime.store.places.breakers
    if isinstance(error, Unavailable) and error.status not in LIMITED:
        breakers.failed(place.lane)
    elif error is None and place.shaky:
        breakers.works(place.lane)


def _hands(settings: Settings) -> int:
    return settings.look_hands


LOOKS = Kind(Looks, do, _hands, topics=frozenset({"places"}))
