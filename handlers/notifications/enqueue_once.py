"""Enqueue a notification and record it as delivered, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.notifications import compose
from handlers.notifications.classify import Briefing


class _DeliveredElsewhere(Exception):
    """Another worker delivered some of the news at the same moment."""


def enqueue_once(
    person: Person,
    briefing: Briefing,
    message: Message,
    key: str,
    services: Services,
    *,
    channel: str | None = None,
    precondition: Callable[[], bool] = lambda: True,
    bulk: bool = False,
) -> bool:
    """
    Enqueue a notification and record it as delivered, in one transaction.

    Args:
        key: prefix of the dedupe keys of its parts.

        precondition: what else has to succeed in the same transaction.

        bulk: as of `notify`.

    Returns:
        False if nothing was enqueued: compose it again, or another worker has enqueued it.
    """
    try:
        with services.store.together():
            if not (precondition() and compose.record_delivered(person, briefing, services)):
                raise _DeliveredElsewhere
            notify(person, message, services.store, f"{key} 0", channel=channel, bulk=bulk)
    except _DeliveredElsewhere:
        return False
    return True
