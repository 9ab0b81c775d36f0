"""People's names, for places where Slack shows no mentions: a form's errors, a page."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

PICTURE_HOSTS = ("avatars.slack-edge.com", "a.slack-edge.com", "secure.gravatar.com")
"""From where Slack serves people's pictures."""
_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})>")


@dataclass(frozen=True)
class Profile:
    """How Slack shows a person; empty where it does not say."""

    name: str = ""
    picture: str = ""
    """Address of it at one of PICTURE_HOSTS."""


def profile(workspaces: Workspaces, team_id: str, user_id: str) -> Profile:
    """Ask Slack who somebody is."""
    try:
        known = workspaces.client(team_id).users_info(user=user_id)
    except SlackRefusal as refused:
        log.info("the name of %s/%s: %s", team_id, user_id, refused.error)
        return Profile()
    told = known["user"].get("profile") or {}
    called = told.get("display_name") or known["user"].get("real_name") or ""
    return Profile(str(called), _picture(str(told.get("image_192") or told.get("image_72") or "")))


def name(workspaces: Workspaces, team_id: str, user_id: str) -> str:
    """Return the person's name in Slack; "" if Slack does not say."""
    return profile(workspaces, team_id, user_id).name


def _picture(address: str) -> str:
    parts = urlsplit(address)
    return address if parts.scheme == "https" and parts.hostname in PICTURE_HOSTS else ""


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
