"""Answers go out through their response URL: whole, split, and never more than five times."""

from __future__ import annotations

import pytest

from bot.slack import answers, payloads
from bot.slack.answers import Answers
from bot.slack.payloads import Incoming
from bot.wiring import Runtime
from handlers import Click, Message, Person
from sandbox.slack import CHANNEL_ID, PEOPLE, TEAM_ID, SlackStandIn
from sandbox.slack.payloads import action, click, command
from tests.bot.people import CONSUMER_A, PRODUCER


@pytest.fixture
def asked(slack: SlackStandIn) -> Incoming:
    """A command of the producer's in the channel."""
    url = f"{slack.base_url}/commands/{slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)}"
    body = command(PEOPLE[0], "list", CHANNEL_ID, "cloud-images", url=url, trigger="1")
    return payloads.command(body)


@pytest.fixture
def said(runtime: Runtime) -> Answers:
    return Answers(
        runtime.settings, runtime.workspaces, runtime.store, runtime.clock, runtime.sleep
    )


def lines(count: int, length: int = 10) -> Message:
    blocks = tuple(
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{n:04d}" + "x" * length}}
        for n in range(count)
    )
    return Message("many", blocks)


def test_an_answer_is_for_the_person_unless_it_is_public(
    asked: Incoming, slack: SlackStandIn, said: Answers
) -> None:
    said.say(asked, Message("quiet"))
    said.say(asked, Message("for all", public=True))

    assert [m.text for m in slack.messages(PRODUCER)] == ["quiet", "for all"]
    assert [m.text for m in slack.messages(CONSUMER_A)] == ["for all"]


@pytest.mark.parametrize(("count", "length", "parts"), [(60, 10, 2), (20, 2900, 5), (49, 10, 1)])
def test_a_long_answer_goes_out_in_parts_in_order(
    count: int,
    length: int,
    parts: int,
    asked: Incoming,
    slack: SlackStandIn,
    said: Answers,
) -> None:
    said.say(asked, lines(count, length))

    shown = slack.messages(PRODUCER)
    assert len(shown) == parts
    numbers = [block["text"]["text"][:4] for message in shown for block in message.blocks]
    assert numbers == [f"{n:04d}" for n in range(count)]
    assert [taken["status"] for taken in slack.answers.taken] == [200] * parts


def test_what_does_not_fit_into_five_messages_is_said_to_be_left_out(
    asked: Incoming, slack: SlackStandIn, said: Answers
) -> None:
    said.say(asked, lines(40, 2900))

    shown = slack.messages(PRODUCER)
    assert len(shown) == answers.USES
    assert shown[-1].text == "6 more messages were left out. Narrow down what you asked for."
    assert {taken["status"] for taken in slack.answers.taken} == {200}


def test_a_response_url_that_is_used_up_is_logged_without_its_address(
    asked: Incoming, slack: SlackStandIn, said: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(answers.USES + 1):
        said.say(asked, Message("again"))

    [record] = [r for r in caplog.records if r.name == "bot.slack.answers"]
    assert record.getMessage() == "the answer to /images list was not sent: used_url"
    assert asked.response_url not in caplog.text


def test_nobody_at_the_response_url_is_logged_without_its_address(
    asked: Incoming, said: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Incoming(asked.request, "http://127.0.0.1:9/commands/secret")

    said.say(gone, Message("lost"))

    [record] = [r for r in caplog.records if r.name == "bot.slack.answers"]
    assert record.getMessage() == "the answer to /images list was not sent: not_sent"


def test_a_response_url_is_in_no_repr(asked: Incoming) -> None:
    assert asked.response_url not in repr(asked)


def test_what_was_typed_is_in_no_name() -> None:
    body = command(PEOPLE[0], "share secret-name 1", CHANNEL_ID, "c", url="http://x", trigger="1")

    assert payloads.command(body).what == "/images share"


def test_a_click_is_read_whole(slack: SlackStandIn) -> None:
    button = {
        "type": "button",
        "action_id": "invitations.accept",
        "block_id": "b1",
        "text": {"type": "plain_text", "text": "Accept"},
        "value": "a claim",
    }
    message = slack.workspace.post(CHANNEL_ID, "card")
    body = click(PEOPLE[1], message, "c", action(button, 1.0), url="http://x", trigger="1")

    assert payloads.click(body).request == Click(
        Person(TEAM_ID, CONSUMER_A),
        "invitations.accept",
        "a claim",
        CHANNEL_ID,
        ephemeral=False,
        message_ts=message.ts,
        team_id=TEAM_ID,
    )


def test_an_option_that_is_chosen_is_its_value(slack: SlackStandIn) -> None:
    options = [
        {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("one", "two")
    ]
    menu = {
        "type": "static_select",
        "action_id": "images.show",
        "block_id": "b1",
        "options": options,
    }
    message = slack.workspace.post(CHANNEL_ID, "card")
    body = click(PEOPLE[1], message, "c", action(menu, 1.0, "two"), url="http://x", trigger="1")

    request = payloads.click(body).request
    assert isinstance(request, Click)
    assert request.value == "two"


def test_who_presses_in_a_shared_channel_is_of_their_own_workspace(slack: SlackStandIn) -> None:
    """A guest's user id may be that of someone else here."""
    button = {"type": "button", "action_id": "images.show", "block_id": "b1", "value": "1"}
    message = slack.workspace.post(CHANNEL_ID, "card")
    body = click(PEOPLE[1], message, "c", action(button, 1.0), url="http://x", trigger="1")
    body["user"]["team_id"] = "T-ELSEWHERE"

    assert payloads.click(body).request.person == Person("T-ELSEWHERE", CONSUMER_A)
