"""Answers for a whole channel, where people of another organisation read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import handlers
from bot.wiring import Runtime
from handlers import Message, Person
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, TEAM_ID, SlackStandIn
from storage import Account
from tests.bot.people import NUMBERS, PRODUCER
from tests.handlers.talk import Talk, labels, read, said

ME = Person(TEAM_ID, PRODUCER)


@pytest.fixture
def web(link: Callable[..., Account], cloud: CloudStandIn) -> str:
    link(PRODUCER)
    return cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")


def ask(runtime: Runtime, text: str) -> Message:
    return said(handlers.answer(handlers.parse(ME, text, CHANNEL_ID), runtime.services))


@pytest.mark.parametrize("command", ["list --mine --public", "show web --public"])
def test_in_a_channel_that_others_read_it_is_asked_first(
    runtime: Runtime, slack: SlackStandIn, web: str, command: str
) -> None:
    slack.workspace.shared_channels.add(CHANNEL_ID)

    question = ask(runtime, command)
    shown = Talk(runtime.services).press(ME, question, "Show it to them too")

    assert not question.public
    assert read(question).startswith(f"People from another organisation are in <#{CHANNEL_ID}>")
    assert labels(question) == ["Show it to them too"]
    assert shown.public
    assert "web" in read(shown)


def test_in_a_channel_of_ones_own_nothing_is_asked(runtime: Runtime, web: str) -> None:
    answer = ask(runtime, "list --mine --public")

    assert answer.public
    assert "your" not in read(answer).replace("wait for an answer", "").partition("\n")[0]
    assert "*1 own image* in DFW" in answer.text


def test_what_is_not_public_asks_slack_nothing(
    runtime: Runtime, slack: SlackStandIn, web: str
) -> None:
    slack.workspace.shared_channels.add(CHANNEL_ID)

    assert "*1 own image*" in ask(runtime, "list --mine").text


def test_where_slack_does_not_tell_it_is_answered(
    runtime: Runtime, slack: SlackStandIn, web: str
) -> None:
    """A private channel that the bot is not in, for instance."""
    request = handlers.parse(ME, "list --public", "C0UNKNOWN")

    assert said(handlers.answer(request, runtime.services)).public
