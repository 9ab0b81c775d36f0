"""Keys that we have set in object stores to sign temporary URLs with. Sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.clock import Clock
from storage.db import rotation
from storage.db.columns import parse_time, parse_time_or_none, to_text
from storage.db.database import Database
from storage.db.vault import Vault


@dataclass(frozen=True)
class SigningKey:
    slot: int
    """1 or 2: an object store holds two, so that one may be changed while the other is in use."""
    key: str = field(repr=False)
    set_at: datetime
    used_until: datetime | None
    """When the last URL ends that was signed with it; None if there was none."""


class SigningKeys:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault

    def get(self, store_url: str) -> SigningKey | None:
        """
        The key that we have set in this object store.

        Raises:
            Sealed: SECRET_KEYS no longer holds the key that it was sealed with.
        """
        rows = self._db.rows(
            "select * from signing_keys where store_url = :url", {"url": store_url}
        )
        if not rows:
            return None
        [row] = rows
        return SigningKey(
            slot=row["slot"],
            key=self._vault.open(row["sealed"])["key"],
            set_at=parse_time(row["set_at"]),
            used_until=parse_time_or_none(row["used_until"]),
        )

    def put(self, store_url: str, slot: int, key: str) -> None:
        """Remember a key before it is set there, so that none is set that nobody knows."""
        self._db.execute(
            """insert into signing_keys (store_url, slot, sealed, set_at, used_until)
               values (:url, :slot, :sealed, :now, null)
               on conflict (store_url) do update
               set slot = excluded.slot, sealed = excluded.sealed, set_at = excluded.set_at,
                   used_until = null""",
            {
                "url": store_url,
                "slot": slot,
                "sealed": self._vault.seal({"key": key}),
                "now": to_text(self._clock()),
            },
        )

    def used(self, store_url: str, until: datetime) -> None:
        """A URL was signed that is good until then."""
        self._db.execute(
            """update signing_keys set used_until = :until
               where store_url = :url and (used_until is null or used_until < :until)""",
            {"url": store_url, "until": to_text(until)},
        )

    def reseal(self) -> int:
        """Seal every key with the newest key of the vault, and count them."""
        return rotation.reseal(self._db, self._vault, "signing_keys", "sealed")
