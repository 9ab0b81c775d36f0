"""Who may use which linked account, and what only an owner or a role may do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cloud.errors import Forbidden, Unavailable
from cloud.models import Image, Visibility
from handlers.errors import (
    MissingRole,
    NoSuchAccount,
    NotLinked,
    NotOwner,
    NotYours,
    OutcomeUnknown,
    PublicImage,
)
from handlers.requests import Person
from storage import Account, Store

ADMIN = "cloudImages:admin"
CREATOR = "cloudImages:creator"
OBSERVER = "cloudImages:observer"
"""Roles of the Images API. Source: Rackspace's detailed permissions matrix for Cloud Images."""
STORE = "object-store:admin"
"""The role of Cloud Files that may write. Source: its detailed permissions matrix."""


_NOT_DONE = frozenset({413, 429, 503})
"""Statuses by which a service refuses a request before it looks at it."""


def accounts_of(person: Person, store: Store) -> Sequence[Account]:
    """The accounts a person has linked, the one linked last first; never none."""
    accounts = store.accounts.of(person.team_id, person.user_id)
    if not accounts:
        raise NotLinked(person.team_id, person.user_id)
    return accounts


def account_by_id(person: Person, account_id: str, store: Store) -> Account:
    """
    The account a button speaks of, as *person* has linked it.

    A colleague who linked the same account may press the button too, and acts with
    their own credentials.
    """
    meant = store.accounts.get(account_id)
    if meant is None:
        raise NotYours("", "")
    own = store.accounts.of(person.team_id, person.user_id)
    same = [a for a in own if a.id == meant.id] or [a for a in own if _same(a, meant)]
    if not same:
        here = meant.team_id == person.team_id
        raise NotYours(meant.project_id if here else "", meant.user_id if here else "")
    return same[0]


def account_named(person: Person, word: str, store: Store) -> Account:
    """The linked account with that number or name."""
    accounts = accounts_of(person, store)
    for account in accounts:
        if word in (account.project_id, account.project_name):
            return account
    raise NoSuchAccount(word, [account.project_id for account in accounts])


def linked_here(person: Person, numbers: Sequence[str], store: Store) -> frozenset[str]:
    """Which of these account numbers someone in the person's workspace has linked."""
    known = {a.project_id for a in store.accounts.all() if a.team_id == person.team_id}
    return frozenset(numbers) & known


def links_of(account: Account, store: Store) -> Sequence[Account]:
    """Every link to the same account in the same workspace: colleagues share what they answer."""
    return [a for a in store.accounts.all() if a.team_id == account.team_id and _same(a, account)]


def must_own(image: Image, account: Account, doing: str) -> None:
    """Refuse to share or unshare what is not the account's own."""
    if image.visibility == Visibility.PUBLIC:
        raise PublicImage(image.name or image.id)
    if image.owner != account.project_id:
        raise NotOwner(image.name or image.id, image.owner, doing)


@contextmanager
def changing(role: str, doing: str, look: str) -> Iterator[None]:
    """
    A change in the cloud, everything but the role having been checked.

    Raises:
        MissingRole: 403, so the login lacks *role*.

        OutcomeUnknown: no answer, so the change may have been made; *look* is the verb that tells.
    """
    try:
        yield
    except Forbidden as error:
        raise MissingRole(role, doing) from error
    except Unavailable as error:
        if error.status in _NOT_DONE:
            raise
        raise OutcomeUnknown(doing, look) from error


def _same(one: Account, other: Account) -> bool:
    return (one.cloud, one.project_id) == (other.cloud, other.project_id)
