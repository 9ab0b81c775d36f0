"""PostgreSQL, for several processes or machines."""

from __future__ import annotations

import math
import re
import select
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from storage.db.database import LEASE, NESTED, Params, Row, as_columns
from storage.db.listening import Listening
from storage.db.patience import Patience
from storage.db.postgres_listener import CHANNEL, PostgresListener
from storage.errors import BadUrl, Held, Taken, Unreachable

CONNECTIONS = 20
ANSWER_S = 10
"""How long the server may take to answer at the start."""
CHECK_S = 1.0
"""How long a connection may take to say that it is still there, before it is used."""
GRACE_S = 0.5
"""How much longer than the server itself we wait for it to give a statement up."""
IDLE_S = 60
"""How long a transaction may be idle: its client is dead, or hangs with locks."""
LOCK_S = 2
"""How long a migration waits for a table, because others then queue behind it."""
RECONNECT_S = 1.0
"""How long the pool reconnects, with doubled pauses; the next request starts again."""
FRESH_S = 1.0
"""A connection used within this time is not tested before it is used again."""

MIGRATING = 0x696D6167
"""Number of the advisory lock that migrations take."""

_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Answering(psycopg.Connection[Row]):
    """A connection with a deadline, whether the server is gone or hangs."""

    timeout_s: float | None = None
    """How long it waits for each answer; None for no limit."""
    used_at: float = -math.inf
    """When it was last used with success, as `time.monotonic` counts."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """
        Raises:
            psycopg.OperationalError: no answer in time. Then the connection is closed, for an
                answer that came later would be taken for that to the next question.
        """
        try:
            return super().wait(gen, interval, self.timeout_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class PostgresDatabase:
    """A pool of connections; a transaction keeps one for its thread."""

    row_lock = "for update"
    free_rows = "for update skip locked"
    row_id = "ctid"
    materialized = "materialized"
    lease = LEASE

    def __init__(
        self, url: str, patience: Patience | None = None, connections: int = CONNECTIONS
    ) -> None:
        _must_answer(url)
        self._url = url
        self._patience = patience or Patience()
        self._timeout_s = self._patience.seconds
        self._pool: ConnectionPool[Answering] = ConnectionPool(
            url,
            connection_class=Answering,
            min_size=1,
            max_size=connections,
            open=True,
            configure=self._bound,
            check=self._check,
            reconnect_timeout=RECONNECT_S,
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "connect_timeout": max(math.ceil(self._timeout_s), 2),
            },
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
        try:
            with self.without_bound(), self.transaction():
                self.rows("select pg_advisory_xact_lock(:number)", {"number": MIGRATING})
                self.execute(f"set local lock_timeout = '{LOCK_S}s'")
                yield
        except Held:
            raise Held(f"a table is held by others: {self._idle() or 'look again'}") from None

    def _idle(self) -> str:
        """Name the sessions that may hold tables though they do nothing, and how to end them."""
        rows = self.rows(
            """select pid, usename, application_name, xact_start from pg_stat_activity
               where datname = current_database() and state like 'idle in transaction%'
                 and pid <> pg_backend_pid() order by xact_start limit 3"""
        )
        return "; ".join(
            f"{row['usename']} {row['application_name']}".strip()
            + f" has done nothing in a transaction of {row['xact_start']:%H:%M:%S},"
            f" end it with `select pg_terminate_backend({row['pid']})`"
            for row in rows
        )

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self.transaction():
            self.execute("set transaction isolation level repeatable read, read only")
            yield

    def stream(self, sql: str) -> Iterator[Row]:
        """Read through a server-side cursor, within a transaction."""
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

    def without_bound(self) -> AbstractContextManager[None]:
        return self._patience.without_bound()

    def has_table(self, name: str) -> bool:
        [row] = self.rows("select to_regclass(:name) is not null as there", {"name": name})
        return bool(row["there"])

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[Answering]:
        if own := self._own():
            yield own
            return
        try:
            with (
                self._pool.connection(self._patience.seconds) as connection,
                self._in_time(connection),
            ):
                yield connection
                connection.used_at = time.monotonic()
        except psycopg.OperationalError as error:
            if (
                error.sqlstate is None
            ):  # otherwise it is an answer, such as that a statement took too long
                self._patience.lost()
            raise Unreachable(f"the database cannot be used now: {error}") from error

    @contextmanager
    def _in_time(self, connection: Answering) -> Iterator[None]:
        if not self._patience.unbounded:
            yield
            return
        connection.timeout_s = None
        connection.execute("set statement_timeout = 0")
        try:
            yield
        finally:
            if not connection.closed:
                self._bound(connection)

    def _bound(self, connection: Answering) -> None:
        """The server gives up what takes longer, and we what it does not answer."""
        connection.timeout_s = self._timeout_s + GRACE_S
        connection.execute(
            f"set statement_timeout = {int(self._timeout_s * 1000)};"
            f"set idle_in_transaction_session_timeout = '{IDLE_S}s'"
        )

    def _check(self, connection: Answering) -> None:
        """
        Check a connection, which may be older than the server's restart, or of a server that hangs.

        Checking each time would double the transactions: a connection used just now is checked
        only if the server has sent something unasked, as it does when it ends one.
        """
        fresh = time.monotonic() - connection.used_at <= FRESH_S
        if fresh and not _has_said_something(connection):
            return
        connection.timeout_s = min(CHECK_S, self._patience.seconds)
        connection.execute("")
        connection.timeout_s = self._timeout_s + GRACE_S

    def _own(self) -> Answering | None:
        """The connection of the transaction that this thread is in."""
        return getattr(self._mine, "connection", None)


def _has_said_something(connection: Answering) -> bool:
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return bool(heard.poll(0))


def _must_answer(url: str) -> None:
    """No detail of the URL is repeated: mistyped, its password may be anywhere in it."""
    try:
        conninfo_to_dict(url)
        psycopg.connect(url, connect_timeout=ANSWER_S).close()
    except (psycopg.ProgrammingError, UnicodeError):
        raise BadUrl("DATABASE_URL is not postgresql://user:password@host/name") from None
    except psycopg.OperationalError as error:
        _, refused, why = str(error).partition("FATAL:")
        reason = f"refuses us: {why.strip()}" if refused else "does not answer"
        raise Unreachable(f"the PostgreSQL of DATABASE_URL {reason}") from None


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise Taken(str(error)) from error
    except psycopg.errors.LockNotAvailable as error:
        raise Held(str(error)) from error


@cache
def _translated(sql: str) -> Any:
    """`:name` as psycopg writes it."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))
