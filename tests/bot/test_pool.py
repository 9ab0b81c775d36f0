"""The bot's own workers: bounded, tireless, and done only when all is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.pool import WAITING, WORKERS, RequestPool
from tests.waiting import PATIENCE_S, until


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What tasks wait for; opened at the latest when the test ends."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_more_than_there_is_room_for_is_refused_at_once(gate: threading.Event) -> None:
    work = RequestPool(workers=2, waiting=3)

    taken = [work.take(lambda: _wait(gate)) for _ in range(6)]

    assert taken == [True] * 5 + [False]
    gate.set()
    work.finish()


def test_room_comes_back_when_a_task_is_done_even_if_it_broke(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = RequestPool(workers=1, waiting=0)

    for _ in range(3):
        assert _taken(work)
    work.finish()

    assert [r.message for r in caplog.records] == ["an answer broke"] * 3


def test_finish_waits_for_what_was_taken_and_takes_no_more(gate: threading.Event) -> None:
    work = RequestPool(workers=2, waiting=10)
    done: list[int] = []

    def task() -> None:
        _wait(gate)
        done.append(1)

    for _ in range(8):
        work.take(task)
    ending = threading.Thread(target=work.finish)
    ending.start()

    assert done == []
    gate.set()
    ending.join(PATIENCE_S)

    assert done == [1] * 8
    assert not work.take(task)
    work.finish()


def test_forty_slow_tasks_are_under_way_at_the_same_time() -> None:
    """As many as the commands that may come within one second, each waiting for the cloud."""
    together = threading.Barrier(WORKERS + 1)
    work = RequestPool()

    def task() -> None:
        together.wait(PATIENCE_S)

    for _ in range(WORKERS):
        assert work.take(task)

    together.wait(PATIENCE_S)
    work.finish()

    assert WORKERS >= 40
    assert WAITING > WORKERS


def _wait(gate: threading.Event) -> None:
    assert gate.wait(PATIENCE_S)


def _taken(work: RequestPool) -> bool:
    """Has a task that breaks be taken, once there is room for it."""

    def broken() -> None:
        raise ZeroDivisionError

    return until(lambda: work.take(broken))
