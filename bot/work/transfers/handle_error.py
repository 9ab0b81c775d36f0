"""Handle an attempt's error: retry later, or end the transfer."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.work.transfers import finish
from bot.work.transfers.attempt import Attempt, Failed
from cloud import reference
from cloud.errors import (
    BadCredentials,
    CloudError,
    Corrupt,
    LoginForbidden,
    MfaRequired,
    ServiceFault,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)
from handlers.core.authorization_errors import GroupUnknown
from handlers.core.errors import LostCredentials, UserError
from handlers.transfers import transfers
from handlers.ui import error_words as views

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 10.0, 300.0
LOCKED_OUT = (BadCredentials, MfaRequired, LoginForbidden, LostCredentials)
"""Errors that only the person can fix, by linking the account again."""
LOCKED_OUT_PAUSE_S = 3600.0
GIVE_UP_AFTER = timedelta(days=1)
"""How long a transfer is retried without progress."""
MOST_ATTEMPTS = 8
"""Attempts at errors that rarely go away."""


@dataclass(frozen=True)
class NamedError:
    """An error's name, and its words for people."""

    name: str
    words: str


def handle_error(attempt: Attempt, error: Exception) -> None:
    """Retry or fail. What may pass is shown on the card; people are notified of the end alone."""
    trouble = _named(attempt, error)
    if isinstance(error, LOCKED_OUT):
        transfers.notify_locked_out(attempt.transfer, trouble.words, attempt.runtime.services)
        _retry_later(attempt, trouble, LOCKED_OUT_PAUSE_S)
    elif isinstance(error, Unavailable | Unauthorized | GroupUnknown) and not _rarely_mends(error):
        asked = getattr(error, "retry_after", None) or 0.0
        _retry_later(attempt, trouble, max(_backoff_s(attempt), asked))
    elif _is_retryable(attempt, error) and attempt.transfer.attempts < MOST_ATTEMPTS:
        _retry_later(attempt, trouble, _backoff_s(attempt))
    else:
        _fail(attempt, trouble)


def _rarely_mends(error: Exception) -> bool:
    """An error within the service, such as a server that it cannot place."""
    return isinstance(error, ServiceFault)


def _named(attempt: Attempt, error: Exception) -> NamedError:
    name = type(error).__name__
    if isinstance(error, Failed):
        return NamedError(name, transfers.explain_failure(attempt.transfer, str(error)))
    if isinstance(error, CloudError | UserError):
        return NamedError(name, views.words(error))
    short = reference.short()
    log.error("transfer %s broke (reference %s)", attempt.transfer.id, short, exc_info=error)
    return NamedError(name, views.internal_error(short).text)


def _is_retryable(attempt: Attempt, error: Exception) -> bool:
    """A corrupt segment is sent again; of a whole object it is final, for it was read back."""
    if isinstance(error, Corrupt):
        return attempt.transfer.step.endswith(".stream")
    return isinstance(error, UnexpectedAnswer | ServiceFault) or not isinstance(
        error, Failed | CloudError | UserError
    )


def _retry_later(attempt: Attempt, trouble: NamedError, pause_s: float) -> None:
    """Release the transfer for *pause_s*; fail it if it made no progress for GIVE_UP_AFTER."""
    now = attempt.runtime.clock()
    since = attempt.recall("trouble", {}).get("since") or now.isoformat()
    if now - datetime.fromisoformat(since) >= GIVE_UP_AFTER:
        _fail(attempt, trouble)
        return
    log.info("transfer %s: %s; retry in %.0f s", attempt.transfer.id, trouble.name, pause_s)
    known = {"name": trouble.name, "words": trouble.words, "since": since}
    memory = {**attempt.transfer.memory, "trouble": known}
    attempt.save(memory=memory)
    attempt.redraw_card()
    attempt.save(due_at=now + timedelta(seconds=pause_s), release=True)


def _fail(attempt: Attempt, trouble: NamedError) -> None:
    """Fail the transfer. An error while cleaning up keeps the words of the first failure."""
    if finish.is_failing(attempt):
        finish.close_as_failed(attempt)
        return
    try:
        finish.start_failing(attempt, f"{attempt.phase.capitalize()}.{trouble.name}", trouble.words)
    except (Unavailable, Unauthorized) as error:
        _retry_later(attempt, _named(attempt, error), _backoff_s(attempt))


def _backoff_s(attempt: Attempt) -> float:
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt.transfer.attempts - 1))
    return pause
