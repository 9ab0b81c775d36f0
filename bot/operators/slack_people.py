"""Whether Slack knows a person whom an operator has named by id."""

from __future__ import annotations

import os

from bot.settings import BadSettings, Settings
from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from storage import Store

UNKNOWN = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


class NobodyThere(Exception):
    """Slack knows no such person. The message names what to do."""


def require_person(team: str, user: str, store: Store) -> str:
    """
    Ask Slack for a person, and say why it could not be asked; "" if it could.

    Raises:
        NobodyThere: it knows none, or one who has left.
    """
    try:
        settings = Settings.from_env(os.environ)
    except BadSettings:
        return "Slack's settings are not here"
    try:
        told = Workspaces(settings, store).client(team).users_info(user=user).get("user") or {}
    except SlackRefusal as refused:
        if refused.error in UNKNOWN:
            raise NobodyThere(
                f"Slack knows no {user} in {team}, so nobody was linked. Copy the member ID in "
                "their Slack profile."
            ) from None
        return f"Slack does not tell ({refused.error})"
    if told.get("deleted"):
        raise NobodyThere(f"{user} has left {team}, so nobody was linked.")
    return ""
