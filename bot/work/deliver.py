"""Say what waits to be said: claimed, paced, and given up only when Slack says it is no use."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.slack.refusals import Fault, SlackRefusal
from bot.wiring import Runtime
from bot.work.outbox_items import OutboxItem, claimed
from storage.errors import StorageError

log = logging.getLogger(__name__)

PACE_S = 1.0
"""Slack takes about one message a second and channel."""
BATCH = 10
"""Claimed together, and said well within the claim's lease even if Slack is slow."""
MOST_ATTEMPTS = 12
"""With the pauses below, about a day of trying."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 7200.0
REST_S, LONGEST_REST_S = 30.0, 900.0
"""For how long a workspace rests that does not say how long, and at most."""
LOST_PAUSE = timedelta(hours=1)
LOST_FOR = timedelta(days=7)
"""How often a workspace that refuses the bot is tried, and for how long what it missed is kept."""


@dataclass
class Round:
    """What one run has learnt so far."""

    said: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When each conversation last heard something."""
    lost: dict[str, SlackRefusal] = field(default_factory=dict)
    """Workspaces that do not let the bot in."""
    resting: dict[str, datetime] = field(default_factory=dict)
    """Until when workspaces asked us to wait."""


def run(runtime: Runtime) -> None:
    """Deliver until nothing is due, or the program is to stop."""
    this = Round()
    while not runtime.stopping.is_set() and (waiting := claimed(runtime, BATCH)):
        for item in waiting:
            if runtime.stopping.is_set():
                item.wait(runtime.clock(), "stopped")
            elif item.team_id in this.lost:
                _wait_for_workspace(runtime, item, this.lost[item.team_id])
            elif (until := this.resting.get(item.team_id)) and runtime.clock() < until:
                item.wait(until, "ratelimited")
            else:
                _pace(runtime, item, this)
                _deliver(runtime, item, this)


def _pace(runtime: Runtime, item: OutboxItem, this: Round) -> None:
    """Wait until this conversation may hear the next message."""
    if item.conversation in this.said:
        since = (runtime.clock() - this.said[item.conversation]).total_seconds()
        if since < PACE_S:
            runtime.sleep(min(PACE_S - since, PACE_S))
    this.said[item.conversation] = runtime.clock()


def _deliver(runtime: Runtime, item: OutboxItem, this: Round) -> None:
    try:
        item.say()
    except SlackRefusal as refused:
        outcome = _refused(runtime, item, refused, this)
    except StorageError:
        raise
    except Exception as error:
        log.exception("%s broke", item.what)
        outcome = _refused(runtime, item, SlackRefusal(type(error).__name__), this)
    else:
        outcome = "sent"
    runtime.metrics.notices.labels(outcome).inc()


def _refused(runtime: Runtime, item: OutboxItem, refused: SlackRefusal, this: Round) -> str:
    if refused.told_to_wait:
        return _rest(runtime, item, refused, this)
    match refused.fault:
        case Fault.CHANNEL | Fault.POLICY if item.divert:
            log.info("%s cannot be said in its channel: %s", item.what, refused.error)
            item.divert(refused.error)
            return "diverted"
        case Fault.POLICY | Fault.WORKSPACE if item.user_id or refused.fault is Fault.WORKSPACE:
            log.warning("workspace %s does not let the bot in: %s", item.team_id, refused.error)
            this.lost[item.team_id] = refused
            return _wait_for_workspace(runtime, item, refused)
        case Fault.PERSON | Fault.CHANNEL if item.user_id:
            _pause(runtime, item, refused)
            return "paused"
        case Fault.PASSING | Fault.EDIT if item.attempts < MOST_ATTEMPTS:
            return _try_later(runtime, item, refused)
        case _:
            return _give_up(item, refused)


def _rest(runtime: Runtime, item: OutboxItem, refused: SlackRefusal, this: Round) -> str:
    """Let the workspace rest as long as Slack asks. That is no failed attempt."""
    if runtime.clock() - item.created_at >= LOST_FOR:
        return _give_up(item, refused)
    asked = REST_S if refused.retry_after_s is None else max(1.0, refused.retry_after_s)
    until = runtime.clock() + timedelta(seconds=min(asked, LONGEST_REST_S))
    this.resting[item.team_id] = until
    log.info("workspace %s rests until %s", item.team_id, until.isoformat())
    item.wait(until, refused.error)
    return "retried"


def _try_later(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> str:
    wait = min(LONGEST_PAUSE_S, refused.retry_after_s or _pause_s(item.attempts))
    log.info("%s: %s; again in %.0f s", item.what, refused.error, wait)
    item.retry(runtime.clock() + timedelta(seconds=wait), refused.error)
    return "retried"


def _wait_for_workspace(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> str:
    """It is nobody's own trouble: what waits is said once the app is let in again."""
    if runtime.clock() - item.created_at >= LOST_FOR:
        return _give_up(item, refused)
    item.wait(runtime.clock() + LOST_PAUSE, refused.error)
    return "retried"


def _give_up(item: OutboxItem, refused: SlackRefusal) -> str:
    log.error("%s is given up: %s", item.what, refused.error)
    item.fail(refused.error)
    return "failed"


def _pause(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> None:
    """Nothing reaches this person now. They hear why when they next speak to us."""
    target = f"{item.team_id}/{item.user_id}"
    with runtime.store.audit.entry("job/delivery", "notices.pause", target, detail=refused.error):
        runtime.store.people.pause(item.team_id, item.user_id, refused.error)
        item.unheard(refused.error)
    log.warning("notices to %s are paused: %s", target, refused.error)


def _pause_s(attempts: int) -> float:
    """Longer each time, and not all at the same moment."""
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempts)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
