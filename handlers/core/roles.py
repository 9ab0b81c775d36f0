"""
Roles: what each person may do with which account through the bot.

A person who links an account that has no admin becomes its admin, because they have proved its
login. A colleague who links it too is an operator. All others need a role from an admin, and then
act with the admin's credentials. A channel's limit, and what the cloud allows the login, apply as
well. Roles belong to the account: they outlast links, and nobody inherits them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cloud.models import LONG_AGO
from handlers.core.authorization_errors import LacksRole
from handlers.core.directory import Directory
from handlers.core.interactions import Person
from storage import EVERYWHERE, Account, AccountKey, Grant, Role, Store, Subject, highest, lowest

OPEN_MOST = Role.OPERATOR
"""The most that a channel or a user group gives, for anyone may join one."""


@dataclass(frozen=True)
class AccountAccess:
    """An account that a person may use, with their role in the channel of the request."""

    account: Account
    role: Role
    ceiling: Role = Role.ADMIN
    """The channel's limit on the account."""
    own: bool = True
    """Linked by the person, and not lent to them."""

    @property
    def effective_role(self) -> Role:
        return lowest(self.role, self.ceiling)


@dataclass(frozen=True)
class Roles:
    store: Store
    directory: Directory

    def accesses(self, person: Person, channel_id: str = "") -> Sequence[AccountAccess]:
        """
        Return the accounts that the person has linked or was lent, the one in use first.

        A lent one comes before their own only if they chose it.

        Args:
            channel_id: channel of the request, whose limits apply; "" for none.
        """
        grants = self.store.rights.of_team(person.team_id)
        ceilings = self.store.rights.ceilings(person.team_id)
        return [
            replace(each, ceiling=_ceiling(ceilings.get(each.account.key, {}), channel_id))
            for each in self._unlimited(person, grants, channel_id)
        ]

    def access_to(
        self, person: Person, account: Account, channel_id: str = ""
    ) -> AccountAccess | None:
        """Return the person's access to that account, by their own link if they have one."""
        accesses = self.accesses(person, channel_id)
        return next((each for each in accesses if each.account.key == account.key), None)

    def role_of_channel(self, key: AccountKey, channel_id: str) -> Role:
        """Return the role that everyone has in that channel by the channel's grant alone."""
        given = (
            grant.role
            for grant in self.store.rights.of_account(key)
            if grant.kind == Subject.CHANNEL and grant.subject == channel_id
        )
        ceilings = self.store.rights.ceilings(key.team_id).get(key, {})
        return lowest(highest(given), _ceiling(ceilings, channel_id))

    def people_with_role(self, key: AccountKey, needed: Role) -> frozenset[str]:
        """
        Return the Slack ids of those who have at least that role, by link, grant or group.

        Who has left the workspace is not among them.
        """
        grants = self.store.rights.of_account(key)
        asked = {link.user_id for link in self.store.accounts.links(key)}
        asked |= {grant.subject for grant in grants if grant.kind == Subject.PERSON}
        for grant in grants:
            if grant.kind == Subject.GROUP and grant.role.allows(needed):
                asked |= self.directory.members(key.team_id, grant.subject)
        asked -= self.store.people.left(key.team_id)
        return frozenset(user for user in asked if self._has_role(key, user, needed, grants))

    def admins(self, key: AccountKey) -> Sequence[str]:
        """Return the Slack ids of the admins who can act as such, who proved its login first."""
        able = self.people_with_role(key, Role.ADMIN)
        proved = [user for user in self.store.rights.proved_admins(key) if user in able]
        return [*proved, *sorted(able - set(proved))]

    def on_hold(self, key: AccountKey) -> frozenset[str]:
        """Return the ids of roles by which nobody can act: the login that was lent is gone."""
        links = {link.id for link in self.store.accounts.links(key)}
        grants = self.store.rights.of_account(key)
        return frozenset(each.id for each in grants if each.account_id not in links)

    def lacking(self, key: AccountKey, access: AccountAccess | None, needs: Role) -> LacksRole:
        """Return the error for a role that is missing, with the admins to ask."""
        has, ceiling = (access.role, access.ceiling) if access else (Role.NONE, Role.ADMIN)
        return LacksRole(key.project_id, has, needs, self.admins(key), ceiling, key)

    def role_on(self, key: AccountKey, person: Person, channel_id: str = "") -> Role:
        """Return the person's role on an account in that channel, whatever the channel's limit."""
        accesses = self.accesses(person, channel_id)
        return next((each.role for each in accesses if each.account.key == key), Role.NONE)

    def _has_role(
        self, key: AccountKey, user_id: str, needed: Role, grants: Sequence[Grant]
    ) -> bool:
        """Of an account whose *grants* were read once for everybody who is asked about."""
        accesses = self._unlimited(Person(key.team_id, user_id), grants)
        return any(each.role.allows(needed) for each in accesses if each.account.key == key)

    def _unlimited(
        self, person: Person, grants: Sequence[Grant], channel_id: str = ""
    ) -> Sequence[AccountAccess]:
        """Return what the person has linked, or was lent by these grants, without limits."""
        own = self.store.accounts.of(person.team_id, person.user_id)
        applicable = [each for each in grants if self._applies_to(each, person, channel_id)]
        known = {account.key for account in own}
        lent = self._borrowed(person, [each for each in applicable if each.key not in known])
        accesses = [
            AccountAccess(
                account, self._role(account, person, applicable), own=account.key in known
            )
            for account in sorted([*own, *lent], key=lambda each: each.used_at, reverse=True)
        ]
        return [each for each in accesses if each.own or each.role.allows(Role.VIEWER)]

    def _applies_to(self, grant: Grant, person: Person, channel_id: str) -> bool:
        match grant.kind:
            case Subject.PERSON:
                return grant.subject == person.user_id
            case Subject.CHANNEL:
                return bool(channel_id) and grant.subject == channel_id
        return person.user_id in self.directory.members(person.team_id, grant.subject)

    def _role(self, account: Account, person: Person, applicable: Sequence[Grant]) -> Role:
        """A grant to the person takes precedence over those to a group or a channel."""
        own = account.user_id == person.user_id
        if own and person.user_id in self.store.rights.proved_admins(account.key):
            return Role.ADMIN
        grants = [grant for grant in applicable if grant.key == account.key]
        for grant in grants:
            if grant.kind == Subject.PERSON:
                return grant.role
        linked = Role.OPERATOR if own else Role.NONE
        return highest([linked, *(lowest(grant.role, OPEN_MOST) for grant in grants)])

    def _borrowed(self, person: Person, grants: Sequence[Grant]) -> Sequence[Account]:
        """
        One link of each account, that of the strongest role; as the person works with it.

        The login of somebody who has left the workspace is lent to nobody.
        """
        best: dict[AccountKey, Grant] = {}
        for grant in grants:
            if grant.key not in best or grant.role.rank > best[grant.key].role.rank:
                best[grant.key] = grant
        used = self.store.rights.borrowed(person.team_id, person.user_id) if best else {}
        links = [self.store.accounts.get(grant.account_id) for grant in best.values()]
        left = self.store.people.left(person.team_id) if best else frozenset()
        return [
            _with_own_region(link, *used.get(link.id, (None, None)))
            for link in links
            if link and link.user_id not in left
        ]


def _with_own_region(link: Account, region: str | None, used_at: datetime | None) -> Account:
    """Use the borrower's choice of a region, not the lender's. One never chosen comes last."""
    return replace(link, region=region, used_at=used_at or LONG_AGO)


def _ceiling(ceilings: Mapping[str, Role], channel_id: str) -> Role:
    """Channel limits do not apply in direct messages."""
    if not channel_id or channel_id.startswith("D"):
        return Role.ADMIN
    return ceilings.get(channel_id, ceilings.get(EVERYWHERE, Role.ADMIN))
