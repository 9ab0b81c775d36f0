"""PostgreSQL, for several processes or machines."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from storage.database import Params, Row
from storage.errors import Unreachable

CONNECTIONS = 20
PATIENCE_S = 30.0
"""How long a statement waits for a free connection."""

_NAMED = re.compile(r"(?<![:\w]):([a-z_]+)")


class PostgresDatabase:
    """A pool of connections; a transaction keeps one for its thread."""

    def __init__(self, url: str) -> None:
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            url,
            connection_class=psycopg.Connection[Row],
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE_S,
            open=False,
            kwargs={"autocommit": True, "row_factory": dict_row},
        )
        self._mine = threading.local()
        try:
            self._pool.open(wait=True, timeout=10)
        except PoolTimeout:
            self._pool.close()
            raise Unreachable("the PostgreSQL of DATABASE_URL does not answer") from None

    def rows(self, sql: str, params: Params = {}) -> list[Row]:  # noqa: B006
        with self._connection() as connection:
            cursor = connection.execute(_translated(sql), dict(params))
            return cursor.fetchall() if cursor.description else []

    def execute(self, sql: str, params: Params = {}) -> int:  # noqa: B006
        with self._connection() as connection:
            return connection.execute(_translated(sql), dict(params)).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._pool.connection() as connection, connection.transaction():
            self._mine.connection = connection
            try:
                yield
            finally:
                self._mine.connection = None

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        mine: psycopg.Connection[Row] | None = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
            return
        with self._pool.connection() as connection:
            yield connection


def _translated(sql: str) -> Any:
    """`:name` as psycopg writes it."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))
