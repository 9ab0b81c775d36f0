"""What is due, in hand and given up is counted alike on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from storage import Backlog, Store
from storage.db.migrations import MIGRATIONS
from storage.work.overview import SOURCES, Source
from tests import taking
from tests.storage.fixtures import HandClock

EVERY = timedelta(minutes=5)
NOT_WORK = {
    "slots": "what became of digests; their schedules are the work",
}
"""Tables with a due moment that are no work of their own."""


def _of(store: Store, kind: str) -> Backlog:
    [found] = [each for each in store.work.all() if each.kind == kind]
    return found


def _put(store: Store, text: str = "hello", user_id: str = "U1") -> None:
    store.outbox.put(team_id="T1", user_id=user_id, text=text)


def test_every_kind_is_there_while_nothing_waits(store: Store) -> None:
    kinds = {each.kind for each in SOURCES if not each.name}

    assert [each for each in store.work.all() if each != Backlog(each.kind)] == []
    assert {each.kind for each in store.work.all()} == kinds


def test_messages_are_due_then_in_hand_then_given_up(store: Store, clock: HandClock) -> None:
    begun = clock()
    _put(store, "first")
    clock.advance(minutes=1)
    _put(store, "second")
    assert _of(store, "messages") == Backlog(
        "messages", due=2, oldest_due_at=begun, oldest_made_at=begun
    )

    [first] = taking.notices(store, 1)
    held = _of(store, "messages")
    assert (held.due, held.held, held.stalest_held_at) == (1, 1, begun)

    store.outbox.fail(first.id, "no_text")
    failed = _of(store, "messages")
    assert (failed.due, failed.held, failed.failed) == (1, 0, 1)

    store.outbox.drop(first.id)
    assert _of(store, "messages").failed == 0


def test_a_claim_that_has_lapsed_is_due_again(store: Store, clock: HandClock) -> None:
    _put(store)
    taking.notices(store, 1)
    clock.advance(minutes=6)

    found = _of(store, "messages")

    assert (found.due, found.held) == (1, 0)


def test_what_waits_for_a_person_who_cannot_be_reached_is_not_late(store: Store) -> None:
    _put(store)
    store.people.seen("T1", "U1")
    store.people.pause("T1", "U1", "user_disabled")

    assert _of(store, "messages") == Backlog("messages")


def test_what_is_claimed_again_and_again_is_counted(store: Store, clock: HandClock) -> None:
    ticks = store.ticks.every("mine", EVERY)
    for _ in range(5):
        assert _of(store, "ticks/mine").repeated == 0
        ticks.claim(1)
        clock.advance(minutes=2)

    assert _of(store, "ticks/mine").repeated == 1


def test_ticks_are_told_apart_by_their_names(store: Store, clock: HandClock) -> None:
    for name in ("mine", "yours"):
        store.ticks.every(name, EVERY)
    [tick] = store.ticks.every("mine", EVERY).claim(1)
    store.ticks.done(tick, EVERY)

    assert (_of(store, "ticks/mine").due, _of(store, "ticks/yours").due) == (0, 1)


def test_a_row_whose_due_moment_was_never_reckoned_is_due_and_not_overdue(store: Store) -> None:
    store.ticks.every("mine", EVERY)
    store._db.execute("update ticks set due_at = '0'")

    found = _of(store, "ticks/mine")

    assert (found.due, found.oldest_due_at) == (1, None)
    assert store.work.rows("ticks", 1)[0].due_at is None


def test_rows_are_listed_by_when_they_are_due_after_those_given_up(
    store: Store, clock: HandClock
) -> None:
    for text in ("first", "second", "third"):
        _put(store, text)
        clock.advance(minutes=1)
    [first] = taking.notices(store, 1)
    [second] = taking.notices(store, 1)
    store.outbox.fail(second.id, "no_text")

    rows = store.work.rows("messages", 10)

    assert [(each.failed, each.error, each.held_until is not None) for each in rows] == [
        (True, "no_text", False),
        (False, "", True),
        (False, "", False),
    ]
    assert rows[1].key == f"{first.id} T1 U1"
    assert len(store.work.rows("messages", 1)) == 1


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_rows_of_each_kind_can_be_listed(source: Source, store: Store) -> None:
    assert store.work.rows(source.kind, 5) == []


def test_every_table_of_work_is_a_source() -> None:
    """Whoever adds a table with a due moment and a claim adds its line to SOURCES."""
    statements = [each for _, step in MIGRATIONS for each in step if isinstance(each, str)]
    made = r"(?:create table (\w+)(?=.*\b(?:due|look)_at\b)|alter table (\w+) add column due_at)"
    found = [re.match(made, " ".join(each.split())) for each in statements]
    work = {each[1] or each[2] for each in found if each}

    assert work - {each.table for each in SOURCES} == set(NOT_WORK)
