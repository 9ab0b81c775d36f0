"""Tell an account's second contact, once, of what has waited for too long."""

from __future__ import annotations

import logging

from bot.wiring import Runtime
from bot.work.time_zones import time_zone_of
from handlers import split
from handlers.invitations.views.inbox import Card
from handlers.notifications import escalation, slots
from handlers.notifications.views import escalation as views
from storage import Account, Contact, Invitation, Mode, Preference
from storage.errors import StorageError
from storage.messages.preferences import ALL

log = logging.getLogger(__name__)

ESCALATED = "escalated"


def put_due(runtime: Runtime) -> None:
    """Of each account whose contact may be spoken to now."""
    for contact in runtime.store.contacts.all():
        try:
            if _may_hear(runtime, contact):
                _tell(runtime, contact)
        except StorageError:
            raise
        except Exception:
            log.exception("the second contact of account %s: broke", contact.key.project_id)


def _may_hear(runtime: Runtime, contact: Contact) -> bool:
    """Their own quiet times hold for this too; who wants to hear nothing hears nothing."""
    row = runtime.store.people.get(contact.key.team_id, contact.user_id)
    row = row or runtime.store.people.seen(contact.key.team_id, contact.user_id)
    preferences = runtime.store.preferences.of(row.team_id, row.user_id)
    preference = preferences.get(ALL, Preference())
    if row.paused_reason is not None or preference.mode == Mode.OFF:
        return False
    where = time_zone_of(runtime, row, preference)
    return where is not None and not slots.quiet_until(preference, where, runtime.clock())


def _tell(runtime: Runtime, contact: Contact) -> None:
    """Of several who have linked the account, the first is whom to ask."""
    links = runtime.store.accounts.links(contact.key)
    if not links or links[0].user_id == contact.user_id:
        return
    link = links[0]
    overdue = escalation.overdue(contact, link, runtime.services)
    if not overdue:
        return
    cards = [_card(link, each) for each in overdue]
    message = views.overdue(link, link.user_id, cards, contact.days, runtime.clock())
    with runtime.store.together():
        said = [each for each in overdue if _note(runtime, contact, each)]
        if not said:
            return
        for part in split(message):
            runtime.store.outbox.put(
                team_id=contact.key.team_id,
                user_id=contact.user_id,
                text=part.text,
                blocks=part.blocks,
            )


def _note(runtime: Runtime, contact: Contact, invitation: Invitation) -> bool:
    return runtime.store.delivered.note(
        contact.key.team_id, contact.user_id, invitation, state=ESCALATED
    )


def _card(link: Account, each: Invitation) -> Card:
    return Card(
        account=link,
        region=each.region,
        image_id=each.image_id,
        image_name=each.image_name,
        owner=each.owner,
        size=each.size,
        invited_at=each.invited_at or each.first_seen,
    )
