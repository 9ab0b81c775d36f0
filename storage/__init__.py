"""What we remember, in SQLite or PostgreSQL. Knows neither Slack nor the cloud."""

from storage.accounts import Account
from storage.audit import AuditFilter, AuditRow
from storage.cards import Card
from storage.chain import Verdict
from storage.invitations import Changes, Invitation, State
from storage.outbox import Notice
from storage.people import PersonRow
from storage.rights import Grant
from storage.roles import EVERYWHERE, AccountKey, Role, Subject
from storage.signing_keys import SigningKey
from storage.store import Store
from storage.transfers import Kind, Transfer, TransferState
from storage.vault import new_key

__all__ = [
    "EVERYWHERE",
    "Account",
    "AccountKey",
    "AuditFilter",
    "AuditRow",
    "Card",
    "Changes",
    "Grant",
    "Invitation",
    "Kind",
    "Notice",
    "PersonRow",
    "Role",
    "SigningKey",
    "State",
    "Store",
    "Subject",
    "Transfer",
    "TransferState",
    "Verdict",
    "new_key",
]
