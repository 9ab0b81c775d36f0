"""A row for each image shared with the bot, whose members are read when it is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.access.places import lane_of
from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.columns import site
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

    def looked(self, image: SharedImage, due_at: datetime) -> bool:
        """
        Release an image until its next look. False if another worker has it now.

        If it was made due meanwhile, it stays so.
        """
        return bool(
            self._db.execute(
                """update shared_images
                   set due_at = case when due_at = :seen then :due else due_at end,
                       claim = '', claimed_until = null, attempts = 0
                   where account_id = :account and region = :region and image_id = :image
                     and claim = :claim""",
                {
                    "seen": image.due_at,
                    "due": due_at,
                    "account": image.account_id,
                    "region": image.region,
                    "image": image.image_id,
                    "claim": image.claim,
                },
            )
        )

    def make_due_by_hints(self, cloud: str, region: str, image_ids: Collection[str]) -> int:
        """Have be looked at what a cloud says has changed, and count the rows."""
        named = {f"id_{n}": each for n, each in enumerate(sorted(image_ids))}
        if not named:
            return 0
        with self._db.transaction():
            changed = self._db.execute(
                f"""update shared_images set due_at = :now
                    where lane = :lane and (due_at > :now or claim <> '')
                      and image_id in (:{", :".join(named)})""",  # noqa: S608 - our own words
                {**named, "lane": lane_of(site(cloud), region), "now": self._clock()},
            )
            if changed:
                self.claims.wake()
        return changed

    def make_all_due(self) -> None:
        """Have all of them be looked at now."""
        self.reconcile()
        now = self._clock()
        self._db.execute("update shared_images set due_at = :now where due_at > :now", {"now": now})
        self.claims.wake()

    def reconcile(self) -> None:
        """Have a row for each image, also where an earlier release has shared it."""
        self._db.execute(FROM_SHARES)
