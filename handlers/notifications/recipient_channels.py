"""Channels that a digest goes to: everybody in one reads the account's invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.core.effects import Effect
from handlers.core.facts import Change, Facts
from handlers.core.interactions import Person
from handlers.core.operations import Operation
from handlers.core.services import Services
from handlers.ui import operation_words
from handlers.ui.tell_admins import tell_admins
from storage import ALL_ACCOUNTS, Account, Preference, Role


def check(person: Person, number: str, after: Preference, services: Services) -> None:
    """
    Check that the person may send the digest to a channel: only admins of its accounts may.

    Raises:
        LacksRole: they are no admin of one of them.
    """
    for account in accounts(person, number, services) if after.channel_id else ():
        services.require_role(account, Role.ADMIN)


def may_use(person: Person, accounts: Iterable[Account], services: Services) -> bool:
    """Tell whether a digest of these accounts may go to a channel: by an admin of all of them."""
    held = [services.roles.access_to(person, account) for account in accounts]
    return all(each and each.role.allows(Role.ADMIN) for each in held)


def authorize(
    person: Person, number: str, before: Preference, after: Preference, services: Services
) -> Sequence[Operation]:
    """
    Authorize a new channel for each of its accounts, and return what that is.

    Raises:
        UserError: as `Services.authorize`.
    """
    if after.channel_id in ("", before.channel_id):
        return ()
    found = [_operation(each, before, after) for each in accounts(person, number, services)]
    for operation in found:
        services.authorize(operation)
    return found


def tell_admins_of(person: Person, widened: Sequence[Operation], services: Services) -> None:
    for operation in widened:
        tell_admins(person, operation, services)


def accounts(person: Person, number: str, services: Services) -> Sequence[Account]:
    """Return the accounts that a preference for *number* is about."""
    own = services.store.accounts.of(person.team_id, person.user_id)
    return [account for account in own if number in (ALL_ACCOUNTS, account.project_id)]


def _operation(account: Account, before: Preference, after: Preference) -> Operation:
    had, has = (f"<#{each.channel_id}>" if each.channel_id else "" for each in (before, after))
    change = Change("digest channel", had, has, Effect.WIDENS)
    words = operation_words.change_account("digest", account, [change])
    return Operation("digest.set", account, "", after.channel_id, words, Facts(changes=(change,)))
