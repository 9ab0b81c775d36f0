"""One life of the job `transfers`: a process of its own, which may be killed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import transfers
from sandbox.processes import end_with_us
from storage.clock import utc_now

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
"""A process has the program loaded already, so that hundreds of lives take a minute."""
APART = timedelta(minutes=6)
"""Between two lives: the claims of the one that was killed have lapsed."""


def begin(environ: Mapping[str, str], life: int, segment_bytes: int) -> ForkServerProcess:
    """Start the life number *life*, which is what `bot run transfers --now` does."""
    process = FORKS.Process(target=_live, args=(dict(environ), life, segment_bytes))
    process.start()
    assert process.pid
    end_with_us(process.pid)
    return process


def kill(process: ForkServerProcess) -> None:
    """As `kill -9` does, and only when it is dead does this return."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def _live(environ: Mapping[str, str], life: int, segment_bytes: int) -> None:
    runtime = Runtime.build(Settings.from_env(environ), clock=lambda: utc_now() + life * APART)
    try:
        transfers.run(replace(runtime, segment_bytes=segment_bytes), now=True)
    finally:
        runtime.close()
