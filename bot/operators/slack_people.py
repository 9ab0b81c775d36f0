"""Check with Slack that a person whom an operator names by id exists."""

from __future__ import annotations

import os

from bot.settings import BadSettings, Settings
from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from storage import Store

UNKNOWN = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


class NobodyThere(Exception):
    """Slack has no such person. The message says what to do."""


def require_person(team: str, user: str, store: Store) -> str:
    """
    Ask Slack for a person, and return why it could not be asked; "" if it could.

    Raises:
        NobodyThere: there is no such person, or they have left.
    """
    try:
        settings = Settings.from_env(os.environ)
    except BadSettings:
        return "Slack's settings are missing"
    try:
        told = Workspaces(settings, store).client(team).users_info(user=user).get("user") or {}
    except SlackRefusal as refused:
        if refused.error in UNKNOWN:
            raise NobodyThere(
                f"Slack has no user {user} in {team}, so nothing was linked. Copy the member ID in "
                "their Slack profile."
            ) from None
        return f"Slack did not say ({refused.error})"
    if told.get("deleted"):
        raise NobodyThere(f"{user} has left {team}, so nothing was linked.")
    return ""
