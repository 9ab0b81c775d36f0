"""What an app reads of a conversation, and what its messages carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from tests.sandbox.talk import refusal

DM = PEOPLE[0].dm_channel
MARK = {"event_type": "said", "event_payload": {"id": "1"}}


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_the_newest_come_first_page_by_page(client: WebClient) -> None:
    for n in range(5):
        client.chat_postMessage(channel=DM, text=f"{n}")

    first = client.conversations_history(channel=DM, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = client.conversations_history(channel=DM, limit=3, cursor=cursor)

    assert (texts(first), texts(rest)) == (["4", "3", "2"], ["1", "0"])
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert rest["response_metadata"]["next_cursor"] == ""


def test_only_what_is_newer_is_told(client: WebClient) -> None:
    client.chat_postMessage(channel=DM, text="old")
    old = client.chat_postMessage(channel=DM, text="known")["ts"]
    client.chat_postMessage(channel=DM, text="new")

    assert texts(client.conversations_history(channel=DM, oldest=old)) == ["new"]


def test_what_a_message_carries_is_told_when_asked_for_and_stays_through_an_edit(
    client: WebClient,
) -> None:
    ts = client.chat_postMessage(channel=DM, text="x", metadata=MARK)["ts"]
    client.chat_update(channel=DM, ts=ts, text="y")

    [bare] = client.conversations_history(channel=DM)["messages"]
    [whole] = client.conversations_history(channel=DM, include_all_metadata=True)["messages"]

    assert "metadata" not in bare
    assert whole["metadata"] == MARK


def test_what_one_person_alone_sees_or_is_elsewhere_is_not_there(
    client: WebClient, slack: SlackStandIn
) -> None:
    client.chat_postEphemeral(channel=CHANNEL_ID, user=PEOPLE[0].user_id, text="psst")
    client.chat_postMessage(channel=DM, text="elsewhere")
    slack.workspace.post(CHANNEL_ID, "hello", author="person", user_id=PEOPLE[1].user_id)

    [message] = client.conversations_history(channel=CHANNEL_ID)["messages"]
    assert (message["text"], message["user"]) == ("hello", PEOPLE[1].user_id)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"limit": 0}, "invalid_limit"),
        ({"limit": 1000}, "invalid_limit"),
        ({"cursor": "made-up"}, "invalid_cursor"),
    ],
)
def test_what_slack_refuses(client: WebClient, change: Mapping[str, Any], error: str) -> None:
    """Source: docs.slack.dev/reference/methods/conversations.history, "Errors"."""
    assert refusal(lambda: client.conversations_history(**{"channel": DM, **change})) == error


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": 1, "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": "x" * 9000}}, "metadata_too_large"),
    ],
)
def test_what_a_message_cannot_carry(client: WebClient, metadata: Any, error: str) -> None:
    args = {"channel": DM, "text": "x", "metadata": metadata}

    assert refusal(lambda: client.api_call("chat.postMessage", json=args)) == error


@pytest.mark.parametrize(
    ("channel", "scope"), [(DM, "im:history"), (CHANNEL_ID, "channels:history")]
)
def test_each_kind_of_conversation_has_its_scope(
    client: WebClient, slack: SlackStandIn, channel: str, scope: str
) -> None:
    slack.api.scopes = frozenset({scope})
    client.conversations_history(channel=channel)
    slack.api.scopes = frozenset({"im:history", "channels:history"} - {scope})

    assert refusal(lambda: client.conversations_history(channel=channel)) == "missing_scope"


@pytest.mark.node
def test_slacks_declarations_take_the_traffic(
    client: WebClient,
    slack: SlackStandIn,
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    client.chat_postMessage(channel=DM, text="x", metadata=MARK)
    client.conversations_history(channel=DM, include_all_metadata=True, limit=15, oldest="1.0")

    slack_accepts(slack.calls)
