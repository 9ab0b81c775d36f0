"""The groups of commands that help shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Group:
    """Commands that help explains together."""

    label: str
    verbs: tuple[str, ...]


GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "images": Group(
            "Images",
            (
                *("list", "show", "update", "tag", "untag", "protect", "unprotect"),
                *("deactivate", "reactivate", "delete"),
            ),
        ),
        "sharing": Group(
            "Sharing",
            (
                *("share", "unshare", "members", "member", "invitations", "accept", "reject"),
                "name",
            ),
        ),
        "transfers": Group(
            "Export, import, servers",
            (
                *("export", "import", "copy", "download", "tasks", "task"),
                *("servers", "snapshot", "launch"),
            ),
        ),
        "notifications": Group("Notifications", ("digest", "contact")),
        "admin": Group(
            "Accounts and roles",
            (
                *("link", "accounts", "use", "unlink", "status", "rights", "allow", "limit"),
                *("policy", "requests", "approve", "deny", "report", "audit"),
            ),
        ),
    }
)
"""By the word that `help` takes. A verb is in one of them; `help` itself in none."""
ALL = "all"
