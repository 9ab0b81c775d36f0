"""Images that were shared with the bot: a row each, of which it is looked what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table

FROM_SHARES = """
    insert into shared_images (account_id, region, image_id, lane, due_at, attempts, claim)
    select account_id, region, image_id, min(cloud || ' ' || region), min(shared_at), 0, ''
    from shares where true group by account_id, region, image_id
    on conflict do nothing"""
"""A row for each image that is shared and has none."""


@dataclass(frozen=True)
class SharedImage:
    """One image that one link has shared, as its worker has claimed it."""

    account_id: str
    region: str
    image_id: str
    lane: str
    """The cloud and the region."""
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)


class SharedImages:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(
            db, "shared_images", SharedImage, key=("account_id", "region", "image_id")
        )
        self.claims = Claims(db, clock, self._table, lane="lane")

    def claim(self, limit: int, per_lane: int, silent: Sequence[str]) -> list[SharedImage]:
        """
        Take up to *limit* images that are due, for this worker alone.

        Args:
            per_lane: how many of one region of one cloud may be looked at at once.

            silent: the regions that do not answer now.
        """
        return self.claims.claim(limit, per_lane=per_lane, without=silent)

    def make_all_due(self) -> None:
        """Have all of them be looked at now."""
        self.reconcile()
        now = self._clock()
        self._db.execute("update shared_images set due_at = :now where due_at > :now", {"now": now})
        self.claims.wake()

    def reconcile(self) -> None:
        """Have a row for each image, also where an earlier release has shared it."""
        self._db.execute(FROM_SHARES)
