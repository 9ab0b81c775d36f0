"""What happens without being asked. Each job is harmless to repeat, and to run twice at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.jobs import delivery, housekeeping, invitations
from bot.wiring import Runtime


@dataclass(frozen=True)
class Job:
    run: Callable[[Runtime], None]
    every_s: float


JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "invitations": Job(invitations.run, every_s=300),
        "delivery": Job(delivery.run, every_s=3),
        "housekeeping": Job(housekeeping.run, every_s=3600),
    }
)
"""By the name that `python -m bot run` takes."""
