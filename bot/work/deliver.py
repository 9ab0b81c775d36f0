"""
Deliver pending messages by conversation, paced, and give up only when Slack says it is no use.

A conversation is claimed with its first message. What Slack has taken is noted with that of other
conversations, in the transaction that claims the next ones.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.settings import Settings
from bot.slack.refusals import Fault, SlackRefusal
from bot.wiring import Runtime
from bot.work.engine import Engine
from bot.work.kinds import Kind
from bot.work.outbox_items import OutboxItem, of_card, of_notice
from storage import LIMITED, PACE, PATIENT, Conversation, Conversations, Served, Turn
from storage.errors import StorageError

log = logging.getLogger(__name__)

GLANCE_S = 0.05
"""Until it is looked again for what is due, but not free."""
MOST_ATTEMPTS = 12
"""With the pauses below, about a day of trying."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 7200.0
REST_S, LONGEST_REST_S = 30.0, 900.0
"""For how long a workspace rests that does not say how long, and at most."""
LOST_PAUSE = timedelta(hours=1)
LOST_FOR = timedelta(days=7)
"""How often a workspace that refuses the bot is tried, and for how long what it missed is kept."""


@dataclass(frozen=True)
class Work:
    """A claimed conversation, and its next message."""

    turn: Turn[Any]
    item: OutboxItem
    begun: threading.Event = field(default_factory=threading.Event, compare=False)
    """Set before Slack is asked: from then on nobody knows what Slack has, until it answers."""
    served: Callable[[Served], None] = field(default=lambda _: None, compare=False)
    """Takes what became of it."""

    @property
    def conversation(self) -> Conversation:
        return self.turn.conversation

    @property
    def claim(self) -> str:
        return self.conversation.claim

    @property
    def attempts(self) -> int:
        return self.conversation.attempts

    @property
    def reference(self) -> str | None:
        """The reference of the request that caused the message."""
        return self.item.reference


class Queue:
    """
    The rows of this kind: conversations with pending notices, or cards.

    Args:
        due_by: what counts as due, if it is not what is due now.
    """

    def __init__(
        self,
        runtime: Runtime,
        conversations: Conversations[Any],
        item: Callable[[Runtime, Turn[Any]], OutboxItem],
        due_by: datetime | None = None,
    ) -> None:
        self._runtime = runtime
        self._conversations = conversations
        self._item = item
        self._due_by = due_by
        self._served: list[Served] = []
        self._lock = threading.Lock()

    def claim(self, limit: int) -> Sequence[Work]:
        """Note what was delivered since the last time, too."""
        with self._lock:
            served, self._served = self._served, []
        try:
            turns = self._conversations.serve(
                served, limit, self._runtime.settings.deliveries_per_workspace, self._due_by
            )
        except BaseException:
            with self._lock:
                self._served += served
            raise
        return [Work(each, self._item(self._runtime, each), served=self._note) for each in turns]

    def renew(self, held: Sequence[Work]) -> Sequence[Work]:
        """Also those that are still to be recorded."""
        with self._lock:
            unnoted = [each.conversation for each in self._served]
        kept = self._conversations.claims.renew([*(each.conversation for each in held), *unnoted])
        return [each for each in held if each.conversation in set(kept)]

    def release(self, work: Work, due_at: datetime, *, counted: bool = True) -> bool:
        """
        Release a conversation. Of what Slack may have by now nobody tries again at once: the
        claim of the message itself lapses, and then it is looked for.
        """
        if not work.begun.is_set():
            work.item.wait(due_at, "stopped")
        return self._conversations.claims.release(work.conversation, due_at, counted=counted)

    def next_due(self) -> datetime | None:
        self.flush()
        due = self._conversations.next_due()
        soon = due is not None and self._due_by is not None and due <= self._due_by
        return self._runtime.clock() if soon else due

    def mend(self) -> None:
        self._conversations.mend()

    def flush(self) -> None:
        """Note what was delivered."""
        if self._served:
            self.claim(0)

    def _note(self, served: Served) -> None:
        with self._lock:
            self._served.append(served)


def do(runtime: Runtime, work: Work) -> None:
    """Send it, and note when the next message of its conversation may be sent."""
    work.begun.set()
    served = Served(work.conversation, runtime.clock())
    try:
        sent = work.item.say()
    except SlackRefusal as refused:
        outcome, due_at = _refused(runtime, work.item, refused)
        served = replace(served, due_at=due_at)
    except StorageError:
        raise
    except Exception as error:
        log.exception("%s broke", work.item.what)
        outcome, due_at = _refused(runtime, work.item, SlackRefusal(type(error).__name__))
        served = replace(served, due_at=due_at)
    else:
        outcome = "sent"
        log.info("%s was sent", work.item.what)
        due_at = runtime.clock() + PACE
        served = replace(served, due_at=due_at, sent=sent, works=work.turn.shaky)
    work.served(served)
    runtime.metrics.notices.labels(outcome).inc()


def _notices(runtime: Runtime, due_by: datetime | None = None) -> Queue:
    return Queue(runtime, runtime.store.notices_due, of_notice, due_by)


def _cards(runtime: Runtime, due_by: datetime | None = None) -> Queue:
    return Queue(runtime, runtime.store.cards_due, of_card, due_by)


def _hands(settings: Settings) -> int:
    return settings.delivery_hands


def _card_hands(settings: Settings) -> int:
    return settings.card_hands


NOTICES = Kind(_notices, do, _hands, frozenset({"outbox"}), spare=_hands, close=Queue.flush)
CARDS = Kind(_cards, do, _card_hands, frozenset({"cards"}), spare=_card_hands, close=Queue.flush)


def run(runtime: Runtime) -> None:
    """
    Deliver until nothing is due, or the program is to stop; what is only paced is waited for.

    What another process holds is left to it.
    """
    due_by, before = None, None
    while not runtime.stopping.is_set():
        notices = replace(NOTICES, rows=partial(_notices, due_by=due_by))
        cards = replace(CARDS, rows=partial(_cards, due_by=due_by))
        Engine(runtime, {"delivery": notices, "cards": cards}).run_dry()
        now = max(due_by or runtime.clock(), runtime.clock())
        queues = runtime.store.notices_due, runtime.store.cards_due
        dues = [each.next_due(resting=False) for each in queues]
        paced = [due for due in dues if due and due <= now + PACE]
        state = (runtime.store.outbox.waiting(), *dues)
        if not paced or state == before:
            break
        before = state
        runtime.sleep(max(GLANCE_S, (min(paced) - runtime.clock()).total_seconds()))
        due_by = max(min(paced), runtime.clock())


def _refused(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> tuple[str, datetime]:
    """Return the outcome, and when its conversation is to be tried again."""
    if refused.told_to_wait and item.only_edited:
        return _put_off_edits(runtime, item, refused)
    if refused.told_to_wait:
        return _rest(runtime, item, refused)
    if refused.unsure:
        runtime.store.rests.unanswered(item.team_id, refused.error)
    match refused.fault:
        case Fault.CHANNEL | Fault.POLICY if item.divert:
            log.info("%s cannot be posted in its channel: %s", item.what, refused.error)
            item.divert(refused.error)
            return "diverted", runtime.clock()
        case Fault.POLICY | Fault.WORKSPACE if item.user_id or refused.fault is Fault.WORKSPACE:
            return _wait_for_workspace(runtime, item, refused)
        case Fault.PERSON | Fault.CHANNEL if item.user_id:
            _pause(runtime, item, refused)
            return "paused", runtime.clock()
        case Fault.PASSING | Fault.EDIT if item.attempts < MOST_ATTEMPTS:
            return _try_later(runtime, item, refused)
        case _:
            return _give_up(runtime, item, refused)


def _rest(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> tuple[str, datetime]:
    """Let the workspace rest as long as Slack asks. That is no failed attempt."""
    return _wait(runtime, item, refused, _asked_pause(refused))


def _put_off_edits(
    runtime: Runtime, item: OutboxItem, refused: SlackRefusal
) -> tuple[str, datetime]:
    """Slack limits edits apart from new messages, so these are not held up by many copies."""
    until = runtime.clock() + _asked_pause(refused)
    log.info("edits in workspace %s are delayed until %s: %s", item.team_id, until, refused.error)
    runtime.store.cards.put_off_edits(item.team_id, until)
    item.wait(until, LIMITED)
    return "retried", runtime.clock()


def _asked_pause(refused: SlackRefusal) -> timedelta:
    asked = REST_S if refused.retry_after_s is None else max(1.0, refused.retry_after_s)
    return timedelta(seconds=min(asked, LONGEST_REST_S))


def _wait_for_workspace(
    runtime: Runtime, item: OutboxItem, refused: SlackRefusal
) -> tuple[str, datetime]:
    """It is nobody's own trouble: what is pending is sent once Slack accepts the app again."""
    return _wait(runtime, item, refused, LOST_PAUSE)


def _wait(
    runtime: Runtime, item: OutboxItem, refused: SlackRefusal, pause: timedelta
) -> tuple[str, datetime]:
    if runtime.clock() - item.created_at >= LOST_FOR:
        return _give_up(runtime, item, refused)
    until = runtime.clock() + pause
    if runtime.store.rests.rest(item.team_id, until, refused.error):
        level = logging.INFO if refused.told_to_wait else logging.WARNING
        log.log(level, "workspace %s rests until %s: %s", item.team_id, until, refused.error)
    item.wait(until, refused.error)
    return "retried", until


def _try_later(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> tuple[str, datetime]:
    wait = min(LONGEST_PAUSE_S, refused.retry_after_s or _pause_s(item.attempts))
    log.info("%s: %s; retry in %.0f s", item.what, refused.error, wait)
    until = runtime.clock() + timedelta(seconds=wait)
    item.retry(until, refused.error)
    return "retried", until if item.attempts < PATIENT else runtime.clock()


def _give_up(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> tuple[str, datetime]:
    log.error("gave up %s: %s", item.what, refused.error)
    item.fail(refused.error)
    return "failed", runtime.clock()


def _pause(runtime: Runtime, item: OutboxItem, refused: SlackRefusal) -> None:
    """Nothing reaches this person now. They are told why when they next use the bot."""
    target = f"{item.team_id}/{item.user_id}"
    with runtime.store.audit.entry("job/delivery", "notices.pause", target, detail=refused.error):
        runtime.store.people.pause(item.team_id, item.user_id, refused.error)
        item.unheard(refused.error)
    log.warning("notices to %s are paused: %s", target, refused.error)


def _pause_s(attempts: int) -> float:
    """Longer each time, and not all at the same moment."""
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempts)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
