"""huey on its SQLite and PostgreSQL storages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huey import PostgresHuey, SqliteHuey
from huey.api import Huey

from benchmarks.engines.items import Item, do


class Hueys:
    def __init__(self, url: str) -> None:
        self._url = url
        self._use(self._open())

    def _use(self, huey: Huey) -> None:
        self._huey = huey
        self._task = huey.task(name="do")(do)

    def prepare(self) -> None:
        """Its tables are created by opening it."""

    def bind(self, connection: Any) -> None:
        """PostgreSQL's storage takes a connection, SQLite's none; both begin and commit on it."""
        if self._url.startswith("sqlite"):
            self._huey.storage._conn = connection
        else:
            self._use(self._open(connection=lambda: connection, create_tables=False))

    def put(self, items: Sequence[Item]) -> None:
        for item in items:
            self._task(item.id, item.lane, item.seconds)

    def work(self, hands: int, bound: int) -> None:
        assert not bound, "it has no bounds by key"
        self._huey.create_consumer(workers=hands, worker_type="thread", max_delay=1.0).run()

    def _open(self, **options: Any) -> Huey:
        if self._url.startswith("sqlite"):
            path = self._url.removeprefix("sqlite:///")
            return SqliteHuey(filename=path, fsync=True, timeout=30, results=False)
        return PostgresHuey(dsn=self._url, results=False, **options)
