"""Publish people's home tabs."""

from __future__ import annotations

import logging

from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers import Person
from handlers.home.views.home import Home
from storage import Store
from storage.errors import Unreachable

log = logging.getLogger(__name__)


class Homes:
    """Publish home tabs, as the bot of each person's workspace."""

    def __init__(self, workspaces: Workspaces, store: Store) -> None:
        self._workspaces = workspaces
        self._store = store

    def show(self, person: Person, home: Home) -> None:
        """
        Publish the tab of a person who is looking at it, or log that Slack refused it.

        From now on it is published again when what it shows has changed.
        """
        self._keep(person, home)
        try:
            self.publish(person, home)
        except SlackRefusal as refused:
            log.warning("the home tab of %s was not published: %s", person.actor, refused.error)

    def publish(self, person: Person, home: Home) -> None:
        """
        Publish a person's tab.

        Raises:
            SlackRefusal: Slack did not take it.
        """
        view = {"type": "home", "blocks": [dict(block) for block in home.blocks]}
        client = self._workspaces.client(person.team_id)
        client.views_publish(user_id=person.user_id, view=view)

    def _keep(self, person: Person, home: Home) -> None:
        if home.drawing is None:
            return
        try:
            self._store.displays.put_home(person.team_id, person.user_id, home.drawing)
        except Unreachable as error:
            log.warning("the home tab of %s will not be redrawn: %s", person.actor, error)
