"""Producers whose invitations an account accepts by itself, because somebody said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.columns import parse_time, to_text
from storage.db.database import Database, Row


@dataclass(frozen=True)
class Trust:
    key: AccountKey
    producer: str
    """Account number."""
    account_id: str
    """The link with whose login is accepted."""
    user_id: str
    """Who trusts."""
    at: datetime


class Trusted:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(self, key: AccountKey, producer: str, account_id: str, user_id: str) -> bool:
        """Trust this producer. False if somebody did already: then that stands."""
        return bool(
            self._db.execute(
                """insert into trusted (team_id, cloud, project_id, producer, account_id,
                                        trusted_by, at)
                   values (:team, :cloud, :project, :producer, :account, :user, :now)
                   on conflict (team_id, cloud, project_id, producer) do nothing""",
                {
                    **_where(key),
                    "producer": producer,
                    "account": account_id,
                    "user": user_id,
                    "now": to_text(self._clock()),
                },
            )
        )

    def end(self, key: AccountKey, producer: str) -> bool:
        """True if the producer was trusted."""
        return bool(
            self._db.execute(
                """delete from trusted
                   where team_id = :team and cloud = :cloud and project_id = :project
                     and producer = :producer""",
                {**_where(key), "producer": producer},
            )
        )

    def of(self, key: AccountKey) -> list[Trust]:
        rows = self._db.rows(
            """select * from trusted
               where team_id = :team and cloud = :cloud and project_id = :project
               order by producer""",
            _where(key),
        )
        return [_trust(row) for row in rows]


def _where(key: AccountKey) -> dict[str, str]:
    return {"team": key.team_id, "cloud": key.cloud, "project": key.project_id}


def _trust(row: Row) -> Trust:
    return Trust(
        AccountKey(row["team_id"], row["cloud"], row["project_id"]),
        row["producer"],
        row["account_id"],
        row["trusted_by"],
        parse_time(row["at"]),
    )
