"""Several processes on one database say everything once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.wiring import Runtime
from bot.work import deliver
from sandbox.processes import spawn
from sandbox.slack import TEAM_ID, Person, SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def together(environ: Mapping[str, str]) -> Callable[..., list[int]]:
    """Runs a job in several processes at once; returns how each ended."""

    def _together(count: int, *words: str) -> list[int]:
        started = [
            spawn([sys.executable, "-m", "bot", *words], cwd=ROOT, env=dict(environ))
            for _ in range(count)
        ]
        return [process.wait(PATIENCE_S) for process in started]

    return _together


@pytest.fixture
def at_nine(
    slack: SlackStandIn, clock: HandClock, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    """Someone linked days ago, with an invitation, for whom it is past nine just now."""
    now = datetime.now(UTC)
    east = 9 - now.hour
    where = f"Etc/GMT{-(east if east >= -12 else east + 24):+d}"  # such names count westwards
    slack.workspace.people[CONSUMER_A] = Person(CONSUMER_A, "Consumer A", where)
    clock.now = now - timedelta(days=2)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)


def test_three_processes_put_and_deliver_one_digest(
    at_nine: None, together: Callable[..., list[int]], slack: SlackStandIn, runtime: Runtime
) -> None:
    assert together(3, "run", "invitations") == [0, 0, 0]
    assert together(3, "run", "delivery") == [0, 0, 0]

    [digest] = slack.messages(CONSUMER_A)
    assert "web-2026" in str(digest.blocks)
    assert together(1, "run", "invitations") + together(1, "run", "delivery") == [0, 0]
    assert len(slack.messages(CONSUMER_A)) == 1


def test_a_worker_that_is_killed_loses_nothing_that_waits(
    runtime: Runtime,
    environ: Mapping[str, str],
    slack: SlackStandIn,
    clock: HandClock,
) -> None:
    """One may be said twice, if the end comes between item and noting it."""
    clock.now = datetime.now(UTC) - timedelta(minutes=10)
    texts = [f"notice {number}" for number in range(8)]
    for text in texts:
        runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text=text)
    words = [sys.executable, "-m", "bot", "worker"]
    with spawn(words, cwd=ROOT, env=dict(environ)) as worker:
        slack.wait_for(CONSUMER_A)
        worker.send_signal(signal.SIGKILL)
    clock.now = datetime.now(UTC) + timedelta(minutes=6)  # when what it had claimed is free

    deliver.run(runtime)

    said = [message.text for message in slack.messages(CONSUMER_A)]
    assert set(said) == set(texts)
    assert len(said) <= len(texts) + 1
