"""What an admin decided belongs to the account: it outlasts links, and nobody inherits it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person, Services
from handlers.core.find_account import account_named
from handlers.permissions.views import permissions
from handlers.permissions.views.permissions import Linked
from sandbox.gallery.values import NOW, OWN
from storage import Account, Grant, Policy, Role, Subject
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock

OTHER = Person("T1", "U7")
LENT = Person("T1", "U8")
Link = Callable[..., Account]


@pytest.fixture
def role(services: Services, producer: Person) -> Callable[[Person], Role]:
    key = services.store.accounts.of(producer.team_id, producer.user_id)[0].key

    def _role(person: Person) -> Role:
        accesses = services.roles.accesses(person)
        return next((each.role for each in accesses if each.account.key == key), Role.NONE)

    return _role


Of = Callable[[Person], Role]


def unlink(talk: Talk, person: Person) -> str:
    asked = talk.say(person, "unlink")
    talk.press(person, asked, "Unlink")
    return read(asked)


def test_the_next_to_have_linked_does_not_inherit_the_account(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    link(OTHER, PRODUCER, "Producer")

    said = unlink(talk, producer)

    assert "You are its only admin. The next person to link it" in said
    assert (role(OTHER), role(producer)) == (Role.OPERATOR, Role.NONE)
    assert "It has no admin." in read(talk.say(OTHER, "rights"))


def test_whoever_proves_its_login_while_it_has_no_admin_becomes_it(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    link(OTHER, PRODUCER, "Producer")
    link(OTHER, PRODUCER, "Producer")
    before = role(OTHER)
    unlink(talk, producer)

    link(OTHER, PRODUCER, "Producer")

    assert (before, role(OTHER)) == (Role.OPERATOR, Role.ADMIN)


def test_an_admin_who_links_again_is_admin_again_and_lends_again(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    talk.say(producer, f"allow <@{LENT.user_id}> operator")
    talk.say(producer, "limit <#C9> viewer")
    talk.say(producer, "policy delete always")
    said = unlink(talk, producer)
    gone = role(LENT)

    link(producer, PRODUCER, "Producer")

    assert "1 role using this login will be on hold" in said
    assert (gone, role(LENT), role(producer)) == (Role.NONE, Role.OPERATOR, Role.ADMIN)
    shown = read(talk.say(producer, "rights"))
    assert "limited to *viewer*" in shown
    assert "Needs approval: anything that destroys" in shown


def test_whoever_proved_the_login_too_loses_the_role_of_an_admin(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    """They have no grant, and are asked first, as anybody is who alone may approve."""
    unlink(talk, producer)
    link(OTHER, PRODUCER, "Producer")
    link(producer, PRODUCER, "Producer")
    talk.say(producer, "policy share always")

    said = read(talk.say(producer, f"allow <@{OTHER.user_id}> operator"))

    assert "will do it as soon as" in said
    assert role(OTHER) == Role.ADMIN


def test_a_role_whose_login_is_gone_is_shown_on_hold(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    link(OTHER, PRODUCER, "Producer")
    talk.say(producer, f"allow <@{OTHER.user_id}> admin")
    talk.say(producer, f"allow <@{LENT.user_id}> operator")

    unlink(talk, producer)

    assert role(OTHER) == Role.ADMIN
    assert "on hold: <@U1> has unlinked the login it uses" in read(talk.say(OTHER, "rights"))


def test_a_role_on_hold_mentions_nobody_where_it_is_not_known_whose_login_it_was() -> None:
    grant = Grant("g1", OWN.key, OWN.id, Subject.PERSON, "U3", Role.OPERATOR, "U1", NOW)
    linked = Linked(["U1"], on_hold={grant.id})

    said = read(permissions.rights(OWN, Role.ADMIN, linked, [grant], {}, Policy()))

    assert "on hold: the login it uses has been unlinked" in said
    assert "<@>" not in said


def test_who_was_forbidden_before_they_linked_stays_so(
    talk: Talk, producer: Person, link: Link, role: Of
) -> None:
    talk.say(producer, f"allow <@{OTHER.user_id}> none")

    link(OTHER, PRODUCER, "Producer")
    forbidden = role(OTHER)
    unlink(talk, producer)
    link(OTHER, PRODUCER, "Producer")

    assert (forbidden, role(OTHER)) == (Role.NONE, Role.NONE)


def test_who_was_forbidden_cannot_shake_it_off_by_unlinking(
    talk: Talk, services: Services, producer: Person, link: Link, role: Of
) -> None:
    account = link(OTHER, PRODUCER, "Producer")
    talk.say(producer, f"allow <@{OTHER.user_id}> none")

    services.store.accounts.unlink(account.id)
    link(OTHER, PRODUCER, "Producer")

    assert role(OTHER) == Role.NONE


def test_ones_own_number_is_meant_though_a_lent_account_is_called_so(
    talk: Talk, services: Services, producer: Person, link: Link
) -> None:
    """Strangers choose the names of their projects."""
    link(OTHER, CONSUMER_A, PRODUCER)
    talk.say(OTHER, f"allow <@{producer.user_id}> admin")

    named = account_named(producer, (PRODUCER,), services)
    talk.say(producer, f"policy delete always --account {PRODUCER}")

    assert (named.project_id, named.user_id) == (PRODUCER, producer.user_id)
    assert services.store.policies.of(named.key).rules
    [theirs] = services.store.accounts.of(OTHER.team_id, OTHER.user_id)
    assert not services.store.policies.of(theirs.key).rules


def test_a_lent_account_is_not_in_use_by_itself(
    talk: Talk, services: Services, producer: Person, link: Link, clock: HandClock
) -> None:
    clock.advance(minutes=1)
    link(OTHER, CONSUMER_A, "Later")
    talk.say(OTHER, f"allow <@{producer.user_id}> admin")
    by_itself = services.current_account(producer)
    clock.advance(minutes=1)

    talk.say(producer, f"use {CONSUMER_A}")

    assert by_itself.project_id == PRODUCER
    assert services.current_account(producer).project_id == CONSUMER_A


def test_of_several_lent_accounts_none_is_in_use_until_one_is_chosen(
    talk: Talk, services: Services, producer: Person, link: Link
) -> None:
    link(OTHER, CONSUMER_A, "Consumer A")
    for person in (producer, OTHER):
        talk.say(person, f"allow <@{LENT.user_id}> admin")

    asked = talk.say(LENT, "rights")

    assert labels(asked) == ["Use", "Use"]
    assert "No account is in use." in read(asked)
    talk.press(LENT, asked, "Use")
    assert "you are *admin*" in read(talk.say(LENT, "rights"))


def test_two_accounts_that_a_name_fits_are_a_question(
    talk: Talk, services: Services, producer: Person, link: Link
) -> None:
    link(producer, CONSUMER_A, "Producer")

    asked = talk.say(producer, "policy delete always --account producer")

    assert read(asked).startswith("`producer` matches 2 accounts of yours. Which one?")
    assert labels(asked) == ["Choose", "Choose"]
    talk.press(producer, asked, "Choose")
    changed = [
        each.project_id
        for each in services.store.accounts.of("T1", producer.user_id)
        if services.store.policies.of(each.key).rules
    ]
    assert len(changed) == 1
