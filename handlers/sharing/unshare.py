"""End a share."""

from __future__ import annotations

from cloud.errors import NotFound
from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import cloud_roles
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation
from handlers.core.parties import parties
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations.share_records import record_unshare
from handlers.sharing import expiry, members
from handlers.sharing.share import audited, owned_image
from handlers.sharing.views import members as member_views
from handlers.tracking import tracking
from handlers.ui import operation_words
from handlers.ui.labels import number_label
from storage import Account

UNSHARE = 'unshare IMAGE ACCOUNT [because "…"]'


def unshare(command: Command, services: Services) -> Message:
    """/images unshare <image> <account>: ask before ending the account's access."""
    found, member = members.find_member(command, UNSHARE, services, doing="unshare")
    nicknames = recipients.nicknames(found.account, services)
    return member_views.confirm_unshare(
        found.image, found.account, member, nicknames, services.reason
    )


def unshare_clicked(click: Click, services: Services) -> Message:
    """The Unshare button of a confirmation or of the list of members."""
    return _unshare(click, services, undone=False)


def undo_clicked(click: Click, services: Services) -> Message:
    """The Undo button of what was just shared."""
    return _unshare(click, services, undone=True)


def _unshare(click: Click, services: Services, *, undone: bool) -> Message:
    request = member_views.Unshare.read(click.value)
    services = services.because(request.because)
    account, image = owned_image(click.person, request.place, services, "unshare")
    with services.lock(members.lock_key(image.region, image.id, request.number)):
        before = members.get_member(account, image, request.number, services)
        if before:
            services.authorize(_unshare_operation(account, image, request.number, services))
            _remove(click.person, account, image, request.number, services)
        expiry.cancel_end(account, image, request.number, services)
        tracking.share_ended(account, image, request.number, services)
    nicknames = recipients.nicknames(account, services)
    result = member_views.unshared(image, request.number, before, nicknames, undone=undone)
    return members.redraw(result, account, image, services)


def _remove(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> None:
    with (
        audited(person, "image.unshare", account, image, number, services) as entry,
        cloud_roles.translating_errors(cloud_roles.ADMIN, "unshare images", f"members {image.id}"),
    ):
        try:
            services.images(account, image.region).remove_member(image.id, number)
        except NotFound:
            entry.note("was not shared")
    record_unshare(account, image.region, image.id, number, services)


def _unshare_operation(
    account: Account, image: Image, number: str, services: Services
) -> Operation:
    return Operation.on_image(
        "image.unshare",
        account,
        image,
        operation_words.unshare(
            image, number_label(number, recipients.nicknames(account, services))
        ),
        target=f"{image.id} with {number}",
        loses=parties(account, [number], services),
    )
