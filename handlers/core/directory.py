"""What handlers ask Slack about people and user groups: a port that `bot` fills."""

from __future__ import annotations

from typing import Protocol


class SlackUnavailable(Exception):
    """Slack did not answer. It may later."""


class Directory(Protocol):
    """Look up people and user groups in Slack."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        """Return the ids of a group's members; none if it is unknown or Slack does not answer."""

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:
        """Whether Slack did not answer when it was asked for them last."""

    def time_zone(self, team_id: str, user_id: str) -> str | None:
        """
        Return the person's IANA time zone; None if Slack knows none.

        Raises:
            SlackUnavailable: Slack did not answer.
        """


class EmptyDirectory:
    """A directory without people, for tests and tools."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:  # noqa: ARG002
        return False

    def time_zone(self, team_id: str, user_id: str) -> str | None:  # noqa: ARG002
        return None
