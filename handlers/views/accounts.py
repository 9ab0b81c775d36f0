"""How messages name a linked account."""

from __future__ import annotations

from typing import Protocol

from handlers.views.blocks import code, named


class Account(Protocol):
    """A linked account, as far as the views speak of it."""

    @property
    def id(self) -> str:
        """The bot's own id of the link, not the account number."""

    @property
    def project_id(self) -> str:
        """The account number."""

    @property
    def project_name(self) -> str: ...


def label(account: Account) -> str:
    """The account's number, and its name where that says more."""
    if account.project_name in ("", account.project_id):
        return code(account.project_id)
    return f"{code(account.project_id)} ({named(account.project_name, 60)})"
