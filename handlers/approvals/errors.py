"""Errors about requests for approval, with their words."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.core.authorization_errors import OnRecord
from handlers.core.errors import UserError
from handlers.ui.blocks import code, typed
from handlers.ui.error_words import words
from storage import AccountKey


@dataclass(eq=False)
class NoSuchRequest(UserError):
    """No request for approval by that id that this person could see."""

    word: str


@words.register
def _(error: NoSuchRequest) -> str:
    return f"No request {typed(error.word)} for you to decide. See `/images requests`."


@dataclass(eq=False)
class OwnRequest(OnRecord):
    """The person made this request, so they cannot decide it."""

    approval_id: str
    key: AccountKey | None = None

    @property
    def on_record(self) -> str:
        return f"{self.approval_id} is their own request"


@words.register
def _(error: OwnRequest) -> str:
    return (
        f"Request {code(error.approval_id)} is yours, so someone else has to decide. To withdraw "
        "it: `/images requests`."
    )


@dataclass(eq=False)
class AlreadyDecided(UserError):
    """The request has ended, or this person has voted on it already."""

    approval_id: str
    state: str
    voted: bool = field(kw_only=True)


@words.register
def _(error: AlreadyDecided) -> str:
    return (
        f"You have already voted on {code(error.approval_id)}, and your first vote counts. Others "
        "still have to decide."
        if error.voted
        else f"Request {code(error.approval_id)} is no longer pending: it is {error.state}. "
        "Nothing was changed. See `/images requests`."
    )


@dataclass(eq=False)
class NeedsReason(UserError):
    """The account's policy requires a reason."""

    verb: str
    approval_id: str


@words.register
def _(error: NeedsReason) -> str:
    return (
        f"This account requires a reason: `/images {error.verb} {error.approval_id} because "
        '"it is for the release"`. Nothing was decided.'
    )
