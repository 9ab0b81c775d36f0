"""APScheduler only ticks. What is due is a row, and claimed; so two schedulers are harmless."""

from __future__ import annotations

import logging
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot import logs
from bot.wiring import Runtime
from bot.work import JOBS, Job
from storage.errors import Unreachable

log = logging.getLogger(__name__)


class Scheduler:
    """The ticking jobs of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._ticker = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(JOBS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for number, (name, job) in enumerate(JOBS.items()):
            self._ticker.add_job(
                tick,
                job.trigger,
                (runtime, name, job),
                next_run_time=runtime.clock() + timedelta(seconds=1 + number),
            )

    def start(self) -> None:
        self._ticker.start()

    def close(self) -> None:
        """No more ticks; a job in hand ends soon, and leaves the rest to its next run."""
        self._runtime.stopping.set()
        self._ticker.shutdown(wait=True)


def start(runtime: Runtime) -> Scheduler:
    ticking = Scheduler(runtime)
    ticking.start()
    return ticking


def tick(runtime: Runtime, name: str, job: Job) -> None:
    """Run a job, unless another scheduler is at it. A job that breaks ticks again."""
    logs.begin()
    outcome = "broke"
    try:
        if not runtime.store.once.claim(f"job:{name}", job.lease_s):
            return
        try:
            job.run(runtime)
        finally:
            runtime.store.once.release(f"job:{name}")
        outcome = "done"
    except Unreachable as error:
        log.warning("the job %s could not run: %s", name, error)
    except Exception:
        log.exception("the job %s broke", name)
    runtime.metrics.jobs.labels(name, outcome).inc()
