"""Check whether a channel is, by now, shared with other workspaces."""

from __future__ import annotations

import logging

from bot.slack.clients import SlackClient
from bot.slack.refusals import SlackRefusal

log = logging.getLogger(__name__)

SHARED = "shared_with_others"
"""A word of our own, as Slack's error would be called."""
UNTOLD = "missing_scope"
"""What Slack says to an app that was installed before it asked for `channels:read`."""


def refuse_if_shared(client: SlackClient, channel: str) -> None:
    """
    Ask Slack about a channel, right before something is posted there.

    Raises:
        SlackRefusal: people of other workspaces read it, or are about to; or Slack does not tell.
    """
    try:
        told = client.conversations_info(channel=channel)["channel"]
    except SlackRefusal as refused:
        if refused.error != UNTOLD:
            raise
        log.warning("cannot tell whether %s is shared: %s", channel, UNTOLD)
        return
    if told.get("is_ext_shared") or told.get("is_pending_ext_shared"):
        raise SlackRefusal(SHARED)
