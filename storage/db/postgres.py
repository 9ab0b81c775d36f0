"""PostgreSQL, for several processes or machines."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from storage.db.database import LEASE, NESTED, Params, Row, as_columns
from storage.db.listening import Listening
from storage.db.postgres_listener import CHANNEL, PostgresListener
from storage.errors import BadUrl, Taken, Unreachable

CONNECTIONS = 20
PATIENCE_S = 30.0
"""How long a statement waits for a free connection."""
ANSWER_S = 10
"""How long the server may take to answer at the start."""

FRESH_S = 1.0
"""What was used so lately is not tried before it is used again."""

MIGRATING = 0x696D6167
"""Number of the advisory lock that migrations take."""

_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class PostgresDatabase:
    """A pool of connections; a transaction keeps one for its thread."""

    row_lock = "for update"
    free_rows = "for update skip locked"
    row_id = "ctid"
    materialized = "materialized"
    lease = LEASE

    def __init__(self, url: str) -> None:
        _must_answer(url)
        self._url = url
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            url,
            connection_class=psycopg.Connection[Row],
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE_S,
            open=True,
            check=_check,
            kwargs={"autocommit": True, "row_factory": dict_row},
        )
        self._mine = threading.local()

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006
        with self._connection() as connection, _named_errors():
            cursor = connection.execute(_translated(sql), as_columns(params))
            return cursor.fetchall() if cursor.description else []

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        with self._connection() as connection, _named_errors():
            return connection.execute(_translated(sql), as_columns(params)).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._own() is not None:
            raise RuntimeError(NESTED)
        with self._connection() as connection, connection.transaction():
            self._mine.connection = connection
            try:
                yield
            finally:
                self._mine.connection = None

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Two processes that create one table at once would fail, `if not exists` or not."""
        with self.transaction():
            self.rows("select pg_advisory_xact_lock(:number)", {"number": MIGRATING})
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self.transaction():
            self.execute("set transaction isolation level repeatable read, read only")
            yield

    def stream(self, sql: str) -> Iterator[Row]:
        """Through a cursor of the server's, which lives in a transaction."""
        with ExitStack() as stack:
            if self._own() is None:
                stack.enter_context(self.transaction())
            connection = stack.enter_context(self._connection())
            yield from stack.enter_context(connection.cursor(name="stream")).execute(
                _translated(sql)
            )

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        with self._connection() as connection, _named_errors(), connection.cursor() as cursor:
            cursor.executemany(_translated(sql), [as_columns(row) for row in rows])

    def tables(self) -> list[str]:
        found = self.rows(
            """select relname from pg_class
               where relkind = 'r' and relnamespace = current_schema()::regnamespace"""
        )
        return [row["relname"] for row in found]

    @contextmanager
    def alone(self, name: str = "") -> Iterator[None]:
        """The lock is a statement of its own: what follows sees all that was done before it."""
        with nullcontext() if self._own() else self.transaction():
            if name:
                self.rows("select pg_advisory_xact_lock(hashtext(:name))", {"name": name})
            yield

    def notify(self, topic: str) -> None:
        self.rows("select pg_notify(:channel, :topic)", {"channel": CHANNEL, "topic": topic})

    def listen(self, heard: Callable[[str], None]) -> Listening:
        return PostgresListener(self._url, heard)

    def has_table(self, name: str) -> bool:
        [row] = self.rows("select to_regclass(:name) is not null as there", {"name": name})
        return bool(row["there"])

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        if own := self._own():
            yield own
            return
        try:
            with self._pool.connection() as connection:
                yield connection
                _used_at[connection] = time.monotonic()
        except psycopg.OperationalError as error:
            raise Unreachable(f"the database cannot be used now: {error}") from error

    def _own(self) -> psycopg.Connection[Row] | None:
        """The connection of the transaction that this thread is in."""
        return getattr(self._mine, "connection", None)


def _must_answer(url: str) -> None:
    """No detail of the URL is repeated: mistyped, its password may stand anywhere in it."""
    try:
        conninfo_to_dict(url)
        psycopg.connect(url, connect_timeout=ANSWER_S).close()
    except (psycopg.ProgrammingError, UnicodeError):
        raise BadUrl("DATABASE_URL is not postgresql://user:password@host/name") from None
    except psycopg.OperationalError as error:
        _, refused, why = str(error).partition("FATAL:")
        reason = f"refuses us: {why.strip()}" if refused else "does not answer"
        raise Unreachable(f"the PostgreSQL of DATABASE_URL {reason}") from None


_used_at: WeakKeyDictionary[psycopg.Connection[Row], float] = WeakKeyDictionary()


def _check(connection: psycopg.Connection[Row]) -> None:
    """The server may have been restarted; but to ask each time would double the transactions."""
    if time.monotonic() - _used_at.get(connection, 0.0) > FRESH_S:
        ConnectionPool.check_connection(connection)


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise Taken(str(error)) from error


@cache
def _translated(sql: str) -> Any:
    """`:name` as psycopg writes it."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))
