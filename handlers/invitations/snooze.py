"""Snooze an invitation, or mute a producer."""

from __future__ import annotations

from datetime import datetime

from cloud.errors import NotFound
from cloud.models import MemberStatus
from handlers.core.errors import ImageGone
from handlers.core.interactions import Click, Person
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations import inbox
from handlers.invitations.errors import NotPending
from handlers.invitations.respond import membership
from handlers.invitations.views import snooze as views
from storage import Account, Invitation, invitation_key


def snooze_clicked(click: Click, services: Services) -> Message:
    """An option of an invitation that snoozes it."""
    asked = views.Snooze.read(click.value)
    place, span = asked.place, asked.span
    account = services.account(click.person, place.account_id)
    until: datetime | None = services.clock() + span.length if span.length else None
    invitation = snooze(click.person, account, place, until, services)
    result = views.snoozed(invitation.image_name or invitation.image_id, span)
    return inbox.redraw(click, place.account_id, account, result, services)


def snooze(
    person: Person, account: Account, place: ImageRef, until: datetime | None, services: Services
) -> Invitation:
    """
    Leave an invitation out of what the person is told, until then or, if None, until it changes.

    Raises:
        ImageGone: the image is no longer there, or no longer shared.

        NotPending: it was answered meanwhile.
    """
    invitation = recorded(account, place, services)
    member = membership(services.images(account, place.region), place.image_id)
    if member is None:
        raise ImageGone(place.image_id)
    if member.status != MemberStatus.PENDING:
        raise NotPending(invitation.image_name or invitation.image_id, member.status)
    services.store.snoozes.put(person.team_id, person.user_id, invitation, until)
    return invitation


def unsnooze_clicked(click: Click, services: Services) -> Message:
    """The Unsnooze option."""
    place = ImageRef.read(click.value)
    account = services.account(click.person, place.account_id)
    invitation = recorded(account, place, services)
    person = click.person
    services.store.delivered.note(person.team_id, person.user_id, invitation)
    services.store.snoozes.end(person.team_id, person.user_id, invitation_key(invitation))
    result = views.unsnoozed(invitation.image_name or invitation.image_id)
    return inbox.redraw(click, place.account_id, account, result, services)


def mute_clicked(click: Click, services: Services) -> Message:
    """The Mute option of a producer."""
    producer = ProducerRef.read(click.value)
    account = services.account(click.person, producer.account_id)
    mute(click.person, account, producer.number, services)
    result = views.muted(producer.number)
    return inbox.redraw(click, producer.account_id, account, result, services)


def mute(person: Person, account: Account, producer: str, services: Services) -> None:
    """Tell the person nothing more of what this producer shares."""
    services.store.snoozes.mute(person.team_id, person.user_id, account.cloud, producer)


def unmute_clicked(click: Click, services: Services) -> Message:
    """The Unmute button or option of a producer."""
    producer = ProducerRef.read(click.value)
    account = services.account(click.person, producer.account_id)
    person = click.person
    services.store.snoozes.unmute(person.team_id, person.user_id, account.cloud, producer.number)
    result = views.unmuted(producer.number)
    return inbox.redraw(click, producer.account_id, account, result, services)


def recorded(account: Account, place: ImageRef, services: Services) -> Invitation:
    """
    The invitation as it is remembered; one that was not yet seen by the scheduler is now.

    Raises:
        ImageGone: the image is no longer there.
    """
    store = services.store.invitations
    known = store.find(account.id, place.region, place.image_id)
    if known:
        return known
    try:
        image = services.images(account, place.region).get(place.image_id)
    except NotFound as error:
        raise ImageGone(place.image_id) from error
    seen = Invitation.of_image(account.id, image, services.clock())
    store.begin(seen)
    return seen
