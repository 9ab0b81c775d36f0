"""Roles on accounts: who has which, where they end, and who works with what was lent to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import EVERYWHERE, Account, AccountKey, Grant, Role, Store, Subject
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock

KEY = AccountKey("T1", "https://identity.example.com", "123")
OTHERS = [
    replace(KEY, team_id="T2"),
    replace(KEY, cloud="https://other.example.com"),
    replace(KEY, project_id="456"),
]
LATER = START + timedelta(minutes=6)

Give = Callable[..., None]


@pytest.fixture
def account(link: Link) -> Account:
    return link()


@pytest.fixture
def give(store: Store, account: Account) -> Give:
    """Give a role, by a person's link unless another is said."""

    def _give(
        subject: str,
        role: Role = Role.VIEWER,
        kind: Subject = Subject.PERSON,
        key: AccountKey = KEY,
        lent: Account = account,
    ) -> None:
        store.rights.grant(key, lent.id, kind, subject, role, "U1")

    return _give


def known(store: Store, key: AccountKey = KEY) -> list[tuple[Subject, str, Role]]:
    """Who has which role on an account, in the order in which it was given."""
    return [(each.kind, each.subject, each.role) for each in store.rights.of_account(key)]


@pytest.mark.parametrize("kind", Subject)
def test_a_role_that_was_given_is_known(
    store: Store, account: Account, give: Give, kind: Subject
) -> None:
    give("X1", Role.OPERATOR, kind)

    [grant] = store.rights.of_account(KEY)
    assert grant == Grant(grant.id, KEY, account.id, kind, "X1", Role.OPERATOR, "U1", START)
    assert store.rights.of_team("T1") == [grant]


def test_who_is_given_another_role_has_that_one_alone(
    store: Store, link: Link, give: Give, clock: HandClock
) -> None:
    """By another's link, too: it is now theirs that is lent."""
    give("U3", Role.ADMIN)
    colleague = link("U2")
    clock.advance(minutes=6)

    store.rights.grant(KEY, colleague.id, Subject.PERSON, "U3", Role.VIEWER, "U2")

    [grant] = store.rights.of_account(KEY)
    assert grant == Grant(
        grant.id, KEY, colleague.id, Subject.PERSON, "U3", Role.VIEWER, "U2", LATER
    )


def test_one_id_may_be_of_a_person_and_of_a_channel(store: Store, give: Give) -> None:
    give("X1", Role.VIEWER, Subject.PERSON)
    give("X1", Role.ADMIN, Subject.CHANNEL)

    assert sorted(known(store)) == [
        (Subject.CHANNEL, "X1", Role.ADMIN),
        (Subject.PERSON, "X1", Role.VIEWER),
    ]


def test_roles_are_told_in_the_order_in_which_they_were_given(
    store: Store, give: Give, clock: HandClock
) -> None:
    for subject in ("U4", "U2", "U3"):
        give(subject)
        clock.advance(minutes=1)
    give("U4", Role.ADMIN)

    told = [each.subject for each in store.rights.of_account(KEY)]
    assert told == ["U2", "U3", "U4"]
    assert [each.subject for each in store.rights.of_team("T1")] == told


def test_a_role_is_taken_back_once_and_of_nobody_else(store: Store, give: Give) -> None:
    give("X1", Role.VIEWER, Subject.PERSON)
    give("X1", Role.VIEWER, Subject.CHANNEL)
    give("X2", Role.VIEWER, Subject.PERSON)

    first = store.rights.revoke(KEY, Subject.PERSON, "X1")
    second = store.rights.revoke(KEY, Subject.PERSON, "X1")

    assert (first, second) == (True, False)
    assert sorted(known(store)) == [
        (Subject.CHANNEL, "X1", Role.VIEWER),
        (Subject.PERSON, "X2", Role.VIEWER),
    ]


@pytest.mark.parametrize("other", OTHERS, ids=["team", "cloud", "project"])
def test_a_role_is_on_one_account_only(store: Store, give: Give, other: AccountKey) -> None:
    give("U3", Role.OPERATOR)

    assert known(store, other) == []
    assert not store.rights.revoke(other, Subject.PERSON, "U3")
    give("U3", Role.ADMIN, key=other)
    assert known(store) == [(Subject.PERSON, "U3", Role.OPERATOR)]
    assert known(store, other) == [(Subject.PERSON, "U3", Role.ADMIN)]


def test_a_workspace_knows_its_own_roles_on_all_its_accounts(store: Store, give: Give) -> None:
    for key in (KEY, *OTHERS):
        give("U3", key=key)

    own = {KEY, *OTHERS[1:]}
    assert {each.key for each in store.rights.of_team("T1")} == own
    assert {each.key for each in store.rights.of_team("T2")} == {OTHERS[0]}
    assert store.rights.of_team("T3") == []


def test_roles_outlast_the_login_that_was_lent_which_comes_back_with_it(
    store: Store, account: Account, link: Link, give: Give
) -> None:
    colleague = link("U2")
    give("U3")
    give("U4", lent=colleague)
    store.rights.borrow("T1", "U3", account.id, None)
    store.rights.borrow("T1", "U3", colleague.id, None)

    store.accounts.unlink(account.id)

    assert [each.subject for each in store.rights.of_account(KEY)] == ["U3", "U4"]
    again = link()
    assert [each.account_id for each in store.rights.of_account(KEY)] == [again.id, colleague.id]
    assert store.rights.borrowed("T1", "U3") == {colleague.id: (None, START)}


def test_an_account_has_a_ceiling_for_each_channel_and_one_for_all_others(store: Store) -> None:
    store.rights.limit(KEY, "C1", Role.VIEWER, "U1")
    store.rights.limit(KEY, EVERYWHERE, Role.OPERATOR, "U1")

    assert store.rights.ceilings("T1") == {KEY: {"C1": Role.VIEWER, EVERYWHERE: Role.OPERATOR}}


def test_a_ceiling_set_anew_replaces_the_one_that_was(store: Store) -> None:
    store.rights.limit(KEY, "C1", Role.VIEWER, "U1")

    store.rights.limit(KEY, "C1", Role.NONE, "U2")

    assert store.rights.ceilings("T1") == {KEY: {"C1": Role.NONE}}


def test_a_ceiling_is_taken_away_once_and_no_other_with_it(store: Store) -> None:
    store.rights.limit(KEY, "C1", Role.VIEWER, "U1")
    store.rights.limit(KEY, EVERYWHERE, Role.OPERATOR, "U1")

    first, second = store.rights.unlimit(KEY, "C1"), store.rights.unlimit(KEY, "C1")

    assert (first, second) == (True, False)
    assert store.rights.ceilings("T1") == {KEY: {EVERYWHERE: Role.OPERATOR}}


def test_each_account_has_ceilings_of_its_own(store: Store) -> None:
    for role, key in zip(Role, (KEY, *OTHERS), strict=False):
        store.rights.limit(key, "C1", role, "U1")

    assert not store.rights.unlimit(replace(KEY, project_id="789"), "C1")

    assert store.rights.ceilings("T2") == {OTHERS[0]: {"C1": Role.VIEWER}}
    assert store.rights.ceilings("T1") == {
        KEY: {"C1": Role.NONE},
        OTHERS[1]: {"C1": Role.OPERATOR},
        OTHERS[2]: {"C1": Role.APPROVER},
    }


def test_a_ceiling_outlasts_the_links(store: Store, account: Account) -> None:
    """Or an account unlinked and linked again would be open to all channels."""
    store.rights.limit(account.key, "C1", Role.VIEWER, "U1")

    store.accounts.unlink(account.id)

    assert store.rights.ceilings("T1") == {account.key: {"C1": Role.VIEWER}}


def test_what_a_person_works_with_is_known_with_its_region_and_since_when(
    store: Store, account: Account, link: Link, clock: HandClock
) -> None:
    second = link("U2", "456")
    store.rights.borrow("T1", "U3", account.id, None)
    clock.advance(minutes=6)
    store.rights.borrow("T1", "U3", second.id, "ORD")

    assert store.rights.borrowed("T1", "U3") == {
        account.id: (None, START),
        second.id: ("ORD", LATER),
    }


def test_who_works_with_it_again_does_so_in_the_region_of_now(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.rights.borrow("T1", "U3", account.id, "ORD")
    clock.advance(minutes=6)

    store.rights.borrow("T1", "U3", account.id, None)

    assert store.rights.borrowed("T1", "U3") == {account.id: (None, LATER)}


def test_nobody_works_with_what_others_borrowed(store: Store, account: Account) -> None:
    store.rights.borrow("T1", "U3", account.id, None)

    assert store.rights.borrowed("T1", "U4") == store.rights.borrowed("T2", "U3") == {}
