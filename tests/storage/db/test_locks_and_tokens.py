"""Claims that lapse and tokens that are spent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from storage import Store
from tests.storage.fixtures import HandClock


def elsewhere(store: Store, key: str, seconds: float) -> bool:
    """Claim in a thread that then ends."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(store.once.claim, key, seconds).result()


def test_a_claim_holds_until_it_is_released(store: Store) -> None:
    first, second = store.once.claim("job", 60), store.once.claim("job", 60)
    other = store.once.claim("other job", 60)

    store.once.release("job")

    assert (first, second, other, store.once.claim("job", 60)) == (True, False, True, True)


def test_a_claim_lapses(store: Store, clock: HandClock) -> None:
    store.once.claim("job", 60)
    clock.advance(seconds=59)
    before = store.once.claim("job", 60)
    clock.advance(seconds=1)

    assert (before, store.once.claim("job", 60)) == (False, True)


def test_one_whose_claim_lapsed_does_not_release_the_next_ones(
    store: Store, clock: HandClock
) -> None:
    """Or a third would work beside the second."""
    store.once.claim("job", 60)
    clock.advance(seconds=61)
    taken_over = elsewhere(store, "job", 60)

    store.once.release("job")

    assert (taken_over, store.once.claim("job", 60)) == (True, False)


def test_a_token_is_good_once_and_for_its_kind_only(store: Store) -> None:
    token = store.once.issue("link", {"for": "T1/U1"}, 60)

    assert store.once.redeem("install", token) is None
    assert store.once.redeem("link", token) == {"for": "T1/U1"}
    assert store.once.redeem("link", token) is None
    assert store.once.redeem("link", "made up") is None


def test_a_token_is_no_good_when_its_time_is_over(store: Store, clock: HandClock) -> None:
    token = store.once.issue("link", {}, 60)

    clock.advance(seconds=60)

    assert store.once.redeem("link", token) is None


def test_a_claim_cannot_be_redeemed_as_a_token(store: Store) -> None:
    store.once.claim("link:made up", 60)

    assert store.once.redeem("link", "made up") is None
    assert store.once.claim("link:made up", 60) is False


def test_only_what_has_lapsed_is_forgotten(store: Store, clock: HandClock) -> None:
    store.once.claim("short", 10)
    store.once.claim("long", 60)
    token = store.once.issue("link", {"a": 1}, 60)
    clock.advance(seconds=10)

    assert store.once.prune() == 1
    assert store.once.claim("long", 60) is False
    assert store.once.redeem("link", token) == {"a": 1}


def test_a_look_at_a_token_does_not_spend_it(store: Store, clock: HandClock) -> None:
    token = store.once.issue("link", {"user": "U1"}, 60)

    looked = [store.once.peek("link", token), store.once.peek("link", token)]
    elsewhere = store.once.peek("undo", token)
    spent = store.once.redeem("link", token)
    after = store.once.peek("link", token)

    assert (looked, elsewhere) == ([{"user": "U1"}] * 2, None)
    assert (spent, after) == ({"user": "U1"}, None)


def test_a_token_that_is_too_old_cannot_be_looked_at(store: Store, clock: HandClock) -> None:
    token = store.once.issue("link", {"user": "U1"}, 60)

    clock.advance(seconds=60)

    assert store.once.peek("link", token) is None


def test_a_count_goes_up_until_its_time_is_over(store: Store, clock: HandClock) -> None:
    counted = [store.once.count("wrong", 60), store.once.count("wrong", 60)]
    looked = store.once.count("wrong", 60, 0)
    clock.advance(seconds=60)

    assert (counted, looked) == ([1, 2], 2)
    assert (store.once.count("wrong", 60, 0), store.once.count("wrong", 60)) == (0, 1)


def test_of_many_counts_at_once_none_is_lost(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.once.count("wrong", 60), range(40)))

    assert store.once.count("wrong", 60, 0) == 40
