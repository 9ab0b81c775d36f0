"""Roles on accounts, their limits in channels, and which lent accounts people use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.access.roles import AccountKey, Role, Subject
from storage.clock import Clock
from storage.db.columns import new_id
from storage.db.database import Database
from storage.db.table import Table
from storage.work import displays


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
    lent_by: str = field(default="", compare=False)
    """Who has linked what is lent. They may have unlinked it, and link it again."""


@dataclass(frozen=True)
class ProvedAdmin:
    """The person who proved an account's login while it had no admin, and so is its admin."""

    key: AccountKey
    user_id: str


@dataclass(frozen=True)
class Ceiling:
    """The highest role that anybody has on an account in one channel, or EVERYWHERE."""

    key: AccountKey
    channel_id: str
    role: Role


@dataclass(frozen=True)
class Borrowed:
    """An account lent to a person, as they use it."""

    account_id: str
    region: str | None
    """The one region to work in; None for all."""
    used_at: datetime


class Rights:
    """
    A role or a limit that cannot be read counts as `none`: no damage may give a right.

    Whatever changes here has lists and homes redrawn that show what one may do with the account.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        account = ("team_id", "cloud", "project_id")
        self._grants = Table(
            db,
            "grants",
            Grant,
            key=(*account, "kind", "subject"),
            order="granted_at, id",
            instead={"role": Role.NONE},
        )
        self._ceilings = Table(
            db, "ceilings", Ceiling, key=(*account, "channel_id"), instead={"role": Role.NONE}
        )
        self._proved = Table(
            db, "proved_admins", ProvedAdmin, key=(*account, "user_id"), order="proved_at, user_id"
        )
        self._borrowed = Table(db, "borrowed", Borrowed, key=("team_id", "user_id", "account_id"))
        self._db = db
        self._clock = clock

    def grant(
        self, key: AccountKey, account_id: str, kind: Subject, subject: str, role: Role, by: str
    ) -> None:
        """Give a role on an account, in place of the one that the subject has."""
        with self._db.alone():
            lender = self._db.rows(
                "select user_id from accounts where id = :account", {"account": account_id}
            )
            self._grants.upsert(
                if_new={"id": new_id()},
                key=key,
                kind=kind,
                subject=subject,
                account_id=account_id,
                role=role,
                granted_by=by,
                granted_at=self._clock(),
                lent_by=lender[0]["user_id"] if lender else "",
            )
            self._changed(key, kind, subject)

    def proved_admins(self, key: AccountKey) -> list[str]:
        """Give the Slack ids of those who are admin by the account's own login, first one first."""
        return [each.user_id for each in self._proved.find(key=key)]

    def end_proved_admin(self, key: AccountKey, user_id: str) -> bool:
        """Let a role that is given hold for them instead. True if they were such an admin."""
        with self._db.alone():
            self._changed(key, Subject.PERSON, user_id)
            return self._proved.delete(key=key, user_id=user_id)

    def revoke(self, key: AccountKey, kind: Subject, subject: str) -> bool:
        """Take a role back. True if the subject had one."""
        with self._db.alone():
            self._changed(key, kind, subject)
            return self._grants.delete(key=key, kind=kind, subject=subject)

    def of_team(self, team_id: str) -> list[Grant]:
        """Give the roles on all accounts of a workspace, the oldest first."""
        return self._grants.find(team_id=team_id)

    def of_account(self, key: AccountKey) -> list[Grant]:
        """Give the roles on one account, the oldest first."""
        return self._grants.find(key=key)

    def limit(self, key: AccountKey, channel_id: str, role: Role, by: str) -> None:
        """Let nobody have more than *role* on the account in that channel, or EVERYWHERE."""
        with self._db.alone():
            self._changed(key)
            self._ceilings.upsert(
                key=key, channel_id=channel_id, role=role, set_by=by, set_at=self._clock()
            )

    def unlimit(self, key: AccountKey, channel_id: str) -> bool:
        """Remove the limit of a channel, or of EVERYWHERE. True if there was one."""
        with self._db.alone():
            self._changed(key)
            return self._ceilings.delete(key=key, channel_id=channel_id)

    def ceilings(self, team_id: str) -> dict[AccountKey, dict[str, Role]]:
        """Give the limits of each account that has any, by channel or EVERYWHERE."""
        found: dict[AccountKey, dict[str, Role]] = {}
        for each in self._ceilings.find(team_id=team_id):
            found.setdefault(each.key, {})[each.channel_id] = each.role
        return found

    def borrow(self, team_id: str, user_id: str, account_id: str, region: str | None) -> None:
        """Note that a person works with an account lent to them, in that region or in all."""
        self._borrowed.upsert(
            team_id=team_id,
            user_id=user_id,
            account_id=account_id,
            region=region,
            used_at=self._clock(),
        )

    def borrowed(self, team_id: str, user_id: str) -> dict[str, tuple[str | None, datetime]]:
        """Give, by account, the region in which this person uses it, and since when."""
        used = self._borrowed.find(team_id=team_id, user_id=user_id)
        return {each.account_id: (each.region, each.used_at) for each in used}

    def _changed(self, key: AccountKey, kind: Subject | None = None, subject: str = "") -> None:
        """Who gets an account shows nothing of it yet: what is theirs is redrawn, too."""
        about = [displays.of_account(key.team_id, key.cloud, key.project_id)]
        if kind == Subject.PERSON:
            about.append(displays.of_person(key.team_id, subject))
        elif kind == Subject.GROUP:
            about.append(displays.of_groups(key.team_id))
        displays.changed(self._db, self._clock(), *about)
