"""The one door out: answers through response URLs, and notices through the Web API."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot.slack.payloads import Incoming
from bot.slack.workspaces import Unreachable, Workspaces
from handlers import Click, Message, split
from storage import Notice, Store

log = logging.getLogger(__name__)

USES = 5
"""How often Slack lets a response URL be used, within 30 minutes."""
TIMEOUT_S = 10
RETRIES = 2

PERMANENT = frozenset(
    {
        *("account_inactive", "channel_not_found", "user_not_found", "user_disabled"),
        *("users_not_found", "not_in_channel", "is_archived", "cannot_dm_bot", "missing_scope"),
        *("messages_tab_disabled", "restricted_action", "token_revoked", "token_expired"),
        *("invalid_auth", "not_authed", "team_access_not_granted", "no_permission"),
        *("ekm_access_denied", "org_login_required", "team_disabled", "user_not_visible"),
        *("not_installed", "access_denied"),
    }
)
"""Refusals that no later attempt will change, until the person or their admin does something."""
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
    def ours(self) -> bool:
        return self.error in OURS


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
        try:
            client = self._workspaces.client(notice.team_id)
            channel = notice.channel or self._conversation(notice.team_id, notice.user_id)
            said = client.chat_postMessage(
                channel=channel,
                text=notice.text,
                blocks=[dict(block) for block in notice.blocks],
                unfurl_links=False,
                unfurl_media=False,
            )
        except Unreachable as error:
            raise Refused(str(error)) from None
        except SlackApiError as error:
            raise _refused(error) from None
        except (SlackClientError, OSError) as error:
            raise Refused(type(error).__name__) from None
        return str(said["ts"])

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """The person's IANA time zone as Slack knows it; None if it cannot be had now."""
        try:
            known = self._workspaces.client(team_id).users_info(user=user_id)
        except (Unreachable, SlackClientError, OSError) as error:
            log.info("time zone of %s/%s: %s", team_id, user_id, _short(error))
            return None
        zone = known["user"].get("tz")
        return str(zone) if zone else None

    def _conversation(self, team_id: str, user_id: str) -> str:
        """The channel of the person's direct messages; asked once, then remembered."""
        person = self._store.people.get(team_id, user_id)
        if person and person.dm_channel:
            return person.dm_channel
        opened = self._workspaces.client(team_id).conversations_open(users=[user_id])
        channel = str(opened["channel"]["id"])
        self._store.people.set_dm_channel(team_id, user_id, channel)
        return channel


def _within_uses(parts: Sequence[Message]) -> Sequence[Message]:
    if len(parts) <= USES:
        return parts
    cut = Message(f"{len(parts) - USES + 1} more messages were left out: ask for less at once.")
    return [*parts[: USES - 1], cut]


def _respond(incoming: Incoming, message: Message, *, replace: bool) -> None:
    client = WebhookClient(
        incoming.response_url,
        timeout=TIMEOUT_S,
        retry_handlers=[
            ConnectionErrorRetryHandler(max_retry_count=RETRIES),
            RateLimitErrorRetryHandler(max_retry_count=RETRIES),
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


def _refused(error: SlackApiError) -> Refused:
    response = error.response
    headers: Mapping[str, str] = getattr(response, "headers", {})
    wait = next((v for k, v in headers.items() if k.lower() == "retry-after"), None)
    return Refused(str(response.get("error", "no_answer")), float(wait) if wait else None)


def _short(error: Exception) -> str:
    return (
        str(error.response.get("error"))
        if isinstance(error, SlackApiError)
        else type(error).__name__
    )
