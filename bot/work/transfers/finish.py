"""
End a transfer: notify first, then close.

A process that dies in between notifies again, which the outbox deduplicates; the other way round
nobody would ever be notified.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.work.transfers import steps
from bot.work.transfers.attempt import Attempt
from cloud.errors import CloudError, Unauthorized, Unavailable
from handlers.core.errors import UserError
from handlers.transfers import transfers
from storage import TransferState

log = logging.getLogger(__name__)


def succeed(attempt: Attempt) -> None:
    _close(attempt, TransferState.DONE, result=attempt.recall("result", {}))


def is_failing(attempt: Attempt) -> bool:
    """Whether it has failed already, and only cleaning up is left."""
    return attempt.recall("failure") is not None


def start_failing(attempt: Attempt, error: str, words: str) -> None:
    """Save that it failed before removing anything, for then it must not continue."""
    attempt.remember(failure={"error": error, "words": words}, trouble=None)
    fail(attempt)


def stop(attempt: Attempt) -> None:
    """End what somebody no longer waits for. What the cloud has begun it may still finish."""
    by = attempt.transfer.stopped_by or ""
    start_failing(attempt, f"{attempt.phase.capitalize()}.LetGo", transfers.explain_stop(by))


def fail(attempt: Attempt) -> None:
    """
    Remove what is half done, and close the transfer as failed.

    What can never be removed is left and logged.

    Raises:
        cloud.errors.Unavailable, cloud.errors.Unauthorized: it cannot be removed now.
    """
    try:
        steps.discard(attempt)
    except (Unavailable, Unauthorized):
        raise
    except (CloudError, UserError) as error:
        log.warning("transfer %s: not cleaned up: %s", attempt.transfer.id, type(error).__name__)
    close_as_failed(attempt)


def close_as_failed(attempt: Attempt) -> None:
    """Close it. An image that a copy made before it failed is kept, and named in the result."""
    failure, made = attempt.recall("failure"), attempt.recall("result", {})
    result = made if "image_id" in made else {}
    words = failure["words"]
    _close(attempt, TransferState.FAILED, result=result, error=failure["error"], words=words)


def _close(
    attempt: Attempt,
    state: TransferState,
    *,
    result: Mapping[str, Any],
    error: str = "",
    words: str = "",
) -> None:
    attempt.renew_claim()
    ended = replace(
        attempt.transfer,
        state=state,
        result=result,
        error=error,
        words=words,
        ended_at=attempt.runtime.clock(),
    )
    transfers.redraw(ended, attempt.runtime.services)
    transfers.notify_ended(ended, attempt.runtime.services)
    attempt.runtime.store.transfers.end(
        attempt.transfer, state, result=result, error=error, words=words
    )
    attempt.runtime.metrics.transfers.labels(attempt.transfer.kind, state).inc()
    log.info("transfer %s is %s %s", attempt.transfer.id, state, error)
