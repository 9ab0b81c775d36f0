"""Find the account that a command names, or works with."""

from __future__ import annotations

import re

from handlers.core.account_words import fitting
from handlers.core.errors import NoSuchAccount, WhichAccount
from handlers.core.interactions import Command, Person
from handlers.core.services import Services
from storage import Account

OWN_ID = re.compile(r"[0-9a-f]{24}")
"""As `storage` makes them; nobody is shown one."""


def account_for(command: Command, services: Services) -> Account:
    """
    Return the account that `--account` names, or the one in use.

    Raises:
        NoSuchAccount, LacksRole: as `account_named`.
    """
    if words := command.options.get("account"):
        return account_named(command.person, words, services)
    account = services.current_account(command.person)
    services.require_role(account)
    return account


def account_named(person: Person, words: tuple[str, ...], services: Services) -> Account:
    """
    Return the person's account with that number or name: the last one that was given.

    A command that was kept has both the number and our own id of the account: a person may have
    two accounts of one number, in two clouds, and may have linked it again since.

    Raises:
        NoSuchAccount: the person has no such account.

        WhichAccount: they have several.

        LacksRole: they may not do with it what they asked for.
    """
    accounts = services.accounts_of(person)
    *before, word = words
    fits = fitting(word, accounts, person.user_id)
    if not fits and before and OWN_ID.fullmatch(word):
        word = before[-1]
        fits = fitting(word, accounts, person.user_id)
    if not fits:
        raise NoSuchAccount(word, [account.project_id for account in accounts])
    if len(fits) > 1:
        raise WhichAccount(word, fits)
    services.require_role(fits[0])
    return fits[0]
