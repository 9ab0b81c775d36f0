"""Redraw lists, digests, reminders, cards and homes that show something that has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from bot.settings import Settings
from bot.slack.refusals import SlackRefusal
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from cloud import reference
from handlers import Message, Person, Services
from handlers.approvals import displays as approvals
from handlers.approvals import requests
from handlers.home import home
from handlers.invitations import displays as invitations
from handlers.notifications import displays as notifications
from storage import Display, DisplayKind

PER_WORKSPACE = 4
"""Displays of a workspace that are drawn at the same time, by all workers."""
NOT_SENT_YET = timedelta(seconds=10)
"""Check again after this long whether the message to redraw was sent."""
HOME_SEEN = timedelta(hours=8)
"""For so long after it was opened a home is drawn again. Later, opening it does so."""
REST_S = 60.0
"""For how long a home waits that Slack does not take, unless Slack says."""

Draw = Callable[[Display, Services], Message | None]
DRAW: Mapping[str, Draw] = MappingProxyType(
    {
        DisplayKind.DIGEST: notifications.draw_digest,
        DisplayKind.INVITATIONS: invitations.draw_list,
        DisplayKind.REQUESTS: approvals.draw_list,
        DisplayKind.REMINDER: approvals.draw_reminder,
    }
)
"""How each kind of message is drawn from what is known here, without asking a cloud."""


def do(runtime: Runtime, display: Display) -> None:
    if display.kind == DisplayKind.HOME:
        _publish(runtime, display)
    elif display.kind == DisplayKind.CARDS:
        _draw_cards(runtime, display)
    elif display.ts is None and runtime.store.outbox.is_pending(display.id):
        runtime.store.displays.claims.release(display, runtime.clock() + NOT_SENT_YET, attempts=0)
    else:
        _enqueue(runtime, display)


def _enqueue(runtime: Runtime, display: Display) -> None:
    """Have its message edited, if it is there and would show something else."""
    store = runtime.store
    draw, channel = DRAW.get(display.kind), _channel(runtime, display)
    message = draw(display, runtime.services) if draw and channel and display.ts else None
    if message is None or message.drawing is None:
        store.displays.forget(display.card_key)
        return
    with store.together():
        kept = store.displays.drawn(display, message.drawing)
        if kept and message.drawing.shown != display.shown:
            store.cards.draw(
                key=display.card_key,
                team_id=display.team_id,
                user_id=display.user_id,
                channel=channel,
                ts=display.ts,
                text=message.text,
                blocks=message.blocks,
                only_edited=True,
                reference=reference.current(),
            )


def _draw_cards(runtime: Runtime, display: Display) -> None:
    drawing, displays = requests.draw_cards_again(display, runtime.services), runtime.store.displays
    if drawing:
        displays.drawn(display, drawing)
    else:
        displays.forget(display.card_key)


def _channel(runtime: Runtime, display: Display) -> str | None:
    if display.channel:
        return display.channel
    person = runtime.store.people.get(display.team_id, display.user_id)
    return person.dm_channel if person else None


def _publish(runtime: Runtime, display: Display) -> None:
    """Publish a home that was opened lately, if it would show something else."""
    displays = runtime.store.displays
    if runtime.clock() - display.drawn_at > HOME_SEEN:
        displays.forget(display.card_key)
        return
    drawn = home.home(Person(display.team_id, display.user_id), runtime.services)
    if drawn.drawing is None:
        displays.claims.release(display, runtime.clock() + timedelta(seconds=REST_S))
        return
    try:
        if drawn.drawing.shown != display.shown:
            runtime.homes.publish(Person(display.team_id, display.user_id), drawn)
    except SlackRefusal as refused:
        if refused.passing:
            wait = timedelta(seconds=refused.retry_after_s or REST_S)
            displays.claims.release(display, runtime.clock() + wait)
        else:
            displays.forget(display.card_key)
    else:
        displays.drawn(display, drawn.drawing)


def _rows(runtime: Runtime) -> TableRows[Display]:
    claims = runtime.store.displays.claims
    return TableRows(claims, timedelta(hours=1), per_lane=PER_WORKSPACE)


def _hands(settings: Settings) -> int:
    return settings.card_hands


DISPLAYS = Kind(_rows, do, _hands, topics=frozenset({"displays"}))
