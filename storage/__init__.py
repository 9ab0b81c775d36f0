"""What we remember, in SQLite or PostgreSQL. Knows neither Slack nor the cloud."""

from storage.accounts import Account
from storage.audit import AuditFilter, AuditRow
from storage.chain import Verdict
from storage.invitations import Changes, Invitation, State
from storage.outbox import Notice
from storage.people import PersonRow
from storage.store import Store
from storage.vault import new_key

__all__ = [
    "Account",
    "AuditFilter",
    "AuditRow",
    "Changes",
    "Invitation",
    "Notice",
    "PersonRow",
    "State",
    "Store",
    "Verdict",
    "new_key",
]
