"""
Find out whether a message was posted, if Slack's answer was lost or the worker died.

Each message carries a mark in its metadata, invisible to people, by which it is found in the
conversation. The bot can read people's direct messages with it (`im:history`), but no channels:
it has no need to.

Source: docs.slack.dev/messaging/message-metadata and conversations.history's own page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.slack.clients import SlackClient
from bot.slack.refusals import UNSURE, Fault, SlackRefusal
from storage import NO_ANSWER, Card, Notice

EVENT = "cloud_images_message"
SKEW = timedelta(minutes=5)
"""How far Slack's clock may be from ours."""
AT_ONCE, MOST_PAGES = 15, 20
"""Messages of one page: Slack gives no more to apps that are listed in its directory for some."""


def metadata(what: Notice | Card) -> dict[str, Any]:
    """Return the metadata that identifies a message, to find it again."""
    return {"event_type": EVENT, "event_payload": {"id": _mark(what)}}


def unsure(what: Notice | Card) -> bool:
    """Return whether an earlier attempt may have posted it."""
    return what.error in UNSURE


def find(client: SlackClient, channel: str, what: Notice | Card) -> str | None:
    """
    Find the message that an earlier attempt may have posted.

    Returns:
        Its `ts`; None if it is not there, or the bot may not read that conversation.

    Raises:
        Refused: `no_answer`, if Slack does not answer now. Then it must not be posted again yet.
    """
    since = f"{(what.created_at - SKEW).timestamp():.6f}"
    cursor = ""
    for _ in range(MOST_PAGES):
        page = _page(client, channel, since, cursor)
        for message in page.get("messages", ()):
            if message.get("metadata", {}).get("event_payload") == {"id": _mark(what)}:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None


def _page(client: SlackClient, channel: str, since: str, cursor: str) -> Mapping[str, Any]:
    try:
        answer = client.conversations_history(
            channel=channel,
            oldest=since,
            limit=AT_ONCE,
            include_all_metadata=True,
            cursor=cursor or None,
        )
    except SlackRefusal as refused:
        if refused.denied:
            return {}
        if refused.fault is Fault.WORKSPACE or refused.told_to_wait:
            raise
        raise SlackRefusal(NO_ANSWER, refused.retry_after_s) from None
    body = answer.data
    return body if isinstance(body, dict) else {}


def _mark(what: Notice | Card) -> str:
    """Return an opaque mark, the same at each attempt."""
    return what.id if isinstance(what, Notice) else hashlib.sha256(what.key.encode()).hexdigest()
