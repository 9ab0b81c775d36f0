"""Having a person told: what is said is put and noted together, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.notifications import compose
from handlers.notifications.classify import Briefing


class _ToldElsewhere(Exception):
    """Some of the news was told by another worker in the same moment."""


def enqueue_once(
    person: Person,
    briefing: Briefing,
    message: Message,
    key: str,
    services: Services,
    *,
    channel: str | None = None,
    whole: bool = False,
    first: Callable[[], bool] = lambda: True,
) -> bool:
    """
    Put a message into the outbox, and note what it tells.

    Args:
        key: begins the keys by which the outbox knows its parts.

        whole: as of `compose.message`.

        first: what else has to succeed in the same transaction.

    Returns:
        False if nothing was put: it is to be drawn anew, or somebody else has put it.
    """
    try:
        with services.store.together():
            told = first() and compose.record_delivered(person, briefing, services, whole=whole)
            if not told and not whole:
                raise _ToldElsewhere
            notify(person, message, services.store, f"{key} 0", channel=channel)
    except _ToldElsewhere:
        return False
    return True
