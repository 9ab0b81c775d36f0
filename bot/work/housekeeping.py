"""Delete what is no longer needed. docs/security.md says how long each is kept."""

from __future__ import annotations

from datetime import timedelta

from bot.wiring import Runtime

MESSAGES_KEPT = timedelta(days=30)
"""From when a notification was sent or failed, a card last changed, a digest slot was settled."""
DECISIONS_KEPT = timedelta(days=90)
"""From the end of a request for approval, and from the answer to an invitation."""
TRANSFERS_KEPT = timedelta(days=180)
"""From the end of a transfer."""
FIGURES_KEPT = timedelta(days=400)
"""A year to compare with, and a month."""


def run(runtime: Runtime) -> None:
    """It may take long, and nobody waits for it."""
    with runtime.store.without_bound():
        _prune(runtime)


def _prune(runtime: Runtime) -> None:
    store, now = runtime.store, runtime.clock()
    store.once.prune()
    store.places.reconcile()
    store.shared_images.reconcile()
    store.digest_schedules.reconcile()
    store.figures.reconcile()
    for prune, kept in (
        (store.outbox.prune, MESSAGES_KEPT),
        (store.cards.prune, MESSAGES_KEPT),
        (store.displays.prune, MESSAGES_KEPT),
        (store.digests.prune, MESSAGES_KEPT),
        (store.approvals.prune, DECISIONS_KEPT),
        (store.invitations.prune, DECISIONS_KEPT),
        (store.delivered.prune, DECISIONS_KEPT),  # after the invitations that it refers to
        (store.transfers.prune, TRANSFERS_KEPT),
        (store.figures.prune, FIGURES_KEPT),
    ):
        prune(now - kept)
    store.snoozes.prune()
    store.notices_due.prune()
