"""Notifications to people, kept until Slack has them."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.clock import Clock
from storage.db.columns import new_id
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.vault import Vault
from storage.errors import Sealed
from storage.messages.conversations import Mail
from storage.work import displays

log = logging.getLogger(__name__)

PATIENT = 4
"""Attempts for which later messages of a conversation wait for one, about a minute: order is kept
unless it is the message that is the trouble."""
NO_ANSWER = "no_answer"
"""The outcome of an attempt if it is unknown: no answer came, or its worker died."""

DROPPED = "dropped"
"""An operator's word that it is not to be said."""


@dataclass(frozen=True)
class Notice:
    """One message that waits, as its worker has claimed it."""

    id: str
    team_id: str
    user_id: str
    channel: str | None
    """Where to post it; None for the person's conversation with the bot."""
    text: str
    blocks: Sequence[Mapping[str, Any]]
    attempts: int
    """How often it was claimed, this time included."""
    created_at: datetime
    error: str | None = None
    """The outcome of the last attempt."""
    reference: str | None = None
    """The reference of the request that caused it."""


@dataclass(frozen=True)
class Unsent:
    """One message that Slack does not have, as an operator sees it: without its words."""

    id: str
    team_id: str
    user_id: str
    channel: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    failed_at: datetime | None
    """When it was given up; None while it waits."""
    error: str | None


class Outbox:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._table = Table(
            db,
            "outbox",
            Notice,
            key=("dedupe_key",),
            fields={
                "text": lambda row: _said(row)["text"],
                "blocks": self._blocks,
            },
        )
        self._unsent = Table(db, "outbox", Unsent, key=("id",))
        self._clock = clock
        self._vault = vault
        self.mail = Mail(
            table="outbox",
            key="id",
            unsaid="sent_at is null and failed_at is null",
            ready=f"(attempts < {PATIENT} or due_at <= :due)",
            order="created_at, id",
            free="(claimed_until is null or claimed_until <= :now)",
            take=f"""claimed_until = :until, attempts = attempts + 1,
                error = case when claimed_until is null then error else '{NO_ANSWER}' end""",
            read=self._table.read,
            bulk="bulk",
        )

    def put(
        self,
        *,
        team_id: str,
        user_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]] = (),
        channel: str | None = None,
        dedupe_key: str | None = None,
        secret: bool = False,
        reference: str | None = None,
        bulk: bool = False,
    ) -> str:
        """
        Have this said. Gives its id; "" if something under that key was put before, said or not.

        Args:
            secret: whether the blocks hold what only its reader may see: they wait sealed, and are
                deleted once Slack has them, or will not have them.

            reference: of the request that caused it, for the log of the worker that delivers it.

            bulk: whether messages to others of the workspace are delivered before it.
        """
        now, notice_id = self._clock(), new_id()
        shown = list(blocks)
        new = self._table.insert_or_ignore(
            id=notice_id,
            team_id=team_id,
            user_id=user_id,
            channel=channel,
            message={"text": text, "blocks": [] if secret else shown},
            sealed=self._vault.seal({"blocks": shown}) if secret else None,
            dedupe_key=dedupe_key,
            reference=reference,
            bulk=bulk,
            created_at=now,
            due_at=now,
            attempts=0,
        )
        if new:
            self._db.notify(self.mail.table)
        return notice_id if new else ""

    def retry(self, notice_id: str, at: datetime, error: str, *, counted: bool = True) -> None:
        """
        Try it again, not before *at*: it could not be posted, or, not *counted*, had to wait.

        A message that only had to wait keeps the error of the attempt before.
        """
        self._db.execute(
            """update outbox set due_at = :at, claimed_until = null,
                   error = coalesce(case when :uncounted = 1 then error end, :error),
                   attempts = attempts - :uncounted
               where id = :id and sent_at is null""",
            {"at": at, "error": error, "id": notice_id, "uncounted": int(not counted)},
        )

    def fail(self, notice_id: str, error: str) -> None:
        """Give it up, because it can never be sent."""
        self._db.execute(
            """update outbox set failed_at = :now, claimed_until = null, error = :error,
                                 sealed = null
               where id = :id and sent_at is null""",
            {"now": self._clock(), "error": error, "id": notice_id},
        )

    def divert(self, notice_id: str, error: str) -> None:
        """Send it to its person, because it cannot be posted in its channel."""
        self._db.execute(
            """update outbox set channel = null, conversation = null, due_at = :now,
                                 claimed_until = null, error = :error, attempts = 0
               where id = :id and sent_at is null""",
            {"now": self._clock(), "error": error, "id": notice_id},
        )
        displays.diverted(self._db, notice_id)

    def is_pending(self, notice_id: str) -> bool:
        """Whether it is still to be posted."""
        row = self._db.rows(
            """select 1 as one from outbox
               where id = :id and sent_at is null and failed_at is null""",
            {"id": notice_id},
        )
        return bool(row)

    def unsent(self) -> list[Unsent]:
        """Give what Slack does not have, oldest first, but for what an operator dropped."""
        return self._unsent.where(
            "sent_at is null and coalesce(error, '') <> :dropped", {"dropped": DROPPED}
        )

    def send_again(self, notice_id: str) -> bool:
        """Have one that was given up said now, after all. False if it was not given up."""
        return bool(
            self._db.execute(
                """update outbox
                   set failed_at = null, due_at = :now, attempts = 0, claimed_until = null,
                       conversation = null
                   where id = :id and sent_at is null and failed_at is not null""",
                {"now": self._clock(), "id": notice_id},
            )
        )

    def drop(self, notice_id: str) -> bool:
        """
        Give one up that waits, or that was given up. False if it was sent, or is being sent now.

        Its row stays until it is pruned, so that nothing else is sent under its key.
        """
        return bool(
            self._db.execute(
                """update outbox set failed_at = :now, claimed_until = null, error = :dropped
                   where id = :id and sent_at is null
                     and (failed_at is not null or coalesce(claimed_until, '') < :now)""",
                {"now": self._clock(), "id": notice_id, "dropped": DROPPED},
            )
        )

    def waiting(self) -> int:
        """How many messages are still to be said."""
        [row] = self._db.rows(
            "select count(*) as n from outbox where sent_at is null and failed_at is null"
        )
        return int(row["n"])

    def prune(self, before: datetime) -> int:
        """Delete messages sent, or given up, before then."""
        return self._db.execute(
            """delete from outbox where created_at < :before
               and (sent_at is not null or failed_at is not null)""",
            {"before": before},
        )

    def _blocks(self, row: Row) -> list[dict[str, Any]]:
        """Return the blocks; none if they can no longer be decrypted."""
        if not row["sealed"]:
            return list(_said(row)["blocks"])
        try:
            return list(self._vault.open(row["sealed"])["blocks"])
        except Sealed:
            log.warning("message %s cannot be decrypted", row["id"])
            return []


def _said(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(row["message"])
    return said
