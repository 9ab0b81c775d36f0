"""Keys that the bot has set in object stores to sign temporary URLs, encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.clock import Clock
from storage.db import rotation
from storage.db.database import Database
from storage.db.table import Table
from storage.db.vault import Vault


@dataclass(frozen=True)
class SigningKey:
    slot: int
    """1 or 2: an object store holds two, so that one may be changed while the other is in use."""
    key: str = field(repr=False)
    set_at: datetime
    used_until: datetime | None
    """When the last URL that was signed with it expires; None if there is none."""


class SigningKeys:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._table = Table(
            db,
            "signing_keys",
            SigningKey,
            key=("store_url",),
            fields={"key": lambda row: vault.open(row["sealed"])["key"]},
        )
        self._clock = clock
        self._vault = vault

    def get(self, store_url: str) -> SigningKey | None:
        """
        Give the key that the bot has set in this object store.

        Raises:
            storage.errors.Sealed: SECRET_KEYS no longer holds the key that it was sealed with.
        """
        return self._table.get(store_url=store_url)

    def put(self, store_url: str, slot: int, key: str) -> None:
        """Keep a key. Do so before it is set there, or a key could be set that nobody knows."""
        self._table.upsert(
            store_url=store_url,
            slot=slot,
            sealed=self._vault.seal({"key": key}),
            set_at=self._clock(),
            used_until=None,
        )

    def used(self, store_url: str, until: datetime) -> None:
        """Note that a URL was signed which expires then."""
        self._db.execute(
            """update signing_keys set used_until = :until
               where store_url = :url and (used_until is null or used_until < :until)""",
            {"url": store_url, "until": until},
        )

    def reseal(self) -> int:
        """Seal every key with the newest key of the vault, and count them."""
        return rotation.reseal(self._db, self._vault, "signing_keys", "sealed")
