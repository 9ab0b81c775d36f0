"""
When work counts as late or as stuck: one place for `check`, `work list` and the alerts.

The alerts read these bounds as metrics, so that no number is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import Backlog

TICKS = "ticks"


@dataclass(frozen=True)
class Bounds:
    late: timedelta
    """Time since a row was due, while no worker has claimed it."""
    stuck: timedelta
    """Time since a claimed row last made progress."""


USUAL = Bounds(late=timedelta(minutes=5), stuck=timedelta(minutes=15))
_BOUNDS: Mapping[str, Bounds] = {
    # A scheduled job may take an hour; the others wait for their next run.
    TICKS: Bounds(late=timedelta(minutes=10), stuck=timedelta(hours=1, minutes=5)),
    "looks": Bounds(late=timedelta(minutes=15), stuck=timedelta(minutes=15)),
    "shared_images": Bounds(late=timedelta(minutes=15), stuck=timedelta(minutes=15)),
    # Slack's rate limit is low, and nobody waits for it.
    "profiles": Bounds(late=timedelta(hours=6), stuck=timedelta(minutes=15)),
    # All accounts at the start of a day.
    "figures": Bounds(late=timedelta(hours=6), stuck=timedelta(minutes=15)),
    # Segments of a gigabyte pass through us, over connections of any speed.
    "transfers": Bounds(late=timedelta(minutes=10), stuck=timedelta(hours=1)),
}
"""By kind, where they differ from the usual ones."""


def bounds_of(kind: str) -> Bounds:
    return _BOUNDS.get(kind.partition("/")[0], USUAL)


def lag(backlog: Backlog, now: datetime) -> timedelta:
    """Return how long the oldest due row has waited; zero if none is due."""
    return _since(backlog.oldest_due_at, now)


def held(backlog: Backlog, now: datetime) -> timedelta:
    """Return how long the stalest claimed row has made no progress."""
    return _since(backlog.stalest_held_at, now)


def age(backlog: Backlog, now: datetime) -> timedelta:
    """Return the age of the oldest unfinished row."""
    return _since(backlog.oldest_made_at, now)


def is_late(backlog: Backlog, now: datetime) -> bool:
    return lag(backlog, now) > bounds_of(backlog.kind).late


def is_stuck(backlog: Backlog, now: datetime) -> bool:
    return held(backlog, now) > bounds_of(backlog.kind).stuck


@dataclass(frozen=True)
class Trouble:
    """A problem with one kind of work, and the next step."""

    text: str
    bad: bool = True
    """Whether people are waiting for it; else it is only a warning."""


def troubles(backlogs: Sequence[Backlog], now: datetime) -> Iterator[Trouble]:
    """Report what is late, stuck, given up or tried again and again."""
    ticks = [each for each in backlogs if each.kind.startswith(f"{TICKS}/")]
    if ticks and all(is_late(each, now) and not each.held for each in ticks):
        quiet = words(min(lag(each, now) for each in ticks))
        yield Trouble(
            f"no worker has done anything for {quiet}; start `python -m bot worker`, or `all`"
        )
        return
    for each in backlogs:
        yield from _troubles_of(each, now)


def _troubles_of(each: Backlog, now: datetime) -> Iterator[Trouble]:
    see = f"see `python -m bot work list {each.kind.partition('/')[0]}`"
    if is_late(each, now):
        yield Trouble(
            f"{each.kind}: {each.due:,} due, the oldest for {words(lag(each, now))}; start more "
            f"workers, or {see}"
        )
    if is_stuck(each, now):
        yield Trouble(
            f"{each.kind}: a worker has made no progress for {words(held(each, now))}; "
            f"restart that worker, and {see}"
        )
    if each.repeated:
        yield Trouble(
            f"{each.kind}: {each.repeated:,} tried again and again without success; {see}, and "
            "the workers' logs",
            bad=False,
        )
    if each.failed:
        yield Trouble(f"{each.kind}: {each.failed:,} given up; {_after_failing(each.kind)}", False)


def _after_failing(kind: str) -> str:
    if kind == "messages":
        return "see `python -m bot outbox list --failed`, then `outbox retry` or `outbox drop`"
    return f"see `python -m bot work list {kind}`"


def _since(moment: datetime | None, now: datetime) -> timedelta:
    return max(now - moment, timedelta(0)) if moment else timedelta(0)


def words(span: timedelta) -> str:
    """Return a time span in its largest one or two units."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return f"{int(span.total_seconds())} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 2880 else f"{minutes // 1440} days"
