"""Databases of an older program, and of none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage import (
    Account,
    ApprovalState,
    Decision,
    Guarded,
    Invitation,
    Policy,
    Role,
    Rule,
    State,
    Store,
    Subject,
)
from storage.db import migrations
from storage.errors import NotMigrated, TooNew
from tests.storage import asking
from tests.storage.asking import ask
from tests.storage.fixtures import START, HandClock

OLDER = migrations.MIGRATIONS[:3]
NAMES = [name for name, _ in migrations.MIGRATIONS]


@pytest.fixture
def empty(database_url: str, keys: list[str], clock: HandClock) -> Iterator[Store]:
    store = Store.open(database_url, keys, clock)
    yield store
    store.close()


def linked(store: Store) -> Account:
    """As versions of before there were roles have linked an account."""
    store._db.execute(
        """insert into accounts (id, team_id, user_id, cloud, project_id, project_name, user_name,
                                 regions, credentials, linked_at)
           values ('a-1', 'T1', 'U1', 'https://identity.example.com', '123', 'web shop',
                   'producer', :regions, :sealed, :now)""",
        {
            "regions": ["DFW"],
            "sealed": store.accounts._vault.seal({"api_key": "s3cret"}),
            "now": START,
        },
    )
    [row] = store._db.rows("select * from accounts")
    return Account(
        **{name: row[name] for name in ("id", "team_id", "user_id", "cloud", "project_id")},
        project_name="web shop",
        user_name="producer",
        regions=("DFW",),
        region=None,
        linked_at=START,
        used_at=START,
    )


def test_a_new_database_is_not_ready_until_it_is_migrated(empty: Store) -> None:
    before = empty.ready()
    with pytest.raises(NotMigrated, match=r"all its tables: run `python -m bot migrate`"):
        empty.must_be_migrated()

    taken, again = empty.migrate(), empty.migrate()

    assert (before, taken, again, empty.ready()) == (False, NAMES, [], True)
    empty.must_be_migrated()


def test_a_database_of_an_older_program_is_upgraded_and_keeps_what_it_holds(
    empty: Store, clock: HandClock
) -> None:
    migrations.migrate(empty._db, clock, OLDER)
    account = linked(empty)
    empty._db.execute(
        """insert into invitations (account_id, region, image_id, image_name, owner, standard,
                                    first_seen, state)
           values (:account, 'DFW', 'i1', 'web', '9', 0, '2026-03-01T08:00:00.000000+00:00',
                   'pending')""",
        {"account": account.id},
    )
    with pytest.raises(NotMigrated, match="0004_answers_outlast_older_looks"):
        empty.must_be_migrated()

    taken = empty.migrate()

    assert taken == NAMES[3:]
    assert empty.accounts.credentials(account.id) == {"api_key": "s3cret"}
    assert empty.invitations.pending() == [
        Invitation(
            account.id, "DFW", "i1", "web", "9", None, START - timedelta(days=1), None, False
        )
    ]
    empty.invitations.answered(account.id, "DFW", "i1", State.ACCEPTED, "T1/U1", START)


def test_accounts_of_before_there_were_roles_can_be_lent_and_guarded(
    empty: Store, clock: HandClock
) -> None:
    """And keep what they were linked with, though a cloud was named with its version then."""
    before = [name for name, _ in migrations.MIGRATIONS].index("0010_rights")
    migrations.migrate(empty._db, clock, migrations.MIGRATIONS[:before])
    account = linked(empty)
    empty._db.execute("update accounts set cloud = cloud || '/v2.0'")

    taken = empty.migrate()

    assert taken == NAMES[before:]
    assert empty.accounts.all() == [account]
    assert empty.accounts.credentials(account.id) == {"api_key": "s3cret"}
    assert empty.rights.of_team("T1") == []
    assert (empty.rights.ceilings("T1"), empty.policies.of(account.key)) == ({}, Policy())
    hold_roles(empty, account)
    hold_approvals(empty, account)


def hold_roles(store: Store, account: Account) -> None:
    """They can be given, bounded and borrowed, and outlast the link that is lent."""
    store.rights.grant(account.key, account.id, Subject.PERSON, "U2", Role.APPROVER, "U1")
    store.rights.limit(account.key, "C1", Role.VIEWER, "U1")
    store.rights.borrow("T1", "U2", account.id, None)

    [grant] = store.rights.of_account(account.key)
    assert (grant.subject, grant.role) == ("U2", Role.APPROVER)
    assert store.rights.ceilings("T1") == {account.key: {"C1": Role.VIEWER}}
    assert store.rights.borrowed("T1", "U2") == {account.id: (None, START)}


def hold_approvals(store: Store, account: Account) -> None:
    """What the account guards is asked, decided and carried out; then it can be unlinked."""
    guarded = Policy({Guarded.DELETE: Rule.ALWAYS})
    store.policies.put(account.key, guarded, "U1")
    approval, _ = ask(store, account_id=account.id, key=account.key)
    store.approvals.vote(approval.id, "U2", Decision.APPROVE, "")
    [running] = asking.begun(store.approvals)

    assert store.approvals.end(running, ApprovalState.DONE, "")
    store.accounts.unlink(account.id)
    assert [grant.subject for grant in store.rights.of_account(account.key)] == ["U2"]
    assert store.policies.of(account.key) == guarded


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    empty: Store, clock: HandClock
) -> None:
    """Both databases can take back a `create table`."""
    broken = (
        *OLDER,
        ("9999_broken", ("create table half (id text)", "create table half (id text)")),
    )

    with pytest.raises(Exception, match="half"):
        migrations.migrate(empty._db, clock, broken)

    assert migrations.pending(empty._db) == NAMES
    assert empty.migrate() == NAMES


def test_a_database_of_a_newer_program_is_refused_at_the_start_but_not_meanwhile(
    empty: Store, clock: HandClock
) -> None:
    """What ran when it was migrated runs on: steps only add."""
    newer = (*migrations.MIGRATIONS, ("9999_newer", ("create table newer (id text)",)))

    migrations.migrate(empty._db, clock, newer)

    assert empty.ready()
    for start in (empty.migrate, empty.must_be_migrated):
        with pytest.raises(TooNew, match=r"9999_newer.*start that version, or restore"):
            start()
