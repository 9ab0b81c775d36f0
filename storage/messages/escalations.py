"""Escalation contacts: whom else to notify of an account's invitations that stay unanswered."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.claims import Claims
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


@dataclass(frozen=True)
class ContactDue:
    """A contact as its worker has claimed it."""

    team_id: str
    cloud: str
    project_id: str
    contact: Contact
    attempts: int
    claim: str = field(repr=False)


class Contacts:
    """At most one contact for each account, which is a row of work: whether to notify them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        key = ("team_id", "cloud", "project_id")
        self._db = db
        self._table = Table(db, "contacts", Contact, key=key)
        self._clock = clock
        self.claims = Claims(db, clock, Table(db, "contacts", ContactDue, key=key))

    def put(self, key: AccountKey, user_id: str, days: int, by: str) -> None:
        """Set an account's contact, in place of the one that it has."""
        self._table.upsert(key=key, user_id=user_id, days=days, set_by=by, set_at=self._clock())

    def forget(self, key: AccountKey) -> bool:
        """Remove an account's contact. True if there was one."""
        return self._table.delete(key=key)

    def of(self, key: AccountKey) -> Contact | None:
        """Give an account's contact."""
        return self._table.get(key=key)

    def make_all_due(self) -> None:
        """Have it be looked now whether to notify them."""
        now = self._clock()
        self._db.execute("update contacts set due_at = :now where due_at > :now", {"now": now})
