"""
Claims and tokens that many reach for at once: never two hold a claim, nobody spends one twice.

Threads have many short schedules each, processes one long one. All are drawn by a seed, and before
anybody begins: Hypothesis objects if another thread uses `random` while it draws, as psycopg's
pool does. Nor could it make a failing schedule smaller: in a race the smaller one need not fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from storage import Store
from tests.storage import claiming
from tests.storage.claiming import KEYS, KIND, Span, Use
from tests.storage.conftest import Start

THREADS, PROCESSES, TOKENS = 4, 4, 3
ROUNDS, STEPS = 15, 20

T = TypeVar("T")
Got = TypeVar("Got")
Told = Sequence[tuple[Use, bool]]
"""What one did, in order, and whether the token was good."""


def schedules_of_each_round(at_random: Callable[[str], T]) -> list[list[T]]:
    """One for each thread, by seeds that differ."""
    return [
        [at_random(f"round {number}, thread {thread}") for thread in range(THREADS)]
        for number in range(ROUNDS)
    ]


def in_threads(work: Callable[[T], Got], schedules: Sequence[T]) -> list[Got]:
    """What each got, all having begun at one moment."""
    barrier = Barrier(len(schedules))

    def wait_and_work(schedule: T) -> Got:
        barrier.wait()
        return work(schedule)

    with ThreadPoolExecutor(len(schedules)) as pool:
        return list(pool.map(wait_and_work, schedules))


def in_processes(start: Start, task: str, *names: str) -> list[Any]:
    """Likewise; each has a seed of its own."""
    workers = [start(task, f"seed {number}", *names) for number in range(PROCESSES)]
    for worker in workers:
        worker.go()
    return [worker.hears() for worker in workers]


def overlapping(spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    in_order = sorted(spans)
    return [
        (one, next_)
        for one, next_ in pairwise(in_order)
        if one.key == next_.key and next_.start < one.end
    ]


def test_of_claims_that_threads_win_no_two_are_at_one_time(store: Store) -> None:
    """Though to some it is later than to others."""
    rounds = schedules_of_each_round(lambda seed: claiming.spans_at_random(seed, STEPS))

    for schedules in rounds:
        won = in_threads(lambda spans: claiming.win(store, spans), schedules)

        spans = [span for each in won for span in each]
        assert overlapping(spans) == []
        assert {span.key for span in spans} == {span.key for each in schedules for span in each}
        store._db.execute("delete from once")


def test_of_claims_that_processes_win_no_two_are_at_one_time(store: Store, start: Start) -> None:
    won = in_processes(start, "win_spans")

    spans = [Span(*span) for each in won for span in each]
    assert overlapping(spans) == []
    assert {span.key for span in spans} == set(KEYS)


def test_where_only_one_may_be_no_second_thread_comes(store: Store, tmp_path: Path) -> None:
    """Not even if one that holds nothing lets go of it."""
    rounds = schedules_of_each_round(lambda seed: claiming.visits_at_random(seed, STEPS))

    for schedules in rounds:
        visits = in_threads(lambda each: claiming.visit(store, tmp_path, each), schedules)

        assert [key for each in visits for key, alone in each if not alone] == []
        assert all(store.once.claim(key, 60) for key in KEYS)
        store._db.execute("delete from once")


def test_where_only_one_may_be_no_second_process_comes(
    store: Store, start: Start, tmp_path: Path
) -> None:
    visits = in_processes(start, "visit_places", str(tmp_path))

    assert [key for each in visits for key, alone in each if not alone] == []
    assert {key for each in visits for key, _ in each} == set(KEYS)
    assert all(store.once.claim(key, 60) for key in KEYS)


def test_a_token_that_threads_use_at_once_is_good_until_it_is_spent_once(store: Store) -> None:
    rounds = schedules_of_each_round(lambda seed: claiming.uses_at_random(seed, STEPS, TOKENS))

    for schedules in rounds:
        tokens = [store.once.issue(KIND, {"number": number}, 60) for number in range(TOKENS)]

        good = in_threads(lambda uses: claiming.use(store, tokens, uses), schedules)  # noqa: B023

        hold_tokens([list(zip(*each, strict=True)) for each in zip(schedules, good, strict=True)])


def hold_tokens(done: Sequence[Told]) -> None:
    """Each is spent once at most, and once if all who tried were in time."""
    spent = Counter(each.number for told in done for each, was in told if was and each.spends)
    for number in range(TOKENS):
        tried = [use for told in done for use, _ in told if own(use, number) and use.spends]
        in_time = bool(tried) and not any(use.late for use in tried)
        assert spent[number] == 1 if in_time else spent[number] <= 1
        for told in done:
            hold_order([(use, was) for use, was in told if own(use, number)])
    assert not [use for told in done for use, was in told if was and (use.late or use.kind != KIND)]


def own(use: Use, number: int) -> bool:
    return (use.kind, use.number) == (KIND, number)


def hold_order(told: Told) -> None:
    """After whoever tried to spend it, in time or not, it is no good to them."""
    tried = False
    for use, was in told:
        assert not (tried and was)
        tried = tried or use.spends
