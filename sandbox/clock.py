"""The sandbox's clock: the real time, moved by an offset that its processes share in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from types import MappingProxyType

MORNING = time(9)
"""When a digest is due, unless somebody wants it at another time."""


@dataclass(frozen=True)
class MovedClock:
    """A `storage.clock.Clock` that every process with the file can move."""

    file: Path

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        """How far it is ahead of the real time."""
        try:
            return timedelta(seconds=float(self.file.read_text()))
        except FileNotFoundError:
            return timedelta()

    def move(self, to: datetime) -> None:
        """Set it atomically for its readers."""
        self.set_offset(to - datetime.now(UTC))

    def set_offset(self, offset: timedelta) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(offset.total_seconds()))
        fresh.replace(self.file)


def _tomorrow(now: datetime, zone: tzinfo) -> datetime:
    """The next morning after today's, on that zone's own clock."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone)


Jump = Callable[[datetime, tzinfo], datetime]
"""From the sandbox's time, and a person's zone, to another time."""
JUMPS: Mapping[str, tuple[str, Jump]] = MappingProxyType(
    {
        "hour": ("In an hour", lambda now, _: now + timedelta(hours=1)),
        "tomorrow": ("Tomorrow 9:00", _tomorrow),
        "week": ("In a week", lambda now, _: now + timedelta(days=7)),
        "now": ("Back to now", lambda _, __: datetime.now(UTC)),
    }
)
"""What the page offers: words, and where they lead."""
