"""Notify the person whose account an image was shared with, at once and only once."""

from __future__ import annotations

from cloud.models import Image
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations import silenced as silencing
from handlers.invitations.share_records import invitation_card, record_share
from handlers.notifications import slots
from handlers.sharing.views import share as views
from handlers.sharing.views.share import Notified
from storage import Account, AccountKey, Invitation, Mode, Preference, invitation_key


def notify_recipient(
    person: Person,
    account: Account,
    image: Image,
    request: views.Share,
    outcome: views.Outcome,
    services: Services,
) -> Notified:
    """
    Record a new share for everyone who has linked the account, and notify the person mentioned.

    The person comes from a button, so is a claim: only who has linked the account is notified.
    During their quiet hours the scheduler does it later, as for everyone else.
    """
    record_share(account, image, [outcome.number], services)
    link = _link(account, outcome.number, request.people.get(outcome.number, ""), services)
    if link is None or _opted_out(link, image, services):
        return Notified.NOT
    if _in_quiet_hours(link, services):
        return Notified.LATER
    _enqueue(_message(person, link, image, request, outcome, services), link, image, services)
    return Notified.NOW


def _enqueue(message: Message, link: Account, image: Image, services: Services) -> None:
    """Enqueue the message and record it as delivered, unless the scheduler was faster."""
    store = services.store
    known = store.invitations.find(link.id, image.region, image.id)
    invitation = known or Invitation.of_image(link.id, image, services.clock())
    with store.together():
        if store.delivered.note(link.team_id, link.user_id, invitation):
            notify(
                Person(link.team_id, link.user_id),
                message,
                store,
                f"shared {' '.join(invitation_key(invitation))} {invitation.first_seen}",
            )


def _opted_out(link: Account, image: Image, services: Services) -> bool:
    """Whether the person has muted the producer or turned notifications off."""
    silence = silencing.silenced_for(Person(link.team_id, link.user_id), services)
    return silence.muted(link, image.owner) or _preference(link, services).mode == Mode.OFF


def _in_quiet_hours(link: Account, services: Services) -> bool:
    """Whether the person is in quiet hours or has paused notifications."""
    preference = _preference(link, services)
    slack_zone = services.store.people.time_zone(link.team_id, link.user_id)
    zone = slots.zone_of(preference, slack_zone)
    return slots.quiet_until(preference, zone, services.clock()) is not None


def _preference(link: Account, services: Services) -> Preference:
    preferences = services.store.preferences.of(link.team_id, link.user_id)
    return slots.effective_preference(preferences, link.project_id)


def _link(account: Account, number: str, user_id: str, services: Services) -> Account | None:
    links = services.store.accounts.links(AccountKey(account.team_id, account.cloud, number))
    return next((link for link in links if link.user_id == user_id), None)


def _message(
    person: Person,
    link: Account,
    image: Image,
    request: views.Share,
    outcome: views.Outcome,
    services: Services,
) -> Message:
    invited_at = outcome.member.created_at if outcome.member else None
    card = invitation_card(link, image, invited_at)
    now = services.clock()
    return views.shared_with_you(card, person.user_id, request.because, outcome.until, now)
