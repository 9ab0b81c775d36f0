"""Publishes people's home tabs."""

from __future__ import annotations

import logging

from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers import Person
from handlers.home.views.home import Home

log = logging.getLogger(__name__)


class Homes:
    """Publish home tabs, as the bot of each person's workspace."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def publish(self, person: Person, home: Home) -> None:
        """Publish a person's tab, or log that Slack refused it."""
        view = {"type": "home", "blocks": [dict(block) for block in home.blocks]}
        try:
            client = self._workspaces.client(person.team_id)
            client.views_publish(user_id=person.user_id, view=view)
        except SlackRefusal as refused:
            log.warning("the home of %s was not shown: %s", person.actor, refused.error)
