"""
Claims and tokens that many reach for at once: never two hold a claim, nobody spends one twice.

In threads Hypothesis makes up the schedules. It is not to make a failing one smaller: in a race
the smaller one need not fail, and what failed is printed. Processes have one long schedule each,
by a seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage import Store
from tests.storage import claiming
from tests.storage.claiming import KEYS, KIND, Span, Use, Visit
from tests.storage.conftest import Start

THREADS, PROCESSES, TOKENS = 4, 4, 3

T = TypeVar("T")
Got = TypeVar("Got")

in_a_race = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
SPANS = st.builds(
    lambda key, start, length: Span(key, start, start + length),
    st.sampled_from(KEYS),
    st.integers(0, 60),
    st.integers(1, 20),
)
VISITS = st.builds(Visit, st.sampled_from(KEYS), st.sampled_from([True, True, True, False]))
USES = st.builds(
    Use,
    st.integers(0, TOKENS - 1),
    st.booleans(),
    late=st.sampled_from([False, False, False, True]),
    kind=st.sampled_from([KIND, KIND, KIND, "undo"]),
)


def for_each_thread(steps: st.SearchStrategy[T]) -> st.SearchStrategy[list[list[T]]]:
    return st.lists(st.lists(steps, min_size=5, max_size=20), min_size=THREADS, max_size=THREADS)


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


@in_a_race
@given(schedules=for_each_thread(SPANS))
def test_of_claims_that_threads_win_no_two_are_at_one_time(
    store: Store, schedules: list[list[Span]]
) -> None:
    """Though to some it is later than to others."""
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


@in_a_race
@given(schedules=for_each_thread(VISITS))
def test_where_only_one_may_be_no_second_thread_comes(
    store: Store, tmp_path: Path, schedules: list[list[Visit]]
) -> None:
    """Not even if one that holds nothing lets go of it."""
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


@in_a_race
@given(schedules=for_each_thread(USES))
def test_a_token_that_threads_use_at_once_is_good_until_it_is_spent_once(
    store: Store, schedules: list[list[Use]]
) -> None:
    tokens = [store.once.issue(KIND, {"number": number}, 60) for number in range(TOKENS)]

    good = in_threads(lambda uses: claiming.use(store, tokens, uses), schedules)

    done = [list(zip(*each, strict=True)) for each in zip(schedules, good, strict=True)]
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


def hold_order(told: Sequence[tuple[Use, bool]]) -> None:
    """After whoever tried to spend it, in time or not, it is no good to them."""
    tried = False
    for use, was in told:
        assert not (tried and was)
        tried = tried or use.spends
