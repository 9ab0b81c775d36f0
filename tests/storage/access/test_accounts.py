"""The accounts people have linked."""

from __future__ import annotations

import pytest

from storage import Account, Store
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock


def test_a_linked_account_is_found_as_it_was_linked(store: Store, link: Link) -> None:
    account = link(region="ORD")

    assert account == Account(
        id=account.id,
        team_id="T1",
        user_id="U1",
        cloud="https://identity.example.com",
        project_id="123",
        project_name="web shop",
        user_name="producer",
        regions=("DFW", "ORD"),
        region="ORD",
        linked_at=START,
        used_at=START,
    )
    assert store.accounts.get(account.id) == account
    assert store.accounts.of("T1", "U1") == store.accounts.all() == [account]
    assert store.accounts.credentials(account.id) == {"api_key": "s3cret"}


def test_the_account_linked_last_is_the_default(store: Store, link: Link, clock: HandClock) -> None:
    first, second = link(project_id="1"), link(project_id="2")
    at_one_moment = [each.id for each in store.accounts.of("T1", "U1")]
    clock.advance(minutes=1)

    link(project_id="1")

    assert at_one_moment == [second.id, first.id]
    assert [each.id for each in store.accounts.of("T1", "U1")] == [first.id, second.id]


def test_the_account_chosen_last_is_the_default_until_another_is_linked(
    store: Store, link: Link, clock: HandClock
) -> None:
    first, second = link(project_id="1"), link(project_id="2")
    clock.advance(minutes=1)
    store.accounts.use(first.id, "ORD")
    chosen = store.accounts.of("T1", "U1")
    clock.advance(minutes=1)
    link(project_id="2")

    assert [(each.id, each.region) for each in chosen] == [(first.id, "ORD"), (second.id, None)]
    assert [each.id for each in store.accounts.of("T1", "U1")] == [second.id, first.id]


def test_an_account_linked_again_stays_itself_and_is_out_of_trouble(
    store: Store, link: Link
) -> None:
    before = link()
    store.accounts.set_trouble(before.id, "DFW", "CredentialsRefused")

    after = link(credentials={"api_key": "new"}, regions=["IAD"])

    assert (after.id, after.regions, after.trouble) == (before.id, ("IAD",), {})
    assert store.accounts.all() == [after]
    assert store.accounts.credentials(after.id) == {"api_key": "new"}


def test_people_are_told_only_of_their_own_accounts(store: Store, link: Link) -> None:
    """Though two of them may have linked the same one."""
    one, other = link("U1"), link("U2")

    assert store.accounts.of("T1", "U1") == [one]
    assert store.accounts.of("T1", "U2") == [other]
    assert store.accounts.of("T2", "U1") == []


def test_trouble_is_news_once_and_kept_by_region(store: Store, link: Link) -> None:
    account, other = link("U1"), link("U2")

    news = [
        store.accounts.set_trouble(account.id, "DFW", "Unavailable"),
        store.accounts.set_trouble(account.id, "DFW", "Unavailable"),
        store.accounts.set_trouble(account.id, "DFW", "CredentialsRefused"),
        store.accounts.set_trouble(account.id, None, "Unavailable"),
    ]

    troubled = store.accounts.get(account.id)
    assert news == [True, False, True, True]
    assert troubled
    assert troubled.trouble == {"DFW": "CredentialsRefused", "": "Unavailable"}
    assert store.accounts.of("T1", "U2") == [other]


def test_trouble_is_cleared_once(store: Store, link: Link) -> None:
    account = link()
    store.accounts.set_trouble(account.id, "DFW", "Unavailable")

    cleared = [store.accounts.clear_trouble(account.id, "DFW") for _ in range(2)]

    assert cleared == [True, False]
    assert store.accounts.get(account.id) == account


def test_an_unlinked_account_is_gone_with_its_credentials(store: Store, link: Link) -> None:
    """Trouble that the scheduler finds a moment later is nobody's."""
    account = link()
    store.accounts.set_trouble(account.id, "DFW", "Unavailable")

    store.accounts.unlink(account.id)

    assert store.accounts.get(account.id) is None
    assert store.accounts.set_trouble(account.id, "DFW", "NotFound") is False
    with pytest.raises(KeyError):
        store.accounts.credentials(account.id)
    assert store._db.rows("select * from account_troubles") == []


@pytest.mark.parametrize(
    "address",
    [
        "https://identity.example.com/v2.0",
        "https://Identity.Example.com/v3",
        "https://identity.example.com/v3/",
        "https://identity.example.com/",
        "https://identity.example.com",
    ],
)
def test_one_account_is_one_by_whatever_version_it_was_linked(
    store: Store, link: Link, address: str
) -> None:
    """Or a colleague would make themself its admin by linking it by another."""
    first = link()

    second = link(user_id="U2", cloud=address)

    assert second.key == first.key
    assert [each.id for each in store.accounts.links(first.key)] == [first.id, second.id]


def test_links_of_a_workspace_of_a_cloud_and_in_trouble_are_asked_for(
    store: Store, link: Link
) -> None:
    one, two = link("U1", "1"), link("U2", "2", cloud="https://other")
    store.accounts.link(
        "T2",
        "U9",
        cloud=one.cloud,
        project_id="1",
        project_name="",
        user_name="",
        regions=(),
        region=None,
        credentials={},
    )
    store.accounts.set_trouble(two.id, "DFW", "Unavailable")
    store.accounts.set_trouble(two.id, None, "CredentialsRefused")

    troubled = store.accounts.get(two.id)
    assert troubled
    assert troubled.trouble == {"DFW": "Unavailable", "": "CredentialsRefused"}
    assert store.accounts.of_team("T1") == [troubled, one]
    assert store.accounts.of_cloud("T1", one.cloud) == [one]
