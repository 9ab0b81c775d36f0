"""Databases of an older program, and of none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage import Invitation, State, Store, migrations
from storage.errors import NotMigrated
from tests.storage.fixtures import START, HandClock

OLDER = migrations.MIGRATIONS[:3]
NAMES = [name for name, _ in migrations.MIGRATIONS]


@pytest.fixture
def empty(database_url: str, keys: list[str], clock: HandClock) -> Iterator[Store]:
    store = Store.open(database_url, keys, clock)
    yield store
    store.close()


def test_a_new_database_is_not_ready_until_it_is_migrated(empty: Store) -> None:
    before = empty.ready()
    with pytest.raises(NotMigrated, match=r"0001_people_and_accounts.*`python -m bot migrate`"):
        empty.must_be_migrated()

    taken, again = empty.migrate(), empty.migrate()

    assert (before, taken, again, empty.ready()) == (False, NAMES, [], True)
    empty.must_be_migrated()


def test_a_database_of_an_older_program_is_upgraded_and_keeps_what_it_holds(
    empty: Store, clock: HandClock
) -> None:
    migrations.migrate(empty._db, clock, OLDER)
    account = empty.accounts.link(
        "T1",
        "U1",
        cloud="https://identity.example.com",
        project_id="123",
        project_name="web shop",
        user_name="producer",
        regions=["DFW"],
        region=None,
        credentials={"api_key": "s3cret"},
    )
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


def test_a_database_of_a_newer_program_is_still_ready(empty: Store, clock: HandClock) -> None:
    """So that a deployment can be rolled back."""
    newer = (*migrations.MIGRATIONS, ("9999_newer", ("create table newer (id text)",)))

    migrations.migrate(empty._db, clock, newer)

    assert empty.ready()
    assert empty.migrate() == []
