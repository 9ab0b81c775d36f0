"""The sandbox's clock, which people move, and what a Slack does whose clock is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import JUMPS, MovedClock
from sandbox.slack import CHANNEL_ID, SlackStandIn
from tests.sandbox.talk import Clock

NEW_YORK = ZoneInfo("America/New_York")
NEAR = timedelta(minutes=5)


@pytest.fixture
def moved(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path / "clock")


def test_a_clock_that_nobody_moved_tells_the_real_time(moved: MovedClock) -> None:
    assert moved.offset == timedelta()
    assert abs(moved() - datetime.now(UTC)) < NEAR


def test_whoever_knows_the_file_has_the_same_time(moved: MovedClock) -> None:
    moved.move(datetime.now(UTC) + timedelta(days=3))

    other = MovedClock(moved.file)

    assert other.offset == moved.offset
    assert abs(other() - datetime.now(UTC) - timedelta(days=3)) < NEAR


@pytest.mark.parametrize(
    ("jump", "now", "then"),
    [
        ("hour", "2026-11-29T07:30-05:00", "2026-11-29T08:30-05:00"),
        ("week", "2026-11-29T07:30-05:00", "2026-12-06T07:30-05:00"),
        ("tomorrow", "2026-11-29T07:30-05:00", "2026-11-30T09:00-05:00"),
        ("tomorrow", "2026-11-29T23:30-05:00", "2026-11-30T09:00-05:00"),
        ("tomorrow", "2026-10-31T12:00-04:00", "2026-11-01T09:00-05:00"),
    ],
)
def test_a_jump_leads_to_the_time_that_it_names(jump: str, now: str, then: str) -> None:
    """The last one is the night in which New York sets its clocks back."""
    _, to = JUMPS[jump]

    assert to(datetime.fromisoformat(now), NEW_YORK) == datetime.fromisoformat(then)


def test_messages_have_stamps_of_their_own_though_the_clock_is_set_back(
    slack: SlackStandIn, clock: Clock
) -> None:
    start = clock()
    stamps = []
    for at in (start, start + 3600, start, start + 3600):
        clock.now = at
        stamps.append(slack.workspace.post(CHANNEL_ID, "hello").ts)

    assert len(set(stamps)) == 4
    assert [round(float(ts) - start) for ts in stamps] == [0, 3600, 0, 3600]
    assert [m.ts for m in slack.workspace.said_in(CHANNEL_ID)] == stamps
