"""Remind a consumer of an invitation, for the producer, up to once a day."""

from __future__ import annotations

from datetime import timedelta

from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image
from handlers.core.interactions import Click, Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations.share_records import invitation_card
from handlers.sharing.errors import NotShared
from handlers.sharing.views.remind import reminder
from handlers.tracking.views import tracking as views
from storage import Account, AccountKey, Share

DAY = timedelta(days=1)


def remind_clicked(click: Click, services: Services) -> Message:
    """The Remind button: once a day, the people who linked the consumer's account are asked."""
    request = views.Remind.read(click.value)
    account, image = find_image.image_from_button(click.person, request.place, services)
    cloud_roles.must_own(image, account, "share")
    share = _share_with(account, image, request.number, services)
    nicknames = recipients.nicknames(account, services)
    if share.status != views.PENDING:
        return views.answered_meanwhile(share, nicknames).as_note()
    links = services.store.accounts.links(
        AccountKey(account.team_id, account.cloud, request.number)
    )
    if links and not services.store.shares.remind(share, services.clock() - DAY):
        return views.reminded_before(share, nicknames).as_note()
    for link in links:
        _remind(click.person, link, image, share, services)
    return views.reminded(share, [link.user_id for link in links], nicknames).as_note()


def _remind(person: Person, link: Account, image: Image, share: Share, services: Services) -> None:
    card = invitation_card(link, image, share.shared_at)
    message = reminder(card, person.user_id, services.clock())
    notify(
        Person(link.team_id, link.user_id),
        message,
        services.store,
        f"remind {link.id} {image.region} {image.id} {services.clock():%Y-%m-%d %H:%M}",
    )


def _share_with(account: Account, image: Image, number: str, services: Services) -> Share:
    shares = services.store.shares.of_image(account.team_id, account.cloud, image.region, image.id)
    for share in shares:
        if share.number == number:
            return share
    raise NotShared(image.name or image.id, image.id, number)
