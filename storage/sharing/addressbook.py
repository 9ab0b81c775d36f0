"""The address book of a workspace: names for the account numbers that people share with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import new_id
from storage.db.database import Database
from storage.db.table import Table
from storage.errors import Taken


@dataclass(frozen=True)
class Name:
    """One entry of the address book."""

    cloud: str
    """Address of the account's Identity service."""
    number: str
    nickname: str
    named_by: str
    """Slack's id of the person who set it."""
    named_at: datetime


@dataclass(frozen=True)
class _Use:
    user_id: str


@dataclass(frozen=True)
class PastName:
    """An entry of the address book that was changed or taken out."""

    number: str
    nickname: str
    named_by: str
    ended_by: str
    ended_at: datetime


class Names:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(db, "names", Name, key=("team_id", "cloud", "number"))
        self._past = Table(db, "past_names", PastName, key=("id",), order="ended_at desc, id desc")
        self._uses = Table(db, "name_uses", _Use, key=("team_id", "cloud", "folded", "user_id"))
        self._clock = clock

    def put(self, team_id: str, cloud: str, number: str, nickname: str, by: str) -> bool:
        """
        Set an account's nickname. False, and nothing is changed, if another account has it.

        The table's own rule decides: two who give one name at the same moment would both
        find it free. Whoever has the number or the name now is held first, in one order, or
        PostgreSQL would break off one of two who exchange names at the same moment.
        """
        try:
            with self._db.transaction():
                self._end(team_id, cloud, number, by, but=nickname)
                self._put(team_id, cloud, number, nickname, by)
        except Taken:
            return False
        return True

    def _put(self, team_id: str, cloud: str, number: str, nickname: str, by: str) -> None:
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
                "now": self._clock(),
            },
        )

    def forget(self, team_id: str, cloud: str, number: str, by: str = "") -> bool:
        """Remove an account's name. True if it had one."""
        with self._db.transaction():
            self._end(team_id, cloud, number, by)
            return self._table.delete(team_id=team_id, cloud=cloud, number=number)

    def past(self, team_id: str, cloud: str, nickname: str) -> list[PastName]:
        """Give the entries that had this nickname before, the last one first."""
        return self._past.find(team_id=team_id, cloud=cloud, folded=nickname.casefold())

    def used(self, team_id: str, cloud: str, nickname: str, user_id: str) -> None:
        """Note that somebody has named an account by its nickname."""
        self._uses.upsert(
            team_id=team_id,
            cloud=cloud,
            folded=nickname.casefold(),
            user_id=user_id,
            used_at=self._clock(),
        )

    def users(self, team_id: str, cloud: str, nickname: str) -> list[str]:
        """Give the Slack ids of those who have named an account so."""
        found = self._uses.find(team_id=team_id, cloud=cloud, folded=nickname.casefold())
        return [each.user_id for each in found]

    def _end(self, team_id: str, cloud: str, number: str, by: str, but: str = "") -> None:
        """Keep the entry of a number that is about to go; not if it only gets the name it has."""
        self._db.execute(
            """insert into past_names (id, team_id, cloud, number, nickname, folded, named_by,
                                       named_at, ended_by, ended_at)
               select :id, team_id, cloud, number, nickname, folded, named_by, named_at, :by, :now
               from names where team_id = :team and cloud = :cloud and number = :number
                 and folded <> :but""",
            {
                "id": new_id(),
                "team": team_id,
                "cloud": cloud,
                "number": number,
                "by": by,
                "now": self._clock(),
                "but": but.casefold(),
            },
        )

    def of(self, team_id: str, cloud: str) -> list[Name]:
        """Give all entries of one cloud, by nickname."""
        place = {"team": team_id, "cloud": cloud}
        return self._table.where("team_id = :team and cloud = :cloud", place, order="folded")

    def by_nickname(self, team_id: str, cloud: str, nickname: str) -> Name | None:
        """Find an entry by its nickname, in whatever case."""
        return self._table.get(team_id=team_id, cloud=cloud, folded=nickname.casefold())

    def by_number(self, team_id: str, cloud: str, number: str) -> Name | None:
        """Find an entry by its account number."""
        return self._table.get(team_id=team_id, cloud=cloud, number=number)
