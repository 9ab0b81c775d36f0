"""
Refresh the state of shares made through the bot, and remind their producers.

The cloud does not notify producers either: so the members of each shared image are read, and
changes are shown on its card.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from cloud.errors import CloudError, NotFound
from cloud.models import Member
from handlers.core.errors import UserError
from handlers.core.services import Services
from handlers.tracking import tracking
from storage import Share
from storage.errors import Unreachable

log = logging.getLogger(__name__)

REMIND_AFTER = timedelta(days=3)
"""After this time a producer is reminded that a share is still pending,"""
REMIND_EVERY = timedelta(days=7)
"""and again at this interval."""
GATHERED = timedelta(hours=1)
"""Reminders due within this time are sent with it."""


def remind_producers(known: Sequence[Share], services: Services) -> None:
    """Tell the producers of these shares what has been pending for too long, oldest first."""
    since, told = services.clock() - REMIND_AFTER, services.clock() - REMIND_EVERY
    for producer in sorted({_producer(each) for each in known if each.waits(since, told)}):
        waiting = services.store.shares.waiting(*producer, since + GATHERED, told + GATHERED)
        tracking.remind_of_pending(sorted(waiting, key=_oldest_first), services)


def refresh_shares(known: Sequence[Share], services: Services) -> None:
    """Refresh the shares of one image. Only Unreachable is raised."""
    first = known[0]
    account = services.store.accounts.get(first.account_id)
    if account is None or first.region in account.trouble:
        return  # the look for invitations tries such a login, and tells its owner
    try:
        images = services.images(account, first.region)
        _compare(known, images.members(first.image_id), services)
    except NotFound:
        _compare(known, (), services)
    except (CloudError, UserError) as error:
        log.info("shares of image %s: %s", first.image_id, type(error).__name__)
    except Unreachable:
        raise  # the database is down for everyone; the scheduler logs it once
    except Exception:
        log.exception("checking the shares of image %s broke", first.image_id)


def _compare(known: Sequence[Share], members: Sequence[Member], services: Services) -> None:
    now = {member.member_id: member for member in members}
    gone = [share for share in known if share.number not in now]
    for share in gone:
        place = (share.team_id, share.cloud, share.region, share.image_id)
        services.store.shares.forget(*place, share.number)
    if gone:
        place = (gone[0].team_id, gone[0].cloud, gone[0].region, gone[0].image_id)
        tracking.redraw_cards(*place, services, gone)
    for share in known:
        if share.number in now:
            member = now[share.number]
            tracking.record_answer(share, member.status, member.updated_at, services)


def _producer(share: Share) -> tuple[str, str]:
    return share.team_id, share.user_id


def _oldest_first(share: Share) -> tuple[datetime, str, str, str]:
    """The same for all who remind at the same time, so that each claims shares in this order."""
    return share.shared_at, share.region, share.image_id, share.number
