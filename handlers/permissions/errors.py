"""Errors about roles, limits and policies that a person can correct, with their words."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.core.authorization_errors import OnRecord
from handlers.core.errors import UserError
from handlers.ui.blocks import listed, named, typed
from handlers.ui.error_words import words
from storage import AccountKey, Role


@dataclass(eq=False)
class NoSuchSubject(UserError):
    """A role is given to a person, a user group or a channel, and the word names neither."""

    word: str


@words.register
def _(error: NoSuchSubject) -> str:
    return (
        f"{typed(error.word)} is not a person, user group or channel. Mention one, as in "
        "`/images allow @ann operator`, and pick it from Slack's suggestions."
    )


@dataclass(eq=False)
class NoSuchRole(UserError):
    """The word is no role."""

    word: str


@words.register
def _(error: NoSuchRole) -> str:
    roles = listed([f"`{role}`" for role in Role], "or")
    return f"{typed(error.word)} is not a role. Use {roles}."


@dataclass(eq=False)
class OpenSubject(OnRecord):
    """A role that decides over others, for a channel or a user group, which people may join."""

    role: Role
    key: AccountKey | None = None

    @property
    def on_record(self) -> str:
        return f"{self.role} is for people only"


@words.register
def _(error: OpenSubject) -> str:
    return (
        f"Only people can be *{error.role}*, because anyone can join a channel or a user group. "
        "Mention each person. Nothing was changed."
    )


@dataclass(eq=False)
class OwnerStays(OnRecord):
    """The person who linked an account first stays its admin until they unlink it."""

    user_id: str
    key: AccountKey | None = None

    @property
    def on_record(self) -> str:
        return f"{self.user_id} stays admin"


@words.register
def _(error: OwnerStays) -> str:
    return (
        f"<@{error.user_id}> linked this account first, and stays admin until they unlink it. "
        "Nothing was changed."
    )


@dataclass(eq=False)
class BadRule(UserError):
    """No such rule, or none that fits what it is for."""

    what: str
    word: str
    allowed: str


@words.register
def _(error: BadRule) -> str:
    return (
        f"{named(error.what)} cannot be {typed(error.word) if error.word else 'empty'}. "
        f"Use {error.allowed}."
    )
