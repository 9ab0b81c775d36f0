"""Which digests have been served."""

from __future__ import annotations

from datetime import timedelta

from storage import ALL_ACCOUNTS, Slot, SlotState, Store, digest_key
from tests import taking
from tests.storage.fixtures import START, HandClock

NINE = Slot("2026-03-02 09:00", START)
OWNER = ("T1", "U1", ALL_ACCOUNTS)


def served(store: Store, slot: Slot, *, number: str = ALL_ACCOUNTS, user: str = "U1") -> bool:
    return store.digests.settle("T1", user, number, slot, SlotState.SENT)


def test_a_slot_is_served_once_a_person_and_preference(store: Store) -> None:
    assert served(store, NINE)
    assert not served(store, NINE)
    assert served(store, NINE, user="U2")
    assert served(store, NINE, number="2200222")


def test_what_became_of_a_slot_stays_so(store: Store) -> None:
    served(store, NINE)

    assert not store.digests.settle(*OWNER, NINE, SlotState.SKIPPED, "too late")

    last = store.digests.last(*OWNER)
    assert last is not None
    assert (last.state, last.detail) == (SlotState.SENT, "")
    assert store.digests.settled(*OWNER, [NINE.name, "2026-03-03 09:00"]) == {NINE.name}
    assert store.digests.settled(*OWNER, []) == frozenset()


def test_the_last_slot_is_the_latest_whatever_it_is_called(store: Store, clock: HandClock) -> None:
    for hours, name in ((0, "2026-03-03 09:00"), (1, NINE.name), (-1, "2026-03-04 09:00")):
        slot = Slot(name, START + timedelta(hours=hours))
        store.digests.settle(*OWNER, slot, SlotState.EMPTY)
    clock.advance(hours=2)

    last = store.digests.last(*OWNER)

    assert last is not None
    assert (last.slot, last.due_at) == (NINE.name, START + timedelta(hours=1))
    assert store.digests.last("T1", "U2", ALL_ACCOUNTS) is None
    assert store.digests.last(*OWNER, SlotState.SENT) is None


def test_a_slot_of_a_clock_far_ahead_is_not_the_last_one(store: Store) -> None:
    served(store, NINE)
    served(store, Slot("2027-03-02 09:00", START + timedelta(days=365)))

    last = store.digests.last(*OWNER)

    assert last is not None
    assert last.slot == NINE.name


def test_what_an_earlier_release_has_claimed_is_not_known_before_it_is_settled(
    store: Store,
) -> None:
    """Its process may still run while this one begins."""
    store._db.execute(
        """insert into slots (team_id, user_id, number, slot, due_at, state, detail, at)
           values ('T1', 'U1', '', '2026-03-02 09:00', :now, 'claimed', '', :now)""",
        {"now": START},
    )

    assert store.digests.last(*OWNER) is None
    assert store.digests.last_error(*OWNER) == ""


def test_the_last_error_is_what_was_skipped_or_what_slack_refused(store: Store) -> None:
    store.digests.settle(*OWNER, NINE, SlotState.SKIPPED, "too late")
    assert store.digests.last_error(*OWNER) == "too late"
    next_one = Slot("2026-03-02 10:00", START)

    served(store, next_one)
    assert store.digests.last_error(*OWNER) == ""

    key = digest_key(*OWNER, next_one.name)
    store.outbox.put(team_id="T1", user_id="U1", text="x", dedupe_key=f"{key} 0")
    [notice] = taking.notices(store)
    store.outbox.fail(notice.id, "not_in_channel")
    assert store.digests.last_error(*OWNER) == "not_in_channel"
    assert store.digests.last_error("T1", "U2", ALL_ACCOUNTS) == ""


def test_old_slots_are_forgotten(store: Store) -> None:
    served(store, NINE)

    assert store.digests.prune(START) == 0
    assert store.digests.prune(START + timedelta(seconds=1)) == 1
