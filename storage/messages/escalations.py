"""Escalation contacts: whom else to notify of an account's invitations that stay unanswered."""

from __future__ import annotations

from dataclasses import dataclass

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class Contact:
    key: AccountKey
    user_id: str
    """Slack's id of the person to notify."""
    days: int
    """Days after which an unanswered invitation is escalated."""
    set_by: str


class Contacts:
    """At most one contact for each account."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._table = Table(db, "contacts", Contact, key=("team_id", "cloud", "project_id"))
        self._clock = clock

    def put(self, key: AccountKey, user_id: str, days: int, by: str) -> None:
        """Set an account's contact, in place of the one that it has."""
        self._table.upsert(key=key, user_id=user_id, days=days, set_by=by, set_at=self._clock())

    def forget(self, key: AccountKey) -> bool:
        """Remove an account's contact. True if there was one."""
        return self._table.delete(key=key)

    def of(self, key: AccountKey) -> Contact | None:
        """Give an account's contact."""
        return self._table.get(key=key)

    def all(self) -> list[Contact]:
        """Give the contacts of all workspaces."""
        return self._table.find()
