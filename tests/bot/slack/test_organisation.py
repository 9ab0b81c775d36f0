"""The app installed for a whole organisation: one token for all of its workspaces."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.slack.refusals import NotInstalled
from bot.slack.workspaces import Workspaces, keep
from bot.wiring import Runtime
from bot.work import deliver
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.bot.people import CONSUMER_A, PRODUCER
from tests.waiting import until

ORGANISATION = "E0ORG"


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
def organisation(served: Runtime, slack: SlackStandIn) -> Runtime:
    keep(
        served.store,
        Installation(
            enterprise_id=ORGANISATION,
            user_id=PRODUCER,
            bot_token=slack.bot_token,
            is_enterprise_install=True,
        ),
    )
    slack.sender.organisation = ORGANISATION
    slack.api.org_wide = True
    return served


def test_commands_windows_and_buttons_work(organisation: Runtime, slack: SlackStandIn) -> None:
    assert "/images link" in str(slack.ask(PRODUCER, "help").blocks)

    slack.command(PRODUCER, "digest form")
    form = until(lambda: (view := slack.modals.top(PRODUCER)) and view.body.get("submit"))
    ack = slack.modals.submit(PRODUCER, {})

    assert form
    assert ack.ok


def test_notices_reach_people_of_its_workspaces_from_any_process(
    organisation: Runtime, slack: SlackStandIn
) -> None:
    slack.ask(CONSUMER_A, "help")
    organisation.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="news")

    other = Workspaces(organisation.settings, organisation.store)
    deliver.run(organisation)

    assert other.client(TEAM_ID).token == slack.bot_token
    assert "news" in [message.text for message in slack.messages(CONSUMER_A)]


def test_which_workspace_is_meant_is_told_where_slack_has_to_know(
    organisation: Runtime, slack: SlackStandIn
) -> None:
    slack.ask(CONSUMER_A, "help")
    slack.workspace.groups["S1"] = (CONSUMER_A,)

    assert organisation.services.directory.members(TEAM_ID, "S1") == {CONSUMER_A}


def test_a_workspace_that_never_used_it_is_not_known(organisation: Runtime) -> None:
    with pytest.raises(NotInstalled):
        organisation.workspaces.client("T0OTHER")
