"""Show previews below addresses in people's messages."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from bot.slack.payloads import Posted
from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers import Message

log = logging.getLogger(__name__)

EARLY = "cannot_unfurl_url"
"""Slack's error if the unfurl arrives before the event's acknowledgement."""
AGAIN_S = 1.0


class Unfurls:
    """Unfurl links, as the bot of the workspace where the message was posted."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def show(self, posted: Posted, shown: Mapping[str, Message]) -> None:
        """Show a message below each address, or log that Slack refused it."""
        trouble = self._shown(posted, shown)
        if trouble == EARLY:
            time.sleep(AGAIN_S)
            trouble = self._shown(posted, shown)
        if trouble:
            log.warning("a link of %s was not unfurled: %s", posted.links.person.actor, trouble)

    def _shown(self, posted: Posted, shown: Mapping[str, Message]) -> str:
        """Show the previews and return the error; "" if there was none."""
        unfurls = {url: _attachment(message) for url, message in shown.items()}
        try:
            client = self._workspaces.client(posted.links.person.team_id)
            client.chat_unfurl(**_place(posted), unfurls=unfurls)
        except SlackRefusal as refused:
            return refused.error
        return ""


def _place(posted: Posted) -> dict[str, Any]:
    """By Slack's own id of it, which works also where the bot is no member."""
    if posted.unfurl_id:
        return {"unfurl_id": posted.unfurl_id, "source": "conversations_history"}
    return {"channel": posted.links.channel_id, "ts": posted.ts}


def _attachment(message: Message) -> dict[str, Any]:
    return {"fallback": message.text, "blocks": [dict(block) for block in message.blocks]}
