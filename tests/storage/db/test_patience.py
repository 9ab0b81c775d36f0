"""A database that is locked, slow or frozen keeps nobody waiting for long."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from storage.db.database import SqliteDatabase
from storage.db.patience import AGAIN_S, AWAY_S, Patience
from storage.db.postgres import PostgresDatabase
from storage.errors import Unreachable
from tests.relay import Relay
from tests.waiting import PATIENCE_S, until

SLOW = "select pg_sleep(600)"


@pytest.fixture
def relay(postgres_url: str) -> Iterator[Relay]:
    there = urlsplit(postgres_url)
    assert there.hostname
    assert there.port
    relay = Relay(there.hostname, there.port)
    yield relay
    relay.close()


@pytest.fixture
def through_relay(postgres_url: str, relay: Relay) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
        there = urlsplit(f"{postgres_url}/{name}")
        yield urlunsplit(there._replace(netloc=f"bot@127.0.0.1:{relay.port}"))
        connection.execute(f"drop database {name} with (force)")


def test_whoever_waited_in_vain_spares_the_next_ones_for_a_moment() -> None:
    now = [100.0]
    patience = Patience(3, lambda: now[0])

    waits = [patience.seconds]
    patience.lost()
    waits.append(patience.seconds)
    with patience.without_bound():
        assert patience.seconds > 3
        assert patience.unbounded
    now[0] += AWAY_S
    waits.append(patience.seconds)

    assert waits == [3, AGAIN_S, 3]
    assert not patience.unbounded


def test_a_writer_waits_for_another_no_longer_than_it_may_and_readers_go_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.db"
    with (
        closing(SqliteDatabase(str(path), Patience(0.05))) as db,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        db.execute("create table things (name text)")
        other.execute("begin immediate")

        with pytest.raises(Unreachable, match="locked"):
            db.execute("insert into things values ('one')")
        with pytest.raises(Unreachable, match="locked"), db.transaction():
            pass
        assert db.rows("select * from things") == []

        other.execute("rollback")
        assert db.execute("insert into things values ('one')") == 1


def test_what_has_no_bound_waits_until_the_lock_is_free(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with (
        closing(SqliteDatabase(str(path), Patience(0.01))) as db,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):
        db.execute("create table things (name text)")
        other.execute("begin immediate")
        threading.Timer(0.3, lambda: other.execute("rollback")).start()

        with db.without_bound():
            assert db.execute("insert into things values ('one')") == 1


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_given_up_and_the_next_is_answered(
    through_relay: str,
) -> None:
    with closing(PostgresDatabase(through_relay, Patience(0.2))) as db:
        with pytest.raises(Unreachable, match="statement timeout"):
            db.rows(SLOW)
        with pytest.raises(Unreachable, match="statement timeout"), db.transaction():
            db.rows(SLOW)

        assert db.rows("select 1 as one") == [{"one": 1}]


@pytest.mark.postgres
def test_what_has_no_bound_has_none_and_leaves_the_connection_with_its_own(
    through_relay: str,
) -> None:
    with closing(PostgresDatabase(through_relay, Patience(2), connections=1)) as db:

        def bound() -> str:
            return str(db.rows("show statement_timeout")[0]["statement_timeout"])

        with db.without_bound():
            unbounded = bound()
        with db.migrating():
            migrating = bound()
        with pytest.raises(ZeroDivisionError), db.without_bound(), db.transaction():
            raise ZeroDivisionError

        assert (unbounded, migrating, bound()) == ("0", "0", "2s")


@pytest.mark.postgres
def test_a_server_that_stands_still_is_waited_for_no_longer_than_it_may(
    through_relay: str, relay: Relay
) -> None:
    """Its connections stay open, so that only a deadline of our own ends the wait."""
    with closing(PostgresDatabase(through_relay, Patience(0.5))) as db:
        asked = threading.Event()
        ended: list[Exception] = []

        def ask() -> None:
            try:
                with db.transaction():
                    asked.set()
                    until(frozen.is_set)
                    db.rows("select 1")
            except Unreachable as error:
                ended.append(error)

        frozen = threading.Event()
        asking = threading.Thread(target=ask)
        asking.start()
        assert asked.wait(PATIENCE_S)
        relay.freeze()
        frozen.set()
        asking.join(PATIENCE_S)
        for _ in range(3):
            with pytest.raises(Unreachable):
                db.rows("select 1")

        assert len(ended) == 1
        relay.thaw()
        assert until(lambda: _answered(db)) == [{"one": 1}]


def _answered(db: PostgresDatabase) -> list[dict[str, object]] | None:
    try:
        return db.rows("select 1 as one")
    except Unreachable:
        return None
