"""Forget what is of no more use."""

from __future__ import annotations

from datetime import timedelta

from bot.wiring import Runtime

KEPT = timedelta(days=30)
"""How long a message that was said, or given up, stays in the outbox, and a card can be redrawn."""
TRANSFERS_KEPT = timedelta(days=180)
"""How long the result of a transfer can be looked up."""


def run(runtime: Runtime) -> None:
    runtime.store.once.prune()
    runtime.store.outbox.prune(runtime.clock() - KEPT)
    runtime.store.cards.prune(runtime.clock() - KEPT)
    runtime.store.digests.prune(runtime.clock() - KEPT)
    runtime.store.transfers.prune(runtime.clock() - TRANSFERS_KEPT)
