"""Workers, each a process, on PostgreSQL: what one has in hand goes on in another if it dies."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.processes import Program, kill, spawn
from storage import Account, Store
from tests.bot.people import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[3]
LEASE_S = 3
"""Instead of a minute, so that a test need not wait for one."""

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


@pytest.fixture
def environ(environ: Mapping[str, str], database_url: str, store: Store) -> Mapping[str, str]:
    return {**environ, "DATABASE_URL": database_url, "LEASE_S": str(LEASE_S)}


@pytest.fixture
def places(link: Callable[..., Account]) -> int:
    """So many are due, in two regions."""
    accounts = [link(each, region=None) for each in (PRODUCER, CONSUMER_A, CONSUMER_B)]
    return sum(len(each.regions) for each in accounts)


@pytest.fixture
def work(environ: Mapping[str, str]) -> Iterator[Callable[..., Program]]:
    """Starts a worker."""
    started: list[Program] = []

    def work(**more: str) -> Program:
        command = [sys.executable, "-m", "bot", "worker"]
        started.append(spawn(command, cwd=ROOT, env={**environ, **more}))
        return started[-1]

    yield work
    for each in started:
        kill(each)
        each.wait()


@pytest.fixture
def answering(cloud: CloudStandIn) -> threading.Event:
    """The cloud answers no look until this is set."""
    answering = threading.Event()

    def hang(_: str, path: str) -> None:
        if path.endswith("/v2/images"):
            answering.wait(PATIENCE_S)

    cloud.before = hang
    return answering


def in_hand(runtime: Runtime) -> list[dict[str, str]]:
    return runtime.store._db.rows(
        """select account_id, region, claim from places where claim <> ''
           order by account_id, region"""
    )


def looked_at(runtime: Runtime) -> int:
    rows = runtime.store._db.rows("select last_looked_at from places")
    return sum(row["last_looked_at"] is not None for row in rows)


def test_what_a_killed_worker_had_in_hand_goes_on_in_another(
    runtime: Runtime, answering: threading.Event, places: int, work: Callable[..., Program]
) -> None:
    """Once its lease is over, which is a minute: within 70 s."""
    killed = work()
    until(lambda: len(in_hand(runtime)) == places, "the first worker does not look")

    killed.send_signal(signal.SIGKILL)
    killed.wait()
    answering.set()
    work()
    until(lambda: looked_at(runtime) == places, "nobody went on")

    assert Settings().lease_s == 60


def test_a_slow_look_is_not_taken_from_a_worker_that_lives(
    runtime: Runtime, answering: threading.Event, places: int, work: Callable[..., Program]
) -> None:
    work(LEASE_S="20", LOOK_DEADLINE_S="100")
    until(lambda: len(in_hand(runtime)) == places, "the first worker does not look")
    held = in_hand(runtime)
    ends = runtime.store._db.rows("select max(claimed_until) as at from places")
    work()

    until(
        lambda: (
            runtime.store._db.rows("select min(claimed_until) as at from places")[0]["at"]
            > ends[0]["at"]
        ),
        "the leases were not renewed",
    )

    assert in_hand(runtime) == held
    answering.set()
    until(lambda: looked_at(runtime) == places, "the look did not end")


def test_sigterm_ends_a_worker_while_the_cloud_hangs_and_gives_its_work_back(
    runtime: Runtime, answering: threading.Event, places: int, work: Callable[..., Program]
) -> None:
    worker = work(LOOK_DEADLINE_S="600", LEASE_S="600")
    until(lambda: len(in_hand(runtime)) == places, "it does not look")

    worker.send_signal(signal.SIGTERM)
    ended = worker.wait(50)  # an answer may take a minute

    assert ended == 0
    assert in_hand(runtime) == []
    answering.set()
