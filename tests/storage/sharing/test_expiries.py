"""Shares that end by themselves: kept until they have ended, and each ended by one worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import Account, Expiry, Store
from tests.storage import workers
from tests.storage.conftest import Link, Race
from tests.storage.fixtures import START, HandClock

WEEK = timedelta(days=7)
Promise = Callable[..., None]


@pytest.fixture
def account(link: Link) -> Account:
    return link()


@pytest.fixture
def promise(store: Store, account: Account) -> Promise:
    def _promise(
        number: str = "222",
        span: timedelta = WEEK,
        because: str = "tests",
        image: str = "i1",
        by: Account = account,
    ) -> None:
        store.expiries.put(by, by.user_id, "DFW", image, "web", number, span, because)

    return _promise


def only(store: Store, account: Account) -> Expiry:
    [expiry] = store.expiries.of_image(account, "DFW", "i1").values()
    return expiry


def claimed(store: Store) -> list[str]:
    return [expiry.number for expiry in store.expiries.claims.claim(20)]


def one(store: Store) -> Expiry:
    [expiry] = store.expiries.claims.claim(20)
    return expiry


def test_what_was_promised_is_known_by_image_and_number(
    store: Store, account: Account, promise: Promise
) -> None:
    promise("222")
    promise("333", image="i2")

    known = store.expiries.of_image(account, "DFW", "i1")

    assert known == {
        "222": Expiry(
            team_id="T1",
            cloud=account.cloud,
            region="DFW",
            image_id="i1",
            number="222",
            account_id=account.id,
            user_id="U1",
            project_id="123",
            image_name="web",
            because="tests",
            span=WEEK,
            ends_at=START + WEEK,
            remind_at=START + timedelta(days=6),
        )
    }
    assert store.expiries.of_image(account, "ORD", "i1") == {}


@pytest.mark.parametrize(
    ("span", "remind_after"),
    [
        (timedelta(days=7), timedelta(days=6)),
        (timedelta(days=2), timedelta(days=1)),
        (timedelta(hours=47), timedelta(hours=35.25)),
        (timedelta(hours=4), timedelta(hours=3)),
    ],
)
def test_the_reminder_is_a_day_before_or_after_three_quarters_of_a_short_time(
    store: Store, account: Account, promise: Promise, span: timedelta, remind_after: timedelta
) -> None:
    promise(span=span)

    assert only(store, account).remind_at == START + remind_after


def test_promised_anew_it_ends_then_by_whom_and_why(
    store: Store, link: Link, promise: Promise, clock: HandClock
) -> None:
    """A colleague with a login of their own: it is now theirs that ends it."""
    promise()
    colleague = link("U2")
    clock.advance(days=1)

    promise(span=timedelta(hours=4), because="one more try", by=colleague)

    expiry = only(store, colleague)
    assert (expiry.user_id, expiry.account_id) == ("U2", colleague.id)
    assert (expiry.because, expiry.span) == ("one more try", timedelta(hours=4))
    assert expiry.ends_at == START + timedelta(days=1, hours=4)
    assert expiry.remind_at == START + timedelta(days=1, hours=3)


def test_what_was_ended_by_hand_is_never_due(
    store: Store, account: Account, promise: Promise, clock: HandClock
) -> None:
    promise()

    first = store.expiries.forget(account, "DFW", "i1", "222")
    second = store.expiries.forget(account, "DFW", "i1", "222")

    clock.advance(days=8)
    assert (first, second, claimed(store)) == (True, False, [])


def test_it_is_due_for_the_reminder_and_then_at_its_end(
    store: Store, promise: Promise, clock: HandClock
) -> None:
    promise()
    clock.advance(days=6, seconds=-1)
    too_early = claimed(store)
    clock.advance(seconds=1)
    reminder = one(store)
    store.expiries.reminded(reminder)
    clock.advance(hours=23)
    between = claimed(store)
    clock.advance(hours=1)
    end = one(store)
    store.expiries.done(end)

    assert (too_early, between) == ([], [])
    assert (reminder.attempts, end.attempts, end.remind_at) == (1, 1, None)
    clock.advance(days=1)
    assert claimed(store) == []


def test_a_worker_that_dies_gives_it_back(store: Store, promise: Promise, clock: HandClock) -> None:
    promise()
    clock.advance(days=7)
    first = one(store)
    meanwhile = claimed(store)
    clock.advance(minutes=5)

    second = one(store)

    assert meanwhile == []
    assert (second.attempts, store.expiries.holds(first)) == (2, False)
    store.expiries.done(first)
    assert store.expiries.holds(second)


def test_what_could_not_be_done_waits_for_its_time(
    store: Store, promise: Promise, clock: HandClock
) -> None:
    promise()
    clock.advance(days=7)
    store.expiries.retry(one(store), clock() + timedelta(minutes=2))
    at_once = claimed(store)
    clock.advance(minutes=2)
    again = one(store)
    store.expiries.retry(again, clock(), counted=False)

    assert (at_once, again.attempts, one(store).attempts) == ([], 2, 2)


def test_a_slow_worker_does_not_end_what_was_promised_anew(
    store: Store, account: Account, promise: Promise, clock: HandClock
) -> None:
    promise()
    clock.advance(days=7)
    slow = one(store)

    promise()

    held = store.expiries.holds(slow)
    store.expiries.reminded(slow)
    store.expiries.retry(slow, clock())
    store.expiries.done(slow)
    assert not held
    assert only(store, account).ends_at == START + 2 * WEEK
    assert claimed(store) == []


def test_an_extension_adds_the_first_time_to_the_end(
    store: Store, account: Account, promise: Promise, clock: HandClock
) -> None:
    promise()
    clock.advance(days=6, hours=1)
    store.expiries.reminded(one(store))

    extended = store.expiries.extend(only(store, account))

    assert extended == only(store, account)
    assert extended is not None
    assert extended.ends_at == START + 2 * WEEK
    assert extended.remind_at == START + timedelta(days=13)


def test_one_end_is_extended_once(store: Store, account: Account, promise: Promise) -> None:
    promise()
    seen = only(store, account)
    store.expiries.extend(seen)

    assert store.expiries.extend(seen) is None
    assert only(store, account).ends_at == START + 2 * WEEK


def test_what_is_over_or_being_worked_at_is_not_extended(
    store: Store, account: Account, promise: Promise, clock: HandClock
) -> None:
    promise()
    clock.advance(days=6)
    one(store)
    claimed_now = store.expiries.extend(only(store, account))
    clock.advance(days=1)
    over = store.expiries.extend(only(store, account))

    assert (claimed_now, over) == (None, None)


def test_an_unlinked_account_takes_its_promises_along(
    store: Store, account: Account, promise: Promise, link: Link
) -> None:
    promise("222")
    promise("333")
    other = link("U2", "456")

    counts = (store.expiries.count(account.id), store.expiries.count(other.id))
    store.accounts.unlink(account.id)

    assert counts == (2, 0)
    assert store.expiries.count(account.id) == 0
    promise("444")
    assert store.expiries.of_image(account, "DFW", "i1") == {}


def test_workspaces_know_nothing_of_each_other_s(
    store: Store, account: Account, promise: Promise
) -> None:
    promise()

    assert store.expiries.of_image(replace(account, team_id="T2"), "DFW", "i1") == {}


def fill(promise: Promise, clock: HandClock) -> None:
    clock.advance(days=-8)
    for number in range(120):
        promise(f"n{number}")
    clock.advance(days=8)


def test_processes_that_share_what_is_due_end_each_once(
    store: Store, promise: Promise, clock: HandClock, race: Race
) -> None:
    fill(promise, clock)

    ended = Counter(number for each in race("expire") for number in each)

    assert (len(ended), set(ended.values())) == (120, {1})
    assert claimed(store) == []


def test_threads_that_share_what_is_due_end_each_once(
    store: Store, promise: Promise, clock: HandClock
) -> None:
    fill(promise, clock)

    with ThreadPoolExecutor(8) as pool:
        ended = Counter(
            number
            for each in pool.map(lambda _: workers.expire(store, []), range(8))
            for number in each
        )

    assert (len(ended), set(ended.values())) == (120, {1})


def test_of_many_who_extend_one_end_one_succeeds(
    store: Store, account: Account, promise: Promise
) -> None:
    promise()
    seen = only(store, account)

    with ThreadPoolExecutor(8) as pool:
        extended = list(pool.map(lambda _: store.expiries.extend(seen), range(8)))

    assert sum(each is not None for each in extended) == 1
    assert only(store, account).ends_at == START + 2 * WEEK
