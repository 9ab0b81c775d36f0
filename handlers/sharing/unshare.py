"""Ending a share."""

from __future__ import annotations

from cloud.errors import NotFound
from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import cloud_roles
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations.known import unshared_here
from handlers.sharing import expiry, members
from handlers.sharing.share import audited, own
from handlers.sharing.views import members as member_views
from handlers.tracking import tracking
from handlers.ui import operation_words
from handlers.ui.labels import called
from storage import Account, Guarded

UNSHARE = "unshare IMAGE ACCOUNT"


def unshare(command: Command, services: Services) -> Message:
    """/images unshare <image> <account>: asks whether to, and says what remains."""
    found, member = members.membership(command, UNSHARE, services, doing="unshare")
    nicknames = recipients.nicknames(found.account, services)
    return member_views.confirm_unshare(found.image, found.account, member, nicknames)


def unshare_clicked(click: Click, services: Services) -> Message:
    """The Unshare button of a confirmation or of the list of members."""
    return _unshare(click, services, undone=False)


def undo(click: Click, services: Services) -> Message:
    """The Undo button of what was just shared."""
    return _unshare(click, services, undone=True)


def _unshare(click: Click, services: Services, *, undone: bool) -> Message:
    asked = member_views.Unshare.read(click.value)
    account, image = own(click.person, asked.place, services, "unshare")
    with services.alone(members.claim(image.region, image.id, asked.number)):
        before = members.one_of(account, image, asked.number, services)
        if before:
            services.authorize(_unshare_operation(account, image, asked.number, services))
            _remove(click.person, account, image, asked.number, services)
        expiry.ended(account, image, asked.number, services)
        tracking.ended(account, image, asked.number, services)
    nicknames = recipients.nicknames(account, services)
    said = member_views.unshared(image, asked.number, before, nicknames, undone=undone)
    return members.after(said, account, image, services)


def _remove(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> None:
    with (
        audited(person, "image.unshare", account, image, number, services) as entry,
        cloud_roles.changing(cloud_roles.ADMIN, "unshare images", f"members {image.id}"),
    ):
        try:
            services.images(account, image.region).remove_member(image.id, number)
        except NotFound:
            entry.note("was not shared")
    unshared_here(account, image.region, image.id, number, services)


def _unshare_operation(
    account: Account, image: Image, number: str, services: Services
) -> Operation:
    return Operation.on_image(
        "image.unshare",
        account,
        image,
        operation_words.unshare(image, called(number, recipients.nicknames(account, services))),
        target=f"{image.id} with {number}",
        guarded=Guarded.UNSHARE,
    )
