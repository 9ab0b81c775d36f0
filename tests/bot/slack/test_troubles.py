"""What Slack refuses the app itself is told to the installer, once, and shown by `check`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot import checks
from bot.settings import Settings
from bot.slack.workspaces import keep
from bot.wiring import Runtime
from bot.work import deliver
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.bot.people import CONSUMER_A, PRODUCER
from tests.storage.fixtures import HandClock

HOUR = timedelta(hours=1, minutes=1)
ALL = frozenset({"commands", "chat:write", "im:write", "im:history", "users:read"})


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {
        **environ,
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "made-up-client-secret",
        "PUBLIC_URL": "https://bot.example.com",
    }


@pytest.fixture
def installed(served: Runtime, slack: SlackStandIn) -> Runtime:
    """The producer has installed the app, and has a conversation with it."""
    keep(
        served.store,
        Installation(team_id=TEAM_ID, user_id=PRODUCER, bot_token=slack.bot_token),
    )
    slack.api.scopes = ALL
    return served


def news(runtime: Runtime) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="news")


def warned(slack: SlackStandIn, user_id: str) -> list[str]:
    shown = [json.dumps([m.text, *m.blocks]) for m in slack.messages(user_id)]
    return [text for text in shown if "Slack has refused" in text]


def found(runtime: Runtime) -> list[str]:
    return [str(each) for each in checks.check(runtime.settings) if "has refused" in str(each)]


def test_where_nothing_can_be_sent_they_are_told_below_their_next_answer_once_for_each_trouble(
    installed: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.api.scopes = ALL - {"chat:write"}
    news(installed)
    deliver.run(installed)

    slack.ask(CONSUMER_A, "help")
    slack.ask(PRODUCER, "help")
    slack.ask(PRODUCER, "help")

    assert warned(slack, CONSUMER_A) == []
    [told] = warned(slack, PRODUCER)
    assert "chat.postMessage" in told
    assert "chat:write" in told
    [finding] = found(installed)
    assert "missing_scope, it lacks the scope chat:write" in finding

    slack.api.scopes = ALL
    clock.now += HOUR
    deliver.run(installed)
    assert found(installed) == []
    assert [m.text for m in slack.messages(CONSUMER_A) if m.text == "news"] == ["news"]

    slack.api.scopes = ALL - {"chat:write"}
    news(installed)
    deliver.run(installed)
    slack.ask(PRODUCER, "help")
    assert len(warned(slack, PRODUCER)) == 2


def test_where_something_else_is_refused_they_get_a_message(
    installed: Runtime, slack: SlackStandIn
) -> None:
    for _ in range(2):
        installed.services.directory.members(TEAM_ID, "S1")
        installed.services.directory.members(TEAM_ID, "S2")
        deliver.run(installed)

    [told] = warned(slack, PRODUCER)
    assert "usergroups:read" in told


def test_a_token_without_a_scope_is_named_by_check(
    runtime: Runtime, slack: SlackStandIn, environ: Mapping[str, str]
) -> None:
    slack.api.scopes = ALL
    one = {key: value for key, value in environ.items() if not key.startswith("SLACK_CLIENT")}
    settings = Settings.from_env({**one, "SLACK_BOT_TOKEN": slack.bot_token})

    lines = [str(each) for each in checks.check(settings)]

    assert any("the token lacks " in line and "files:write" in line for line in lines)
