"""chat.unfurl of the stand-in: what it shows, and what it refuses as Slack does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import CHANNEL_ID, PEOPLE, Message, SlackStandIn
from tests.sandbox.talk import Json, plain, refusal

PERSON = PEOPLE[0].user_id
URL = "https://mycloud.rackspace.com/images/1"
BELOW = "https://iad.images.api.rackspacecloud.com/v2/1/images/1"
ELSEWHERE = "https://rackspace.com.example/images/1"


def unfurls(url: str = URL, **more: Any) -> dict[str, Json]:
    return {url: {"blocks": [{"type": "section", "text": plain("An image")}], **more}}


@pytest.fixture
def posted(slack: SlackStandIn) -> Message:
    message, _ = slack.say(PERSON, f"{URL} and {BELOW}, not {ELSEWHERE}", CHANNEL_ID)
    return message


def test_the_app_is_told_of_its_domains_and_the_names_below_them_alone(
    slack: SlackStandIn, posted: Message
) -> None:
    [call] = [call for call in slack.calls if call["kind"] == "event"]

    assert call["body"]["event"]["links"] == [
        {"domain": "mycloud.rackspace.com", "url": URL},
        {"domain": "api.rackspacecloud.com", "url": BELOW},
    ]
    assert posted.text not in str(call["body"])


def test_a_message_without_such_addresses_is_told_to_nobody(slack: SlackStandIn) -> None:
    _, ack = slack.say(PERSON, f"hello {ELSEWHERE}", CHANNEL_ID)

    assert ack is None
    assert slack.calls == []


def test_what_is_shown_below_an_address_can_be_replaced(
    slack: SlackStandIn, client: WebClient, posted: Message
) -> None:
    client.chat_unfurl(channel=CHANNEL_ID, ts=posted.ts, unfurls=unfurls())
    again: dict[str, Json] = unfurls(fallback="again")
    client.chat_unfurl(channel=CHANNEL_ID, ts=posted.ts, unfurls=again)

    [message] = [m for m in slack.workspace.seen_by(PERSON) if m.ts == posted.ts]
    assert {url: each.get("fallback") for url, each in message.unfurls.items()} == {URL: "again"}
    assert message.text == posted.text


def test_slacks_own_id_of_a_message_does_as_well(
    slack: SlackStandIn, client: WebClient, posted: Message
) -> None:
    event = slack.calls[0]["body"]["event"]

    client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls=unfurls())

    assert slack.workspace.seen_by(PERSON)[0].unfurls


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"unfurls": None}, "missing_unfurls"),
        ({"unfurls": "[]"}, "invalid_unfurls_format"),
        ({"unfurls": {URL: "text"}}, "invalid_unfurls_format"),
        ({"unfurls": unfurls("https://mycloud.rackspace.com/other")}, "cannot_unfurl_message"),
        ({"unfurls": unfurls(ELSEWHERE)}, "cannot_unfurl_url"),
        ({"unfurls": unfurls(blocks=[{"type": "section"}])}, "cannot_parse_attachment"),
        ({"channel": "C0OTHER"}, "cannot_find_channel"),
        ({"channel": None}, "missing_channel"),
        ({"ts": None}, "missing_ts"),
        ({"ts": "1.000001"}, "cannot_find_message"),
        ({"unfurl_id": "C1.2", "source": None}, "missing_source"),
        ({"unfurl_id": "C1.2", "source": "nowhere"}, "invalid_source"),
        ({"unfurl_id": "C1", "source": "conversations_history"}, "invalid_unfurl_id"),
    ],
)
def test_what_slack_refuses(
    client: WebClient, posted: Message, change: Mapping[str, Any], error: str
) -> None:
    """Source: docs.slack.dev/reference/methods/chat.unfurl, "Errors"."""
    given = {"channel": CHANNEL_ID, "ts": posted.ts, "unfurls": unfurls(), **change}
    args = {name: value for name, value in given.items() if value is not None}

    assert refusal(lambda: client.api_call("chat.unfurl", json=args)) == error


def test_its_scope_is_needed(slack: SlackStandIn, client: WebClient, posted: Message) -> None:
    slack.api.scopes = frozenset({"chat:write"})

    assert (
        refusal(lambda: client.chat_unfurl(channel=CHANNEL_ID, ts=posted.ts, unfurls=unfurls()))
        == "missing_scope"
    )


@pytest.mark.node
def test_slacks_declarations_take_the_traffic(
    slack: SlackStandIn,
    client: WebClient,
    posted: Message,
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    client.chat_unfurl(channel=CHANNEL_ID, ts=posted.ts, unfurls=unfurls())

    slack_accepts(slack.calls)
