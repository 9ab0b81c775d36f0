"""Find the account that a command names, or works with."""

from __future__ import annotations

from handlers.core.errors import NoSuchAccount
from handlers.core.interactions import Command, Person
from handlers.core.numbers import account_number
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

        LacksRole: they may not do with it what they asked for.
    """
    accounts = services.accounts_of(person)
    numbers = [account.project_id for account in accounts]
    number = account_number(word, numbers)
    named = [a for a in accounts if number == a.project_id or word == a.project_name]
    if not named:
        named = [a for a in accounts if word.casefold() == a.project_name.casefold()]
    if not named:
        raise NoSuchAccount(word, numbers)
    services.require_role(named[0])
    return named[0]
