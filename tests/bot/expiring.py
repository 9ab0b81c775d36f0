"""One life of a job: a process of its own, which may be killed at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from multiprocessing.context import ForkServerProcess

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import jobs
from sandbox.processes import end_with_us
from tests.bot.killed import FORKS


def begin(environ: Mapping[str, str], at: datetime, job: str = "expiries") -> ForkServerProcess:
    """Start what the job does at that time."""
    process = FORKS.Process(target=_live, args=(dict(environ), at, job))
    process.start()
    assert process.pid
    end_with_us(process.pid)
    return process


def _live(environ: Mapping[str, str], at: datetime, job: str) -> None:
    runtime = Runtime.build(Settings.from_env(environ), clock=lambda: at)
    try:
        getattr(jobs, job)(runtime)
    finally:
        runtime.close()
