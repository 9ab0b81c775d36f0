"""
One small interface to both databases, and SQLite's side of it, through sqlite-utils.

SQL is written once, in the part that SQLite and PostgreSQL share, with `:name` parameters.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlite_utils import Database as SqliteUtils

from storage.errors import Unreachable

Params = Mapping[str, Any]
Row = dict[str, Any]

PATIENCE_MS = 30_000
"""How long a writer waits for another before it gives up."""


class Database(Protocol):
    """What the table families need. Thread-safe."""

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006 - never changed
        """Run one statement and return what it selects or returns."""

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        """Run one statement and return how many rows it changed."""

    def transaction(self) -> AbstractContextManager[None]:
        """All statements within, or none. Holds the write lock: never do anything slow here."""

    def close(self) -> None: ...


class SqliteDatabase:
    """
    One file, one connection a thread.

    A connection shared by threads would lose one thread's write when another rolls back.
    Transactions take the write lock at once: one that reads first and writes later is
    refused without waiting if another writer came between.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._mine = threading.local()
        self._all: list[SqliteUtils] = []
        self._lock = threading.Lock()
        self._connection()

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006
        cursor = self._connection().execute(sql, dict(params))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        return int(self._connection().execute(sql, dict(params)).rowcount)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        connection = self._connection()
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")

    def close(self) -> None:
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._mine = threading.local()

    def _connection(self) -> SqliteUtils:
        known: SqliteUtils | None = getattr(self._mine, "connection", None)
        return known or self._open()

    def _open(self) -> SqliteUtils:
        try:
            raw = sqlite3.connect(
                self._path,
                timeout=PATIENCE_MS / 1000,
                isolation_level=None,
                check_same_thread=False,  # so that close() can close them all
            )
            raw.execute(f"pragma busy_timeout = {PATIENCE_MS}")
            raw.execute("pragma foreign_keys = on")
            raw.execute("pragma synchronous = normal")
            connection = SqliteUtils(raw)
            connection.enable_wal()
        except sqlite3.OperationalError as error:
            raise Unreachable(f"the database {self._path} cannot be opened: {error}") from error
        self._mine.connection = connection
        with self._lock:
            self._all.append(connection)
        return connection
