"""APScheduler 4, an alpha: its SQLAlchemy data store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from apscheduler import Scheduler
from apscheduler.datastores.sqlalchemy import SQLAlchemyDataStore
from apscheduler.eventbrokers.local import LocalEventBroker
from apscheduler.eventbrokers.psycopg import PsycopgEventBroker
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from benchmarks.engines.items import Item, do


class ApScheduler:
    def __init__(self, url: str) -> None:
        self._url = url
        self._sqlite = url.startswith("sqlite")
        self._ours: Any = None
        self._bound: int | None = None

    def prepare(self) -> None:
        with self._open():
            pass

    def bind(self, connection: Any) -> None:
        """Its store begins and commits on whatever engine it is given."""
        dialect = "sqlite://" if self._sqlite else "postgresql+psycopg://"
        self._ours = sqlalchemy.create_engine(
            dialect, creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None
        )
        self._ours.connect()

    def bounded(self, bound: int) -> None:
        self._bound = bound or None

    def put(self, items: Sequence[Item]) -> None:
        """A bound belongs to a task, so each lane is one."""
        with self._open(self._ours) as scheduler:
            for lane in {item.lane for item in items}:
                self._configure(scheduler, lane)
            for item in items:
                scheduler.add_job(item.lane, args=(item.id, item.lane, item.seconds))

    def work(self, hands: int, bound: int) -> None:  # noqa: ARG002 - it is in the tasks
        with self._open(hands=hands) as scheduler:
            scheduler.run_until_stopped()

    def _configure(self, scheduler: Scheduler, lane: str) -> None:
        scheduler.configure_task(
            lane, func=do, job_executor="threadpool", max_running_jobs=self._bound
        )

    def _open(self, engine: Any = None, hands: int = 100) -> Scheduler:
        if engine is None and self._sqlite:
            engine = sqlalchemy.create_engine(self._url, connect_args={"timeout": 30})
        elif engine is None:
            engine = create_async_engine(self._url.replace("postgresql", "postgresql+psycopg", 1))
        broker = LocalEventBroker() if self._sqlite else PsycopgEventBroker(self._url)
        store = SQLAlchemyDataStore(engine)
        return Scheduler(store, broker, max_concurrent_jobs=hands, cleanup_interval=10)
