"""The shares that people made through the bot, as long as they live, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.access.accounts import Account
from storage.clock import Clock
from storage.db.columns import parse_time, parse_time_or_none, to_text
from storage.db.database import Database, Row

PENDING = "pending"


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
    """The consumer's answer, as the cloud last told."""
    shared_at: datetime
    answered_at: datetime | None = None
    reminded_at: datetime | None = None
    """When the consumer was last reminded by the producer."""
    told_at: datetime | None = None
    """When the producer was last told that it still waits."""


class Shares:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(
        self, account: Account, user_id: str, region: str, image_id: str, name: str, number: str
    ) -> None:
        """An image was shared just now; shared anew, it waits anew."""
        self._db.execute(
            """insert into shares (team_id, cloud, region, image_id, number, account_id, user_id,
                                   project_id, image_name, status, shared_at)
               values (:team, :cloud, :region, :image, :number, :account, :user, :project, :name,
                       'pending', :now)
               on conflict (team_id, cloud, region, image_id, number) do update
               set account_id = excluded.account_id, user_id = excluded.user_id,
                   image_name = excluded.image_name, status = 'pending',
                   shared_at = excluded.shared_at, answered_at = null, reminded_at = null,
                   told_at = null""",
            {
                **_place(account.team_id, account.cloud, region, image_id, number),
                "account": account.id,
                "user": user_id,
                "project": account.project_id,
                "name": name,
                "now": to_text(self._clock()),
            },
        )

    def forget(self, team_id: str, cloud: str, region: str, image_id: str, number: str) -> bool:
        """It has ended. True if it was known."""
        return bool(
            self._db.execute(
                f"delete from shares where {_ONE}",  # noqa: S608 - our own words
                _place(team_id, cloud, region, image_id, number),
            )
        )

    def answered(self, share: Share, status: str, at: datetime) -> bool:
        """Note the consumer's answer. True for one caller, if it is news."""
        return bool(
            self._db.execute(
                f"""update shares set status = :status, answered_at = :at
                    where {_ONE} and status <> :status""",  # noqa: S608 - our own words
                {**_of(share), "status": status, "at": to_text(at)},
            )
        )

    def all(self) -> list[Share]:
        """Every one that lives, those of one image together."""
        return self._where("1 = 1", {})

    def of_image(self, team_id: str, cloud: str, region: str, image_id: str) -> list[Share]:
        return self._where(
            """team_id = :team and cloud = :cloud and region = :region
               and image_id = :image""",
            {"team": team_id, "cloud": cloud, "region": region, "image": image_id},
        )

    def with_consumer(self, cloud: str, region: str, image_id: str, number: str) -> list[Share]:
        """One share, as every workspace knows it that made it."""
        return self._where(
            """cloud = :cloud and region = :region and image_id = :image and number = :number""",
            {"cloud": cloud, "region": region, "image": image_id, "number": number},
        )

    def waiting(self, since: datetime, told: datetime) -> list[Share]:
        """Those unanswered since then, whose producer was not told so after *told*."""
        return self._where(
            """status = 'pending' and shared_at <= :since
               and (told_at is null or told_at <= :told)""",
            {"since": to_text(since), "told": to_text(told)},
        )

    def tell(self, share: Share) -> bool:
        """Note that the producer is told now. True for one caller."""
        return self._mark(share, "told_at", share.told_at)

    def remind(self, share: Share, not_after: datetime) -> bool:
        """Note that the consumer is reminded now; False if they were after *not_after*."""
        return bool(
            self._db.execute(
                f"""update shares set reminded_at = :now
                    where {_ONE} and (reminded_at is null or reminded_at <= :limit)""",  # noqa: S608
                {**_of(share), "now": to_text(self._clock()), "limit": to_text(not_after)},
            )
        )

    def _mark(self, share: Share, column: str, seen: datetime | None) -> bool:
        return bool(
            self._db.execute(
                f"""update shares set {column} = :now
                    where {_ONE} and coalesce({column}, '') = :seen""",  # noqa: S608 - our own words
                {
                    **_of(share),
                    "now": to_text(self._clock()),
                    "seen": to_text(seen) if seen else "",
                },
            )
        )

    def _where(self, condition: str, params: Mapping[str, Any]) -> list[Share]:
        rows = self._db.rows(
            f"""select * from shares where {condition}
                order by account_id, region, image_id, shared_at, number""",  # noqa: S608 - our own words
            params,
        )
        return [_share(row) for row in rows]


_ONE = """team_id = :team and cloud = :cloud and region = :region and image_id = :image
          and number = :number"""


def _place(team_id: str, cloud: str, region: str, image_id: str, number: str) -> dict[str, str]:
    place = {"team": team_id, "cloud": cloud, "region": region, "image": image_id}
    return {**place, "number": number}


def _of(share: Share) -> dict[str, str]:
    return _place(share.team_id, share.cloud, share.region, share.image_id, share.number)


def _share(row: Row) -> Share:
    return Share(
        team_id=row["team_id"],
        cloud=row["cloud"],
        region=row["region"],
        image_id=row["image_id"],
        number=row["number"],
        account_id=row["account_id"],
        user_id=row["user_id"],
        project_id=row["project_id"],
        image_name=row["image_name"],
        status=row["status"],
        shared_at=parse_time(row["shared_at"]),
        answered_at=parse_time_or_none(row["answered_at"]),
        reminded_at=parse_time_or_none(row["reminded_at"]),
        told_at=parse_time_or_none(row["told_at"]),
    )
