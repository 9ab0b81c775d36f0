"""What a login can do, by its roles in the cloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

READ, SHARE, CHANGE = 1, 2, 3

_ROLES = {
    **dict.fromkeys(("cloudImages:observer", "observer", "reader"), READ),
    **dict.fromkeys(("cloudImages:creator", "creator"), SHARE),
    **dict.fromkeys(("cloudImages:admin", "admin", "identity:user-admin"), CHANGE),
    **dict.fromkeys(("member", "_member_", "manager"), CHANGE),
}
"""
How much each role may do; the strongest counts.

Source: Rackspace's detailed permissions matrix for Cloud Images, and the default policy of
today's Glance for the other names.
"""

_LOWER = {role.casefold(): most for role, most in _ROLES.items()}
"""Keystone compares names of roles without regard to their case, and keeps what was typed first."""


@dataclass(frozen=True)
class Ability:
    """One thing that people do, and whether this login may."""

    what: str
    can: bool
    role: str
    """The role on Rackspace that it takes."""


def abilities(roles: Sequence[str]) -> tuple[Ability, ...]:
    """Return what these roles allow. Roles that a cloud has defined itself count for nothing."""
    most = max((_LOWER.get(role.casefold(), 0) for role in roles), default=0)
    return tuple(Ability(what, most >= needed, role) for what, needed, role in _ABILITIES)


_ABILITIES = (
    ("view images, members and invitations", READ, "cloudImages:observer"),
    ("share images", SHARE, "cloudImages:creator"),
    ("accept and reject invitations, and unshare", CHANGE, "cloudImages:admin"),
    ("update, delete, export, import and copy images", CHANGE, "cloudImages:admin"),
)
