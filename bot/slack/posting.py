"""The one door out: answers through response URLs, and notices through the Web API."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot.slack import lookback, refusals
from bot.slack.command_name import CommandName
from bot.slack.payloads import Incoming
from bot.slack.workspaces import NotInstalled, Workspaces
from handlers import Click, Message, split
from storage import Card, Notice, Store

log = logging.getLogger(__name__)

USES = 5
"""How often Slack lets a response URL be used, within 30 minutes."""
TIMEOUT_S = 10
RETRIES = 2


def answer(
    incoming: Incoming,
    message: Message,
    command: CommandName = CommandName(),  # noqa: B008
) -> None:
    """
    Post the answer where the request came from, a long one in several messages.

    A click's answer redraws the message clicked, unless it is a note beside it.
    """
    redraws = isinstance(incoming.request, Click) and not message.note
    for number, part in enumerate(_within_uses(split(message))):
        body = command.of(_body(part, replace=redraws and number == 0))
        _respond(incoming, body)


def converse(workspaces: Workspaces, incoming: Incoming, message: Message) -> None:
    """
    Answer a message where it was said: to the person alone, unless the answer is public.

    Their own conversation with the bot is theirs alone, and keeps what is said there.
    """
    person, channel = incoming.request.person, incoming.channel_id
    everyone = message.public or channel.startswith("D")
    try:
        client = workspaces.client(incoming.team_id)
        for part in _within_uses(split(message)):
            said: dict[str, Any] = {"channel": channel, "text": part.text}
            said |= {"blocks": [dict(block) for block in part.blocks]} if part.blocks else {}
            said |= {"thread_ts": incoming.thread_ts} if incoming.thread_ts else {}
            if everyone:
                client.chat_postMessage(**said)
            else:
                client.chat_postEphemeral(**said, user=person.user_id)
    except (NotInstalled, SlackClientError, OSError, HTTPException) as error:
        why = refusals.code(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("the answer to %s was not sent: %s", incoming.what, why)


class Poster:
    """Post notices, to the person's own conversation with the bot unless they name a channel."""

    def __init__(self, workspaces: Workspaces, store: Store) -> None:
        self._workspaces = workspaces
        self._store = store

    def post(self, notice: Notice) -> str:
        """
        Post a notice and return its `ts`.

        Raises:
            Refused: Slack refused it or did not answer; its name says which.
        """
        with refusals.named():
            client = self._workspaces.client(notice.team_id)
            if found := self._there(client, notice):
                return found[1]
            if notice.channel:
                return _said(client, notice.channel, notice)
            return self._say_in_private(client, notice)[1]

    def draw(self, card: Card) -> tuple[str, str]:
        """
        Post a card, or redraw its message.

        Returns:
            The ids of its channel and its `ts`.

        Raises:
            Refused: as `post`; `gone` if its message cannot be edited any more.
        """
        with refusals.named():
            client = self._workspaces.client(card.team_id)
            private = self._is_private(card)
            if card.channel and card.ts:
                try:
                    return card.channel, _redrawn(client, card.channel, card.ts, card)
                except SlackApiError as error:
                    if not private or refusals.code(error) != "channel_not_found":
                        raise
            if found := self._there(client, card):
                return found[0], _redrawn(client, *found, card)
            if card.channel and not private:
                return card.channel, _said(client, card.channel, card)
            return self._say_in_private(client, card)

    def _there(self, client: WebClient, what: Notice | Card) -> tuple[str, str] | None:
        """Where an attempt before has said it, of which no answer came: its channel and `ts`."""
        if not lookback.unsure(what):
            return None
        person = self._store.people.get(what.team_id, what.user_id)
        channel = what.channel or (person.dm_channel if person else None)
        ts = lookback.find(client, channel, what) if channel else None
        return (channel, ts) if channel and ts else None

    def _is_private(self, card: Card) -> bool:
        """Whether it stands in the person's own conversation, which Slack may forget."""
        if not card.user_id:
            return False
        person = self._store.people.get(card.team_id, card.user_id)
        return card.channel in (None, person.dm_channel if person else None)

    def _say_in_private(self, client: WebClient, what: Notice | Card) -> tuple[str, str]:
        """In the conversation we remember, or in a new one if Slack has forgotten that."""
        person = self._store.people.get(what.team_id, what.user_id)
        if person and person.dm_channel:
            try:
                return person.dm_channel, _said(client, person.dm_channel, what)
            except SlackApiError as error:
                if refusals.code(error) != "channel_not_found":
                    raise
        opened = client.conversations_open(users=[what.user_id])
        channel = str(opened["channel"]["id"])
        self._store.people.set_dm_channel(what.team_id, what.user_id, channel)
        return channel, _said(client, channel, what)


def _said(client: WebClient, channel: str, what: Notice | Card) -> str:
    told = client.chat_postMessage(
        channel=channel,
        text=what.text,
        blocks=[dict(block) for block in what.blocks],
        unfurl_links=False,
        unfurl_media=False,
        metadata=lookback.metadata(what),
    )
    return str(told["ts"])


def _redrawn(client: WebClient, channel: str, ts: str, card: Card) -> str:
    blocks = [dict(block) for block in card.blocks]
    told = client.chat_update(channel=channel, ts=ts, text=card.text, blocks=blocks)
    return str(told["ts"])


def _within_uses(parts: Sequence[Message]) -> Sequence[Message]:
    if len(parts) <= USES:
        return parts
    cut = Message(f"{len(parts) - USES + 1} more messages were left out: ask for less at once.")
    return [*parts[: USES - 1], cut]


def _respond(incoming: Incoming, body: dict[str, Any]) -> None:
    if not incoming.response_url:
        log.warning(
            "the answer to %s was not sent: a click in a modal has no way back", incoming.what
        )
        return
    client = WebhookClient(
        incoming.response_url,
        timeout=TIMEOUT_S,
        retry_handlers=[
            ConnectionErrorRetryHandler(max_retry_count=RETRIES),
            RateLimitErrorRetryHandler(max_retry_count=RETRIES),
            ServerErrorRetryHandler(max_retry_count=RETRIES),
        ],
    )
    try:
        response = client.send_dict(body)
    except Exception as error:  # noqa: BLE001 - urllib's texts hold the URL, which is a secret
        log.warning("the answer to %s was not sent: %s", incoming.what, type(error).__name__)
        return
    if response.status_code != 200:
        log.warning("the answer to %s was refused: %s", incoming.what, response.body[:100])


def _body(message: Message, *, replace: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"text": message.text, "replace_original": replace}
    if message.blocks:
        body["blocks"] = [dict(block) for block in message.blocks]
    if not replace:
        body["response_type"] = "in_channel" if message.public else "ephemeral"
    return body
