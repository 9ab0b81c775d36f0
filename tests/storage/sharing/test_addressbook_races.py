"""An address book that many write in at once: each is told whether the name was free."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from storage import Store
from tests.storage.conftest import Start
from tests.storage.naming import BOOK, NICKNAMES, NUMBERS, write_names

THREADS, PROCESSES = 6, 4


def hold(store: Store, results: Iterable[Iterable[tuple[str, str, bool]]]) -> None:
    """Nobody's put broke; and the book says of each account what somebody was told it does."""
    told = [each for result in results for each in result]
    book = store.names.of(*BOOK)
    assert {free for _, _, free in told} == {True, False}
    assert len({name.number for name in book}) == len(book) <= NUMBERS
    assert len({name.nickname for name in book}) == len(book) <= NICKNAMES
    assert {(name.number, name.nickname, True) for name in book} <= set(told)


def test_threads_that_name_the_same_accounts_at_once_are_told_whose_each_name_is(
    store: Store,
) -> None:
    """Even those who exchange names: PostgreSQL would break off one of them."""
    with ThreadPoolExecutor(THREADS) as pool:
        schedules = [(f"seed {number}", "400") for number in range(THREADS)]
        results = list(pool.map(lambda schedule: write_names(store, schedule), schedules))

    hold(store, results)


def test_processes_that_name_the_same_accounts_at_once_are_told_whose_each_name_is(
    store: Store, start: Start
) -> None:
    workers = [start("write_names", f"seed {number}", "200") for number in range(PROCESSES)]

    for worker in workers:
        worker.go()
    heard: list[Any] = [worker.hears() for worker in workers]

    hold(store, [[tuple(each) for each in result] for result in heard])
