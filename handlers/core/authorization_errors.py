"""
What people may not do through the bot, though the cloud might let them.

Their words are in views/denials.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.errors import UserError
from storage.access.roles import Role


class OutsideWorkspace(UserError):
    """The person belongs to another workspace, and meets the bot in a shared channel."""


class LacksRole(UserError):
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


class RoleLost(UserError):
    """What somebody has begun goes on no further: they lost their role on the account meanwhile."""

    def __init__(self, number: str, needs: Role, ask: Sequence[str]) -> None:
        super().__init__(f"no {needs} of {number} any more")
        self.number, self.needs = number, needs
        self.ask = tuple(ask)
        """As of LacksRole."""


class GroupUnknown(UserError):
    """Somebody may have their role by a user group, and Slack does not tell now who is in it."""


class LentAccount(UserError):
    """An account that is lent to the person, of which only who linked it may dispose."""

    def __init__(self, number: str, owner: str) -> None:
        super().__init__(number)
        self.number, self.owner = number, owner


class AskFirst(UserError):
    """A second person has to approve it."""


class ConfirmFirst(UserError):
    """It has to be confirmed on a page of the bot."""


class NoSuchRequest(UserError):
    """No request for approval by that id that this person could see."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class OwnRequest(UserError):
    """Nobody approves what they asked for themself."""

    def __init__(self, approval_id: str) -> None:
        super().__init__(approval_id)
        self.approval_id = approval_id


class AlreadyDecided(UserError):
    """The request has ended, or this person has voted on it already."""

    def __init__(self, approval_id: str, state: str, *, voted: bool) -> None:
        super().__init__(approval_id)
        self.approval_id, self.state, self.voted = approval_id, state, voted


class NeedsReason(UserError):
    """The account wants to know why."""

    def __init__(self, verb: str, approval_id: str) -> None:
        super().__init__(approval_id)
        self.verb, self.approval_id = verb, approval_id


class NoSuchSubject(UserError):
    """A role is given to a person, a user group or a channel, and the word is none of them."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NoSuchChannel(UserError):
    """The word is no channel."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NoSuchRole(UserError):
    """The word is no role."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class OwnerStays(UserError):
    """Who linked an account first is its admin, whatever the others say."""

    def __init__(self, user_id: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id


class BadRule(UserError):
    """No such rule, or none that fits what it is for."""

    def __init__(self, what: str, word: str, allowed: str) -> None:
        super().__init__(f"{what} {word}")
        self.what, self.word, self.allowed = what, word, allowed
