"""The address book."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person, Services
from storage import Account
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read


def test_an_account_is_given_a_name_and_everyone_sees_who_gave_it(
    talk: Talk, services: Services, producer: Person, consumer: Person
) -> None:
    said = read(talk.say(producer, f"name {CONSUMER_A} partner"))

    book = read(talk.say(consumer, "name"))

    assert said.startswith(
        "Account `2200222` is now named `partner`.\nThe address book has 1 name."
    )
    assert book.startswith(
        "The address book has 1 name.\n*partner* `2200222`\nadded by <@U1>, (time)\n[Remove]\n"
    )
    [row] = services.store.audit.recent()
    assert (row.action, row.target, row.before, row.after) == (
        "account.name",
        CONSUMER_A,
        {},
        {"nickname": "partner"},
    )


def test_a_name_stands_for_one_account_and_an_account_has_one_name(
    talk: Talk, producer: Person
) -> None:
    talk.say(producer, f"name {CONSUMER_A} partner")

    taken = read(talk.say(producer, f"name {CONSUMER_B} Partner"))
    renamed = read(talk.say(producer, f"name {CONSUMER_A} friend"))

    assert taken.startswith("`Partner` is already the name of account `2200222`. Choose another")
    assert renamed.startswith("Account `2200222` is now named `friend` (was `partner`).")
    assert "The address book has 1 name." in renamed


def test_a_name_is_forgotten_by_its_button(talk: Talk, producer: Person) -> None:
    book = talk.say(producer, f"name {CONSUMER_A} partner")

    after = talk.press(producer, book, "Remove")

    assert read(after).startswith("Removed the name `partner` from account `2200222`.")
    assert "Remove" not in labels(after)
    assert read(talk.press(producer, book, "Remove")).startswith("Account `2200222` has no name.")


def test_many_names_come_in_pages(talk: Talk, producer: Person) -> None:
    for n in range(17):
        talk.say(producer, f"name {7700000 + n} partner-{n:02}")

    first = talk.say(producer, "name")
    second = talk.press(producer, first, "Next")

    assert labels(first) == ["Remove"] * 15 + ["Next"]
    assert labels(second) == ["Remove"] * 2 + ["Previous"]
    assert "partner-16" in read(second)


def test_another_workspace_has_a_book_of_its_own(
    talk: Talk, producer: Person, link: Callable[..., Account]
) -> None:
    other = Person("T2", "U1")
    link(other, PRODUCER, "Producer")
    talk.say(producer, f"name {CONSUMER_A} partner")

    assert read(talk.say(other, "name")).startswith("The address book is empty.")


@pytest.mark.parametrize(
    "word",
    [
        "1100111",
        "11.00-11",
        "_x",
        "ann@home",
        "for",
        "Because",
        "a b",
        "x" * 41,
        "@ann",
        "deadbeefdeadbeef",
        "-x",
    ],
)
def test_what_cannot_be_a_name_is_refused(talk: Talk, producer: Person, word: str) -> None:
    answer = read(talk.say(producer, f'name {CONSUMER_A} "{word}"'))

    assert "can't be a name." in answer


def test_a_viewer_cannot_write_in_the_book(talk: Talk, producer: Person) -> None:
    talk.say(producer, "allow <@U7> viewer")

    refused = read(talk.say(Person("T1", "U7"), f"name {CONSUMER_A} partner"))

    assert "You need the role *operator*" in refused


def test_an_account_can_be_named_anew_by_its_name_or_its_person(
    talk: Talk, services: Services, producer: Person, consumer: Person
) -> None:
    talk.say(producer, f"name {CONSUMER_B} partner")

    renamed = read(talk.say(producer, "name partner 9lives"))
    named = read(talk.say(producer, "name <@U2|cara> cara"))

    assert renamed.startswith("Account `3300333` is now named `9lives` (was `partner`).")
    assert named.startswith("Account `2200222` is now named `cara`.")


def test_a_name_before_its_number_is_not_guessed_at(talk: Talk, producer: Person) -> None:
    answer = read(talk.say(producer, f"name partner {CONSUMER_A}"))

    assert "The number comes first: `/images name 1100111 partner`." in answer
    assert read(talk.say(producer, "name")).startswith("The address book is empty.")


def test_the_book_of_another_account_in_the_same_hands(
    talk: Talk, services: Services, producer: Person
) -> None:
    """Only the cloud counts, and an account that is not linked is refused."""
    talk.say(producer, f"name {CONSUMER_A} partner --account {PRODUCER}")

    assert "partner" in read(talk.say(producer, "name"))
    assert "partner" not in read(talk.say(producer, "name --account 42"))
