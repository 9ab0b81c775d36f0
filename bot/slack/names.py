"""What people are called, for places where Slack draws no mention: a form's errors, a page."""

from __future__ import annotations

import logging
import re

from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})>")


def name(workspaces: Workspaces, team_id: str, user_id: str) -> str:
    """Return what the person is called in Slack; "" if Slack does not say."""
    try:
        known = workspaces.client(team_id).users_info(user=user_id)
    except SlackRefusal as refused:
        log.info("the name of %s/%s: %s", team_id, user_id, refused.error)
        return ""
    profile = known["user"].get("profile") or {}
    return str(profile.get("display_name") or known["user"].get("real_name") or "")


def spelled(workspaces: Workspaces, team_id: str, text: str) -> str:
    """
    Return the text with `@Ann` for each mention; `a colleague` if Slack does not say who it is.
    """
    return _MENTION.sub(
        lambda found: (
            f"@{called}" if (called := name(workspaces, team_id, found[1])) else "a colleague"
        ),
        text,
    )
