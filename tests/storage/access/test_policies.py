"""What an account wants to be asked first, and what holds where nothing was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import STRICTEST, Account, AccountKey, Guarded, Policy, Rule, Store
from tests.storage.conftest import Link

KEY = AccountKey("T1", "https://identity.example.com", "123")
OTHERS = [
    replace(KEY, team_id="T2"),
    replace(KEY, cloud="https://other.example.com"),
    replace(KEY, project_id="456"),
]
FULL = Policy(
    rules={
        Guarded.SHARE: Rule.OUTSIDE,
        Guarded.DELETE: Rule.ALWAYS,
        Guarded.EXPORT: Rule.NEVER,
    },
    people=2,
    reason=True,
    channel_id="C1",
    hours=24,
    strict=True,
)


@pytest.fixture
def account(link: Link) -> Account:
    return link()


def test_an_account_of_which_nothing_was_said_asks_for_nothing(store: Store) -> None:
    policy = store.policies.of(KEY)

    assert policy == Policy({}, people=1, reason=False, channel_id="", hours=8, strict=False)
    assert {policy.rule(what) for what in Guarded} == {Rule.NEVER}


@pytest.mark.parametrize("policy", [FULL, Policy()], ids=["full", "empty"])
def test_what_was_set_is_found_as_it_was_set(store: Store, policy: Policy) -> None:
    store.policies.put(KEY, policy, "U1")

    assert store.policies.of(KEY) == policy


def test_what_is_set_replaces_all_that_was(store: Store) -> None:
    """Rules that are no longer in it, too."""
    store.policies.put(KEY, FULL, "U1")

    store.policies.put(KEY, Policy({Guarded.UNSHARE: Rule.ALWAYS}), "U2")

    assert store.policies.of(KEY) == Policy({Guarded.UNSHARE: Rule.ALWAYS})


@pytest.mark.parametrize("field", ["people", "reason", "channel_id", "hours", "strict", "rules"])
def test_each_setting_can_be_changed_by_itself(store: Store, field: str) -> None:
    store.policies.put(KEY, FULL, "U1")
    changed = replace(FULL, **{field: getattr(Policy(), field)})

    store.policies.put(KEY, changed, "U1")

    assert store.policies.of(KEY) == changed != FULL


@pytest.mark.parametrize("other", OTHERS, ids=["team", "cloud", "project"])
def test_each_account_has_a_policy_of_its_own(store: Store, other: AccountKey) -> None:
    store.policies.put(KEY, FULL, "U1")
    before = store.policies.of(other)

    store.policies.put(other, Policy(people=3), "U1")

    assert before == Policy()
    assert (store.policies.of(KEY), store.policies.of(other)) == (FULL, Policy(people=3))


def test_a_policy_outlasts_the_links(store: Store, account: Account) -> None:
    """Or who unlinks an account and links it again would be rid of it."""
    store.policies.put(account.key, FULL, "U1")

    store.accounts.unlink(account.id)

    assert store.policies.of(account.key) == FULL


def test_each_column_that_cannot_be_read_is_the_strictest(store: Store) -> None:
    damage = {
        "rules": '{"dance": "always"}',
        "people": 0,
        "reason": 7,
        "hours": -1,
        "strict": 7,
    }
    for column, value in damage.items():
        store.policies.put(KEY, Policy(), "U1")
        store._db.execute(f"update policies set {column} = :value", {"value": value})  # noqa: S608

        policy = store.policies.of(KEY)

        assert getattr(policy, column) == getattr(STRICTEST, column)
        assert policy.unreadable == (column,)


def test_what_cannot_be_read_can_be_set_again(store: Store) -> None:
    store.policies.put(KEY, FULL, "U1")
    store._db.execute("update policies set hours = -1", {})

    store.policies.put(KEY, store.policies.of(KEY), "U1")

    assert store.policies.of(KEY) == replace(FULL, hours=1)
