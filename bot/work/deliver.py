"""Say what waits to be said: claimed, paced, and given up only when Slack says it is no use."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.slack.refusals import Refused
from bot.wiring import Runtime
from bot.work.outbox_items import Saying, claimed
from storage.errors import StorageError

log = logging.getLogger(__name__)

PACE_S = 1.0
"""Slack takes about one message a second and channel."""
BATCH = 10
"""Claimed together, and said well within the claim's lease even if Slack is slow."""
MOST_ATTEMPTS = 12
"""With the pauses below, about a day of trying."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 7200.0
LOST_PAUSE = timedelta(hours=1)
LOST_FOR = timedelta(days=7)
"""How often a workspace that refuses the bot is tried, and for how long what it missed is kept."""


@dataclass
class Round:
    """What one run has learnt so far."""

    said: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When each conversation last heard something."""
    lost: dict[str, Refused] = field(default_factory=dict)
    """Workspaces that do not let the bot in."""


def run(runtime: Runtime) -> None:
    """Deliver until nothing is due, or the program is to stop."""
    this = Round()
    while not runtime.stopping.is_set() and (waiting := claimed(runtime, BATCH)):
        for saying in waiting:
            if runtime.stopping.is_set():
                saying.wait(runtime.clock(), "stopped")
            elif saying.team_id in this.lost:
                _wait_for_workspace(runtime, saying, this.lost[saying.team_id])
            else:
                _pace(runtime, saying, this)
                _deliver(runtime, saying, this)


def _pace(runtime: Runtime, saying: Saying, this: Round) -> None:
    """Wait until this conversation may hear the next message."""
    if saying.conversation in this.said:
        since = (runtime.clock() - this.said[saying.conversation]).total_seconds()
        if since < PACE_S:
            runtime.sleep(min(PACE_S - since, PACE_S))
    this.said[saying.conversation] = runtime.clock()


def _deliver(runtime: Runtime, saying: Saying, this: Round) -> None:
    try:
        saying.say()
    except Refused as refused:
        outcome = _refused(runtime, saying, refused, this)
    except StorageError:
        raise
    except Exception as error:
        log.exception("%s broke", saying.what)
        outcome = _refused(runtime, saying, Refused(type(error).__name__), this)
    else:
        outcome = "sent"
    runtime.metrics.notices.labels(outcome).inc()


def _refused(runtime: Runtime, saying: Saying, refused: Refused, this: Round) -> str:
    if refused.of_workspace:
        log.warning("workspace %s does not let the bot in: %s", saying.team_id, refused.error)
        this.lost[saying.team_id] = refused
        return _wait_for_workspace(runtime, saying, refused)
    if refused.permanent and saying.divert:
        log.info("%s cannot be said in its channel: %s", saying.what, refused.error)
        saying.divert(refused.error)
        return "diverted"
    if refused.permanent and not saying.user_id:
        return _give_up(saying, refused)
    if refused.permanent:
        _pause(runtime, saying, refused)
        return "paused"
    if refused.ours or saying.attempts >= MOST_ATTEMPTS:
        return _give_up(saying, refused)
    wait = refused.retry_after_s or _pause_s(saying.attempts)
    log.info("%s: %s; again in %.0f s", saying.what, refused.error, wait)
    saying.retry(runtime.clock() + timedelta(seconds=wait), refused.error)
    return "retried"


def _wait_for_workspace(runtime: Runtime, saying: Saying, refused: Refused) -> str:
    """It is nobody's own trouble: what waits is said once the app is let in again."""
    if runtime.clock() - saying.created_at >= LOST_FOR:
        return _give_up(saying, refused)
    saying.wait(runtime.clock() + LOST_PAUSE, refused.error)
    return "retried"


def _give_up(saying: Saying, refused: Refused) -> str:
    log.error("%s is given up: %s", saying.what, refused.error)
    saying.fail(refused.error)
    return "failed"


def _pause(runtime: Runtime, saying: Saying, refused: Refused) -> None:
    """Nothing reaches this person now. They hear why when they next speak to us."""
    target = f"{saying.team_id}/{saying.user_id}"
    with runtime.store.audit.entry("job/delivery", "notices.pause", target, detail=refused.error):
        runtime.store.people.pause(saying.team_id, saying.user_id, refused.error)
        saying.unheard(refused.error)
    log.warning("notices to %s are paused: %s", target, refused.error)


def _pause_s(attempts: int) -> float:
    """Longer each time, and not all at the same moment."""
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempts)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
