"""Numbers and sizes of images over time, for the report's picture and words. Pure values."""

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
        """Return the count of *days* days ago, or of the first day that is known."""
        at = max(0, len(self.days) - 1 - days)
        return self.regions[region][at]

    @property
    def total(self) -> Count:
        return sum((counts[-1] for counts in self.regions.values()), Count())


def daily_counts(
    created: Iterable[tuple[date, int]], recorded: Mapping[date, Count], days: Sequence[date]
) -> list[Count]:
    """
    Return a count for each of these days.

    For days before the first recorded count, count those of today's images that had been created
    by then: images deleted since are missing.

    Args:
        created: the day and the size in bytes of each image that exists today.

        recorded: counts that were taken, by day.
    """
    images = sorted(created)
    counts = []
    for day in days:
        existing = [size for at, size in images if at <= day]
        counts.append(_latest_count(recorded, day) or Count(len(existing), sum(existing)))
    return counts


def days_to_draw(first: date, today: date, max_days: int = 365) -> list[date]:
    """Return every day from *first* to *today*: at most *max_days*, at least two."""
    begin = min(max(first, today - timedelta(days=max_days)), today - timedelta(days=1))
    return [begin + timedelta(days=n) for n in range((today - begin).days + 1)]


def _latest_count(known: Mapping[date, Count], day: date) -> Count | None:
    """Return the count of that day, or of the last day before it that has one."""
    counted = [at for at in known if at <= day]
    return known[max(counted)] if counted else None
