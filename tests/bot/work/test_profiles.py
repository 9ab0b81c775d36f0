"""Slack is asked about each person once a day, and by nobody who has something to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.wiring import Runtime
from bot.work import jobs
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.storage.fixtures import HandClock


def asked(slack: SlackStandIn) -> int:
    calls = [c for c in slack.calls if c["kind"] == "request"]
    return sum(c["method"] == "users.info" for c in calls)


@pytest.fixture
def three(link: Callable[..., Account]) -> None:
    for each in (PRODUCER, CONSUMER_A, CONSUMER_B):
        link(each)


@pytest.mark.usefixtures("three")
def test_digests_and_notices_ask_slack_nothing(runtime: Runtime, slack: SlackStandIn) -> None:
    jobs.digests(runtime)
    jobs.notices(runtime)

    assert asked(slack) == 0


@pytest.mark.usefixtures("three")
def test_everybody_is_asked_about_at_once_and_then_a_day_later(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    jobs.profiles(runtime)
    assert asked(slack) == 3
    clock.advance(hours=21)
    jobs.profiles(runtime)
    assert asked(slack) == 3

    clock.advance(hours=3)
    jobs.profiles(runtime)

    assert asked(slack) == 6


@pytest.mark.usefixtures("three")
def test_a_workspace_in_which_slack_does_not_answer_rests_ever_longer(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.rate_limit_next(1000, method="users.info")
    counts = []
    for minutes in (0, 1, 1, 10, 10, 60, 60):
        clock.advance(minutes=minutes)
        before = asked(slack)
        jobs.profiles(runtime)
        counts.append(asked(slack) - before)

    assert counts == [1, 1, 1, 1, 1, 1, 1]


@pytest.mark.usefixtures("three")
def test_once_slack_answers_all_are_asked_about(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.rate_limit_next(1, method="users.info")
    jobs.profiles(runtime)
    assert runtime.store.people.time_zone(TEAM_ID, CONSUMER_B) is None

    clock.now += timedelta(minutes=2)
    jobs.profiles(runtime)

    zones = [runtime.store.people.time_zone(TEAM_ID, u) for u in (PRODUCER, CONSUMER_A, CONSUMER_B)]
    assert None not in zones
