"""What the cloud said a moment ago, kept for menus."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers.core.list_cache import Cache, collect
from tests.waiting import PATIENCE_S


class Timer:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Source:
    """A list that says how often it was read, and stands still in its middle until it is let on."""

    def __init__(self, *items: str, held: bool = False) -> None:
        self.items = items
        self.times = 0
        self.middle, self.on = threading.Event(), threading.Event()
        if not held:
            self.on.set()

    def __call__(self) -> Iterator[str]:
        self.times += 1
        for i, item in enumerate(self.items):
            if i:
                self.middle.set()
                assert self.on.wait(PATIENCE_S)
            yield item


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def cache(timer: Timer) -> Cache[str]:
    return Cache(timer, max_items=10)


def test_is_read_once_in_a_minute(cache: Cache[str], timer: Timer) -> None:
    source = Source("a", "b")

    assert collect([cache.read("k", source)], PATIENCE_S) == ["a", "b"]
    timer.seconds += 59
    assert collect([cache.read("k", source)], PATIENCE_S) == ["a", "b"]
    assert source.times == 1
    timer.seconds += 2
    assert collect([cache.read("k", source)], PATIENCE_S) == ["a", "b"]
    assert source.times == 2


def test_the_minute_begins_when_all_has_been_read(cache: Cache[str], timer: Timer) -> None:
    source = Source("a", "b", held=True)
    reading = cache.read("k", source)
    assert source.middle.wait(PATIENCE_S)
    timer.seconds += 50

    source.on.set()
    collect([reading], PATIENCE_S)
    timer.seconds += 50
    cache.read("k", source)

    assert source.times == 1


def test_what_is_slow_shows_what_is_there(cache: Cache[str]) -> None:
    slow, quick = Source("a", "b", held=True), Source("c", "d")
    readings = [cache.read("slow", slow), cache.read("quick", quick)]
    assert slow.middle.wait(PATIENCE_S)
    readings[1].done.result(PATIENCE_S)

    assert collect(readings, 0.01) == ["a", "c", "d"]
    slow.on.set()
    assert collect(readings, PATIENCE_S) == ["a", "b", "c", "d"]


def test_many_who_ask_at_once_read_once(cache: Cache[str]) -> None:
    source = Source("a", "b", held=True)

    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda _: cache.read("k", source), range(64)))
    source.on.set()

    assert len({id(reading) for reading in readings}) == 1
    assert collect(readings[:1], PATIENCE_S) == ["a", "b"]
    assert source.times == 1


def test_what_could_not_be_read_is_said_and_tried_again(cache: Cache[str]) -> None:
    def broken() -> Iterator[str]:
        raise OSError("down")

    with pytest.raises(OSError, match="down"):
        collect([cache.read("k", broken)], PATIENCE_S)

    assert collect([cache.read("k", Source("a"))], PATIENCE_S) == ["a"]


def test_trouble_does_not_hide_what_others_have(cache: Cache[str]) -> None:
    def broken() -> Iterator[str]:
        yield "a"
        raise OSError("down")

    readings = [cache.read("broken", broken), cache.read("k", Source("b"))]

    assert collect(readings, PATIENCE_S) == ["a", "b"]


def test_more_than_it_holds_pushes_out_what_was_asked_for_longest_ago(cache: Cache[str]) -> None:
    """Ten in all, and each list counts one more than it is long."""
    first, second, huge = Source(*"abcd"), Source(*"efgh"), Source(*"abcdefghijk")
    for key, source in (("first", first), ("second", second)):
        collect([cache.read(key, source)], PATIENCE_S)

    assert len(collect([cache.read("huge", huge)], PATIENCE_S)) == 11
    collect([cache.read("second", second), cache.read("huge", huge)], PATIENCE_S)

    assert (second.times, huge.times) == (1, 2)
