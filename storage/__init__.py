"""What we remember, in SQLite or PostgreSQL. Knows neither Slack nor the cloud."""

from storage.accounts import Account
from storage.approvals import Approval, ApprovalState, Decision, Vote
from storage.audit import AuditFilter, AuditRow
from storage.cards import Card
from storage.chain import Verdict
from storage.contacts import Contact
from storage.digests import SlotRow, SlotState
from storage.invitations import Changes, Invitation, State
from storage.names import Name
from storage.outbox import NO_ANSWER, Notice
from storage.people import PersonRow
from storage.policies import Guarded, Policy, Rule
from storage.preferences import Mode, Preference
from storage.rights import Grant
from storage.roles import EVERYWHERE, AccountKey, Role, Subject
from storage.signing_keys import SigningKey
from storage.snoozes import Mute, Snooze
from storage.store import Store
from storage.told import Telling
from storage.transfers import Kind, Transfer, TransferState
from storage.trusted import Trust
from storage.vault import new_key

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
    "SigningKey",
    "SlotRow",
    "SlotState",
    "Snooze",
    "State",
    "Store",
    "Subject",
    "Telling",
    "Transfer",
    "TransferState",
    "Trust",
    "Verdict",
    "Vote",
    "new_key",
]
