"""Who has left the workspace is not asked, told or counted, and lends their login to nobody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.wiring import Runtime
from bot.work import deliver, jobs
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import LEFT, Account, Role
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until

MENTION = "@consumer.b"


@pytest.fixture
def people(served: Runtime, link: Callable[..., Account]) -> Runtime:
    for user_id in (PRODUCER, CONSUMER_A, CONSUMER_B):
        link(user_id)
    return served


def a_day_later(runtime: Runtime, clock: HandClock) -> None:
    clock.advance(days=1, minutes=1)
    jobs.invitations(runtime)
    deliver.run(runtime)


@pytest.mark.parametrize(
    "text", [f"contact {MENTION} 5", f"allow {MENTION} approver", f"share web-2026 {MENTION}"]
)
def test_nobody_names_them(
    text: str, people: Runtime, slack: SlackStandIn, invite: Callable[..., str]
) -> None:
    invite("web-2026")
    slack.workspace.left.add(CONSUMER_B)

    answer = slack.ask(PRODUCER, text)

    assert answer.text == f"<@{CONSUMER_B}> has left this workspace. Name someone else."
    assert people.store.outbox.waiting() == 0


def test_they_are_told_nothing_and_counted_nowhere(
    people: Runtime, slack: SlackStandIn, invite: Callable[..., str], clock: HandClock
) -> None:
    slack.ask(PRODUCER, f"allow {MENTION} approver")
    slack.ask(PRODUCER, f"contact {MENTION} 1")
    slack.ask(PRODUCER, "policy delete always")
    deliver.run(people)
    before = slack.messages(CONSUMER_B)
    slack.workspace.left.add(CONSUMER_B)

    invite("web-2026", CONSUMER_B, PRODUCER)
    a_day_later(people, clock)
    asked = slack.ask(PRODUCER, "share web-2026 9900999")
    a_day_later(people, clock)

    assert slack.messages(CONSUMER_B) == before
    assert people.store.people.left(TEAM_ID) == {CONSUMER_B}
    assert asked.text
    told = [m.text for m in slack.messages(PRODUCER) if "Someone has left" in m.text]
    assert len(told) == 1


def test_a_policy_that_somebody_else_can_meet_is_told_to_nobody(
    people: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.ask(PRODUCER, f"allow {MENTION} approver")
    slack.ask(PRODUCER, "allow @consumer.a approver")
    slack.ask(PRODUCER, "policy delete always")
    slack.workspace.left.add(CONSUMER_B)

    a_day_later(people, clock)

    assert not [m for m in slack.messages(PRODUCER) if "Someone has left" in m.text]


def test_their_login_is_lent_to_nobody_until_they_are_back(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], clock: HandClock
) -> None:
    link(PRODUCER)
    slack.ask(PRODUCER, "allow @consumer.a viewer")
    assert "You have not linked a cloud account" not in slack.ask(CONSUMER_A, "list").text
    slack.workspace.left.add(PRODUCER)
    a_day_later(served, clock)

    refused = slack.ask(CONSUMER_A, "list")
    slack.workspace.left.clear()
    a_day_later(served, clock)
    again = slack.ask(CONSUMER_A, "list")

    assert "You have not linked a cloud account" in refused.text
    assert "You have not linked a cloud account" not in again.text


def test_whoever_slack_says_is_disabled_when_it_is_to_be_told_something_has_left(
    people: Runtime, slack: SlackStandIn
) -> None:
    people.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_B, text="news")
    slack.workspace.left.add(CONSUMER_B)

    deliver.run(people)

    row = people.store.people.get(TEAM_ID, CONSUMER_B)
    assert row
    assert row.paused_reason == LEFT
    key = people.store.accounts.of(TEAM_ID, CONSUMER_B)[0].key
    assert key.project_id == NUMBERS[CONSUMER_B]
    assert people.store.accounts.links(key) == []


def test_admins_are_told_as_soon_as_slack_says_that_their_approver_is_disabled(
    people: Runtime, slack: SlackStandIn
) -> None:
    slack.ask(PRODUCER, f"allow {MENTION} approver")
    slack.ask(PRODUCER, "policy delete always")
    jobs.profiles(people)
    slack.workspace.left.add(CONSUMER_B)
    deliver.run(people)

    for _ in range(2):
        jobs.profiles(people)
        deliver.run(people)

    told = [m.text for m in slack.messages(PRODUCER) if "Someone has left" in m.text]
    assert len(told) == 1


def changed(slack: SlackStandIn, user_id: str, **user: object) -> None:
    """What Slack sends when somebody's account or profile changes."""
    at = int(time.time())
    event = {"type": "user_change", "user": {"id": user_id, "team_id": TEAM_ID, **user}}
    body = {"type": "event_callback", "team_id": TEAM_ID, "event": event, "event_time": at}
    sent = slack.sender.event(body | {"event_id": f"Ev{secrets.token_hex(6)}"}, 0)
    assert sent.status == 200


def test_who_is_deactivated_loses_what_they_hold_at_once(
    people: Runtime, slack: SlackStandIn
) -> None:
    slack.ask(PRODUCER, f"allow {MENTION} approver")
    slack.workspace.left.add(CONSUMER_B)

    changed(slack, CONSUMER_B, deleted=True)

    until(lambda: CONSUMER_B in people.store.people.left(TEAM_ID))
    key = people.store.accounts.of(TEAM_ID, PRODUCER)[0].key
    assert CONSUMER_B not in people.services.roles.people_with_role(key, Role.APPROVER)


def test_a_late_event_takes_nothing_from_who_is_there(people: Runtime, slack: SlackStandIn) -> None:
    changed(slack, CONSUMER_A, deleted=True)
    changed(slack, CONSUMER_B, deleted=False, tz="Asia/Tokyo")

    until(lambda: people.store.people.time_zone(TEAM_ID, CONSUMER_B) is not None)
    assert people.store.people.left(TEAM_ID) == frozenset()


def test_a_new_time_zone_is_read_at_once(people: Runtime, slack: SlackStandIn) -> None:
    slack.ask(CONSUMER_B, "digest")
    slack.workspace.people[CONSUMER_B] = replace(
        slack.workspace.people[CONSUMER_B], time_zone="Asia/Tokyo"
    )

    changed(slack, CONSUMER_B, tz="Asia/Tokyo")

    until(lambda: people.store.people.time_zone(TEAM_ID, CONSUMER_B) == "Asia/Tokyo")


def test_people_who_do_not_use_the_bot_are_not_asked_about(
    people: Runtime, slack: SlackStandIn
) -> None:
    changed(slack, "U0STRANGER", deleted=True)
    changed(slack, CONSUMER_B, deleted=True)

    until(lambda: people.store.people.time_zone(TEAM_ID, CONSUMER_B) is not None)
    assert people.store.people.get(TEAM_ID, "U0STRANGER") is None
