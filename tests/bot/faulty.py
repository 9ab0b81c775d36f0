"""One tick of a scheduler at a simulated time: a process of its own, which may be killed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.context import ForkServerProcess

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import deliver, jobs
from sandbox.processes import end_with_us

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
"""A process has the program loaded already, so that hundreds of them take a minute."""


def tick(environ: Mapping[str, str], now: datetime) -> ForkServerProcess:
    """Start a process that does what a scheduler does at that time, and then delivers."""
    process = FORKS.Process(target=_live, args=(dict(environ), now))
    process.start()
    assert process.pid
    end_with_us(process.pid)
    return process


def _live(environ: Mapping[str, str], now: datetime) -> None:
    runtime = Runtime.build(Settings.from_env(environ), clock=lambda: now, sleep=lambda _: None)
    try:
        jobs.invitations(runtime)
        jobs.notices(runtime)
        deliver.run(runtime)
    finally:
        runtime.close()
