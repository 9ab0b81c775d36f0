"""A migration beside sessions that hold tables and do nothing."""

from __future__ import annotations

import threading

import psycopg
import pytest

from storage import Store
from storage.db import migrations, postgres
from storage.errors import Held
from tests.waiting import until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]
LATER = (*migrations.MIGRATIONS, ("9999_later", ("alter table people add column later text",)))


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "PAUSE_S", 0.01)
    monkeypatch.setattr(postgres, "LOCK_S", 1)


@pytest.fixture
def idle(store: Store, database_url: str) -> psycopg.Connection:
    """A session that has read a table in a transaction, and says nothing more."""
    connection = psycopg.connect(database_url, application_name="old-worker")
    connection.execute("select * from people")
    return connection


def test_it_ends_with_who_holds_the_table_and_what_to_do(
    store: Store, idle: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "PATIENCE_S", 0)
    pid = idle.info.backend_pid

    with idle, pytest.raises(Held) as refused:
        migrations.migrate(store._db, store._clock, LATER)

    assert "old-worker" in str(refused.value)
    assert f"select pg_terminate_backend({pid})" in str(refused.value)
    assert migrations.pending(store._db, LATER) == ["9999_later"]


def test_it_goes_on_once_the_table_is_free(store: Store, idle: psycopg.Connection) -> None:
    taken: list[str] = []
    migrating = threading.Thread(
        target=lambda: taken.extend(migrations.migrate(store._db, store._clock, LATER))
    )
    migrating.start()
    until(lambda: waits(store), "it does not wait")

    idle.close()
    migrating.join()

    assert taken == ["9999_later"]


def waits(store: Store) -> bool:
    """Whether somebody waits for a table."""
    return bool(
        store._db.rows("select 1 from pg_locks where not granted and locktype = 'relation'")
    )
