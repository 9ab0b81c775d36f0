"""Work in a region of a cloud, and the share of hands that one region may have."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind, T, TableRows
from cloud import asking_for
from handlers.approvals import carry_out_due
from handlers.core.places import AccountRegion
from handlers.reports import count_images
from handlers.sharing import end_shares
from storage import Approval, Claims, CountDue, Expiry

COUNTED_WITHIN = timedelta(hours=4)
"""The counts are due within this time of each day's start in UTC."""
COUNTED_AGAIN = timedelta(hours=1)
"""Pause if the cloud could not be asked."""
A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=31)
"""Longer than a request waits."""
A_YEAR = timedelta(days=367)
"""The longest that a share may be for a time."""


def share_of(hands: int, settings: Settings) -> int:
    """The most of these hands that one region may have."""
    return max(1, hands * settings.region_share_percent // 100)


def _hands(settings: Settings) -> int:
    return settings.due_hands


def _rows(runtime: Runtime, claims: Claims[T], furthest: timedelta) -> TableRows[T]:
    """The rows of one table, of which a region may have its share of the hands."""
    settings = runtime.settings
    return TableRows(claims, furthest, share=share_of(settings.due_hands, settings))


def _expiry_rows(runtime: Runtime) -> TableRows[Expiry]:
    return _rows(runtime, runtime.store.expiries.claims, A_YEAR)


def _approval_rows(runtime: Runtime) -> TableRows[Approval]:
    return _rows(runtime, runtime.store.approvals.claims, A_MONTH)


def _serve_approval(runtime: Runtime, approval: Approval) -> None:
    carry_out_due.serve(approval, runtime.dispatcher.carry_out, runtime.services)


def _end_or_remind(runtime: Runtime, expiry: Expiry) -> None:
    with asking_for(runtime.settings.look_deadline_s):
        end_shares.end_or_remind(expiry, runtime.services)


def _count_rows(runtime: Runtime) -> TableRows[CountDue]:
    return _rows(runtime, runtime.store.figures.claims, A_DAY + COUNTED_WITHIN)


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
