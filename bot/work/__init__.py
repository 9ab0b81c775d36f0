"""What happens without being asked. Each job is harmless to repeat, and to run twice at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.wiring import Runtime
from bot.work import deliver, housekeeping, jobs, transfers


@dataclass(frozen=True)
class Job:
    run: Callable[[Runtime], None]
    trigger: BaseTrigger
    """When it ticks, besides once at the start."""
    lease_s: float = 900.0
    """After which another scheduler may run it, if its process died in it."""


JOBS: Mapping[str, Job] = MappingProxyType(
    {
        # By the clock, so that nine o'clock is met on the minute in every time zone.
        "invitations": Job(jobs.invitations, CronTrigger(minute="*/5", timezone="UTC")),
        # A burst of shares is one notice, so a tick only looks whether a burst is over.
        "notices": Job(jobs.notices, IntervalTrigger(seconds=5, timezone="UTC"), lease_s=60.0),
        # Its notices are claimed one by one; its lease only keeps one pace, and soon ends.
        "delivery": Job(deliver.run, IntervalTrigger(seconds=3, timezone="UTC"), lease_s=60.0),
        # A tick only hands out what is due: what it hands out is claimed one by one.
        "transfers": Job(transfers.tick, IntervalTrigger(seconds=10, timezone="UTC"), lease_s=60.0),
        "shares": Job(jobs.shares, CronTrigger(minute="2-59/5", timezone="UTC")),
        "expiries": Job(jobs.expiries, IntervalTrigger(minutes=1, timezone="UTC")),
        "approvals": Job(jobs.approvals, IntervalTrigger(seconds=5, timezone="UTC"), lease_s=120.0),
        "figures": Job(jobs.figures, IntervalTrigger(hours=1, timezone="UTC")),
        "housekeeping": Job(housekeeping.run, IntervalTrigger(hours=1, timezone="UTC")),
    }
)
"""By the name that `python -m bot run` takes."""
