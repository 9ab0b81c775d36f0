"""The address book of a workspace: names for the account numbers that people share with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import parse_time, to_text
from storage.db.database import Database, Row
from storage.errors import Taken


@dataclass(frozen=True)
class Name:
    """One entry."""

    cloud: str
    """Address of the account's Identity service."""
    number: str
    nickname: str
    named_by: str
    """Slack's id of the person who wrote it."""
    named_at: datetime


class Names:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(self, team_id: str, cloud: str, number: str, nickname: str, by: str) -> bool:
        """
        Name an account, anew if it has a name. False if another account is called that.

        The table's own rule decides: two who give one name at the same moment would both
        find it free. Whoever has the number or the name now is held first, in one order, or
        PostgreSQL would break off one of two who exchange names at the same moment.
        """
        try:
            self._db.execute(
                f"""with held as materialized (
                        select number from names
                        where team_id = :team and cloud = :cloud
                          and (number = :number or folded = :folded)
                        order by number {self._db.row_lock})
                   insert into names (team_id, cloud, number, nickname, folded, named_by, named_at)
                   select :team, :cloud, :number, :nickname, :folded, :by, :now
                   from (select count(*) as n from held) as counted where n >= 0
                   on conflict (team_id, cloud, number) do update
                   set nickname = excluded.nickname, folded = excluded.folded,
                       named_by = excluded.named_by, named_at = excluded.named_at""",  # noqa: S608 - our own words
                {
                    "team": team_id,
                    "cloud": cloud,
                    "number": number,
                    "nickname": nickname,
                    "folded": nickname.casefold(),
                    "by": by,
                    "now": to_text(self._clock()),
                },
            )
        except Taken:
            return False
        return True

    def forget(self, team_id: str, cloud: str, number: str) -> bool:
        """True if it had a name."""
        return bool(
            self._db.execute(
                """delete from names
                   where team_id = :team and cloud = :cloud and number = :number""",
                {"team": team_id, "cloud": cloud, "number": number},
            )
        )

    def of(self, team_id: str, cloud: str) -> list[Name]:
        """All of one cloud, by name."""
        rows = self._db.rows(
            "select * from names where team_id = :team and cloud = :cloud order by folded",
            {"team": team_id, "cloud": cloud},
        )
        return [_name(row) for row in rows]

    def by_nickname(self, team_id: str, cloud: str, nickname: str) -> Name | None:
        """Whatever its capitals."""
        return self._one(team_id, cloud, "folded", nickname.casefold())

    def by_number(self, team_id: str, cloud: str, number: str) -> Name | None:
        return self._one(team_id, cloud, "number", number)

    def _one(self, team_id: str, cloud: str, column: str, value: str) -> Name | None:
        rows = self._db.rows(
            f"""select * from names
                where team_id = :team and cloud = :cloud and {column} = :value""",  # noqa: S608 - our own words
            {"team": team_id, "cloud": cloud, "value": value},
        )
        return _name(rows[0]) if rows else None


def _name(row: Row) -> Name:
    return Name(
        row["cloud"], row["number"], row["nickname"], row["named_by"], parse_time(row["named_at"])
    )
