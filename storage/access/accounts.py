"""The cloud accounts that people have linked, with encrypted credentials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from storage.access import places
from storage.access.people import LEFT
from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db import rotation
from storage.db.columns import new_id, parse_time, site
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.vault import Vault
from storage.work import digest_schedules, displays


@dataclass(frozen=True)
class Account:
    """One person's way into one cloud account. It holds no secret."""

    id: str
    team_id: str
    user_id: str
    cloud: str
    """Address of its Identity service, without the version by which it is spoken to."""
    project_id: str
    """The account number."""
    project_name: str
    user_name: str
    regions: tuple[str, ...]
    region: str | None
    """The one region to work in, if the person chose one."""
    linked_at: datetime
    used_at: datetime
    """When it was last chosen, or linked."""
    trouble: Mapping[str, str] = field(default_factory=dict)
    """What the scheduler could not do, by region; "" means the account as a whole."""

    @property
    def key(self) -> AccountKey:
        """The account that it opens, the same for everybody who has linked it."""
        return AccountKey(self.team_id, self.cloud, self.project_id)


class Accounts:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._table = Table(
            db,
            "accounts",
            Account,
            key=("team_id", "user_id", "cloud", "project_id"),
            order=_LAST_USED_FIRST,
            fields={"used_at": _used_at, "trouble": lambda _: {}},
        )
        self._clock = clock
        self._vault = vault

    def link(
        self,
        team_id: str,
        user_id: str,
        *,
        cloud: str,
        project_id: str,
        project_name: str,
        user_name: str,
        regions: Sequence[str],
        region: str | None,
        credentials: Mapping[str, Any],
    ) -> Account:
        """
        Remember this account for this person; linked again, it takes the new credentials.

        Linking proves the account's login: while the account has no admin, the person becomes
        admin. Roles that they gave others before they unlinked apply again.
        """
        with self._db.transaction():
            row = self._table.upsert(
                if_new={"id": new_id()},
                team_id=team_id,
                user_id=user_id,
                cloud=site(cloud),
                project_id=project_id,
                project_name=project_name,
                user_name=user_name,
                regions=list(regions),
                region=region,
                credentials=self._vault.seal(credentials),
                linked_at=self._clock(),
            )
            self._db.execute(
                "delete from account_troubles where account_id = :id", {"id": row["id"]}
            )
            account = self._table.read(row)
            key = vars(account.key)
            self._db.execute(_LEND_AGAIN, {**key, "user": user_id, "id": account.id})
            self._db.execute(_BECOME_ADMIN, {**key, "user": user_id, "now": self._clock()})
            self._keep_places(account)
            digest_schedules.begin_if_new(self._db, team_id, user_id, self._clock())
            self._changed(account)
        return account

    def of(self, team_id: str, user_id: str) -> list[Account]:
        """Give a person's accounts, the last used or linked first: that is their default."""
        return self._where(
            "team_id = :team and user_id = :user", {"team": team_id, "user": user_id}
        )

    def get(self, account_id: str) -> Account | None:
        """Give one link by its id; None once it was unlinked."""
        found = self._where("id = :id", {"id": account_id})
        return found[0] if found else None

    def of_ids(self, account_ids: Collection[str]) -> Mapping[str, Account]:
        """Give those of these links that are there, by their ids."""
        named = {f"id_{n}": each for n, each in enumerate(account_ids)}
        if not named:
            return {}
        found = self._where(f"id in (:{', :'.join(named)})", named)
        return {each.id: each for each in found}

    def links(self, key: AccountKey) -> list[Account]:
        """Give every link to this account of people who are there, the oldest first."""
        links = self._where(
            f"team_id = :team_id and cloud = :cloud and project_id = :project_id and {_PRESENT}",
            vars(key),
        )
        return sorted(links, key=lambda account: account.id)

    def of_team(self, team_id: str) -> list[Account]:
        """Give the links of people who are there, the last used or linked first."""
        return self._where(f"team_id = :team and {_PRESENT}", {"team": team_id})

    def of_cloud(self, team_id: str, cloud: str) -> list[Account]:
        """Give the links of people who are there to accounts of one cloud."""
        return self._where(
            f"team_id = :team and cloud = :cloud and {_PRESENT}", {"team": team_id, "cloud": cloud}
        )

    def all(self) -> list[Account]:
        """Give every link of every workspace, the last used or linked first."""
        return self._where("true", {})

    def credentials(self, account_id: str) -> dict[str, Any]:
        """
        Give the secret that logs in to the account. Pass it on, and keep it nowhere.

        Raises:
            storage.errors.Sealed: SECRET_KEYS no longer holds the key that it was sealed with.

            KeyError: no such account.
        """
        rows = self._db.rows("select credentials from accounts where id = :id", {"id": account_id})
        if not rows:
            raise KeyError(account_id)
        return self._vault.open(rows[0]["credentials"])

    def use(self, account_id: str, region: str | None) -> None:
        """Make this account its person's default, working in that region, or in all if None."""
        changes = {"used_at": self._clock(), "region": region}
        with self._db.transaction():
            for row in self._table.update(changes, id=account_id):
                self._keep_places(self._table.read(row))

    def unlink(self, account_id: str) -> None:
        """Forget the login, its credentials and its invitations. Roles are the account's."""
        with self._db.alone():
            if account := self._table.get(id=account_id):
                self._changed(account)
            self._table.delete(id=account_id)

    def set_trouble(self, account_id: str, region: str | None, message: str) -> bool:
        """Note what the scheduler could not do. True if that is news, and of a linked account."""
        return bool(
            self._db.execute(
                f"""insert into account_troubles (account_id, region, message, since)
                    select id, :region, :message, :now from accounts where id = :id
                    {self._db.row_lock}
                    on conflict (account_id, region) do update set message = excluded.message
                    where account_troubles.message <> excluded.message""",  # noqa: S608 - our own words
                {
                    "id": account_id,
                    "region": region or "",
                    "message": message,
                    "now": self._clock(),
                },
            )
        )

    def clear_trouble(self, account_id: str, region: str | None) -> bool:
        """True if there was any."""
        return bool(
            self._db.execute(
                "delete from account_troubles where account_id = :id and region = :region",
                {"id": account_id, "region": region or ""},
            )
        )

    def reseal(self) -> int:
        """Seal every account's credentials with the newest key, and count them."""
        return rotation.reseal(self._db, self._vault, "accounts", "credentials")

    def _changed(self, account: Account) -> None:
        """Have redrawn what shows it, of others who use it too, and what is its person's."""
        displays.changed(
            self._db,
            self._clock(),
            displays.of_link(account.id),
            displays.of_account(account.team_id, account.cloud, account.project_id),
            displays.of_person(account.team_id, account.user_id),
        )

    def _keep_places(self, account: Account) -> None:
        regions = (account.region,) if account.region else account.regions
        places.keep(self._db, account.id, account.cloud, regions, self._clock())

    def _where(self, condition: str, params: Mapping[str, Any]) -> list[Account]:
        troubles = self._db.rows(
            f"""select * from account_troubles
                where account_id in (select id from accounts where {condition})""",  # noqa: S608 - our own words
            params,
        )
        by_account: dict[str, dict[str, str]] = defaultdict(dict)
        for each in troubles:
            by_account[each["account_id"]][each["region"]] = each["message"]
        accounts = self._table.where(condition, params)
        return [
            replace(each, trouble=by_account[each.id]) if each.id in by_account else each
            for each in accounts
        ]


_PRESENT = f"""not exists (select 1 from people p
                where p.team_id = accounts.team_id and p.user_id = accounts.user_id
                  and p.paused_reason = '{LEFT}')"""  # noqa: S608 - our own words
"""Condition of a link: the person who made it has not left the workspace."""
_LAST_USED_FIRST = "case when used_at > linked_at then used_at else linked_at end desc, id desc"


def _used_at(row: Row) -> datetime:
    return parse_time(max(row["linked_at"], row.get("used_at") or ""))


_LEND_AGAIN = """
    update grants set account_id = :id
    where team_id = :team_id and cloud = :cloud and project_id = :project_id and lent_by = :user"""
_BECOME_ADMIN = """
    insert into proved_admins (team_id, cloud, project_id, user_id, proved_at)
    select :team_id, :cloud, :project_id, :user, :now from (select 1 as one) as always
    where not exists (
        select 1 from proved_admins p
        join accounts a on a.team_id = p.team_id and a.cloud = p.cloud
                       and a.project_id = p.project_id and a.user_id = p.user_id
        where p.team_id = :team_id and p.cloud = :cloud and p.project_id = :project_id)
    and not exists (
        select 1 from grants g
        where g.team_id = :team_id and g.cloud = :cloud and g.project_id = :project_id
          and g.kind = 'person'
          and ((g.role = 'none' and g.subject = :user)
               or (g.role = 'admin' and exists (
                   select 1 from accounts a
                   where a.id = g.account_id
                      or (a.team_id = g.team_id and a.cloud = g.cloud
                          and a.project_id = g.project_id and a.user_id = g.subject)))))
    on conflict do nothing"""
"""Unless somebody is admin who can act with the account, or an admin has forbidden them all."""
