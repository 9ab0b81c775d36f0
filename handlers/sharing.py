"""Sharing an image with other accounts, and ending it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from cloud.errors import CloudError, Conflict, NotFound
from cloud.models import Image
from handlers import access, members, resolve
from handlers.deeds import Deed
from handlers.errors import (
    ShareWithSelf,
    Usage,
    UserError,
)
from handlers.message import Message
from handlers.requests import Click, Command, Person
from handlers.services import Services
from handlers.views import deeds
from handlers.views import members as member_views
from handlers.views import sharing as views
from handlers.views.errors import words
from handlers.views.values import Place
from storage import Account, Guarded
from storage.audit import Entry

SHARE = "share IMAGE ACCOUNT…"
UNSHARE = "unshare IMAGE ACCOUNT"


def share(command: Command, services: Services) -> Message:
    """/images share <image> <account>…: asks whether to, with the number shown large."""
    match command.words:
        case (word, *rest) if rest:
            numbers = members.numbers(rest)
        case _:
            raise Usage(SHARE)
    found = resolve.image(command, word, services)
    account, image = found.account, found.image
    access.must_own(image, account, "share")
    if account.project_id in numbers:
        raise ShareWithSelf(account.project_id)
    known = [m for m in members.all_of(account, image, services) if m.member_id in numbers]
    new = [number for number in numbers if number not in {m.member_id for m in known}]
    if not new:
        return views.already_shared(image, account, known)
    linked = access.linked_here(command.person, new, services.store)
    return views.confirm_share(image, account, new, linked, known)


def confirm(click: Click, services: Services) -> Message:
    """The Share button of the confirmation: account by account, each with its own outcome."""
    asked = views.Share.read(click.value)
    account, image = _own(click.person, asked.place, services, "share")
    members.all_of(account, image, services)  # has its own refusal for what cannot be shared at all
    services.sure(_share_deed(account, image, asked))
    share_one = _share if len(asked.numbers) == 1 else _outcome
    outcomes = [share_one(click.person, account, image, n, services) for n in asked.numbers]
    linked = access.linked_here(click.person, asked.numbers, services.store)
    return views.shared(image, account, outcomes, linked)


def cancel(click: Click, _: Services) -> Message:
    """The Cancel button of a confirmation."""
    return member_views.cancelled(click.value)


def unshare(command: Command, services: Services) -> Message:
    """/images unshare <image> <account>: asks whether to, and says what remains."""
    found, member = members.membership(command, UNSHARE, services, doing="unshare")
    return member_views.confirm_unshare(found.image, found.account, member)


def unshare_clicked(click: Click, services: Services) -> Message:
    """The Unshare button of a confirmation or of the list of members."""
    return _unshare(click, services, undone=False)


def undo(click: Click, services: Services) -> Message:
    """The Undo button of what was just shared."""
    return _unshare(click, services, undone=True)


def _own(person: Person, place: Place, services: Services, doing: str) -> tuple[Account, Image]:
    account, image = resolve.pressed(person, place, services)
    access.must_own(image, account, doing)
    return account, image


def _share_deed(account: Account, image: Image, asked: views.Share) -> Deed:
    return Deed.on_image(
        "image.share",
        account,
        image,
        deeds.share(image, asked.numbers),
        target=f"{image.id} with {' '.join(asked.numbers)}",
        guarded=Guarded.SHARE,
        numbers=asked.numbers,
    )


def _unshare_deed(account: Account, image: Image, number: str) -> Deed:
    return Deed.on_image(
        "image.unshare",
        account,
        image,
        deeds.unshare(image, number),
        target=f"{image.id} with {number}",
        guarded=Guarded.UNSHARE,
    )


def _outcome(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> views.Outcome:
    """One account of several: its trouble is told, and does not stop the others."""
    try:
        return _share(person, account, image, number, services)
    except (CloudError, UserError) as error:
        return views.Outcome(number, trouble=words(error))


def _share(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> views.Outcome:
    """
    Share with one account, once.

    Eight identical requests at the same time made three rows in a real Glance, so
    the account is claimed first; a request that comes later gets 409.
    """
    images = services.images(account, image.region)
    with (
        services.alone(_claim(image, number)),
        _audited(person, "image.share", account, image, number, services) as entry,
        access.changing(access.CREATOR, "share images", f"members {image.id}"),
    ):
        try:
            return views.Outcome(number, images.add_member(image.id, number), new=True)
        except Conflict:
            entry.note("already shared")
            return views.Outcome(number, images.member(image.id, number))


def _unshare(click: Click, services: Services, *, undone: bool) -> Message:
    asked = member_views.Unshare.read(click.value)
    account, image = _own(click.person, asked.place, services, "unshare")
    with services.alone(_claim(image, asked.number)):
        before = members.one_of(account, image, asked.number, services)
        if before:
            services.sure(_unshare_deed(account, image, asked.number))
            _remove(click.person, account, image, asked.number, services)
    said = member_views.unshared(image, asked.number, before, undone=undone)
    try:
        return member_views.members(
            image, account, members.all_of(account, image, services), said=said
        )
    except CloudError:
        return member_views.just(said)


def _remove(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> None:
    with (
        _audited(person, "image.unshare", account, image, number, services) as entry,
        access.changing(access.ADMIN, "unshare images", f"members {image.id}"),
    ):
        try:
            services.images(account, image.region).remove_member(image.id, number)
        except NotFound:
            entry.note("was not shared")


def _claim(image: Image, number: str) -> str:
    return f"member {image.region} {image.id} {number}"


def _audited(
    person: Person, action: str, account: Account, image: Image, number: str, services: Services
) -> AbstractContextManager[Entry]:
    return services.store.audit.entry(
        person.actor,
        action,
        f"{image.id} with {number}",
        account=account.project_id,
        region=image.region,
    )
