"""What is sealed, with which keys, and what is said when a key is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from storage import SigningKey, Store, new_key
from storage.errors import BadKeys, Sealed
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock

TABLES = (
    *("accounts", "account_troubles", "installations", "once", "outbox", "people", "audit_log"),
    *("transfers", "cards", "signing_keys"),
)
URL = "https://storage.example/v1/account"

Reopen = Callable[..., Store]


@pytest.fixture
def reopen(database_url: str, clock: HandClock) -> Iterator[Reopen]:
    """The same database, with other keys."""
    with ExitStack() as at_the_end:

        def reopen(*keys: str) -> Store:
            store = Store.open(database_url, keys, clock)
            at_the_end.callback(store.close)
            return store

        yield reopen


def everything(store: Store) -> str:
    """All that somebody who stole the database would read."""
    return repr([store._db.rows(f"select * from {table}") for table in TABLES])  # noqa: S608


def test_no_secret_stands_in_the_database_or_in_a_value(store: Store, link: Link) -> None:
    account = link(credentials={"api_key": "s3cret"})
    store.installations.save("T1", None, {"bot_token": "xoxb-s3cret"})
    store.signing_keys.put(URL, 1, "s3cret")
    token = store.once.issue("link", {"for": "U1"}, 60)

    stolen = everything(store)

    assert "s3cret" not in stolen
    assert token not in stolen
    assert "s3cret" not in repr(account)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "SECRET_KEYS is empty"),
        (["short"], "not a Fernet key"),
        ([new_key(), "ключ"], "not a Fernet key"),
    ],
)
def test_keys_that_are_none_are_refused_at_the_start(
    keys: list[str], says: str, sqlite_url: str
) -> None:
    with pytest.raises(BadKeys, match=says) as refusal:
        Store.open(sqlite_url, keys)

    assert "`python -m bot key`" in str(refusal.value)


def test_a_wrong_key_says_what_to_do(store: Store, link: Link, reopen: Reopen) -> None:
    account = link()
    store.installations.save("T1", None, {"bot_token": "xoxb"})
    stranger = reopen(new_key())

    with pytest.raises(Sealed, match="put the old key back, after the new one"):
        stranger.accounts.credentials(account.id)
    with pytest.raises(Sealed, match="put the old key back, after the new one"):
        stranger.installations.find("T1", None)

    assert stranger.accounts.get(account.id) == account


def test_a_new_key_is_put_first_and_the_old_one_still_opens(
    store: Store, link: Link, keys: list[str], reopen: Reopen
) -> None:
    old = link(project_id="1")
    new_first = reopen(new := new_key(), *keys)

    relinked = new_first.accounts.link(
        "T1",
        "U2",
        cloud="https://identity.example.com",
        project_id="2",
        project_name="",
        user_name="consumer",
        regions=[],
        region=None,
        credentials={"api_key": "other"},
    )

    assert new_first.accounts.credentials(old.id) == {"api_key": "s3cret"}
    assert reopen(new).accounts.credentials(relinked.id) == {"api_key": "other"}


def test_after_resealing_the_old_key_may_go(
    store: Store, link: Link, keys: list[str], reopen: Reopen
) -> None:
    account = link()
    store.installations.save("T1", None, {"bot_token": "xoxb"})
    store.signing_keys.put(URL, 1, "signs")
    new = new_key()

    sealed = reopen(new, *keys).reseal()

    alone = reopen(new)
    assert sealed == 3
    assert alone.accounts.credentials(account.id) == {"api_key": "s3cret"}
    assert alone.installations.find("T1", None) == {"bot_token": "xoxb"}
    assert alone.signing_keys.get(URL) == SigningKey(1, "signs", START, None)
    with pytest.raises(Sealed):
        store.accounts.credentials(account.id)


def test_one_that_no_key_opens_does_not_keep_the_others_from_being_resealed(
    store: Store, link: Link, keys: list[str], reopen: Reopen
) -> None:
    kept = link(project_id="1")
    lost = reopen(new_key()).accounts.link(
        "T1",
        "U2",
        cloud="https://identity.example.com",
        project_id="2",
        project_name="",
        user_name="consumer",
        regions=[],
        region=None,
        credentials={},
    )
    new = new_key()

    with pytest.raises(Sealed, match="1 of 2 accounts"):
        reopen(new, *keys).reseal()

    alone = reopen(new)
    assert alone.accounts.credentials(kept.id) == {"api_key": "s3cret"}
    with pytest.raises(Sealed):
        alone.accounts.credentials(lost.id)
