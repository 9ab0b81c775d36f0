"""Rows that workers claim one by one, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from storage import LEASE, Store
from storage.db.claims import Claims
from storage.db.table import Table
from storage.errors import LostClaim
from tests.storage.fixtures import START, HandClock

LATER = timedelta(minutes=5)
Put = Callable[..., None]


@dataclass(frozen=True)
class Errand:
    id: str
    lane: str
    due_at: datetime
    attempts: int
    claim: str
    open: bool = True


@pytest.fixture
def table(store: Store) -> Table[Errand]:
    store._db.execute(
        """create table errands (id text primary key, lane text not null, due_at text not null,
               claim text not null, claimed_until text, attempts integer not null,
               open integer not null)"""
    )
    store._db.execute("create index errands_due on errands (due_at) where open = 1")
    store._db.execute("create index errands_lanes on errands (lane, due_at) where open = 1")
    return Table(store._db, "errands", Errand, key=("id",))


@pytest.fixture
def plain(store: Store, table: Table[Errand], clock: HandClock) -> Claims[Errand]:
    return Claims(store._db, clock, table, waiting="open = 1")


@pytest.fixture
def lanes(store: Store, table: Table[Errand], clock: HandClock) -> Claims[Errand]:
    return Claims(store._db, clock, table, lane="lane", waiting="open = 1")


@pytest.fixture
def put(table: Table[Errand]) -> Put:
    """Puts a row for each id; its lane is the first letter."""

    def put(*ids: str, due_at: datetime = START, is_open: bool = True) -> None:
        for each in ids:
            table.insert(id=each, lane=each[0], due_at=due_at, claim="", attempts=0, open=is_open)

    return put


def test_what_is_due_is_claimed_once_the_longest_due_first(
    plain: Claims[Errand], put: Put, clock: HandClock
) -> None:
    put("a2", due_at=START - timedelta(seconds=1))
    put("a1", "a3")
    put("later", due_at=START + LATER)
    put("done", is_open=False)

    first, second, third = plain.claim(2), plain.claim(5), plain.claim(5)
    assert [[each.id for each in some] for some in (first, second, third)] == [
        ["a2", "a1"],
        ["a3"],
        [],
    ]
    assert {each.attempts for each in first} == {1}
    assert [each.id for each in plain.claim(5, due_by=START + LATER)] == ["later"]


def test_a_lease_is_a_minute_and_lapses_unless_it_is_renewed(
    plain: Claims[Errand], put: Put, clock: HandClock
) -> None:
    put("a1", "a2")
    [a1, a2] = plain.claim(2)

    clock.advance(seconds=59)
    renewed = plain.renew([a1])
    clock.advance(seconds=2)
    elsewhere = plain.claim(5)

    assert timedelta(seconds=60) == LEASE
    assert renewed == [a1]
    assert [each.id for each in elsewhere] == ["a2"]
    assert plain.renew([a1, a2, *elsewhere]) == [a1, *elsewhere]


def test_whoever_has_lost_a_claim_writes_nothing(
    plain: Claims[Errand], table: Table[Errand], put: Put, clock: HandClock
) -> None:
    put("a1")
    [lost] = plain.claim(1)
    clock.advance(seconds=61)
    [held] = plain.claim(1)

    assert not plain.holds(lost)
    assert not plain.release(lost, START)
    assert not plain.finish(lost)
    with pytest.raises(LostClaim):
        plain.save(lost, lane="b")
    assert plain.holds(held)
    assert plain.save(held, lane="c") == table.get(id="a1")
    assert plain.finish(held)
    assert table.find() == []


def test_what_is_released_is_due_again_then_and_counts_its_attempts(
    plain: Claims[Errand], put: Put, clock: HandClock
) -> None:
    put("a1")
    attempts = []
    for kept in ({}, {}, {"counted": False}, {"attempts": 0}, {}):
        [mine] = plain.claim(1)
        attempts.append(mine.attempts)
        assert plain.release(mine, clock() + LATER, **kept)
        assert plain.claim(1) == []
        clock.advance(seconds=LATER.total_seconds())

    assert attempts == [1, 2, 3, 3, 1]


def test_it_is_known_when_something_is_due_next(
    plain: Claims[Errand], put: Put, clock: HandClock
) -> None:
    assert plain.next_due() is None
    put("a1")
    put("a2", due_at=START + LATER)
    put("done", is_open=False)

    assert plain.next_due() == START
    [mine] = plain.claim(1)
    assert plain.next_due() == START + LEASE
    plain.finish(mine)
    assert plain.next_due() == START + LATER


def test_a_clock_that_was_ahead_holds_up_no_row(
    plain: Claims[Errand], put: Put, clock: HandClock
) -> None:
    put("a1", "a2")
    clock.advance(hours=2)
    [first, _] = plain.claim(2)
    plain.release(first, clock() + LATER)
    clock.advance(hours=-2)

    assert plain.claim(5) == []
    assert plain.pull_in(LATER) == 2
    assert [each.id for each in plain.claim(5)] == ["a1", "a2"]


def test_rows_that_are_as_far_off_as_they_may_be_are_left(plain: Claims[Errand], put: Put) -> None:
    put("a1")
    put("a2", due_at=START + LATER)
    [mine] = plain.claim(1)

    assert plain.pull_in(LATER) == 0
    assert plain.holds(mine)


def test_lanes_take_turns(lanes: Claims[Errand], put: Put) -> None:
    put(*(f"a{n:02}" for n in range(20)), "b1", "b2", "c1")

    claimed = [[each.id for each in lanes.claim(2)] for _ in range(4)]
    assert claimed == [["a00", "b1"], ["a01", "c1"], ["a02", "b2"], ["a03", "a04"]]


def test_a_lane_has_so_many_under_way_as_it_may(
    lanes: Claims[Errand], put: Put, clock: HandClock
) -> None:
    put("a1", "a2", "a3", "b1")

    first = lanes.claim(9, per_lane=2)
    assert [each.id for each in first] == ["a1", "a2", "b1"]
    assert lanes.claim(9, per_lane=2) == []

    lanes.finish(first[0])
    assert [each.id for each in lanes.claim(9, per_lane=2)] == ["a3"]
    clock.advance(seconds=61)
    assert [each.id for each in lanes.claim(9, per_lane=2)] == ["a2", "a3", "b1"]


def test_lanes_are_named_or_passed_over(lanes: Claims[Errand], put: Put) -> None:
    put("a1", "a2", "b1", "c1", "d1")

    assert [each.id for each in lanes.claim(9, lanes=["c", "x"])] == ["c1"]
    assert [each.id for each in lanes.claim(9, without=["a", "b"])] == ["d1"]
    assert [each.id for each in lanes.claim(9, where="id <> :not", params={"not": "a1"})] == [
        "a2",
        "b1",
    ]


@pytest.mark.parametrize("per_lane", [None, 3])
def test_many_who_claim_at_once_get_each_row_once_and_keep_the_bound(
    lanes: Claims[Errand], put: Put, per_lane: int | None
) -> None:
    put(*(f"{lane}{n:02}" for lane in "abcd" for n in range(20)))

    with ThreadPoolExecutor(8) as pool:
        got = pool.map(lambda _: lanes.claim(5, per_lane=per_lane), range(40))
        claimed = [each for some in got for each in some]

    assert len({each.id for each in claimed}) == len(claimed)
    assert Counter(each.lane for each in claimed) == dict.fromkeys("abcd", per_lane or 20)


def test_many_rows_are_renewed_together(plain: Claims[Errand], put: Put) -> None:
    put(*(f"a{n:04}" for n in range(1100)))
    held = plain.claim(1100)

    assert plain.renew(held) == held


def test_times_are_of_one_zone(plain: Claims[Errand], put: Put) -> None:
    put("a1")

    assert plain.claim(1)[0].due_at.tzinfo == UTC
