"""Items to deliver to Slack, with one interface: notices, and cards to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.slack.refusals import Fault, SlackRefusal
from bot.wiring import Runtime
from handlers.approvals import carry_out_due
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.notifications.views import digest as views
from storage import LIMITED, Card, Notice, Turn


@dataclass(frozen=True)
class OutboxItem:
    """One message to post or to redraw, and how to keep what became of it."""

    what: str
    """For the log."""
    team_id: str
    user_id: str
    """"" for messages to a channel, not to a person."""
    attempts: int
    created_at: datetime
    say: Callable[[], tuple[str, str] | None]
    """
    Says it; raises SlackRefusal. Of a notice it gives id and `ts`, which are still to be noted:
    together with those of others.
    """
    retry: Callable[[datetime, str], None]
    wait: Callable[[datetime, str], None]
    """As retry, for a failure that is not the message's own: no attempt is counted."""
    fail: Callable[[str], None]
    divert: Callable[[str], None] | None
    """Send it to its person instead; None if it is in no channel, or for nobody."""
    unheard: Callable[[str], None]
    """Its person cannot be reached: a notice is lost, a card is drawn once they can be."""
    reference: str | None = None
    """The reference of the request that caused it."""
    only_edited: bool = False
    """As in `Card`."""


def of_notice(runtime: Runtime, turn: Turn[Notice]) -> OutboxItem:
    outbox, notice = runtime.store.outbox, turn.message
    return OutboxItem(
        what=f"notice {notice.id}",
        team_id=notice.team_id,
        user_id=notice.user_id,
        attempts=notice.attempts,
        created_at=notice.created_at,
        say=lambda: (notice.id, runtime.poster.post(notice, turn.dm_channel)),
        retry=lambda at, error: outbox.retry(notice.id, at, error),
        wait=lambda at, error: outbox.retry(notice.id, at, error, counted=False),
        fail=lambda error: outbox.fail(notice.id, error),
        divert=(lambda error: _divert(runtime, notice, error)) if notice.channel else None,
        unheard=lambda error: outbox.fail(notice.id, error),
        reference=notice.reference,
    )


def _divert(runtime: Runtime, notice: Notice, error: str) -> None:
    """With a word why, once a day."""
    why = views.channel_unreachable(notice.channel or "")
    with runtime.store.together():
        notify(
            Person(notice.team_id, notice.user_id),
            why,
            runtime.store,
            f"diverted {notice.channel} {notice.user_id} {runtime.clock():%Y-%m-%d}",
        )
        runtime.store.outbox.divert(notice.id, error)


def of_card(runtime: Runtime, turn: Turn[Card]) -> OutboxItem:
    cards, card = runtime.store.cards, turn.message
    return OutboxItem(
        what=f"card {card.key}",
        team_id=card.team_id,
        user_id="" if card.only_edited else card.user_id,
        only_edited=card.only_edited,
        attempts=card.attempts,
        created_at=card.created_at,
        say=lambda: _draw(runtime, card),
        retry=lambda at, error: cards.retry(card, at, error),
        wait=lambda at, error: cards.retry(card, at, error, counted=False),
        fail=lambda error: _fail(runtime, card, error),
        divert=None,
        unheard=lambda error: cards.retry(card, runtime.clock(), error, counted=False),
        reference=card.reference,
    )


def _fail(runtime: Runtime, card: Card, error: str) -> None:
    """
    A request for approval then asks its approvers elsewhere.

    Nobody misses the new drawing of a message that cannot be reached: its buttons still ask.
    """
    if card.only_edited:
        _forget(runtime, card)
        return
    with runtime.store.together():
        runtime.store.cards.fail(card, error)
        carry_out_due.card_failed(card.key, runtime.services)


def _draw(runtime: Runtime, card: Card) -> None:
    """
    Redraw its message. A card that is gone, or too old to be edited, is posted again.

    While Slack limits edits in the workspace it is not asked for another.
    """
    rest = runtime.store.cards.edits_rest(card.team_id) if card.only_edited else None
    if rest:
        raise SlackRefusal(LIMITED, retry_after_s=rest.total_seconds())
    try:
        channel, ts = runtime.poster.draw(card)
    except SlackRefusal as refused:
        if refused.fault is not Fault.EDIT:
            raise
        if card.only_edited:
            _forget(runtime, card)
        else:
            runtime.store.cards.lost(card)
    else:
        runtime.store.cards.drawn(card, channel, ts)


def _forget(runtime: Runtime, card: Card) -> None:
    with runtime.store.together():
        runtime.store.displays.forget(card.key)
        runtime.store.cards.forget(card)
