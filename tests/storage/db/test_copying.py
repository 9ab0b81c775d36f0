"""All rows of a database are copied into another, from each kind to each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage import Store
from storage.db import migrations
from storage.errors import Different, NotEmpty, NotMigrated
from tests.storage.fixtures import HandClock
from tests.storage.version_0_1 import KEY, load


@pytest.fixture
def source(database_url: str, clock: HandClock) -> Iterator[Store]:
    """With a row or more in every table of version 0.1."""
    load(database_url)
    with closing(Store.open(database_url, [KEY], clock)) as store:
        store.migrate()
        yield store


@pytest.fixture
def target(other_url: str, clock: HandClock) -> Iterator[Store]:
    with closing(Store.open(other_url, [KEY], clock)) as store:
        store.migrate()
        yield store


def rows(store: Store) -> dict[str, list[tuple[tuple[str, object], ...]]]:
    db = store._db
    return {
        table: sorted(
            (tuple(sorted(row.items())) for row in db.rows(f"select * from {table}")),  # noqa: S608
            key=repr,
        )
        for table in db.tables()
        if table != "migrations"
    }


def test_the_tables_are_named_with_those_first_that_others_refer_to(source: Store) -> None:
    names = migrations.tables()

    assert {*names, "migrations"} == set(source._db.tables())
    assert names.index("accounts") < names.index("invitations") < names.index("told")


def test_every_row_of_every_table_is_there_afterwards(source: Store, target: Store) -> None:
    counts = source.copy_into(target)

    assert rows(target) == rows(source)
    assert counts == {table: len(found) for table, found in rows(source).items()}
    assert sum(counts.values()) > 30
    [account] = target.accounts.all()
    assert target.accounts.credentials(account.id) == {"api_key": "s3cret"}
    assert not target.audit.verify().broken


def test_the_copy_goes_on_as_the_original_would(source: Store, target: Store) -> None:
    source.copy_into(target)

    with target.audit.entry("T1/U1", "account.link", "T1/U1"):
        pass

    verdict = target.audit.verify(source.audit.verify().head)
    assert not verdict.broken
    assert verdict.rows == source.audit.verify().rows + 2


def test_what_is_there_is_lost_only_if_that_is_meant(source: Store, target: Store) -> None:
    target.people.seen("T9", "U9")

    with pytest.raises(NotEmpty):
        source.copy_into(target)
    assert target.people.get("T9", "U9")

    source.copy_into(target, replace=True)
    assert target.people.get("T9", "U9") is None
    assert rows(target) == rows(source)


def test_the_original_is_written_to_meanwhile_and_the_copy_is_of_one_moment(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write while it is copied succeeds, and is not in the copy."""
    before = rows(source)
    write = target._db.execute_many

    def meanwhile(sql: str, batch: object) -> None:
        with closing(Store.open(source_url(source), [KEY])) as another:
            another.people.seen("T9", "U9")
        write(sql, batch)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(target._db, "execute_many", meanwhile)
    source.copy_into(target)

    assert rows(target) == before
    assert source.people.get("T9", "U9")


def test_a_copy_that_is_not_its_original_is_refused(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = target._db.execute_many

    def spoil(sql: str, batch: list[dict[str, object]]) -> None:
        spoilt = {"message": "x"} if "into outbox" in sql else {}
        write(sql, [{**row, **spoilt} for row in batch])

    monkeypatch.setattr(target._db, "execute_many", spoil)

    with pytest.raises(Different, match="outbox"):
        source.copy_into(target)


def test_tables_of_another_version_are_not_copied(
    source: Store, other_url: str, clock: HandClock
) -> None:
    with closing(Store.open(other_url, [KEY], clock)) as behind:
        migrations.migrate(behind._db, clock, migrations.MIGRATIONS[:-1])
        with pytest.raises(NotMigrated):
            source.copy_into(behind)


def source_url(store: Store) -> str:
    db = store._db
    pool = getattr(db, "_pool", None)
    return str(pool.conninfo) if pool else f"sqlite:///{db._path}"  # type: ignore[attr-defined]
