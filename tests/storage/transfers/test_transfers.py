"""Transfers: begun once, moved on by one at a time, and remembered after they end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from storage import Kind, Store, Transfer, TransferState
from storage.errors import LostClaim
from tests.storage.conftest import Race, Start
from tests.storage.fixtures import START, HandClock

FAR = START + timedelta(days=365)
Begin = Callable[..., tuple[Transfer, bool]]


@pytest.fixture
def begin(store: Store) -> Begin:
    """Begins an export; what a test does not care about is made up."""

    def _begin(click: str = "c1", key: str = "", **fields: Any) -> tuple[Transfer, bool]:
        values = {
            "kind": Kind.EXPORT,
            "team_id": "T1",
            "user_id": "U1",
            "account_id": "a1",
            "account": "123",
            "region": "DFW",
            "title": "web",
            "plan": {"container": "exports"},
            **fields,
        }
        return store.transfers.begin(click=click, key=key or click, **values)

    return _begin


def test_a_transfer_is_as_it_was_begun(store: Store, begin: Begin) -> None:
    transfer, new = begin()

    assert new
    assert re.fullmatch("[a-z2-7]{8}", transfer.id)
    assert store.transfers.get(transfer.id) == transfer
    assert (transfer.kind, transfer.state, transfer.step) == (Kind.EXPORT, "running", "")
    assert (transfer.plan, transfer.memory, transfer.result) == ({"container": "exports"}, {}, {})
    assert (transfer.created_at, transfer.due_at, transfer.ended_at) == (START, START, None)


def test_one_click_begins_one_transfer_even_after_it_ended(store: Store, begin: Begin) -> None:
    first, _ = begin("c1")
    [claimed] = store.transfers.claims.claim(1)
    ended = store.transfers.end(claimed, TransferState.DONE, result={"object": "web.vhd"})

    again, new = begin("c1")

    assert (again, new) == (ended, False)
    assert again.id == first.id


def test_while_one_runs_another_click_for_the_same_gives_that_one(
    store: Store, begin: Begin
) -> None:
    running, _ = begin("c1", "export web")
    same, new = begin("c2", "export web")
    _, other = begin("c3", "export db")
    [claimed] = [t for t in store.transfers.claims.claim(2) if t.id == running.id]
    store.transfers.end(claimed, TransferState.FAILED)
    later, again = begin("c2", "export web")

    assert (same.id, new, other) == (running.id, False, True)
    assert (later.id != running.id, again) == (True, True)


def test_what_is_due_is_claimed_once_until_the_claim_lapses(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    transfer, _ = begin()

    first = store.transfers.claims.claim(10)
    second = store.transfers.claims.claim(10)
    clock.advance(minutes=5)
    third = store.transfers.claims.claim(10)

    assert ([t.id for t in first], second, [t.id for t in third]) == (
        [transfer.id],
        [],
        [transfer.id],
    )
    assert first[0].claim != third[0].claim


def test_what_is_saved_is_there_at_the_next_look(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    begin()
    [claimed] = store.transfers.claims.claim(1)
    clock.advance(seconds=1)

    saved = store.transfers.save(
        claimed,
        step="export.watch",
        memory={"task": "t1"},
        due_at=START + timedelta(seconds=30),
        attempts=2,
        release=True,
    )
    at_once = store.transfers.claims.claim(1)
    by_hand = store.transfers.claims.claim(1, due_by=FAR)

    assert (saved.step, saved.memory, saved.attempts) == ("export.watch", {"task": "t1"}, 2)
    assert saved.step_at == START + timedelta(seconds=1)
    assert (at_once, [t.id for t in by_hand]) == ([], [claimed.id])
    assert by_hand[0].memory == {"task": "t1"}


def test_a_step_that_goes_on_keeps_when_it_began(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    begin()
    [claimed] = store.transfers.claims.claim(1)
    saved = store.transfers.save(claimed, step="export.stream")
    clock.advance(minutes=1)

    saved = store.transfers.save(saved, step="export.stream", memory={"done": 1})

    assert saved.step_at == START


def test_who_has_lost_the_claim_saves_and_ends_nothing(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    begin()
    [slow] = store.transfers.claims.claim(1)
    clock.advance(minutes=6)
    [quick] = store.transfers.claims.claim(1)

    assert not store.transfers.renew(slow)
    with pytest.raises(LostClaim):
        store.transfers.save(slow, memory={"task": "of the slow one"})
    with pytest.raises(LostClaim):
        store.transfers.end(slow, TransferState.FAILED)
    assert store.transfers.get(slow.id) == quick


def test_a_claim_that_is_renewed_does_not_lapse(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    begin()
    [claimed] = store.transfers.claims.claim(1)
    clock.advance(seconds=50)

    renewed = store.transfers.renew(claimed)
    clock.advance(seconds=50)

    assert (renewed, store.transfers.claims.claim(1)) == (True, [])


def test_nobody_saves_what_has_ended(store: Store, begin: Begin) -> None:
    begin()
    [claimed] = store.transfers.claims.claim(1)
    ended = store.transfers.end(
        claimed, TransferState.FAILED, error="NoContainer", words="There is no container."
    )

    assert (ended.state, ended.error, ended.ended_at) == ("failed", "NoContainer", START)
    for held in (claimed, ended):
        with pytest.raises(LostClaim):
            store.transfers.save(held, step="export.watch")
    assert store.transfers.claims.claim(1, due_by=FAR) == []


def test_a_person_sees_their_own_the_newest_first(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    for number in range(3):
        begin(f"c{number}", title=f"web-{number}")
        clock.advance(minutes=1)
    begin("c9", user_id="U2")

    mine = store.transfers.of("T1", "U1", limit=2)

    assert [t.title for t in mine] == ["web-2", "web-1"]
    assert len(store.transfers.running()) == 4
    assert store.transfers.of("T2", "U1") == []


def test_only_what_ended_long_ago_is_forgotten(
    store: Store, clock: HandClock, begin: Begin
) -> None:
    for number in range(2):
        begin(f"c{number}")
    [claimed] = store.transfers.claims.claim(1)
    store.transfers.end(claimed, TransferState.DONE)
    clock.advance(days=90)

    assert store.transfers.prune(START) == 0
    assert store.transfers.prune(clock()) == 1
    assert len(store.transfers.running()) == 1


def test_one_click_in_many_threads_begins_one_transfer(store: Store, begin: Begin) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: begin("c1"), range(16)))

    assert Counter(new for _, new in begun) == {True: 1, False: 15}
    assert len({transfer.id for transfer, _ in begun}) == 1


def test_of_many_processes_one_begins_and_each_transfer_is_claimed_by_one(
    store: Store, race: Race
) -> None:
    results = race("transfer", *[f"n{number}" for number in range(30)])

    begun = Counter(name for each in results for name in each["begun"])
    claimed = Counter(id_ for each in results for id_ in each["claimed"])
    assert begun == dict.fromkeys((f"n{number}" for number in range(30)), 1)
    assert set(claimed.values()) == {1}
    assert len(claimed) == 30


def test_one_key_in_many_processes_begins_one_transfer(store: Store, race: Race) -> None:
    """However many people ask for the same at once, each with a click of their own."""
    results = race("export", "web", "db")

    for asked in zip(*results, strict=True):
        assert len({id_ for id_, _ in asked}) == 1
        assert sum(new for _, new in asked) == 1
    assert len(store.transfers.running()) == 2


def test_a_killed_worker_gives_its_transfers_back_when_its_lease_ends(
    store: Store, clock: HandClock, begin: Begin, start: Start
) -> None:
    """With what it had saved, so that the next one asks nothing of the cloud twice."""
    for number in range(3):
        begin(f"c{number}")
    worker = start("move_and_hang")
    worker.go()
    held = worker.hears()
    worker.kill()

    at_once = [each.id for each in store.transfers.claims.claim(9, due_by=FAR)]
    clock.advance(seconds=59)
    before_its_end = store.transfers.claims.claim(9, due_by=FAR)
    clock.advance(seconds=1)
    given_back = {
        each.id: each.memory for each in store.transfers.claims.claim(9) if each.id in held
    }

    assert (len(held), len(at_once), before_its_end) == (2, 1, [])
    assert given_back == {id_: {"task_id": "t1"} for id_ in held}
