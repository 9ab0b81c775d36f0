"""What handlers ask Slack about people and user groups: a port that `bot` fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class SlackUnavailable(Exception):
    """Slack did not answer. It may later."""


@dataclass(frozen=True)
class Profile:
    """A person's profile in Slack."""

    time_zone: str | None = None
    """IANA name; None if Slack knows none."""
    left: bool = False
    """Whether their account in the workspace was deactivated."""


class Directory(Protocol):
    """Look up people and user groups in Slack."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        """Return the ids of a group's members; none if it is unknown or Slack does not answer."""

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:
        """Whether Slack did not answer when it was asked for them last."""

    def group_handles(self, team_id: str) -> Mapping[str, str]:
        """Return the workspace's user groups, handle by id; none if Slack does not answer."""

    def profile(self, team_id: str, user_id: str) -> Profile:
        """
        Return what Slack says of the person; nothing if it does not know them.

        Raises:
            SlackUnavailable: Slack did not answer.
        """

    def read_by_others(self, team_id: str, channel_id: str) -> bool:
        """Whether people of other organisations read a channel; False if Slack does not tell."""


class EmptyDirectory:
    """A directory without people, for tests and tools."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def last_lookup_failed(self, team_id: str, group_id: str) -> bool:  # noqa: ARG002
        return False

    def group_handles(self, team_id: str) -> Mapping[str, str]:  # noqa: ARG002
        return {}

    def profile(self, team_id: str, user_id: str) -> Profile:  # noqa: ARG002
        return Profile()

    def read_by_others(self, team_id: str, channel_id: str) -> bool:  # noqa: ARG002
        return False
