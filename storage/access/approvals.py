"""
Requests for approval, and their votes.

Every step from one state to the next is one statement or one short transaction, so that nobody
votes twice, nobody approves what they asked for themself, and nothing is carried out twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table
from storage.errors import LostClaim
from storage.work import step_runs

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Characters of ids that people type: no two look alike."""


class ApprovalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    """To be carried out."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Approved, but it could not be done; nothing was changed."""
    UNKNOWN = "unknown"
    """It was broken off while it was being done."""
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True)
class Vote:
    user_id: str
    decision: Decision
    reason: str
    at: datetime
    channel_id: str = ""
    """Where it was given; a role may be that of a channel."""


@dataclass(frozen=True)
class Approval:
    """A request for approval."""

    id: str
    team_id: str
    user_id: str
    """Who asks."""
    account_id: str
    """The link with whose credentials it would be done; it may be gone by then."""
    key: AccountKey
    region: str
    action: str
    """As the audit names it."""
    target: str
    words: str
    """The operation in words."""
    request: Mapping[str, Any]
    """The request to answer again once it is approved."""
    because: str
    people: int
    """How many have to approve."""
    reason: bool
    """Whether they have to say why."""
    channel_id: str
    """Where they are asked; "" for direct messages."""
    state: ApprovalState
    outcome: str
    """How it ended, in words; "" before."""
    created_at: datetime
    expires_at: datetime
    remind_at: datetime
    reminders: int
    ended_at: datetime | None
    votes: tuple[Vote, ...] = ()
    """In the order in which they were given."""
    attempts: int = field(default=0, compare=False)
    claim: str = field(default="", repr=False)
    reference: str | None = None
    """The reference of the request that asked for it."""

    def said(self, decision: Decision) -> Sequence[Vote]:
        return [vote for vote in self.votes if vote.decision == decision]


def is_yes(vote: Vote) -> bool:
    return vote.decision == Decision.APPROVE


@dataclass(frozen=True)
class Terms:
    """The account's policy at the moment of a vote."""

    people: int
    """How many have to approve."""
    reason: bool
    """Whether they have to say why."""
    counts: Callable[[Vote], bool] = is_yes
    """Whether a vote is a yes that counts: who gave it may have lost the role since."""


class Approvals:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "approvals",
            Approval,
            key=("id",),
            order="created_at, id",
            fields={"votes": lambda row: tuple(self._votes.find(approval_id=row["id"]))},
        )
        self._votes = Table(db, "votes", Vote, key=("approval_id", "user_id"), order="at, user_id")
        self._clock = clock
        self.claims = Claims(
            db,
            clock,
            self._table,
            lane="cloud || ' ' || region",
            waiting="state in ('waiting', 'approved', 'running')",
        )

    def ask(
        self,
        *,
        team_id: str,
        user_id: str,
        account_id: str,
        key: AccountKey,
        region: str,
        action: str,
        target: str,
        words: str,
        request: Mapping[str, Any],
        because: str,
        people: int,
        reason: bool,
        channel_id: str,
        life: timedelta,
        first_reminder: timedelta,
        reference: str | None = None,
    ) -> tuple[Approval, bool]:
        """
        Ask for approval; False with the pending request if there is an equal one.

        The account's row keeps others from asking with it meanwhile: PostgreSQL would let two
        who ask the same at the same moment both find nothing that waits.

        Args:
            reference: of what asks for it, under which it is carried out.
        """
        now = self._clock()
        same = {
            "team_id": team_id,
            "user_id": user_id,
            "account_id": account_id,
            "action": action,
            "target": target,
        }
        with self._db.transaction():
            self._db.rows(
                f"select id from accounts where id = :account {self._db.row_lock}",  # noqa: S608
                {"account": account_id},
            )
            waiting = self._db.rows(_SAME, {**same, "now": now})
            approval_id = waiting[0]["id"] if waiting else _new_id()
            if not waiting:
                self._table.insert(
                    **same,
                    id=approval_id,
                    cloud=key.cloud,
                    project_id=key.project_id,
                    region=region,
                    words=words,
                    request=dict(sorted(request.items())),
                    because=because,
                    people=people,
                    reason=reason,
                    channel_id=channel_id,
                    state=ApprovalState.WAITING,
                    outcome="",
                    created_at=now,
                    expires_at=now + life,
                    remind_at=now + first_reminder,
                    reminders=0,
                    reference=reference,
                    due_at=now + min(life, first_reminder),
                    attempts=0,
                    claim="",
                )
        found = self.get(approval_id)
        if found is None:
            raise LookupError("the request was taken back in the same moment")
        return found, not waiting

    def get(self, approval_id: str) -> Approval | None:
        return self._table.get(id=approval_id)

    def waiting(self, team_id: str) -> list[Approval]:
        """Give the requests of a workspace that may still be decided, the oldest first."""
        return self._table.where(
            "team_id = :team and state = 'waiting' and expires_at > :now",
            {"team": team_id, "now": self._clock()},
        )

    def of(self, team_id: str, user_id: str, limit: int = 10) -> list[Approval]:
        """Give a person's latest requests, the newest first."""
        return self._table.where(
            "team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id, "limit": limit},
            "created_at desc, id limit :limit",
        )

    def vote(
        self,
        approval_id: str,
        user_id: str,
        decision: Decision,
        reason: str,
        *,
        channel_id: str = "",
        terms: Terms | None = None,
    ) -> tuple[Approval | None, bool]:
        """
        Say yes or no, once. One no ends it; the last yes that it takes has it carried out.

        Args:
            channel_id: where it is posted; "" for none.

            terms: what it takes now; None for what it took when it was asked for.

        Returns:
            The request as it is then, None if there is none; and whether this vote counted:
            not of who asked for it or has voted before, and not after it has ended.
        """
        vote = Vote(user_id, decision, reason, self._clock(), channel_id)
        with self._db.transaction():
            counted = self._counted(approval_id, vote, terms)
        return self.get(approval_id), counted

    def reopen(self, approval: Approval, people: int) -> bool:
        """
        Make an approved request pending again, because too few of its votes count now.

        False if `give_up` gave it up meanwhile.
        """
        return bool(
            self._table.update(
                {
                    "state": ApprovalState.WAITING,
                    "people": people,
                    "due_at": min(approval.remind_at, approval.expires_at),
                    "claim": "",
                },
                id=approval.id,
                state=ApprovalState.RUNNING,
                claim=approval.claim,
            )
        )

    def withdraw(self, approval_id: str, user_id: str) -> bool:
        """Withdraw one's own request, while it may still be decided. True if that was so."""
        with self._db.alone():
            withdrawn = self._table.update(
                {"state": ApprovalState.WITHDRAWN, "ended_at": self._clock(), "claim": ""},
                id=approval_id,
                user_id=user_id,
                state=ApprovalState.WAITING,
            )
            for row in withdrawn:
                self._refused(row["team_id"], user_id)
        return bool(withdrawn)

    def explain(self, approval_id: str, user_id: str, because: str) -> bool:
        """Give the reason of one's own request, once, while it may still be decided."""
        explained = self._table.update(
            {"because": because},
            id=approval_id,
            user_id=user_id,
            state=ApprovalState.WAITING,
            because="",
        )
        return bool(explained)

    def expire(self, approval: Approval) -> Approval:
        """End what nobody has decided in time."""
        return self._end_claimed(approval, ApprovalState.EXPIRED)

    def reminded(self, approval: Approval, first: timedelta) -> None:
        """
        Note that its approvers are reminded. Each pause is twice as long as the one before.

        Raises:
            storage.errors.LostClaim: it was decided meanwhile, or somebody else reminds them.
        """
        again = self._clock() + first * 2 ** (approval.reminders + 1)
        if not self.claims.release(
            approval,
            min(again, approval.expires_at),
            reminders=approval.reminders + 1,
            remind_at=again,
            attempts=0,
        ):
            raise LostClaim(approval.id)

    def let_wait(self, approval: Approval) -> None:
        """
        Release a pending request until its reminder or its end.

        Raises:
            storage.errors.LostClaim: it was decided meanwhile, or is to be looked at again.
        """
        due_at = min(approval.remind_at, approval.expires_at)
        if not self.claims.release(approval, due_at, attempts=0):
            raise LostClaim(approval.id)

    def make_due(self, approval_id: str) -> None:
        """Within a transaction: make a pending request due now, for any free worker."""
        now = {"due_at": self._clock(), "claim": "", "claimed_until": None}
        if self._table.update(now, id=approval_id, state=ApprovalState.WAITING):
            self.claims.wake()

    def start(self, approval: Approval) -> Approval:
        """
        Record that it is being carried out. A worker that claims it afterwards gives it up.

        Raises:
            storage.errors.LostClaim: somebody else does.
        """
        return self.claims.save(approval, state=ApprovalState.RUNNING)

    def end(self, approval: Approval, state: ApprovalState, outcome: str) -> bool:
        """Record the outcome of carrying it out. False if `give_up` gave it up meanwhile."""
        with self._db.alone():
            if state == ApprovalState.FAILED:
                self._refused(approval.team_id, approval.user_id)
            return bool(
                self._table.update(
                    {"state": state, "outcome": outcome, "ended_at": self._clock(), "claim": ""},
                    id=approval.id,
                    state=ApprovalState.RUNNING,
                    claim=approval.claim,
                )
            )

    def give_up(self, approval: Approval) -> Approval:
        """Record that carrying it out was interrupted: it may or may not have been done."""
        return self._end_claimed(approval, ApprovalState.UNKNOWN)

    def prune(self, before: datetime) -> int:
        """Forget what ended before then; the audit keeps what was done."""
        return self._db.execute(
            "delete from approvals where ended_at < :before", {"before": before}
        )

    def _end_claimed(self, approval: Approval, state: ApprovalState) -> Approval:
        """
        Raises:
            storage.errors.LostClaim: it was decided meanwhile, or somebody else ends it.
        """
        with self._db.alone():
            ended = self.claims.save(approval, state=state, ended_at=self._clock(), claim="")
            self._refused(ended.team_id, ended.user_id)
        return ended

    def _refused(self, team_id: str, user_id: str) -> None:
        """Have be looked at which steps of workflows waited for what will not be done."""
        step_runs.make_due(self._db, self._clock(), team_id=team_id, user_id=user_id)

    def _counted(self, approval_id: str, vote: Vote, terms: Terms | None) -> bool:
        """The first statement keeps all others waiting, so that the votes are counted once."""
        given = {"people": terms.people, "reason": int(terms.reason)} if terms else {}
        held = self._db.rows(
            """update approvals set people = coalesce(:people, people),
                   reason = coalesce(:reason, reason)
               where id = :id and state = 'waiting' and expires_at > :now and user_id <> :user
               returning people, team_id, user_id""",
            {"people": None, "reason": None, **given}
            | {"id": approval_id, "now": vote.at, "user": vote.user_id},
        )
        if not held or not self._votes.insert_or_ignore(approval_id=approval_id, **vars(vote)):
            return False
        counts = terms.counts if terms else is_yes
        if vote.decision == Decision.DENY:
            denied = {"state": ApprovalState.DENIED, "ended_at": vote.at, "claim": ""}
            self._table.update(denied, id=approval_id)
            self._refused(held[0]["team_id"], held[0]["user_id"])
        elif sum(map(counts, self._votes.find(approval_id=approval_id))) >= held[0]["people"]:
            approved = {"state": ApprovalState.APPROVED, "due_at": vote.at, "claim": ""}
            self._table.update(approved, id=approval_id)
            self.claims.wake()
        return True


_SAME = """
    select id from approvals
    where team_id = :team_id and user_id = :user_id and account_id = :account_id
      and action = :action and target = :target and state = 'waiting' and expires_at > :now"""


def _new_id() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(6))
