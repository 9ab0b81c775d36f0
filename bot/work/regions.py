"""What is done in a region of a cloud when it is due, and how much of the hands one may take."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from cloud import asking_for
from handlers.approvals import carry_out_due
from handlers.core.places import AccountRegion
from handlers.reports import count_images
from handlers.sharing import end_shares
from storage import Approval, CountDue, Expiry

COUNTED_WITHIN = timedelta(hours=4)
"""Of each day's beginning in UTC."""
COUNTED_AGAIN = timedelta(hours=1)
"""Where the cloud could not be asked."""
A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=31)
"""Longer than a request waits."""
A_YEAR = timedelta(days=367)
"""The longest that a share may be for a time."""


def share_of(hands: int, settings: Settings) -> int:
    """Of these hands, as many as one region may have."""
    return max(1, hands * settings.region_share_percent // 100)


def _hands(settings: Settings) -> int:
    return settings.due_hands


def _expiry_rows(runtime: Runtime) -> TableRows[Expiry]:
    settings = runtime.settings
    share = share_of(settings.due_hands, settings)
    return TableRows(runtime.store.expiries.claims, A_YEAR, share=share)


def _approval_rows(runtime: Runtime) -> TableRows[Approval]:
    settings = runtime.settings
    share = share_of(settings.due_hands, settings)
    return TableRows(runtime.store.approvals.claims, A_MONTH, share=share)


def _serve_approval(runtime: Runtime, approval: Approval) -> None:
    carry_out_due.serve(approval, runtime.dispatcher.carry_out, runtime.services)


def _end_or_remind(runtime: Runtime, expiry: Expiry) -> None:
    with asking_for(runtime.settings.look_deadline_s):
        end_shares.end_or_remind(expiry, runtime.services)


def _count_rows(runtime: Runtime) -> TableRows[CountDue]:
    settings = runtime.settings
    share = share_of(settings.due_hands, settings)
    return TableRows(runtime.store.figures.claims, A_DAY + COUNTED_WITHIN, share=share)


def _count(runtime: Runtime, due: CountDue) -> None:
    claims, account = runtime.store.figures.claims, runtime.store.accounts.get(due.account_id)
    if account is None or due.region not in account.regions:
        claims.finish(due)
        return
    with asking_for(runtime.settings.look_deadline_s):
        counted = count_images.count_region(AccountRegion(account, due.region), runtime.services)
    now = runtime.clock()
    claims.release(due, _tomorrow(now) if counted else now + COUNTED_AGAIN, attempts=0)


def _tomorrow(now: datetime) -> datetime:
    """At some time of the first hours, so that not all are counted at midnight."""
    midnight = datetime.combine(now.astimezone(UTC).date() + A_DAY, time(0), UTC)
    return midnight + COUNTED_WITHIN * random.random()  # noqa: S311 - no secret


APPROVALS = Kind(_approval_rows, _serve_approval, _hands, topics=frozenset({"approvals"}))
EXPIRIES = Kind(_expiry_rows, _end_or_remind, _hands, topics=frozenset({"expiries"}))
FIGURES = Kind(_count_rows, _count, _hands, topics=frozenset({"counts"}))
