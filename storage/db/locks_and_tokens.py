"""Rows that work once: claims on an action, and tokens that are spent by being used."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from storage.clock import Clock
from storage.db.columns import column_reader, to_text
from storage.db.database import Database, Row
from storage.db.unreadable import ODD, Unreadable


class Once:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._process = secrets.token_hex(8)

    def claim(self, key: str, seconds: float) -> bool:
        """True for exactly one caller, until it releases it or *seconds* have passed."""
        now = self._clock()
        return bool(
            self._db.execute(
                """insert into once (key, payload, expires_at) values (:key, :holder, :until)
                   on conflict (key) do update
                   set payload = excluded.payload, expires_at = excluded.expires_at
                   where once.expires_at <= :now""",
                {
                    "key": f"claim:{key}",
                    "holder": self._holder(),
                    "until": now + timedelta(seconds=seconds),
                    "now": now,
                },
            )
        )

    def release(self, key: str) -> None:
        """Release this thread's claim; if it expired, the next one's claim is not touched."""
        self._db.execute(
            "delete from once where key = :key and payload = :holder",
            {"key": f"claim:{key}", "holder": self._holder()},
        )

    def issue(self, kind: str, payload: Mapping[str, Any], seconds: float) -> str:
        """A token that is good once, for *seconds*. Only its hash is kept."""
        token = secrets.token_urlsafe(32)
        self._db.execute(
            "insert into once (key, payload, expires_at) values (:key, :payload, :until)",
            {
                "key": _token_key(kind, token),
                "payload": payload,
                "until": self._clock() + timedelta(seconds=seconds),
            },
        )
        return token

    def redeem(self, kind: str, token: str) -> dict[str, Any] | None:
        """Spend a token, in one statement. None if it is unknown, spent or too old."""
        rows = self._db.rows(
            "delete from once where key = :key returning payload, expires_at",
            {"key": _token_key(kind, token)},
        )
        if not rows or rows[0]["expires_at"] <= to_text(self._clock()):
            return None
        return _payload(rows)

    def peek(self, kind: str, token: str) -> dict[str, Any] | None:
        """What a token is good for, without spending it. None as in redeem."""
        rows = self._db.rows(
            "select payload from once where key = :key and expires_at > :now",
            {"key": _token_key(kind, token), "now": self._clock()},
        )
        return _payload(rows)

    def remember(self, key: str, payload: Mapping[str, Any], seconds: float) -> None:
        """Keep something for a while under a key that is no secret."""
        self._db.execute(
            "insert into once (key, payload, expires_at) values (:key, :payload, :until)",
            {
                "key": f"kept:{key}",
                "payload": payload,
                "until": self._clock() + timedelta(seconds=seconds),
            },
        )

    def recall(self, key: str) -> dict[str, Any] | None:
        """Give what is kept under that key; None if nothing is, or no longer."""
        rows = self._db.rows(
            "select payload from once where key = :key and expires_at > :now",
            {"key": f"kept:{key}", "now": self._clock()},
        )
        return _payload(rows)

    def count(self, key: str, seconds: float, step: int = 1) -> int:
        """
        How often that has happened, this time included, in the *seconds* since it first did.

        Args:
            step: 0 to look only.
        """
        now = self._clock()
        [row] = self._db.rows(
            """insert into once (key, payload, expires_at) values (:key, :step, :until)
               on conflict (key) do update
               set payload = case when once.expires_at <= :now then excluded.payload
                             else cast(cast(once.payload as integer) + :by as text) end,
                   expires_at = case when once.expires_at <= :now then excluded.expires_at
                                else once.expires_at end
               returning payload""",
            {
                "key": f"count:{key}",
                "step": str(step),
                "by": step,
                "until": now + timedelta(seconds=seconds),
                "now": now,
            },
        )
        return int(row["payload"])

    def prune(self) -> int:
        """Forget what has lapsed."""
        return self._db.execute("delete from once where expires_at <= :now", {"now": self._clock()})

    def _holder(self) -> str:
        return f"{self._process}:{threading.get_ident()}"


_unreadable = Unreadable("none")
_mapping = column_reader(Mapping)


def _payload(rows: Sequence[Row]) -> dict[str, Any] | None:
    """None if there is none, or none that can be read."""
    try:
        return dict(_mapping(rows[0]["payload"])) if rows else None
    except ODD:
        _unreadable.log("a payload of once")
        return None


def _token_key(kind: str, token: str) -> str:
    return f"token:{kind}:{hashlib.sha256(token.encode()).hexdigest()}"
