"""Notify an account's second contact, once, of overdue invitations."""

from __future__ import annotations

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.services import Services
from handlers.invitations.views.cards import Card
from handlers.notifications import escalation
from handlers.notifications.time_zones import may_notify_now
from handlers.notifications.views import escalation as views
from storage import ALL_ACCOUNTS, Contact, Invitation, Preference

ESCALATED = "escalated"


def serve(contact: Contact, services: Services) -> None:
    """Enqueue a notification to a second contact, if something is overdue and they may be told."""
    if _may_notify(services, contact):
        _enqueue(services, contact)


def _may_notify(services: Services, contact: Contact) -> bool:
    row = services.store.people.get(contact.key.team_id, contact.user_id)
    row = row or services.store.people.seen(contact.key.team_id, contact.user_id)
    preferences = services.store.preferences.of(row.team_id, row.user_id)
    return may_notify_now(row, preferences.get(ALL_ACCOUNTS, Preference()), services)


def _enqueue(services: Services, contact: Contact) -> None:
    """The person to ask: the first of those who have linked the account."""
    links = services.store.accounts.links(contact.key)
    if not links or links[0].user_id == contact.user_id:
        return
    link = links[0]
    overdue = escalation.overdue(contact, link, services)
    if not overdue:
        return
    cards = [Card.of(link, each) for each in overdue]
    message = views.overdue(link, link.user_id, cards, contact.days, services.clock())
    with services.store.together():
        said = [each for each in overdue if _note(services, contact, each)]
        if not said:
            return
        notify(Person(contact.key.team_id, contact.user_id), message, services.store)


def _note(services: Services, contact: Contact, invitation: Invitation) -> bool:
    return services.store.delivered.note(
        contact.key.team_id, contact.user_id, invitation, state=ESCALATED
    )
