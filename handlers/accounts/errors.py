"""Errors about linked accounts, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import UserError
from handlers.ui.blocks import code, listed
from handlers.ui.error_words import words


@dataclass(eq=False)
class NotOneAccount(UserError):
    """Several accounts are linked, and the command does not say which one it means."""

    form: str
    linked: Sequence[str]


@words.register
def _(error: NotOneAccount) -> str:
    return (
        f"You have linked {listed([code(number) for number in error.linked])}. Name one: "
        f"`/images {error.form}`."
    )


@dataclass(eq=False)
class LentAccount(UserError):
    """An account that the person uses with somebody else's login, and so cannot unlink."""

    number: str
    owner: str


@words.register
def _(error: LentAccount) -> str:
    return (
        f"You use account {code(error.number)} with the login of <@{error.owner}>, so only they "
        "can unlink it. To give up your role, ask an admin of the account: `/images allow`."
    )
