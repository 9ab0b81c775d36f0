"""The one door out: answers through response URLs, and notices through the Web API."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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

from bot.slack.payloads import Incoming
from bot.slack.workspaces import Unreachable, Workspaces
from handlers import Click, Message, split
from storage import Card, Notice, Store

log = logging.getLogger(__name__)

USES = 5
"""How often Slack lets a response URL be used, within 30 minutes."""
TIMEOUT_S = 10
RETRIES = 2

WORKSPACE = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("not_installed", "sealed", "team_access_not_granted", "team_disabled"),
        *("org_login_required", "ekm_access_denied"),
    }
)
"""Refusals of the bot itself, whomever it would speak to."""
PERMANENT = frozenset(
    {
        *("channel_not_found", "user_not_found", "user_disabled", "users_not_found"),
        *("not_in_channel", "is_archived", "cannot_dm_bot", "missing_scope"),
        *("messages_tab_disabled", "restricted_action", "no_permission", "user_not_visible"),
        "access_denied",
    }
)
"""Refusals that no later attempt will change, until the person or their admin does something."""
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Refusals to edit a message, where a new one may well be said."""
PASSING = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""Refusals that have nothing to do with what was asked."""
NO_ANSWER = "no_answer"
OURS = frozenset(
    {"invalid_blocks", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_arguments"}
)
"""Refusals of the message itself: our fault, and no reason to pause the person."""


def answer(incoming: Incoming, message: Message) -> None:
    """
    Say the answer where the request came from. Long ones go out in several messages.

    A click's answer redraws the message clicked, unless it is a note beside it.
    """
    redraws = isinstance(incoming.request, Click) and not message.note
    for number, part in enumerate(_within_uses(split(message))):
        _respond(incoming, part, replace=redraws and number == 0)


def say(incoming: Incoming, text: str) -> None:
    """A plain note to the person alone, changing nothing."""
    _respond(incoming, Message(text, note=True), replace=False)


class Refused(Exception):
    """Slack did not take a notice."""

    def __init__(self, error: str, retry_after_s: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after_s = retry_after_s
        """Seconds that Slack asked us to wait."""

    @property
    def permanent(self) -> bool:
        return self.error in PERMANENT

    @property
    def of_workspace(self) -> bool:
        return self.error in WORKSPACE

    @property
    def gone(self) -> bool:
        return self.error in GONE

    @property
    def ours(self) -> bool:
        return self.error in OURS

    @property
    def passing(self) -> bool:
        """Whether Slack did not say anything of what it was asked, and may well do so later."""
        return self.error in PASSING or self.error == NO_ANSWER


class Poster:
    """Says notices, in the person's own conversation with the bot unless they name a channel."""

    def __init__(self, workspaces: Workspaces, store: Store) -> None:
        self._workspaces = workspaces
        self._store = store

    def post(self, notice: Notice) -> str:
        """
        Say one notice and return its `ts`.

        Raises:
            Refused: Slack said no, or nothing; its name says which.
        """
        with _named_refusals():
            client = self._workspaces.client(notice.team_id)
            if notice.channel:
                return _said(client, notice.channel, notice)
            return self._say_in_private(client, notice)[1]

    def draw(self, card: Card) -> tuple[str, str]:
        """
        Post a card, or redraw its message; returns its channel and `ts`.

        Raises:
            Refused: as post; `gone` if its message cannot be edited any more.
        """
        with _named_refusals():
            client = self._workspaces.client(card.team_id)
            private = self._is_private(card)
            if card.channel and card.ts:
                try:
                    return card.channel, _redrawn(client, card.channel, card.ts, card)
                except SlackApiError as error:
                    if not private or code(error) != "channel_not_found":
                        raise
            if card.channel and not private:
                return card.channel, _said(client, card.channel, card)
            return self._say_in_private(client, card)

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """
        The person's IANA time zone as Slack knows it; None if it knows none.

        Raises:
            Refused: Slack said no, or nothing.
        """
        with _named_refusals():
            known = self._workspaces.client(team_id).users_info(user=user_id)
        return known["user"].get("tz") or None

    def _is_private(self, card: Card) -> bool:
        """Whether it stands in the person's own conversation, which Slack may forget."""
        person = self._store.people.get(card.team_id, card.user_id)
        return card.channel in (None, person.dm_channel if person else None)

    def _say_in_private(self, client: WebClient, what: Notice | Card) -> tuple[str, str]:
        """In the conversation we remember, or in a new one if Slack has forgotten that."""
        person = self._store.people.get(what.team_id, what.user_id)
        if person and person.dm_channel:
            try:
                return person.dm_channel, _said(client, person.dm_channel, what)
            except SlackApiError as error:
                if code(error) != "channel_not_found":
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
    )
    return str(told["ts"])


def _redrawn(client: WebClient, channel: str, ts: str, card: Card) -> str:
    blocks = [dict(block) for block in card.blocks]
    told = client.chat_update(channel=channel, ts=ts, text=card.text, blocks=blocks)
    return str(told["ts"])


@contextmanager
def _named_refusals() -> Iterator[None]:
    try:
        yield
    except Unreachable as error:
        raise Refused(str(error)) from None
    except SlackApiError as error:
        raise Refused(code(error), _retry_after_s(error)) from None
    except (SlackClientError, OSError, HTTPException) as error:
        log.info("no answer of Slack: %s", type(error).__name__)
        raise Refused(NO_ANSWER) from None


def _within_uses(parts: Sequence[Message]) -> Sequence[Message]:
    if len(parts) <= USES:
        return parts
    cut = Message(f"{len(parts) - USES + 1} more messages were left out: ask for less at once.")
    return [*parts[: USES - 1], cut]


def _respond(incoming: Incoming, message: Message, *, replace: bool) -> None:
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
        response = client.send_dict(_body(message, replace=replace))
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


def code(error: SlackApiError) -> str:
    """One of Slack's words, and not slack_sdk's sentences about an answer that was none."""
    word = str(error.response.get("error") or NO_ANSWER)
    return NO_ANSWER if " " in word else word


def _retry_after_s(error: SlackApiError) -> float | None:
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    wait = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(wait) if wait.isdigit() else None
