"""
How a transfer ends: said first, then closed.

A process that dies in between says it again, which the outbox knows; the other way round
nobody would ever be told.
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


def succeed(turn: Attempt) -> None:
    _close(turn, TransferState.DONE, result=turn.recall("result", {}))


def failing(turn: Attempt) -> bool:
    """Whether it has failed, and only what it left is still to be removed."""
    return turn.recall("failure") is not None


def begin_to_fail(turn: Attempt, error: str, words: str) -> None:
    """Decide that it failed, before anything is removed: it must not go on after that."""
    turn.remember(failure={"error": error, "words": words}, trouble=None)
    fail(turn)


def fail(turn: Attempt) -> None:
    """
    Remove what is half done, and end.

    What cannot be removed for good is left, and logged; what cannot be now is tried again.
    """
    try:
        steps.discard(turn)
    except (Unavailable, Unauthorized):
        raise
    except (CloudError, UserError) as error:
        log.warning("transfer %s: not cleaned up: %s", turn.transfer.id, type(error).__name__)
    close_as_failed(turn)


def close_as_failed(turn: Attempt) -> None:
    """An image that a copy made before it failed is named; objects are removed."""
    failure, made = turn.recall("failure"), turn.recall("result", {})
    result = made if "image_id" in made else {}
    words = failure["words"]
    _close(turn, TransferState.FAILED, result=result, error=failure["error"], words=words)


def _close(
    turn: Attempt,
    state: TransferState,
    *,
    result: Mapping[str, Any],
    error: str = "",
    words: str = "",
) -> None:
    turn.hold()
    ended = replace(
        turn.transfer,
        state=state,
        result=result,
        error=error,
        words=words,
        ended_at=turn.runtime.clock(),
    )
    transfers.redraw(ended, turn.runtime.services)
    transfers.tell(ended, turn.runtime.services)
    turn.runtime.store.transfers.end(turn.transfer, state, result=result, error=error, words=words)
    turn.runtime.metrics.transfers.labels(turn.transfer.kind, state).inc()
    log.info("transfer %s is %s %s", turn.transfer.id, state, error)
