"""Show the members of an image."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.errors import CloudError, Forbidden, NotFound
from cloud.models import Image, Member, Visibility
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, mentions
from handlers.core.errors import PublicImage, Usage
from handlers.core.interactions import Click, Command
from handlers.core.lists import listed
from handlers.core.parties import asleep
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.sharing.errors import MembersAsleep, NotShareable, NotShared
from handlers.sharing.views import members as views
from handlers.ui.blocks import text_message
from handlers.ui.image_buttons import MembersPage
from storage import Account

MEMBERS = "members IMAGE"
MEMBER = "member IMAGE ACCOUNT"


def members(command: Command, services: Services) -> Message:
    """/images members <image>: whom it is shared with, and what each has answered."""
    if len(command.words) != 1:
        raise Usage(MEMBERS)
    found = find_image.find_image(command, command.words[0], services)
    return members_message(found.account, found.image, services)


def members_clicked(click: Click, services: Services) -> Message:
    """The Members button, and the pages of the list."""
    request = MembersPage.read(click.value)
    account, image = find_image.image_from_button(click.person, request.place, services)
    return members_message(account, image, services, request.page)


def member(command: Command, services: Services) -> Message:
    """/images member <image> <account>: one account's answer."""
    found, one = find_member(command, MEMBER, services)
    ends = services.store.expiries.of_image(found.account, found.image.region, found.image.id)
    nicknames = recipients.nicknames(found.account, services)
    return views.member(found.image, found.account, one, ends.get(one.member_id), nicknames)


def members_message(
    account: Account, image: Image, services: Services, page: int = 1, result: str = ""
) -> Message:
    """The list as it is now; *result* is what was just done."""
    everyone = list_members(account, image, services)
    ends = services.store.expiries.of_image(account, image.region, image.id)
    nicknames = recipients.nicknames(account, services)
    return views.members(image, account, everyone, page, result, ends, nicknames)


def redraw(result: str, account: Account, image: Image, services: Services) -> Message:
    """Return the result with the list as it is now; alone if the cloud does not answer."""
    try:
        return members_message(account, image, services, result=result)
    except CloudError:
        return text_message(result)


def lock_key(region: str, image_id: str, number: str) -> str:
    """Return the lock key for sharing an image with an account, unsharing, and changing its end."""
    return f"member {region} {image_id} {number}"


def list_members(account: Account, image: Image, services: Services) -> Sequence[Member]:
    """Every member for the owner, the account's own row for a consumer."""
    if image.visibility == Visibility.PUBLIC:
        raise PublicImage(image.name or image.id)
    try:
        return services.images(account, image.region).members(image.id)
    except Forbidden as error:
        raise NotShareable(account.id, image) from error
    except NotFound:
        return ()


def get_member(account: Account, image: Image, number: str, services: Services) -> Member | None:
    """
    Return the member; None if there is none.

    Raises:
        MembersAsleep: the cloud shows no member of this image at the moment.
    """
    try:
        return services.images(account, image.region).member(image.id, number)
    except NotFound:
        if asleep(account, image, services):
            raise MembersAsleep(account.id, image) from None
        return None


def find_member(
    command: Command, form: str, services: Services, *, doing: str = ""
) -> tuple[find_image.Found, Member]:
    """The image and account of a command; *doing* names an action that only owners may take."""
    word, rest = mentions.image_first(command.words, form)
    match listed(rest):
        case [accounts_known]:
            found = find_image.find_image(command, word, services)
        case _:
            raise Usage(form)
    [number] = recipients.account_numbers(command, found.account, [accounts_known], services)
    if doing:
        cloud_roles.must_own(found.image, found.account, doing)
    if found.image.visibility == Visibility.PUBLIC:
        raise PublicImage(found.image.name or found.image.id)
    one = get_member(found.account, found.image, number, services)
    if one is None:
        raise NotShared(found.image.name or found.image.id, found.image.id, number)
    return found, one
