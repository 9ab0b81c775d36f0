"""Find the account that a command names, or works with."""

from __future__ import annotations

from handlers.core.account_words import fitting
from handlers.core.errors import NoSuchAccount, WhichAccount
from handlers.core.interactions import Command, Person
from handlers.core.services import Services
from storage import Account


def account_for(command: Command, services: Services) -> Account:
    """
    Return the account that `--account` names, or the one in use.

    Raises:
        NoSuchAccount, LacksRole: as `account_named`.
    """
    word = command.last("account")
    if word is not None:
        return account_named(command.person, word, services)
    account = services.current_account(command.person)
    services.require_role(account)
    return account


def account_named(person: Person, word: str, services: Services) -> Account:
    """
    Return the person's account with that number or name.

    Raises:
        NoSuchAccount: the person has no such account.

        WhichAccount: they have several.

        LacksRole: they may not do with it what they asked for.
    """
    accounts = services.accounts_of(person)
    fits = fitting(word, accounts, person.user_id)
    if not fits:
        raise NoSuchAccount(word, [account.project_id for account in accounts])
    if len(fits) > 1:
        raise WhichAccount(word, fits)
    services.require_role(fits[0])
    return fits[0]
