"""What we remember, in SQLite or PostgreSQL. Knows neither Slack nor the cloud."""

from storage.access.accounts import Account
from storage.access.approvals import Approval, ApprovalState, Decision, Vote
from storage.access.grants import Grant
from storage.access.people import PersonRow
from storage.access.policies import Guarded, Policy, Rule
from storage.access.roles import EVERYWHERE, AccountKey, Role, Subject
from storage.access.signing_keys import SigningKey
from storage.audit.audit import AuditFilter, AuditRow
from storage.db.chain import Verdict
from storage.db.vault import new_key
from storage.messages.cards import Card
from storage.messages.digest_slots import SlotRow, SlotState
from storage.messages.escalations import Contact
from storage.messages.outbox import NO_ANSWER, Notice
from storage.messages.preferences import Mode, Preference
from storage.messages.snoozes import Mute, Snooze
from storage.messages.told import Delivery
from storage.sharing.addressbook import Name
from storage.sharing.auto_accept import Trust
from storage.sharing.expiries import Expiry
from storage.sharing.invitations import Changes, Invitation, State
from storage.sharing.shares import Share
from storage.store import Store
from storage.transfers.transfers import Kind, Transfer, TransferState

__all__ = [
    "EVERYWHERE",
    "NO_ANSWER",
    "Account",
    "AccountKey",
    "Approval",
    "ApprovalState",
    "AuditFilter",
    "AuditRow",
    "Card",
    "Changes",
    "Contact",
    "Decision",
    "Delivery",
    "Expiry",
    "Grant",
    "Guarded",
    "Invitation",
    "Kind",
    "Mode",
    "Mute",
    "Name",
    "Notice",
    "PersonRow",
    "Policy",
    "Preference",
    "Role",
    "Rule",
    "Share",
    "SigningKey",
    "SlotRow",
    "SlotState",
    "Snooze",
    "State",
    "Store",
    "Subject",
    "Transfer",
    "TransferState",
    "Trust",
    "Verdict",
    "Vote",
    "new_key",
]
