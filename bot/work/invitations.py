"""
Ask the cloud which invitations wait, for every linked account and region, and have people told.

The API tells a consumer nothing, and keeps no trace of what was withdrawn: so what it says
is compared with what it said before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import datetime

from bot.wiring import Runtime
from cloud import Images
from cloud.errors import CloudError, Forbidden, NotFound
from cloud.models import Image, MemberStatus
from handlers.core.errors import UnderWay, UserError
from handlers.invitations import auto_accept, respond
from handlers.notifications import send_digests, send_escalations, send_login_warnings
from storage import Account, Changes, Invitation, State
from storage.errors import Unreachable
from storage.messages.told import JOB

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AccountRegion:
    """One region of one linked account."""

    account: Account
    region: str


def run(runtime: Runtime, *, now: bool = False) -> None:
    """
    Look everywhere once, then have all said that is due.

    Args:
        now: treat every digest as due.
    """
    look(runtime)
    send_digests.enqueue_due(runtime.services, now=now)
    send_escalations.enqueue_due(runtime.services)
    send_login_warnings.enqueue_due(runtime.services)


def look(runtime: Runtime) -> None:
    """Bring what is known in line with the cloud. One place's trouble keeps no other waiting."""
    tasks = [runtime.pollers.submit(_look, runtime, place) for place in _places(runtime)]
    for task in as_completed(tasks):
        task.result()


def _places(runtime: Runtime) -> Iterator[AccountRegion]:
    for account in runtime.store.accounts.all():
        for region in (account.region,) if account.region else account.regions:
            yield AccountRegion(account, region)


def _look(runtime: Runtime, place: AccountRegion) -> None:
    if runtime.stopping.is_set():
        return
    account, region = place.account, place.region
    try:
        images = runtime.services.images(account, region)
        asked_at = runtime.clock()
        pending = list(images.pending_invitations())
        changes = _settle(runtime, place, pending, asked_at)
        _date(runtime, images, [*changes.new, *changes.known])
        _explain(runtime, images, changes.gone)
        _accept_trusted(runtime, place, images, pending)
    except (CloudError, UserError) as error:
        _trouble(runtime, place, error)
    except Unreachable:
        raise  # it is everyone's trouble, and the scheduler says so once
    except Exception:
        log.exception("account %s, region %s: looking broke", account.id, region)
    else:
        if region in account.trouble and runtime.store.accounts.clear_trouble(account.id, region):
            log.info("account %s, region %s: works again", account.id, region)


def _settle(
    runtime: Runtime, place: AccountRegion, pending: Sequence[Image], asked_at: datetime
) -> Changes:
    return runtime.store.invitations.settle(
        place.account.id,
        place.region,
        [Invitation.of_image(place.account.id, image, runtime.clock()) for image in pending],
        asked_at=asked_at,
    )


def _date(runtime: Runtime, images: Images, pending: Sequence[Invitation]) -> None:
    """
    When each was made: the list does not say, so the membership is asked, once.

    One that is withdrawn meanwhile is left to the next look.
    """
    for each in pending:
        if each.invited_at is not None:
            continue
        try:
            member = images.member(each.image_id, images.project_id)
        except NotFound:
            continue
        runtime.store.invitations.set_invited_at(
            each.account_id, each.region, each.image_id, member.created_at
        )


def _explain(runtime: Runtime, images: Images, gone: Sequence[Invitation]) -> None:
    """Tell what was answered elsewhere from what was withdrawn."""
    for each in gone:
        try:
            member = images.member(each.image_id, images.project_id)
        except NotFound:
            state, at = State.WITHDRAWN, runtime.clock()
        else:
            if member.status == MemberStatus.PENDING:
                continue  # its image cannot be listed now, but it waits all the same
            state, at = State(member.status), member.updated_at
        runtime.store.invitations.answered(
            each.account_id, each.region, each.image_id, state, None, at
        )


def _accept_trusted(
    runtime: Runtime, place: AccountRegion, images: Images, pending: Sequence[Image]
) -> None:
    """Accept what trusted producers have shared, with the login of whoever trusts them."""
    producers = auto_accept.producers(place.account, runtime.services)
    for image in pending:
        if image.owner not in producers:
            continue
        trust = auto_accept.holds(place.account, image.owner, runtime.services)
        if trust is None or trust.account_id != place.account.id:
            continue
        try:
            respond.accept_trusted(trust, place.account, images, image, runtime.services)
        except UnderWay:
            continue
        except Forbidden:
            log.warning("account %s: may not accept, so it trusts nobody", place.account.id)
            actor = f"{place.account.team_id}/{JOB}"
            auto_accept.end(actor, place.account, image.owner, runtime.services)


def _trouble(runtime: Runtime, place: AccountRegion, error: Exception) -> None:
    """Note it on the account, and log it once, not at every look."""
    kind = type(error).__name__
    if runtime.store.accounts.set_trouble(place.account.id, place.region, kind):
        log.warning("account %s, region %s: %s", place.account.id, place.region, kind)
