"""Telling the person for whom an image was shared: at once, and once."""

from __future__ import annotations

from cloud.models import Image
from handlers import answers, quiet
from handlers.message import Message
from handlers.requests import Person
from handlers.services import Services
from handlers.views import sharing as views
from storage import Account, AccountKey, Invitation
from storage.told import key_of


def tell(
    person: Person,
    account: Account,
    image: Image,
    asked: views.Share,
    outcome: views.Outcome,
    services: Services,
) -> bool:
    """
    Write to whoever was mentioned for the number. True if they are told, now or before.

    It is on a button whom to tell, and a claim: only who has linked the account is told. The
    scheduler is told too, so that it does not take the invitation for news.
    """
    link = _link(account, outcome.number, asked.people.get(outcome.number, ""), services)
    if link is None:
        return False
    them = Person(link.team_id, link.user_id)
    if quiet.of(them, services).muted(link, image.owner):
        return False
    invitation = _known(link, image, services)
    if not _told(them, invitation, services):
        message = _message(person, link, image, asked, outcome, services)
        services.store.outbox.put(
            team_id=them.team_id,
            user_id=them.user_id,
            text=message.text,
            blocks=message.blocks,
            dedupe_key=f"shared {' '.join(key_of(invitation))} {invitation.first_seen}",
        )
        services.store.told.note(them.team_id, them.user_id, invitation)
    return True


def _link(account: Account, number: str, user_id: str, services: Services) -> Account | None:
    links = services.store.accounts.links(AccountKey(account.team_id, account.cloud, number))
    return next((link for link in links if link.user_id == user_id), None)


def _known(link: Account, image: Image, services: Services) -> Invitation:
    """The invitation, as the scheduler has just seen it, or will."""
    new = Invitation.of_image(link.id, image, services.clock())
    services.store.invitations.begin(new)
    return services.store.invitations.find(link.id, image.region, image.id) or new


def _told(them: Person, invitation: Invitation, services: Services) -> bool:
    """By the scheduler, which may have been faster."""
    telling = services.store.told.of(them.team_id, them.user_id).get(key_of(invitation))
    return telling is not None and telling.first_seen == invitation.first_seen


def _message(
    person: Person,
    link: Account,
    image: Image,
    asked: views.Share,
    outcome: views.Outcome,
    services: Services,
) -> Message:
    invited_at = outcome.member.created_at if outcome.member else None
    card = answers.card_of(link, image, invited_at)
    now = services.clock()
    return views.told(card, person.user_id, asked.because, outcome.until, now)
