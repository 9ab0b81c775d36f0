"""
Take what waits to be said, whatever its conversation, as workers of the release before do.

Workers of this one claim conversations, and of each its next message; tests look at all that waits.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from storage import AUTO_ACCEPT_JOB, Card, Notice, Store
from storage.db.unreadable import UnreadableRow
from storage.messages.conversations import Mail
from storage.messages.news import MISSING
from storage.work import displays

M = TypeVar("M")
LEASE = timedelta(minutes=5)


def notices(store: Store, limit: int = 20, lease: timedelta = LEASE) -> list[Notice]:
    """Claim up to *limit* messages that are due, oldest first."""
    return _take(store, store.outbox.mail, limit, lease)


def cards(store: Store, limit: int = 20, lease: timedelta = LEASE) -> list[Card]:
    """Likewise cards that do not show what they should."""
    return _take(store, store.cards.mail, limit, lease)


def sent(store: Store, notice_id: str, ts: str = "1.1") -> None:
    """Note that Slack has it."""
    store._db.execute(
        """update outbox set sent_at = :now, ts = :ts, claimed_until = null, sealed = null
           where id = :id""",
        {"id": notice_id, "now": store._clock(), "ts": ts},
    )
    displays.sent(store._db, [{"id": notice_id, "ts": ts}])


def _take(store: Store, mail: Mail[M], limit: int, lease: timedelta) -> list[M]:
    now, key = store._clock(), mail.key
    rows = store._db.rows(
        f"""with free as materialized (
                select {key} from {mail.table}
                where {mail.waits} and due_at <= :now and {mail.free}
                order by due_at, {key} limit :limit {store._db.free_rows})
            update {mail.table} set {mail.take}
            where {key} in (select {key} from free) returning *""",  # noqa: S608 - our own words
        {"now": now, "until": now + lease, "limit": limit, "token": secrets.token_hex(8)},
    )
    found = []
    for row in sorted(rows, key=lambda row: (row["due_at"], row[key])):
        with suppress(UnreadableRow):
            found.append(mail.read(row))
    return found


def undrawn(store: Store) -> int:
    """Count the cards that do not show what they should."""
    [row] = store._db.rows(
        "select count(*) as n from cards where drawn < version and failed_at is null"
    )
    return int(row["n"])


def missing(store: Store) -> list[tuple[str, str]]:
    """Give the people, by team and id, who may have to be notified of something at once."""
    rows = store._db.rows(
        f"select distinct team_id, user_id from ({MISSING}) as missing order by 1, 2",  # noqa: S608
        {"now": store._clock(), "job": AUTO_ACCEPT_JOB},
    )
    return [(row["team_id"], row["user_id"]) for row in rows]
