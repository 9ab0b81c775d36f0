"""So many are let through at a time, and the slow ones are not counted."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.work.turnstile import Turnstile
from tests.waiting import PATIENCE_S, until

NEVER_S = 10_000.0


def test_no_more_than_so_many_are_at_it() -> None:
    at_most = 3
    turnstile, lock = Turnstile(at_most, NEVER_S), threading.Lock()
    inside, most = 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        with turnstile.one():
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(300)))

    assert 0 < most <= at_most


def test_whoever_waits_gets_the_place_of_who_has_done() -> None:
    turnstile, go_on = Turnstile(1, NEVER_S), threading.Event()
    through: list[str] = []

    def work(name: str) -> None:
        with turnstile.one():
            through.append(name)
            assert go_on.wait(PATIENCE_S)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(work, "first")
        until(lambda: through == ["first"])
        pool.submit(work, "second")
        go_on.set()

    assert through == ["first", "second"]


def test_who_is_slow_takes_nobodys_place() -> None:
    turnstile, go_on = Turnstile(1, 0.01), threading.Event()

    def hang() -> None:
        with turnstile.one():
            assert go_on.wait(PATIENCE_S)

    with ThreadPoolExecutor(2) as pool:
        hanging = [pool.submit(hang) for _ in range(2)]
        with turnstile.one():
            assert not any(each.done() for each in hanging)
        go_on.set()
