"""procrastinate, which is for PostgreSQL only."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

import procrastinate

from benchmarks.engines.items import Item, do

STALE_S = 30.0


class Procrastinate:
    def __init__(self, url: str) -> None:
        self._url = url
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
        self._task = self._app.task(name="do")(do)
        self._app.periodic(cron="* * * * * */10")(
            self._app.task(name="retry_stalled", queueing_lock="stalled", pass_context=True)(
                _retry_stalled
            )
        )
        self._ours: Any = None
        self._turns: Counter[str] = Counter()
        self._bound = 1

    def prepare(self) -> None:
        connector = procrastinate.SyncPsycopgConnector(conninfo=self._url)
        with self._app.replace_connector(connector) as app, app.open():
            app.schema_manager.apply_schema()

    def bind(self, connection: Any) -> None:
        self._ours = connection

    def put(self, items: Sequence[Item]) -> None:
        """Its locks let one through; N locks a lane, in turn, let N through."""
        connector = procrastinate.SyncPsycopgConnector(conninfo=self._url)
        with self._app.replace_connector(connector) as app, app.open():
            for item in items:
                deferrer = app.configure_task(
                    "do", lock=self._lock(item.lane), connection=self._ours
                )
                deferrer.defer(item_id=item.id, lane=item.lane, seconds=item.seconds)

    def bounded(self, bound: int) -> None:
        self._bound = bound

    def work(self, hands: int, bound: int) -> None:  # noqa: ARG002 - it is in the locks
        logging.disable(logging.ERROR)
        self._app.run_worker(
            concurrency=hands, delete_jobs="successful", fetch_job_polling_interval=1.0
        )

    def _lock(self, lane: str) -> str | None:
        if not self._bound:
            return None
        self._turns[lane] += 1
        return f"{lane}/{self._turns[lane] % self._bound}"


async def _retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001
    """As its documentation shows: nothing of a killed worker is taken up by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALE_S):
        await manager.retry_job(job)
