"""Words for a producer's reminder of an invitation."""

from __future__ import annotations

from datetime import datetime

from handlers.core.replies import Message
from handlers.invitations.views.cards import MEANING, Card, cards_of
from handlers.ui.blocks import context, named, section


def reminder(card: Card, by: str, now: datetime) -> Message:
    """Remind the people of the consumer, for the producer."""
    image = f"{named(card.name)} ({card.region})"
    text = f"<@{by}> asks for your answer: {image} was shared with your account."
    return Message(text, (section(f":bell: {text}"), *cards_of([card], now), context(MEANING)))
