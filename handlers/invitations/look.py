"""
Ask the cloud which invitations are pending.

The API does not notify consumers, and keeps no trace of what was withdrawn: so its answer is
compared with the one before.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from cloud import Images
from cloud.errors import CloudError, Forbidden, NotFound
from cloud.models import LONG_AGO, Image, MemberStatus
from handlers.core.errors import UnderWay, UserError
from handlers.core.places import AccountRegion
from handlers.core.services import Services
from handlers.invitations import auto_accept, respond
from storage import AUTO_ACCEPT_JOB, Changes, Invitation, State
from storage.errors import Unreachable

log = logging.getLogger(__name__)


def refresh_region(place: AccountRegion, services: Services) -> None:
    """Update the stored invitations of one region from the cloud. Only Unreachable is raised."""
    account, region = place.account, place.region
    try:
        images = services.images(account, region)
        asked_at = services.clock()
        pending = list(images.pending_invitations())
        changes = _compare(place, pending, asked_at, services)
        _fill_in_dates(images, [*changes.new, *changes.known], services)
        _record_outcomes(images, changes.gone, services)
        _accept_trusted(place, images, pending, services)
    except (CloudError, UserError) as error:
        _record_trouble(place, error, services)
    except Unreachable:
        raise  # the database is down for everyone; the scheduler logs it once
    except Exception:
        log.exception("account %s, region %s: looking broke", account.id, region)
    else:
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
            if member.status == MemberStatus.PENDING:
                continue  # its image cannot be listed now, but it is still pending
            state, at = State(member.status), member.updated_at
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
            log.warning("account %s: may not accept, so it trusts nobody", place.account.id)
            actor = f"{place.account.team_id}/{AUTO_ACCEPT_JOB}"
            auto_accept.stop(actor, place.account, image.owner, services)


def _record_trouble(place: AccountRegion, error: Exception, services: Services) -> None:
    """Record the error on the account, and log it once, not at every refresh."""
    kind = type(error).__name__
    if services.store.accounts.set_trouble(place.account.id, place.region, kind):
        log.warning("account %s, region %s: %s", place.account.id, place.region, kind)
