"""
What people may not do through the bot, though the cloud might let them.

Their words are in views/denials.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.errors import UserError
from storage.roles import Role


class Stranger(UserError):
    """The person belongs to another workspace, and meets the bot in a shared channel."""


class Lacking(UserError):
    """The person's role on the account, or the channel they speak in, does not allow it."""

    def __init__(
        self, number: str, has: Role, needs: Role, ask: Sequence[str], ceiling: Role = Role.ADMIN
    ) -> None:
        super().__init__(f"{has} of {number}, needs {needs}")
        self.number, self.has, self.needs, self.ceiling = number, has, needs, ceiling
        self.ask = tuple(ask)
        """Slack's ids of those who may change that, the first to be asked first."""

    @property
    def by_channel(self) -> bool:
        """Whether it is only the channel that is in the way."""
        return self.has.allows(self.needs)


class LentAccount(UserError):
    """An account that is lent to the person, of which only who linked it may dispose."""

    def __init__(self, number: str, owner: str) -> None:
        super().__init__(number)
        self.number, self.owner = number, owner
