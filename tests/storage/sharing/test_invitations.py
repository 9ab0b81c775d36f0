"""What changes between two looks at the cloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import Account, Changes, Invitation, State, Store
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock

NOTHING = Changes((), (), ())


@pytest.fixture
def account(link: Link) -> Account:
    return link()


def told(account: Account, image_id: str = "i1", name: str = "web") -> Invitation:
    """An invitation as the cloud's list tells of it."""
    return Invitation(account.id, "DFW", image_id, name, "999", 5 * 2**40, START)


def test_an_invitation_is_new_then_known_then_gone(
    store: Store, account: Account, clock: HandClock
) -> None:
    waits = told(account)

    first = store.invitations.settle(account.id, "DFW", [waits])
    clock.advance(minutes=5)
    second = store.invitations.settle(account.id, "DFW", [waits])
    third = store.invitations.settle(account.id, "DFW", [])

    gone = replace(waits, state=State.GONE)
    assert first == Changes((waits,), (), ())
    assert second == Changes((), (waits,), ())
    assert third == Changes((), (), (gone,))
    assert store.invitations.pending() == []


def test_what_is_gone_is_told_until_somebody_says_why(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.settle(account.id, "DFW", [])

    unexplained = store.invitations.settle(account.id, "DFW", [])
    store.invitations.answered(account.id, "DFW", "i1", State.WITHDRAWN, None, clock())
    explained = store.invitations.settle(account.id, "DFW", [])

    assert [each.image_id for each in unexplained.gone] == ["i1"]
    assert explained == NOTHING


def test_one_that_was_answered_and_waits_again_is_new(
    store: Store, account: Account, clock: HandClock
) -> None:
    """The producer withdrew the image and shared it anew."""
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.set_invited_at(account.id, "DFW", "i1", START - timedelta(days=1))
    store.invitations.answered(account.id, "DFW", "i1", State.REJECTED, "T1/U1", clock())
    clock.advance(days=1)

    changes = store.invitations.settle(account.id, "DFW", [told(account)])

    assert changes.new == (replace(told(account), first_seen=clock()),)


def test_an_answer_given_while_the_cloud_was_asked_is_not_undone_by_its_older_list(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.invitations.settle(account.id, "DFW", [told(account)])
    asked_at = clock()
    clock.advance(seconds=1)
    store.invitations.answered(account.id, "DFW", "i1", State.ACCEPTED, "T1/U1", START)

    older = store.invitations.settle(account.id, "DFW", [told(account)], asked_at=asked_at)
    clock.advance(minutes=5)
    newer = store.invitations.settle(account.id, "DFW", [told(account)], asked_at=clock())

    assert older == NOTHING
    assert [each.image_id for each in newer.new] == ["i1"]


def test_one_reopened_while_the_cloud_was_asked_is_not_gone(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.answered(account.id, "DFW", "i1", State.PENDING, "T1/U1", clock())

    changes = store.invitations.settle(account.id, "DFW", [], asked_at=clock())

    assert changes == NOTHING
    assert [each.image_id for each in store.invitations.pending()] == ["i1"]


def test_a_renamed_image_is_remembered_by_its_new_name_and_old_date(
    store: Store, account: Account, clock: HandClock
) -> None:
    invited = START - timedelta(days=1)
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.set_invited_at(account.id, "DFW", "i1", invited)
    clock.advance(minutes=5)

    [known] = store.invitations.settle(account.id, "DFW", [told(account, name="web 2")]).known

    assert known == replace(told(account, name="web 2"), invited_at=invited)


def test_an_answer_names_who_gave_it(store: Store, account: Account, clock: HandClock) -> None:
    store.invitations.settle(account.id, "DFW", [told(account)])

    store.invitations.answered(account.id, "DFW", "i1", State.ACCEPTED, "T1/U1", clock())

    assert store.invitations.find(account.id, "DFW", "i1") == replace(
        told(account), state=State.ACCEPTED, answered_by="T1/U1", answered_at=START
    )


def test_regions_and_accounts_are_kept_apart(store: Store, account: Account, link: Link) -> None:
    other = link("U2", "456")
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.settle(account.id, "ORD", [replace(told(account), region="ORD")])
    store.invitations.settle(other.id, "DFW", [told(other)])

    changes = store.invitations.settle(account.id, "DFW", [])

    assert [(each.account_id, each.region) for each in changes.gone] == [(account.id, "DFW")]
    assert [each.region for each in store.invitations.pending(account.id)] == ["ORD"]
    assert len(store.invitations.pending()) == 2


def test_the_oldest_invitation_comes_first(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.invitations.settle(account.id, "DFW", [told(account, "z")])
    clock.advance(minutes=5)
    store.invitations.settle(account.id, "DFW", [told(account, "a"), told(account, "z")])

    assert [each.image_id for each in store.invitations.pending()] == ["z", "a"]


def test_an_account_unlinked_while_the_cloud_was_asked_changes_nothing(
    store: Store, account: Account, clock: HandClock
) -> None:
    store.invitations.settle(account.id, "DFW", [told(account)])
    store.accounts.unlink(account.id)

    changes = store.invitations.settle(account.id, "DFW", [told(account)])
    store.invitations.answered(account.id, "DFW", "i1", State.ACCEPTED, None, clock())

    assert changes == NOTHING
    assert store.invitations.find(account.id, "DFW", "i1") is None


@pytest.mark.parametrize("name", ["a\0b", "half \ud83d a pair", "“web” 100% :new:", "'; drop --"])
def test_whatever_a_stranger_names_an_image_can_be_remembered(
    store: Store, account: Account, name: str
) -> None:
    """PostgreSQL holds no NUL, and neither database half a surrogate pair."""
    store.invitations.settle(account.id, "DFW", [told(account, name=name)])

    [invitation] = store.invitations.pending()

    legible = name.replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\ud83d", "?")
    assert invitation.image_name == legible
