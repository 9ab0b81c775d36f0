"""Delete an image, after naming the accounts that lose access."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.errors import Conflict, NotFound
from cloud.models import Image, Member
from handlers.core import cloud_roles, find_image
from handlers.core.errors import PublicImage, Usage
from handlers.core.facts import EVERYBODY
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation
from handlers.core.parties import OPEN, parties
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.editing import apply
from handlers.editing import update as updates
from handlers.editing.errors import InUse
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import delete as views
from handlers.invitations.share_records import record_lost
from handlers.sharing import members
from handlers.sharing.errors import NotShareable
from handlers.ui import operation_words
from storage import Account

DELETE = 'delete IMAGE [because "…"]'


def delete(command: Command, services: Services) -> Message:
    """/images delete <image>: ask first, naming the accounts that lose access."""
    match command.words:
        case (word,):
            found = find_image.find_image(command, word, services)
        case _:
            raise Usage(DELETE)
    apply.must_own(found.image, found.account, "delete")
    if found.image.protected:
        return views.protected(found.image, found.account)
    shared = _members(found.account, found.image, services)
    return views.confirm_delete(found.image, found.account, shared, services.reason)


def confirm_clicked(click: Click, services: Services) -> Message:
    """The Delete button: delete, or ask again if the members have changed since."""
    requested = views.Delete.read(click.value)
    services = services.because(requested.because)
    with apply.lock_image(requested.place.region, requested.place.image_id, services):
        account, image = find_image.image_from_button(click.person, requested.place, services)
        apply.must_own(image, account, "delete")
        if image.protected:
            return views.protected(image, account)
        shared = _members(account, image, services)
        operation = _operation(account, image, shared, services)
        services.must_be_as_shown(operation)
        if views.members_hash(shared) != requested.members_hash:
            return views.confirm_delete(image, account, shared, requested.because, again=True)
        services.authorize(operation)
        _delete(click.person, account, image, shared, services)
    return views.deleted(image, shared)


def unprotect_clicked(click: Click, services: Services) -> Message:
    """The Unprotect button of a protected image. Does not delete it."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    apply.must_own(image, account, "unprotect")
    return updates.change(
        click.person, account, image, RequestedChanges({"protected": False}), services
    )


def _operation(
    account: Account, image: Image, shared: Sequence[Member], services: Services
) -> Operation:
    numbers = [member.member_id for member in shared]
    return Operation.on_image(
        "image.delete",
        account,
        image,
        operation_words.delete(image, numbers),
        target=" ".join([image.id, *sorted(numbers)]),
        loses=EVERYBODY if image.visibility in OPEN else parties(account, numbers, services),
    )


def _members(account: Account, image: Image, services: Services) -> Sequence[Member]:
    try:
        return members.list_members(account, image, services)
    except (NotShareable, PublicImage):
        return ()


def _delete(
    person: Person, account: Account, image: Image, shared: Sequence[Member], services: Services
) -> None:
    with (
        apply.audited(person, "image.delete", account, image, services) as entry,
        cloud_roles.translating_errors(cloud_roles.ADMIN, "delete images", f"show {image.id}"),
    ):
        entry.before = {
            "name": image.name,
            "size": image.size,
            "shared_with": [member.member_id for member in shared],
        }
        try:
            services.images(account, image.region).delete(image.id)
        except NotFound:
            entry.note("was gone")
        except Conflict as error:
            raise InUse(image.name or image.id, error.message) from error
    services.store.dormant.forget(account.cloud, image.region, image.id)
    record_lost(account, image, [member.member_id for member in shared], services)
