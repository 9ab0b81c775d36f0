"""
End the shares whose time is over, and remind both sides before.

Nobody loses access unheard: whoever shared an image and whoever linked the account it was
shared with are told. To end a share twice is harmless, and what is said has a key; so a worker
that dies half way through leaves nothing that the next one could not do again.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from cloud import errors as cloud
from cloud.errors import NotFound
from handlers.core.errors import LostCredentials, UnderWay
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations.share_records import record_unshare
from handlers.sharing import members
from handlers.sharing.expiry import notify_consumers, notify_once
from handlers.sharing.views import expiry as views
from handlers.ui.error_words import words
from storage import Account, Expiry
from storage.errors import Unreachable

log = logging.getLogger(__name__)

ACTOR = "job/expiries"
FIRST_RETRY, MAX_RETRY = timedelta(minutes=1), timedelta(hours=1)
REPORT_LATE_AFTER = timedelta(hours=1)
"""After so long without success, whoever shared it is told."""
LOGIN_ERRORS = (
    LostCredentials,
    cloud.BadConfiguration,
    cloud.BadCredentials,
    cloud.Forbidden,
    cloud.LoginForbidden,
    cloud.MfaRequired,
    cloud.NoImageService,
    cloud.NoSuchRegion,
)
"""Troubles that do not pass by themselves: somebody must do something about the login."""


def end_or_remind(expiry: Expiry, services: Services) -> None:
    """End or remind of one share, as its worker has claimed it. Its trouble stays its own."""
    account = services.store.accounts.get(expiry.account_id)
    if account is None:
        _notify_producer(expiry, "unlinked", views.unlinked(expiry), services)
        return
    work = _end if expiry.ends_at <= services.clock() else _remind
    try:
        work(account, expiry, services)
    except Unreachable:
        raise  # it is everyone's trouble, and the scheduler says so once
    except UnderWay:
        services.store.expiries.retry(expiry, services.clock() + FIRST_RETRY, counted=False)
    except LOGIN_ERRORS as error:
        log.warning("share of %s with %s: %r", expiry.image_id, expiry.number, error)
        _notify_login_error(account, expiry, error, services)
        _retry(expiry, MAX_RETRY, services)
    except cloud.CloudError as error:
        log.info("share of %s with %s: %r", expiry.image_id, expiry.number, error)
        _try_again(expiry, services)
    except Exception:
        log.exception("the share of %s with %s: ending it broke", expiry.image_id, expiry.number)
        _try_again(expiry, services)


def _end(account: Account, expiry: Expiry, services: Services) -> None:
    """Unless it was extended, or ended by hand, since it was claimed."""
    with services.lock(members.lock_key(expiry.region, expiry.image_id, expiry.number)):
        if not services.store.expiries.holds(expiry):
            return
        _unshare(account, expiry, services)
        _notify_producer(expiry, "over", views.ended(expiry), services)
        notify_consumers(expiry, "over", views.consumer_ended(expiry), services)
        record_unshare(
            account, expiry.region, expiry.image_id, expiry.number, services, notified=True
        )
        services.store.expiries.done(expiry)


def _unshare(account: Account, expiry: Expiry, services: Services) -> None:
    named = f"named {expiry.image_name}; " if expiry.image_name else ""
    until = f"{expiry.ends_at:%Y-%m-%d %H:%M} UTC"
    by = f"{named}shared by {expiry.team_id}/{expiry.user_id} until {until}"
    with services.audited(
        f"{expiry.team_id}/{ACTOR}",
        "image.unshare",
        f"{expiry.image_id} with {expiry.number}",
        account=expiry.project_id,
        region=expiry.region,
        detail=f"{by}, because {expiry.because}" if expiry.because else by,
    ) as entry:
        try:
            images = services.images(account, expiry.region)
            images.remove_member(expiry.image_id, expiry.number)
        except NotFound:
            entry.note("was not shared")


def _remind(account: Account, expiry: Expiry, services: Services) -> None:
    """
    Unless it was ended past us: then there is nothing to remind of, nor to end.

    A login that no longer does is told now, while there is time to put it right.
    """
    try:
        services.images(account, expiry.region).member(expiry.image_id, expiry.number)
    except NotFound:
        services.store.expiries.done(expiry)
        return
    except LOGIN_ERRORS as error:
        _notify_login_error(account, expiry, error, services)
    if services.store.expiries.holds(expiry):
        _notify_producer(expiry, "reminder", views.reminder(expiry), services)
        notify_consumers(expiry, "reminder", views.consumer_reminder(expiry), services)
        services.store.expiries.reminded(expiry)


def _try_again(expiry: Expiry, services: Services) -> None:
    """It may well be done later. Whoever shared it hears of it once it is late."""
    if services.clock() - expiry.ends_at >= REPORT_LATE_AFTER:
        _notify_producer(expiry, "late", views.late(expiry), services)
    _retry(expiry, min(MAX_RETRY, FIRST_RETRY * 2 ** min(expiry.attempts - 1, 6)), services)


def _retry(expiry: Expiry, pause: timedelta, services: Services) -> None:
    """After that pause; a reminder is tried only until the end, which is never put off."""
    at = services.clock() + pause
    coming = [
        each
        for each in (expiry.ends_at, expiry.ends_at + REPORT_LATE_AFTER)
        if each > services.clock()
    ]
    services.store.expiries.retry(expiry, min([at, *coming]))


def _notify_login_error(
    account: Account, expiry: Expiry, error: Exception, services: Services
) -> None:
    _notify_producer(
        expiry, "locked", views.login_cannot_end(expiry, words(error), account.user_id), services
    )


def _notify_producer(expiry: Expiry, kind: str, message: Message, services: Services) -> None:
    notify_once(expiry.user_id, expiry, kind, message, services)
