"""A row for each region of each linked account: its next check, and how the last one went."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from storage.access.breakers import Breakers
from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.columns import column_reader, site
from storage.db.database import Database
from storage.db.table import Table
from storage.db.unreadable import ODD

EVERY = timedelta(minutes=5)
"""How often a place is looked at while something happens there,"""
SELDOM = timedelta(minutes=15)
"""and at most how seldom while nothing does."""
SLOWER = 1.5
"""Factor by which the interval grows with each look that finds nothing."""
HINTED_GAP = timedelta(seconds=2)
"""Between two looks at a place, however often the cloud says that something happened there."""
LATELY = timedelta(minutes=1)
"""Opening a list causes no new look within this time of the last one."""


_SOON = "case when last_looked_at > :recent then :soon else :now end"
_OF_PROJECTS = "select id from accounts where project_id"
_OF_IMAGES = "select account_id from invitations where region = :region and image_id"


@dataclass(frozen=True)
class Place:
    """One region of one linked account, as its worker has claimed it."""

    account_id: str
    region: str
    lane: str
    """The cloud and the region: what breaks, and is bounded, together."""
    due_at: datetime
    interval_s: int
    last_looked_at: datetime | None
    last_answer: str
    """The name of the error; "" if there was none."""
    failures: int
    """Looks in a row that failed."""
    attempts: int
    claim: str = field(repr=False)
    shaky: bool = False
    """Whether its region has failed lately."""


class Places:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(
            db,
            "places",
            Place,
            key=("account_id", "region"),
            fields={"shaky": lambda _: False},
        )
        self.claims = Claims(db, clock, self._table, lane="lane")
        self.breakers = Breakers(db, clock)

    def claim(self, limit: int, per_lane: int) -> list[Place]:
        """
        Take up to *limit* places that are due, in regions that answer, for this worker alone.

        Of a region that did not answer for a while, one place is asked, to see.

        Args:
            per_lane: how many of one region of one cloud may be asked at once, by all workers.
        """
        with self._db.alone():
            now = self._clock()
            shaky = {each.lane: each.open_until for each in self.breakers.all()}
            silent = {lane: until for lane, until in shaky.items() if until}
            found = self.claims.claim(limit, per_lane=per_lane, without=tuple(silent))
            for lane, until in silent.items():
                if until <= now and len(found) < limit:
                    found += self.claims.claim(1, per_lane=1, lanes=[lane])
        return [replace(each, shaky=True) if each.lane in shaky else each for each in found]

    def looked(
        self,
        place: Place,
        *,
        news: bool,
        error: str = "",
        every: timedelta = EVERY,
        seldom: timedelta = SELDOM,
    ) -> bool:
        """
        Release a place until its next look. False if another worker has it now.

        If it was made due meanwhile, it stays so.

        Args:
            news: whether something has happened there.

            error: the name of what went wrong.
        """
        now = self._clock()
        interval = every if news else min(seldom, max(every, _interval(place) * SLOWER))
        spread = interval * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
        return bool(
            self._db.execute(
                """update places
                   set due_at = case when due_at = :seen then :due else due_at end,
                       interval_s = :interval, last_looked_at = :now, last_answer = :error,
                       failures = case when :error = '' then 0 else failures + 1 end,
                       claim = '', claimed_until = null, attempts = 0
                   where account_id = :account and region = :region and claim = :claim""",
                {
                    "seen": place.due_at,
                    "due": now + spread,
                    "interval": interval,
                    "now": now,
                    "error": error,
                    "account": place.account_id,
                    "region": place.region,
                    "claim": place.claim,
                },
            )
        )

    def make_due(self, account_id: str, region: str | None = None) -> int:
        """Have an account be looked at now, in that region or in all, and count the places."""
        return self._make_due(
            "account_id = :account and (:region = '' or region = :region)",
            {"account": account_id, "region": region or ""},
        )

    def make_due_if_not_seen_lately(self, account_ids: Sequence[str]) -> int:
        """Likewise, where nobody has looked within LATELY."""
        if not account_ids:
            return 0
        named = {f"account_{n}": each for n, each in enumerate(account_ids)}
        return self._make_due(
            f"""account_id in (:{", :".join(named)})
                and (last_looked_at is null or last_looked_at <= :lately)""",
            {**named, "lately": self._clock() - LATELY},
        )

    def make_due_by_hints(
        self,
        cloud: str,
        region: str,
        *,
        projects: Collection[str] = (),
        images: Collection[str] = (),
    ) -> int:
        """
        Have be looked at what a cloud says has changed, and count the places.

        A place that was looked at within HINTED_GAP waits for the rest of it. One that is being
        looked at is looked at again, for it may have been asked just before.

        Args:
            projects: account numbers whose invitations have changed.

            images: ids of images that have changed for everyone who was invited to them.
        """
        changed = self._hinted(cloud, region, _OF_PROJECTS, projects)
        return changed + self._hinted(cloud, region, _OF_IMAGES, images)

    def make_all_due(self) -> int:
        """Have everything be looked at now, also where no answer came, and count the places."""
        self.breakers.close_all()
        return self._make_due("true", {})

    def of(self, account_id: str) -> list[Place]:
        return self._table.find(account_id=account_id)

    def reconcile(self) -> None:
        """
        Have a row for each region that is to be looked at, and no other.

        They are kept when an account is linked or changed; but a process of an earlier release
        may have done that.
        """
        accounts = self._db.rows("select id, cloud, regions, region from accounts")
        wanted = {
            (row["id"], region): lane_of(row["cloud"], region)
            for row in accounts
            for region in ([row["region"]] if row["region"] else regions_of(row["regions"]))
        }
        known = {(each.account_id, each.region): each.lane for each in self._table.find()}
        for account_id, region in known.keys() - wanted.keys():
            self._table.delete(account_id=account_id, region=region)
        for place in [each for each, lane in wanted.items() if known.get(each) != lane]:
            _keep(self._db, *place, wanted[place], self._clock())

    def _hinted(self, cloud: str, region: str, concerned: str, ids: Collection[str]) -> int:
        now = self._clock()
        named = {f"id_{n}": each for n, each in enumerate(sorted(ids))}
        if not named:
            return 0
        with self._db.transaction():
            changed = self._db.execute(
                f"""update places set due_at = {_SOON}
                    where lane = :lane and (due_at > {_SOON} or claim <> '')
                      and account_id in ({concerned} in (:{", :".join(named)}))""",  # noqa: S608 - our own words
                {
                    **named,
                    "region": region,
                    "lane": lane_of(site(cloud), region),
                    "now": now,
                    "recent": now - HINTED_GAP,
                    "soon": now + HINTED_GAP,
                },
            )
            if changed:
                self.claims.wake()
        return changed

    def _make_due(self, condition: str, params: Mapping[str, object]) -> int:
        now = self._clock()
        changed = self._db.execute(
            f"update places set due_at = :now where due_at > :now and {condition}",  # noqa: S608 - our own words
            {**params, "now": now},
        )
        if changed:
            self.claims.wake()
        return changed


def keep(
    db: Database,
    account_id: str,
    cloud: str,
    regions: Sequence[str],
    now: datetime,
) -> None:
    """Within a transaction: have these regions of an account, and no others, be looked at now."""
    for row in db.rows(
        "select region from places where account_id = :account", {"account": account_id}
    ):
        if row["region"] not in regions:
            db.execute(
                "delete from places where account_id = :account and region = :region",
                {"account": account_id, "region": row["region"]},
            )
    for region in regions:
        _keep(db, account_id, region, lane_of(cloud, region), now)
    db.notify("places")


def lane_of(cloud: str, region: str) -> str:
    return f"{cloud} {region}"


def _keep(db: Database, account_id: str, region: str, lane: str, due_at: datetime) -> None:
    db.execute(
        """insert into places (account_id, region, lane, due_at, interval_s, last_answer,
                               failures, attempts, claim)
           select id, :region, :lane, :due, :every, '', 0, 0, '' from accounts where id = :account
           on conflict (account_id, region) do update
           set lane = excluded.lane, due_at = excluded.due_at""",
        {
            "account": account_id,
            "region": region,
            "lane": lane,
            "due": due_at,
            "every": EVERY,
        },
    )


def regions_of(held: str) -> Sequence[str]:
    """As a row of accounts has them; none if that cannot be read."""
    try:
        regions: Sequence[str] = _regions(held)
    except ODD:
        return ()
    return regions


_regions = column_reader(tuple[str, ...])


def _interval(place: Place) -> timedelta:
    return timedelta(seconds=place.interval_s)
