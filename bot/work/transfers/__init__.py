"""
Move on what takes long: exports, imports, copies, snapshots, launches.

A tick claims what is due and gives it to the transfer pool; it waits for no result, for a stream
may take hours. Each attempt ends by setting when the transfer is due again.
"""

from __future__ import annotations

from concurrent.futures import Future, wait
from functools import partial

from bot.wiring import TRANSFERS_WAITING, Runtime
from bot.work.transfers.advance import advance
from bot.work.transfers.attempt import LEASE


def tick(runtime: Runtime) -> None:
    """Claim as many due transfers as there are free workers, and start an attempt of each."""
    free = runtime.transfer_pool.free
    if free > 0 and not runtime.stopping.is_set():
        _hand_out(runtime, free, now=False)


def run(runtime: Runtime, *, now: bool = False) -> None:
    """
    Run one attempt of each due transfer, and wait for all of them.

    Args:
        now: treat every transfer as due.
    """
    wait(_hand_out(runtime, TRANSFERS_WAITING, now=now))


def _hand_out(runtime: Runtime, most: int, *, now: bool) -> list[Future[None]]:
    claimed = runtime.store.transfers.claim(most, lease=LEASE, now=now)
    given = [runtime.transfer_pool.take(partial(advance, runtime, each)) for each in claimed]
    return [each for each in given if each]
