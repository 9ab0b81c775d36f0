"""The shares that live, and what was answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage import Share, Store
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock

IMAGE = "11111111-1111-4111-8111-111111111111"


def shared(store: Store, link: Link, number: str = "777") -> Share:
    account = link()
    store.shares.put(account, "U1", "DFW", IMAGE, "web", number)
    place = (account.team_id, account.cloud, "DFW", IMAGE)
    return next(each for each in store.shares.of_image(*place) if each.number == number)


def test_a_share_waits_until_it_is_answered(store: Store, link: Link, clock: HandClock) -> None:
    share = shared(store, link)
    clock.advance(minutes=1)

    news = [store.shares.answered(share, "accepted", clock()) for _ in range(2)]

    [now] = store.shares._table.find()
    assert (share.status, share.shared_at, news) == ("pending", START, [True, False])
    assert (now.status, now.answered_at) == ("accepted", START + timedelta(minutes=1))


def test_shared_anew_it_waits_anew(store: Store, link: Link, clock: HandClock) -> None:
    share = shared(store, link)
    store.shares.answered(share, "rejected", clock())
    store.shares.tell(share)
    clock.advance(days=1)

    assert shared(store, link) == Share(**{**vars(share), "shared_at": START + timedelta(days=1)})


def test_one_that_ended_is_forgotten_and_so_are_those_of_an_unlinked_account(
    store: Store, link: Link
) -> None:
    share, other = shared(store, link), shared(store, link, "888")
    place = (share.team_id, share.cloud, share.region, share.image_id)

    forgotten = [store.shares.forget(*place, share.number) for _ in range(2)]
    left = store.shares._table.find()
    store.accounts.unlink(share.account_id)

    assert (forgotten, left, store.shares._table.find()) == ([True, False], [other], [])


def test_what_waits_is_told_after_days_and_then_weekly(
    store: Store, link: Link, clock: HandClock
) -> None:
    shared(store, link)
    told = []
    for day in range(1, 20):
        clock.advance(days=1)
        now = clock()
        days = now - timedelta(days=3), now - timedelta(days=7)
        for share in store.shares.waiting("T1", "U1", *days):
            assert store.shares.tell(share)
            assert not store.shares.tell(share)
            told.append(day)

    assert told == [3, 10, 17]


def test_of_many_who_tell_or_remind_one_does(store: Store, link: Link, clock: HandClock) -> None:
    share = shared(store, link)
    limit = clock() - timedelta(days=1)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: store.shares.tell(share), range(8)))
        reminded = list(pool.map(lambda _: store.shares.remind(share, limit), range(8)))

    assert (told.count(True), reminded.count(True)) == (1, 1)


def test_a_consumer_is_found_in_every_workspace(store: Store, link: Link) -> None:
    share = shared(store, link)
    elsewhere = store.accounts.link(
        "T2",
        "U9",
        cloud=share.cloud,
        project_id="123",
        project_name="",
        user_name="",
        regions=["DFW"],
        region=None,
        credentials={},
    )
    store.shares.put(elsewhere, "U9", "DFW", IMAGE, "web", "777")

    found = store.shares.with_consumer(share.cloud, "DFW", IMAGE, "777")

    assert {each.team_id for each in found} == {"T1", "T2"}
