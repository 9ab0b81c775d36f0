"""Where and when people can be reached, and whether they may be."""

from __future__ import annotations

from storage import PersonRow, Store
from tests.storage.fixtures import START, HandClock

UNKNOWN = PersonRow("T1", "U1", None, None, None, None, None)


def test_a_person_seen_twice_is_one_person(store: Store) -> None:
    store.people.set_time_zone("T1", "U1", "America/Chicago")

    seen = [store.people.seen("T1", "U1") for _ in range(2)]

    known = PersonRow("T1", "U1", "America/Chicago", START, None, None, None)
    assert seen == [known, known]
    assert store.people.all() == [known]


def test_somebody_never_seen_is_nobody(store: Store) -> None:
    assert store.people.get("T1", "U1") is None
    assert store.people.resume("T1", "U1") is None
    assert store.people.seen("T1", "U1") == UNKNOWN


def test_what_is_noted_of_one_who_was_never_seen_is_kept(store: Store) -> None:
    """An account may be linked for somebody who never spoke to the bot."""
    store.people.set_dm_channel("T1", "U1", "D1")
    store.people.pause("T1", "U2", "is_inactive")

    assert store.people.all() == [
        PersonRow("T1", "U1", None, None, "D1", None, None),
        PersonRow("T1", "U2", None, None, None, "is_inactive", START),
    ]


def test_a_pause_ends_once_and_its_reason_is_told_once(store: Store, clock: HandClock) -> None:
    store.people.pause("T1", "U1", "is_inactive")
    clock.advance(days=1)

    told = [store.people.resume("T1", "U1") for _ in range(2)]

    assert told == ["is_inactive", None]
    assert store.people.get("T1", "U1") == UNKNOWN


def test_the_same_id_in_two_workspaces_is_two_people(store: Store) -> None:
    store.people.set_time_zone("T1", "U1", "Europe/Berlin")
    store.people.seen("T2", "U1")

    assert [(row.team_id, row.time_zone) for row in store.people.all()] == [
        ("T1", "Europe/Berlin"),
        ("T2", None),
    ]
