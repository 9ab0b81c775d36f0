"""The record of what was done: written before it is done, closed after. Never edited, never cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.columns import maybe, moment, new_id, stamp
from storage.database import Database


@dataclass(frozen=True)
class AuditRow:
    at: datetime
    actor: str
    """`T1/U2`, or the job that acted."""
    action: str
    target: str
    account: str
    region: str
    detail: str
    outcome: str
    """`started`, `done`, or `failed: <name of the error>`."""
    ended_at: datetime | None


class Entry:
    """An entry that is open: what is learnt on the way may be noted."""

    def __init__(self, detail: str) -> None:
        self.detail = detail

    def note(self, text: str) -> None:
        self.detail = f"{self.detail}; {text}" if self.detail else text


class Audit:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @contextmanager
    def entry(
        self,
        actor: str,
        action: str,
        target: str,
        *,
        account: str = "",
        region: str = "",
        detail: str = "",
    ) -> Iterator[Entry]:
        """
        Do within what is to be on record. An error is written and goes on its way.

        An entry that stays `started` is one whose process died: its outcome is unknown.
        """
        entry = Entry(detail)
        entry_id = self._open(entry, actor, action, target, account, region)
        try:
            yield entry
        except BaseException as error:
            self._close(entry_id, entry, f"failed: {type(error).__name__}")
            raise
        self._close(entry_id, entry, "done")

    def recent(self, limit: int = 50) -> list[AuditRow]:
        """The newest entries first."""
        rows = self._db.rows(
            "select * from audit order by at desc, id desc limit :limit", {"limit": limit}
        )
        return [
            AuditRow(
                moment(row["at"]),
                row["actor"],
                row["action"],
                row["target"],
                row["account"],
                row["region"],
                row["detail"],
                row["outcome"],
                maybe(row["ended_at"]),
            )
            for row in rows
        ]

    def _open(
        self, entry: Entry, actor: str, action: str, target: str, account: str, region: str
    ) -> str:
        entry_id = new_id()
        self._db.execute(
            """insert into audit (id, at, actor, action, target, account, region, detail, outcome)
               values (:id, :now, :actor, :action, :target, :account, :region, :detail,
                       'started')""",
            {
                "id": entry_id,
                "now": stamp(self._clock()),
                "actor": actor,
                "action": action,
                "target": target,
                "account": account,
                "region": region,
                "detail": entry.detail,
            },
        )
        return entry_id

    def _close(self, entry_id: str, entry: Entry, outcome: str) -> None:
        self._db.execute(
            """update audit set outcome = :outcome, detail = :detail, ended_at = :now
               where id = :id and outcome = 'started'""",
            {
                "outcome": outcome,
                "detail": entry.detail,
                "now": stamp(self._clock()),
                "id": entry_id,
            },
        )
