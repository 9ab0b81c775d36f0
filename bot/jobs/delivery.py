"""Say what is in the outbox: claimed, paced, and given up only when Slack says it is no use."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from bot.slack.posting import Refused
from bot.wiring import Runtime
from storage import Notice
from storage.errors import StorageError

log = logging.getLogger(__name__)

PACE_S = 1.0
"""Slack takes about one message a second and channel."""
BATCH = 10
"""Claimed together, and said well within the claim's lease even if Slack is slow."""
MOST_ATTEMPTS = 12
"""With the pauses below, about a day of trying."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 7200.0


def run(runtime: Runtime) -> None:
    """Deliver until nothing is due, or the program is to stop."""
    said: dict[tuple[str, str], datetime] = {}
    while not runtime.stopping.is_set() and (notices := runtime.store.outbox.claim(BATCH)):
        for notice in notices:
            if runtime.stopping.is_set():
                runtime.store.outbox.retry(notice.id, runtime.clock(), "stopped")
            else:
                _pace(runtime, notice, said)
                _deliver(runtime, notice)


def _pace(runtime: Runtime, notice: Notice, said: dict[tuple[str, str], datetime]) -> None:
    """Wait until this conversation may hear the next message."""
    conversation = (notice.team_id, notice.channel or notice.user_id)
    if conversation in said:
        since = (runtime.clock() - said[conversation]).total_seconds()
        if since < PACE_S:
            runtime.sleep(min(PACE_S - since, PACE_S))
    said[conversation] = runtime.clock()


def _deliver(runtime: Runtime, notice: Notice) -> None:
    try:
        ts = runtime.poster.post(notice)
    except Refused as refused:
        outcome = _refused(runtime, notice, refused)
    except StorageError:
        raise
    except Exception as error:
        log.exception("notice %s broke", notice.id)
        outcome = _refused(runtime, notice, Refused(type(error).__name__))
    else:
        runtime.store.outbox.sent(notice.id, ts)
        outcome = "sent"
    runtime.metrics.notices.labels(outcome).inc()


def _refused(runtime: Runtime, notice: Notice, refused: Refused) -> str:
    if refused.permanent:
        _pause(runtime, notice, refused)
        return "paused"
    if refused.ours or notice.attempts >= MOST_ATTEMPTS:
        log.error("notice %s is given up: %s", notice.id, refused.error)
        runtime.store.outbox.fail(notice.id, refused.error)
        return "failed"
    wait = refused.retry_after_s or _pause_s(notice.attempts)
    log.info("notice %s: %s; again in %.0f s", notice.id, refused.error, wait)
    runtime.store.outbox.retry(notice.id, runtime.clock() + timedelta(seconds=wait), refused.error)
    return "retried"


def _pause(runtime: Runtime, notice: Notice, refused: Refused) -> None:
    """Nothing reaches this person now. They hear why when they next speak to us."""
    actor = "job/delivery"
    target = f"{notice.team_id}/{notice.user_id}"
    with runtime.store.audit.entry(actor, "notices.pause", target, detail=refused.error):
        runtime.store.outbox.fail(notice.id, refused.error)
        runtime.store.people.pause(notice.team_id, notice.user_id, refused.error)
    log.warning("notices to %s are paused: %s", target, refused.error)


def _pause_s(attempts: int) -> float:
    """Longer each time, and not all at the same moment."""
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempts)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
