"""
Run transfers: exports, imports, copies, snapshots, launches.

Each transfer is a row. An attempt takes as long as it takes, for a stream may take hours, and ends
by setting when the transfer is due again.
"""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.engine import Engine
from bot.work.kinds import Kind, TableRows
from bot.work.regions import share_of
from bot.work.transfers.advance import advance
from storage import Transfer

FURTHEST = timedelta(days=1)
"""Longer than any pause, unless a cloud asks for more."""
A_DAY_S = 86400.0


def run(runtime: Runtime, *, now: bool = False) -> None:
    """
    Run an attempt of each due transfer, and wait for all of them.

    Args:
        now: treat every transfer as due.
    """
    if now:
        runtime.store.transfers.make_all_due()
    Engine(runtime, {"transfers": TRANSFERS}).run_dry()


def _rows(runtime: Runtime) -> TableRows[Transfer]:
    """Streams have their own limit: at that limit, other transfers still make progress."""
    settings = runtime.settings
    others = max(1, settings.transfer_threads - settings.transfer_streams)
    share = settings.transfer_streams + share_of(others, settings)
    return TableRows(runtime.store.transfers.claims, FURTHEST, share=share)


def _hands(settings: Settings) -> int:
    return settings.transfer_threads


TRANSFERS = Kind(_rows, advance, _hands, topics=frozenset({"transfers"}), most_s=A_DAY_S)
