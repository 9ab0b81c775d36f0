"""Having a person told: what is said is put and noted together, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.notifications import compose
from handlers.notifications.classify import Briefing


class _DeliveredElsewhere(Exception):
    """Some of the news was told by another worker in the same moment."""


def enqueue_once(
    person: Person,
    briefing: Briefing,
    message: Message,
    key: str,
    services: Services,
    *,
    channel: str | None = None,
    include_known: bool = False,
    precondition: Callable[[], bool] = lambda: True,
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
            recorded = precondition() and compose.record_delivered(
                person, briefing, services, include_known=include_known
            )
            if not recorded and not include_known:
                raise _DeliveredElsewhere
            notify(person, message, services.store, f"{key} 0", channel=channel)
    except _DeliveredElsewhere:
        return False
    return True
