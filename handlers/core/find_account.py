"""Which account a command works with."""

from __future__ import annotations

from handlers.core.interactions import Command
from handlers.core.services import Services
from storage import Account


def account_for(command: Command, services: Services) -> Account:
    """
    Return the account that `--account` names, or the one in use.

    Raises:
        LacksRole: the person may not do that with it.
    """
    word = command.last("account")
    if word is not None:
        return services.account_named(command.person, word)
    account = services.current_account(command.person)
    services.require_role(account)
    return account
