"""Figures of images over time, as they are drawn and told. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

GB = 10**9


@dataclass(frozen=True)
class Count:
    images: int = 0
    size: int = 0
    """Bytes."""

    def __add__(self, other: Count) -> Count:
        return Count(self.images + other.images, self.size + other.size)


@dataclass(frozen=True)
class Figures:
    days: Sequence[date]
    """Each day that is drawn, the last one today."""
    regions: Mapping[str, Sequence[Count]]
    """By region, a count for each day."""
    shares: Mapping[str, int] = field(default_factory=dict)
    """How many shares there are in each state."""

    def now(self, region: str) -> Count:
        return self.regions[region][-1]

    def before(self, region: str, days: int) -> Count:
        """As it was so many days ago, or on the first day that is known."""
        at = max(0, len(self.days) - 1 - days)
        return self.regions[region][at]

    @property
    def total(self) -> Count:
        return sum((counts[-1] for counts in self.regions.values()), Count())


def daily_counts(
    created: Iterable[tuple[date, int]], recorded: Mapping[date, Count], days: Sequence[date]
) -> list[Count]:
    """
    A count for each of these days.

    Of days that nobody counted, it is what is there today and had been made by then: what was
    deleted since is missing there, and is counted from the first day that somebody counted.

    Args:
        made: of each image that is there today, when it was made, and its bytes.

        known: what was counted, by day.
    """
    images = sorted(created)
    counts = []
    for day in days:
        existing = [size for at, size in images if at <= day]
        counts.append(_latest_count(recorded, day) or Count(len(existing), sum(existing)))
    return counts


def days_to_draw(first: date, today: date, max_days: int = 365) -> list[date]:
    """Every day from the first one on, at most so many, and two at least."""
    begin = min(max(first, today - timedelta(days=max_days)), today - timedelta(days=1))
    return [begin + timedelta(days=n) for n in range((today - begin).days + 1)]


def _latest_count(known: Mapping[date, Count], day: date) -> Count | None:
    """What was counted then, or on the last day before that somebody counted."""
    counted = [at for at in known if at <= day]
    return known[max(counted)] if counted else None
