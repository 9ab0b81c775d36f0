"""Errors about invitations that a person can correct, with their words."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloud.models import MemberStatus
from handlers.core.errors import UserError
from handlers.ui.blocks import named
from handlers.ui.error_words import words


@dataclass(eq=False)
class NotInvited(UserError):
    """There is nothing to accept or reject: the image is one's own, or the provider's."""

    name: str
    standard: bool = field(kw_only=True)


@dataclass(eq=False)
class NotPending(UserError):
    """It was answered before it could be snoozed."""

    name: str
    status: str
    """The answer."""


@words.register
def _(error: NotPending) -> str:
    return f"{named(error.name)} is already {_said(error.status)}, so there is nothing to snooze."


@words.register
def _(error: NotInvited) -> str:
    return (
        f"{named(error.name)} is a standard image: everyone has it, there is nothing to answer."
        if error.standard
        else f"{named(error.name)} belongs to your own account: there is nothing to answer. "
        f"To see its members: `/images members`."
    )


def _said(status: str) -> str:
    """A status that this bot does not know is quoted."""
    return status if status in tuple(MemberStatus) else named(status)
