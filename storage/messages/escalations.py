"""Whom else to tell of an account's invitations when they have waited for too long."""

from __future__ import annotations

from dataclasses import dataclass

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.columns import to_text
from storage.db.database import Database, Row


@dataclass(frozen=True)
class Contact:
    key: AccountKey
    user_id: str
    days: int
    """After so many days of waiting they are told."""
    set_by: str


class Contacts:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def put(self, key: AccountKey, user_id: str, days: int, by: str) -> None:
        """An account has one contact: this one from now on."""
        self._db.execute(
            """insert into contacts (team_id, cloud, project_id, user_id, days, set_by, set_at)
               values (:team, :cloud, :project, :user, :days, :by, :now)
               on conflict (team_id, cloud, project_id) do update
               set user_id = excluded.user_id, days = excluded.days,
                   set_by = excluded.set_by, set_at = excluded.set_at""",
            {
                **_where(key),
                "user": user_id,
                "days": days,
                "by": by,
                "now": to_text(self._clock()),
            },
        )

    def forget(self, key: AccountKey) -> bool:
        """True if there was one."""
        return bool(
            self._db.execute(
                """delete from contacts
                   where team_id = :team and cloud = :cloud and project_id = :project""",
                _where(key),
            )
        )

    def of(self, key: AccountKey) -> Contact | None:
        rows = self._db.rows(
            """select * from contacts
               where team_id = :team and cloud = :cloud and project_id = :project""",
            _where(key),
        )
        return _contact(rows[0]) if rows else None

    def all(self) -> list[Contact]:
        return [_contact(row) for row in self._db.rows("select * from contacts order by 1, 2, 3")]


def _where(key: AccountKey) -> dict[str, str]:
    return {"team": key.team_id, "cloud": key.cloud, "project": key.project_id}


def _contact(row: Row) -> Contact:
    key = AccountKey(row["team_id"], row["cloud"], row["project_id"])
    return Contact(key, row["user_id"], row["days"], row["set_by"])
