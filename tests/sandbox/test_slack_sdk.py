"""slack_sdk's own clients, which know Slack and not the stand-in, find on it what they look for."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from slack_bolt import App
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from sandbox.slack.losing import Loss
from tests.sandbox.socket_sender import SocketSender, in_socket_mode
from tests.sandbox.talk import Clock
from tests.waiting import until

PRODUCER = PEOPLE[0].user_id


def posts(slack: SlackStandIn) -> list[str]:
    return [message.text for message in slack.workspace.said_in(CHANNEL_ID)]


def test_the_web_client_turns_the_pages_of_a_history(client: WebClient) -> None:
    for number in range(7):
        client.chat_postMessage(channel=CHANNEL_ID, text=f"message {number}")

    turned = client.conversations_history(channel=CHANNEL_ID, limit=3)

    # It is one object, which holds another page at each turn.
    pages = [[message["text"] for message in page["messages"]] for page in turned]
    newest_first = [f"message {number}" for number in reversed(range(7))]
    assert pages == [newest_first[:3], newest_first[3:6], newest_first[6:]]


def test_the_web_client_takes_an_error_and_what_may_be_said_of_it(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0NOWHERE", text="x")

    assert refused.value.response["error"] == "channel_not_found"
    assert client.auth_test()["ok"]


def test_the_handler_of_rate_limits_waits_and_posts_once(
    client: WebClient, slack: SlackStandIn
) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    slack.rate_limit_next(2, retry_after_s=0, method="chat.postMessage")

    assert client.chat_postMessage(channel=CHANNEL_ID, text="after all")["ok"]

    assert posts(slack) == ["after all"]


def test_without_that_handler_a_limit_is_an_error_that_says_how_long(
    client: WebClient, slack: SlackStandIn
) -> None:
    slack.rate_limit_next(1, retry_after_s=30)

    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel=CHANNEL_ID, text="x")

    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "30"


def test_the_handler_of_server_errors_asks_again(client: WebClient, slack: SlackStandIn) -> None:
    client.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=1))
    broken = Reply({"ok": False, "error": "internal_error"}, 503)
    slack.api.troubles.append(Trouble(1, broken, "auth.test"))

    assert client.auth_test()["ok"]


def test_its_default_handler_posts_twice_when_an_answer_is_lost(
    client: WebClient, slack: SlackStandIn
) -> None:
    """Why the bot switches that handler off."""
    slack.lose_next("chat.postMessage", Loss.RESET)

    client.chat_postMessage(channel=CHANNEL_ID, text="once?")

    assert posts(slack) == ["once?", "once?"]


def test_the_webhook_client_answers_through_a_response_url(
    slack: SlackStandIn, bot: App, clock: Clock
) -> None:
    urls: list[str] = []

    def listener(ack: object, body: dict[str, str]) -> None:
        urls.append(body["response_url"])
        assert callable(ack)
        ack()

    bot.command("/images")(listener)
    slack.command(PRODUCER, "/images list")
    [url] = urls
    webhook = WebhookClient(url)

    answers = [webhook.send(text=f"answer {number}").status_code for number in range(6)]

    assert answers[:5] == [200] * 5
    assert answers[5] >= 400, "a response URL is good five times"
    said = [message.text for message in slack.messages(PRODUCER) if message.author == "bot"]
    assert said == [f"answer {number}" for number in range(5)]


@pytest.fixture
def sender(slack: SlackStandIn) -> Iterator[SocketSender]:
    with in_socket_mode(slack) as sender:
        yield sender


def test_the_socket_mode_client_takes_what_people_do_and_acknowledges_it(
    slack: SlackStandIn, client: WebClient, sender: SocketSender
) -> None:
    taken: list[SocketModeRequest] = []
    closed = threading.Event()

    def listener(socket: BaseSocketModeClient, request: SocketModeRequest) -> None:
        taken.append(request)
        socket.send_socket_mode_response(
            SocketModeResponse(request.envelope_id, {"text": "from the socket"})
        )

    socket = SocketModeClient("xapp-made-up", web_client=client, auto_reconnect_enabled=True)
    socket.socket_mode_request_listeners.append(listener)
    socket.on_close_listeners.append(lambda *_: closed.set())
    socket.connect()
    try:
        ack = slack.command(PRODUCER, "/images list")
        assert ack.ok
        [request] = taken
        assert (request.type, request.payload["command"]) == ("slash_commands", "/images")
        assert slack.messages(PRODUCER)[-1].text == "from the socket"

        before = sender.connections.get()
        before.close()
        until(lambda: sender.connections.qsize() > 0, "it does not connect again")
        assert slack.command(PRODUCER, "/images show x").ok
    finally:
        socket.close()
    assert [each.payload["text"] for each in taken] == ["list", "show x"]
