"""Opening, closing, and databases that do not answer."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage import Store
from storage.db.database import SqliteDatabase
from storage.errors import BadUrl, StorageError, Unreachable
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S

LONG = """
    with recursive n (i) as (select 1 union all select i + 1 from n limit 200000)
    select count(*) as n from n"""
"""A statement that takes a moment."""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://host/name",
        "imagebot.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://%zz",
        "postgresql://bot:\udcff@host/name",
        f"postgresql://{'a' * 64}/name",
    ],
)
def test_an_address_of_no_database_is_refused(url: str, keys: list[str]) -> None:
    with pytest.raises(BadUrl, match="DATABASE_URL"):
        Store.open(url, keys)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:s3cret@127.0.0.1:1/imagebot",
        "postgresql://bot:s3cret/x@127.0.0.1/imagebot",
        "postgresql://bot@s3cret@127.0.0.1:1/imagebot",
    ],
)
def test_a_database_that_does_not_answer_is_named_and_its_password_is_not(
    url: str, keys: list[str]
) -> None:
    with pytest.raises(StorageError, match="DATABASE_URL") as refusal:
        Store.open(url, keys)

    assert "s3cret" not in repr(refusal.value)


@pytest.mark.postgres
def test_postgresql_tells_why_it_refuses(postgres_url: str, keys: list[str]) -> None:
    with pytest.raises(Unreachable, match='refuses us: database "missing" does not exist'):
        Store.open(f"{postgres_url}/missing", keys)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, keys: list[str]) -> None:
    with pytest.raises(Unreachable, match=r"no-such-folder/x.db cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/no-such-folder/x.db", keys)


def test_a_file_that_is_no_database_is_named(tmp_path: Path, keys: list[str]) -> None:
    (tmp_path / "notes.txt").write_text("not a database, though long enough to be one" * 50)

    with pytest.raises(Unreachable, match=r"notes.txt cannot be opened: file is not a database"):
        Store.open(f"sqlite:///{tmp_path}/notes.txt", keys)


def test_who_may_not_open_or_write_a_file_is_told_whose_it_is(
    tmp_path: Path, keys: list[str]
) -> None:
    owner = tmp_path.owner()
    (tmp_path / "folder").mkdir()
    database = SqliteDatabase(str(tmp_path / "x.db"))
    database.execute("create table things (name text)")
    database.execute("pragma query_only = on")

    with pytest.raises(Unreachable, match=f"x.db belongs to {owner}: run this as {owner}"):
        database.execute("insert into things values ('one')")
    with pytest.raises(Unreachable, match=f"folder belongs to {owner}: run this as {owner}"):
        Store.open(f"sqlite:///{tmp_path}/folder", keys)
    database.close()


def test_a_new_file_and_those_beside_it_are_their_owners_alone(
    tmp_path: Path, keys: list[str]
) -> None:
    """Whatever the umask allows: they hold people's credentials, sealed as they are."""
    before = os.umask(0o000)
    try:
        store = Store.open(f"sqlite:///{tmp_path}/x.db", keys)
        store.migrate()
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"x.db": 0o600, "x.db-wal": 0o600, "x.db-shm": 0o600}
    store.close()


def test_what_an_operator_allows_others_is_left_as_it_is(tmp_path: Path, keys: list[str]) -> None:
    """A group may own the file, to back it up."""
    file = tmp_path / "x.db"
    file.touch()
    file.chmod(0o660)

    Store.open(f"sqlite:///{file}", keys).close()

    assert file.stat().st_mode & 0o777 == 0o660


def test_what_was_written_is_there_after_closing(
    database_url: str, keys: list[str], clock: HandClock
) -> None:
    store = Store.open(database_url, keys, clock)
    store.migrate()
    store.people.seen("T1", "U1")
    store.close()
    store.close()

    again = Store.open(database_url, keys, clock)

    assert again.people.get("T1", "U1")
    again.close()


def test_a_closed_store_says_so(database_url: str, keys: list[str]) -> None:
    store = Store.open(database_url, keys)
    store.close()

    with pytest.raises(Unreachable, match="closed"):
        store.people.all()
    assert store.ready() is False


def test_a_locked_file_is_an_error_with_a_name(sqlite_url: str, sqlite_store: Store) -> None:
    sqlite_store._db.rows("pragma busy_timeout = 10")
    blocker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    blocker.execute("begin immediate")

    with pytest.raises(Unreachable, match="database is locked"):
        sqlite_store.people.seen("T1", "U1")

    blocker.execute("rollback")
    blocker.close()
    assert sqlite_store.people.seen("T1", "U1")


def test_threads_that_have_ended_leave_no_connection_open(tmp_path: Path) -> None:
    """A server may start a thread a request, for months. The last one's goes with the next."""
    db = SqliteDatabase(str(tmp_path / "x.db"))

    for _ in range(20):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(db.rows, "select 1").result()

    assert len(db._open or ()) == 2
    db.close()


def test_waiting_writers_get_their_turn(store: Store) -> None:
    """A transaction that reads before it writes waits, instead of failing at once."""

    def read_then_write(number: int) -> None:
        with store._db.transaction():
            store.people.all()
            store.people.seen("T1", f"U{number:02}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_then_write, range(40)))

    assert len(store.people.all()) == 40


def test_a_store_is_closed_while_threads_ask_and_they_end(sqlite_url: str, keys: list[str]) -> None:
    """A hand that is left behind at SIGTERM must not crash the process."""
    store = Store.open(sqlite_url, keys)
    asking, answers = threading.Barrier(9), list[str]()

    def ask() -> None:
        store.ready()
        asking.wait(PATIENCE_S)
        with pytest.raises(Unreachable) as refusal:
            _ask_on_and_on(store)
        answers.append(str(refusal.value))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    asking.wait(PATIENCE_S)
    store.close()
    for each in threads:
        each.join()

    assert answers == ["the store is closed"] * 8


def _ask_on_and_on(store: Store) -> None:
    while True:
        store._db.rows(LONG)
