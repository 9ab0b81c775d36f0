"""Notify an account's admins of who has linked it, because the key may be stolen."""

from __future__ import annotations

from handlers.accounts.views import accounts as views
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.roles import Roles
from storage import Account, Role, Store


def announce_link(account: Account, origin: str, roles: Roles, store: Store) -> None:
    """
    Notify all other admins.

    Args:
        origin: where it was done, as far as is known; "" if it is not.
    """
    person = Person(account.team_id, account.user_id)
    access = roles.access_to(person, account)
    message = views.linked_by(account, access.role if access else Role.NONE, origin)
    key = f"linked {account.id} {account.linked_at.isoformat()}"
    for admin in roles.admins(account.key):
        if admin != account.user_id:
            notify(Person(account.team_id, admin), message, store, f"{key} {admin}")


def others_with_it(account: Account, store: Store) -> list[str]:
    """Return the Slack ids of those who have linked the account, too."""
    links = store.accounts.links(account.key)
    return [each.user_id for each in links if each.user_id != account.user_id]
