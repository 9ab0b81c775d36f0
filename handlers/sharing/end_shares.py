"""
End the shares that have expired, and remind both sides before.

Both sides are notified: the person who shared the image, and those who linked the account it
was shared with. Ending a share twice is harmless, and each message has a dedupe key; so the
next worker can repeat what a worker that died has left half done.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from cloud import errors as cloud
from cloud.errors import NotFound
from cloud.models import Image
from handlers.core.errors import LostCredentials, UnderWay
from handlers.core.parties import asleep
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
"""After this time without success, the producer is notified."""
LOOK_AT_SLEEPERS = timedelta(minutes=5)
"""How often it is looked whether an image is shared again."""
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
"""Permanent errors: somebody has to fix the account's login."""


def end_or_remind(expiry: Expiry, services: Services) -> None:
    """End one share, or remind of its end. Claimed by the caller; only Unreachable is raised."""
    account = services.store.accounts.get(expiry.account_id)
    if account is None:
        _notify_producer(expiry, "unlinked", views.unlinked(expiry), services)
        return
    work = _end if expiry.ends_at <= services.clock() else _remind
    try:
        work(account, expiry, services)
    except Unreachable:
        raise  # the database is down for everyone; the scheduler logs it once
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


def end_overdue(account: Account, image: Image, services: Services) -> None:
    """End at once what has ended while the image was not shared, and nothing could take it away."""
    for expiry in services.store.expiries.claim_ended(account, image.region, image.id):
        end_or_remind(expiry, services)


def _end(account: Account, expiry: Expiry, services: Services) -> None:
    """End the share, unless it was extended or ended since it was claimed."""
    with services.lock(members.lock_key(expiry.region, expiry.image_id, expiry.number)):
        if not services.store.expiries.holds(expiry):
            return
        image = _sleeping_image(account, expiry, services)
        if image:
            _notify_producer(expiry, "asleep", views.asleep(expiry, image.visibility), services)
            later = services.clock() + LOOK_AT_SLEEPERS
            services.store.expiries.retry(expiry, later, counted=False)
            return
        _unshare(account, expiry, services)
        _notify_producer(expiry, "over", views.ended(expiry), services)
        notify_consumers(expiry, "over", views.consumer_ended(expiry), services)
        record_unshare(
            account, expiry.region, expiry.image_id, expiry.number, services, notified=True
        )
        services.store.expiries.done(expiry)


def _sleeping_image(account: Account, expiry: Expiry, services: Services) -> Image | None:
    """
    Return the image if its members sleep: then none can be taken away.

    The member row would give access again as soon as the image is shared, so the end is kept.
    """
    with suppress(NotFound):
        image = services.images(account, expiry.region).get(expiry.image_id)
        return image if asleep(account, image, services) else None
    return None


def _unshare(account: Account, expiry: Expiry, services: Services) -> None:
    named = f"named {expiry.image_name}; " if expiry.image_name else ""
    until = f"{expiry.ends_at:%Y-%m-%d %H:%M} UTC"
    by = f"{named}shared by {expiry.team_id}/{expiry.user_id} until {until}"
    with services.audited(
        f"{expiry.team_id}/{ACTOR}",
        "image.unshare",
        f"{expiry.image_id} with {expiry.number}",
        account=expiry.key,
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
    Remind both sides, unless the share was ended outside the bot: then forget it.

    While the member sleeps there is no access to speak of: nobody is reminded until it wakes. A
    login error is reported now, while there is time to fix it.
    """
    try:
        services.images(account, expiry.region).member(expiry.image_id, expiry.number)
    except NotFound:
        if _sleeping_image(account, expiry, services):
            _retry(expiry, LOOK_AT_SLEEPERS, services)
        else:
            services.store.expiries.done(expiry)
        return
    except LOGIN_ERRORS as error:
        _notify_login_error(account, expiry, error, services)
    if services.store.expiries.holds(expiry):
        _notify_producer(expiry, "reminder", views.reminder(expiry), services)
        notify_consumers(expiry, "reminder", views.consumer_reminder(expiry), services)
        services.store.expiries.reminded(expiry)


def _try_again(expiry: Expiry, services: Services) -> None:
    """Schedule another try; notify the producer once it is late."""
    if services.clock() - expiry.ends_at >= REPORT_LATE_AFTER:
        _notify_producer(expiry, "late", views.late(expiry), services)
    _retry(expiry, min(MAX_RETRY, FIRST_RETRY * 2 ** min(expiry.attempts - 1, 6)), services)


def _retry(expiry: Expiry, pause: timedelta, services: Services) -> None:
    """Try again after the pause, but not later than the end of the share."""
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
