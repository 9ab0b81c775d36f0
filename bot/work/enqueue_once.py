"""Having a person told: what is said is put and noted together, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from bot.wiring import Runtime
from handlers import Message, Person, split
from handlers.notifications import compose
from handlers.notifications.classify import Briefing


class _ToldElsewhere(Exception):
    """Some of the news was told by another worker in the same moment."""


def enqueue_once(
    runtime: Runtime,
    person: Person,
    briefing: Briefing,
    message: Message,
    key: str,
    *,
    channel: str | None = None,
    whole: bool = False,
    first: Callable[[], bool] = lambda: True,
) -> bool:
    """
    Put a message into the outbox, and note what it tells.

    Args:
        key: begins the keys by which the outbox knows its parts.

        whole: as of `digest.message`.

        first: what else has to succeed in the same transaction.

    Returns:
        False if nothing was put: it is to be drawn anew, or somebody else has put it.
    """
    try:
        with runtime.store.together():
            told = first() and compose.record_delivered(
                person, briefing, runtime.services, whole=whole
            )
            if not told and not whole:
                raise _ToldElsewhere
            for number, part in enumerate(split(message)):
                runtime.store.outbox.put(
                    team_id=person.team_id,
                    user_id=person.user_id,
                    text=part.text,
                    blocks=part.blocks,
                    channel=channel,
                    dedupe_key=f"{key} {number}",
                )
    except _ToldElsewhere:
        return False
    return True
