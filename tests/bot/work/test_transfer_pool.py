"""The hands that move transfers: counted, few of them for streams, and done at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from bot.transfer_pool import TransferPool
from tests.waiting import PATIENCE_S


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What tasks wait for; opened at the latest when the test ends."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_a_hand_is_free_again_when_its_task_is_done_even_if_it_broke(
    gate: threading.Event,
) -> None:
    movers = TransferPool(workers=2)

    waiting = movers.take(lambda: _wait(gate))
    broken = movers.take(lambda: _break())

    assert isinstance(broken.exception(PATIENCE_S), RuntimeError)
    assert movers.free == 1
    gate.set()
    waiting.result(PATIENCE_S)
    movers.finish()
    assert movers.free == 2


def test_only_some_may_stream_at_the_same_time() -> None:
    movers = TransferPool(workers=3, streams=1)

    with movers.streaming() as first, movers.streaming() as second:
        assert (first, second) == (True, False)
    with movers.streaming() as later:
        assert later

    movers.finish()


def test_at_the_end_all_that_was_taken_is_done_and_nothing_more_is_taken(
    gate: threading.Event,
) -> None:
    movers = TransferPool(workers=1)
    done: list[int] = []
    movers.take(lambda: _wait(gate))
    for number in range(3):
        movers.take(partial(done.append, number))

    gate.set()
    movers.finish()

    assert done == [0, 1, 2]
    with pytest.raises(RuntimeError):
        movers.take(lambda: None)
    assert movers.free == 1


def _wait(gate: threading.Event) -> None:
    assert gate.wait(PATIENCE_S)


def _break() -> None:
    raise RuntimeError("broken")
