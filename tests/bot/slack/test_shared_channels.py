"""A channel may be shared with another workspace after it was chosen for digests and cards."""

from __future__ import annotations

from bot.wiring import Runtime
from bot.work import deliver
from sandbox.slack import CHANNEL_ID, TEAM_ID, SlackStandIn
from tests.bot.people import CONSUMER_A, CONSUMER_B


def put(runtime: Runtime, text: str) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text=text, channel=CHANNEL_ID)


def draw(runtime: Runtime, text: str) -> None:
    runtime.store.cards.draw(
        key="made up", team_id=TEAM_ID, user_id="", text=text, blocks=(), channel=CHANNEL_ID
    )


def test_a_channel_that_was_shared_since_is_not_posted_to(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    put(runtime, "for the channel")
    slack.workspace.shared_channels.add(CHANNEL_ID)

    deliver.run(runtime)

    assert [message.text for message in slack.messages(CONSUMER_B)] == []
    said = [message.text for message in slack.messages(CONSUMER_A)]
    assert "for the channel" in said


def test_a_card_in_it_is_not_redrawn(runtime: Runtime, slack: SlackStandIn) -> None:
    draw(runtime, "one")
    deliver.run(runtime)
    slack.workspace.shared_channels.add(CHANNEL_ID)
    draw(runtime, "two")

    deliver.run(runtime)

    assert [message.text for message in slack.messages(CONSUMER_B)] == ["one"]


def test_an_app_that_may_not_ask_posts_as_before(runtime: Runtime, slack: SlackStandIn) -> None:
    slack.api.scopes = frozenset({"chat:write", "im:write"})
    put(runtime, "for the channel")

    deliver.run(runtime)

    assert [message.text for message in slack.messages(CONSUMER_B)] == ["for the channel"]
