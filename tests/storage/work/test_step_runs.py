"""Runs of workflow steps: each is claimed, and due at once when what it waits for has happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage import Decision, StepRun, Store
from storage.errors import LostClaim
from tests.storage import asking
from tests.storage.conftest import Link
from tests.storage.fixtures import HandClock

IMAGE = "11111111-1111-4111-8111-111111111111"
RUN = "Fx1"
LATER = timedelta(minutes=1)


@pytest.fixture
def share(store: Store, link: Link) -> Callable[[], None]:
    """Shares the image that the run is about, again and again."""
    account = link()

    def share() -> None:
        store.shares.put(account, "U1", "DFW", IMAGE, "web", "777")

    return share


@pytest.fixture
def run(store: Store, link: Link) -> StepRun:
    """A run that waits, as a worker has claimed it."""
    account = link()
    store.step_runs.begin(RUN, "wait_for_answer", "T1", "U1", "")
    store.step_runs.wait_for(
        RUN,
        account_id=account.id,
        cloud=account.cloud,
        region="DFW",
        image_id=IMAGE,
        image_name="web",
        number="777",
    )
    return claim(store)


def claim(store: Store) -> StepRun:
    [run] = store.step_runs.claims.claim(5)
    return run


def _shared(store: Store, share: Callable[[], None]) -> None:
    share()


def _answered(store: Store, share: Callable[[], None]) -> None:
    [one] = store.shares._table.find()
    assert store.shares.answered(one, "accepted", one.shared_at)


def _unshared(store: Store, share: Callable[[], None]) -> None:
    [one] = store.shares._table.find()
    assert store.shares.forget(one.team_id, one.cloud, one.region, one.image_id, one.number)


def _denied(store: Store, share: Callable[[], None]) -> None:
    approval, _ = asking.ask(store, action="image.share")
    store.approvals.vote(approval.id, "U2", Decision.DENY, "")


def _withdrawn(store: Store, share: Callable[[], None]) -> None:
    approval, _ = asking.ask(store, action="image.share")
    assert store.approvals.withdraw(approval.id, "U1")


def _expired(store: Store, share: Callable[[], None]) -> None:
    asking.ask(store, action="image.share", life=timedelta(0))
    assert asking.expired(store.approvals)


@pytest.mark.parametrize(
    "happens",
    [_shared, _answered, _unshared, _denied, _withdrawn, _expired],
    ids=lambda f: f.__name__,
)
def test_what_happens_makes_a_run_due_though_it_is_just_looked_at(
    store: Store,
    share: Callable[[], None],
    run: StepRun,
    happens: Callable[[Store, Callable[[], None]], None],
    clock: HandClock,
) -> None:
    share()
    held = claim(store)
    assert store.step_runs.claims.claim(5) == []

    happens(store, share)

    assert not store.step_runs.claims.release(held, clock() + LATER, attempts=0)
    with pytest.raises(LostClaim):
        store.step_runs.end_claimed(held, None, "nobody answered")
    assert claim(store).ended_at is None


def test_what_has_ended_is_not_taken_from_whoever_tells_slack(
    store: Store, share: Callable[[], None], run: StepRun
) -> None:
    ended = store.step_runs.end_claimed(run, {"status": "accepted"})

    share()

    assert not store.step_runs.end(RUN, None, "declined")
    assert store.step_runs.claims.finish(ended)
    assert store.step_runs.get(RUN) is None


def test_of_two_who_end_it_one_does(store: Store, run: StepRun) -> None:
    assert store.step_runs.end(RUN, None, "declined")

    with pytest.raises(LostClaim):
        store.step_runs.end_claimed(run, {"status": "pending"})
    assert claim(store).error == "declined"
