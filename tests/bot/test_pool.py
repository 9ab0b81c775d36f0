"""The bot's own workers: bounded, shared fairly, tireless, and done only when all is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import pytest

from bot.pool import Bound, Load, Pool, Slots
from tests.waiting import PATIENCE_S, until

ANN, BEN = ("person", "T1/U1"), ("person", "T1/U2")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What tasks wait for; opened at the latest when the test ends."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_more_than_there_is_room_for_is_refused_at_once(gate: threading.Event) -> None:
    pool = Pool(2, 3, "test")

    taken = [pool.take(lambda: _wait(gate)) is not None for _ in range(6)]

    assert taken == [True] * 5 + [False]
    gate.set()
    pool.finish()


def test_room_comes_back_when_a_task_is_done_even_if_it_broke(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pool = Pool(1, 0, "test")

    broken = [_taken(pool) for _ in range(3)]
    pool.finish()

    assert [type(each.exception(PATIENCE_S)) for each in broken] == [ZeroDivisionError] * 3
    assert [r.message for r in caplog.records] == ["a task of 'test' broke"] * 3
    assert pool.load == Load(threads=1, busy=0, waiting=0)


def test_it_knows_its_load(gate: threading.Event) -> None:
    pool = Pool(2, 3, "test")

    for _ in range(3):
        pool.take(lambda: _wait(gate))

    assert pool.load == Load(threads=2, busy=2, waiting=1)
    gate.set()
    pool.finish()
    assert pool.load == Load(threads=2, busy=0, waiting=0)


def test_finish_waits_for_what_was_taken_in_order_and_takes_no_more(gate: threading.Event) -> None:
    pool = Pool(1, 10, "test")
    done: list[int] = []
    pool.take(lambda: _wait(gate))
    for number in range(8):
        pool.take(partial(done.append, number))
    ending = threading.Thread(target=pool.finish)
    ending.start()

    assert done == []
    gate.set()
    ending.join(PATIENCE_S)

    assert done == list(range(8))
    assert pool.take(lambda: None) is None
    pool.finish()


def test_whoever_has_all_that_is_theirs_waits_and_keeps_nobody_else_waiting(
    gate: threading.Event,
) -> None:
    pool = Pool(3, 10, "test", {"person": Bound(threads=2, waiting=2)})
    done: list[str] = []

    def ann(number: int) -> None:
        _wait(gate)
        done.append(f"ann {number}")

    anns = [pool.take(partial(ann, number), ANN) is not None for number in range(5)]
    ben = pool.take(partial(done.append, "ben"), BEN)

    assert anns == [True] * 4 + [False]
    assert ben is not None
    ben.result(PATIENCE_S)
    assert done == ["ben"]
    gate.set()
    pool.finish()
    assert sorted(done) == ["ann 0", "ann 1", "ann 2", "ann 3", "ben"]


def test_a_task_of_two_keys_needs_the_room_of_both(gate: threading.Event) -> None:
    bounds = {"person": Bound(2, 1), "workspace": Bound(3, 0)}
    pool = Pool(8, 8, "test", bounds)

    taken = [
        pool.take(lambda: _wait(gate), ("person", who), ("workspace", where)) is not None
        for who, where in (("a", "T1"), ("b", "T1"), ("c", "T1"), ("d", "T1"), ("d", "T2"))
    ]

    assert taken == [True, True, True, False, True]
    gate.set()
    pool.finish()


def test_slots_are_had_by_so_many_at_the_same_time() -> None:
    slots = Slots(1)

    with slots.holding() as first, slots.holding() as second:
        assert (first, second, slots.taken) == (True, False, 1)
    with slots.holding() as later:
        assert later

    assert slots.taken == 0


def test_forty_slow_tasks_are_under_way_at_the_same_time() -> None:
    """As many as the commands that may come within one second, each waiting for the cloud."""
    together = threading.Barrier(41)

    def task() -> None:
        together.wait(PATIENCE_S)

    pool = Pool(40, 0, "test")

    for _ in range(40):
        assert pool.take(task)

    together.wait(PATIENCE_S)
    pool.finish()


def _wait(gate: threading.Event) -> None:
    assert gate.wait(PATIENCE_S)


def _taken(pool: Pool) -> Future[None]:
    """Has a task that breaks be taken, once there is room for it."""

    def broken() -> None:
        raise ZeroDivisionError

    return until(lambda: pool.take(broken))
