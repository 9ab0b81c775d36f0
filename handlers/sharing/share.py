"""Share an image with other accounts. Ending a share is in unshare.py."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from cloud.errors import CloudError, Conflict
from cloud.models import Image, Member
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, mentions
from handlers.core.errors import UserError
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation, audit_facts
from handlers.core.parties import parties
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.sharing import expiry, members, notify_recipient
from handlers.sharing.errors import ShareWithSelf
from handlers.sharing.parse import parse_arguments
from handlers.sharing.views import confirm as questions
from handlers.sharing.views import share as views
from handlers.tracking import tracking
from handlers.ui import operation_words
from handlers.ui.error_words import words
from handlers.ui.labels import cancelled, duration, number_label
from storage import Account, Entry

SHARE = 'share IMAGE WITH… [for 7d] [because "…"]'


def share(command: Command, services: Services) -> Message:
    """/images share <image> <with>…: asks whether to."""
    word, rest = mentions.image_first(command.words, SHARE)
    arguments = parse_arguments(rest, SHARE)
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    cloud_roles.must_own(image, account, "share")
    people = recipients.resolve_recipients(command, account, arguments.words, services)
    numbers = list(people)
    if account.project_id in numbers:
        raise ShareWithSelf(account.project_id)
    people_named = {number: people[number] for number in numbers if people[number]}
    request = views.Share(
        ImageRef.of(account, image), tuple(numbers), arguments.span, arguments.because, people_named
    )
    return ask(account, image, request, services)


def ask(account: Account, image: Image, request: views.Share, services: Services) -> Message:
    """Ask whether to share; or say that it is shared already, with no end to change."""
    already = _already(account, image, request, services)
    known = known_accounts(account, services)
    members_now = {member.member_id for member in already}
    new = tuple(number for number in request.numbers if number not in members_now)
    if not new and request.span is None:
        return views.already_shared(image, account, already, known)
    if request.span is None:
        people = {number: user for number, user in request.people.items() if number in new}
        request = replace(request, numbers=new, people=people)
    unknown = recipients.unknown_numbers(request.numbers, account, services)
    similar = {n: recipients.similar_numbers(n, account, services) for n in unknown}
    now = services.clock()
    return questions.confirm_share(image, request, known, already, now, similar)


def details_clicked(click: Click, services: Services) -> Message:
    """The Details button of the question: the same, with what sharing means."""
    request = views.Share.read(click.value)
    account, image = owned_image(click.person, request.place, services, "share")
    already = _already(account, image, request, services)
    known = known_accounts(account, services)
    return questions.share_details(image, account, request, known, already, services.clock())


def instead_clicked(click: Click, services: Services) -> Message:
    """The button that takes the account which may have been meant: asks again."""
    request = views.Share.read(click.value)
    account, image = owned_image(click.person, request.place, services, "share")
    return ask(account, image, request, services)


def _already(
    account: Account, image: Image, request: views.Share, services: Services
) -> list[Member]:
    """The accounts that are members already."""
    everyone = members.list_members(account, image, services)
    return [member for member in everyone if member.member_id in request.numbers]


def confirm_clicked(click: Click, services: Services) -> Message:
    """The Share button of the question: asks once more if nobody here knows a number."""
    request = views.Share.read(click.value)
    account, image = owned_image(click.person, request.place, services, "share")
    unknown = recipients.unknown_numbers(request.numbers, account, services)
    changed = recipients.changed_names(request.numbers, account, services)
    if changed and not unknown:
        return questions.confirm_changed(image, request, changed)
    if unknown:
        near = {number: recipients.similar_numbers(number, account, services) for number in unknown}
        known = known_accounts(account, services)
        return questions.confirm_unknown(image, request, near, known, changed)
    return share_all(click.person, account, image, request, services)


def confirm_unknown_clicked(click: Click, services: Services) -> Message:
    """The Share button of the second question."""
    request = views.Share.read(click.value)
    account, image = owned_image(click.person, request.place, services, "share")
    return share_all(click.person, account, image, request, services)


def cancel_clicked(click: Click, _: Services) -> Message:
    """The Cancel button of a confirmation."""
    return cancelled(click.value)


def share_all(
    person: Person, account: Account, image: Image, request: views.Share, services: Services
) -> Message:
    """Account by account, each with its own outcome."""
    members.list_members(
        account, image, services
    )  # has its own error for images that cannot be shared at all
    services.authorize(_share_operation(account, image, request, services))
    share_one = _share if len(request.numbers) == 1 else _try_share
    outcomes = [share_one(person, account, image, n, request, services) for n in request.numbers]
    return views.shared(image, account, request, outcomes, known_accounts(account, services))


def known_accounts(account: Account, services: Services) -> views.KnownAccounts:
    """What is known here of the accounts that one may share with."""
    return views.KnownAccounts(
        recipients.nicknames(account, services),
        frozenset(recipients.people_by_number(account, services)),
    )


def owned_image(
    person: Person, place: ImageRef, services: Services, doing: str
) -> tuple[Account, Image]:
    """
    The image of a button, read again.

    Raises:
        UserError: it is not the account's own.
    """
    account, image = find_image.image_from_button(person, place, services)
    cloud_roles.must_own(image, account, doing)
    return account, image


def _share_operation(
    account: Account, image: Image, request: views.Share, services: Services
) -> Operation:
    duration_words = f" for {duration(request.span)}" if request.span else ""
    nicknames = recipients.nicknames(account, services)
    return Operation.on_image(
        "image.share",
        account,
        image,
        operation_words.share(
            image, [number_label(number, nicknames) for number in request.numbers], request.span
        ),
        target=f"{image.id} with {' '.join(request.numbers)}{duration_words}",
        gains=parties(account, request.numbers, services),
        details=(("for", duration(request.span)),) if request.span else (),
        because=request.because,
    )


def _try_share(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    request: views.Share,
    services: Services,
) -> views.Outcome:
    """Share with one account of several: its error does not stop the others."""
    try:
        return _share(person, account, image, number, request, services)
    except (CloudError, UserError) as error:
        return views.Outcome(number, trouble=words(error))


def _share(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    request: views.Share,
    services: Services,
) -> views.Outcome:
    """
    Share with one account, once, and note when that is to end.

    Eight identical requests at the same time made three rows in a real Glance, so
    the account is claimed first; a request that comes later gets 409.
    """
    with services.lock(members.lock_key(image.region, image.id, number)):
        outcome = _add_member(person, account, image, number, request, services)
        if request.span:
            expiry.schedule_end(
                person, account, image, number, request.span, request.because, services
            )
            outcome = replace(outcome, until=services.clock() + request.span)
        elif outcome.new:
            expiry.cancel_end(account, image, number, services)
        if outcome.new:
            tracking.share_started(person, account, image, number, services)
            told = notify_recipient.notify_recipient(
                person, account, image, request, outcome, services
            )
            outcome = replace(outcome, notified=told)
    return outcome


def _add_member(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    request: views.Share,
    services: Services,
) -> views.Outcome:
    images = services.images(account, image.region)
    with (
        audited(person, "image.share", account, image, number, services) as entry,
        cloud_roles.translating_errors(cloud_roles.CREATOR, "share images", f"members {image.id}"),
    ):
        if request.span:
            entry.note(f"for {duration(request.span)}")
        if request.because:
            entry.note(f"because {request.because}")
        try:
            return views.Outcome(number, images.add_member(image.id, number), new=True)
        except Conflict:
            entry.note("already shared")
            return views.Outcome(number, images.member(image.id, number))


def audited(
    person: Person, action: str, account: Account, image: Image, number: str, services: Services
) -> AbstractContextManager[Entry]:
    target = f"{image.id} with {number}"
    return services.audited(person.actor, action, target, **audit_facts(account, image))
