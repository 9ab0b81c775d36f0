"""
Errors for what people may not do through the bot, even if the cloud would allow it.

Their words are in `ui/authorization_words.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import UserError
from storage import AccountKey, Role


class OnRecord(UserError):
    """Somebody tried what they may not do with an account: the audit gets it."""

    key: AccountKey | None
    """The account; None if it is not known."""

    @property
    def on_record(self) -> str:
        """Why it was refused, as the audit says it."""
        raise NotImplementedError


class OutsideWorkspace(UserError):
    """The person belongs to another workspace, and meets the bot in a shared channel."""


@dataclass(eq=False)
class LacksRole(OnRecord):
    """The person's role on the account, or the limit of the channel, does not allow it."""

    number: str
    has: Role
    needs: Role
    admins: Sequence[str]
    """Slack's ids of those who may change that, the first to be asked first."""
    ceiling: Role = Role.ADMIN
    key: AccountKey | None = None

    @property
    def on_record(self) -> str:
        return f"takes {self.needs}"

    @property
    def by_channel(self) -> bool:
        """Whether only the channel's limit prevents it."""
        return self.has.allows(self.needs)


@dataclass(eq=False)
class RoleLost(UserError):
    """A job was stopped, because the person who started it has lost their role on the account."""

    number: str
    needs: Role
    admins: Sequence[str]
    """As in LacksRole."""


class GroupUnknown(UserError):
    """A role may come from a user group, whose members Slack does not list at the moment."""


class AskFirst(UserError):
    """A second person has to approve it."""


class ConfirmFirst(UserError):
    """It has to be confirmed on a page of the bot."""


class HereIsPrivate(UserError):
    """`here` was used where there is no channel."""


@dataclass(eq=False)
class NoSuchChannel(UserError):
    """The word is no channel."""

    word: str
