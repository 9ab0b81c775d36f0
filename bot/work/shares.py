"""
Tell producers what became of the shares that they made.

The cloud tells them nothing either: so the members of each image that was shared through the bot
are looked at, and what has changed is shown on its card.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import as_completed
from datetime import timedelta
from itertools import groupby

from bot.wiring import Runtime
from cloud.errors import CloudError, NotFound
from cloud.models import Member
from handlers.core.errors import UserError
from handlers.tracking import tracking
from storage.errors import Unreachable
from storage.sharing.shares import Share

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=3)
"""After which a producer hears that a share still waits for an answer."""
AGAIN = timedelta(days=7)
"""And after which they hear it again."""


def run(runtime: Runtime) -> None:
    """Look at every image once, then tell what waits for too long."""
    tasks = [
        runtime.pollers.submit(_look, runtime, list(group))
        for _, group in groupby(runtime.store.shares.all(), key=_image)
    ]
    for task in as_completed(tasks):
        task.result()
    now = runtime.clock()
    waiting = runtime.store.shares.waiting(now - PATIENCE, now - AGAIN)
    for _, group in groupby(sorted(waiting, key=_producer), key=_producer):
        oldest_first = sorted(group, key=lambda share: share.shared_at)
        tracking.tell_waiting(oldest_first, runtime.services)


def _look(runtime: Runtime, known: Sequence[Share]) -> None:
    """One image: its trouble keeps no other waiting."""
    first = known[0]
    account = runtime.store.accounts.get(first.account_id)
    if runtime.stopping.is_set() or account is None or first.region in account.trouble:
        return  # the job `invitations` tries such a login, and tells its owner
    try:
        images = runtime.services.images(account, first.region)
        _settle(runtime, known, images.members(first.image_id))
    except NotFound:
        _settle(runtime, known, ())
    except (CloudError, UserError) as error:
        log.info("shares of image %s: %s", first.image_id, type(error).__name__)
    except Unreachable:
        raise  # it is everyone's trouble, and the scheduler says so once
    except Exception:
        log.exception("looking at the shares of image %s broke", first.image_id)


def _settle(runtime: Runtime, known: Sequence[Share], members: Sequence[Member]) -> None:
    now = {member.member_id: member for member in members}
    gone = [share for share in known if share.number not in now]
    for share in gone:
        place = (share.team_id, share.cloud, share.region, share.image_id)
        runtime.store.shares.forget(*place, share.number)
    if gone:
        place = (gone[0].team_id, gone[0].cloud, gone[0].region, gone[0].image_id)
        tracking.draw(*place, runtime.services, gone)
    for share in known:
        if share.number in now:
            member = now[share.number]
            tracking.note(share, member.status, member.updated_at, runtime.services)


def _image(share: Share) -> tuple[str, str, str, str]:
    return share.team_id, share.account_id, share.region, share.image_id


def _producer(share: Share) -> tuple[str, str]:
    return share.team_id, share.user_id
