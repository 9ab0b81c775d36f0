"""Delivery by workers, each a process, on PostgreSQL: several do more, and none says it twice."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from sandbox.processes import Program, kill, reserved_port, spawn
from sandbox.slack import TEAM_ID, Loss, Person, SlackStandIn
from storage import Store
from tests.waiting import until

ROOT = Path(__file__).parents[3]
LEASE_S = 3
"""Instead of a minute, so that a test need not wait for one."""
PEOPLE = tuple(Person(f"U0HEARS{n:02}", f"Person {n}", "UTC") for n in range(20))
EACH = 2
"""Messages for each of them."""

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(people=PEOPLE) as slack:
        yield slack


@pytest.fixture
def environ(environ: Mapping[str, str], database_url: str, store: Store) -> Mapping[str, str]:
    more = {"LEASE_S": str(LEASE_S), "SLACK_TIMEOUT_S": "1000"}
    return {**environ, "DATABASE_URL": database_url, **more}


@pytest.fixture
def work(environ: Mapping[str, str]) -> Iterator[Callable[..., Program]]:
    """Starts a worker."""
    started: list[Program] = []
    with ExitStack() as stack:

        def work(**more: str) -> Program:
            port = str(stack.enter_context(reserved_port()))
            command = [sys.executable, "-m", "bot", "worker"]
            environment = {**environ, "WORKER_PORT": port, **more}
            started.append(spawn(command, cwd=ROOT, env=environment))
            return started[-1]

        yield work
        for each in started:
            kill(each)
            each.wait()


def enqueue(runtime: Runtime) -> None:
    for n in range(EACH):
        for person in PEOPLE:
            runtime.store.outbox.put(team_id=TEAM_ID, user_id=person.user_id, text=f"{n}")


def heard(slack: SlackStandIn) -> Mapping[str, list[str]]:
    return {p.user_id: [m.text for m in slack.messages(p.user_id)] for p in PEOPLE}


def test_what_a_killed_worker_had_in_hand_is_said_by_another_and_nothing_twice(
    runtime: Runtime, slack: SlackStandIn, work: Callable[..., Program]
) -> None:
    """Slack had taken some of it: that is looked for. A minute is the lease, so within 70 s."""
    enqueue(runtime)
    slack.lose_next("chat.postMessage", Loss.SILENCE, 5)
    killed = work()
    until(lambda: sum(map(len, heard(slack).values())) >= 5, "it delivers nothing")

    killed.send_signal(signal.SIGKILL)
    killed.wait()
    work()
    until(lambda: runtime.store.outbox.waiting() == 0, "nobody went on")

    assert heard(slack) == {person.user_id: ["0", "1"] for person in PEOPLE}
    assert Settings().lease_s == 60


def test_two_workers_say_everything_once_and_in_order(
    runtime: Runtime, slack: SlackStandIn, work: Callable[..., Program]
) -> None:
    first, second = work(), work()
    enqueue(runtime)

    until(lambda: runtime.store.outbox.waiting() == 0, "not all is delivered")

    assert heard(slack) == {person.user_id: ["0", "1"] for person in PEOPLE}
    for each in (first, second):
        each.send_signal(signal.SIGTERM)
        assert each.wait(50) == 0


def test_sigterm_leaves_what_was_not_begun_to_the_next_at_once(
    runtime: Runtime, slack: SlackStandIn, work: Callable[..., Program]
) -> None:
    """What Slack may have is left until the lease is over, and then looked for."""
    enqueue(runtime)
    slack.lose_next("chat.postMessage", Loss.SILENCE, 1000)
    worker = work(LEASE_S="600", DELIVERY_HANDS="2")
    until(lambda: sum(map(len, heard(slack).values())) >= 2, "it delivers nothing")

    worker.send_signal(signal.SIGTERM)
    ended = worker.wait(50)
    rows = runtime.store._db.rows("select claimed_until, attempts from outbox")
    held = runtime.store._db.rows("select 1 as one from conversations where claim <> ''")

    assert (ended, held) == (0, [])
    said = sum(map(len, heard(slack).values()))
    assert Counter(row["attempts"] for row in rows) == {1: said, 0: len(rows) - said}
    assert sum(row["claimed_until"] is not None for row in rows) == said
