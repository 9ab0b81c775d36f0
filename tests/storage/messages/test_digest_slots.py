"""Which digests have been served."""

from __future__ import annotations

from datetime import timedelta

from storage import ALL_ACCOUNTS, SlotState, Store, digest_key
from tests.storage.fixtures import START, HandClock

NINE = "2026-03-02 09:00"


def served(store: Store, slot: str, *, number: str = ALL_ACCOUNTS, user: str = "U1") -> bool:
    """Claim and settle, as a worker does."""
    row = ("T1", user, number, slot)
    return store.digests.claim(*row, START) and store.digests.settle(*row, SlotState.SENT)


def test_a_slot_is_served_once_a_person_and_preference(store: Store) -> None:
    assert served(store, NINE)
    assert not served(store, NINE)
    assert served(store, NINE, user="U2")
    assert served(store, NINE, number="2200222")


def test_a_slot_whose_worker_died_is_claimed_again_and_settled_once(store: Store) -> None:
    row = ("T1", "U1", ALL_ACCOUNTS, NINE)
    assert store.digests.claim(*row, START)

    assert store.digests.claim(*row, START)

    assert store.digests.settle(*row, SlotState.SENT)
    assert not store.digests.settle(*row, SlotState.SENT)
    assert not store.digests.settle(*row, SlotState.SKIPPED, "too late")
    last = store.digests.last("T1", "U1", ALL_ACCOUNTS)
    assert last is not None
    assert (last.state, last.detail) == (SlotState.SENT, "")


def test_what_was_never_settled_is_given_up_when_the_next_one_is_due(store: Store) -> None:
    row = ("T1", "U1", ALL_ACCOUNTS, NINE)
    store.digests.claim(*row, START)

    assert store.digests.overtaken("T1", "U1", ALL_ACCOUNTS, START) == 0
    assert store.digests.overtaken("T1", "U1", ALL_ACCOUNTS, START + timedelta(seconds=1)) == 1

    assert not store.digests.claim(*row, START)
    assert store.digests.last_error("T1", "U1", ALL_ACCOUNTS) == "overtaken by the next one"


def test_the_last_slot_is_the_latest_whatever_it_is_called(store: Store, clock: HandClock) -> None:
    for hours, slot in ((0, "2026-03-03 09:00"), (1, NINE), (-1, "2026-03-04 09:00")):
        store.digests.claim("T1", "U1", ALL_ACCOUNTS, slot, START + timedelta(hours=hours))
    clock.advance(hours=2)

    last = store.digests.last("T1", "U1", ALL_ACCOUNTS)

    assert last is not None
    assert (last.slot, last.due_at) == (NINE, START + timedelta(hours=1))
    assert store.digests.last("T1", "U2", ALL_ACCOUNTS) is None
    assert store.digests.last("T1", "U1", ALL_ACCOUNTS, SlotState.SENT) is None


def test_a_slot_of_a_clock_far_ahead_is_not_the_last_one(store: Store) -> None:
    served(store, NINE)
    store.digests.claim("T1", "U1", ALL_ACCOUNTS, "2027-03-02 09:00", START + timedelta(days=365))

    last = store.digests.last("T1", "U1", ALL_ACCOUNTS)

    assert last is not None
    assert last.slot == NINE


def test_the_last_error_is_what_broke_or_what_slack_refused(store: Store) -> None:
    row = ("T1", "U1", ALL_ACCOUNTS, NINE)
    store.digests.claim(*row, START)
    store.digests.broke(*row, "KeyError")
    assert store.digests.last_error("T1", "U1", ALL_ACCOUNTS) == "KeyError"

    store.digests.settle(*row, SlotState.SENT)
    assert store.digests.last_error("T1", "U1", ALL_ACCOUNTS) == ""

    store.outbox.put(team_id="T1", user_id="U1", text="x", dedupe_key=f"{digest_key(*row)} 0")
    [notice] = store.outbox.claim()
    store.outbox.fail(notice.id, "not_in_channel")
    assert store.digests.last_error("T1", "U1", ALL_ACCOUNTS) == "not_in_channel"
    assert store.digests.last_error("T1", "U2", ALL_ACCOUNTS) == ""


def test_old_slots_are_forgotten(store: Store) -> None:
    served(store, NINE)

    assert store.digests.prune(START) == 0
    assert store.digests.prune(START + timedelta(seconds=1)) == 1
