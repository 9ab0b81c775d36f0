"""
The database, SQLite or PostgreSQL. It depends on neither Slack nor the cloud.

Import values from here, errors from `storage.errors`, and the clock from `storage.clock`; what is
kept is read and changed through a `Store`.
"""

from storage.access.accounts import Account
from storage.access.approvals import Approval, ApprovalState, Decision, Terms, Vote
from storage.access.grants import Grant
from storage.access.people import LEFT, PersonRow, Profile
from storage.access.places import Place
from storage.access.policies import MAX_PEOPLE, STRICTEST, Guarded, Policy, Rule
from storage.access.roles import EVERYWHERE, AccountKey, Role, Subject, highest, lowest
from storage.access.signing_keys import SigningKey
from storage.access.slack_troubles import SlackTrouble
from storage.audit.audit import Audit, AuditFilter, AuditRow, Entry, Reader, Stage
from storage.db.chain import Verdict
from storage.db.claims import Claimed, Claims
from storage.db.database import LEASE
from storage.db.listening import Listening
from storage.db.vault import Vault, new_key
from storage.messages.cards import LIMITED, Card, CardCopy
from storage.messages.conversations import PACE, Conversation, Conversations, Served, Turn
from storage.messages.delivered import AUTO_ACCEPT_JOB, Delivery, InvitationKey, invitation_key
from storage.messages.digest_slots import SlotRow, SlotState, digest_key
from storage.messages.escalations import Contact, ContactDue
from storage.messages.news import PersonWithNews
from storage.messages.outbox import NO_ANSWER, PATIENT, Notice, Unsent
from storage.messages.preferences import ALL_ACCOUNTS, Mode, Preference, as_settings, from_settings
from storage.messages.snoozes import Mute, Snooze, fingerprint
from storage.sharing.addressbook import Name, PastName
from storage.sharing.auto_accept import Trust
from storage.sharing.expiries import Expiry
from storage.sharing.invitations import Changes, Invitation, State
from storage.sharing.shared_images import SharedImage
from storage.sharing.shares import Share
from storage.store import Store
from storage.transfers.figures import CountDue
from storage.transfers.transfers import Kind, Transfer, TransferState
from storage.work.digest_schedules import DigestSchedule, Slot
from storage.work.displays import (
    Display,
    DisplayKind,
    Drawing,
    of_account,
    of_groups,
    of_link,
    of_person,
)
from storage.work.overview import KINDS, Backlog, WorkRow
from storage.work.step_runs import StepRun
from storage.work.ticks import Tick, Timetable

__all__ = [
    "ALL_ACCOUNTS",
    "AUTO_ACCEPT_JOB",
    "EVERYWHERE",
    "KINDS",
    "LEASE",
    "LEFT",
    "LIMITED",
    "MAX_PEOPLE",
    "NO_ANSWER",
    "PACE",
    "PATIENT",
    "STRICTEST",
    "Account",
    "AccountKey",
    "Approval",
    "ApprovalState",
    "Audit",
    "AuditFilter",
    "AuditRow",
    "Backlog",
    "Card",
    "CardCopy",
    "Changes",
    "Claimed",
    "Claims",
    "Contact",
    "ContactDue",
    "Conversation",
    "Conversations",
    "CountDue",
    "Decision",
    "Delivery",
    "DigestSchedule",
    "Display",
    "DisplayKind",
    "Drawing",
    "Entry",
    "Expiry",
    "Grant",
    "Guarded",
    "Invitation",
    "InvitationKey",
    "Kind",
    "Listening",
    "Mode",
    "Mute",
    "Name",
    "Notice",
    "PastName",
    "PersonRow",
    "PersonWithNews",
    "Place",
    "Policy",
    "Preference",
    "Profile",
    "Reader",
    "Role",
    "Rule",
    "Served",
    "Share",
    "SharedImage",
    "SigningKey",
    "SlackTrouble",
    "Slot",
    "SlotRow",
    "SlotState",
    "Snooze",
    "Stage",
    "State",
    "StepRun",
    "Store",
    "Subject",
    "Terms",
    "Tick",
    "Timetable",
    "Transfer",
    "TransferState",
    "Trust",
    "Turn",
    "Unsent",
    "Vault",
    "Verdict",
    "Vote",
    "WorkRow",
    "as_settings",
    "digest_key",
    "fingerprint",
    "from_settings",
    "highest",
    "invitation_key",
    "lowest",
    "new_key",
    "of_account",
    "of_groups",
    "of_link",
    "of_person",
]
