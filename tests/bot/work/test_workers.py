"""Workers, each a process, on PostgreSQL: what one has in hand goes on in another if it dies."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.processes import Program, kill, spawn
from storage import Account, Store
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
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


@pytest.fixture
def silent(cloud: CloudStandIn) -> threading.Event:
    """One of the two regions answers nothing until this is set."""
    answering = threading.Event()

    def hang(_: str, path: str) -> None:
        if path.startswith("/ORD/"):
            answering.wait(PATIENCE_S)

    cloud.before = hang
    return answering


@pytest.fixture
def share(
    runtime: Runtime, cloud: CloudStandIn, link: Callable[..., Account]
) -> Callable[..., None]:
    """Shares images in a region until a time that is over."""
    account = link(PRODUCER, region=None)
    producer, consumer = NUMBERS[PRODUCER], NUMBERS[CONSUMER_A]

    def share(region: str, number: int) -> None:
        for _ in range(number):
            image_id = cloud.add_image(producer, name="web", region=region, visibility="shared")
            cloud.add_member(image_id, consumer)
            runtime.store.expiries.put(
                account, PRODUCER, region, image_id, "web", consumer, timedelta(0), ""
            )

    return share


def ends(runtime: Runtime, region: str, *, held: bool = False) -> int:
    """Count the shares that are still to end, or those of them that somebody is at work on."""
    which = "and claim <> ''" if held else ""
    sql = f"select count(*) as n from expiries where region = :region {which}"  # noqa: S608
    [row] = runtime.store._db.rows(sql, {"region": region})
    return int(row["n"])


def test_a_region_that_hangs_takes_only_its_share_of_the_hands(
    runtime: Runtime,
    silent: threading.Event,
    share: Callable[..., None],
    work: Callable[..., Program],
) -> None:
    share("ORD", 6)
    work(DUE_HANDS="4", REGION_SHARE_PERCENT="50", LOOK_DEADLINE_S="600")
    until(lambda: ends(runtime, "ORD", held=True) == 2, "nobody ends shares")

    share("DFW", 6)
    until(lambda: ends(runtime, "DFW") == 0, "they wait for another region")

    assert (ends(runtime, "ORD"), ends(runtime, "ORD", held=True)) == (6, 2)
    silent.set()
    until(lambda: ends(runtime, "ORD") == 0, "they are not ended later")


def test_sigterm_ends_a_worker_whose_hands_wait_for_a_region_and_gives_their_rows_back(
    runtime: Runtime,
    silent: threading.Event,
    share: Callable[..., None],
    work: Callable[..., Program],
) -> None:
    share("ORD", 3)
    worker = work(LOOK_DEADLINE_S="600", LEASE_S="600")
    until(lambda: ends(runtime, "ORD", held=True) == 3, "nobody ends shares")

    worker.send_signal(signal.SIGTERM)
    ended = worker.wait(50)  # an answer may take two minutes

    assert (ended, ends(runtime, "ORD", held=True)) == (0, 0)
    silent.set()


def test_what_is_due_goes_on_in_another_worker_if_one_is_killed(
    runtime: Runtime,
    silent: threading.Event,
    share: Callable[..., None],
    work: Callable[..., Program],
) -> None:
    """Reminders, which take no lock that outlasts a worker."""
    share("ORD", 3)
    later = datetime.now(UTC) + timedelta(days=1)
    runtime.store._db.execute("update expiries set ends_at = :later", {"later": later})
    killed = work(LOOK_DEADLINE_S="600")
    until(lambda: ends(runtime, "ORD", held=True) == 3, "nobody reminds of shares")

    killed.send_signal(signal.SIGKILL)
    killed.wait()
    silent.set()
    work()

    def reminded() -> int:
        rows = runtime.store._db.rows("select remind_at from expiries")
        return sum(row["remind_at"] is None for row in rows)

    until(lambda: reminded() == 3, "nobody went on")
