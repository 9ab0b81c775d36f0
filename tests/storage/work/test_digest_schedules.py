"""When digests are due: a row for each preference, reckoned anew when something has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from storage import ALL_ACCOUNTS, Account, DigestSchedule, Mode, Preference, Slot, SlotState, Store
from storage.errors import LostClaim
from tests.storage.fixtures import START, HandClock
from tests.storage.version_0_1 import KEY, load

OWNER = ("T1", "U1")
NINE = Slot("2026-03-02 09:00", START - timedelta(minutes=1))
TOMORROW = START + timedelta(days=1)
Link = Callable[..., Account]


def claimed(store: Store) -> DigestSchedule:
    [schedule] = store.digest_schedules.claims.claim(10)
    return schedule


def due(store: Store, number: str = ALL_ACCOUNTS) -> datetime | None:
    schedule = store.digest_schedules.get(*OWNER, number)
    assert schedule
    return schedule.due_at


def test_it_begins_with_the_first_account_and_goes_on_with_the_next(
    store: Store, link: Link, clock: HandClock
) -> None:
    link()
    store.digest_schedules.put_off(claimed(store), TOMORROW)
    clock.advance(hours=1)

    link(project_id="2200222")

    assert claimed(store).since == START


def test_what_is_not_due_is_not_claimed(store: Store, link: Link) -> None:
    link()
    store.digest_schedules.put_off(claimed(store), TOMORROW)

    assert store.digest_schedules.claims.claim(10) == []
    assert store.digest_schedules.claims.next_due() == TOMORROW


def test_it_goes_on_after_the_slot_that_was_served(store: Store, link: Link) -> None:
    link()

    store.digest_schedules.served(claimed(store), NINE, TOMORROW)

    schedule = store.digest_schedules.get(*OWNER, ALL_ACCOUNTS)
    assert schedule
    assert (schedule.due_at, schedule.attempts) == (TOMORROW, 0)
    assert NINE.at < schedule.since < NINE.at + timedelta(seconds=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.preferences.put(*OWNER, ALL_ACCOUNTS, Preference(mode=Mode.DIGEST)),
        lambda store: store.people.set_time_zone(*OWNER, "Asia/Tokyo"),
        lambda store: store.people.resume(*OWNER),
    ],
    ids=["preference", "zone", "resumed"],
)
def test_whoever_has_it_loses_it_when_something_changes(
    store: Store, link: Link, change: Callable[[Store], object]
) -> None:
    """They know only of what was before."""
    store.people.seen(*OWNER)
    store.people.pause(*OWNER, "account_inactive")
    link()
    schedule = claimed(store)

    change(store)

    with pytest.raises(LostClaim):
        store.digest_schedules.served(schedule, NINE, TOMORROW)
    assert due(store) == START


def test_a_zone_that_stays_the_same_changes_nothing(store: Store, link: Link) -> None:
    link()
    store.people.set_time_zone(*OWNER, "Asia/Tokyo")
    store.digest_schedules.put_off(claimed(store), TOMORROW)

    store.people.set_time_zone(*OWNER, "Asia/Tokyo")

    assert due(store) == TOMORROW


def test_a_change_counts_from_now_on_and_keeps_what_was_due(
    store: Store, link: Link, clock: HandClock
) -> None:
    link()
    clock.advance(hours=1)

    store.preferences.put(*OWNER, ALL_ACCOUNTS, Preference(), NINE)

    schedule = claimed(store)
    assert (schedule.since, schedule.kept) == (clock(), NINE)


def test_nobody_wanted_the_slots_of_while_it_was_parked(
    store: Store, link: Link, clock: HandClock
) -> None:
    link()
    store.digest_schedules.park(claimed(store))
    assert (due(store), store.digest_schedules.claims.next_due()) == (None, None)
    clock.advance(days=3)

    link()

    assert claimed(store).since == clock()


def test_an_account_that_follows_the_others_again_leaves_them_what_was_due(
    store: Store, link: Link
) -> None:
    link()
    store.preferences.put(*OWNER, "2200222", Preference())

    store.preferences.forget(*OWNER, "2200222", NINE)

    assert store.digest_schedules.get(*OWNER, "2200222") is None
    assert claimed(store).kept == NINE


def test_what_an_earlier_release_has_written_gets_its_row(store: Store, link: Link) -> None:
    link()
    store.preferences.put(*OWNER, "2200222", Preference())
    store._db.execute("delete from digest_schedules")

    store.digest_schedules.reconcile()
    store.digest_schedules.reconcile()

    assert {each.number for each in store.digest_schedules.claims.claim(10)} == {"", "2200222"}


@pytest.fixture
def old(database_url: str, clock: HandClock) -> Iterator[Store]:
    load(database_url)
    with closing(Store.open(database_url, [KEY], clock)) as store:
        yield store


def test_preferences_of_before_go_on_after_their_last_slot(old: Store) -> None:
    """One that a worker had claimed and not served is served all the same."""
    last, waiting = START + timedelta(days=1), START + timedelta(days=2)
    for name, at, state in (("served", last, "sent"), ("waits", waiting, "claimed")):
        old._db.execute(
            """insert into slots (team_id, user_id, number, slot, due_at, state, detail, at)
               values ('T1', 'U1', '', :name, :at, :state, '', :at)""",
            {"name": name, "at": at, "state": state},
        )

    old.migrate()

    schedule = old.digest_schedules.get("T1", "U1", ALL_ACCOUNTS)
    assert schedule
    assert (schedule.since, schedule.due_at, schedule.kept) == (last, last, Slot("waits", waiting))
    assert old.digests.settled("T1", "U1", "", ["served", "waits"]) == {"served"}
    assert old.digests.settle("T1", "U1", "", Slot("waits", waiting), SlotState.SENT)
