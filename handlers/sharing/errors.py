"""Errors in sharing, with their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cloud.models import Image
from handlers.core.errors import UserError
from handlers.core.replies import Block
from handlers.sharing.views.expiry import share_again_command
from handlers.ui.blocks import buttons, code, named, typed
from handlers.ui.error_words import blocks_below, words
from handlers.ui.image_buttons import make_shared_button


@dataclass(eq=False)
class BadSpan(UserError):
    """The word is no time for which something can be shared."""

    word: str


@words.register
def _(error: BadSpan) -> str:
    return (
        f"{typed(error.word)} is not a valid duration. Use whole hours, days or weeks, from "
        "`1h` to `365d`: `for 12h`, `for 7d`, `for 2w`. Nothing was changed."
    )


@dataclass(eq=False)
class ShareOver(UserError):
    """There is nothing to extend: the share has expired, or was ended by hand."""

    name: str
    image_id: str
    number: str
    span: timedelta | None
    """The span is that of the share, if it is still known."""


@words.register
def _(error: ShareOver) -> str:
    return (
        f"The share of {named(error.name)} with account {code(error.number)} has expired or was "
        "ended, so it can't be extended. To share it again: "
        f"{share_again_command(error.image_id, error.number, error.span)}"
    )


@dataclass(eq=False)
class NoEnd(UserError):
    """There is nothing to extend: the share lasts until somebody ends it."""

    name: str
    number: str


@words.register
def _(error: NoEnd) -> str:
    return (
        f"The share of {named(error.name)} with account {code(error.number)} does not expire, so "
        "there is nothing to extend. Nothing was changed."
    )


@dataclass(eq=False)
class TooLongWhy(UserError):
    """More characters than a reason may have."""

    most: int


@words.register
def _(error: TooLongWhy) -> str:
    return f"A reason can have up to {error.most} characters. Shorten it."


@dataclass(eq=False)
class NotShareable(UserError):
    """
    The image's visibility allows no members.

    On today's Glance only `shared` does; on Rackspace `private` images may be shared.
    """

    account_id: str
    image: Image


@words.register
def _(error: NotShareable) -> str:
    return (
        f"{named(error.image.name or error.image.id)} is {error.image.visibility}, and this cloud "
        f"shares only images whose visibility is `shared`. Change it first: "
        f"`/images update {error.image.id} visibility=shared`."
    )


@blocks_below.register
def _(error: NotShareable) -> tuple[Block, ...]:
    return (buttons(make_shared_button(error.image, error.account_id)),)


class MembersAsleep(NotShareable):
    """Whether an account is a member cannot be told, and changed, until the image is shared."""


@words.register
def _(error: MembersAsleep) -> str:
    name = named(error.image.name or error.image.id)
    return (
        f"{name} is {error.image.visibility}: the cloud keeps its members, but shows and changes "
        "them only while the image is `shared`. They can then boot it again. Nothing was changed."
    )


@dataclass(eq=False)
class ShareWithSelf(UserError):
    """The account to share with is the image's owner."""

    number: str


@words.register
def _(error: ShareWithSelf) -> str:
    return (
        f"Account {code(error.number)} owns the image, so it needs no invitation. "
        "Use the number of another account."
    )


@dataclass(eq=False)
class TooManyAccounts(UserError):
    """More accounts than one command may share with."""

    most: int


@words.register
def _(error: TooManyAccounts) -> str:
    return f"Share with up to {error.most} accounts at a time."


@dataclass(eq=False)
class NotShared(UserError):
    """The image is not shared with that account."""

    name: str
    image_id: str
    number: str


@words.register
def _(error: NotShared) -> str:
    return (
        f"{named(error.name)} is not shared with account {code(error.number)}. Nothing was "
        f"changed. To see its members: `/images members {error.image_id}`"
    )
