"""Whom an image is shared with."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.errors import CloudError, Forbidden, NotFound
from cloud.models import Image, Member, Visibility
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, mentions
from handlers.core.errors import PublicImage, Usage
from handlers.core.interactions import Click, Command
from handlers.core.lists import listed
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.sharing.errors import NotShareable, NotShared
from handlers.sharing.views import members as views
from handlers.ui.image_buttons import MembersPage
from storage import Account

MEMBERS = "members IMAGE"
MEMBER = "member IMAGE ACCOUNT"


def members(command: Command, services: Services) -> Message:
    """/images members <image>: whom it is shared with, and what each has answered."""
    if len(command.words) != 1:
        raise Usage(MEMBERS)
    found = find_image.find_image(command, command.words[0], services)
    return shown(found.account, found.image, services)


def members_clicked(click: Click, services: Services) -> Message:
    """The Members button, and the pages of the list."""
    asked = MembersPage.read(click.value)
    account, image = find_image.image_from_button(click.person, asked.place, services)
    return shown(account, image, services, asked.page)


def member(command: Command, services: Services) -> Message:
    """/images member <image> <account>: one account's answer."""
    found, one = membership(command, MEMBER, services)
    ends = services.store.expiries.of_image(found.account, found.image.region, found.image.id)
    nicknames = recipients.nicknames(found.account, services)
    return views.member(found.image, found.account, one, ends.get(one.member_id), nicknames)


def shown(
    account: Account, image: Image, services: Services, page: int = 1, said: str = ""
) -> Message:
    """The list as it is now; *said* is what was just done."""
    everyone = all_of(account, image, services)
    ends = services.store.expiries.of_image(account, image.region, image.id)
    nicknames = recipients.nicknames(account, services)
    return views.members(image, account, everyone, page, said, ends, nicknames)


def after(said: str, account: Account, image: Image, services: Services) -> Message:
    """What was just done, with what it led to, unless the cloud does not tell that now."""
    try:
        return shown(account, image, services, said=said)
    except CloudError:
        return views.just(said)


def claim(region: str, image_id: str, number: str) -> str:
    """What to do alone: share an image with an account, unshare it, or change when that ends."""
    return f"member {region} {image_id} {number}"


def all_of(account: Account, image: Image, services: Services) -> Sequence[Member]:
    """Every member for the owner, the account's own row for a consumer."""
    if image.visibility == Visibility.PUBLIC:
        raise PublicImage(image.name or image.id)
    try:
        return services.images(account, image.region).members(image.id)
    except Forbidden as error:
        raise NotShareable(account.id, image) from error
    except NotFound:
        return ()


def one_of(account: Account, image: Image, number: str, services: Services) -> Member | None:
    try:
        return services.images(account, image.region).member(image.id, number)
    except NotFound:
        return None


def membership(
    command: Command, form: str, services: Services, *, doing: str = ""
) -> tuple[find_image.Found, Member]:
    """What a command for one account of one image speaks of; *doing* is what only owners may."""
    word, rest = mentions.image_first(command.words, form)
    match listed(rest):
        case [whom]:
            found = find_image.find_image(command, word, services)
        case _:
            raise Usage(form)
    [number] = recipients.numbers(command, found.account, [whom], services)
    if doing:
        cloud_roles.must_own(found.image, found.account, doing)
    if found.image.visibility == Visibility.PUBLIC:
        raise PublicImage(found.image.name or found.image.id)
    one = one_of(found.account, found.image, number, services)
    if one is None:
        raise NotShared(found.image.name or found.image.id, found.image.id, number)
    return found, one
