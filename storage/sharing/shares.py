"""The shares that people made with the bot and did not end, with the consumers' answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.access.accounts import Account
from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table
from storage.work import displays, step_runs

PENDING = "pending"
FIRST_LOOK = timedelta(minutes=1)
"""After a share is made; nobody answers sooner."""
_KEY = ("team_id", "cloud", "region", "image_id", "number")


@dataclass(frozen=True)
class Share:
    """One image of one account, shared with one other."""

    team_id: str
    cloud: str
    region: str
    image_id: str
    number: str
    """Account number of the consumer."""
    account_id: str
    """The link by which it was shared."""
    user_id: str
    """Who shared it."""
    project_id: str
    """Account number of the producer."""
    image_name: str
    status: str
    """The consumer's answer: `pending`, `accepted` or `rejected`, as the cloud last said."""
    shared_at: datetime
    answered_at: datetime | None = None
    reminded_at: datetime | None = None
    """When the consumer was last reminded by the producer."""
    told_at: datetime | None = None
    """When the producer was last notified that it is still pending."""

    @property
    def key(self) -> AccountKey:
        return AccountKey(self.team_id, self.cloud, self.project_id)

    def waits(self, since: datetime, told: datetime) -> bool:
        """Whether it is pending since *since*, and its producer not notified of it after *told*."""
        quiet = self.told_at is None or self.told_at <= told
        return self.status == PENDING and self.shared_at <= since and quiet


class Shares:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "shares",
            Share,
            key=_KEY,
            order="account_id, region, image_id, shared_at, number",
        )
        self._clock = clock

    def put(
        self, account: Account, user_id: str, region: str, image_id: str, name: str, number: str
    ) -> None:
        """Note that an image is shared now. Shared again, it is pending again."""
        with self._db.alone():
            self._table.upsert(
                if_new={"project_id": account.project_id},
                team_id=account.team_id,
                cloud=account.cloud,
                region=region,
                image_id=image_id,
                number=number,
                account_id=account.id,
                user_id=user_id,
                image_name=name,
                status=PENDING,
                shared_at=self._clock(),
                answered_at=None,
                reminded_at=None,
                told_at=None,
            )
            self._look_at(account, region, image_id)
            self._changed(account.key, image_id)

    def forget(self, team_id: str, cloud: str, region: str, image_id: str, number: str) -> bool:
        """Remove a share that has ended. True if it was known."""
        share = {
            "team_id": team_id,
            "cloud": cloud,
            "region": region,
            "image_id": image_id,
            "number": number,
        }
        with self._db.alone():
            for known in self._table.find(**share):
                self._changed(known.key, image_id)
            return self._table.delete(**share)

    def answered(self, share: Share, status: str, at: datetime) -> bool:
        """Note the consumer's answer. True for one caller, if it is news."""
        with self._db.alone():
            news = self._db.execute(
                f"""update shares set status = :status, answered_at = :at
                    where {_ONE} and status <> :status""",  # noqa: S608 - our own words
                {**_key(share), "status": status, "at": at},
            )
            if news:
                self._changed(share.key, share.image_id)
        return bool(news)

    def of_link(self, account_id: str, region: str, image_id: str) -> list[Share]:
        """Give the shares of one image that were made by one link."""
        return self._table.find(account_id=account_id, region=region, image_id=image_id)

    def of_account(self, key: AccountKey) -> list[Share]:
        """Give the shares of an account's images, from any of its links."""
        return self._table.find(key=key)

    def of_image(self, team_id: str, cloud: str, region: str, image_id: str) -> list[Share]:
        return self._table.find(team_id=team_id, cloud=cloud, region=region, image_id=image_id)

    def with_consumer(self, cloud: str, region: str, image_id: str, number: str) -> list[Share]:
        """Give one share, as each workspace that made it knows it."""
        return self._table.find(cloud=cloud, region=region, image_id=image_id, number=number)

    def waiting(self, team_id: str, user_id: str, since: datetime, told: datetime) -> list[Share]:
        """Give those of a producer that wait, as `Share.waits` says."""
        mine = self._table.find(team_id=team_id, user_id=user_id, status=PENDING)
        return [each for each in mine if each.waits(since, told)]

    def tell(self, share: Share) -> bool:
        """Note that the producer is notified now. True for one caller."""
        return bool(
            self._db.execute(
                f"""update shares set told_at = :now
                    where {_ONE} and coalesce(told_at, '') = :seen""",  # noqa: S608 - our own words
                {**_key(share), "now": self._clock(), "seen": share.told_at or ""},
            )
        )

    def remind(self, share: Share, not_after: datetime) -> bool:
        """Note that the consumer is reminded now; False if they were after *not_after*."""
        return bool(
            self._db.execute(
                f"""update shares set reminded_at = :now
                    where {_ONE} and (reminded_at is null or reminded_at <= :limit)""",  # noqa: S608
                {**_key(share), "now": self._clock(), "limit": not_after},
            )
        )

    def _changed(self, key: AccountKey, image_id: str) -> None:
        """Have workflow steps that waited for this looked at, and homes that show it redrawn."""
        now = self._clock()
        step_runs.make_due(self._db, now, team_id=key.team_id, image_id=image_id)
        account = displays.of_account(key.team_id, key.cloud, key.project_id)
        displays.changed(self._db, now, account)

    def _look_at(self, account: Account, region: str, image_id: str) -> None:
        """Have it be looked at soon what becomes of it."""
        self._db.execute(
            """insert into shared_images (account_id, region, image_id, lane, due_at, attempts,
                                          claim)
               values (:account, :region, :image, :lane, :due, 0, '')
               on conflict (account_id, region, image_id) do update set due_at = excluded.due_at""",
            {
                "account": account.id,
                "region": region,
                "image": image_id,
                "lane": f"{account.cloud} {region}",
                "due": self._clock() + FIRST_LOOK,
            },
        )


_ONE = " and ".join(f"{column} = :{column}" for column in _KEY)


def _key(share: Share) -> dict[str, str]:
    return {column: getattr(share, column) for column in _KEY}
