"""
End the shares whose time is over, and remind both sides before.

Nobody loses access unheard: whoever shared an image and whoever linked the account it was
shared with are told. To end a share twice is harmless, and what is said has a key; so a worker
that dies half way through leaves nothing that the next one could not do again.
"""

from __future__ import annotations

import logging
from concurrent.futures import as_completed
from datetime import timedelta

from bot.wiring import Runtime
from cloud import errors as cloud
from cloud.errors import NotFound
from handlers.core.errors import LostCredentials, UnderWay
from handlers.core.replies import Message
from handlers.invitations.known import unshared_here
from handlers.sharing import members
from handlers.sharing.expiry import tell, tell_consumers
from handlers.sharing.views import expiry as views
from handlers.ui.error_words import words
from storage import Account
from storage.errors import Unreachable
from storage.sharing.expiries import Expiry

log = logging.getLogger(__name__)

ACTOR = "job/expiries"
BATCH = 16
"""Claimed together, and asked of the cloud at once: well within the claim's lease."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LATE = timedelta(hours=1)
"""After so long without success, whoever shared it is told."""
LASTING = (
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


def run(runtime: Runtime) -> None:
    """Do all that is due, or leave the rest to the next run if the program is to stop."""
    while not runtime.stopping.is_set() and (due := runtime.store.expiries.claim(BATCH)):
        tasks = [runtime.pollers.submit(settle, runtime, expiry) for expiry in due]
        for task in as_completed(tasks):
            task.result()


def settle(runtime: Runtime, expiry: Expiry) -> None:
    """End or remind of one share, as its worker has claimed it. Its trouble stays its own."""
    account = runtime.store.accounts.get(expiry.account_id)
    if account is None:
        _tell_producer(runtime, expiry, "unlinked", views.unlinked(expiry))
        return
    work = _end if expiry.ends_at <= runtime.clock() else _remind
    try:
        work(runtime, account, expiry)
    except Unreachable:
        raise  # it is everyone's trouble, and the scheduler says so once
    except UnderWay:
        runtime.store.expiries.retry(expiry, runtime.clock() + FIRST_PAUSE, counted=False)
    except LASTING as error:
        log.warning("share of %s with %s: %r", expiry.image_id, expiry.number, error)
        _tell_locked(runtime, account, expiry, error)
        _retry(runtime, expiry, LONGEST_PAUSE)
    except cloud.CloudError as error:
        log.info("share of %s with %s: %r", expiry.image_id, expiry.number, error)
        _try_again(runtime, expiry)
    except Exception:
        log.exception("the share of %s with %s: ending it broke", expiry.image_id, expiry.number)
        _try_again(runtime, expiry)


def _end(runtime: Runtime, account: Account, expiry: Expiry) -> None:
    """Unless it was extended, or ended by hand, since it was claimed."""
    with runtime.services.alone(members.claim(expiry.region, expiry.image_id, expiry.number)):
        if not runtime.store.expiries.holds(expiry):
            return
        _unshare(runtime, account, expiry)
        _tell_producer(runtime, expiry, "over", views.over(expiry))
        tell_consumers(expiry, "over", views.consumer_over(expiry), runtime.services)
        unshared_here(
            account, expiry.region, expiry.image_id, expiry.number, runtime.services, said=True
        )
        runtime.store.expiries.done(expiry)


def _unshare(runtime: Runtime, account: Account, expiry: Expiry) -> None:
    named = f"named {expiry.image_name}; " if expiry.image_name else ""
    until = f"{expiry.ends_at:%Y-%m-%d %H:%M} UTC"
    by = f"{named}shared by {expiry.team_id}/{expiry.user_id} until {until}"
    with runtime.services.audited(
        f"{expiry.team_id}/{ACTOR}",
        "image.unshare",
        f"{expiry.image_id} with {expiry.number}",
        account=expiry.project_id,
        region=expiry.region,
        detail=f"{by}, because {expiry.because}" if expiry.because else by,
    ) as entry:
        try:
            images = runtime.services.images(account, expiry.region)
            images.remove_member(expiry.image_id, expiry.number)
        except NotFound:
            entry.note("was not shared")


def _remind(runtime: Runtime, account: Account, expiry: Expiry) -> None:
    """
    Unless it was ended past us: then there is nothing to remind of, nor to end.

    A login that no longer does is told now, while there is time to put it right.
    """
    try:
        runtime.services.images(account, expiry.region).member(expiry.image_id, expiry.number)
    except NotFound:
        runtime.store.expiries.done(expiry)
        return
    except LASTING as error:
        _tell_locked(runtime, account, expiry, error)
    if runtime.store.expiries.holds(expiry):
        _tell_producer(runtime, expiry, "reminder", views.reminder(expiry))
        tell_consumers(expiry, "reminder", views.consumer_reminder(expiry), runtime.services)
        runtime.store.expiries.reminded(expiry)


def _try_again(runtime: Runtime, expiry: Expiry) -> None:
    """It may well be done later. Whoever shared it hears of it once it is late."""
    if runtime.clock() - expiry.ends_at >= LATE:
        _tell_producer(runtime, expiry, "late", views.late(expiry))
    _retry(runtime, expiry, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(expiry.attempts - 1, 6)))


def _retry(runtime: Runtime, expiry: Expiry, pause: timedelta) -> None:
    """After that pause; a reminder is tried only until the end, which is never put off."""
    at = runtime.clock() + pause
    coming = [each for each in (expiry.ends_at, expiry.ends_at + LATE) if each > runtime.clock()]
    runtime.store.expiries.retry(expiry, min([at, *coming]))


def _tell_locked(runtime: Runtime, account: Account, expiry: Expiry, error: Exception) -> None:
    _tell_producer(runtime, expiry, "locked", views.locked(expiry, words(error), account.user_id))


def _tell_producer(runtime: Runtime, expiry: Expiry, kind: str, message: Message) -> None:
    tell(expiry.user_id, expiry, kind, message, runtime.services)
