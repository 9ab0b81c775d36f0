"""Read people and user groups from Slack."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.slack.refusals import SlackRefusal
from bot.slack.shared_channels import SHARED, refuse_if_shared
from bot.slack.workspaces import Workspaces
from handlers.core.directory import Profile, SlackUnavailable
from storage.clock import Clock

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=5)
"""How long someone who left a group may still do what it may."""
AGAIN = timedelta(seconds=30)
"""Ask Slack again after this long if it did not answer."""


@dataclass
class SlackDirectory:
    """
    Read people and user groups from Slack.

    Every request of a workspace in which a group has a role reads its members, so they are cached
    briefly.
    """

    workspaces: Workspaces
    clock: Clock
    _known: dict[tuple[str, str], tuple[frozenset[str], datetime]] = field(default_factory=dict)
    _silent: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        """Return the ids of a group's members; none if it is unknown or Slack does not answer."""
        with self._lock:
            members, until = self._known.get((team_id, group_id), (frozenset(), None))
        if until and self.clock() < until:
            return members
        members, kept = self._asked(team_id, group_id)
        with self._lock:
            self._known[team_id, group_id] = members, self.clock() + kept
        return members

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:
        """Return whether Slack did not answer the last lookup of that group."""
        with self._lock:
            return (team_id, group_id) in self._silent

    def group_handles(self, team_id: str) -> Mapping[str, str]:
        """Return the workspace's user groups, handle by id; none if Slack does not answer."""
        try:
            told = self.workspaces.client(team_id).usergroups_list()
        except SlackRefusal as refused:
            log.warning("the user groups of %s are unknown: %s", team_id, refused.error)
            return {}
        return {str(each["id"]): str(each.get("handle") or "") for each in told["usergroups"]}

    def profile(self, team_id: str, user_id: str) -> Profile:
        """
        Return the person's time zone and whether they have left; nothing if Slack does not tell.

        Raises:
            SlackUnavailable: Slack did not answer.
        """
        try:
            known = self.workspaces.client(team_id).users_info(user=user_id)
        except SlackRefusal as refused:
            log.info("the profile of %s/%s: %s", team_id, user_id, refused.error)
            if not refused.denied:
                raise SlackUnavailable from refused
            return Profile()
        user = known.get("user") or {}
        return Profile(user.get("tz") or None, left=bool(user.get("deleted")))

    def read_by_others(self, team_id: str, channel_id: str) -> bool:
        """Return whether a channel is, or is about to be, shared with another organisation."""
        try:
            refuse_if_shared(self.workspaces.client(team_id), channel_id)
        except SlackRefusal as refused:
            if refused.error == SHARED:
                return True
            log.info("the readers of %s in %s are unknown: %s", channel_id, team_id, refused.error)
        return False

    def _asked(self, team_id: str, group_id: str) -> tuple[frozenset[str], timedelta]:
        passing = False
        try:
            client = self.workspaces.client(team_id)
            told = client.usergroups_users_list(usergroup=group_id)
            members, kept = frozenset(told["users"]), KEPT
        except SlackRefusal as refused:
            log.warning("the members of group %s are unknown: %s", group_id, refused.error)
            members, kept, passing = frozenset(), AGAIN, refused.passing
        with self._lock:
            self._silent.discard((team_id, group_id))
            if passing:
                self._silent.add((team_id, group_id))
        return members, kept
