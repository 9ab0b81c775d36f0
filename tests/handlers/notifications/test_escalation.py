"""Naming an account's second contact."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import FieldErrors, Person, Services
from storage import Account, Contact
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B
from tests.handlers.talk import Talk, filled, read, said


def test_a_contact_is_named_told_and_taken_back(
    talk: Talk, services: Services, consumer: Person
) -> None:
    key = services.current_account(consumer).key
    named = talk.say(consumer, "contact <@U3|ann> 5")

    assert read(named).startswith(
        "From now on, <@U3> is notified once of each invitation to account `2200222` "
        "(`Consumer A`) that has been pending for 5 days.\n"
    )
    assert services.store.contacts.of(key) == Contact(key, "U3", 5, "U2")
    admin, told = taking.notices(services.store)
    assert (admin.user_id, admin.text.startswith(":unlock: <@U2> loosened")) == ("U2", True)
    assert told.user_id == "U3"
    assert told.text.startswith("<@U2> made you the second contact of account `2200222`")
    shown = filled(talk.form(consumer, "contact"))
    assert (shown["contacts.who"], shown["contacts.days"]) == ("U3", "5")
    assert read(talk.say(consumer, "contact off")).startswith(
        "From now on, nobody else is notified"
    )
    assert services.store.contacts.of(key) is None
    [off, on] = services.store.audit.recent()
    assert (on.action, on.target, on.after) == ("account.contact", "U3", {"user": "U3", "days": 5})
    assert (off.target, off.before, off.after) == ("off", {"user": "U3", "days": 5}, {})


@pytest.mark.parametrize("words", ["<@U3> soon", "ann 5", "<@U3> 5 6", "x"])
def test_what_cannot_be_read_changes_nothing(
    talk: Talk, services: Services, consumer: Person, words: str
) -> None:
    answer = talk.say(consumer, f"contact {words}")

    assert answer.text.startswith("Usage: `/images contact [@PERSON DAYS | off]")
    assert services.store.contacts._table.find() == []


@pytest.mark.parametrize("days", ["0", "91"])
def test_too_many_days_or_none_are_refused_with_what_is_taken(
    talk: Talk, services: Services, consumer: Person, days: str
) -> None:
    form = talk.form(consumer, "contact")

    typed = talk.say(consumer, f"contact <@U3> {days}")
    sent = talk.submit(consumer, form, contacts__who="U3", contacts__days=days)

    assert read(typed).endswith("Use a number from 1 to 90.")
    assert isinstance(sent, FieldErrors)
    assert list(sent.errors) == ["contacts.days"]
    assert services.store.contacts._table.find() == []


def test_the_form_names_a_contact_and_takes_them_back(
    talk: Talk, services: Services, consumer: Person
) -> None:
    form = talk.form(consumer, "contact")
    nobody = talk.submit(consumer, form, contacts__who="")

    named = talk.submit(consumer, form, contacts__who="U3", contacts__days="7")
    [contact] = services.store.contacts._table.find()
    off = talk.submit(
        consumer, talk.open(consumer, said(named), "Second contact…"), contacts__who=""
    )

    assert isinstance(nobody, FieldErrors)
    assert nobody.errors == {"contacts.who": "Choose who is told."}
    assert (contact.user_id, contact.days) == ("U3", 7)
    assert read(said(off)).startswith("From now on, nobody else is notified")
    assert services.store.contacts._table.find() == []


def test_only_an_admin_names_one(
    talk: Talk, services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, CONSUMER_A, "Consumer A")

    refused = talk.say(colleague, "contact <@U3> 5")

    assert "you are *operator*" in refused.text
    assert services.store.contacts._table.find() == []


def test_an_account_is_named_where_one_has_several(
    talk: Talk, services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    other = link(consumer, CONSUMER_B, "Consumer B")

    talk.say(consumer, f"contact <@U3> 7d --account {CONSUMER_A}")

    assert services.store.contacts.of(other.key) is None
    [contact] = services.store.contacts._table.find()
    assert (contact.key.project_id, contact.days) == (CONSUMER_A, 7)


def test_the_form_leaves_what_another_has_changed_meanwhile(
    talk: Talk, services: Services, consumer: Person
) -> None:
    key = services.current_account(consumer).key
    talk.say(consumer, "contact <@U3> 5")
    form = talk.form(consumer, "contact")
    talk.say(consumer, "contact <@U4> 9")

    talk.submit(consumer, form, contacts__days="7")
    only_days = services.store.contacts.of(key)
    talk.submit(consumer, form, contacts__who="U5")

    assert only_days == Contact(key, "U4", 7, "U2")
    assert services.store.contacts.of(key) == Contact(key, "U5", 7, "U2")


def test_the_audit_keeps_why_a_contact_was_named(
    talk: Talk, services: Services, consumer: Person
) -> None:
    talk.say(consumer, 'contact <@U3> 5 because "I am away"')

    [row] = [each for each in services.store.audit.recent() if each.action == "account.contact"]
    assert row.detail == "because I am away"
