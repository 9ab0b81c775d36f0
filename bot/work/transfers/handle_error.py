"""What becomes of a turn that raised: tried again later, or the end of its transfer."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.work.transfers import finish as endings
from bot.work.transfers.attempt import Attempt, Failed
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
"""The person has to do something first."""
LOCKED_OUT_PAUSE_S = 3600.0
PATIENCE = timedelta(days=1)
"""How long a transfer that cannot go on is kept up."""
FEW = 8
"""How often what hardly mends itself is tried."""


@dataclass(frozen=True)
class Trouble:
    """An error, as people read of it."""

    name: str
    words: str


def handle_error(turn: Attempt, error: Exception) -> None:
    """Decide what follows. Trouble that may pass is shown on the card; only the end is told."""
    trouble = _named(turn, error)
    if isinstance(error, LOCKED_OUT):
        transfers.tell_locked_out(turn.transfer, trouble.words, turn.runtime.services)
        _again(turn, trouble, LOCKED_OUT_PAUSE_S)
    elif isinstance(error, Unavailable | Unauthorized | GroupUnknown) and not _hardly(error):
        asked = getattr(error, "retry_after", None) or 0.0
        _again(turn, trouble, max(_pause_s(turn), asked))
    elif _may_pass(turn, error) and turn.transfer.attempts + 1 < FEW:
        _again(turn, trouble, _pause_s(turn))
    else:
        _fail(turn, trouble)


def _hardly(error: Exception) -> bool:
    """What a service fails over itself, such as a server it cannot place, seldom mends itself."""
    return isinstance(error, ServiceFault)


def _named(turn: Attempt, error: Exception) -> Trouble:
    name = type(error).__name__
    if isinstance(error, Failed):
        return Trouble(name, transfers.failure_words(turn.transfer, str(error)))
    if isinstance(error, CloudError | UserError):
        return Trouble(name, views.words(error))
    reference = secrets.token_hex(4)
    log.error("transfer %s broke (reference %s)", turn.transfer.id, reference, exc_info=error)
    return Trouble(name, views.broken(reference).text)


def _may_pass(turn: Attempt, error: Exception) -> bool:
    """A segment that arrived broken is sent again; an object as a whole was read twice already."""
    if isinstance(error, Corrupt):
        return turn.transfer.step.endswith(".stream")
    return isinstance(error, UnexpectedAnswer | ServiceFault) or not isinstance(
        error, Failed | CloudError | UserError
    )


def _again(turn: Attempt, trouble: Trouble, pause_s: float) -> None:
    """Look again in a while, unless that has been long enough."""
    now = turn.runtime.clock()
    since = turn.recall("trouble", {}).get("since") or now.isoformat()
    if now - datetime.fromisoformat(since) >= PATIENCE:
        _fail(turn, trouble)
        return
    log.info("transfer %s: %s; again in %.0f s", turn.transfer.id, trouble.name, pause_s)
    known = {"name": trouble.name, "words": trouble.words, "since": since}
    memory = {**turn.transfer.memory, "trouble": known}
    turn.save(memory=memory, attempts=turn.transfer.attempts + 1)
    turn.draw()
    turn.save(look_at=now + timedelta(seconds=pause_s), release=True)


def _fail(turn: Attempt, trouble: Trouble) -> None:
    """What fails while it cleans up after a failure ends with its first words."""
    if endings.failing(turn):
        endings.close_as_failed(turn)
        return
    try:
        endings.begin_to_fail(turn, f"{turn.phase.capitalize()}.{trouble.name}", trouble.words)
    except (Unavailable, Unauthorized) as error:
        _again(turn, _named(turn, error), _pause_s(turn))


def _pause_s(turn: Attempt) -> float:
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**turn.transfer.attempts)
    return pause
