"""
Transfers, which take longer than an answer: exports, imports, copies, snapshots, launches.

Each is a row with its plan, which never changes, and a memory of the results of its steps. It
is worked on by the worker that holds its claim, and no other: writes without it are refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table
from storage.errors import LostClaim

Json = Mapping[str, Any]
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 8
"""Short enough to type. Where two would be alike, another one is drawn."""


class Kind(StrEnum):
    """What a transfer does."""

    EXPORT = "export"
    IMPORT = "import"
    COPY = "copy"
    SNAPSHOT = "snapshot"
    LAUNCH = "launch"


class TransferState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Transfer:
    """One transfer as it was last saved."""

    id: str
    """Eight characters that people type."""
    kind: Kind
    team_id: str
    user_id: str
    account_id: str
    """The bot's own id of the linked account; it may be unlinked since."""
    account: str
    """The account number."""
    region: str
    title: str
    """The image, object or server that it is about."""
    step: str
    """The engine's word for where it is; "" at first."""
    plan: Json
    """The plan."""
    memory: Json
    """Results of the steps: a task's id, segments, bytes done."""
    result: Json
    """The result, kept after the cloud has deleted the task."""
    state: TransferState
    error: str
    """The name of what made it fail; "" if nothing did."""
    words: str
    """The same in words, for people."""
    created_at: datetime
    step_at: datetime
    """When the step began."""
    due_at: datetime
    """When it is to be looked at next."""
    ended_at: datetime | None
    attempts: int
    """Attempts in a row that failed, including the current one."""
    claim: str = field(repr=False)
    """The token that allows saving; "" if nobody has claimed it."""
    stopped_by: str | None = None
    """The Slack user who wants it to end; None while nobody does."""
    reference: str | None = None
    """The reference of the request that started it."""


class Transfers:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(db, "transfers", Transfer, key=("id",), order="created_at, id")
        self._clock = clock
        self.claims = Claims(db, clock, self._table, lane="lane", waiting="state = 'running'")

    def begin(
        self,
        *,
        click: str,
        key: str,
        kind: Kind,
        team_id: str,
        user_id: str,
        account_id: str,
        account: str,
        region: str,
        title: str,
        plan: Json,
        reference: str | None = None,
    ) -> tuple[Transfer, bool]:
        """
        Begin a transfer, and say whether it is a new one.

        Args:
            click: what asked for it. The same click never begins a second one.

            key: what it is about. While one with it runs, that one is given instead.

            reference: of the request that started it, for the log of the worker.
        """
        asked = {
            "click": click,
            "about": key,
            "kind": kind,
            "team": team_id,
            "user": user_id,
            "account_id": account_id,
            "account": account,
            "region": region,
            "title": title,
            "plan": plan,
            "reference": reference,
            "now": self._clock(),
        }
        while True:
            if rows := self._db.rows(_BEGIN, {**asked, "id": _new_id()}):
                self.claims.wake()
                return self._table.read(rows[0]), True
            if rows := self._db.rows(_BEGUN, {"click": click, "about": key}):
                return self._table.read(rows[0]), False
            # The conflicting transfer ended just now, or the id was taken: try again.

    def make_all_due(self) -> None:
        """Have all that run be looked at now."""
        self._db.execute(
            "update transfers set due_at = :now where state = 'running' and due_at > :now",
            {"now": self._clock()},
        )
        self.claims.wake()

    def renew(self, transfer: Transfer) -> bool:
        """Hold the claim for another lease from now on. False if somebody else has it: stop."""
        return bool(self.claims.renew([transfer]))

    def save(
        self,
        transfer: Transfer,
        *,
        step: str | None = None,
        memory: Json | None = None,
        due_at: datetime | None = None,
        attempts: int | None = None,
        release: bool = False,
    ) -> Transfer:
        """
        Save the progress; what is None stays unchanged.

        Args:
            release: release the claim, too.

        Raises:
            storage.errors.LostClaim: another worker has it, and nothing was saved.
        """
        now = self._clock()
        moved = step is not None and step != transfer.step
        changes: dict[str, Any] = {
            "step": step,
            "step_at": now if moved else None,
            "memory": memory,
            "due_at": due_at,
            "attempts": attempts,
            "claim": "" if release else None,
        }
        return self._change(transfer, {k: v for k, v in changes.items() if v is not None})

    def end(
        self,
        transfer: Transfer,
        state: TransferState,
        *,
        result: Json | None = None,
        error: str = "",
        words: str = "",
    ) -> Transfer:
        """
        It is done, or has failed.

        Raises:
            storage.errors.LostClaim: another worker has it, and nothing was saved.
        """
        changes = {
            "state": state,
            "result": result or {},
            "error": error,
            "words": words,
            "ended_at": self._clock(),
            "attempts": 0,
            "claim": "",
        }
        return self._change(transfer, changes)

    def stop(self, transfer_id: str, user_id: str) -> bool:
        """Have it end at its next step, which is due now. False if it has ended."""
        return bool(
            self._db.execute(
                """update transfers set stopped_by = :user, due_at = :now
                   where id = :id and state = 'running'""",
                {"user": user_id, "now": self._clock(), "id": transfer_id},
            )
        )

    def get(self, transfer_id: str) -> Transfer | None:
        return self._table.get(id=transfer_id)

    def of(self, team_id: str, user_id: str, limit: int = 20) -> list[Transfer]:
        """A person's transfers, the newest first."""
        return self._table.where(
            "team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id, "limit": limit},
            "created_at desc, id limit :limit",
        )

    def running(self) -> list[Transfer]:
        """All that have not ended, the oldest first."""
        return self._table.find(state=TransferState.RUNNING)

    def prune(self, before: datetime) -> int:
        """Forget what ended before then."""
        return self._db.execute(
            "delete from transfers where ended_at < :before", {"before": before}
        )

    def _change(self, transfer: Transfer, changes: dict[str, Any]) -> Transfer:
        rows = []
        if transfer.claim:
            changes["updated_at"] = self._clock()
            rows = self._table.update(changes, id=transfer.id, claim=transfer.claim)
        if not rows:
            raise LostClaim(transfer.id)
        return self._table.read(rows[0])


_BEGIN = """
    insert into transfers (id, click, about, kind, team_id, user_id, account_id, account, region,
                           title, step, plan, memory, result, state, error, words, created_at,
                           updated_at, step_at, look_at, due_at, attempts, claim, reference, lane)
    values (:id, :click, :about, :kind, :team, :user, :account_id, :account, :region, :title, '',
            :plan, '{}', '{}', 'running', '', '', :now, :now, :now, :now, :now, 0, '', :reference,
            coalesce((select cloud from accounts where id = :account_id), '') || ' ' || :region)
    on conflict do nothing
    returning *"""
_BEGUN = """
    select * from transfers where click = :click or (about = :about and state = 'running')
    order by case when click = :click then 0 else 1 end limit 1"""


def _new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
