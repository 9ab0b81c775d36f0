"""Background work: its kinds, and how much of each runs at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bot.wiring import Runtime
from bot.work import deliver, housekeeping, jobs, transfers
from bot.work.displays import DISPLAYS
from bot.work.engine import Engine
from bot.work.kinds import Kind, by_the_clock
from bot.work.looks import LOOKS, NEWS
from bot.work.notices import NOTICES
from bot.work.people import DIGESTS, ESCALATIONS, PROFILES
from bot.work.regions import APPROVALS, EXPIRIES, FIGURES
from bot.work.shared_images import SHARED_IMAGES
from bot.work.workflow_steps import WORKFLOW_STEPS

KINDS: Mapping[str, Kind[Any]] = MappingProxyType(
    {
        "delivery": deliver.NOTICES,
        "cards": deliver.CARDS,
        "displays": DISPLAYS,
        "looks": LOOKS,
        "shared_images": SHARED_IMAGES,
        "expiries": EXPIRIES,
        "approvals": APPROVALS,
        "transfers": transfers.TRANSFERS,
        "notices": NOTICES,
        "digests": DIGESTS,
        "profiles": PROFILES,
        "escalations": ESCALATIONS,
        "figures": FIGURES,
        "workflow_steps": WORKFLOW_STEPS,
        # One statement that makes rows of `notices` due; running it twice changes nothing.
        **{
            name: by_the_clock(name, run, span)
            for name, run, span in (
                (NEWS, jobs.find_news, timedelta(seconds=5)),
                ("housekeeping", housekeeping.run, timedelta(hours=1)),
            )
        },
    }
)

RUNS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "invitations": jobs.invitations,
        "notices": jobs.notices,
        "delivery": jobs.delivery,
        "transfers": transfers.run,
        "shares": jobs.shares,
        "expiries": jobs.expiries,
        "approvals": jobs.approvals,
        "figures": jobs.figures,
        "housekeeping": housekeeping.run,
    }
)
"""What `python -m bot run` does once, all that is due of it, by name."""

NOW = frozenset({"invitations", "transfers"})
"""Those of which all may be had to be due by `--now`."""


def start(runtime: Runtime) -> Engine:
    """Have all of it done from now on, until the engine is closed."""
    engine = Engine(runtime, KINDS)
    engine.start()
    return engine
