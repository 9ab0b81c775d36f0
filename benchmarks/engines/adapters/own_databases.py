"""The two databases as the bot uses them: psycopg 3, and sqlite3 opened for sqlite-utils."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import psycopg_pool
import sqlite_utils
from psycopg.rows import dict_row

IDLE_S = 1.0
"""How long a worker waits if nothing wakes it."""
GLANCE_S = 0.1
"""How often a worker on SQLite looks whether another process has written."""
CLAIMING = 0x776F726B
"""Number of the advisory lock that claims take."""
CHANNEL = "work"


class Sqlite:
    troubles = (sqlite3.OperationalError,)

    def __init__(self, url: str) -> None:
        self._path = url.removeprefix("sqlite:///")
        self._mine = threading.local()
        self.woken = threading.Event()

    def run(self, sql: str, values: Any = ()) -> None:
        self._connection().execute(sql, values)

    def run_all(self, sql: str, rows: Sequence[Any]) -> None:
        with self._transaction() as connection:
            connection.executemany(sql, rows)

    def claim(self, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(sql, values).fetchall()]

    def put(self, connection: Any, sql: str, rows: Sequence[Any]) -> None:
        connection.executemany(sql, rows)

    def wakes(self) -> Iterator[None]:
        """Woken by an event within the process, and by SQLite's counter of others' commits."""
        seen, since = -1, time.monotonic()
        while True:
            woken = self.woken.wait(GLANCE_S)
            [version] = self._connection().execute("pragma data_version").fetchone()
            if woken or version != seen or time.monotonic() - since > IDLE_S:
                self.woken.clear()
                seen, since = version, time.monotonic()
                yield

    def close(self) -> None:
        self._connection().close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            with suppress(sqlite3.OperationalError):
                connection.execute("rollback")
            raise

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = sqlite_connection(self._path)
        connection: sqlite3.Connection = self._mine.connection
        return connection


class Postgres:
    troubles = (psycopg.OperationalError, psycopg_pool.PoolTimeout)

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: Any = None
        self.woken = threading.Event()

    def run(self, sql: str, values: Any = None) -> None:
        with self._connection() as connection:
            connection.execute(_named(sql), values)

    def run_all(self, sql: str, rows: Sequence[Any]) -> None:
        with self._connection() as connection, connection.transaction():
            connection.cursor().executemany(_named(sql), rows)

    def claim(self, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        with self._connection() as connection, connection.transaction():
            connection.execute("select pg_advisory_xact_lock(%s)", (CLAIMING,))
            return list(connection.execute(_named(sql), values).fetchall())

    def put(self, connection: Any, sql: str, rows: Sequence[Any]) -> None:
        connection.cursor().executemany(_named(sql), rows)
        connection.execute(f"notify {CHANNEL}")

    def wakes(self) -> Iterator[None]:
        """Woken by an event within the process, and by NOTIFY when what was put is committed."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            self.woken.wait(IDLE_S)
            self.woken.clear()
            yield

    def _listen(self) -> None:
        while True:
            with suppress(*self.troubles), postgres_connection(self._url) as connection:
                connection.execute(f"listen {CHANNEL}")
                for _ in connection.notifies():
                    self.woken.set()
            time.sleep(IDLE_S)

    def close(self) -> None:
        if self._pool:
            self._pool.close()

    def _connection(self) -> Any:
        self._pool = self._pool or psycopg_pool.ConnectionPool(
            self._url,
            min_size=1,
            max_size=20,
            open=True,
            timeout=5,
            reconnect_timeout=1,  # its pauses double: left alone it is half a minute late
            check=psycopg_pool.ConnectionPool.check_connection,
            kwargs={"autocommit": True, "row_factory": dict_row},
        )
        return self._pool.connection()


def sqlite_connection(path: str) -> sqlite3.Connection:
    """As the bot opens it: outside of a transaction a statement commits itself."""
    raw = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    raw.row_factory = sqlite3.Row
    raw.execute("pragma synchronous = full")
    sqlite_utils.Database(raw, execute_plugins=False).enable_wal()
    return raw


def postgres_connection(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


def _named(sql: str) -> Any:
    """`:name` as psycopg writes it."""
    return re.sub(r"(?<![:\w]):([a-z]+)", r"%(\1)s", sql)
