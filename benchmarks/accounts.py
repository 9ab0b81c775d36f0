"""
Looking for the invitations of 10,000 accounts in two regions, at a cloud that takes 50 ms.

Beside the bot's job: as many bare requests, as many at a time. The first look logs in and learns
what is there; all later ones are as the second.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import requests
import requests.adapters
from sqlite_utils import Database as SqliteUtils

from benchmarks.polling import POLLERS
from benchmarks.report import ratio, table
from benchmarks.scripts import stand_in
from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import jobs
from cloud import AuthType, Credentials
from storage import Mode, Preference, new_key
from storage.db.database import SqliteDatabase

ACCOUNTS = 10_000
LATENCY_MS = 50
REGIONS = ("DFW", "ORD")
CLOUD = Path(__file__).parent / "clients/slow_cloud.py"


AT_NINE = Preference(mode=Mode.DIGEST, times=("09:00",))
INVITATIONS = 5
"""For each person, in the digest."""


@dataclass
class Database:
    """How long the threads of a run were in the database, all together."""

    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    within: threading.local = field(default_factory=threading.local)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """
        Everything is timed within that SQLite is asked for, from the outermost call of each thread:
        statements with their rows, and the waits for the write lock and for each commit.
        """
        with ExitStack() as stack:
            for kind, name in (
                (SqliteDatabase, "rows"),
                (SqliteDatabase, "execute"),
                (SqliteUtils, "execute"),
            ):
                timed = self._timed(getattr(kind, name))
                stack.enter_context(mock.patch.object(kind, name, timed))
            yield

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **how: Any) -> Any:
            if getattr(self.within, "call", False):
                return call(*args, **how)
            self.within.call, began = True, time.perf_counter()
            try:
                return call(*args, **how)
            finally:
                self.within.call = False
                with self.lock:
                    self.seconds += time.perf_counter() - began

        return wrapped


@dataclass
class Clock:
    """The real time, and what it was put forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def put_to_tomorrow(self, hour: int) -> None:
        """A second after that hour."""
        tomorrow = (self() + timedelta(days=1)).replace(hour=hour, minute=0, second=1)
        self.ahead += tomorrow - self()


def main(rounds: int, accounts: int = ACCOUNTS) -> None:
    clock = Clock()
    with stand_in(CLOUD, str(LATENCY_MS)) as url, _bot(url, accounts, clock) as runtime:
        idle = _peak_mb()
        first, _ = _timed(lambda: jobs.look_everywhere(runtime))
        bare = min(_timed(lambda: _bare(url, accounts))[0] for _ in range(min(rounds, 2)))
        ours, spent = _timed(lambda: jobs.look_everywhere(runtime))
        peak = _peak_mb()
        assert len(runtime.store.invitations.pending()) == accounts
        print(
            f"\nPolling {accounts:,} accounts × 2 regions, "
            f"{LATENCY_MS} ms each, {POLLERS} at a time"
        )
        rows = [
            ["the bot's job, the first time, with logins", f"{first:.1f}"],
            ["the bot's job", f"{ours:.1f}"],
            ["bare requests", f"{bare:.1f}"],
        ]
        print(table(["", "wall s"], rows))
        print(ratio("wall, the bot's job / bare requests", ours, bare, 1.3))
        print(ratio("database, of the time of all threads", spent, ours * POLLERS, 0.1))
        print(f"- memory: {idle:.0f} MB before, at most {peak:.0f} MB with all accounts logged in")
        _digests(runtime, clock, accounts)


def _digests(runtime: Runtime, clock: Clock, accounts: int) -> None:
    """Everyone's slot comes at the same moment; before it, nobody's does."""
    _invite_more(runtime)
    clock.put_to_tomorrow(8)
    for account in runtime.store.accounts.all():
        runtime.store.preferences.put(account.team_id, account.user_id, "", AT_NINE)
    idle, _ = _timed(lambda: jobs.digests(runtime))
    assert runtime.store.outbox.waiting() == 0
    clock.ahead += timedelta(hours=1)
    drawn, spent = _timed(lambda: jobs.digests(runtime))
    assert runtime.store.outbox.waiting() == accounts
    print(
        f"\nThe digests of {accounts:,} people at nine, {INVITATIONS} invitations each, one thread"
    )
    rows = [
        [what, f"{wall:.1f}", f"{1000 * wall / accounts:.2f}"]
        for what, wall in (("all are due", drawn), ("a tick at which none is due", idle))
    ]
    print(table(["", "wall s", "ms a person"], rows))
    print(ratio("database, of the wall time when all are due", spent, drawn, None))


def _invite_more(runtime: Runtime) -> None:
    known = {each.account_id: each for each in runtime.store.invitations.pending()}
    for each in known.values():
        for n in range(1, INVITATIONS):
            runtime.store.invitations.begin(replace(each, image_id=f"{each.image_id}-{n}"))


def _timed(what: Callable[[], object]) -> tuple[float, float]:
    """Wall time, and time in the database, in seconds."""
    database = Database()
    with database.counted():
        began = time.perf_counter()
        what()
        wall = time.perf_counter() - began
    return wall, database.seconds


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _bot(url: str, accounts: int, clock: Clock) -> Iterator[Runtime]:
    """With so many people, each with an account of their own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            secret_keys=(new_key(),), database_url=f"sqlite:///{Path(folder) / 'bot.db'}"
        )
        runtime = Runtime.build(settings, clock=clock)
        for number in range(accounts):
            _link(runtime, url, str(number + 1))
        yield runtime
        runtime.close()


def _link(runtime: Runtime, url: str, number: str) -> None:
    options = {"username": number, "password": number, "project_id": number}
    credentials = Credentials(
        AuthType.V3_PASSWORD, f"{url}/v3", {**options, "user_domain_id": "default"}
    )
    store, person = runtime.store, ("T1", f"U{number}")
    store.people.seen(*person)
    store.people.set_time_zone(*person, "UTC")
    store.preferences.put(*person, "", AT_NINE)
    store.accounts.link(
        *person,
        cloud=url,
        project_id=number,
        project_name="",
        user_name=number,
        regions=REGIONS,
        region=None,
        credentials=credentials.to_json(),
    )


def _bare(url: str, accounts: int) -> None:
    """The same questions, with tokens that are there already, keeping nothing."""
    query = "visibility=shared&member_status=pending&limit=1000"
    with requests.Session() as session, ThreadPoolExecutor(POLLERS) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=POLLERS))

        def ask(place: tuple[int, str]) -> int:
            number, region = place
            headers = {"X-Auth-Token": f"token-of-{number}"}
            answer = session.get(f"{url}/{region}/v2/images?{query}", headers=headers, timeout=60)
            return len(answer.json()["images"])

        places = [(n + 1, region) for n in range(accounts) for region in REGIONS]
        assert sum(pool.map(ask, places)) == accounts


if __name__ == "__main__":
    main(1, int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS)
