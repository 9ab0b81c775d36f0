"""What the scheduler tells a person: the invitations that wait for their accounts."""

from __future__ import annotations

from datetime import datetime

from handlers.message import Message
from handlers.requests import Person
from handlers.services import Services
from handlers.views import invitations as views
from storage import Invitation


def digest_for(person: Person, services: Services) -> Message | None:
    """
    The invitations known to wait for a person, a card each; None if there are none.

    Drawn from what the scheduler last saw, without asking the cloud; its buttons
    ask the cloud when they are pressed.
    """
    cards = [
        views.Card(
            account=account,
            region=each.region,
            image_id=each.image_id,
            image_name=each.image_name,
            owner=each.owner,
            size=each.size,
            invited_at=each.invited_at or each.first_seen,
        )
        for account in services.store.accounts.of(person.team_id, person.user_id)
        for each in sorted(services.store.invitations.pending(account.id), key=_by_region)
    ]
    if not cards:
        return None
    return views.waiting(cards, person.user_id, services.clock())


def _by_region(each: Invitation) -> tuple[str, datetime]:
    return each.region, each.invited_at or each.first_seen
