"""What is said to the bot in a message: commands are answered, and nothing stays unanswered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.wiring import Runtime
from handlers.editing.views.update import FORM
from sandbox.cloud import CloudStandIn
from sandbox.slack import SlackStandIn, payloads
from sandbox.slack.state import BOT_USER_ID, CHANNEL_ID, Message
from tests.bot.people import NUMBERS, PRODUCER

HELLO = "I answer commands, here also without `/images`"


@pytest.fixture
def web(cloud: CloudStandIn, link: Callable[..., Any]) -> str:
    link(PRODUCER)
    return cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")


def said(slack: SlackStandIn, text: str, channel: str = "") -> Message:
    """The bot's answer to a message."""
    version = slack.workspace.version
    _, ack = slack.say(PRODUCER, text, channel)
    assert ack is not None
    assert ack.ok
    return slack.wait_for(PRODUCER, newer_than=version)


@pytest.mark.parametrize("text", ["show web", "Show web.", "`show web`", "@cloud-images show web"])
def test_a_command_in_the_bot_s_own_conversation_is_answered_as_one(
    served: Runtime, slack: SlackStandIn, web: str, text: str
) -> None:
    answer = said(slack, text)

    assert answer.text.startswith("`web` in DFW")
    assert not answer.ephemeral


def test_anything_else_is_answered_by_what_one_could_say(
    served: Runtime, slack: SlackStandIn, web: str
) -> None:
    for text in ("hi", "what is this?", "👋", "list's broken, isn't it"):
        answer = said(slack, text)
        assert answer.text.startswith(HELLO)
    pressed = slack.press(PRODUCER, answer, "accounts.run", label="My images")
    assert "web" in str(pressed.blocks)


def test_a_misspelt_command_is_offered_and_help_is_given(
    served: Runtime, slack: SlackStandIn, web: str
) -> None:
    offered = said(slack, "shwo web")

    pressed = slack.press(PRODUCER, offered, "accounts.run", label="Do that")
    assert pressed.text.startswith("`web` in DFW")
    assert said(slack, "help").text == "*Commands*"


def test_a_mention_in_a_channel_is_answered_to_that_person_alone(
    served: Runtime, slack: SlackStandIn, web: str
) -> None:
    hello = said(slack, "@cloud-images hello?", CHANNEL_ID)
    shown = said(slack, "hey @cloud-images, show web", CHANNEL_ID)
    asked = said(slack, "@cloud-images: show web", CHANNEL_ID)

    assert (hello.text.startswith(HELLO), hello.only_for) == (True, PRODUCER)
    assert shown.only_for == PRODUCER
    assert (asked.text.startswith("`web` in DFW"), asked.only_for) == (True, PRODUCER)
    assert asked.channel_id == CHANNEL_ID


def test_a_command_that_needs_a_form_gets_a_button_that_opens_it(
    served: Runtime, slack: SlackStandIn, web: str
) -> None:
    answer = said(slack, "update web")

    slack.click(PRODUCER, answer, "accounts.run", label="Open")
    with slack.workspace.changed:
        assert slack.workspace.changed.wait_for(lambda: _form_open(slack), timeout=10)


def test_a_key_that_is_pasted_is_not_read(served: Runtime, slack: SlackStandIn, web: str) -> None:
    assert said(slack, "hello, my api_key=abcdef").text.startswith("That looks like a password")


@pytest.mark.parametrize(
    "changed",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"bot_id": "B1"},
        {"edited": {"user": "U1", "ts": "1.0"}},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
        {"user": BOT_USER_ID},
        {"user": None},
    ],
)
def test_what_is_no_new_message_of_a_person_is_left_alone(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, web: str, changed: dict[str, Any]
) -> None:
    body = heard(slack, "tag web prod")
    body["event"] |= changed

    assert slack.sender.event(body, 0).ok
    assert said(slack, "help").text
    assert cloud.state.regions["DFW"].images[web]["tags"] == []


def test_a_message_that_slack_tells_of_twice_is_answered_once_and_a_late_one_never(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, web: str
) -> None:
    body = heard(slack, "show web")
    late = heard(slack, "tag web prod")
    late["event_time"] = int(served.services.clock().timestamp()) - 3600

    acks = [slack.sender.event(each, 0) for each in (body, body, late)]

    assert all(ack.ok for ack in acks)
    slack.wait_for(PRODUCER, lambda message: message.text.startswith("`web` in DFW"))
    said(slack, "help")
    assert sum(m.text.startswith("`web` in DFW") for m in slack.messages(PRODUCER)) == 1
    assert cloud.state.regions["DFW"].images[web]["tags"] == []


def _form_open(slack: SlackStandIn) -> bool:
    view = slack.modals.top(PRODUCER)
    return view is not None and view.body["callback_id"] == FORM


def heard(slack: SlackStandIn, text: str) -> dict[str, Any]:
    """The event of a message, not sent yet."""
    person = slack.person(PRODUCER)
    message = slack.workspace.post(person.dm_channel, text, author="person", user_id=PRODUCER)
    return payloads.spoken(person, message, text, slack.workspace.new_id("Ev"))
