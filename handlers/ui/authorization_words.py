"""Words for what people may not do through the bot."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core import authorization_errors as errors
from handlers.core import operations
from handlers.ui import facts_shown
from handlers.ui.blocks import code, listed, typed
from handlers.ui.error_words import words
from storage import Role

MAX_DIFFERENCES = 5
"""Differences named one by one."""


@words.register
def _(_: errors.OutsideWorkspace) -> str:
    return (
        "You are a guest from another workspace, and I only work for members of this one. "
        "Ask someone here to do it, or add this bot to your own workspace. Nothing was done."
    )


@words.register
def _(error: errors.LacksRole) -> str:
    return _by_channel(error) if error.by_channel else _by_role(error)


@words.register
def _(error: errors.RoleLost) -> str:
    return (
        f"You no longer have the role *{error.needs}* on account {code(error.number)}, so this "
        f"was stopped. {_ask_admin(error.admins)}"
    )


@words.register
def _(_: errors.GroupUnknown) -> str:
    return (
        "I can't check your role: Slack is not listing the members of a user group that has a "
        "role on this account. Try again in a minute."
    )


@words.register
def _(_: errors.AskFirst) -> str:
    return (
        "Something changed after this was approved, so nothing was done. Check it, then ask again."
    )


@words.register
def _(_: errors.ConfirmFirst) -> str:
    return (
        "Something changed after you confirmed this, so nothing was done. Check it, then repeat "
        "the command."
    )


@words.register
def _(error: operations.ChangedSince) -> str:
    found = [facts_shown.difference(each) for each in error.differences[:MAX_DIFFERENCES]]
    left = len(error.differences) - MAX_DIFFERENCES
    more = [f"{left} more"] if left > 0 else []
    return (
        f"Nothing was done, because something changed: {listed([*found, *more])}. Check it, then "
        "ask again."
    )


@words.register
def _(error: errors.NoSuchChannel) -> str:
    return (
        f"{typed(error.word)} is not a channel. Type `#` and pick one that Slack suggests, or use "
        "`here`."
    )


@words.register
def _(_: errors.HereIsPrivate) -> str:
    return (
        "`here` only works in a channel, and this is a direct message. Repeat the command in the "
        "channel, or name it, as in `#ops`."
    )


def _by_channel(error: errors.LacksRole) -> str:
    most = "cannot be used" if error.ceiling == Role.NONE else f"is limited to *{error.ceiling}*"
    return (
        f"Account {code(error.number)} {most} in this channel. Send me the command in a direct "
        f"message{_or_ask_admin(error.admins)}. Nothing was done."
    )


def _by_role(error: errors.LacksRole) -> str:
    return (
        f"You need the role *{error.needs}* on account {code(error.number)}; "
        f"{_current_role(error.has)}. {_ask_admin(error.admins)} Nothing was done."
    )


def _current_role(role: Role) -> str:
    return "you have none" if role == Role.NONE else f"you are *{role}*"


def _ask_admin(whom: Sequence[str]) -> str:
    if not whom:
        return "Ask the people who run this bot."
    return f"Ask <@{whom[0]}>, who can give it to you."


def _or_ask_admin(whom: Sequence[str]) -> str:
    return f", or ask <@{whom[0]}> to raise the channel's limit" if whom else ""
