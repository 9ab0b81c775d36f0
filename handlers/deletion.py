"""Deleting an image, after saying what goes with it."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.errors import Conflict, NotFound
from cloud.models import Image, Member
from handlers import access, members, resolve, updates, writing
from handlers.changes import Asked
from handlers.deeds import Deed
from handlers.errors import NotShareable, PublicImage, Usage
from handlers.message import Message
from handlers.refusals import InUse
from handlers.requests import Click, Command, Person
from handlers.services import Services
from handlers.views import deeds as deed_words
from handlers.views import deletion as views
from storage import Account, Guarded

DELETE = "delete IMAGE"


def delete(command: Command, services: Services) -> Message:
    """/images delete <image>: asks whether to, with the accounts that would lose it."""
    match command.words:
        case (word,):
            found = resolve.image(command, word, services)
        case _:
            raise Usage(DELETE)
    writing.must_own(found.image, found.account, "delete")
    if found.image.protected:
        return views.protected(found.image, found.account)
    shared = _shared_with(found.account, found.image, services)
    return views.confirm_delete(found.image, found.account, shared)


def confirm(click: Click, services: Services) -> Message:
    """The Delete button of the confirmation; asks again if others share the image since."""
    asked = views.Delete.read(click.value)
    with writing.alone(asked.place.region, asked.place.image_id, services):
        account, image = resolve.pressed(click.person, asked.place, services)
        writing.must_own(image, account, "delete")
        if image.protected:
            return views.protected(image, account)
        shared = _shared_with(account, image, services)
        if views.told(shared) != asked.told:
            return views.confirm_delete(image, account, shared, again=True)
        services.sure(_deed(account, image, shared))
        _delete(click.person, account, image, shared, services)
    return views.deleted(image, shared)


def unprotect_clicked(click: Click, services: Services) -> Message:
    """The Unprotect button of a protected image: it is not deleted yet."""
    account, image = resolve.pressed(click.person, views.read_unprotect(click.value), services)
    writing.must_own(image, account, "unprotect")
    return updates.change(click.person, account, image, Asked({"protected": False}), services)


def _deed(account: Account, image: Image, shared: Sequence[Member]) -> Deed:
    numbers = [member.member_id for member in shared]
    return Deed.on_image(
        "image.delete",
        account,
        image,
        deed_words.delete(image, numbers),
        target=" ".join([image.id, *sorted(numbers)]),
        guarded=Guarded.DELETE,
    )


def _shared_with(account: Account, image: Image, services: Services) -> Sequence[Member]:
    try:
        return members.all_of(account, image, services)
    except (NotShareable, PublicImage):
        return ()


def _delete(
    person: Person, account: Account, image: Image, shared: Sequence[Member], services: Services
) -> None:
    with (
        writing.audited(person, "image.delete", account, image, services) as entry,
        access.changing(access.ADMIN, "delete images", f"show {image.id}"),
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
