"""Keys for temporary URLs: sealed, and known for how long they are needed."""

from __future__ import annotations

from datetime import timedelta

from storage import SigningKey, Store
from tests.storage.fixtures import START, HandClock

URL = "https://storage.example/v1/account"


def test_a_key_is_kept_sealed_and_not_shown(store: Store) -> None:
    store.signing_keys.put(URL, 2, "s3cret")

    key = store.signing_keys.get(URL)

    assert key == SigningKey(2, "s3cret", START, None)
    assert "s3cret" not in repr(key)
    assert "s3cret" not in str(store._db.rows("select * from signing_keys"))
    assert store.signing_keys.get("https://storage.example/v1/other") is None


def test_a_new_key_takes_the_place_of_the_old_one(store: Store, clock: HandClock) -> None:
    store.signing_keys.put(URL, 2, "old")
    store.signing_keys.used(URL, START + timedelta(hours=1))
    clock.advance(days=30)

    store.signing_keys.put(URL, 1, "new")

    assert store.signing_keys.get(URL) == SigningKey(1, "new", clock(), None)


def test_a_key_is_needed_until_the_last_of_its_urls_ends(store: Store) -> None:
    store.signing_keys.put(URL, 2, "s3cret")

    for hours in (2, 3, 1):
        store.signing_keys.used(URL, START + timedelta(hours=hours))

    key = store.signing_keys.get(URL)
    assert key is not None
    assert key.used_until == START + timedelta(hours=3)


def test_keys_are_resealed_with_all_other_secrets(store: Store) -> None:
    store.signing_keys.put(URL, 2, "s3cret")

    assert store.reseal() == 1
