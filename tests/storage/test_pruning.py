"""What has ended is deleted in time, and nothing that is still needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import Account, Invitation, State, Store, invitation_key
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock

DAY = timedelta(days=1)


@pytest.fixture
def account(link: Link) -> Account:
    return link()


def invited(store: Store, account: Account, *image_ids: str) -> list[Invitation]:
    pending = [Invitation(account.id, "DFW", each, "web", "9", 5, START) for each in image_ids]
    return list(store.invitations.settle(account.id, "DFW", pending).new)


def left(store: Store, account: Account) -> list[str]:
    return [each.image_id for each in store.invitations.of(account.id)]


def test_only_an_invitation_whose_end_was_noted_long_ago_is_deleted(
    store: Store, account: Account, clock: HandClock
) -> None:
    """One that the cloud has dated long ago is news all the same when it is noted."""
    states = [State.ENDED, State.REJECTED, State.WITHDRAWN, State.PENDING, State.GONE]
    invited(store, account, *states, "late")
    for state in states[:3]:
        store.invitations.answered(account.id, "DFW", state, state, "T1/U1", START)
    pending = [each for each in store.invitations.of(account.id) if each.image_id != State.GONE]
    store.invitations.settle(account.id, "DFW", [e for e in pending if e.state == State.PENDING])
    clock.advance(days=30)
    store.invitations.answered(account.id, "DFW", "late", State.REJECTED, None, START - DAY)

    deleted = [store.invitations.prune(START), store.invitations.prune(START + DAY)]

    assert deleted == [0, 3]
    assert sorted(left(store, account)) == ["gone", "late", "pending"]


def test_one_that_was_accepted_is_kept_as_long_as_the_access(
    store: Store, account: Account, clock: HandClock
) -> None:
    """Its end is told, however late."""
    invited(store, account, "i1")
    store.invitations.answered(account.id, "DFW", "i1", State.ACCEPTED, None, START)
    clock.advance(days=300)

    assert store.invitations.prune(clock()) == 0
    assert left(store, account) == ["i1"]


def test_one_that_is_pending_again_is_kept(
    store: Store, account: Account, clock: HandClock
) -> None:
    [invitation] = invited(store, account, "i1")
    store.invitations.answered(account.id, "DFW", "i1", State.REJECTED, None, START)
    store.invitations.settle(account.id, "DFW", [invitation])
    clock.advance(days=30)

    assert store.invitations.prune(clock()) == 0
    assert left(store, account) == ["i1"]


def test_what_was_delivered_lasts_as_long_as_its_invitation_or_its_link(
    store: Store, account: Account, clock: HandClock
) -> None:
    old, new = invited(store, account, "old", "new")
    of_the_account = (account.id, "", "")
    for each in (old, new):
        store.delivered.note("T1", "U1", each)
        store.snoozes.put("T1", "U1", each, None)
    store.delivered.mark("T1", "U1", of_the_account, since=START, state="stopped")
    store.invitations.answered(account.id, "DFW", "old", State.REJECTED, None, START)
    clock.advance(days=1)

    before = store.delivered.prune(clock()), store.snoozes.prune()
    store.invitations.prune(clock())
    too_new = store.delivered.prune(START)
    after = store.delivered.prune(clock()), store.snoozes.prune()

    assert (before, too_new, after) == ((0, 0), 0, (1, 1))
    assert set(store.delivered.of("T1", "U1")) == {invitation_key(new), of_the_account}
    assert set(store.snoozes.of("T1", "U1")) == {invitation_key(new)}


def test_figures_are_deleted_by_their_day(store: Store, account: Account, clock: HandClock) -> None:
    store.figures.put(account.id, "DFW", 1, 5)
    clock.advance(days=1)
    store.figures.put(account.id, "DFW", 2, 6)

    assert store.figures.prune(clock()) == 1
    assert [day.images for day in store.figures.of([account.id])] == [2]
