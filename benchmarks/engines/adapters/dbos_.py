"""DBOS Transact: a workflow for each item, on a queue with partitions."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy
from dbos import DBOS, DBOSClient
from sqlalchemy.pool import StaticPool

from benchmarks.engines.items import Item, do

QUEUE = "work"
VERSION = "1"
POLL_S = 0.1


class Dbos:
    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql://", "postgresql+psycopg://")
        self._ours: sqlalchemy.Connection | None = None

    def prepare(self) -> None:
        self._launch("setup")
        DBOS.destroy()

    def bind(self, connection: Any) -> None:
        """It takes SQLAlchemy's connections only, so ours is wrapped into one."""
        dialect = "sqlite://" if self._url.startswith("sqlite") else "postgresql+psycopg://"
        engine = sqlalchemy.create_engine(
            dialect,
            creator=lambda: connection,
            poolclass=StaticPool,
            pool_reset_on_return=None,
        )
        self._ours = engine.connect()

    def put(self, items: Sequence[Item]) -> None:
        client = DBOSClient(system_database_url=self._url, application_name="engines")
        for item in items:
            options: Any = {
                "workflow_name": "do",
                "queue_name": QUEUE,
                "workflow_id": item.id,
                "queue_partition_key": item.lane,
            }
            arguments = (item.id, item.lane, item.seconds)
            if self._ours is None:
                client.enqueue(options, *arguments)
            else:
                client.enqueue_in_transaction(self._ours, options, *arguments)

    def work(self, hands: int, bound: int) -> None:
        DBOS.workflow(name="do")(do)
        self._launch(f"executor-{os.getpid()}")
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=hands,
            partition_concurrency=bound or None,
            polling_interval_sec=POLL_S,
        )
        self._survive()

    def _survive(self) -> None:
        threading.Event().wait()

    def _launch(self, executor: str) -> None:
        logging.getLogger("dbos").setLevel(logging.ERROR)
        DBOS(
            config={
                "name": "engines",
                "system_database_url": self._url,
                "application_version": VERSION,
                "executor_id": executor,
                "log_level": "ERROR",
            }
        )
        DBOS.launch()


class DbosWithHeartbeats(Dbos):
    """With a heartbeat of our own, since only DBOS' paid service tells who is dead."""

    STALE_S = 60.0
    BEAT_S = 10.0

    def prepare(self) -> None:
        super().prepare()
        with self._engine().begin() as connection:
            connection.execute(
                sqlalchemy.text(
                    "create table beats (executor text primary key, at double precision not null)"
                )
            )

    def _engine(self) -> sqlalchemy.Engine:
        arguments = {"timeout": 30} if self._url.startswith("sqlite") else {}
        return sqlalchemy.create_engine(self._url, connect_args=arguments, pool_pre_ping=True)

    def _survive(self) -> None:
        engine = self._engine()
        while True:
            try:
                self._beat(engine)
            except sqlalchemy.exc.DBAPIError:
                logging.getLogger(__name__).exception("no heartbeat")
            time.sleep(self.BEAT_S)

    def _beat(self, engine: sqlalchemy.Engine) -> None:
        now = time.time()
        with engine.begin() as connection:
            connection.execute(
                sqlalchemy.text(
                    """insert into beats values (:executor, :now)
                       on conflict (executor) do update set at = excluded.at"""
                ),
                {"executor": f"executor-{os.getpid()}", "now": now},
            )
            rows = connection.execute(
                sqlalchemy.text("select executor from beats where at < :stale"),
                {"stale": now - self.STALE_S},
            )
            dead = [str(row[0]) for row in rows]
        if dead:
            DBOS._recover_pending_workflows(dead)  # there is no public one
