"""The Slack stand-in, before a bot of Slack's own making: its rules are Slack's."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from tests.sandbox.talk import Clock, refusal

PRODUCER, CONSUMER, OTHER = (person.user_id for person in PEOPLE)
BUTTON: dict[str, Any] = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Accept"},
            "action_id": "invitations.accept",
            "value": "img-1",
        }
    ],
}


def answering(message: dict[str, Any]) -> Callable[..., None]:
    """A command's listener that says this."""

    def listener(ack: Any, respond: Any) -> None:
        ack()
        respond(**message)

    return listener


def test_bolt_takes_a_command_as_signed_and_its_answer_is_seen_by_one_person(
    slack: SlackStandIn, bot: App
) -> None:
    bot.command("/images")(answering({"text": "Your images"}))

    message = slack.ask(PRODUCER, "/images list")

    assert (message.text, message.ephemeral) == ("Your images", True)
    assert slack.messages(CONSUMER) == []


def test_bolt_refuses_a_command_that_was_signed_with_another_secret(
    slack: SlackStandIn, bot: App
) -> None:
    slack.sender.signing_secret = "another"

    ack = slack.command(PRODUCER, "list")

    assert (ack.status, ack.error) == (401, "dispatch_failed")
    assert [m.text for m in slack.messages(PRODUCER)] == [
        '/images failed with the error "dispatch_failed"'
    ]


def test_an_ack_after_three_seconds_is_an_operation_timeout(slack: SlackStandIn, bot: App) -> None:
    """The delay stands before Bolt's own clock, which would answer 404 after 3 seconds."""

    @bot.middleware
    def late(next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's name
        time.sleep(3.3)
        next()

    ack = slack.command(PRODUCER, "list")

    assert (ack.status, ack.error) == (0, "operation_timeout")
    assert slack.messages(PRODUCER)[-1].text == '/images failed with the error "operation_timeout"'


def test_a_click_redraws_the_message_it_was_made_in(slack: SlackStandIn, bot: App) -> None:
    bot.command("/images")(answering({"text": "Invitation", "blocks": [BUTTON]}))

    @bot.action("invitations.accept")
    def accept(ack: Any, respond: Any, action: Any) -> None:
        ack()
        respond(text=f"Accepted {action['value']}", replace_original=True)

    shown = slack.ask(CONSUMER, "invitations")
    redrawn = slack.press(CONSUMER, shown, "invitations.accept")

    assert (redrawn.text, redrawn.ts) == ("Accepted img-1", shown.ts)
    assert len(slack.messages(CONSUMER)) == 1


def test_a_click_that_the_bot_does_not_answer_is_told_beside_the_message(
    slack: SlackStandIn, bot: App, client: WebClient
) -> None:
    client.chat_postMessage(channel=CONSUMER, text="Invitation", blocks=[BUTTON])
    [message] = slack.messages(CONSUMER)

    ack = slack.click(CONSUMER, message, "invitations.accept")

    [shown] = slack.messages(CONSUMER)
    assert ack.status == 404
    assert shown.warnings == {CONSUMER: "This app responded with Status Code 404."}


def test_what_is_posted_to_a_person_is_seen_by_that_person_alone(
    slack: SlackStandIn, client: WebClient
) -> None:
    client.chat_postMessage(
        channel=client.conversations_open(users=CONSUMER)["channel"]["id"], text="Hi"
    )
    client.chat_postMessage(channel=CHANNEL_ID, text="All")
    client.chat_postEphemeral(channel=CHANNEL_ID, user=OTHER, text="Only you")

    assert [m.text for m in slack.messages(CONSUMER)] == ["Hi", "All"]
    assert [m.text for m in slack.messages(OTHER)] == ["All", "Only you"]


def test_an_ephemeral_message_cannot_be_updated_by_its_ts(
    slack: SlackStandIn, client: WebClient
) -> None:
    ts = client.chat_postEphemeral(channel=CHANNEL_ID, user=OTHER, text="Only you")["message_ts"]

    assert refusal(lambda: client.chat_update(channel=CHANNEL_ID, ts=ts, text="x")) == (
        "message_not_found"
    )


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed")])
def test_other_tokens_are_refused(slack: SlackStandIn, token: str, error: str) -> None:
    assert refusal(WebClient(token, base_url=slack.api_url).auth_test) == error


def test_a_scope_that_was_not_granted_is_named(slack: SlackStandIn, client: WebClient) -> None:
    slack.api.scopes = frozenset({"commands", "chat:write"})

    with pytest.raises(SlackApiError) as refused:
        client.users_info(user=PRODUCER)

    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([{"type": "divider", "colour": "red"}], "invalid_blocks"),
        ([BUTTON | {"elements": BUTTON["elements"] * 2}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}] * 2, "invalid_blocks"),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5,
            "msg_blocks_too_long",
        ),
    ],
)
def test_blocks_beyond_the_limits_are_refused(
    client: WebClient, blocks: list[dict[str, Any]], error: str
) -> None:
    assert (
        refusal(lambda: client.chat_postMessage(channel=PRODUCER, text="x", blocks=blocks)) == error
    )


def test_a_message_must_say_something_somewhere_to_someone(client: WebClient) -> None:
    assert (
        refusal(lambda: client.api_call("chat.postMessage", json={"channel": PRODUCER}))
        == "no_text"
    )
    assert refusal(lambda: client.chat_postMessage(channel="C9", text="x")) == "channel_not_found"
    assert refusal(lambda: client.users_info(user="U9")) == "user_not_found"
    assert refusal(lambda: client.conversations_open(users="U9")) == "user_not_found"


def test_a_limited_call_is_told_when_to_come_back(slack: SlackStandIn, client: WebClient) -> None:
    slack.rate_limit_next(1, retry_after_s=7)

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=PRODUCER, text="x")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert client.chat_postMessage(channel=PRODUCER, text="x")["ok"]


def test_a_call_fails_as_ordered_and_once(slack: SlackStandIn, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", "account_inactive")

    assert (
        refusal(lambda: client.chat_postMessage(channel=PRODUCER, text="x")) == "account_inactive"
    )
    assert client.chat_postMessage(channel=PRODUCER, text="x")["ok"]


def test_a_person_is_in_their_own_time_zone(client: WebClient) -> None:
    assert client.users_info(user=OTHER)["user"]["tz"] == "Europe/London"


def response_url(slack: SlackStandIn, text: str = "x") -> str:
    slack.command(PRODUCER, text)
    return str(slack.calls[-1]["body"]["response_url"])


def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
    """The status and answer, or error, of a POST to a response URL."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    connection.request("POST", f"/{path}", json.dumps(body))
    response = connection.getresponse()
    answer = response.read().decode()
    connection.close()
    return response.status, answer if response.status == 200 else json.loads(answer)["error"]


def test_a_response_url_takes_five_messages(slack: SlackStandIn, bot: App) -> None:
    url = response_url(slack)

    answers = [post(url, {"text": str(i)}) for i in range(6)]

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]


def test_a_response_url_lapses_after_thirty_minutes(
    slack: SlackStandIn, bot: App, clock: Clock
) -> None:
    url = response_url(slack)
    clock.advance(minutes=31)

    assert post(url, {"text": "late"}) == (404, "expired_url")


def test_a_response_url_refuses_bad_blocks_too(slack: SlackStandIn, bot: App) -> None:
    assert post(response_url(slack), {"blocks": [{"type": "section"}]}) == (400, "invalid_blocks")


def test_a_public_answer_in_a_channel_is_seen_by_all(slack: SlackStandIn, bot: App) -> None:
    bot.command("/images")(answering({"text": "Look", "response_type": "in_channel"}))

    ack = slack.command(PRODUCER, "list", CHANNEL_ID)

    assert slack.wait_for(CONSUMER, newer_than=ack.version).text == "Look"


def test_nobody_clicks_in_a_message_that_only_another_sees(
    slack: SlackStandIn, client: WebClient
) -> None:
    client.chat_postEphemeral(channel=CHANNEL_ID, user=OTHER, text="x", blocks=[BUTTON])
    [message] = slack.messages(OTHER)

    with pytest.raises(LookupError, match="does not see"):
        slack.click(CONSUMER, message, "invitations.accept")


def test_another_website_cannot_act_for_a_person(slack: SlackStandIn) -> None:
    connection = http.client.HTTPConnection(slack.base_url.removeprefix("http://"))
    body = json.dumps({"user": PRODUCER, "text": "list"})

    connection.request("POST", "/command", body, {"Content-Type": "text/plain"})
    assert connection.getresponse().status == 403
    connection.close()


def test_calls_are_recorded_without_the_token(slack: SlackStandIn, client: WebClient) -> None:
    client.chat_postMessage(channel=PRODUCER, text="x")

    request, answer = slack.calls[-2:]
    assert request == {
        "kind": "request",
        "method": "chat.postMessage",
        "args": {"channel": PRODUCER, "text": "x"},
    }
    assert (answer["kind"], answer["body"]["ok"]) == ("response", True)
    assert slack.bot_token not in json.dumps(slack.calls)


@pytest.mark.node
def test_all_traffic_is_what_slack_declares(
    slack: SlackStandIn,
    bot: App,
    client: WebClient,
    slack_accepts: Callable[[list[dict[str, Any]]], None],
) -> None:
    bot.command("/images")(answering({"text": "Invitation", "blocks": [BUTTON]}))
    slack.click(CONSUMER, slack.ask(CONSUMER, "list"), "invitations.accept")
    channel = client.conversations_open(users=CONSUMER)["channel"]["id"]
    posted = client.chat_postMessage(channel=channel, text="Digest", blocks=[BUTTON])
    slack.click(CONSUMER, slack.messages(CONSUMER)[-1], "invitations.accept")
    client.chat_update(channel=channel, ts=posted["ts"], text="Answered")
    client.chat_postEphemeral(channel=CHANNEL_ID, user=CONSUMER, text="Only you")
    client.users_info(user=CONSUMER)

    slack_accepts(slack.calls)
