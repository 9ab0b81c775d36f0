"""What is asked of Slack about people and user groups: a port, which `bot` fills."""

from __future__ import annotations

from typing import Protocol


class SlackUnavailable(Exception):
    """Slack did not answer. It may later."""


class Directory(Protocol):
    """What Slack knows of the people of its workspaces."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        """Ids of the people in a user group. Nobody, if it is unknown or Slack does not answer."""

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:
        """Whether Slack did not answer when it was asked for them last."""

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """
        The person's IANA time zone; None if Slack does not tell it.

        Raises:
            SlackSilent: Slack did not answer.
        """


class EmptyDirectory:
    """A directory of nobody."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:  # noqa: ARG002
        return False

    def time_zone(self, team_id: str, user_id: str) -> str | None:  # noqa: ARG002
        return None
