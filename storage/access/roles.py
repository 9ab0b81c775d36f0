"""Roles on an account, and who can have one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

EVERYWHERE = "*"
"""Means every channel that has no ceiling of its own."""


class Role(StrEnum):
    """What someone may do with an account through the bot. Each may do what those before it may."""

    NONE = "none"
    VIEWER = "viewer"
    """Looks."""
    OPERATOR = "operator"
    """Changes."""
    APPROVER = "approver"
    """Decides what others have asked for."""
    ADMIN = "admin"
    """Says who may what."""

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def allows(self, needed: Role) -> bool:
        return self.rank >= needed.rank


class Subject(StrEnum):
    """The kind of holder of a role."""

    PERSON = "person"
    GROUP = "group"
    """A user group of Slack."""
    CHANNEL = "channel"
    """Everybody who posts in it."""


@dataclass(frozen=True)
class AccountKey:
    """A cloud account in one workspace, the same for everybody who has linked it."""

    team_id: str
    cloud: str
    project_id: str


def highest(roles: Iterable[Role]) -> Role:
    return max(roles, key=lambda role: role.rank, default=Role.NONE)


def lowest(*roles: Role) -> Role:
    return min(roles, key=lambda role: role.rank)
