"""
Ask the cloud which invitations are pending.

The API does not notify consumers, and keeps no trace of what was withdrawn: so its answer is
compared with the one before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cloud import Connection, ImageFilter, Images
from cloud.errors import CloudError, Forbidden, NotFound
from cloud.models import LONG_AGO, Image, MemberStatus, Visibility
from handlers.core.errors import UnderWay, UserError
from handlers.core.places import AccountRegion
from handlers.core.services import Services
from handlers.invitations import auto_accept, respond, share_records
from storage import AUTO_ACCEPT_JOB, Changes, Invitation, State
from storage.errors import StorageError

log = logging.getLogger(__name__)

_ANSWERS = {MemberStatus.ACCEPTED: State.ACCEPTED, MemberStatus.REJECTED: State.REJECTED}
"""The statuses that are answers. An unknown status is not one."""
CHECK_ACCEPTED_S = 900.0
"""How often it is looked whether what was accepted is still shared."""


@dataclass(frozen=True)
class Outcome:
    """How a look went."""

    news: bool = False
    """Whether invitations have come, or are no longer pending."""
    error: Exception | None = None


def refresh_region(
    place: AccountRegion,
    services: Services,
    *,
    connect: Callable[[], Connection] | None = None,
    finish: Callable[[Outcome], None] = lambda _: None,
) -> None:
    """
    Update the stored invitations of one region from the cloud. Only StorageError is raised.

    Args:
        connect: gives the connection, if it was made before.

        finish: called once, at the end: in the transaction that stores the cloud's answer, where
            there is nothing else to do. What it raises, and whatever was stored with it, is as if
            nothing had been looked at.
    """
    account, region = place.account, place.region
    try:
        connection = connect() if connect else services.connection(account)
        images = connection.images(region)
        asked_at = services.clock()
        pending = list(images.pending_invitations())
        with services.store.together():
            changes = _compare(place, pending, asked_at, services)
            _clear_trouble(place, services)
            check = _accepted_are_due(place, services)
            if done := not (check or _more_to_do(place, pending, changes, services)):
                finish(Outcome())
        if not done:
            _fill_in_dates(images, [*changes.new, *changes.known], services)
            _record_outcomes(images, changes.gone, services)
            _accept_trusted(place, images, pending, services)
            ended = check and _record_ends(place, images, services)
            finish(Outcome(news=bool(changes.new or changes.gone or ended)))
    except (CloudError, UserError) as error:
        with services.store.together():
            _record_trouble(place, error, services)
            finish(Outcome(error=error))
    except StorageError:
        raise  # the database is down for everyone, or somebody else is looking
    except Exception as error:
        log.exception("account %s, region %s: looking broke", account.id, region)
        finish(Outcome(error=error))


def _more_to_do(
    place: AccountRegion, pending: Sequence[Image], changes: Changes, services: Services
) -> bool:
    """Whether the cloud has to be asked more, or told something."""
    if changes.new or changes.gone or any(each.invited_at is None for each in changes.known):
        return True
    owners = {image.owner for image in pending}
    return bool(owners) and any(
        trust.producer in owners for trust in services.store.trusted.of(place.account.key)
    )


def _clear_trouble(place: AccountRegion, services: Services) -> None:
    account, region = place.account, place.region
    if region in account.trouble and services.store.accounts.clear_trouble(account.id, region):
        log.info("account %s, region %s: works again", account.id, region)


def _compare(
    place: AccountRegion, pending: Sequence[Image], asked_at: datetime, services: Services
) -> Changes:
    return services.store.invitations.settle(
        place.account.id,
        place.region,
        [Invitation.of_image(place.account.id, image, services.clock()) for image in pending],
        asked_at=asked_at,
    )


def _fill_in_dates(images: Images, pending: Sequence[Invitation], services: Services) -> None:
    """
    Store when each invitation was made: the list does not say, so its membership is read, once.

    Where that does not say either, it is when it was first seen. One that was withdrawn meanwhile
    is left to the next refresh.
    """
    for each in pending:
        if each.invited_at is not None:
            continue
        try:
            member = images.member(each.image_id, images.project_id)
        except NotFound:
            continue
        told = member.created_at
        services.store.invitations.set_invited_at(
            each.account_id,
            each.region,
            each.image_id,
            services.clock() if told == LONG_AGO else told,
        )


def _record_outcomes(images: Images, gone: Sequence[Invitation], services: Services) -> None:
    """Record whether each was answered outside the bot or withdrawn."""
    for each in gone:
        try:
            member = images.member(each.image_id, images.project_id)
        except NotFound:
            state, at = State.WITHDRAWN, services.clock()
        else:
            if member.status not in _ANSWERS:
                continue  # its image cannot be listed now, but it is still pending
            state, at = _ANSWERS[member.status], member.updated_at
        services.store.invitations.answered(
            each.account_id, each.region, each.image_id, state, None, at
        )


def _accept_trusted(
    place: AccountRegion, images: Images, pending: Sequence[Image], services: Services
) -> None:
    """Accept what trusted producers have shared, with the login of the person who trusts them."""
    producers = auto_accept.trusted_producers(place.account, services)
    for image in pending:
        if image.owner not in producers:
            continue
        trust = auto_accept.active_trust(place.account, image.owner, services)
        if trust is None or trust.account_id != place.account.id:
            continue
        try:
            respond.accept_trusted(trust, place.account, images, image, services)
        except UnderWay:
            continue
        except Forbidden:
            log.warning(
                "account %s: not allowed to accept, so automatic acceptance is off",
                place.account.id,
            )
            actor = f"{place.account.team_id}/{AUTO_ACCEPT_JOB}"
            auto_accept.stop(actor, place.account, image.owner, services)


def _accepted_are_due(place: AccountRegion, services: Services) -> bool:
    """Whether it is time to look if what was accepted is still there."""
    account, region = place.account, place.region
    invitations = services.store.invitations
    if not (invitations.accepted(account.id, region) or invitations.lost(account.id, region)):
        return False
    return services.store.once.claim(f"accepted {account.id} {region}", CHECK_ACCEPTED_S)


def _record_ends(place: AccountRegion, images: Images, services: Services) -> bool:
    """
    Record what was accepted and is shared no longer: unshared, made private, or deleted; and what
    had ended so and is shared again.

    An image missing from the list is read by its id before anybody is notified that it ended.
    """
    account, region = place.account, place.region
    accepted = services.store.invitations.accepted(account.id, region)
    lost = services.store.invitations.lost(account.id, region)
    listed = {each.id for each in images.list(ImageFilter(visibility=Visibility.SHARED))}
    ended = [each for each in accepted if each.image_id not in listed and _lost(images, each)]
    for each in ended:
        services.store.invitations.answered(
            account.id, region, each.image_id, State.ENDED, None, services.clock()
        )
    back = [
        each
        for each in lost
        if each.image_id in listed
        and share_records.give_back(account.id, region, each.image_id, services)
    ]
    return bool(ended or back)


def _lost(images: Images, invitation: Invitation) -> bool:
    try:
        images.get(invitation.image_id)
    except NotFound:
        return True
    return False


def _record_trouble(place: AccountRegion, error: Exception, services: Services) -> None:
    """Record the error on the account, and log it once, not at every refresh."""
    kind = type(error).__name__
    if services.store.accounts.set_trouble(place.account.id, place.region, kind):
        log.warning("account %s, region %s: %s", place.account.id, place.region, kind)
