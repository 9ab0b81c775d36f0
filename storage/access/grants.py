"""Who may do what with a linked account, beyond what the cloud allows its login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.access.roles import AccountKey, Role, Subject
from storage.clock import Clock
from storage.db.columns import new_id, parse_time, to_text
from storage.db.database import Database, Row


@dataclass(frozen=True)
class Grant:
    """A role on an account, given to people who act with *account_id*'s credentials by it."""

    id: str
    key: AccountKey
    account_id: str
    """The link that is lent."""
    kind: Subject
    subject: str
    """Slack's id of the person, user group or channel."""
    role: Role
    granted_by: str
    granted_at: datetime


class Rights:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def grant(
        self, key: AccountKey, account_id: str, kind: Subject, subject: str, role: Role, by: str
    ) -> None:
        """Give a role; who had one on this account has this one from now on."""
        self._db.execute(
            """insert into grants (id, team_id, cloud, project_id, account_id, kind, subject, role,
                                   granted_by, granted_at)
               values (:id, :team, :cloud, :project, :account, :kind, :subject, :role, :by, :now)
               on conflict (team_id, cloud, project_id, kind, subject) do update
               set role = excluded.role, account_id = excluded.account_id,
                   granted_by = excluded.granted_by, granted_at = excluded.granted_at""",
            {
                "id": new_id(),
                "team": key.team_id,
                "cloud": key.cloud,
                "project": key.project_id,
                "account": account_id,
                "kind": kind.value,
                "subject": subject,
                "role": role.value,
                "by": by,
                "now": to_text(self._clock()),
            },
        )

    def revoke(self, key: AccountKey, kind: Subject, subject: str) -> bool:
        """True if there was something to take back."""
        return bool(
            self._db.execute(
                """delete from grants
                   where team_id = :team and cloud = :cloud and project_id = :project
                     and kind = :kind and subject = :subject""",
                {**_where(key), "kind": kind.value, "subject": subject},
            )
        )

    def of_team(self, team_id: str) -> list[Grant]:
        rows = self._db.rows(
            "select * from grants where team_id = :team order by granted_at, id", {"team": team_id}
        )
        return [_grant(row) for row in rows]

    def of_account(self, key: AccountKey) -> list[Grant]:
        rows = self._db.rows(
            """select * from grants
               where team_id = :team and cloud = :cloud and project_id = :project
               order by granted_at, id""",
            _where(key),
        )
        return [_grant(row) for row in rows]

    def limit(self, key: AccountKey, channel_id: str, role: Role, by: str) -> None:
        """Let nobody do more than *role* with the account in that channel, or EVERYWHERE."""
        self._db.execute(
            """insert into ceilings (team_id, cloud, project_id, channel_id, role, set_by, set_at)
               values (:team, :cloud, :project, :channel, :role, :by, :now)
               on conflict (team_id, cloud, project_id, channel_id) do update
               set role = excluded.role, set_by = excluded.set_by, set_at = excluded.set_at""",
            {
                **_where(key),
                "channel": channel_id,
                "role": role.value,
                "by": by,
                "now": to_text(self._clock()),
            },
        )

    def unlimit(self, key: AccountKey, channel_id: str) -> bool:
        """True if there was a ceiling to take away."""
        return bool(
            self._db.execute(
                """delete from ceilings
                   where team_id = :team and cloud = :cloud and project_id = :project
                     and channel_id = :channel""",
                {**_where(key), "channel": channel_id},
            )
        )

    def ceilings(self, team_id: str) -> dict[AccountKey, dict[str, Role]]:
        """Of each account that has any: by channel, or EVERYWHERE."""
        rows = self._db.rows(
            "select * from ceilings where team_id = :team order by channel_id", {"team": team_id}
        )
        found: dict[AccountKey, dict[str, Role]] = {}
        for row in rows:
            key = AccountKey(row["team_id"], row["cloud"], row["project_id"])
            found.setdefault(key, {})[row["channel_id"]] = Role(row["role"])
        return found

    def borrow(self, team_id: str, user_id: str, account_id: str, region: str | None) -> None:
        """Note that a person works with an account lent to them, in that region or in all."""
        self._db.execute(
            """insert into borrowed (team_id, user_id, account_id, region, used_at)
               values (:team, :user, :account, :region, :now)
               on conflict (team_id, user_id, account_id) do update
               set region = excluded.region, used_at = excluded.used_at""",
            {
                "team": team_id,
                "user": user_id,
                "account": account_id,
                "region": region,
                "now": to_text(self._clock()),
            },
        )

    def borrowed(self, team_id: str, user_id: str) -> dict[str, tuple[str | None, datetime]]:
        """By account: the region this person works in, and since when they do."""
        rows = self._db.rows(
            "select * from borrowed where team_id = :team and user_id = :user",
            {"team": team_id, "user": user_id},
        )
        return {row["account_id"]: (row["region"], parse_time(row["used_at"])) for row in rows}


def _where(key: AccountKey) -> dict[str, str]:
    return {"team": key.team_id, "cloud": key.cloud, "project": key.project_id}


def _grant(row: Row) -> Grant:
    return Grant(
        id=row["id"],
        key=AccountKey(row["team_id"], row["cloud"], row["project_id"]),
        account_id=row["account_id"],
        kind=Subject(row["kind"]),
        subject=row["subject"],
        role=Role(row["role"]),
        granted_by=row["granted_by"],
        granted_at=parse_time(row["granted_at"]),
    )
