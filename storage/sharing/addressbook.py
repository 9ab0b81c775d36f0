"""The address book of a workspace: names for the account numbers that people share with."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import new_id
from storage.db.database import Database
from storage.db.table import Table


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

        Of two who give one name at the same moment one waits, and then finds it taken.
        """
        with self._alone(team_id, cloud):
            holder = self.by_nickname(team_id, cloud, nickname)
            if holder and holder.number != number:
                return False
            self._end(team_id, cloud, number, by, but=nickname)
            self._table.upsert(
                team_id=team_id,
                cloud=cloud,
                number=number,
                nickname=nickname,
                folded=nickname.casefold(),
                named_by=by,
                named_at=self._clock(),
            )
        return True

    def forget(self, team_id: str, cloud: str, number: str, by: str = "") -> bool:
        """Remove an account's name. True if it had one."""
        with self._alone(team_id, cloud):
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

    def _alone(self, team_id: str, cloud: str) -> AbstractContextManager[None]:
        """Change the entries of one cloud while nobody else does."""
        return self._db.alone(f"names of {team_id} {cloud}")

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
