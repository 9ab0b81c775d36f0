"""
Move on what takes long: exports, imports, copies, snapshots, launches.

A tick claims what is due and gives it to the movers; it waits for none, for a stream may take
hours. Each turn ends by naming its next look.
"""

from __future__ import annotations

from concurrent.futures import Future, wait
from functools import partial

from bot.wiring import Runtime
from bot.work.transfers.advance import move
from bot.work.transfers.attempt import LEASE

MOST = 1000
"""Transfers looked at by one `run`."""


def tick(runtime: Runtime) -> None:
    """Give what is due to the hands that are free. What finds none is due at the next tick."""
    free = runtime.transfer_pool.free
    if free > 0 and not runtime.stopping.is_set():
        _hand_out(runtime, free, now=False)


def run(runtime: Runtime, *, now: bool = False) -> None:
    """
    One turn for each transfer that is due, to its end.

    Args:
        now: treat every transfer as due.
    """
    wait(_hand_out(runtime, MOST, now=now))


def _hand_out(runtime: Runtime, most: int, *, now: bool) -> list[Future[None]]:
    claimed = runtime.store.transfers.claim(most, lease=LEASE, now=now)
    return [runtime.transfer_pool.take(partial(move, runtime, transfer)) for transfer in claimed]
