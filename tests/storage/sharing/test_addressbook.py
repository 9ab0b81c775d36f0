"""The address book: one name for an account, and one account for a name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import Name, Store
from storage.errors import Taken
from tests.storage.fixtures import START, HandClock
from tests.waiting import PATIENCE_S

CLOUD, ELSEWHERE = "https://identity.example.com/v2.0", "https://other.example.com/v3"
BOOK = ("T1", CLOUD)


def test_a_name_is_found_by_its_number_and_by_itself_whatever_its_capitals(store: Store) -> None:
    assert store.names.put(*BOOK, "222", "Straße", "U1")

    name = Name(CLOUD, "222", "Straße", "U1", START)
    assert store.names.by_number(*BOOK, "222") == name
    assert store.names.by_nickname(*BOOK, "STRASSE") == name
    assert store.names.of(*BOOK) == [name]


def test_an_account_named_anew_loses_its_old_name(store: Store, clock: HandClock) -> None:
    store.names.put(*BOOK, "222", "partner", "U1")
    clock.advance(minutes=6)

    assert store.names.put(*BOOK, "222", "friend", "U2")

    later = START + timedelta(minutes=6)
    assert store.names.of(*BOOK) == [Name(CLOUD, "222", "friend", "U2", later)]
    assert store.names.by_nickname(*BOOK, "partner") is None


def test_the_capitals_of_a_name_can_be_changed(store: Store) -> None:
    store.names.put(*BOOK, "222", "partner", "U1")

    assert store.names.put(*BOOK, "222", "Partner", "U1")

    assert [name.nickname for name in store.names.of(*BOOK)] == ["Partner"]


@pytest.mark.parametrize("named_before", [False, True])
def test_the_name_of_another_account_is_refused_and_stays(store: Store, named_before: bool) -> None:
    store.names.put(*BOOK, "222", "partner", "U1")
    if named_before:
        store.names.put(*BOOK, "333", "friend", "U1")

    assert not store.names.put(*BOOK, "333", "PARTNER", "U2")

    found = {name.number: name.nickname for name in store.names.of(*BOOK)}
    assert found == {"222": "partner"} | ({"333": "friend"} if named_before else {})


def test_each_workspace_and_each_cloud_has_a_book_of_its_own(store: Store) -> None:
    for team_id, cloud in (BOOK, ("T2", CLOUD), ("T1", ELSEWHERE)):
        assert store.names.put(team_id, cloud, f"{team_id} {cloud}", "partner", "U1")

    assert [name.number for name in store.names.of(*BOOK)] == [f"T1 {CLOUD}"]
    assert store.names.by_number("T2", CLOUD, f"T1 {CLOUD}") is None


def test_the_book_is_in_the_order_of_the_alphabet(store: Store) -> None:
    for number, nickname in enumerate(["beta", "Alpha", "gamma"]):
        store.names.put(*BOOK, str(number), nickname, "U1")

    assert [name.nickname for name in store.names.of(*BOOK)] == ["Alpha", "beta", "gamma"]


def test_what_is_forgotten_can_be_given_to_another(store: Store) -> None:
    store.names.put(*BOOK, "222", "partner", "U1")

    assert store.names.forget(*BOOK, "222")

    assert not store.names.forget(*BOOK, "222")
    assert store.names.put(*BOOK, "333", "partner", "U1")


def test_a_name_that_is_just_being_given_is_waited_for(store: Store) -> None:
    """PostgreSQL shows nobody what is not committed yet: each would find the name free."""
    with ThreadPoolExecutor(1) as pool:
        with store.together():
            store.names.put(*BOOK, "222", "partner", "U1")
            other = pool.submit(store.names.put, *BOOK, "333", "partner", "U2")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)

        assert other.result(PATIENCE_S) is False
    assert [name.number for name in store.names.of(*BOOK)] == ["222"]


@pytest.mark.parametrize("number", ["222", "333"])
def test_a_database_says_that_something_cannot_be_twice(store: Store, number: str) -> None:
    """Be it the key of the table, or another rule of it."""
    store.names.put(*BOOK, "222", "partner", "U1")

    with pytest.raises(Taken):
        store._db.execute(
            """insert into names select team_id, cloud, :number, nickname, folded, named_by,
                                        named_at from names""",
            {"number": number},
        )
