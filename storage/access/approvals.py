"""
What people have asked for that others are to approve, and who has said what.

Every step from one state to the next is one statement or one short transaction, so that nobody
votes twice, nobody approves what they asked for themself, and nothing is carried out twice.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.columns import parse_time, parse_time_or_none, to_text
from storage.db.database import Database, Row

LEASE = timedelta(minutes=5)
"""After which what was being carried out has been broken off, and nobody knows how far it came."""
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Of ids that people type: no two that look alike."""


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
    """What it is, as people read it."""
    request: Mapping[str, Any]
    """What is to be answered once it is approved."""
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
    claim: str = field(default="", repr=False)

    def said(self, decision: Decision) -> Sequence[Vote]:
        return [vote for vote in self.votes if vote.decision == decision]


class Approvals:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

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
    ) -> tuple[Approval, bool]:
        """
        Ask for approval; False with the one that waits already if that is just the same.

        The account's row keeps others from asking with it meanwhile: PostgreSQL would let two
        who ask the same at the same moment both find nothing that waits.
        """
        now = self._clock()
        same = {"team": team_id, "user": user_id, "account": account_id, "action": action}
        row = {
            **same,
            "id": _new_id(),
            "cloud": key.cloud,
            "project": key.project_id,
            "region": region,
            "target": target,
            "words": words,
            "request": json.dumps(dict(request), sort_keys=True),
            "because": because,
            "people": people,
            "reason": int(reason),
            "channel": channel_id,
            "now": to_text(now),
            "expires": to_text(now + life),
            "remind": to_text(now + first_reminder),
        }
        with self._db.transaction():
            self._db.rows(
                f"select id from accounts where id = :account {self._db.row_lock}",  # noqa: S608
                {"account": account_id},
            )
            waiting = self._db.rows(_SAME, {**same, "target": target, "now": to_text(now)})
            if not waiting:
                self._db.execute(_ASK, row)
        found = self.get(waiting[0]["id"] if waiting else str(row["id"]))
        if found is None:
            raise LookupError("the request was taken back in the same moment")
        return found, not waiting

    def get(self, approval_id: str) -> Approval | None:
        found = self._where("id = :id", {"id": approval_id})
        return found[0] if found else None

    def waiting(self, team_id: str) -> list[Approval]:
        """Those of a workspace that somebody may still decide, the oldest first."""
        return self._where(
            "team_id = :team and state = 'waiting' and expires_at > :now",
            {"team": team_id, "now": to_text(self._clock())},
        )

    def of(self, team_id: str, user_id: str, limit: int = 10) -> list[Approval]:
        """What a person asked for last, the newest first."""
        return self._where(
            "team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id, "limit": limit},
            "created_at desc, id limit :limit",
        )

    def vote(
        self, approval_id: str, user_id: str, decision: Decision, reason: str
    ) -> tuple[Approval | None, bool]:
        """
        Say yes or no, once. One no ends it; the last yes that it takes has it carried out.

        Returns:
            The request as it is then, None if there is none; and whether this vote counted:
            not of who asked for it or has voted before, and not after it has ended.
        """
        now = to_text(self._clock())
        with self._db.transaction():
            counted = self._counted(approval_id, user_id, decision, reason, now)
        return self.get(approval_id), counted

    def withdraw(self, approval_id: str, user_id: str) -> bool:
        """By who asked for it, while it waits."""
        return bool(
            self._db.execute(
                """update approvals set state = 'withdrawn', ended_at = :now
                   where id = :id and user_id = :user and state = 'waiting'""",
                {"id": approval_id, "user": user_id, "now": to_text(self._clock())},
            )
        )

    def expire(self) -> list[Approval]:
        """End what nobody has decided in time; each is told to one caller only."""
        now = to_text(self._clock())
        rows = self._db.rows(
            """update approvals set state = 'expired', ended_at = :now
               where state = 'waiting' and expires_at <= :now returning id""",
            {"now": now},
        )
        return self._all(rows)

    def remind(self, first: timedelta) -> list[Approval]:
        """
        Those whose approvers are to be reminded now, each for one caller only.

        Each pause is twice as long as the one before.
        """
        now = self._clock()
        due = self._where(
            "state = 'waiting' and remind_at <= :now and expires_at > :now", {"now": to_text(now)}
        )
        return [
            each for each in due if self._reminded(each, now + first * 2 ** (each.reminders + 1))
        ]

    def claim(self, limit: int = 10) -> list[Approval]:
        """Take what is approved, to carry it out. Nobody is ever given it again."""
        now = self._clock()
        rows = self._db.rows(
            f"""with free as materialized (
                    select id from approvals where state = 'approved'
                    order by created_at, id limit :limit {self._db.free_rows})
                update approvals set state = 'running', claim = :claim, claimed_until = :until
                where id in (select id from free) and state = 'approved' returning id""",  # noqa: S608 - our own words
            {
                "claim": secrets.token_hex(8),
                "until": to_text(now + LEASE),
                "limit": limit,
            },
        )
        return self._all(rows)

    def end(self, approval: Approval, state: ApprovalState, outcome: str) -> bool:
        """How carrying it out has ended; False if it was given up meanwhile."""
        return bool(
            self._db.execute(
                """update approvals set state = :state, outcome = :outcome, ended_at = :now,
                                        claim = ''
                   where id = :id and state = 'running' and claim = :held""",
                {
                    "state": state.value,
                    "outcome": outcome,
                    "now": to_text(self._clock()),
                    "id": approval.id,
                    "held": approval.claim,
                },
            )
        )

    def give_up(self) -> list[Approval]:
        """What was broken off while it was carried out: it may or may not have been done."""
        now = to_text(self._clock())
        rows = self._db.rows(
            """update approvals set state = 'unknown', ended_at = :now, claim = ''
               where state = 'running' and claimed_until <= :now returning id""",
            {"now": now},
        )
        return self._all(rows)

    def prune(self, before: datetime) -> int:
        """Forget what ended before then; the audit keeps what was done."""
        return self._db.execute(
            "delete from approvals where ended_at < :before", {"before": to_text(before)}
        )

    def _counted(
        self, approval_id: str, user_id: str, decision: Decision, reason: str, now: str
    ) -> bool:
        """The first statement keeps all others waiting, so that the votes are counted once."""
        held = self._db.rows(
            """update approvals set state = state
               where id = :id and state = 'waiting' and expires_at > :now and user_id <> :user
               returning people""",
            {"id": approval_id, "now": now, "user": user_id},
        )
        vote = {"id": approval_id, "user": user_id, "decision": decision.value, "reason": reason}
        if not held or not self._db.execute(_VOTE, {**vote, "now": now}):
            return False
        [votes] = self._db.rows(
            "select count(*) as n from votes where approval_id = :id and decision = 'approve'",
            {"id": approval_id},
        )
        if decision == Decision.DENY:
            self._db.execute(_DENIED, {"id": approval_id, "now": now})
        elif votes["n"] >= held[0]["people"]:
            self._db.execute(
                "update approvals set state = 'approved' where id = :id", {"id": approval_id}
            )
        return True

    def _reminded(self, approval: Approval, again: datetime) -> bool:
        return bool(
            self._db.execute(
                """update approvals set reminders = reminders + 1, remind_at = :again
                   where id = :id and state = 'waiting' and reminders = :seen""",
                {"id": approval.id, "again": to_text(again), "seen": approval.reminders},
            )
        )

    def _all(self, rows: Sequence[Row]) -> list[Approval]:
        found = (self.get(row["id"]) for row in rows)
        return [approval for approval in found if approval]

    def _where(
        self, condition: str, params: Mapping[str, Any], order: str = "created_at, id"
    ) -> list[Approval]:
        rows = self._db.rows(
            f"select * from approvals where {condition} order by {order}",  # noqa: S608 - our own words
            params,
        )
        return [_approval(row, self._votes(row["id"])) for row in rows]

    def _votes(self, approval_id: str) -> tuple[Vote, ...]:
        rows = self._db.rows(
            "select * from votes where approval_id = :id order by at, user_id", {"id": approval_id}
        )
        return tuple(
            Vote(row["user_id"], Decision(row["decision"]), row["reason"], parse_time(row["at"]))
            for row in rows
        )


_SAME = """
    select id from approvals
    where team_id = :team and user_id = :user and account_id = :account and action = :action
      and target = :target and state = 'waiting' and expires_at > :now"""
_ASK = """
    insert into approvals (id, team_id, user_id, account_id, cloud, project_id, region, action,
                           target, words, request, because, people, reason, channel_id, state,
                           outcome, created_at, expires_at, remind_at, reminders, claim)
    values (:id, :team, :user, :account, :cloud, :project, :region, :action, :target, :words,
            :request, :because, :people, :reason, :channel, 'waiting', '', :now, :expires,
            :remind, 0, '')"""
_VOTE = """
    insert into votes (approval_id, user_id, decision, reason, at)
    values (:id, :user, :decision, :reason, :now) on conflict (approval_id, user_id) do nothing"""
_DENIED = "update approvals set state = 'denied', ended_at = :now where id = :id"


def _new_id() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(6))


def _approval(row: Row, votes: tuple[Vote, ...]) -> Approval:
    return Approval(
        id=row["id"],
        team_id=row["team_id"],
        user_id=row["user_id"],
        account_id=row["account_id"],
        key=AccountKey(row["team_id"], row["cloud"], row["project_id"]),
        region=row["region"],
        action=row["action"],
        target=row["target"],
        words=row["words"],
        request=json.loads(row["request"]),
        because=row["because"],
        people=row["people"],
        reason=bool(row["reason"]),
        channel_id=row["channel_id"],
        state=ApprovalState(row["state"]),
        outcome=row["outcome"],
        created_at=parse_time(row["created_at"]),
        expires_at=parse_time(row["expires_at"]),
        remind_at=parse_time(row["remind_at"]),
        reminders=row["reminders"],
        ended_at=parse_time_or_none(row["ended_at"]),
        votes=votes,
        claim=row["claim"],
    )
