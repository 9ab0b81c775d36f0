"""Naming an account's second contact."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person, Services
from storage import Account, Contact
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B
from tests.handlers.talk import Talk, read


def test_a_contact_is_named_told_and_taken_back(
    talk: Talk, services: Services, consumer: Person
) -> None:
    key = services.current_account(consumer).key
    assert read(talk.say(consumer, "contact")).startswith(
        "Nobody else is told of what waits for account `2200222` (`Consumer A`).\n"
    )

    named = talk.say(consumer, "contact <@U3|ann> 5")

    assert read(named).startswith(
        "From now on, <@U3> is told of each invitation that has waited 5 days for account "
        "`2200222` (`Consumer A`), once.\n"
    )
    assert services.store.contacts.of(key) == Contact(key, "U3", 5, "U2")
    admin, told = services.store.outbox.claim()
    assert (admin.user_id, admin.text.startswith(":unlock: <@U2> loosened")) == ("U2", True)
    assert told.user_id == "U3"
    assert told.text.startswith("<@U2> made you the second contact of account `2200222`")
    assert read(talk.say(consumer, "contact")).startswith("<@U3> is told of each")
    assert read(talk.say(consumer, "contact off")).startswith("From now on, nobody else is told")
    assert services.store.contacts.of(key) is None
    [off, on] = services.store.audit.recent()
    assert (on.action, on.target, on.after) == ("account.contact", "U3", {"user": "U3", "days": 5})
    assert (off.target, off.before, off.after) == ("off", {"user": "U3", "days": 5}, {})


@pytest.mark.parametrize("words", ["<@U3> 0", "<@U3> 91", "<@U3> soon", "ann 5", "<@U3> 5 6", "x"])
def test_what_cannot_be_read_changes_nothing(
    talk: Talk, services: Services, consumer: Person, words: str
) -> None:
    answer = talk.say(consumer, f"contact {words}")

    assert answer.text.startswith("Usage: `/images contact [@PERSON DAYS | off]`")
    assert services.store.contacts.all() == []


def test_only_an_admin_names_one(
    talk: Talk, services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, CONSUMER_A, "Consumer A")

    refused = talk.say(colleague, "contact <@U3> 5")

    assert "you are *operator*" in refused.text
    assert services.store.contacts.all() == []


def test_an_account_is_named_where_one_has_several(
    talk: Talk, services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    other = link(consumer, CONSUMER_B, "Consumer B")

    talk.say(consumer, f"contact <@U3> 7d --account {CONSUMER_A}")

    assert services.store.contacts.of(other.key) is None
    [contact] = services.store.contacts.all()
    assert (contact.key.project_id, contact.days) == (CONSUMER_A, 7)
