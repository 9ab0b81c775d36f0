"""Sharing an image with other accounts. Its end is in unsharing.py."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from cloud.errors import CloudError, Conflict
from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, mentions
from handlers.core.errors import UserError
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation, image_detail
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.sharing import expiry, members, notify_recipient
from handlers.sharing.errors import ShareWithSelf
from handlers.sharing.parse import read
from handlers.sharing.views import confirm as questions
from handlers.sharing.views import share as views
from handlers.tracking import tracking
from handlers.ui import operation_words
from handlers.ui.error_words import words
from handlers.ui.labels import called, cancelled, duration
from storage import Account, Entry, Guarded

SHARE = 'share IMAGE WITH… [for 7d] [because "…"]'


def share(command: Command, services: Services) -> Message:
    """/images share <image> <with>…: asks whether to, with the numbers shown large."""
    word, rest = mentions.image_first(command.words, SHARE)
    wanted = read(rest, SHARE)
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    cloud_roles.must_own(image, account, "share")
    people = recipients.guests(command, account, wanted.words, services)
    numbers = list(people)
    if account.project_id in numbers:
        raise ShareWithSelf(account.project_id)
    known = [m for m in members.all_of(account, image, services) if m.member_id in numbers]
    new = [number for number in numbers if number not in {m.member_id for m in known}]
    if not new and wanted.span is None:
        return views.already_shared(image, account, known, _whom(account, services))
    place = ImageRef.of(account, image)
    meant = tuple(new if wanted.span is None else numbers)
    named = {number: people[number] for number in meant if people[number]}
    asked = views.Share(place, meant, wanted.span, wanted.because, named)
    return questions.confirm_share(
        image, account, asked, _whom(account, services), known, services.clock()
    )


def confirm(click: Click, services: Services) -> Message:
    """The Share button of the question: asks once more if nobody here knows a number."""
    asked = views.Share.read(click.value)
    account, image = own(click.person, asked.place, services, "share")
    unknown = recipients.unknown(asked.numbers, account, services)
    if unknown:
        near = {number: recipients.near(number, account, services) for number in unknown}
        return questions.confirm_unknown(image, asked, near, _whom(account, services))
    return _confirmed(click.person, account, image, asked, services)


def confirm_unknown(click: Click, services: Services) -> Message:
    """The Share button of the second question."""
    asked = views.Share.read(click.value)
    account, image = own(click.person, asked.place, services, "share")
    return _confirmed(click.person, account, image, asked, services)


def cancel(click: Click, _: Services) -> Message:
    """The Cancel button of a confirmation."""
    return cancelled(click.value)


def _confirmed(
    person: Person, account: Account, image: Image, asked: views.Share, services: Services
) -> Message:
    """Account by account, each with its own outcome."""
    members.all_of(account, image, services)  # has its own refusal for what cannot be shared at all
    services.authorize(_share_operation(account, image, asked, services))
    share_one = _share if len(asked.numbers) == 1 else _outcome
    outcomes = [share_one(person, account, image, n, asked, services) for n in asked.numbers]
    return views.shared(image, account, asked, outcomes, _whom(account, services))


def _whom(account: Account, services: Services) -> views.Whom:
    """What is known here of the accounts that one may share with."""
    return views.Whom(
        recipients.nicknames(account, services), frozenset(recipients.linked(account, services))
    )


def own(person: Person, place: ImageRef, services: Services, doing: str) -> tuple[Account, Image]:
    """
    The image of a button, read again.

    Raises:
        UserError: it is not the account's own.
    """
    account, image = find_image.image_from_button(person, place, services)
    cloud_roles.must_own(image, account, doing)
    return account, image


def _share_operation(
    account: Account, image: Image, asked: views.Share, services: Services
) -> Operation:
    lasting = f" for {duration(asked.span)}" if asked.span else ""
    nicknames = recipients.nicknames(account, services)
    return Operation.on_image(
        "image.share",
        account,
        image,
        operation_words.share(
            image, [called(number, nicknames) for number in asked.numbers], asked.span
        ),
        target=f"{image.id} with {' '.join(asked.numbers)}{lasting}",
        guarded=Guarded.SHARE,
        numbers=asked.numbers,
        because=asked.because,
    )


def _outcome(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    asked: views.Share,
    services: Services,
) -> views.Outcome:
    """One account of several: its trouble is told, and does not stop the others."""
    try:
        return _share(person, account, image, number, asked, services)
    except (CloudError, UserError) as error:
        return views.Outcome(number, trouble=words(error))


def _share(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    asked: views.Share,
    services: Services,
) -> views.Outcome:
    """
    Share with one account, once, and note when that is to end.

    Eight identical requests at the same time made three rows in a real Glance, so
    the account is claimed first; a request that comes later gets 409.
    """
    with services.alone(members.claim(image.region, image.id, number)):
        outcome = _added(person, account, image, number, asked, services)
        if asked.span:
            expiry.begin(person, account, image, number, asked.span, asked.because, services)
            outcome = replace(outcome, until=services.clock() + asked.span)
        elif outcome.new:
            expiry.ended(account, image, number, services)
        if outcome.new:
            tracking.begun(person, account, image, number, services)
            told = notify_recipient.tell(person, account, image, asked, outcome, services)
            outcome = replace(outcome, told=told)
    return outcome


def _added(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    asked: views.Share,
    services: Services,
) -> views.Outcome:
    images = services.images(account, image.region)
    with (
        audited(person, "image.share", account, image, number, services) as entry,
        cloud_roles.changing(cloud_roles.CREATOR, "share images", f"members {image.id}"),
    ):
        if asked.span:
            entry.note(f"for {duration(asked.span)}")
        if asked.because:
            entry.note(f"because {asked.because}")
        try:
            return views.Outcome(number, images.add_member(image.id, number), new=True)
        except Conflict:
            entry.note("already shared")
            return views.Outcome(number, images.member(image.id, number))


def audited(
    person: Person, action: str, account: Account, image: Image, number: str, services: Services
) -> AbstractContextManager[Entry]:
    return services.audited(
        person.actor,
        action,
        f"{image.id} with {number}",
        account=account.project_id,
        region=image.region,
        detail=image_detail(image),
    )
