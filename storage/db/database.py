"""
One small interface to both databases, and SQLite's side of it, through sqlite-utils.

SQL is written once, in the part that SQLite and PostgreSQL share, with `:name` parameters, which
may be times, JSON or whatever else `columns.to_column` encodes.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database as SqliteUtils

from storage.db.columns import to_column
from storage.db.listening import Bell, FileListener, Listening
from storage.db.patience import UNBOUNDED_S, Patience
from storage.db.turns import Turns
from storage.errors import Taken, Unreachable

Params = Mapping[str, Any]
Row = dict[str, Any]

LEASE = timedelta(seconds=60)

NESTED = "a transaction is open in this thread already, and they are not to be nested"


class Database(Protocol):
    """
    What the table families need. Thread-safe. Every method may raise Unreachable, and a
    statement Taken.
    """

    row_lock: str
    """Ends a select whose rows nobody else may change before the transaction ends."""
    free_rows: str
    """Likewise, passing over rows that somebody else holds."""
    row_id: str
    """Where a row is, good until the transaction ends."""
    materialized: str
    """Has a query that locks rows run once only."""
    lease: timedelta
    """For how long a claim on a row of work holds unless it is renewed."""

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006 - never changed
        """Run one statement and return what it selects or returns."""

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        """Run one statement and return how many rows it changed."""

    def transaction(self) -> AbstractContextManager[None]:
        """
        All statements within, or none; never to do anything slow in.

        Raises:
            RuntimeError: within another one, because the inner one could not end separately.
        """

    def migrating(self) -> AbstractContextManager[None]:
        """A transaction that no other process's migration runs beside, and that may take long."""

    def without_bound(self) -> AbstractContextManager[None]:
        """Within, statements of this thread may take as long as they take."""

    def snapshot(self) -> AbstractContextManager[None]:
        """All that this thread reads within is of one moment, and nobody waits for it."""

    def stream(self, sql: str) -> Iterator[Row]:
        """Run a select, and give its rows one by one, without holding all of them."""

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        """Run one statement for each of these parameters."""

    def alone(self, name: str = "") -> AbstractContextManager[None]:
        """
        A transaction, or the one that is open already, to whose end no other of this name begins.
        """

    def notify(self, topic: str) -> None:
        """Wake those who listen, in every process, once this transaction is committed."""

    def listen(self, heard: Callable[[str], None]) -> Listening:
        """
        Call *heard*, in a thread, with every topic that is notified of from now on.

        "" means all of them: something was changed, or may have been missed.
        """

    def has_table(self, name: str) -> bool: ...

    def tables(self) -> list[str]:
        """Name the tables."""

    def close(self) -> None: ...


class SqliteDatabase:
    """
    One file, one connection a thread.

    A connection shared by threads would lose one thread's write when another rolls back.
    Transactions take the write lock at once: one that reads first and writes later is
    refused without waiting if another writer came between. So they are begun here, and
    not by sqlite-utils' `atomic()`, whose `begin` takes the lock late. Outside of them a
    statement commits itself: `isolation_level=None` makes that so for `returning` too,
    which sqlite-utils would leave open.
    """

    row_lock = ""  # a transaction locks the whole file
    free_rows = ""
    row_id = "rowid"
    materialized = "not materialized"  # so that it ends as soon as there are enough rows
    lease = LEASE

    def __init__(self, path: str, patience: Patience | None = None) -> None:
        self._path = path
        self._bell = Bell()
        self._patience = patience or Patience()
        self._mine = threading.local()
        self._open: dict[threading.Thread, SqliteUtils] | None = {}
        self._lock = threading.Lock()
        self._turns = Turns()
        self._connection()

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006
        connection = self._connection()
        with self._named_errors(), self._turn(connection, sql):
            cursor = connection.execute(sql, as_columns(params))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        connection = self._connection()
        with self._named_errors(), self._turn(connection, sql):
            return int(connection.execute(sql, as_columns(params)).rowcount)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        connection = self._connection()
        if connection.conn.in_transaction:
            raise RuntimeError(NESTED)
        topics = self._mine.topics = set[str]()
        with self._named_errors(), self._turn(connection):
            connection.execute("begin immediate")
            try:
                yield
                connection.execute("commit")
            except BaseException:
                if connection.conn.in_transaction:  # a full disk has rolled back already
                    connection.execute("rollback")
                raise
        for topic in topics:
            self._bell.ring(topic)

    @contextmanager
    def migrating(self) -> Iterator[None]:
        with self.without_bound(), self.transaction():
            yield

    def without_bound(self) -> AbstractContextManager[None]:
        return self._patience.without_bound()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """In WAL mode a transaction that only reads holds nobody up."""
        connection = self._connection()
        with self._named_errors():
            connection.execute("begin")
            try:
                yield
            finally:
                connection.execute("rollback")

    def stream(self, sql: str) -> Iterator[Row]:
        with self._named_errors():
            cursor = self._connection().execute(sql)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        connection = self._connection()
        with self._named_errors(), self._turn(connection, sql):
            connection.conn.executemany(sql, [as_columns(row) for row in rows])

    def alone(self, name: str = "") -> AbstractContextManager[None]:  # noqa: ARG002 - all are
        return nullcontext() if self._connection().conn.in_transaction else self.transaction()

    def notify(self, topic: str) -> None:
        if self._connection().conn.in_transaction:
            self._mine.topics.add(topic)
        else:
            self._bell.ring(topic)

    def listen(self, heard: Callable[[str], None]) -> Listening:
        return FileListener(lambda: _connection_to(self._path), self._bell, heard)

    def has_table(self, name: str) -> bool:
        return name in self.tables()

    def tables(self) -> list[str]:
        found = self.rows(
            """select name from sqlite_master
               where type = 'table' and name not like 'sqlite_%'"""
        )
        return [row["name"] for row in found]

    def close(self) -> None:
        with self._lock:
            for thread, connection in (self._open or {}).items():
                if thread is threading.current_thread() or not thread.is_alive():
                    connection.close()  # others may be in use; they are closed later
            self._open = None
        self._mine = threading.local()

    def _connection(self) -> SqliteUtils:
        known: SqliteUtils | None = getattr(self._mine, "connection", None)
        connection = known or self._connect()
        patience_s = self._patience.seconds
        if getattr(self._mine, "patience_s", None) != patience_s:
            connection.conn.execute(f"pragma busy_timeout = {int(patience_s * 1000)}")
            self._mine.patience_s = patience_s
        return connection

    def _connect(self) -> SqliteUtils:
        with self._lock:
            if self._open is None:
                raise Unreachable("the store is closed")
            self._close_those_of_ended_threads(self._open)
            connection = _connection_to(self._path)
            self._open[threading.current_thread()] = connection
        self._mine.connection, self._mine.patience_s = connection, None
        return connection

    @contextmanager
    def _turn(self, connection: SqliteUtils, sql: str = "") -> Iterator[None]:
        """One thread of this process writes at a time, in order; readers are not blocked."""
        if connection.conn.in_transaction or sql.lstrip()[:6].lower() == "select":
            yield
            return
        if not self._turns.take(self._patience.seconds):
            self._patience.lost()
            raise Unreachable("the database cannot be used now: others write all the time")
        try:
            yield
        finally:
            self._turns.give()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode not in _TWICE:
                raise
            raise Taken(str(error)) from error
        except sqlite3.OperationalError as error:
            if _code(error) not in _TROUBLES:
                raise
            if _code(error) == sqlite3.SQLITE_BUSY:
                self._patience.lost()
            hint = _whose(self._path, error)
            raise Unreachable(f"the database cannot be used now: {error}{hint}") from error

    def _close_those_of_ended_threads(self, connections: dict[threading.Thread, Any]) -> None:
        for thread in [thread for thread in connections if not thread.is_alive()]:
            connections.pop(thread).close()


def as_columns(params: Params) -> dict[str, Any]:
    return {name: to_column(value) for name, value in params.items()}


def _connection_to(path: str) -> SqliteUtils:
    raw = None
    _make_private(path)
    try:
        raw = sqlite3.connect(
            path,
            timeout=UNBOUNDED_S,
            isolation_level=None,
            check_same_thread=False,  # so that one thread can close those of ended ones
        )
        raw.execute("pragma foreign_keys = on")
        # Slower than `normal` by a sync for each write, but what is stored survives a power cut.
        raw.execute("pragma synchronous = full")
        connection = SqliteUtils(raw, execute_plugins=False)
        _enable_wal(connection)
    except sqlite3.Error as error:
        if raw:
            raw.close()
        hint = _whose(path, error)
        raise Unreachable(f"the database {path} cannot be opened: {error}{hint}") from error
    return connection


def _whose(path: str, error: sqlite3.Error) -> str:
    """Whom to run this as, where that may be what is wrong; "" where it is not."""
    if _code(error) not in _NOT_ALLOWED:
        return ""
    try:
        owner = Path(path).owner()
    except (OSError, KeyError):
        return ""
    return f"; {path} belongs to {owner}: run this as {owner}, who needs to write its folder, too"


def _make_private(path: str) -> None:
    """
    A new file is its owner's alone, and so are the `-wal` and `-shm` that SQLite puts beside it.

    One that exists is not touched: to close it would let go of all locks that SQLite holds on
    it in this process. Whatever else is wrong, SQLite says better.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _enable_wal(connection: SqliteUtils) -> None:
    """For this one change SQLite does not wait: it is busy while another process makes it too."""
    deadline = time.monotonic() + UNBOUNDED_S
    while True:
        try:
            return connection.enable_wal()
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


_TROUBLES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
}


_NOT_ALLOWED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
_TWICE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
